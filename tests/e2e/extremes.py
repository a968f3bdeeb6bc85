"""Fills a site with everything at its longest, without a single place to break a line; run by
`manage.py shell`. Writes the addresses of the reader's and the owner's pages, by username, as JSON.
"""

import json
import sys
from datetime import timedelta

from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from chatsite.accounts.models import Invitation, Limit, SitePolicy, User
from conversations.models import Conversation, Feedback, Message
from conversations.outbox import worker
from conversations.review.models import (
    AccessEntry,
    Export,
    Flag,
    Hold,
    Judgement,
    Label,
    Labelling,
    Note,
    RetentionRule,
    Review,
    ReviewPolicy,
    Rule,
    SavedFilter,
    Trial,
    Verdict,
)
from tests.e2e.site import PASSWORD

ADDRESS = "https://example.com/" + "path" * 60
REPLY = f"""# {"H" * 60}

{"Donaudampfschifffahrt" * 12} and {ADDRESS} and `{"code_" * 40}`

```python
{"value = value + " * 20}1
```

| {" | ".join(f"column {n}" for n in range(14))} |
|{"---|" * 14}
| {" | ".join("W" * 24 for _ in range(14))} |

- {"item" * 40}

> {"quote" * 40}

$$\\sum_{{n=0}}^\\infty {" + ".join(f"x_{{{n}}}" for n in range(40))}$$
"""


def long(length: int, start: str = "") -> str:
    return start + "W" * (length - len(start))


def make_user(start: str, **fields: object) -> User:
    return User.objects.create_user(
        long(150, start),
        long(60, start) + "@" + ".".join(["W" * 60] * 3),
        PASSWORD,
        name=long(150),
        **fields,
    )


reader = make_user("reader", is_staff=True, is_superuser=True)
owner = make_user("owner")
group = Group.objects.create(name=long(150, "group"))
owner.groups.add(group)
verdict = Verdict.objects.create(
    name=long(40, "verdict"), description=long(200), tone="danger", position=9
)
label = Label.objects.create(name=long(40, "label"))
rule = Rule.objects.create(name=long(80, "rule"), kind="words", text=long(300))
talk = Conversation.objects.create(
    owner=owner,
    title=long(120, "title"),
    system_prompt=long(2000),
    model=long(200, "model"),
    parameters={"stop": [long(100)] * 4},
    is_held=True,
)


def say(role: str, text: str, parent: Message | None, **fields: object) -> Message:
    now = timezone.now()
    return Message.objects.create(
        conversation=talk,
        parent=parent,
        role=role,
        text=text,
        model=long(200, "model") if role == "assistant" else "",
        started_at=now,
        first_token_at=now + timedelta(seconds=1),
        finished_at=now + timedelta(hours=9),
        **fields,
    )


question = say("user", f"{long(400)} {ADDRESS}", None)
usage = {
    "prompt_tokens": 10**9,
    "cached_tokens": 10**9,
    "completion_tokens": 10**9,
    "cost_usd": 999,
}
bad = say("assistant", REPLY, question, finish_reason=long(32), **usage)
for status in ("stopped", "interrupted"):
    say("assistant", long(300), question, status=status)
failed = say("assistant", "", question, status="failed", error_code=long(32))
talk.leaf = say("assistant", REPLY, say("user", long(900), bad), **usage)
talk.save()
Feedback.objects.create(
    message=bad,
    conversation=talk,
    rating="down",
    reason="harmful",
    comment=long(500),
)
worker.process_outbox()
review = Review.objects.get(conversation=talk)
Review.objects.update(assignee=reader, verdict=verdict, state="reviewed", changed_by=reader)
Labelling.objects.create(conversation=talk, label=label)
for message in (None, bad, question):
    Note.objects.create(
        conversation=talk, message=message, text=f"{long(500)} {ADDRESS}", author=reader
    )
