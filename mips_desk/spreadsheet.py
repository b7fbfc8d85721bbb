"""Lines of CSV files that spreadsheet programs open without reading a cell as a formula."""

import codecs
import csv
import io
from collections.abc import Sequence
from typing import Final

#: What such a file begins with, so that every program reads it as UTF-8.
START: Final = codecs.BOM_UTF8
#: A spreadsheet reads a cell that begins so as a formula (OWASP, "CSV Injection"); the apostrophe is doubled so that
#: it can be told from the one that is put in front.
_RISKY: Final = tuple("=+-@\t\r\n'＝＋－＠")


def line(cells: Sequence[str]) -> bytes:
    """Return one line of a CSV file (RFC 4180), ended by CR and LF.

    Args:
        cells: as they are; one that would be read as a formula gets an apostrophe in front.
    """
    written = io.StringIO()
    csv.writer(written).writerow(f"'{cell}" if cell.startswith(_RISKY) else cell for cell in cells)
    return written.getvalue().encode()
