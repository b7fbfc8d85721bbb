"""Practice papers: proof of a year that belongs to no activity. They are evidence items with numbers of their own
("2026-PAPERS-01"), so `collect` describes, marks, removes and shows them like every other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mips_desk.domain.evidence import EvidenceItem
from mips_desk.domain.papers import PaperKind
from mips_desk.domain.practice import Clinician
from mips_desk.domain.readiness import Missing

from .collect import Added, Incoming
from .overview import YearView
from .session import Session


@dataclass(frozen=True, slots=True)
class PaperView:
    """One practice paper.

    Attributes:
        item: the evidence item.
        number: its exhibit number, "2026-PAPERS-01".
        kind: what it shows, or None when nobody said so yet.
        missing: what is left to do before it is fit to be shown.
    """

    item: EvidenceItem
    number: str
    kind: PaperKind | None
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Papers:
    """The practice papers of a year.

    Attributes:
        papers: in the order of their numbers.
        without_status: clinicians of the year of whom no participation status is there.
        lacks: what an auditor would ask for besides, one sentence each: a special status without a paper, an
            attestation without a receipt.
    """

    papers: tuple[PaperView, ...]
    without_status: tuple[Clinician, ...]
    lacks: tuple[str, ...]

    def of(self, kind: PaperKind) -> tuple[PaperView, ...]:
        """Return the papers of one kind."""
        return tuple(each for each in self.papers if each.kind is kind)


def papers(view: YearView) -> Papers:
    """Return the practice papers of a year.

    Args:
        view: the year.
    """
    raise NotImplementedError


def add(
    session: Session,
    year: int,
    pictures: Sequence[Incoming],
    *,
    kind: PaperKind | None = None,
    caption: str = "",
    shows_date: date | None = None,
    clinician_ids: tuple[str, ...] = (),
) -> Added:
    """Take pictures in as practice papers of a year, all or none, in one transaction.

    Args:
        session: the open practice.
        year: performance year.
        pictures: the pictures.
        kind: what they show; None: not said yet.
        caption: given to each of them.
        shows_date: the date they show.
        clinician_ids: clinicians they speak of.

    Raises:
        BadInputError: the year is unknown, or one of them is not a sound PNG or JPEG; nothing was stored.
        YearClosedError: the year is closed.
    """
    raise NotImplementedError
