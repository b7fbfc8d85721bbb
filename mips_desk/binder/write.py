"""The binder as a file: drawn pages, finished as PDF/A-1b, pictures streamed in one at a time, sealed.

Choice: reportlab draws the pages without pictures and pikepdf finishes them, both in memory (text only, small). Each
picture has a reserved object in that skeleton. The file is then written once from front to back: first every picture
object with its PNG rows as they are, then the other objects of the skeleton copied byte for byte, then a new
cross-reference table. So one picture at a time is in memory, nothing is decoded or compressed again, and no temporary
file holds a picture.
"""

import contextlib
import errno
import hashlib
import os
import re
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final, Protocol

import pikepdf
from pikepdf import Array, Dictionary, Name

from mips_desk.errors import BadInputError, MipsDeskError

from . import fonts, xmp
from .archival import SAVING, make_archival
from .content import BinderContent, ExhibitSheet
from .field import Signing, add_field, fill_gap, gap_object, reserved, set_range
from .flow import Placement
from .outline import exhibit_key
from .pages import Book, draw, lay_out, page_id
from .png import PngError, take_apart
from .proof import prove

#: Third line of every binder; a file without it and without our metadata is not one of ours.
MARK: Final = b"%MIPS Desk binder\n"
#: PDF/A-1 wants four bytes above 127 in the second line (ISO 19005-1, 6.1.2).
_HEADER: Final = b"%PDF-1.4\n%\xc7\xec\x8f\xa2\n" + MARK
#: Pictures that are made at the same time, at most, and their pixels together: 4 bytes for each are in memory.
_THREADS: Final = 4
_PIXELS_AHEAD: Final = 25_000_000
#: What a page draws is shorter than this (bytes, unpacked); exhibits are no part of it.
_LARGEST_PAGE: Final = 16 << 20


@dataclass(frozen=True, slots=True)
class BinderFile:
    """A binder that was written.

    Attributes:
        sha256: hash of the file's bytes (hex).
        pages: number of pages.
        exhibits: number of exhibits, withheld ones included.
        signed_by: fingerprint of the certificate that signed it (hex); empty when it is not signed.
        stamped: the signature holds a time stamp; one that was wanted may not have been had.
        first_pages: number of each exhibit with the identifier of the page on which it begins.
    """

    sha256: str
    pages: int
    exhibits: int
    signed_by: str = ""
    stamped: bool = False
    first_pages: tuple[tuple[str, str], ...] = ()


class _Sink(Protocol):
    def write(self, data: bytes | memoryview, /) -> object: ...


def write_binder(
    content: BinderContent,
    out: Path,
    progress: Callable[[int, int], None] | None = None,
    check_cancel: Callable[[], None] | None = None,
    signing: Signing | None = None,
) -> BinderFile:
    """Write a binder to a file; on any failure the file that was there before stays as it was.

    Args:
        content: the binder.
        out: the file, replaced in one step when everything is written.
        progress: called with the number of steps done and in all.
        check_cancel: called often; raises CancelledError to stop.
        signing: how it is signed; None: not at all.

    Raises:
        BadInputError: an exhibit's picture is not what the content says, or the certificate is not valid today.
        RedactionProofError: a picture in the written file is not covered where it should be.
        CancelledError: from check_cancel.
        MipsDeskError: the file could not be written.
    """
    # One name for each target, so that what a killed export left is overwritten and cleared by the next one.
    part = out.with_name(f".{out.name}.part")
    try:
        refuse_read_only(out)
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except OSError as error:
        raise not_written(out, error) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            written = stream_binder(content, stream, progress, check_cancel, signing)
            stream.flush()
            os.fsync(stream.fileno())
        prove(part, content, check_cancel)
        part.replace(out)
        sync_folder(out.parent)
    except OSError as error:
        raise not_written(out, error) from error
    finally:
        part.unlink(missing_ok=True)
    return written


def not_written(out: Path, error: OSError) -> MipsDeskError:
    """Return the error for a file that could not be written."""
    reason = error.strerror or "unknown reason"
    advice = "close it where it is open, or choose another place" if out.exists() else "choose another place"
    return MipsDeskError(f"“{out.name}” could not be written ({reason}). Nothing was changed; {advice}.")


def refuse_read_only(out: Path) -> None:
    """Refuse to replace a file that somebody protected: renaming would not ask.

    Raises:
        PermissionError: the file is there and nobody may write to it.
    """
    with contextlib.suppress(FileNotFoundError):
        if not out.stat().st_mode & 0o222:
            raise PermissionError(errno.EACCES, "it is protected against changes")


