"""The binder's fonts, and text made fit for them.

Text is set in Inter, identifiers in IBM Plex Mono. A character that these do not hold is set in the first face of
another script that holds it; one that no face holds is named by its code point, so that nothing is ever an empty box.
"""

import re
import threading
import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from mips_desk.paths import resources

from . import shaping

REGULAR: Final = "Inter-Regular"
MEDIUM: Final = "Inter-Medium"
SEMIBOLD: Final = "Inter-SemiBold"
BOLD: Final = "Inter-Bold"
MONO: Final = "IBMPlexMono-Regular"
MONO_SEMIBOLD: Final = "IBMPlexMono-SemiBold"

_EMOJI: Final = "NotoEmoji-Regular"
#: Faces of other scripts in the order in which they are asked; the largest one last.
OTHERS: Final = (
    _EMOJI,
    "NotoSansHebrew-Regular",
    "NotoSansArabic-Regular",
    "NotoSansDevanagari-Regular",
    "NotoSansThai-Regular",
    "NotoSansBengali-Regular",
    "NotoSansGurmukhi-Regular",
    "NotoSansGujarati-Regular",
    "NotoSansTamil-Regular",
    "NotoSansTelugu-Regular",
    "NotoSansKannada-Regular",
    "NotoSansMalayalam-Regular",
    "NotoSansSinhala-Regular",
    "NotoSansKhmer-Regular",
    "NotoSansLao-Regular",
    "NotoSansMyanmar-Regular",
    "NotoSansEthiopic-Regular",
    "NotoSansArmenian-Regular",
    "NotoSansGeorgian-Regular",
    "NotoSansSymbols-Regular",
    "NotoSansSymbols2-Regular",
    "DroidSansFallback",
)
_LOCK = threading.Lock()
_VARIATION: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
#: Join or part the letters of many scripts and make one emoji of several; kept where a face knows them.
_JOINERS: Final = "\u200c\u200d"
_MARKS: Final = ("Mn", "Mc", "Me")
#: Makes an emoji of the digit before.
_KEYCAP: Final = "\u20e3"


class Span(NamedTuple):
    """A stretch of text that one face holds.

    Attributes:
        face: one of the names above.
        text: the characters, in the order in which they are read.
        plain: the canvas can draw it character by character; otherwise it is shaped.
    """

    face: str
    text: str
    plain: bool


def register() -> None:
    """Make the fonts known to reportlab; quick when they already are."""
    with _LOCK:
        known = set(pdfmetrics.getRegisteredFontNames())
        for name in (REGULAR, MEDIUM, SEMIBOLD, BOLD, MONO, MONO_SEMIBOLD):
            if name not in known:
                pdfmetrics.registerFont(TTFont(name, str(resources() / "fonts" / f"{name}.ttf")))


@lru_cache(maxsize=8)
def _plain(font: str) -> frozenset[str]:
    """Return the characters of a font that need no shaping: all but marks that are set on the one before."""
    return frozenset(
        char for char in map(chr, shaping.covered(font)) if not unicodedata.category(char).startswith("M")
    ) - {"\u200c", "\u200d"}


def clean(text: str) -> str:
    """Return typed text without control and invisible formatting characters; line breaks and joiners stay.

    Accents are composed, tabs become spaces, direction marks and lone surrogates are dropped.
    """
    text = re.sub("\r\n?|[\u2028\u2029\v\f\x85]", "\n", text).replace("\t", " ")
    if text.isascii() and (text.isprintable() or text.replace("\n", "").isprintable()):
        return text
    text = _VARIATION.sub("", unicodedata.normalize("NFC", text))
    return "".join(char for char in text if char == "\n" or char in _JOINERS or _visible(char))


def _visible(char: str) -> bool:
    # The last two code points of every plane are not characters; XML refuses some of them.
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs") and ord(char) & 0xFFFE != 0xFFFE


@lru_cache(maxsize=20_000)
def drawable(text: str, font: str) -> str:
    """Return cleaned text in which a character that no face holds is named by its code point: "[U+1F9FF]".

    Args:
        text: as typed, or as written by the binder.
        font: one of the names above.
    """
    return "\n".join("".join(span.text for span in spans(line, font)) for line in clean(text).split("\n"))


@lru_cache(maxsize=20_000)
def spans(text: str, font: str) -> tuple[Span, ...]:
    """Return one line of text by the faces that hold it.

    Args:
        text: as typed, or as written by the binder, without line breaks.
        font: one of the names above, asked first for every character.
    """
    text = clean(text)
    own = _plain(font)
    if own.issuperset(text):
        return (Span(font, text, plain=True),) if text else ()
    chosen: list[tuple[str, str]] = []
    face = font
    for char, after in zip(text, text[1:] + " ", strict=True):
        face, shown = (_EMOJI, char) if after == _KEYCAP and char in "0123456789#*" else _face(char, font, face)
        chosen.append((face, shown))
    joined = ((face, "".join(shown for _face, shown in group)) for face, group in groupby(chosen, lambda pair: pair[0]))
    return tuple(Span(face, text, face == font and own.issuperset(text)) for face, text in joined if text)


def _face(char: str, font: str, before: str) -> tuple[str, str]:
    """Return the face for a character, and what to draw.

    Args:
        char: the character.
        font: asked first.
        before: face of the character before, which takes marks, joiners, spaces and punctuation too if it can.
    """
    code = ord(char)
    kind = unicodedata.category(char)
    sticks = kind in _MARKS or char in _JOINERS or (before not in (font, _EMOJI) and (kind == "Zs" or kind[0] == "P"))
    if sticks and code in shaping.covered(before):
        return before, char
    if char in _JOINERS:
        return before, ""
    if code in shaping.covered(font):
        return font, char
    if kind == "Zs":
        return font, " "
    other = _other(code)
    return (other, char) if other else (font, f"[U+{code:04X}]")


@lru_cache(maxsize=5_000)
def _other(code: int) -> str:
    return next((face for face in OTHERS if code in shaping.covered(face)), "")


@lru_cache(maxsize=20_000)
def width(text: str, font: str, size: float) -> float:
    """Return the width of a text in points.

    Args:
        text: one line.
        font: one of the names above.
        size: points.
    """
    return sum(span_width(span, size) for span in spans(text, font))


def span_width(span: Span, size: float) -> float:
    """Return the width of a span in points, at a size in points."""
    if span.plain:
        return float(pdfmetrics.stringWidth(span.text, span.face, size))
    return shaping.width(span.text, span.face) * size / 1000
