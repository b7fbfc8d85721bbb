"""Tells, without any vault, whether a binder is what was written, and where it was changed."""

import contextlib
import hashlib
import mmap
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import pikepdf
from pikepdf import Dictionary, Name

from mips_desk.errors import BadInputError

from . import xmp
from .write import MARK, page_digest

#: Bytes read at a time.
_PIECE: Final = 1 << 20
_Part = TypeVar("_Part")
_MARKS: Final = (MARK.strip(), xmp.NAMESPACE.encode(), b"<binder:binderId>")


@dataclass(frozen=True, slots=True)
class BinderCheck:
    """What a file says of itself and whether it is unchanged.

    Attributes:
        binder_id: the identifier printed in it; empty when it cannot be read any more.
        year: performance year; 0 when it cannot be read any more.
        practice: name of the practice; empty when it cannot be read any more.
        sealed: the seal fits every byte. It shows that nothing changed since the file was written, not who wrote it.
        problems: where and what, each a few words; empty when sealed and sound.
        sha256: hash of the file's bytes (hex), to be looked up in the record of exports.
        pages: number of pages; 0 when the file cannot be opened.
    """

    binder_id: str
    year: int
    practice: str
    sealed: bool
    problems: tuple[tuple[str, str], ...]
    sha256: str
    pages: int


def verify_binder(path: Path) -> BinderCheck:
    """Check a binder.

    Args:
        path: the file.

    Raises:
        BadInputError: it cannot be read, or it is not a binder of ours.
    """
    try:
        with path.open("rb") as file, _mapped(file.fileno()) as data:
            return _check(path, data)
    except (OSError, ValueError) as error:
        raise BadInputError(f"“{path.name}” cannot be read. Nothing was checked.") from error


@contextlib.contextmanager
def _mapped(handle: int) -> Iterator[mmap.mmap]:
    with mmap.mmap(handle, 0, access=mmap.ACCESS_READ) as data:
        yield data


def _check(path: Path, data: mmap.mmap) -> BinderCheck:
    if not any(data.find(mark) >= 0 for mark in _MARKS):
        raise BadInputError(f"“{path.name}” is not a binder made by MIPS Desk, so it cannot be checked.")
    whole = hashlib.sha256()
    _hash_part(whole, data, 0, len(data))
    found = _seal_matches(data)
    sealed = found == []
    problems = list(found)
    text = _packet(data)
    pages = 0
    try:
        with pikepdf.open(path, attempt_recovery=not sealed) as pdf:
            pages = len(pdf.pages)
            if sealed:
                problems += [("File", "The structure of the PDF is damaged.")] if pdf.check_pdf_syntax() else []
            else:
                problems += _changed_places(pdf, text)
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError, KeyError):
        problems.append(("File", "The PDF is damaged and cannot be opened."))
    year = xmp.read_property(text, "year")
    return BinderCheck(
        binder_id=xmp.read_property(text, "binderId"),
        year=int(year) if re.fullmatch("[0-9]{4}", year) else 0,
        practice=xmp.read_property(text, "practice"),
        sealed=sealed,
        problems=tuple(problems),
        sha256=whole.hexdigest(),
        pages=pages,
    )


def _seal_matches(data: mmap.mmap) -> list[tuple[str, str]]:
    """Return what is wrong with the seal; nothing when it fits."""
    found = xmp.find_seal(data)
    if found is None:
        return [("Seal", "The seal is missing or damaged, so the file was changed since it was written.")]
    start, value = found
    blanked = hashlib.sha256()
    _hash_part(blanked, data, 0, start)
    blanked.update(xmp.BLANK.encode())
    _hash_part(blanked, data, start + len(value), len(data))
    if blanked.hexdigest().encode() == value:
        return []
    return [("Seal", "The seal does not fit: the file was changed since it was written.")]


def _hash_part(digest: "hashlib._Hash", data: mmap.mmap, start: int, end: int) -> None:
    for at in range(start, end, _PIECE):
        digest.update(data[at : min(at + _PIECE, end)])


def _packet(data: mmap.mmap) -> str:
    end = data.rfind(b"</x:xmpmeta>")
    start = data.rfind(b"<binder:binderId", 0, end if end >= 0 else len(data))
    if start < 0:
        start = max(data.rfind(xmp.NAMESPACE.encode()), 0)
    return data[start : end if end >= 0 else len(data)].decode("utf-8", "replace")


def _changed_places(pdf: pikepdf.Pdf, text: str) -> list[tuple[str, str]]:
    """Compare every page and picture with its digest from the time of writing."""
    expected = dict(xmp.read_digests(text))
    seen: set[str] = set()
    problems: list[tuple[str, str]] = []
    for number, page in enumerate(pdf.pages, 1):
        if _digest_or_none(page_digest, page) != expected.get(f"page {number}"):
            problems.append((f"Page {number}", "What the page says was changed."))
        for name, picture in page.resources.get(Name.XObject, Dictionary()).items():
            exhibit = name.removeprefix("/")
            if exhibit not in seen and _digest_or_none(_picture_digest, picture) != expected.get(f"exhibit {exhibit}"):
                problems.append((f"Exhibit {exhibit}, page {number}", "The picture was changed."))
            seen.add(exhibit)
    written = sum(where.startswith("page ") for where in expected)
    if written and written != len(pdf.pages):
        problems.append(("File", f"It has {len(pdf.pages)} pages, {written} were written."))
    return problems


def _picture_digest(picture: pikepdf.Object) -> str:
    return hashlib.sha256(picture.read_raw_bytes()).hexdigest()


def _digest_or_none(digest: Callable[[_Part], str], part: _Part) -> str | None:
    """Return a digest, or None for a part that is too damaged to be read."""
    try:
        return digest(part)
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError):
        return None
