"""Make resources/fonts from the published font packages. Run by hand when a font is updated.

    pip install fonttools brotli
    npm pack inter-ui@4.1.1 @ibm/plex-mono@2.5.0     (unpack both)
    python scripts/make_fonts.py INTER_FOLDER PLEX_FOLDER

Inter's tabular digits are made the default ones, because reportlab and Pillow cannot switch a font feature on
and columns of numbers must line up. Inter (since 4.0) reserves no font name, so the changed files may keep it.
Plex Mono is taken unchanged.
"""

import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

OUT = Path(__file__).resolve().parent.parent / "resources" / "fonts"
WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")
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


if __name__ == "__main__":
    inter, plex = Path(sys.argv[1]), Path(sys.argv[2])
    for name in WEIGHTS:
        make_inter(inter, name)
    for name in ("Regular", "SemiBold"):
        mono = TTFont(plex / "fonts" / "complete" / "woff" / f"IBMPlexMono-{name}.woff")
        mono.flavor = None  # unpacked, otherwise unchanged
        mono.save(OUT / f"IBMPlexMono-{name}.ttf")
    shutil.copy(inter / "LICENSE.txt", OUT / "Inter-LICENSE.txt")
    shutil.copy(plex / "LICENSE.txt", OUT / "IBMPlexMono-LICENSE.txt")
