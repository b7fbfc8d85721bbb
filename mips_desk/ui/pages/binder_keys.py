"""Which part of the outline a page belongs to."""

from collections.abc import Iterator, Sequence

from mips_desk.binder.outline import Part
from mips_desk.services.previewing import BinderPreview


def key_at(preview: BinderPreview, number: int) -> tuple[str, int]:
    """Return the last part that begins on a page or before it, and how many pages before.

    Args:
        preview: the binder.
        number: of the page, from 1.
    """
    key, begins = "", 0
    for candidate in _keys(preview.tree.parts):
        at = preview.numbers.get(candidate)
        if at is None:
            continue
        if at > number:
            break
        if at != begins:
            key, begins = candidate, at
    return key, number - begins


def _keys(parts: Sequence[Part]) -> Iterator[str]:
    """Yield the keys of parts, each before those below it."""
    for part in parts:
        yield part.key
        yield from _keys(part.children)
