"""Which other ways of sending files are offered where they are too much as they are."""

import uuid
from collections.abc import Sequence

import pytest

from conversations.attachments.alternatives import (
    Choice,
    Room,
    count_fitting_pages,
    list_alternatives,
    read_choice,
    with_choice,
)
from conversations.attachments.chat_parts import count_file_tokens
from conversations.attachments.models import Attachment
from conversations.attachments.tokens import estimate_pdf_tokens

A_LOT = 10**9
PAGE = estimate_pdf_tokens("", 1)
NONSENSE = ["", "text", "pages x", f"faces 1 {uuid.UUID(int=1)}", "text 0 someone", "pages ² x"]


def pdf(pages: int, *, page_text: str = "Some words.", size: int = 1000) -> Attachment:
    text = "\f".join([page_text] * pages)
    return Attachment(
        name="report.pdf",
        kind="pdf",
        pages=pages,
        text=text,
        tokens=estimate_pdf_tokens(text, pages),
        outputs={"original": ["application/pdf", size]},
    )


def picture(tokens: int = 2400, *, small: str = "image/jpeg") -> Attachment:
    outputs = {"view": ["image/jpeg", 900], "small": [small, 90]}
    return Attachment(
        name="cat.jpg", kind="image", width=2000, height=1500, tokens=tokens, outputs=outputs
    )


def offered(
    files: Sequence[Attachment], tokens: int, size: int = A_LOT, *, named: Attachment | None = None
) -> list[str]:
    return [each.label for each in list_alternatives(files, Room(tokens, size), named=named)]


@pytest.mark.parametrize(
    "choice",
    [
        Choice("pages", (uuid.uuid4(),), 12),
        Choice("text", (uuid.uuid4(),)),
        Choice("low", (uuid.uuid4(), uuid.uuid4())),
    ],
)
def test_a_choice_comes_back_from_a_form_as_it_was(choice: Choice) -> None:
    assert read_choice(choice.value) == choice


@pytest.mark.parametrize("value", NONSENSE)
def test_a_form_that_says_nonsense_chooses_nothing(value: str) -> None:
    assert read_choice(value) is None


def test_as_many_pages_are_offered_as_fit() -> None:
    file, tokens = pdf(300), 12 * PAGE + 200
    assert offered([file], tokens, named=file) == [
        "Send only its first 12 pages",
        "Send only its text",
    ]
    assert count_file_tokens(with_choice(file, "pages", 12)) <= tokens
    assert count_file_tokens(with_choice(file, "pages", 13)) > tokens


def test_pages_of_much_text_are_fewer() -> None:
    file = pdf(300, page_text="Words. " * 2000)
    assert count_fitting_pages(file, Room(12 * PAGE, A_LOT)) == 4


def test_one_page_is_spoken_of_as_one() -> None:
    file = pdf(9)
    assert offered([file], PAGE + 100, named=file)[0] == "Send only its first page"


def test_no_page_is_offered_where_none_fits() -> None:
    file = pdf(9)
    assert offered([file], PAGE - 100, named=file) == ["Send only its text"]


def test_text_is_not_offered_where_there_is_none() -> None:
    file = pdf(9, page_text="")
    assert offered([file], 3 * PAGE, named=file) == ["Send only its first 2 pages"]


def test_other_files_keep_their_room() -> None:
    file = pdf(300)
    assert offered([picture(2 * PAGE), file], 12 * PAGE + 200, named=file)[0] == (
        "Send only its first 10 pages"
    )


def test_of_two_that_are_too_long_each_gets_half_of_the_room() -> None:
    files = [pdf(300), pdf(200)]
    assert offered(files, 12 * PAGE + 200, named=files[0])[0] == "Send only its first 6 pages"
    files[0] = with_choice(files[0], "pages", 6)
    assert offered(files, 12 * PAGE + 200, named=files[1])[0] == "Send only its first 6 pages"


def test_first_pages_that_are_still_too_many_can_be_fewer() -> None:
    file = with_choice(pdf(300), "pages", 20)
    file.outputs["first-20"] = ["application/pdf", 500]
    assert count_fitting_pages(file, Room(12 * PAGE + 200, A_LOT)) == 12
    assert count_fitting_pages(file, Room(A_LOT, A_LOT)) == 19


def test_a_pdf_of_too_many_bytes_is_cut_by_what_a_page_has() -> None:
    file = pdf(100, size=100_000)
    assert count_fitting_pages(file, Room(A_LOT, 14_000)) == 10


def test_pictures_that_are_too_long_together_go_in_low_detail() -> None:
    files = [picture(), picture()]
    (found,) = list_alternatives(files, Room(2000, A_LOT))
    assert found.label == "Send pictures in low detail"
    assert found.choice == Choice("low", tuple(file.pk for file in files))


def test_a_picture_that_alone_is_too_long_goes_in_low_detail() -> None:
    file = picture()
    assert offered([file], 500, named=file) == ["Send in low detail"]


@pytest.mark.parametrize(
    ("file", "tokens"),
    [(picture(), 300), (picture(tokens=300), 200), (picture(small="image/avif"), 500)],
)
def test_low_detail_is_offered_only_where_it_helps(file: Attachment, tokens: int) -> None:
    assert offered([file], tokens) == []


def test_where_nothing_is_spoken_of_the_button_names_the_file() -> None:
    files = [pdf(5), picture()]
    assert offered(files, 5 * PAGE + 600) == [
        "Send only the first 4 pages of “report.pdf”",
        "Send only the text of “report.pdf”",
        "Send pictures in low detail",
    ]


def test_a_text_has_no_other_way() -> None:
    file = Attachment(name="a.txt", kind="text", text="x" * 9000, tokens=2250)
    assert offered([file, pdf(9)], 1000, named=file) == []


def test_a_file_that_goes_as_text_already_is_not_offered_as_that() -> None:
    file = with_choice(pdf(9, page_text="Words. " * 2000), "text")
    assert offered([file], 3 * PAGE, named=file) == []
