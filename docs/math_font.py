"""Makes static/fonts/ from Latin Modern Math and STIX Math: run it with their files and a folder.

    python docs/math_font.py latinmodern-math.otf STIXMath-Regular.otf static/fonts

Needs fonttools and brotli. Three files: what every formula needs, with the MATH table; alphabets
(bold, script, Fraktur …) and rarer signs; signs that only STIX has. A browser loads the second and
the third when one of their characters is there.
"""

import sys
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables import otTables

MAIN = (
    "20-7E A0 A8 AC AF-B1 B4 B7 D7 F7 131 237 2C6-2C7 2D8-2DA 2DC 300-304 306-308 30A-30C 338 332"
    " 391-3A9 3B1-3C9 3D1 3D5 3D6 3F0 3F1 3F5 2010-2016 2018-201D 2020-2022 2026 2032-2034 2044"
    " 2057 2061-2064 20D7 20DB 2102 210A-2113 2115 2119-211D 2124 2127-2128"
    " 212C-2138 2190-2199 219D-21A6 21A9-21AA 21BC-21CC 21D0-21D5 21DA-21DB 2200-222F 2234-2237"
    " 223C-224E 2254-225F 2260-226B 2270-2271 227A-2289 228E-2299 229B-22A8 22B2-22B5 22C0-22C7"
    " 22CA-22CC 22D0-22D1 22D6-22D7 22EE-22F1 2308-230B 231C-231F 2322 2323 23B0 23B1 23B4-23B5"
    " 23DC-23DF 25A0-25A1 25B2-25B3 25B7 25BD 25C1 25CA 25EF 27C2 27E6-27EB 27EE-27EF 27F5-27FC"
    " 2A00-2A02 2A06 2A2F 2A7D 2A7E 2AAF 2AB0 1D434-1D467 1D6E2-1D71B 1D6A4-1D6A5"
)
ALPHABETS = (
    "A3 A5 A7 A9 B6 F0 2035 2118 219A-219B 21AB-21AE 21B0-21B1 21B6-21B7 21BA-21BB 21CD-21CF 21DD"
    " 2230-2233 2239-223B 224F-2253 226C 226E-226F 2272-2279 228A-228B 229A 22A9-22AF 22B6-22B8"
    " 22BA-22BC 22C8-22C9 22CD-22CF 22D2-22D3 22D8-22DB 22DE-22ED 25B6 25C0 2660-2663 266D-266F"
    " 2713 2720 2A03-2A05 2A09 2A0C 2A11 2A3F 2A85-2A8C 2A95-2A96"
    " 1D400-1D433 1D468-1D6A3 1D6A8-1D6E1 1D71C-1D755 1D7CE-1D7FF"
)
# What Latin Modern Math has not and STIX Math has.
SIGNS = (
    "3DD 3F6 2132 2141 21AF 21E0 21E2 22D4 24C8 25B4-25B5 25BE-25BF 25FB 2605 2919-291A"
    " 2983-2984 2987-298A 29B5 29EB 2A0B 2A0D-2A10 2A3E 2A5E 2A66 2A74 2AB5-2ABA"
    " 2AC5-2AC6 2ACB-2ACC"
)
# How wide all larger sizes of a sign are to be, in thousandths of an em, and where their ink is.
SIZES = {
    **dict.fromkeys("([{⟨⌈⌊", "right"),
    **dict.fromkeys(")]}⟩⌉⌋", "left"),
    **dict.fromkeys("/\\", "centre"),
}
WIDTHS = dict(
    zip(
        "()[]{}⟨⟩⌈⌉⌊⌋/\\",
        (520, 520, 360, 360, 600, 600, 520, 520, *[500] * 4, 700, 700),
        strict=True,
    )
)
BEARING = 50
ROOT = 850
COMBINING = (*range(0x300, 0x30D), 0x20D7, 0x20DB)
PRIMES = (0x2032, 0x2033, 0x2034, 0x2057)


def main(latin_modern: str, stix: str, folder: str) -> None:
    _write(_changed(latin_modern), Path(folder, "math.woff2"), MAIN, tables=["MATH", "GDEF"])
    _write(_changed(latin_modern), Path(folder, "math-alphabets.woff2"), ALPHABETS, tables=[])
    _write(TTFont(stix), Path(folder, "math-signs.woff2"), SIGNS, tables=[])


def _changed(source: str) -> TTFont:
    font = TTFont(source)
    _lower_primes(font)
    _widen_combining(font)
    _even_sizes(font)
    _stretch_tilde(font)
    return font


def _write(font: TTFont, target: Path, ranges: str, tables: list[str]) -> None:
    options = subset.Options()
    options.flavor = "woff2"
    options.hinting = False
    options.desubroutinize = True
    options.drop_tables += [
        it for it in ("GSUB", "GPOS", "GDEF", "FFTM", "DSIG", "MATH") if it not in tables
    ]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=_code_points(ranges) & font.getBestCmap().keys())
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = "ChatMath"
    subset.save_font(font, str(target), options)


