"""Glyphs of text in any script, and the order in which they stand on a line."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple, TypeVar

import uharfbuzz as hb  # type: ignore[import-untyped]  # ships no types
from bidi import algorithm as bidi  # type: ignore[import-untyped]  # ships no types

from mips_desk.paths import resources

#: Characters that are written from right to left; a line without one needs no reordering.
_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
#: Up to this length a line that ends in Latin letters, such as a Hebrew name with "MD" behind it, stays an English one.
#: The standard leaves the direction of a paragraph to the program (UAX #9, HL1).
_SHORT: Final = 60

_Placed = TypeVar("_Placed")


class Glyph(NamedTuple):
    """One glyph of a shaped text. Lengths in thousandths of the type size.

    Attributes:
        number: of the glyph in its face.
        text: the characters that it stands for; empty when the glyphs before stand for them all. Those of a text from
            right to left are turned round, since readers do the same with what stands on such a line.
        advance: to the next glyph.
        dx: moved right by this.
        dy: moved up by this.
    """

    number: int
    text: str
    advance: float
    dx: float
    dy: float


class Face(NamedTuple):
    """A face as HarfBuzz knows it.

    Attributes:
        font: for shaping.
        per_em: units of the face in one type size.
        codes: the code points that it holds.
    """

    font: hb.Font
    per_em: int
    codes: frozenset[int]


@lru_cache(maxsize=64)
def face(name: str) -> Face:
    """Return a face.

    Args:
        name: of the file in the font folder, without its ending.
    """
    found = hb.Face(hb.Blob.from_file_path(str(resources() / "fonts" / f"{name}.ttf")))
    return Face(hb.Font(found), found.upem, frozenset(found.unicodes))


def covered(name: str) -> frozenset[int]:
    """Return the code points that a face holds."""
    return face(name).codes


@lru_cache(maxsize=4_000)
def shape(text: str, name: str, *, rtl: bool = False) -> tuple[Glyph, ...]:
    """Return the glyphs of a text from left to right.

    Args:
        text: in the order in which it is read; all of it held by the face.
        name: of the face.
        rtl: it runs from right to left.
    """
    used = face(name)
    buffer = hb.Buffer()
    buffer.add_codepoints([ord(char) for char in text])
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    buffer.flags = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
    hb.shape(used.font, buffer, {"liga": False, "dlig": False} if rtl else {})
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    texts = _shared_out(text, [info.cluster for info in infos], rtl=rtl)
    scale = 1000 / used.per_em
    return tuple(
        Glyph(info.codepoint, own, position.x_advance * scale, position.x_offset * scale, position.y_offset * scale)
        for info, position, own in zip(infos, positions, texts, strict=True)
    )


def _shared_out(text: str, clusters: Sequence[int], *, rtl: bool) -> list[str]:
    """Return the characters for which each glyph stands, so that a reader gets the text in order.

    Where several glyphs stand for several characters it does not matter which one for which; some readers put a false
    character for a glyph that stands for none, so each gets one as far as there are enough.
    """
    starts = sorted(set(clusters))
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    counts = Counter(clusters)
    texts: list[str] = []
    seen: Counter[int] = Counter()
    for cluster in clusters:
        # Readers turn round what stands on a line from right to left.
        own = text[cluster : ends[cluster]][:: -1 if rtl else 1]
        seen[cluster] += 1
        last = seen[cluster] == counts[cluster]
        texts.append(own[seen[cluster] - 1 :] if last else own[seen[cluster] - 1 : seen[cluster]])
    return texts


@lru_cache(maxsize=20_000)
def width(text: str, name: str) -> float:
    """Return the width of a shaped text in thousandths of the type size."""
    return sum(glyph.advance for glyph in shape(text, name, rtl=bool(_RIGHT_TO_LEFT.search(text))))


@lru_cache(maxsize=1_000)
def levels(text: str, *, ltr: bool = False) -> tuple[int, tuple[int, ...]]:
    """Return the level of a paragraph and of each of its characters (UAX #9); odd ones run from right to left.

    Args:
        text: one paragraph without line breaks and direction marks; it may hold joiners.
        ltr: it runs from left to right whatever it starts with.
    """
    if not _RIGHT_TO_LEFT.search(text):
        return 0, (0,) * len(text)
    base = 0 if ltr else _base(text)
    storage = bidi.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    bidi.get_embedding_levels(text, storage)
    for step in (
        bidi.explicit_embed_and_overrides,
        bidi.resolve_weak_types,
        bidi.resolve_neutral_types,
        bidi.resolve_implicit_levels,
    ):
        step(storage, False)
    # The algorithm takes joiners out (rule X9); each has the level of the character before.
    resolved = iter(char["level"] for char in storage["chars"])
    found: list[int] = []
    for char in text:
        neutral = unicodedata.bidirectional(char) == "BN"
        found.append((found[-1] if found else base) if neutral else next(resolved))
    return base, tuple(found)


def _base(text: str) -> int:
    """Return 1 for a paragraph that starts from right to left, mostly runs so, and is no name with a credential."""
    strong = [kind == "L" for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")]
    mostly = not strong[0] and 2 * sum(strong) < len(strong)
    return int(mostly and (len(text) > _SHORT or not strong[-1]))


def visual(placed: Sequence[tuple[int, _Placed]]) -> list[_Placed]:
    """Return the parts of one line from left to right (UAX #9, L2).

    Args:
        placed: each part with its level, in the order in which they are read.
    """
    order = list(placed)
    for level in range(max((level for level, _part in order), default=0), 0, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and order[end][0] >= level:
                end += 1
            order[at:end] = reversed(order[at:end])
            at = end + 1
    return [part for _level, part in order]