def sync_folder(folder: Path) -> None:
    """Make a rename durable where the system lets a folder be opened (not on Windows)."""
    with contextlib.suppress(PermissionError, IsADirectoryError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def stream_binder(
    content: BinderContent,
    stream: _Sink,
    progress: Callable[[int, int], None] | None = None,
    check_cancel: Callable[[], None] | None = None,
    signing: Signing | None = None,
) -> BinderFile:
    """Write a binder to any stream, from front to back.

    Args:
        content: the binder.
        stream: only written to, never read or rewound.
        progress: called with the number of steps done and in all.
        check_cancel: called often; raises CancelledError to stop.
        signing: how it is signed; None: not at all.

    Raises:
        BadInputError: an exhibit's picture is not what the content says, or the certificate is not valid today.
        CancelledError: from check_cancel.
    """
    if signing is not None:
        signing.identity.refuse_outdated(content.made_at)
    check = check_cancel or (lambda: None)
    report = progress or (lambda done, total: None)
    sheets = [sheet for sheet in content.exhibits if not sheet.withheld]
    total = len(sheets) + 2
    report(0, total)
    book = lay_out(content, check)
    drawn = draw(book, check)
    check()
    skeleton = _skeleton(book, drawn, signing)
    report(1, total)

    digests = list(skeleton.digests)
    whole = hashlib.sha256()
    at = 0
    offsets: dict[int, int] = {}

    def put(data: bytes | memoryview) -> None:
        nonlocal at
        stream.write(data)
        whole.update(data)
        at += len(data)

    put(_HEADER)
    done = 1
    for sheet, data in _loaded(sheets):
        check()
        number = skeleton.pictures[sheet.number]
        offsets[number] = at
        digests.append((f"exhibit {sheet.number}", _put_picture(sheet, data, number, put)))
        del data
        done += 1
        report(done, total)
    check()
    tail = _tail(skeleton, _metadata(book, digests), offsets, at)
    if skeleton.signature:
        tail = set_range(tail, tail.index(skeleton.objects[skeleton.signature]), at)
    found = xmp.find_seal(tail)
    assert found is not None, "the metadata hold one seal"
    start, blank = found
    sealed = whole.copy()
    sealed.update(tail)
    tail = tail[:start] + sealed.hexdigest().encode() + tail[start + len(blank) :]
    stamped = False
    if signing is not None:
        tail, stamped = fill_gap(tail, at, whole, signing)
    put(tail)
    report(total, total)
    signed_by = signing.identity.fingerprint if signing is not None else ""
    first_pages = tuple(
        (sheet.number, page_id(content, book.numbers[exhibit_key(sheet)])) for sheet in content.exhibits
    )
    return BinderFile(whole.hexdigest(), len(book.pages), len(content.exhibits), signed_by, stamped, first_pages)


def _loaded(sheets: Sequence[ExhibitSheet]) -> Iterator[tuple[ExhibitSheet, bytes]]:
    """Yield every exhibit with its picture; the next pictures are made meanwhile, as many as the memory is good for."""
    threads = min(_THREADS, os.cpu_count() or 1)
    waiting: deque[tuple[ExhibitSheet, Future[bytes]]] = deque()
    left = deque(sheets)
    with ThreadPoolExecutor(threads, "pictures") as pool:
        try:
            while waiting or left:
                while left and len(waiting) <= threads:
                    pixels = sum(sheet.width * sheet.height for sheet, _ in waiting)
                    if waiting and pixels + left[0].width * left[0].height > _PIXELS_AHEAD:
                        break
                    sheet = left.popleft()
                    waiting.append((sheet, pool.submit(sheet.load)))
                sheet, made = waiting.popleft()
                yield sheet, made.result()
                del made  # and its picture, before the next one is made
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _put_picture(sheet: ExhibitSheet, data: bytes, number: int, put: Callable[[bytes | memoryview], None]) -> str:
    """Write a picture's object and return the hash of what describes it and of its rows."""
    wrong = (
        f"The picture of exhibit {sheet.number} is not the one that was reviewed. No binder was written; open it again."
    )
    if hashlib.sha256(data).hexdigest() != sheet.rendition_sha256:
        raise BadInputError(wrong)
    try:
        picture = take_apart(data)
    except PngError as error:
        raise BadInputError(wrong) from error
    if (picture.width, picture.height) != (sheet.width, sheet.height):
        raise BadInputError(wrong)
    described = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.FlateDecode,
        DecodeParms=Dictionary(Predictor=15, Colors=3, BitsPerComponent=8, Columns=picture.width),
        Length=picture.length,
    ).unparse()
    put(b"%d 0 obj\n%s\nstream\n" % (number, described))
    digest = hashlib.sha256(described)
    for chunk in picture.chunks:
        put(chunk)
        digest.update(chunk)
    put(b"\nendstream\nendobj\n")
    return digest.hexdigest()


