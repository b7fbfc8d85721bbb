"""The place of a signature in a binder: the field on the certification page, and the gap in the file that is filled in
when everything else is there (PDF Reference 1.6, 8.7). There is one revision: the field is part of what is signed.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from mmap import mmap
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from reportlab.pdfgen.canvas import Canvas

from . import fonts, words
from .archival import pdf_date
from .pages import SignaturePlace, one_line_within
from .pen import ACCENT, CODE, GREY, LABEL, SMALL_STRONG, WASH, Pen, Run, Style
from .signature import Identity, Stamper, room, sign

#: Name of the field.
FIELD: Final = "Signature"
#: Width kept for the four numbers of the byte range.
_RANGE: Final = 48
#: The object as `gap_object` writes it. A line of its own comes before it, which no text of a person can hold.
_GAP: Final = re.compile(
    rb"\n\d{1,10} 0 obj\n<< /Type /Sig /Filter /Adobe\.PPKLite /SubFilter /ETSI\.CAdES\.detached"
    rb" /Name <[0-9a-f]*> /Reason <[0-9a-f]*> /M <[0-9a-f]*>"
    rb" /ByteRange \[0 (\d{1,12}) (\d{1,12}) (\d{1,12}) *\] /Contents <"
)
_REASON: Final = "To show that this file is unchanged since it was written"
_PADDING: Final = 10.0
_SMALL: Final = Style(fonts.REGULAR, 7, 9.5, GREY)


@dataclass(frozen=True, slots=True)
class Signing:
    """How a file is to be signed.

    Attributes:
        identity: whose key and certificate.
        stamper: asks for a time stamp; None: none is wanted.
    """

    identity: Identity
    stamper: Stamper | None = None


def add_field(pdf: pikepdf.Pdf, place: SignaturePlace, signing: Signing, at: datetime) -> None:
    """Put the visible field on its page, with a reserved object for the signature.

    Args:
        pdf: the binder without pictures.
        place: page and box.
        signing: whose signature it will be.
        at: moment of signing.
    """
    page = pdf.pages[place.page - 1]
    left, low, right, high = place.box
    size = (right - left, high - low)
    with pikepdf.open(BytesIO(_appearance(signing.identity, at, size))) as drawn:
        look = pdf.copy_foreign(drawn.pages[0].as_form_xobject())
    for unneeded in (Name.Group, Name.Metadata):
        if unneeded in look:
            del look[unneeded]
    widget = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(FIELD),
            TU=String("Digital signature"),
            F=132,  # printed and locked; never hidden (ISO 19005-1, 6.5.3)
            Rect=Array([round(edge, 3) for edge in (left, low, right, high)]),
            P=page.obj,
            AP=Dictionary(N=pdf.make_indirect(look)),
            V=pdf.make_indirect(Dictionary(Type=Name.Sig)),
        )
    )
    if Name.Annots not in page.obj:
        page.obj.Annots = Array()
    page.obj.Annots.append(widget)
    pdf.Root.AcroForm = Dictionary(Fields=Array([widget]), SigFlags=3)


def _appearance(identity: Identity, at: datetime, size: tuple[float, float]) -> bytes:
    """Draw what the field shows."""
    fonts.register()
    width, height = size
    stream = BytesIO()
    canvas = Canvas(
        stream, pagesize=size, pageCompression=0, invariant=1, initialFontName=fonts.REGULAR, pdfVersion=(1, 4)
    )
    pen = Pen(canvas, {})
    canvas.setFillColorRGB(*WASH)
    canvas.rect(0, 0, width, height, stroke=0, fill=1)
    canvas.setFillColorRGB(*ACCENT)
    canvas.rect(0, 0, 3, height, stroke=0, fill=1)
    left, inner = _PADDING + 3, width - 2 * _PADDING - 3
    name = one_line_within(identity.name, inner, pen)
    pen.text(left, height - 13, Run("DIGITAL SIGNATURE", LABEL))
    pen.text(left, height - 26, Run(name, SMALL_STRONG))
    pen.text(left, height - 37, Run(f"Signed {words.moment(at)}. A PDF", _SMALL))
    pen.text(left, height - 46, Run("program shows whether the file is unchanged since then.", _SMALL))
    shown = identity.fingerprint[:32]
    grouped = " ".join(shown[at : at + 8] for at in range(0, len(shown), 8))
    pen.text(left, height - 56, Run(f"Certificate {grouped} …", CODE.with_font(fonts.MONO)))
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def reserved(pdf: pikepdf.Pdf) -> int:
    """Return the number of the object that `add_field` reserved for the signature."""
    number: int = pdf.Root.AcroForm.Fields[0].V.objgen[0]
    return number


def gap_object(number: int, signing: Signing, at: datetime) -> bytes:
    """Return the signature object with a gap where the signature will be.

    Args:
        number: of the object.
        signing: whose signature it will be.
        at: moment of signing.
    """
    gap = b"0" * (2 * room(signing.identity, stamped=signing.stamper is not None))
    said = {"Name": signing.identity.name, "Reason": _REASON, "M": pdf_date(at)}
    text = b" ".join(b"/%s <%s>" % (key.encode(), _digits(value)) for key, value in said.items())
    return b"%d 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached %s " % (
        number,
        text,
    ) + b"/ByteRange [0 0 0 %s] /Contents <%s> >>\nendobj\n" % (b" " * (_RANGE - 6), gap)


def _digits(text: str) -> bytes:
    """Return a text as the hexadecimal digits of a PDF string."""
    data = text.encode() if text.isascii() else b"\xfe\xff" + text.encode("utf-16-be", "replace")
    return data.hex().encode()


def set_range(tail: bytes, start: int, at: int) -> bytes:
    """Fill in which bytes the signature covers: all of the file but the gap.

    Args:
        tail: the end of the file.
        start: where in it the signature object starts.
        at: where in the file the tail starts.
    """
    range_at = tail.index(b"/ByteRange [", start) + len(b"/ByteRange [")
    gap = tail.index(b"/Contents <", range_at) + len(b"/Contents ")
    after = tail.index(b">", gap) + 1
    numbers = b"0 %d %d %d" % (at + gap, at + after, len(tail) - after)
    return tail[:range_at] + numbers.ljust(_RANGE) + tail[range_at + _RANGE :]


def fill_gap(tail: bytes, at: int, before: "hashlib._Hash", signing: Signing) -> tuple[bytes, bool]:
    """Sign a file and put the signature into its gap.

    Args:
        tail: the end of the file, with everything else in it.
        at: where in the file the tail starts.
        before: SHA-256 of the file up to there.
        signing: how.

    Returns:
        The tail with the signature, and whether it holds a time stamp.
    """
    gap = find_gap(tail, at, at + len(tail))
    assert gap is not None, "set_range has been there"
    assert gap.covered, "the range covers everything but the gap"
    start, end = gap.start - at, gap.end - at
    digest = before.copy()
    digest.update(tail[: start - 1])
    digest.update(tail[end + 1 :])
    signed = sign(signing.identity, digest.digest(), signing.stamper)
    return tail[:start] + signed.cms.hex().encode().ljust(end - start, b"0") + tail[end:], signed.stamped


@dataclass(frozen=True, slots=True)
class Gap:
    """Where the signature of a file lies.

    Attributes:
        start: of its hexadecimal digits.
        end: behind them.
        covered: the byte range is all of the file but these digits and their brackets.
    """

    start: int
    end: int
    covered: bool


def find_gap(data: bytes | mmap, offset: int, size: int) -> Gap | None:
    """Return where the only signature of a file lies, or None when there is not exactly one.

    Args:
        data: the end of the file, or all of it.
        offset: where it starts in the file.
        size: of the whole file in bytes.
    """
    found = list(_GAP.finditer(data))
    if len(found) != 1:
        return None
    before, after, rest = map(int, found[0].groups())
    start, end = found[0].end(), data.find(b">", found[0].end())
    if end < 0:
        return None
    start, end = start + offset, end + offset
    return Gap(start, end, (before, after, rest) == (start - 1, end + 1, size - end - 1))
