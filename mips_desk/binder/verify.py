"""Tells, without any vault, whether a binder is what was written, and where it was changed."""

import contextlib
import hashlib
import mmap
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

import pikepdf
from pikepdf import Dictionary, Name

from mips_desk.errors import BadInputError

from . import signature, xmp
from .field import Gap, find_gap
from .signature import SignatureCheck
from .write import MARK, metadata_mark, page_digest, picture_digest, structure_digest

#: Bytes read at a time.
_PIECE: Final = 1 << 20
#: What a file says of itself takes less than this (bytes).
_LARGEST_PACKET: Final = 32 << 20
#: So many places that were changed are named, at most.
_MOST_PLACES: Final = 200
_Part = TypeVar("_Part")
_END: Final = b"%%EOF"
_CREATED: Final = re.compile(rb"\n<xmp:CreateDate>([^<]{1,40})</xmp:CreateDate>\n")
#: Where each file ends, once.
_START_OF_TABLE: Final = b"\nstartxref\n"
_MARKS: Final = (MARK.strip(), xmp.NAMESPACE.encode(), b"<binder:binderId>")


def _name(name: str) -> bytes:
    """Return a pattern of a PDF name, however its letters are written (PDF Reference 1.4, 3.2.4)."""
    return b"/" + b"".join(b"(?:%s|#(?i:%02x))" % (char.encode(), ord(char)) for char in name)