def _title(content: BinderContent) -> str:
    return f"MIPS Improvement Activities evidence {content.year}, {content.practice.name}"


def _producer(content: BinderContent) -> str:
    return f"{xmp.PRODUCER} {content.app_version}"


def _metadata(book: Book, digests: list[tuple[str, str]]) -> bytes:
    content = book.content
    return xmp.packet(
        xmp.Facts(
            binder_id=content.binder_id,
            year=content.year,
            practice=_one_line(content.practice.name),
            edition=content.edition.shown,
            journal_head=content.journal_head,
            title=_one_line(_title(content)),
            producer=_producer(content),
            made_at=content.made_at,
            digests=tuple(digests),
        )
    )


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", fonts.clean(text)).strip()


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """The finished pages without pictures.

    Attributes:
        objects: bytes of every object by its number.
        pictures: object number by exhibit number.
        metadata: object number of the metadata.
        root: object number of the catalog.
        info: object number of the document information.
        signature: object number of the signature; 0 without one.
        digests: "page 12" with the SHA-256 of its content, "structure" with that of everything else.
        digest: SHA-256 of the skeleton.
    """

    objects: dict[int, bytes]
    pictures: dict[str, int]
    metadata: int
    root: int
    info: int
    signature: int
    digests: tuple[tuple[str, str], ...]
    digest: bytes


def _skeleton(book: Book, drawn: bytes, signing: Signing | None) -> _Skeleton:
    stream = BytesIO()
    made_at = book.content.made_at
    with pikepdf.open(BytesIO(drawn)) as pdf:
        _finish(pdf, book)
        if signing is not None:
            add_field(pdf, book.signature, signing, made_at)
        pdf.save(stream, **SAVING, static_id=True)
    data = stream.getvalue()
    with pikepdf.open(BytesIO(data)) as pdf:
        pictures: dict[str, int] = {}
        for page in pdf.pages:
            for name, picture in page.resources.get(Name.XObject, Dictionary()).items():
                pictures[name.removeprefix("/")] = picture.objgen[0]
        objects = _objects(data)
        signature = 0
        if signing is not None:
            signature = reserved(pdf)
            objects[signature] = gap_object(signature, signing, made_at)
        return _Skeleton(
            objects=objects,
            pictures=pictures,
            metadata=pdf.Root.Metadata.objgen[0],
            root=pdf.Root.objgen[0],
            info=pdf.docinfo.objgen[0],
            signature=signature,
            digests=(
                *((f"page {index}", page_digest(page)) for index, page in enumerate(pdf.pages, 1)),
                ("structure", structure_digest(pdf)),
            ),
            digest=hashlib.sha256(data).digest(),
        )


def page_digest(page: pikepdf.Page) -> str:
    """Return the SHA-256 (hex) of what a page draws, however it is compressed.

    Raises:
        ValueError: it draws more than a page of ours ever does, or is packed as ours never are: a file that somebody
            made to fill the memory of whoever checks it.
    """
    parts = page.obj.get(Name.Contents, Array())
    digest, room = hashlib.sha256(), _LARGEST_PAGE
    for index, part in enumerate(parts if isinstance(parts, Array) else [parts]):
        drawn = (b"\n" if index else b"") + _unpacked(part, room)
        digest.update(drawn)
        room -= len(drawn)
    return digest.hexdigest()


def _unpacked(part: pikepdf.Object, room: int) -> bytes:
    """Return what a stream holds, in as many bytes as there is room for."""
    data, packing = part.read_raw_bytes(), part.get(Name.Filter)
    if packing == Name.FlateDecode and Name.DecodeParms not in part:
        stream = zlib.decompressobj()
        try:
            data = stream.decompress(data, max(room, 1))
        except zlib.error as error:
            raise ValueError("damaged") from error
        packing = None if stream.eof else packing
    if packing is not None or len(data) >= room:
        raise ValueError("no page of ours")
    return data


def picture_digest(picture: pikepdf.Object) -> str:
    """Return the SHA-256 (hex) of a picture as it is stored, with what describes it."""
    return hashlib.sha256(picture.stream_dict.unparse() + picture.read_raw_bytes()).hexdigest()


