"""Faces of which only the glyphs used are embedded, as CIDFontType2 with Identity-H (ISO 19005-1, 6.3.5).

Reportlab knows a character by its code; shaped text needs glyphs that have none. So each pair of a glyph and the
characters that it stands for gets a number of its own in the order of first use, and a reader that searches or copies
gets the characters back.
"""

import hashlib
import zlib
from collections.abc import Sequence
from typing import Any, Final

import uharfbuzz as hb  # type: ignore[import-untyped]  # ships no types
from reportlab.pdfbase import pdfdoc, pdfmetrics

from . import shaping
from .shaping import Glyph

#: Tables that only a shaper needs.
_LAYOUT: Final = ("GSUB", "GPOS", "GDEF", "BASE", "JSTF", "DSIG", "STAT", "name", "post", "cmap", "kern", "meta")
#: Moves smaller than this are not seen (thousandths of the type size).
_MOVE: Final = 0.6
#: Widths in one array; PDF/A-1 allows 8,191 elements (ISO 19005-1, 6.1.12).
_ROW: Final = 1000
_CMAP: Final = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{ranges}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


class EmbeddedFace:
    """The glyphs of one face that one document uses."""

    def __init__(self, name: str, internal: str) -> None:
        """Make an empty one.

        Args:
            name: of the face.
            internal: its name in the resources of the pages.
        """
        self.name = name
        self.internal = internal
        self._numbers: dict[tuple[int, str], int] = {}

    def _number(self, glyph: Glyph) -> int:
        return self._numbers.setdefault((glyph.number, glyph.text), len(self._numbers) + 1)

    def show(self, glyphs: Sequence[Glyph], x: float, y: float, size: float, bold: float) -> str:
        """Return the operators that draw shaped text in the current color.

        Args:
            glyphs: from left to right.
            x: left end, in points.
            y: baseline, in points.
            size: points.
            bold: width of the outline that makes the strokes heavier, in thousandths of the size; 0 for none.
        """
        parts = [f"q BT /{self.internal} {size:g} Tf 1 0 0 1 {x:.3f} {y:.3f} Tm"]
        if bold:
            parts.append(f"2 Tr {bold * size / 1000:.3f} w")
        shown: list[str] = []
        rise = at = cursor = 0.0
        for glyph in glyphs:
            if abs(glyph.dy - rise) > _MOVE:
                if shown:
                    parts.append(f"[{''.join(shown)}] TJ")
                    shown = []
                rise = glyph.dy
                parts.append(f"{rise * size / 1000:.3f} Ts")
            if abs(cursor + glyph.dx - at) > _MOVE:
                shown.append(f"{at - cursor - glyph.dx:.1f}")
                at = round(cursor + glyph.dx, 1)
            shown.append(f"<{self._number(glyph):04X}>")
            at += self._width(glyph.number)
            cursor += glyph.advance
        parts.append(f"[{''.join(shown)}] TJ ET Q")
        return " ".join(parts)

    def _width(self, glyph: int) -> float:
        used = shaping.face(self.name)
        return round(float(used.font.get_glyph_h_advance(glyph)) * 1000 / used.per_em, 2)

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - reportlab calls it by this name when it finishes a document
        """Put the font into the document.

        Args:
            doc: reportlab's document.
        """
        used = shaping.face(self.name)
        program, places = _subset(used.font.face, {glyph for glyph, _text in self._numbers})
        glyphs = [0, *(glyph for glyph, _text in self._numbers)]
        tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(program).digest()[:6])
        base = f"{tag}+{self.name}"
        scale = 1000 / used.per_em
        extents = used.font.get_font_extents("ltr")
        upper = _cap_height(used)
        box = _box(used.font.face)
        descriptor = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("FontDescriptor"),
                "FontName": pdfdoc.PDFName(base),
                "Flags": 4,
                "FontBBox": pdfdoc.PDFArray([round(value * scale) for value in box]),
                "ItalicAngle": 0,
                "Ascent": round(extents.ascender * scale),
                "Descent": round(extents.descender * scale),
                "CapHeight": round(upper * scale),
                "StemV": 80,
                "FontFile2": self._stream(doc, program, "program", Length1=len(program)),
                "CIDSet": self._stream(doc, _bits(len(glyphs)), "set"),
            }
        )
        widths: list[Any] = []
        for first in range(0, len(glyphs), _ROW):
            row = [self._width(glyph) for glyph in glyphs[first : first + _ROW]]
            widths += [first, pdfdoc.PDFArray(row)]
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("CIDFontType2"),
                "BaseFont": pdfdoc.PDFName(base),
                "CIDSystemInfo": pdfdoc.PDFDictionary(
                    {"Registry": pdfdoc.PDFString("Adobe"), "Ordering": pdfdoc.PDFString("Identity"), "Supplement": 0}
                ),
                "FontDescriptor": doc.Reference(descriptor, f"{self.internal}:descriptor"),
                "DW": 1000,
                "W": pdfdoc.PDFArray(widths),
                "CIDToGIDMap": self._stream(doc, b"".join(places[glyph].to_bytes(2) for glyph in glyphs), "places"),
            }
        )
        font = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("Type0"),
                "BaseFont": pdfdoc.PDFName(base),
                "Encoding": pdfdoc.PDFName("Identity-H"),
                "DescendantFonts": pdfdoc.PDFArray([doc.Reference(descendant, f"{self.internal}:descendant")]),
                "ToUnicode": self._stream(doc, self._to_unicode(), "unicode"),
            }
        )
        doc.idToObject["BasicFonts"].dict[self.internal] = doc.Reference(font, self.internal)

    def _stream(self, doc: Any, data: bytes, what: str, **entries: int) -> Any:
        stream = pdfdoc.PDFStream()
        stream.content = data
        stream.filters = [pdfdoc.PDFZCompress]
        for key, value in entries.items():
            stream.dictionary[key] = value
        return doc.Reference(stream, f"{self.internal}:{what}")

    def _to_unicode(self) -> bytes:
        lines = [
            f"<{number:04X}> <{text.encode('utf-16-be').hex().upper()}>"
            for (_glyph, text), number in self._numbers.items()
            if text
        ]
        # A section of a CMap holds at most 100 lines.
        sections = [lines[at : at + 100] for at in range(0, len(lines), 100)]
        ranges = "\n".join(f"{len(section)} beginbfchar\n" + "\n".join(section) + "\nendbfchar" for section in sections)
        return _CMAP.format(ranges=ranges).encode()