Flag.objects.create(conversation=talk, message=bad, rule=rule)
Flag.objects.create(conversation=talk, message=question, rule=rule)
Flag.objects.create(conversation=talk, reviewer=reader)
for is_reviewed in (True, False):
    Judgement.objects.create(
        conversation=talk,
        verdict=verdict if is_reviewed else None,
        is_reviewed=is_reviewed,
        comment=long(900),
        reviewer=reader,
    )
Hold.objects.create(
    conversation=talk,
    reason=long(500),
    placed_by=reader,
    owner_username=owner.username,
    owner_name=owner.name,
    owner_email=owner.email,
)
RetentionRule.objects.create(group=group, days=10**6)
query = f"title={long(120)}&user={owner.pseudonym}&model={long(200, 'model')}&verdict={verdict.pk}"
SavedFilter.objects.create(user=reader, name=long(60), query=query)
for state in ("done", "running", "broken"):
    Export.objects.create(
        format="messages",
        query=query,
        reason=long(500),
        state=state,
        total=10**8,
        written=10**6,
        started_by=reader,
    )
dry_run = Trial.objects.create(
    rule=rule,
    started_by=reader,
    state="done",
    total=10**9,
    scanned=10**9,
    matched=10**9,
    examples=[question.pk, bad.pk],
)
for kind in AccessEntry.Kind:
    AccessEntry.objects.create(
        actor=reader.pseudonym,
        subject=owner.pseudonym,
        kind=kind,
        conversation=talk.pk,
        reason=long(500),
        address="2001:db8:1111:2222:3333:4444:5555:6666",
        terms="f" * 64,
        details={"found": 10**9, "more": True, "model": long(200)},
    )
Limit.objects.create(group=group, usd_per_month=10**6)
Invitation.objects.create(
    email=owner.email, created_by=reader, expires_at=timezone.now() + timedelta(days=7)
)
ReviewPolicy(pk=1, reason="optional", tells_users=True).save()
SitePolicy(pk=1, privacy_notice=f"{long(900)} {ADDRESS}").save()

PAGES = (
    ("index",),
    ("app_list", "review"),
    ("app_list", "accounts"),
    ("review_review_changelist",),
    ("review_review_search",),
    ("review_review_reason",),
    ("review_review_change", talk.pk),
    ("review_review_hold", talk.pk),
    ("review_review_release", talk.pk),
    ("review_accessentry_changelist",),
    ("review_siteday_changelist",),
    ("review_export_changelist",),
    ("review_hold_changelist",),
    ("review_rule_changelist",),
    ("review_rule_add",),
    ("review_rule_change", rule.pk),
    ("review_rule_delete", rule.pk),
    ("review_rule_trial", rule.pk, dry_run.pk),
    ("review_verdict_changelist",),
    ("review_verdict_change", verdict.pk),
    ("review_label_changelist",),
    ("review_label_change", label.pk),
    ("review_label_delete", label.pk),
    ("review_retentionrule_changelist",),
    ("review_retentionrule_add",),
    ("review_reviewpolicy_changelist",),
    ("accounts_user_changelist",),
    ("accounts_user_change", owner.pk),
    ("auth_group_changelist",),
    ("accounts_limit_changelist",),
    ("accounts_usageday_changelist",),
    ("accounts_invitation_changelist",),
    ("accounts_sitepolicy_changelist",),
)
LISTS = (
    ("review_review_changelist", query),
    ("review_review_search", "q=value"),
    ("review_review_search", "q=W&user=nobody"),
    ("review_export_changelist", query),
    ("review_siteday_changelist", "by=user"),
    ("review_siteday_changelist", "by=group"),
)
json.dump(
    {
        reader.username: [
            *(reverse(f"admin:{name}", args=arguments) for name, *arguments in PAGES),
            *(f"{reverse(f'admin:{name}')}?{asked}" for name, asked in LISTS),
        ],
        owner.username: [
            *(reverse(name) for name in ("my_reviews", "account_usage", "account_profile")),
            talk.get_absolute_url(),
        ],
    },
    sys.stdout,
)
