"""What pages show of a message: all that `templates/conversations/_message.html` is given, wherever
it is rendered: a page, what htmx swaps in, the end of a stream, a transcript of review.

The model knows its fields alone; safe HTML, and what is said under a reply, are made here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from unicodedata import east_asian_width

from django.utils.safestring import SafeString, mark_safe

from conversations import rendering
from conversations.attachments.queries import load_files
from conversations.content import to_markdown
from conversations.model_catalog.catalog import find_model
from conversations.models import Attachment, Feedback, Message
from conversations.parameters.wording import describe_for_reply
from conversations.status_messages import StatusMessage, find_status_message
from conversations.tree import Siblings, find_running_version, find_siblings

# As static/css/conversation.css folds it; about as many characters stand in a line, or half as
# many of the wide ones of Chinese, Japanese and Korean.
FOLDED_LINES = 12
LINE_LENGTH = 72


@dataclass(frozen=True)
class FeedbackForm:
    """How the form for feedback stands: what was given is the message's."""

    is_open: bool = False
    # Whether the focus goes to where it was folded up.
    is_answered: bool = False
    error: str = ""


@dataclass(frozen=True)
class EditForm:
    """The form in which a message is edited: what it holds, and why it was refused."""

    text: str
    error: str = ""


@dataclass(frozen=True)
class MessageView:
    """A message as somebody sees it; who may only look has nothing to stop, change or rate."""

    message: Message
    is_read_only: bool = False
    # Where it stands among its versions, if it has any.
    siblings: Siblings | None = None
    # Whether a reply is being written below another version of it.
    is_running_beside: bool = False
    # Which of two replies that are compared it is: "first", "second", or neither.
    compared_as: str = ""
    feedback_form: FeedbackForm = FeedbackForm()
    edit_form: EditForm | None = None
    # Who sees files finds them at addresses of their own.
    files_template: str = "conversations/_files.html"

    @property
    def pk(self) -> int:
        return self.message.pk

    @cached_property
    def html(self) -> SafeString:
        """The reply's safe HTML: the cached one, unless an older renderer made it."""
        message = self.message
        if message.html_version == rendering.VERSION:
            return mark_safe(message.html)  # noqa: S308 - sanitised before it was saved
        text = to_markdown(message.text, is_json=message.is_json)
        return rendering.render(text, prefix=f"m{message.pk}", earlier=message.html)

    @cached_property
    def status_message(self) -> StatusMessage | None:
        """What to say under a reply that didn't end well."""
        return find_status_message(self.message)

    @property
    def files(self) -> Sequence[Attachment]:
        """What was sent with it: read for all messages of a page at once."""
        return list(self.message.attachments.all()) if self.message.file_count else ()

    @property
    def is_followed(self) -> bool:
        """Whether the page opens a stream for what is still to come."""
        return self.message.is_running and not self.is_read_only

    @property
    def can_retry(self) -> bool:
        said = self.status_message
        return bool(said and said.can_retry) and not (self.is_read_only or self.compared_as)

    @property
    def can_continue(self) -> bool:
        """Whether its text may grow on, if nothing follows it: pages show that of their last."""
        said = self.status_message
        return bool(said and said.can_continue) and not (
            self.is_read_only or self.compared_as or self.message.is_edited
        )

    @property
    def is_long(self) -> bool:
        """Whether it is folded: a message of the reader's own, of more lines than most."""
        return (
            self.message.is_user and not self.is_read_only and takes_many_lines(self.message.text)
        )

    @property
    def can_change(self) -> bool:
        """Whether another version can be made of it; of two replies one is picked first."""
        return not (self.message.is_running or self.is_read_only or self.compared_as)

    @property
    def compared_with(self) -> str:
        """What it was made with, as it is said above one of two replies that are compared."""
        message = self.message
        label = find_model(message.requested_model or message.model).label
        return " · ".join([label, *describe_for_reply(message.parameters)])

    @property
    def form_token(self) -> str:
        """What tells its forms from later ones: the same until there is another version, so that
        two tabs that ask for one get one.
        """
        return str(self.siblings.latest if self.siblings else self.pk)

    @property
    def takes_feedback(self) -> bool:
        return self.message.takes_feedback and not self.is_read_only

    @property
    def feedback(self) -> Feedback | None:
        return self.message.given_feedback


def takes_many_lines(text: str) -> bool:
    """Whether a text takes about more lines than `FOLDED_LINES`; looks at no more than it must."""
    if len(text) > FOLDED_LINES * LINE_LENGTH:
        return True
    lines = text.split("\n")
    return sum(1 + measure_width(line) // LINE_LENGTH for line in lines) > FOLDED_LINES


def measure_width(line: str) -> int:
    """Return how many narrow characters would take as much room."""
    if line.isascii():
        return len(line)
    return len(line) + sum(east_asian_width(character) in "WF" for character in line)


def present_messages(
    messages: Sequence[Message],
    *,
    feedback_forms: Mapping[int, FeedbackForm] = MappingProxyType({}),
    edit_forms: Mapping[int, EditForm] = MappingProxyType({}),
    compared: int | None = None,
    is_read_only: bool = False,
) -> list[MessageView]:
    """Return messages of one branch as they are seen, with the forms that are open by id; a query
    for their versions, and another where there are any. `compared`: the message whose replies are.
    """
    load_files(messages)
    siblings = find_siblings(messages)
    running = find_running_version(messages) if siblings else None
    return [
        MessageView(
            message,
            is_read_only=is_read_only,
            siblings=siblings.get(message.pk),
            is_running_beside=message.pk == running,
            compared_as="" if is_read_only else name_place(message, compared),
            feedback_form=feedback_forms.get(message.pk, FeedbackForm()),
            edit_form=edit_forms.get(message.pk),
        )
        for message in messages
    ]


def name_place(message: Message, compared: int | None) -> str:
    if compared is None or message.parent_id != compared:
        return ""
    if message.slot is not None:
        return "second"
    return "first"


def present_message(message: Message, feedback_form: FeedbackForm = FeedbackForm()) -> MessageView:
    """Return one message as its owner sees it."""
    (view,) = present_messages(
        [message],
        feedback_forms={message.pk: feedback_form},
        compared=message.conversation.compared,
    )
    return view
