"""Documents that are ZIP archives, made anew of what is needed of them.

Their text goes into a new archive, not compressed: what reads it sees neither a bomb nor two files
in the same place, and pictures, fonts, macros and embedded files are left out unread.
"""

import io
import re
import zipfile

from conversations.attachments.reading.values import UnreadableFileError

MAX_SIZE = 100_000_000
"""Bytes of text in an archive, unpacked."""
MAX_FILES = 20_000
PIECE = 2**16
NEEDED = re.compile(r"(?:.*\.(?:xml|rels|opf|ncx|xhtml|html?)|mimetype)", re.IGNORECASE | re.DOTALL)
IS_ENCRYPTED = 1  # a bit of a file's flags in the archive
ODF_MANIFEST = "META-INF/manifest.xml"
EPUB_ENCRYPTION = "META-INF/encryption.xml"


def repack(content: bytes) -> bytes:
    """Return an archive of the same text; raises UnreadableFileError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = read_files(archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise UnreadableFileError("damaged") from error
    # Fonts of EPUBs may be garbled, which is no encryption of what can be read.
    if b"encryption-data" in files.get(ODF_MANIFEST, b"") or b"xmlenc#aes" in files.get(
        EPUB_ENCRYPTION, b""
    ):
        raise UnreadableFileError("encrypted")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        # Where it is there it comes first, by the formats' own rule.
        for name in sorted(files, key=lambda name: name != "mimetype"):
            archive.writestr(name, files[name])
    return packed.getvalue()


def read_files(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Return what is needed, never more than the limit, whatever sizes the archive declares."""
    needed = [info for info in archive.infolist() if NEEDED.fullmatch(info.filename)]
    if len(needed) > MAX_FILES or sum(info.file_size for info in needed) > MAX_SIZE:
        raise UnreadableFileError("too_large_inside")
    files, left = {}, MAX_SIZE
    for info in needed:
        if info.flag_bits & IS_ENCRYPTED:
            raise UnreadableFileError("encrypted")
        files[info.filename] = read_file(archive, info, left)
        left -= len(files[info.filename])
    return files


def read_file(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    data = bytearray()
    with archive.open(info) as file:
        while piece := file.read(PIECE):
            data += piece
            if len(data) > most:
                raise UnreadableFileError("too_large_inside")
    return bytes(data)
