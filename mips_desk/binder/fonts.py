"""The binder's fonts, and text made fit for them."""

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from mips_desk.paths import resources

REGULAR: Final = "Inter-Regular"
MEDIUM: Final = "Inter-Medium"
SEMIBOLD: Final = "Inter-SemiBold"
BOLD: Final = "Inter-Bold"
MONO: Final = "IBMPlexMono-Regular"
MONO_SEMIBOLD: Final = "IBMPlexMono-SemiBold"

_LOCK = threading.Lock()
#: What stands for a character that a font does not hold, the first one that it does hold.
_PLACEHOLDERS: Final = "□\ufffd?"
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def register() -> None:
    """Make the fonts known to reportlab; quick when they already are."""
    with _LOCK:
        known = set(pdfmetrics.getRegisteredFontNames())
        for name in (REGULAR, MEDIUM, SEMIBOLD, BOLD, MONO, MONO_SEMIBOLD):
            if name not in known:
                pdfmetrics.registerFont(TTFont(name, str(resources() / "fonts" / f"{name}.ttf")))


@lru_cache(maxsize=8)
def _glyphs(font: str) -> frozenset[int]:
    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)


@lru_cache(maxsize=8)
def _placeholder(font: str) -> str:
    return next(mark for mark in _PLACEHOLDERS if ord(mark) in _glyphs(font))


def clean(text: str) -> str:
    """Return typed text without control and invisible formatting characters; line breaks stay.

    Accents are composed, tabs become spaces, direction marks and lone surrogates are dropped.
    """
    text = re.sub("\r\n?|[\u2028\u2029\v\f\x85]", "\n", text).replace("\t", " ")
    text = _VARIATION.sub("", unicodedata.normalize("NFC", text))
    return "".join(char for char in text if char == "\n" or _visible(char))


def _visible(char: str) -> bool:
    # The last two code points of every plane are not characters; XML refuses some of them.
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs") and ord(char) & 0xFFFE != 0xFFFE


@lru_cache(maxsize=20_000)
def drawable(text: str, font: str) -> str:
    """Return cleaned text with a visible box for every character that the font does not hold.

    Args:
        text: as typed, or as written by the binder.
        font: one of the names above.
    """
    glyphs = _glyphs(font)
    return "".join(
        char if char == "\n" or ord(char) in glyphs else " " if char.isspace() else _placeholder(font)
        for char in clean(text)
    )


@lru_cache(maxsize=20_000)
def width(text: str, font: str, size: float) -> float:
    """Return the width of a drawable text in points.

    Args:
        text: one line.
        font: one of the names above.
        size: points.
    """
    return float(pdfmetrics.stringWidth(text, font, size))
