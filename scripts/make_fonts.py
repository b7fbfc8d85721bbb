"""Make resources/fonts from the published font packages. Run by hand when a font is updated.

    pip install fonttools brotli
    npm pack inter-ui@4.1.1 @ibm/plex-mono@2.5.0 @expo-google-fonts/noto-emoji@0.4.7     (unpack all three)
    apt-get download fonts-noto-core=20201225-1 fonts-droid-fallback=1:6.0.1r16-1.1      (dpkg-deb -x both)
    python scripts/make_fonts.py INTER_FOLDER PLEX_FOLDER EMOJI_FOLDER NOTO_FOLDER DROID_FOLDER

Inter's tabular digits are made the default ones, because reportlab and Pillow cannot switch a font feature on
and columns of numbers must line up. Inter (since 4.0) reserves no font name, so the changed files may keep it.
Plex Mono is taken unchanged.

The other faces stand in where these two have no glyph: names and notes in other scripts, and emoji. All have TrueType
outlines, which PDF/A-1 wants of an embedded CIDFontType2. Noto Sans reserves no font name either; its hinting is taken
out, because paper does not need it. Droid Sans Fallback is the one open face that holds Chinese, Japanese and Korean
together in three and a half megabytes.
"""

import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

OUT = Path(__file__).resolve().parent.parent / "resources" / "fonts"
WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")
#: Scripts that patients and staff of US practices write their names in, and signs such as stars and circled numbers.
SCRIPTS = (
    "Arabic",
    "Armenian",
    "Bengali",
    "Devanagari",
    "Ethiopic",
    "Georgian",
    "Gujarati",
    "Gurmukhi",
    "Hebrew",
    "Kannada",
    "Khmer",
    "Lao",
    "Malayalam",
    "Myanmar",
    "Sinhala",
    "Symbols",
    "Symbols2",
    "Tamil",
    "Telugu",
    "Thai",
)
#: Latin with accents, Greek, Cyrillic, punctuation, arrows, box and check marks.
UNICODES = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),
    *range(0x2B0, 0x300),
    *range(0x300, 0x370),
    *range(0x370, 0x400),
    *range(0x400, 0x530),
    *range(0x1E00, 0x2000),
    *range(0x2000, 0x2070),
    *range(0x2070, 0x20D0),
    *range(0x2100, 0x2200),
    *range(0x2200, 0x2300),
    *range(0x25A0, 0x2600),
    0x2713,
    0x2717,
    0x26A0,
    0xFB01,
    0xFB02,
]


def _tabular_digits(font: TTFont) -> dict[str, str]:
    gsub = font["GSUB"].table
    lookups = {
        i
        for record in gsub.FeatureList.FeatureRecord
        if record.FeatureTag == "tnum"
        for i in record.Feature.LookupListIndex
    }
    swap: dict[str, str] = {}
    for index in lookups:
        for sub in gsub.LookupList.Lookup[index].SubTable:
            swap.update(getattr(getattr(sub, "ExtSubTable", sub), "mapping", {}))
    return swap


def make_inter(folder: Path, weight: str) -> None:
    """Convert one static weight of Inter to TrueType with tabular digits.

    Args:
        folder: the unpacked `inter-ui` package.
        weight: the style name, for example "SemiBold".
    """
    font = TTFont(folder / "web" / f"Inter-{weight}.woff2")
    font.flavor = None
    swap = _tabular_digits(font)
    for table in font["cmap"].tables:
        for code in range(0x30, 0x3A):
            if code in table.cmap:
                table.cmap[code] = swap.get(table.cmap[code], table.cmap[code])
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=UNICODES)
    subsetter.subset(font)
    font.save(OUT / f"Inter-{weight}.ttf")


def make_plain(source: Path, name: str) -> None:
    """Take a face over with all its glyphs and layout rules, without hinting.

    Args:
        source: the TrueType file.
        name: of the file to write, without its ending.
    """
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = ["*"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.glyph_names = False
    options.hinting = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(glyphs=font.getGlyphOrder())
    subsetter.subset(font)
    font.save(OUT / f"{name}.ttf")


if __name__ == "__main__":
    inter, plex, emoji, noto, droid = map(Path, sys.argv[1:6])
    for name in WEIGHTS:
        make_inter(inter, name)
    for name in ("Regular", "SemiBold"):
        mono = TTFont(plex / "fonts" / "complete" / "woff" / f"IBMPlexMono-{name}.woff")
        mono.flavor = None  # unpacked, otherwise unchanged
        mono.save(OUT / f"IBMPlexMono-{name}.ttf")
    shutil.copy(inter / "LICENSE.txt", OUT / "Inter-LICENSE.txt")
    shutil.copy(plex / "LICENSE.txt", OUT / "IBMPlexMono-LICENSE.txt")
    for script in SCRIPTS:
        face = f"NotoSans{script}-Regular"
        make_plain(noto / "usr/share/fonts/truetype/noto" / f"{face}.ttf", face)
    make_plain(emoji / "400Regular" / "NotoEmoji_400Regular.ttf", "NotoEmoji-Regular")
    make_plain(droid / "usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf", "DroidSansFallback")
    shutil.copy(emoji / "LICENSE_FONT", OUT / "Noto-LICENSE.txt")
    shutil.copy("/usr/share/common-licenses/Apache-2.0", OUT / "DroidSansFallback-LICENSE.txt")