#: How a byte is written in a string of a page; every page stays plain ASCII.
_ESCAPED: Final = {byte: f"\\{byte:03o}" for byte in (*range(32), *range(127, 256))} | {
    ord(char): f"\\{char}" for char in "()\\"
}


def show_plain(canvas: Any, text: str, name: str, x: float, y: float, size: float) -> str:
    """Return the operators that draw text in one of reportlab's fonts, which it splits over subsets of 256 characters.

    The canvas has a method for this that takes six times as long.

    Args:
        canvas: reportlab's canvas.
        text: drawn character by character.
        name: of the font.
        x: left end, in points.
        y: baseline, in points.
        size: points.
    """
    font, doc = pdfmetrics.getFont(name), canvas._doc
    shown = "".join(
        f" {font.getSubsetInternalName(subset, doc)} {size:g} Tf ({data.decode('latin-1').translate(_ESCAPED)}) Tj"
        for subset, data in font.splitString(text, doc)
    )
    return f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm{shown} ET"


def pack_last_page(canvas: Any) -> None:
    """Compress the page that was just finished; the canvas would keep all of them as text until the end.

    Args:
        canvas: reportlab's canvas.
    """
    doc = canvas._doc
    page = doc.Pages.pages[-1]
    packed = pdfdoc.PDFStream(content=zlib.compress(page.stream.encode("latin-1"), 1))
    packed.dictionary["Filter"] = pdfdoc.PDFName("FlateDecode")
    page.Contents, page.stream = packed, None


def embedded(canvas: Any, name: str) -> EmbeddedFace:
    """Return the face as the document of a canvas embeds it.

    Args:
        canvas: reportlab's canvas.
        name: of the face.
    """
    doc = canvas._doc
    found: EmbeddedFace | None = next(
        (font for font in doc.delayedFonts if isinstance(font, EmbeddedFace) and font.name == name), None
    )
    if found is None:
        found = EmbeddedFace(name, f"S{sum(isinstance(font, EmbeddedFace) for font in doc.delayedFonts) + 1}")
        doc.delayedFonts.append(found)
    return found


def _subset(face: Any, glyphs: set[int]) -> tuple[bytes, dict[int, int]]:
    """Return a font with only the given glyphs, and where each one is in it."""
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).set({0, *glyphs})
    wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(int.from_bytes(tag.encode().ljust(4)) for tag in _LAYOUT)
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    plan = hb.SubsetPlan(face, wanted)
    places = dict(plan.old_to_new_glyph_mapping)
    return plan.execute().blob.data, places


def _bits(count: int) -> bytes:
    """Return a CIDSet in which the first `count` identifiers are present."""
    return bytes(sum(128 >> bit for bit in range(8) if at + bit < count) for at in range(0, count, 8))


def _box(face: Any) -> tuple[int, int, int, int]:
    """Return the box that holds every glyph, from the head table (OpenType: xMin at byte 36)."""
    head = face.reference_table("head").data
    left, low, right, high = (int.from_bytes(head[at : at + 2], signed=True) for at in (36, 38, 40, 42))
    return left, low, right, high


def _cap_height(used: shaping.Face) -> int:
    found = used.font.get_metric_position(hb.OTMetricsTag.CAP_HEIGHT)
    return int(found or used.per_em * 7 // 10)
