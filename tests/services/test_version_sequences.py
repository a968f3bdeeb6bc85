"""Whatever is done to a conversation, in whatever order, nothing is lost but what was deleted."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatsite.accounts.models import User
from conversations import tree
from conversations.models import Conversation, Message
from conversations.services import deletion, history
from tests.factories import make_conversation, owner_of
from tests.services.test_versions import edit, edit_reply, finish, show
from tests.services.writing import continue_reply, regenerate, send

# Nothing is committed in these tests, so no reply is handed to generation.
pytestmark = pytest.mark.django_db

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["send", "edit", "regenerate", "edit reply", "switch", "continue", "delete", "undo"]
        ),
        st.integers(0, 30),
    ),
    max_size=14,
)


class Expected:
    """What there is to be, by what was done."""

    def __init__(self, talk: Conversation) -> None:
        self.talk = talk
        self.texts = read_texts(talk)
        # What each deletion has taken, by what undoes it.
        self.deleted: dict[Conversation, dict[int, str]] = {}

    def take(self, step: str, chosen: Message, number: int) -> None:
        match step:
            case "send":
                send(self.talk, f"Message {number}", token=str(number))
            case "edit" if chosen.is_user:
                edit(chosen, f"Edit {number}", token=str(number))
            case "regenerate" if not chosen.is_user:
                regenerate(chosen, token=str(number))
            case "edit reply" if not chosen.is_user:
                edit_reply(chosen, f"Edited {number}", token=str(number))
            case "switch":
                assert chosen.text in show(chosen)
            case "continue" if not chosen.is_user and not chosen.is_edited:
                self.write_on(chosen)
            case "delete":
                self.delete_from(chosen)
            case "undo" if self.deleted:
                self.undo()

    def write_on(self, chosen: Message) -> None:
        """Only the last of the shown branch is written on."""
        show(chosen)
        self.talk.refresh_from_db()
        if self.talk.leaf_id == chosen.pk:
            Message.objects.filter(pk=chosen.pk).update(status=Message.Status.STOPPED)
            continue_reply(chosen)
            finish(chosen, chosen.text + "+")
            self.texts[chosen.pk] = chosen.text + "+"

    def delete_from(self, chosen: Message) -> None:
        part = deletion.delete_from_message(
            owner=owner_of(self.talk), conversation_id=self.talk.pk, message_id=chosen.pk
        )
        if part == self.talk:
            deletion.restore_conversation(owner=owner_of(part), conversation_id=part.pk)
        else:
            self.deleted[part] = read_texts(part)
            self.texts = {pk: self.texts[pk] for pk in self.texts if pk not in self.deleted[part]}

    def undo(self) -> None:
        """What was deleted above it later comes back as well."""
        part = next(iter(self.deleted))
        deletion.restore_conversation(owner=owner_of(part), conversation_id=part.pk)
        for other in list(self.deleted):
            if not Conversation.objects.filter(pk=other.pk).exists():
                self.texts |= self.deleted.pop(other)


def read_texts(conversation: Conversation) -> dict[int, str]:
    return dict(conversation.messages.values_list("pk", "text"))


@given(STEPS)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_message_is_lost_roles_alternate_and_the_leaf_is_a_leaf(
    alice: User, steps: list[tuple[str, int]]
) -> None:
    talk = make_conversation(alice, "One", "First")
    expected = Expected(talk)
    for number, (step, choice) in enumerate(steps):
        everything = list(talk.messages.order_by("pk"))
        expected.take(step, everything[choice % len(everything)], number)
        talk.refresh_from_db()
        for running in talk.messages.filter(status__in=Message.RUNNING):
            finish(running, f"Reply {number}")
        now = read_texts(talk)
        assert expected.texts.items() <= now.items()
        assert not any(taken.keys() & now.keys() for taken in expected.deleted.values())
        expected.texts = now
        check_shown_branch(talk)


def check_shown_branch(talk: Conversation) -> None:
    branch = list(tree.list_branch(talk, talk.leaf_id))
    assert not talk.messages.filter(parent=talk.leaf).exists()
    assert {each.conversation_id for each in branch} == {talk.pk}
    assert branch[0].is_user
    # A reply that was deleted leaves its message behind, and two of a user are sent as one.
    assert not any(not a.is_user and not b.is_user for a, b in pairwise(branch))
    sent = history.replay(branch, system_prompt="", budget=10**6).messages
    assert [each["role"] for each in sent] == [
        ("user", "assistant")[n % 2] for n in range(len(sent))
    ]
    assert tree.find_path_through(talk, branch[0].pk) == [each.pk for each in branch]
