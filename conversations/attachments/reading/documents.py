"""Documents as Markdown: DOCX, XLSX, PPTX, ODT, ODS, ODP, EPUB, RTF."""

import anydoc

from conversations.attachments.reading import packages, texts
from conversations.attachments.reading.values import FileReading, UnreadableFileError

OPENXML = "application/vnd.openxmlformats-officedocument"
OPENDOCUMENT = "application/vnd.oasis.opendocument"
MEDIA_TYPES: dict[str | None, str] = {
    "docx": f"{OPENXML}.wordprocessingml.document",
    "xlsx": f"{OPENXML}.spreadsheetml.sheet",
    "pptx": f"{OPENXML}.presentationml.presentation",
    "odt": f"{OPENDOCUMENT}.text",
    "ods": f"{OPENDOCUMENT}.spreadsheet",
    "odp": f"{OPENDOCUMENT}.presentation",
    "epub": "application/epub+zip",
    "rtf": "application/rtf",
}


def read_document(content: bytes, *, is_package: bool, max_text: int) -> FileReading:
    if is_package:
        content = packages.repack(content)
    name = anydoc.format_from_bytes(content)
    if name not in MEDIA_TYPES:
        raise UnreadableFileError("unknown_kind")
    try:
        text = anydoc.to_markdown_bytes(content, name)
    except anydoc.EncryptedError as error:
        raise UnreadableFileError("encrypted") from error
    except anydoc.ResourceLimitError as error:
        raise UnreadableFileError("too_large_inside") from error
    except anydoc.ConvertError as error:
        raise UnreadableFileError("damaged") from error
    text = texts.clean(text).strip()
    if not text:
        raise UnreadableFileError("no_text")
    return FileReading("document", MEDIA_TYPES[name], text=text[:max_text])