def _lower_primes(font: TTFont) -> None:
    """Give primes the shape that they have as superscripts: they are nothing else in MathML, and
    browsers don't ask for that shape (the feature "ssty") themselves."""
    gsub = font["GSUB"].table
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag != "ssty":
            continue
        for index in record.Feature.LookupListIndex:
            for table in gsub.LookupList.Lookup[index].SubTable:
                for cmap in font["cmap"].tables:
                    for prime in PRIMES:
                        shapes = table.alternates.get(cmap.cmap.get(prime, ""), [])
                        if shapes:
                            cmap.cmap[prime] = shapes[0]


def _even_sizes(font: TTFont) -> None:
    """Give the sizes of a bracket, and of the root, one width: a browser makes room for the widest
    of them, whichever it draws."""
    cmap = font.getBestCmap()
    variants = font["MATH"].table.MathVariants
    found = dict(
        zip(variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction, strict=True)
    )
    done: set[str] = set()
    for sign, place in SIZES.items():
        base, width = cmap[ord(sign)], WIDTHS[sign]
        sizes, parts = _sizes(found[base])
        for group in [*({name} for name in sizes - {base}), *([parts] if parts else [])]:
            # The parts of one sign stay in line with each other; several signs share some.
            if group & done:
                continue
            done |= group
            inks = [_ink(font, name) for name in group]
            left, right = min(ink[0] for ink in inks), max(ink[1] for ink in inks)
            start = {"left": BEARING, "right": width - BEARING - (right - left)}.get(
                place, (width - (right - left)) / 2
            )
            for name in group:
                _move(font, name, width, 1, start - left)
    sizes, parts = _sizes(found[cmap[0x221A]])
    for name in (sizes | parts) - {cmap[0x221A]}:
        _move(font, name, ROOT, ROOT / 1_000, 0)


def _sizes(construction: Any) -> tuple[set[str], set[str]]:
    """Return the glyphs of the sizes of a sign, and of the parts of those that are put together."""
    sizes = {record.VariantGlyph for record in construction.MathGlyphVariantRecord}
    assembly = construction.GlyphAssembly
    parts = {part.glyph for part in assembly.PartRecords} if assembly else set()
    return sizes - parts, parts


def _widen_combining(font: TTFont) -> None:
    """Give combining signs a width: in MathML they are signs of their own above a base, and a
    browser centres them by that width."""
    shifts = {}
    for point in COMBINING:
        name = font.getBestCmap().get(point)
        if name is None or font["hmtx"][name][0] > 0:
            continue
        left, right = _ink(font, name)
        _move(font, name, round(right - left), 1, -left)
        shifts[name] = -left
    # Without classes of its own a font's combining characters are marks, which have no width.
    classes = otTables.GlyphClassDef()
    classes.classDefs = dict.fromkeys(shifts, 1)
    table = otTables.GDEF()
    table.Version = 0x00010000
    table.GlyphClassDef = classes
    table.AttachList = table.LigCaretList = table.MarkAttachClassDef = None
    font["GDEF"] = newTable("GDEF")
    font["GDEF"].table = table
    attachment = font["MATH"].table.MathGlyphInfo.MathTopAccentAttachment
    names = attachment.TopAccentCoverage.glyphs
    for name, value in zip(names, attachment.TopAccentAttachment, strict=True):
        value.Value += round(shifts.get(name, 0))


def _ink(font: TTFont, name: str) -> tuple[float, float]:
    """Return where the ink of a glyph begins and ends."""
    glyphs = font.getGlyphSet()
    bounds = BoundsPen(glyphs)
    glyphs[name].draw(bounds)
    left, _, right, _ = bounds.bounds
    return left, right


def _move(font: TTFont, name: str, width: int, scale: float, shift: float) -> None:
    """Give a glyph a width, and move its ink."""
    glyphs = font.getGlyphSet()
    charstrings = font["CFF "].cff[0].CharStrings
    pen = T2CharStringPen(width, glyphs)
    glyphs[name].draw(TransformPen(pen, (scale, 0, 0, 1, shift, 0)))
    old = charstrings[name]
    charstrings[name] = pen.getCharString(old.private, old.globalSubrs)
    font["hmtx"][name] = (width, round(_ink(font, name)[0]))


def _stretch_tilde(font: TTFont) -> None:
    """Let U+02DC stretch as U+0303 does: that one stretches in no browser."""
    cmap = font.getBestCmap()
    variants = font["MATH"].table.MathVariants
    pairs = dict(
        zip(variants.HorizGlyphCoverage.glyphs, variants.HorizGlyphConstruction, strict=True)
    )
    pairs[cmap[0x2DC]] = pairs[cmap[0x303]]
    variants.HorizGlyphCoverage.glyphs = sorted(pairs, key=font.getGlyphID)
    variants.HorizGlyphConstruction = [pairs[name] for name in variants.HorizGlyphCoverage.glyphs]
    variants.HorizGlyphCount = len(pairs)


def _code_points(ranges: str) -> set[int]:
    points: set[int] = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return points


if __name__ == "__main__":
    main(*sys.argv[1:])
