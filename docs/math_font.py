"""Makes static/fonts/ from Latin Modern Math: run it with that font's file and a folder.

    python docs/math_font.py latinmodern-math.otf static/fonts

Needs fonttools and brotli. Two files: signs and italic letters, which every formula needs, with the
MATH table; and the alphabets (bold, script, Fraktur …), which a browser loads when one is there.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

MAIN = (
    "20-7E A0 A8 AC AF-B1 B4 B7 D7 F7 131 237 2C6-2C7 2D8-2DA 2DC 300-304 306-308 30A-30C 338 332"
    " 391-3A9 3B1-3C9 3D1 3D5 3D6 3F0 3F1 3F5 2010-2016 2018-201D 2020-2022 2026 2032-2034 2044"
    " 2057 2061-2064 20D7 20DB 210B 210E-2113 211B-211D 2102 2115 2119-211A 2124 2127-2128"
    " 212C-2138 2190-2199 219D-21A6 21A9-21AA 21BC-21CC 21D0-21D5 21DA-21DB 2200-222F 2234-2237"
    " 223C-224E 2254-225F 2260-226B 2270-2271 227A-2289 228E-2299 229B-22A8 22B2-22B5 22C0-22C7"
    " 22CA-22CC 22D0-22D1 22D6-22D7 22EE-22F1 2308-230B 231C-231F 2322 2323 23B0 23B1 23B4-23B5"
    " 23DC-23DF 25A0-25A1 25B2-25B3 25B7 25BD 25C1 25CA 25EF 27C2 27E6-27EB 27EE-27EF 27F5-27FC"
    " 2A00-2A02 2A06 2A2F 2A7D 2A7E 2AAF 2AB0 1D434-1D467 1D6E2-1D71B 1D6A4-1D6A5"
)
ALPHABETS = "1D400-1D433 1D468-1D6A3 1D6A8-1D6E1 1D71C-1D755 1D7CE-1D7FF"
COMBINING = (*range(0x300, 0x30D), 0x20D7, 0x20DB)
PRIMES = (0x2032, 0x2033, 0x2034, 0x2057)


def main(source: str, folder: str) -> None:
    _write(source, Path(folder, "math.woff2"), MAIN, tables=["MATH"])
    _write(source, Path(folder, "math-alphabets.woff2"), ALPHABETS, tables=[])


def _write(source: str, target: Path, ranges: str, tables: list[str]) -> None:
    font = TTFont(source)
    _lower_primes(font)
    _widen_combining(font)
    _stretch_tilde(font)
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


def _widen_combining(font: TTFont) -> None:
    """Give combining signs a width: in MathML they are signs of their own above a base, and a
    browser centres them by that width."""
    cff = font["CFF "].cff
    charstrings = cff[0].CharStrings
    glyphs = font.getGlyphSet()
    shifts = {}
    for point in COMBINING:
        name = font.getBestCmap().get(point)
        if name is None or font["hmtx"][name][0] > 0:
            continue
        bounds = BoundsPen(glyphs)
        glyphs[name].draw(bounds)
        left, _, right, _ = bounds.bounds
        pen = T2CharStringPen(round(right - left), glyphs)
        glyphs[name].draw(TransformPen(pen, (1, 0, 0, 1, -left, 0)))
        old = charstrings[name]
        charstrings[name] = pen.getCharString(old.private, old.globalSubrs)
        font["hmtx"][name] = (round(right - left), 0)
        shifts[name] = -left
    attachment = font["MATH"].table.MathGlyphInfo.MathTopAccentAttachment
    for name, value in zip(
        attachment.TopAccentCoverage.glyphs, attachment.TopAccentAttachment, strict=True
    ):
        value.Value += round(shifts.get(name, 0))


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
