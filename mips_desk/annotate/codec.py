"""Marks as versioned JSON. The schema in words is docs/marks.md.

Version 2 knows freehand lines, a crop and turned marks. It is written only where one of these is used, so that an
older app still reads everything else, and says that it must be updated for the rest.

Reading is strict: a field that is not known is refused, because a mark that is only half understood could leave
something uncovered that its author meant to cover.
"""

import codecs
import json
import re
from collections.abc import Sequence

import msgspec

from mips_desk.annotate.marks import (
    MAX_ANGLE,
    MAX_COORDINATE,
    MAX_EXTENT,
    MAX_MARKS,
    MAX_POINTS,
    MAX_SIZE,
    MAX_STROKE,
    MAX_TEXT,
    MIN_SIZE,
    PALETTE,
    WORDS,
    Crop,
    Freehand,
    Mark,
    Reason,
    renumbered,
)
from mips_desk.errors import BadInputError

VERSION = 2
#: Room for MAX_MARKS marks with all their fields.
BYTE_LIMIT = 16_000_000


class _Head(msgspec.Struct):
    version: int


class _Body(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    marks: list[msgspec.Raw]


class _Kind(msgspec.Struct):
    type: str


class _Written(msgspec.Struct):
    version: int
    marks: tuple[Mark, ...]


_TYPES = {str(kind.__struct_config__.tag): kind for kind in WORDS}
_COORDINATE = f"a number of pixels between -{MAX_COORDINATE:,.0f} and {MAX_COORDINATE:,.0f}"
_EXTENT = f"a number of pixels above 0 and at most {MAX_EXTENT:,.0f}"
_SIZE = f"a number of pixels between {MIN_SIZE:.0f} and {MAX_SIZE:.0f}"
_WORDS = f"a text of at most {MAX_TEXT} characters without control characters"
_EXPECTED = {
    "type": f"one of {', '.join(_TYPES)}",
    "id": "a text of at most 64 letters, digits, dots, hyphens and underscores",
    **dict.fromkeys(("x", "y", "x1", "y1", "x2", "y2"), _COORDINATE),
    **dict.fromkeys(("width", "height"), _EXTENT),
    **dict.fromkeys(("size", "radius"), _SIZE),
    "angle": f"a number of degrees between -{MAX_ANGLE:.0f} and {MAX_ANGLE:.0f}",
    "points": f"a list of 1 to {MAX_POINTS:,} points, each two numbers of pixels like [24, 214.5]",
    "stroke": f"a number of pixels above 0 and at most {MAX_STROKE:.0f}",
    "color": f"one of {', '.join(PALETTE)}, or a color such as #D92D20",
    "text": _WORDS,
    "number": f"a whole number between 0 and {MAX_MARKS:,}",
    "reason": f"one of {', '.join(Reason)}",
}
_FIELD = re.compile(r"`\$?\.?([A-Za-z0-9_]{1,20})(?:\[[0-9.]*\])*`$")


def decode(data: bytes) -> tuple[Mark, ...]:
    """Read marks.

    Marks without an id get one from their place ("mark-3"), so that the same file always gives the same marks; steps
    are numbered 1 to n.

    Args:
        data: JSON as UTF-8.

    Raises:
        BadInputError: the file is no set of marks; the sentence names the mark's place, counted from 1, and its field.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    if len(data) > BYTE_LIMIT:
        raise BadInputError(f"The marks are larger than {BYTE_LIMIT // 1_000_000} MB; nothing was changed.")
    try:
        head = msgspec.json.decode(data, type=_Head)
    except (ValueError, RecursionError) as error:
        raise BadInputError(_head_sentence(error)) from None
    if head.version > VERSION:
        raise BadInputError(
            f"The marks were written by a newer version of MIPS Desk (format {head.version}, this one reads {VERSION});"
            " update the app to read them."
        )
    if head.version < 1:
        raise BadInputError(f"The marks have the unknown format {head.version}; this app reads {VERSION}.")
    try:
        body = msgspec.json.decode(data, type=_Body)
    except (ValueError, RecursionError):
        raise BadInputError(
            'The marks must have the form {"version": 2, "marks": [...]} and no other field; nothing was changed.'
        ) from None
    if len(body.marks) > MAX_MARKS:
        raise BadInputError(f"There are {len(body.marks):,} marks; a picture can have {MAX_MARKS:,}.")
    marks = [_mark(raw, place) for place, raw in enumerate(body.marks, start=1)]
    if head.version == 1:
        _refuse_later(body.marks, marks)
    if sum(isinstance(mark, Crop) for mark in marks) > 1:
        raise BadInputError("There are two crops among the marks; a picture can have one.")
    json.loads(data, object_pairs_hook=_unique)
    return renumbered(_with_ids(marks))


def encode(marks: Sequence[Mark]) -> bytes:
    """Write marks, with every field, in the same bytes for the same marks.

    Raises:
        BadInputError: a mark is outside the limits, and would be refused when it is read again.
    """
    # Reading it back turns whole numbers into floats and holds the promise that what was written can be read.
    checked = decode(msgspec.json.encode(_Written(VERSION, tuple(marks))))
    if any(isinstance(mark, Freehand | Crop) or _turned(mark) for mark in checked):
        return msgspec.json.encode(_Written(VERSION, checked))
    fields = msgspec.to_builtins(_Written(1, checked))
    for mark in fields["marks"]:
        mark.pop("angle", None)
    return msgspec.json.encode(fields)


def _unique(pairs: list[tuple[str, object]]) -> None:
    """Refuse an object with a field twice; of two readers one would take the first and one the last."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise BadInputError("A field of the marks is given twice in one place; nothing was changed.")


def _turned(mark: Mark) -> bool:
    return bool(getattr(mark, "angle", 0.0))


def _refuse_later(raws: list[msgspec.Raw], marks: list[Mark]) -> None:
    """Refuse what version 1 did not have in a file that says it is version 1."""
    for place, (raw, mark) in enumerate(zip(raws, marks, strict=True), start=1):
        kind = str(mark.__struct_config__.tag)
        if isinstance(mark, Freehand | Crop):
            raise BadInputError(f'Mark {place} ({kind}) needs "version": 2; nothing was changed.')
        if "angle" in msgspec.json.decode(raw):
            raise BadInputError(f'The field “angle” of mark {place} ({kind}) needs "version": 2; nothing was changed.')


def _mark(raw: msgspec.Raw, place: int) -> Mark:
    try:
        mark: Mark = msgspec.json.decode(raw, type=Mark)
    except (ValueError, RecursionError) as error:
        raise BadInputError(_mark_sentence(raw, place, error)) from None
    return mark


def _with_ids(marks: list[Mark]) -> list[Mark]:
    given = {mark.id for mark in marks if mark.id}
    if len(given) < sum(1 for mark in marks if mark.id):
        raise BadInputError("Two marks have the same id; nothing was changed.")
    named: list[Mark] = []
    for place, mark in enumerate(marks, start=1):
        if not mark.id:
            free = f"mark-{place}"
            while free in given:
                free += "-"
            given.add(free)
            mark = msgspec.structs.replace(mark, id=free)
        named.append(mark)
    return named


def _head_sentence(error: Exception) -> str:
    if isinstance(error, msgspec.ValidationError):
        return 'The marks must have the form {"version": 2, "marks": [...]}; nothing was changed.'
    return "The marks are not readable as JSON; nothing was changed."


def _mark_sentence(raw: msgspec.Raw, place: int, error: Exception) -> str:
    """Say what is wrong without repeating any value, which could be a patient's name."""
    try:
        kind = msgspec.json.decode(raw, type=_Kind).type
    except (ValueError, RecursionError):
        kind = ""
    name = f"Mark {place} ({kind})" if kind in _TYPES else f"Mark {place}"
    message = str(error)
    found = _FIELD.search(message)
    field = found[1] if found else ""
    if "unknown field" in message:
        what = f"has the field “{field}”, which" if field else "has a field that"
        return f"{name} {what} this kind of mark does not have; nothing was changed."
    if field not in _EXPECTED:
        return f"{name} is not a mark; nothing was changed."
    if "missing required field" in message:
        return f"{name} lacks the field “{field}”: {_EXPECTED[field]}."
    return f"The field “{field}” of {name[0].lower()}{name[1:]} must be {_EXPECTED[field]}."
