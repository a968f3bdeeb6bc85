"""PDFs for tests, good and bad, made here: none is kept."""

import zlib
from collections.abc import Sequence


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
