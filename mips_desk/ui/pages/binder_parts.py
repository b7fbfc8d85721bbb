"""The parts of the Binder room in the order of their tabs. A new part is a module of its own and a line in `PARTS`."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from mips_desk.ui.desk import Desk

from .attested_part import AttestedPart
from .audit_part import AuditPart
from .binder_book import BookPart
from .binder_exports import ExportsPart
from .binder_part import BinderPart, Outside
from .papers_part import PapersPart


@dataclass(frozen=True, slots=True)
class PartEntry:
    """A line of the registry.

    Attributes:
        key: names it in links (`Desk.open_room(Room.BINDER, part=...)`). The checks lead to "papers" and "attested"
            where there are parts of these names.
        label: words on its tab.
        make: makes it on the first visit; a class derived from `BinderPart` does.
    """

    key: str
    label: str
    make: Callable[[Desk, Outside, QWidget], BinderPart]


#: The first one is shown at first.
PARTS: tuple[PartEntry, ...] = (
    PartEntry("binder", "Binder", BookPart),
    PartEntry("attested", "Attested", AttestedPart),
    PartEntry("papers", "Papers", PapersPart),
    PartEntry("audit", "Audit", AuditPart),
    PartEntry("exports", "Exports", ExportsPart),
)
