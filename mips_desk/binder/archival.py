"""What makes a PDF an archival one: PDF/A-1b (ISO 19005-1). Metadata are added by the caller."""

from datetime import datetime
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from . import icc

#: How such a file is saved.
SAVING: Final[dict[str, Any]] = {
    "force_version": "1.4",
    "object_stream_mode": pikepdf.ObjectStreamMode.disable,
    "stream_decode_level": pikepdf.StreamDecodeLevel.generalized,
    "compress_streams": True,
    "recompress_flate": True,
    "fix_metadata_version": False,
}


def pdf_date(at: datetime) -> str:
    """Return a moment as PDF writes it: D:20260611091422-05'00'.

    Args:
        at: with its UTC offset.
    """
    offset = at.strftime("%z")
    return f"{at.strftime('D:%Y%m%d%H%M%S')}{offset[:3]}'{offset[3:5]}'"


def make_archival(pdf: pikepdf.Pdf, title: str, producer: str, made_at: datetime) -> None:
    """Take out of reportlab's file what PDF/A-1b does not allow and put in what it wants, with a place for metadata.

    Args:
        pdf: the file.
        title: one line.
        producer: name and version of the app.
        made_at: time stamp, with its UTC offset.
    """
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    pdf.docinfo[Name.Title] = String(title)
    pdf.docinfo[Name.Producer] = String(producer)
    stamp = pdf_date(made_at)
    pdf.docinfo[Name.CreationDate] = String(stamp)
    pdf.docinfo[Name.ModDate] = String(stamp)
    root = pdf.Root
    root.Lang = String("en-US")
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    root.Metadata = pdf.make_stream(b"-", Type=Name.Metadata, Subtype=Name.XML)
    profile = pdf.make_stream(icc.srgb(), N=3)
    root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=String("sRGB IEC61966-2.1"),
                RegistryName=String("http://www.color.org"),
                Info=String("sRGB IEC61966-2.1"),
                DestOutputProfile=pdf.make_indirect(profile),
            )
        ]
    )
    for page in pdf.pages:
        for unused in (Name.Trans, Name.Rotate):
            if unused in page.obj:
                del page.obj[unused]
        for annotation in page.obj.get(Name.Annots, Array()):
            annotation[Name.F] = 4  # printed, never hidden (ISO 19005-1, 6.5.3)
