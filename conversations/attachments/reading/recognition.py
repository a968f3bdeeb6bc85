"""What a file is. Its content says it, never its name nor what the browser calls it."""

import re

from conversations.attachments.reading import texts
from conversations.attachments.reading.values import Kind, UnreadableFileError

IMAGES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "PNG"),
    (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    (re.compile(rb"GIF8[79]a"), "GIF"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "WEBP"),
)
AVIF_BRANDS = {b"avif", b"avis"}
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
PDF = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,100}%PDF-\d")
PACKAGE = b"PK\x03\x04"
RTF = b"{\\rtf"
# Office files of before 2007; those of today are in one of these when they have a password.
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
HTML = re.compile(
    r"\s{0,1000}(?:<\?xml[^>]{0,200}>\s{0,1000})?(?:<!--(?:(?!-->).){0,2000}-->\s{0,1000})?"
    r"<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
# Under other names (.php, .vue, .jinja …) it is source code, to be read as it is.
HTML_NAME = re.compile(r"(?:[^.]*|.*\.(?:html?|xhtml))", re.IGNORECASE | re.DOTALL)


def recognise(content: bytes) -> tuple[Kind, str] | None:
    """Return the kind of a file and its format, or None for what is text or nothing known."""
    for signature, name in IMAGES:
        if signature.match(content):
            return "image", name
    if name := find_brand(content):
        return "image", name
    if PDF.match(content):
        return "pdf", "PDF"
    if content.startswith(PACKAGE):
        return "document", "package"
    if content.startswith(RTF):
        return "document", "rtf"
    if content.startswith(OLE):
        raise UnreadableFileError("encrypted" if OLE_ENCRYPTED in content else "unknown_kind")
    return None


def find_brand(content: bytes) -> str:
    """Return "AVIF" or "HEIF" where the file's first box says so, else ""."""
    length = int.from_bytes(content[:4])
    if content[4:8] != b"ftyp" or not 16 <= length <= 256:
        return ""
    major, others = content[8:12], content[16:length]
    brands = {major, *(others[at : at + 4] for at in range(0, len(others), 4))}
    if brands & AVIF_BRANDS:
        return "AVIF"
    return "HEIF" if brands & HEIF_BRANDS else ""


def is_html(text: str, name: str) -> bool:
    return bool(HTML.match(text)) and bool(HTML_NAME.fullmatch(name))


def decode(content: bytes) -> str:
    """Return the text of a file that is nothing else."""
    text = texts.decode(content)
    if text is None:
        raise UnreadableFileError("unknown_kind")
    return text
