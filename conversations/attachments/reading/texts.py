"""Text of any encoding."""

import re

from charset_normalizer import from_bytes

BOMS = (
    # The longer first: UTF-32's begins with UTF-16's.
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
# What no text has much of; tab, line ends, form feed, and what terminals are told may be.
CONTROLS = re.compile("[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f\ufffd-\uffff]")
MAX_CONTROLS = 0.01
# A file of a legacy encoding is looked at so far to find which one it is.
SAMPLE = 200_000
# Those in which files are still found, the likelier first: of a few letters much could be said.
LEGACY = [
    *("cp1252", "cp1251", "koi8_r", "shift_jis", "euc_jp", "gb18030", "big5", "cp949", "cp1250"),
    *("cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874", "iso2022_jp"),
]
HIGH = re.compile(b"[\x80-\xff]")
FEW = 10
"""Letters that aren't ASCII, of which nothing can be told."""
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
LINE_END = re.compile("\r\n?|[\u2028\u2029]")


def decode(content: bytes) -> str | None:
    """Return a file's text with plain line ends, or None where it isn't text."""
    text = decode_unicode(content)
    if text is None:
        text = decode_legacy(content)
    if text is None or len(CONTROLS.findall(text)) > MAX_CONTROLS * len(text):
        return None
    return clean(text)


def decode_unicode(content: bytes) -> str | None:
    for bom, encoding in BOMS:
        if content.startswith(bom):
            return content.decode(encoding, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def decode_legacy(content: bytes) -> str | None:
    """Return the text of what isn't UTF-8, nor says what it is."""
    if encoding := find_utf_16(content):
        return content.decode(encoding, "replace")
    if b"\x00" in content:
        return None
    if len(HIGH.findall(content[:SAMPLE])) < FEW:
        return content.decode("cp1252", "replace")
    best = from_bytes(content[:SAMPLE], cp_isolation=LEGACY).best()
    return content.decode(best.encoding, "replace") if best else None


def find_utf_16(content: bytes) -> str:
    """Return which UTF-16 a file without a mark is in, if it is: in most texts spaces and line ends
    at least have a zero in the same half.
    """
    sample = content[: SAMPLE // 2 * 2]
    spaces = [sum(sample[half::2].count(byte) for byte in b" \n\r\t") for half in (0, 1)]
    zeros = [sample[half::2].count(0) for half in (0, 1)]
    for half, encoding in ((0, "utf-16-le"), (1, "utf-16-be")):
        others = zeros[1 - half]
        if zeros[half] == 0 and 0 < spaces[half] <= others and others * 50 > len(sample):
            return encoding
    return ""


def clean(text: str) -> str:
    """Take out what no database keeps, and make line ends plain."""
    return LINE_END.sub("\n", UNSTORABLE.sub("", text))