#: Tables and objects that are packed, which ours never are: a few bytes of them can fill the memory when a file is
#: opened.
_PACKED: Final = re.compile(rb"(?:%s|%s|%s)[\s/<>\[(%%]" % (_name("XRef"), _name("XRefStm"), _name("ObjStm")))
#: The end as it is written: no earlier table, no packed one.
_PLAIN_END: Final = re.compile(
    rb"trailer\n<< /Size \d+ /Root \d+ 0 R /Info \d+ 0 R /ID \[<[0-9a-f]{32}> <[0-9a-f]{32}>\] >>\n"
    rb"startxref\n\d+\n%%EOF\n\Z"
)
_LONGEST_END: Final = 400


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
        edition: REDACTED or FULL; empty when it cannot be read any more.
        made_at: when it says it was written; None when that cannot be read any more.
        signature: its digital signature; None when it has none.
    """

    binder_id: str
    year: int
    practice: str
    sealed: bool
    problems: tuple[tuple[str, str], ...]
    sha256: str
    pages: int
    edition: str = ""
    made_at: datetime | None = None
    signature: SignatureCheck | None = None


def verify_binder(path: Path) -> BinderCheck:
    """Check a binder.

    Args:
        path: the file.

    Raises:
        BadInputError: it cannot be read, or it is not a binder of ours.
    """
    try:
        with path.open("rb") as file, _mapped(file.fileno()) as data:
            return _check(path.name, data, path)
    except (OSError, ValueError) as error:
        raise BadInputError(f"“{path.name}” cannot be read. Nothing was checked.") from error


def verify_inside(file: BinaryIO, start: int, size: int) -> BinderCheck:
    """Check a binder that lies inside of another file; it is read into memory.

    Args:
        file: the other file.
        start: where the binder starts in it.
        size: bytes of the binder.

    Raises:
        BadInputError: what lies there is not a binder of ours.
    """
    file.seek(start)
    with mmap.mmap(-1, size) as data:
        data[:] = file.read(size)
        return _check("binder.pdf", data, BytesIO(data))


@contextlib.contextmanager
def _mapped(handle: int) -> Iterator[mmap.mmap]:
    with mmap.mmap(handle, 0, access=mmap.ACCESS_READ) as data:
        yield data


def _check(name: str, data: mmap.mmap, source: Path | BytesIO) -> BinderCheck:
    if not any(data.find(mark) >= 0 for mark in _MARKS):
        raise BadInputError(f"“{name}” is not a binder made by MIPS Desk, so it cannot be checked.")
    gap = find_gap(data, 0, len(data))
    hashed = _hashed(data, gap)
    found = _seal_problems(data, hashed.blanked)
    sealed = not found
    signed, signature_problems = _signature(data, gap, hashed.unsigned, sealed)
    problems = list(found)
    text = _packet(data)
    pages = 0
    try:
        packed = _PACKED.search(data) is not None
        if packed and _PLAIN_END.search(data, max(0, len(data) - _LONGEST_END)) is None:
            raise ValueError("no file of ours")
        # Words that somebody typed look packed, too; with an end like ours only a recovery could unpack anything.
        with pikepdf.open(source, attempt_recovery=not (sealed or packed)) as pdf:
            pages = len(pdf.pages)
            if not sealed:
                problems += _changed_places(pdf, data, text)
            elif _has_mark(text) and _metadata_changed(pdf, data):
                problems.append(("Metadata", "What the file says of itself was changed, and the seal made anew."))
            if gap is None and Name.AcroForm in pdf.Root and not signature_problems:
                signature_problems = [("Signature", "It was taken out or damaged: its place is there.")]
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError, KeyError, MemoryError):
        problems.append(("File", "The PDF is damaged and cannot be opened."))
    problems += _changed_end(data, sealed)
    problems += signature_problems
    year = xmp.read_property(text, "year")
    return BinderCheck(
        binder_id=xmp.read_property(text, "binderId"),
        year=int(year) if re.fullmatch("[0-9]{4}", year) else 0,
        practice=xmp.read_property(text, "practice"),
        sealed=sealed,
        problems=tuple(problems),
        sha256=hashed.whole,
        pages=pages,
        edition=xmp.read_property(text, "edition"),
        made_at=_made_at(data),
        signature=signed,
    )


@dataclass(frozen=True, slots=True)
class _Hashed:
    """SHA-256 of a file: of all of it (hex), with seal and signature blanked (hex), and without the signature."""

    whole: str
    blanked: str
    unsigned: bytes


def _hashed(data: mmap.mmap, gap: Gap | None) -> _Hashed:
    """Read the file once."""
    found = xmp.find_seal(data)
    seal = (found[0], found[0] + len(found[1])) if found else (0, 0)
    hole = (gap.start, gap.end) if gap else (0, 0)
    whole, blanked, unsigned = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
    cuts = sorted({0, len(data), *seal, *hole, *((hole[0] - 1, hole[1] + 1) if gap else ())})
    for start, end in pairwise(cuts):
        covered = not (gap and hole[0] - 1 <= start < hole[1] + 1)
        blank = (seal[0] <= start < seal[1]) or (hole[0] <= start < hole[1])
        for at in range(start, end, _PIECE):
            piece = data[at : min(at + _PIECE, end)]
            whole.update(piece)
            blanked.update(b"0" * len(piece) if blank else piece)
            if covered:
                unsigned.update(piece)
    return _Hashed(whole.hexdigest(), blanked.hexdigest(), unsigned.digest())


def _seal_problems(data: mmap.mmap, blanked: str) -> list[tuple[str, str]]:
    """Return what is wrong with the seal; nothing when it fits."""
    found = xmp.find_seal(data)
    if found is None or len(found[1]) != len(xmp.BLANK):
        return [("Seal", "The seal is missing or damaged, so the file was changed since it was written.")]
    if blanked.encode() == found[1]:
        return []
    return [("Seal", "The seal does not fit: the file was changed since it was written.")]


def _signature(
    data: mmap.mmap, gap: Gap | None, digest: bytes, sealed: bool
) -> tuple[SignatureCheck | None, list[tuple[str, str]]]:
    """Return what the digital signature says and what is wrong with it."""
    if gap is None:
        # In a file whose seal fits, the place of a signature is looked for instead: somebody may have typed the word.
        if sealed or data.find(b"/ByteRange") < 0:
            return None, []
        return None, [("Signature", "The signature is damaged, or there are several.")]
    digits = data[gap.start : gap.end]
    try:
        contents = bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        contents = b""
    found = signature.check(contents, digest)
    if not gap.covered:
        return found, [("Signature", "The signature does not cover the whole file.")]
    if contents.hex().encode() != digits:  # digits in another case, or spaces between them
        return found, [("Signature", "The signature is damaged.")]
    return found, [("Signature", found.problem)] if found.problem else []


def _changed_end(data: mmap.mmap, sealed: bool) -> list[tuple[str, str]]:
    """Tell whether a file was cut off or continued; one that is sealed could still have been sealed anew."""
    end = data.rfind(_END)
    if not sealed and (end < 0 or data[end : end + _PIECE].strip() != _END):
        return [("File", "It is cut off, or something was added after its end.")]
    if data.find(_START_OF_TABLE) != data.rfind(_START_OF_TABLE):
        return [("File", "A later version of it was added after its end.")]
    return []


def _made_at(data: mmap.mmap) -> datetime | None:
    start = max(data.rfind(b"<?xpacket begin="), 0)
    found = _CREATED.search(data, start)
    try:
        return datetime.fromisoformat(found[1].decode("ascii")) if found else None
    except ValueError:
        return None


def _packet(data: mmap.mmap) -> str:
    end = data.rfind(b"</x:xmpmeta>")
    start = data.rfind(b"<binder:binderId", 0, end if end >= 0 else len(data))
    if start < 0:
        start = max(data.rfind(xmp.NAMESPACE.encode()), 0)
    end = min(end if end >= 0 else len(data), start + _LARGEST_PACKET)
    return data[start:end].decode("utf-8", "replace")


def _changed_places(pdf: pikepdf.Pdf, data: mmap.mmap, text: str) -> list[tuple[str, str]]:
    """Compare every part with its digest from the time of writing."""
    expected = dict(xmp.read_digests(text))
    seen: set[str] = set()
    problems: list[tuple[str, str]] = []
    if _metadata_changed(pdf, data):
        problems.append(("Metadata", "What the file says of itself was changed."))
    for number, page in enumerate(pdf.pages, 1):
        if len(problems) > _MOST_PLACES:
            return [*problems, ("File", "More was changed; the rest was not compared.")]
        if _changed(page_digest, page, expected.get(f"page {number}")):
            problems.append((f"Page {number}", "What the page says was changed."))
        for name, picture in _pictures(page):
            if name not in seen and _changed(picture_digest, picture, expected.get(f"exhibit {name}")):
                problems.append((f"Exhibit {name}, page {number}", "The picture was changed."))
            seen.add(name)
    problems += [
        (f"Exhibit {name}", "The picture is missing.")
        for name in (where.removeprefix("exhibit ") for where in expected if where.startswith("exhibit "))
        if name not in seen
    ]
    written = sum(where.startswith("page ") for where in expected)
    if written and written != len(pdf.pages):
        problems.append(("File", f"It has {len(pdf.pages)} pages, {written} were written."))
    if _changed(structure_digest, pdf, expected.get("structure")):
        problems.append(("Structure", "Fonts, links, bookmarks or the order of pages were changed."))
    return problems or [("File", "Bytes between its parts were changed; pages and pictures are as they were written.")]


def _pictures(page: pikepdf.Page) -> list[tuple[str, pikepdf.Object]]:
    try:
        found = page.resources.get(Name.XObject, Dictionary())
        return [(name.removeprefix("/"), picture) for name, picture in found.items()]
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError):
        return []


def _has_mark(text: str) -> bool:
    """Tell whether the metadata are marked in the file's identifier: binders of the first versions have no such mark,
    and no digest of their structure either.
    """
    return any(where == "structure" for where, _digest in xmp.read_digests(text))


def _metadata_changed(pdf: pikepdf.Pdf, data: mmap.mmap) -> bool:
    end = data.rfind(b'<?xpacket end="r"?>')
    start = data.rfind(b"<?xpacket begin=", 0, max(end, 0))
    found = xmp.find_seal(data)
    try:
        mark = bytes(pdf.trailer.ID[0]).hex()[16:]
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError, IndexError, KeyError):
        return False
    if start < 0 or found is None or len(found[1]) != len(xmp.BLANK) or end - start > _LARGEST_PACKET:
        return True
    packet = data[start : found[0]] + xmp.BLANK.encode() + data[found[0] + len(found[1]) : end] + b'<?xpacket end="r"?>'
    return metadata_mark(packet) != mark


def _changed(digest: Callable[[_Part], str], part: _Part, expected: str | None) -> bool:
    """Tell whether a part is not what was written; one that is too damaged to be read is not."""
    try:
        return digest(part) != expected
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError, KeyError, MemoryError):
        return True
