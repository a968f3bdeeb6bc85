"""Fills a site of the usual users with what has a look of its own, for tests that look at every
page; run by `manage.py shell`. Writes as JSON the cookies of those who look, the values that the
addresses of the access table need, and pages that can't be opened by an address.
"""

import json
import sys
from datetime import timedelta
from decimal import Decimal

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser, Group
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from chatsite.accounts.models import Limit, SitePolicy, UsageDay, User
from chatsite.accounts.sign_up.forms import SetUpForm
from conversations.folders import Folder
from conversations.models import Conversation, Feedback, Message
from conversations.outbox import worker
from conversations.prompt_library.models import SavedPrompt
from conversations.review.models import (
    Flag,
    Hold,
    Judgement,
    Label,
    Labelling,
    Note,
    ReviewPolicy,
    Rule,
    Verdict,
)
from tests.accounts.second_factor.factors import add_app, add_codes
from tests.attachments.factories import make_image, make_sent_file, make_text_file
from tests.e2e.people import make_session
from tests.factories import make_assistant

REPLY = """# A heading

Some **bold** words, `code`, ~~old~~ and [a link](https://example.org/).

## Below it

```python
# A comment
@decorator
class Name(Base):
    def method(self, number: int = 1) -> str:
        return f"text {number}" or None
```

| Left | Right |
|:---|---:|
| one | 1 |

- [x] done
- [ ] to do

> A quote[^1]

$$\\sum_{n=0}^\\infty x_n$$

<details><summary>More</summary>Folded away.</details>

[^1]: A footnote.
"""
# What no address leads to, or only at a bad time.
TEMPLATES = (
    *("400.html", "403.html", "403_csrf.html", "404.html", "409.html", "429.html", "500.html"),
    *(
        "503.html",
        "signed_out.html",
        "accounts/invitations/gone.html",
        "accounts/erasure/deleted.html",
    ),
    *(
        "accounts/invitations/signed_in.html",
        "accounts/sign_in/passwords_off.html",
        "accounts/sign_up/set_up.html",
    ),
    *("account/verification_sent.html", "account/email_confirm.html"),
    *("socialaccount/problem.html", "socialaccount/refused.html"),
    *("account/password_reset.html", "account/password_reset_done.html"),
)

alice, ada = (User.objects.get(username=name) for name in ("alice", "ada"))
talk = Conversation.objects.create(owner=alice, title="Everything at once", model="test-model")


def say(role: str, text: str, **fields: object) -> Message:
    now = timezone.now()
    talk.leaf = Message.objects.create(
        conversation=talk,
        parent=talk.leaf,
        role=role,
        text=text,
        model="test-model" if role == "assistant" else "",
        started_at=now,
        finished_at=now + timedelta(seconds=3),
        **fields,
    )
    return talk.leaf


question = say("user", "Show me everything")
picture = make_sent_file(question, make_image(alice))
make_sent_file(question, make_text_file(alice))
unsent = make_text_file(alice, "To be sent")
complete = say(
    "assistant",
    REPLY,
    prompt_tokens=10,
    completion_tokens=200,
    cost_usd=Decimal("0.0123"),
    finish_reason="length",
)
for status in ("stopped", "interrupted"):
    say("user", "Go on")
    say("assistant", "It began", status=status)
say("user", "اكتب شيئا")
say("assistant", "", status="failed", error_code="throttled")
talk.save()
Conversation.objects.bulk_create(
    Conversation(owner=alice, title=f"Talk {number}", model="test-model") for number in range(60)
)
Feedback.objects.create(conversation=talk, message=complete, rating="down", reason="wrong")
worker.process_outbox()
verdict = Verdict.objects.first()
rule = Rule.objects.create(name="Weapons", kind="words", text="bomb")
Labelling.objects.create(conversation=talk, label=Label.objects.create(name="Unclear"))
Note.objects.create(conversation=talk, message=complete, text="Look at this.", author=ada)
Flag.objects.create(conversation=talk, message=complete, rule=rule)
Judgement.objects.create(conversation=talk, verdict=verdict, is_reviewed=True, reviewer=ada)
Hold.objects.create(conversation=talk, reason="A claim", placed_by=ada, owner_username="alice")
Limit.objects.create(tokens_per_day=1000, usd_per_month=10)
UsageDay.objects.create(
    user=alice, day=timezone.localdate(), messages=5, prompt_tokens=900, completion_tokens=60
)
ReviewPolicy(pk=1, tells_users=True).save()
SitePolicy(pk=1, sign_up="open", privacy_notice="Administrators may read conversations.").save()
folder = Folder.objects.create(owner=alice, name="Work", folded_name="work")
prompt = SavedPrompt.objects.create(owner=alice, name="letter", text="To {{name | text:required}}")
group = Group.objects.create(name="Law")
shared = SavedPrompt.objects.create(name="style", text="On {{day | date}}")
shared.groups.add(group)
alice.groups.add(group)
assistant = make_assistant(
    alice,
    emoji="🦊",
    description="Sly, and kind to hens.",
    instructions="Be sly, {{name}}.",
    parameters={"temperature": 0.3},
    starters="Hunt | Where are the hens?",
)
# A newer version is offered.
talk.assistant, talk.assistant_version = assistant, assistant.latest
talk.save()
assistant.latest = assistant.versions.create(number=2, name="Fox", emoji="🦊", starters="Where?")
assistant.save()
add_app(ada)
add_codes(ada)
other = UserSession.objects.create(user=alice, ip="192.0.2.1", session_key="of another browser")


def page_of(template: str) -> str:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    context = {
        "sentence": "It was used before.",
        "text": "What was typed",
        "address": "/",
        "form": SetUpForm({}),
        "identity": "alice@example.com",
        "vouched": True,
    }
    return render_to_string(template, context, request)


json.dump(
    {
        "cookies": {
            "alice": make_session("alice"),
            "ada": make_session("ada", reauthenticated=True),
        },
        "values": {
            "c": str(talk.pk),
            "m": talk.leaf_id,
            "u": alice.pk,
            "s": other.pk,
            "r": rule.pk,
            "f": str(folder.pk),
            "a": str(picture.pk),
            "w": str(unsent.pk),
            "p": prompt.pk,
            "ps": shared.pk,
            "i": str(assistant.pk),
            "g": Group.objects.get(name="user").pk,
        },
        "pages": {template: page_of(template) for template in TEMPLATES},
    },
    sys.stdout,
)
