"""Files of all kinds for tests, made here: none is kept."""

import base64
import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image, PngImagePlugin

RED, BLUE = (200, 30, 30), (30, 30, 200)
GPS = 0x8825
# 64 × 48 pixels, red at the left and blue at the right. There is no encoder for tests.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA"
    "AAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAAB4gABAAAAAAAAACQAAgAAAAACBgABAAAAAAAAAEIAAAA4aWluZgAAAAAA"
    "AgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADd"
    "aXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAq"
    "QgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQAN"
    "AAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAABppcmVmAAAAAAAAAA5jZHNjAAIAAQABAAAAbm1kYXQA"
    "AAAgKAGvGYDvSaW//9/jH/X2r/imyF//s4530Vsf7vcDbW8AAAAGRXhpZgAATU0AKgAAAAgAAgESAAMAAAABAAYAAIgl"
    "AAQAAAABAAAAJgAAAAAAAQABAAIAAAACTgAAAAAAAAA="
)


def halves(width: int = 64, height: int = 48) -> Image.Image:
    """A picture that is red at the left and blue at the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def photo(width: int, height: int) -> Image.Image:
    """A picture of many colours."""
    bands = [Image.linear_gradient("L"), Image.radial_gradient("L")]
    bands.append(bands[0].transpose(Image.Transpose.ROTATE_90))
    noise = Image.effect_noise((width, height), 40)
    picture = Image.merge("RGB", bands).resize((width, height))
    return Image.blend(picture, Image.merge("RGB", [noise] * 3), 0.2)


def save(image: Image.Image, image_format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """EXIF of a phone: which side is up, and where it was."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = "Acme phones"
    tags.get_ifd(GPS).update({1: "N", 2: (52.0, 31.0, 12.0), 29: "2026:11:27"})
    return tags


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is of this size, and has next to nothing of it."""
    head = width.to_bytes(4) + height.to_bytes(4) + b"\x08\x06\x00\x00\x00"
    data = zlib.compress(bytes(1000))
    return PngImagePlugin._MAGIC + b"".join(
        len(part).to_bytes(4) + name + part + zlib.crc32(name + part).to_bytes(4)
        for name, part in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    )


def pack(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


# PDF ---------------------------------------------------------------------------------------------


def pdf(pages: list[str], *, extra: Sequence[bytes] = (), resources: str = "") -> bytes:
    """A PDF with a page for each of these contents; `extra` objects are from number 4 on."""
    first = 4 + len(extra)
    numbers = range(first, first + 2 * len(pages), 2)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *extra,
    ]
    for number, content in zip(numbers, pages, strict=True):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {number + 1} 0 R"
            f"/Resources<</Font<</F 3 0 R>>{resources}>>>>".encode()
        )
        objects.append(stream(content.encode()))
    return assemble(objects)


def text_page(text: str) -> str:
    return f"BT /F 24 Tf 72 700 Td ({text}) Tj ET"


def stream(content: bytes, entries: str = "") -> bytes:
    return f"<</Length {len(content)}{entries}>>stream\n".encode() + content + b"\nendstream"


def assemble(objects: list[bytes], trailer: str = "") -> bytes:
    result, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(result))
        result += f"{number} 0 obj".encode() + content + b"endobj\n"
    start = len(result)
    result += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    result += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    result += f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\n".encode()
    return bytes(result + f"startxref\n{start}\n%%EOF".encode())


def locked_pdf() -> bytes:
    """A PDF that says it needs a password."""
    encryption = (
        f"<</Filter/Standard/V 2/R 3/Length 128/P -4/O<{'11' * 32}>/U<{'22' * 32}>>>".encode()
    )
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>", encryption]
    return assemble(objects, f"/Encrypt 3 0 R/ID[<{'33' * 16}><{'33' * 16}>]")


def nested_forms(depth: int) -> bytes:
    """A PDF whose page draws a form ten times, which draws another ten times, and so on."""
    forms = [
        stream(
            f"/X{number + 1} Do ".encode() * 10 if number < depth else b"0 0 m 9 9 l S",
            "/Type/XObject/Subtype/Form/BBox[0 0 99 99]"
            f"/Resources<</XObject<</X{number + 1} {5 + number} 0 R>>>>",
        )
        for number in range(depth + 1)
    ]
    return pdf(["/X0 Do"], extra=forms, resources="/XObject<</X0 4 0 R>>")


def blank_pdf(megabytes: int, content: bytes = b" ") -> bytes:
    """A PDF whose page has so many megabytes of the same over and over, packed."""
    packer = zlib.compressobj(1)
    piece = content * (2**20 // len(content))
    data = b"".join(packer.compress(piece) for _ in range(megabytes)) + packer.flush()
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<<>>>>"
    return assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            page,
            stream(data, "/Filter/FlateDecode"),
        ]
    )


def image_pdf(side: int) -> bytes:
    """A PDF of one picture with so many pixels in a row and a column, all of them black."""
    packer = zlib.compressobj()
    data = b"".join(packer.compress(bytes(side)) for _row in range(side)) + packer.flush()
    image = stream(
        data,
        f"/Type/XObject/Subtype/Image/Width {side}/Height {side}/ColorSpace/DeviceGray"
        "/BitsPerComponent 8/Filter/FlateDecode",
    )
    return pdf(["600 0 0 700 0 0 cm /I Do"], extra=[image], resources="/XObject<</I 4 0 R>>")


# Documents ---------------------------------------------------------------------------------------

XML = '<?xml version="1.0" encoding="UTF-8"?>'
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPENXML = "application/vnd.openxmlformats-officedocument"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
ODF = "urn:oasis:names:tc:opendocument:xmlns"


def openxml(parts: dict[str, tuple[str, str]], relations: dict[str, dict[str, str]]) -> bytes:
    """An Office file of parts (path: media type and XML), and what each of them refers to (path:
    type of relation: path).
    """
    files = {
        "[Content_Types].xml": f'{XML}<Types xmlns="{TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + "".join(
            f'<Override PartName="/{path}" ContentType="{OPENXML}.{media_type}+xml"/>'
            for path, (media_type, _xml) in parts.items()
        )
        + "</Types>"
    }
    for path, targets in relations.items():
        folder, _, name = path.rpartition("/")
        rows = "".join(
            f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
            for number, (kind, target) in enumerate(targets.items(), 1)
        )
        place = f"{folder}/_rels/{name}.rels".lstrip("/")
        files[place] = f'{XML}<Relationships xmlns="{RELATIONS}">{rows}</Relationships>'
    return pack(files | {path: xml for path, (_type, xml) in parts.items()})


def docx(body: str, declarations: str = "") -> bytes:
    xml = f'{XML}{declarations}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return openxml(
        {"word/document.xml": ("wordprocessingml.document.main", xml)},
        {"": {"officeDocument": "word/document.xml"}},
    )


def word(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def xlsx(rows: list[list[str | int]]) -> bytes:
    def cell(value: str | int) -> str:
        if isinstance(value, int):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'

    data = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    book = (
        f'{XML}<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Costs" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    sheet = f'{XML}<worksheet xmlns="{SHEET}"><sheetData>{data}</sheetData></worksheet>'
    return openxml(
        {
            "xl/workbook.xml": ("spreadsheetml.sheet.main", book),
            "xl/worksheets/sheet1.xml": ("spreadsheetml.worksheet", sheet),
        },
        {
            "": {"officeDocument": "xl/workbook.xml"},
            "xl/workbook.xml": {"worksheet": "worksheets/sheet1.xml"},
        },
    )


def pptx(text: str) -> bytes:
    show = (
        f'{XML}<p:presentation xmlns:p="{SLIDE}" xmlns:r="{OFFICE}">'
        '<p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>'
    )
    slide = (
        f'{XML}<p:sld xmlns:p="{SLIDE}" xmlns:a="{DRAWING}"><p:cSld><p:spTree><p:nvGrpSpPr/>'
        f"<p:sp><p:nvSpPr/><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
        "</p:spTree></p:cSld></p:sld>"
    )
    return openxml(
        {
            "ppt/presentation.xml": ("presentationml.presentation.main", show),
            "ppt/slides/slide1.xml": ("presentationml.slide", slide),
        },
        {
            "": {"officeDocument": "ppt/presentation.xml"},
            "ppt/presentation.xml": {"slide": "slides/slide1.xml"},
        },
    )


def odt(body: str, **others: str) -> bytes:
    content = (
        f'{XML}<office:document-content xmlns:office="{ODF}:office:1.0" '
        f'xmlns:text="{ODF}:text:1.0"><office:body><office:text>{body}</office:text>'
        "</office:body></office:document-content>"
    )
    media_type = "application/vnd.oasis.opendocument.text"
    return pack({"mimetype": media_type, "content.xml": content, **others})


def epub(body: str) -> bytes:
    container = (
        f'{XML}<container version="1.0" xmlns="{ODF}:container"><rootfiles>'
        '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/>'
        "</rootfiles></container>"
    )
    book = (
        f'{XML}<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest>'
        '<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="one"/></spine></package>'
    )
    chapter = (
        f'{XML}<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title>One</title>'
        f"</head><body>{body}</body></html>"
    )
    return pack(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "book.opf": book,
            "one.xhtml": chapter,
        }
    )


def laughs() -> str:
    """Declarations of an entity, `j`, that is a billion characters long."""
    entities = '<!ENTITY a "haha">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    return f"<!DOCTYPE x [{entities}]>"
