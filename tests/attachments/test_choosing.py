"""Files that wait go as was chosen; the first pages of a PDF are made and kept."""

import uuid

import pypdfium2
import pytest

from chatsite.accounts.models import Limit, User
from conversations.attachments import choosing, queries, removal, storage, uploads
from conversations.attachments.alternatives import Choice
from conversations.attachments.chat_parts import count_file_tokens
from conversations.attachments.errors import FileRefusedError, FileTooLargeError
from conversations.attachments.models import Attachment, RemovedContent
from conversations.attachments.tokens import estimate_pdf_tokens
from conversations.models import Conversation
from tests.attachments.factories import list_kept, make_image, make_sent_file, make_text_file
from tests.attachments.pdf_files import pdf, text_page

pytestmark = pytest.mark.django_db

WORDS = ("One", "Two", "Three", "Four")
FOUR_PAGES = pdf([text_page(word) for word in WORDS])


@pytest.fixture
def report(alice: User) -> Attachment:
    return upload(alice)


def upload(owner: User, name: str = "report.pdf") -> Attachment:
    return uploads.take_whole_file(owner=owner, name=name, pieces=[FOUR_PAGES], draft="new")


def choose(owner: User, file: Attachment, sent_as: str, pages: int | None = None) -> Attachment:
    choosing.choose(owner=owner, choice=Choice(sent_as, (file.pk,), pages))
    return Attachment.objects.get(pk=file.pk)


def read_output(file: Attachment, name: str) -> bytes:
    with storage.open_content(file.content_key, name) as output:
        return bytes(output.read())


def test_the_first_pages_are_kept_beside_the_whole_file(alice: User, report: Attachment) -> None:
    file = choose(alice, report, "pages", 2)
    assert (file.sent_as, file.sent_pages, file.pages) == ("pages", 2, 4)
    part = read_output(file, "first-2")
    assert len(pypdfium2.PdfDocument(part)) == 2
    assert file.outputs["first-2"] == ["application/pdf", len(part)]
    assert file.stored_size == report.stored_size + len(part)
    assert read_output(file, "original") == FOUR_PAGES


def test_first_pages_count_their_own_text_and_pictures(alice: User, report: Attachment) -> None:
    file = choose(alice, report, "pages", 2)
    assert 0 < count_file_tokens(file) - estimate_pdf_tokens("One\fTwo", 2) < 50


def test_all_files_of_the_same_content_have_what_was_made(alice: User, report: Attachment) -> None:
    again = upload(alice, "again.pdf")
    choose(alice, report, "pages", 1)
    choose(alice, again, "pages", 2)
    rows = Attachment.objects.order_by("created_at")
    assert [sorted(set(row.outputs) & {"first-1", "first-2"}) for row in rows] == [
        ["first-1", "first-2"]
    ] * 2
    assert [row.sent_pages for row in rows] == [1, 2]
    assert queries.sum_sizes(alice) == rows[0].stored_size == rows[1].stored_size


def test_what_is_attached_anew_goes_whole(alice: User, report: Attachment) -> None:
    choose(alice, report, "pages", 2)
    again = upload(alice)
    assert (again.sent_as, again.sent_pages, again.tokens) == ("whole", None, report.tokens)


def test_what_was_made_goes_with_the_last_file(alice: User, report: Attachment) -> None:
    choose(alice, report, "pages", 2)
    uploads.discard_upload(owner=alice, file_id=report.pk)
    removal.remove_contents()
    assert list_kept() == []


def test_what_was_made_counts_in_what_a_user_keeps(alice: User) -> None:
    heavy = pdf([text_page("x" * 300_000), text_page("y")])
    file = uploads.take_whole_file(owner=alice, name="a.pdf", pieces=[heavy], draft="new")
    Limit.objects.create(user=alice, stored_megabytes=1)
    fill_up(alice, 1024**2 - queries.sum_sizes(alice) - 100)
    with pytest.raises(FileTooLargeError, match="that you may keep"):
        choose(alice, file, "pages", 1)
    assert Attachment.objects.get(pk=file.pk).sent_as == "whole"


def fill_up(owner: User, size: int) -> None:
    make_text_file(owner, "Milk", stored_size=size)


def test_a_file_whose_bytes_are_gone_says_so(
    alice: User, report: Attachment, caplog: pytest.LogCaptureFixture
) -> None:
    storage.remove_content(report.content_key)
    with pytest.raises(FileRefusedError, match="is no longer there"):
        choose(alice, report, "pages", 2)
    assert "can't be read" in caplog.text


def test_bytes_that_were_made_for_a_file_that_has_gone_are_removed(
    alice: User, report: Attachment
) -> None:
    Attachment.objects.filter(pk=report.pk).delete()
    removal.remove_contents()
    storage.write_content(report.content_key, {"original": FOUR_PAGES})
    choosing.keep_first_pages(alice, report, 2)
    assert RemovedContent.objects.filter(content_key=report.content_key).exists()
    removal.remove_contents()
    assert list_kept() == []


@pytest.mark.parametrize(
    ("sent_as", "pages"), [("pages", 4), ("pages", 9), ("pages", None), ("text", 2), ("low", None)]
)
def test_what_a_pdf_cannot_be_leaves_it_whole(
    alice: User, report: Attachment, sent_as: str, pages: int | None
) -> None:
    assert choose(alice, report, sent_as, pages).sent_as == "whole"


def test_a_pdf_goes_as_its_text(alice: User, report: Attachment) -> None:
    file = choose(alice, choose(alice, report, "pages", 2), "text")
    assert (file.sent_as, file.sent_pages, file.sent_pages_tokens) == ("text", None, None)


def test_a_picture_goes_in_low_detail(alice: User) -> None:
    file = make_image(alice, width=2000, height=1500, tokens=2400)
    assert choose(alice, file, "low").sent_as == "low"
    assert choose(alice, make_image(alice, name="tiny.png"), "low").sent_as == "whole"


def test_others_choose_nothing(alice: User, bob: User, report: Attachment) -> None:
    assert choose(bob, report, "text").sent_as == "whole"


def test_what_was_sent_stays_as_it_was_sent(
    alice: User, report: Attachment, conversation: Conversation
) -> None:
    make_sent_file(conversation.messages.earliest("pk"), report)
    assert choose(alice, report, "text").sent_as == "whole"


def test_what_is_not_there_is_passed_over(alice: User) -> None:
    choosing.choose(owner=alice, choice=Choice("text", (uuid.uuid4(),)))