def structure_digest(pdf: pikepdf.Pdf) -> str:
    """Return the SHA-256 (hex) of everything in a binder besides its metadata, signature, pictures and what its pages
    draw: fonts, links, bookmarks, and how all of it hangs together.
    """
    apart = {pdf.Root.Metadata.objgen[0]}
    if Name.AcroForm in pdf.Root:
        apart.add(reserved(pdf))
    for page in pdf.pages:
        contents = page.obj.get(Name.Contents, Array())
        apart |= {part.objgen[0] for part in (contents if isinstance(contents, Array) else [contents])}
        apart |= {picture.objgen[0] for picture in page.get_images().values()}
    digest = hashlib.sha256()
    for number in range(1, len(pdf.objects)):
        if number in apart:
            continue
        found = pdf.get_object(number, 0)
        if isinstance(found, pikepdf.Stream):
            digest.update(b"%d %s\n" % (number, found.stream_dict.unparse()))
            digest.update(found.read_raw_bytes())
        else:
            digest.update(b"%d %s\n" % (number, found.unparse(resolved=True)))
    return digest.hexdigest()


def _finish(pdf: pikepdf.Pdf, book: Book) -> None:
    """Turn reportlab's file into a PDF/A-1b skeleton with a reserved object for every picture."""
    content = book.content
    make_archival(pdf, _one_line(_title(content)), _producer(content), content.made_at)
    pdf.Root.PageMode = Name.UseOutlines
    reserved: dict[str, pikepdf.Object] = {}
    for page, laid in zip(pdf.pages, book.pages, strict=True):
        for placement in laid.pictures:
            place_picture(pdf, page, placement, reserved)


def place_picture(
    pdf: pikepdf.Pdf, page: pikepdf.Page, placement: Placement, reserved: dict[str, pikepdf.Object]
) -> None:
    """Draw a picture and its frame on a page; the preview does the same with the same.

    Args:
        pdf: the file of the page.
        page: the page.
        placement: where the picture lies.
        reserved: objects of pictures by exhibit number; one that is missing is made, with nothing in it.
    """
    number = placement.sheet.number
    if number not in reserved:
        picture = pdf.make_stream(number.encode(), Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
        reserved[number] = pdf.make_indirect(picture)
    name = page.add_resource(reserved[number], Name.XObject, Name(f"/{number}"))
    x, y, width, height = placement.clip
    left, low, wide, high = placement.box
    page.contents_add(
        f"q {x:.3f} {y:.3f} {width:.3f} {height:.3f} re W n "
        f"{wide:.3f} 0 0 {high:.3f} {left:.3f} {low:.3f} cm {name} Do Q "
        # The frame comes after the picture and outside of it, so that neither hides the other.
        f"q 0.32 0.36 0.41 RG 0.5 w {x - 0.3:.3f} {y - 0.3:.3f} {width + 0.6:.3f} {height + 0.6:.3f} re S Q".encode()
    )


def _objects(data: bytes) -> dict[int, bytes]:
    """Return the bytes of every object of a file that qpdf has just written, by way of its cross-reference table."""
    start = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    lines = data[start:].split(b"\n")
    first, size = map(int, lines[1].split())
    assert (lines[0], first) == (b"xref", 0), "a plain cross-reference table"
    offsets = {number: int(lines[2 + number][:10]) for number in range(1, size)}
    ends = [*sorted(offsets.values())[1:], start]
    spans = dict(zip(sorted(offsets.values()), ends, strict=True))
    return {number: data[offset : spans[offset]].strip() + b"\n" for number, offset in offsets.items()}


def metadata_mark(metadata: bytes) -> str:
    """Return the second half of a file's identifier (hex): it tells a change of the metadata from another one.

    Args:
        metadata: the XMP packet with a blank seal.
    """
    return hashlib.sha256(metadata).hexdigest()[:16]


def _tail(skeleton: _Skeleton, metadata: bytes, offsets: dict[int, int], at: int) -> bytes:
    """Return everything after the pictures, with a blank seal.

    Args:
        skeleton: the pages.
        metadata: the XMP packet.
        offsets: where the picture objects start.
        at: where the tail starts.
    """
    length = f"/Length {len(metadata)}"
    own = f"{skeleton.metadata} 0 obj\n<< /Type /Metadata /Subtype /XML {length} >>\nstream\n".encode()
    objects = {**skeleton.objects, skeleton.metadata: own + metadata + b"\nendstream\nendobj\n"}
    places = dict(offsets)
    body = bytearray()
    for number, data in sorted(objects.items()):
        if number not in offsets:
            places[number] = at + len(body)
            body += data
    start = at + len(body)
    size = len(objects) + 1
    body += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    body += "".join(f"{places[number]:010d} 00000 n \n" for number in range(1, size)).encode()
    mark = skeleton.digest.hex()[:16] + metadata_mark(metadata)
    body += f"trailer\n<< /Size {size} /Root {skeleton.root} 0 R /Info {skeleton.info} 0 R ".encode()
    body += f"/ID [<{mark}> <{mark}>] >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(body)
