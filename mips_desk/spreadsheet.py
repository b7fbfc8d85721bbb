"""Lines of CSV files that spreadsheet programs open without reading a cell as a formula."""

import codecs
import csv
import io
from collections.abc import Sequence
from typing import Final
from unicodedata import category

#: What such a file begins with, so that every program reads it as UTF-8.
START: Final = codecs.BOM_UTF8
#: A spreadsheet reads a cell that begins so as a formula (OWASP, "CSV Injection"); the apostrophe is doubled so that
#: it can be told from the one that is put in front.
_RISKY: Final = tuple("=+-@\t\r\n'＝＋－＠")
#: Control and formatting characters.
_UNSEEN: Final = ("Cc", "Cf")


def line(cells: Sequence[str]) -> bytes:
    """Return one line of a CSV file (RFC 4180), ended by CR and LF.

    Args:
        cells: as they are; one that would be read as a formula gets an apostrophe in front.
    """
    written = io.StringIO()
    csv.writer(written).writerow(f"'{cell}" if _is_risky(cell) else cell for cell in cells)
    return written.getvalue().encode()


def _is_risky(cell: str) -> bool:
    """Tell whether a program may read a formula; some pass over spaces and what cannot be seen before it."""
    seen = next((at for at, char in enumerate(cell) if not (char.isspace() or category(char) in _UNSEEN)), 0)
    return cell.startswith(_RISKY) or cell.startswith(_RISKY, seen)
