"""Documents of office programs and e-books for tests, made here: none is kept."""

import io
import zipfile
from collections.abc import Mapping

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


def pack(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


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
