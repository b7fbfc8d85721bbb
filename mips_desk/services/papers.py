"""Practice papers: proof of a year that belongs to no activity. They are evidence items with numbers of their own
("2026-PAPERS-01"), so `collect` describes, marks, removes and shows them like every other.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mips_desk.domain.attested import in_force
from mips_desk.domain.evidence import EvidenceItem, exhibit_number
from mips_desk.domain.papers import PAPERS, PaperKind, kind_of
from mips_desk.domain.practice import Clinician, Track
from mips_desk.domain.readiness import Missing, paper_missing
from mips_desk.store import Event

from . import collect
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
        lacking: what an auditor would ask for besides, the kind of paper and a sentence each: a special status without
            a paper, an attestation without a receipt.
    """

    papers: tuple[PaperView, ...]
    without_status: tuple[Clinician, ...]
    lacking: tuple[tuple[PaperKind, str], ...]

    @property
    def lacks(self) -> tuple[str, ...]:
        """The sentences of what is lacking."""
        return tuple(sentence for _, sentence in self.lacking)

    def of(self, kind: PaperKind) -> tuple[PaperView, ...]:
        """Return the papers of one kind."""
        return tuple(each for each in self.papers if each.kind is kind)


def papers(view: YearView) -> Papers:
    """Return the practice papers of a year.

    Args:
        view: the year.
    """
    found = tuple(
        PaperView(
            item,
            exhibit_number(view.year, PAPERS, item.number, item.letter),
            kind_of(item.option_key),
            paper_missing(item),
        )
        for item in view.papers
    )
    shown = {one for each in found if each.kind is PaperKind.PARTICIPATION for one in each.item.clinician_ids}
    kinds = {each.kind for each in found}
    return Papers(
        papers=found,
        without_status=tuple(clinician for clinician in view.clinicians if clinician.id not in shown),
        lacking=tuple(_lacks(view, kinds, {each.item.id for each in found})),
    )


def _lacks(
    view: YearView, kinds: Collection[PaperKind | None], ids: Collection[str]
) -> Iterator[tuple[PaperKind, str]]:
    if view.profile.special_statuses and PaperKind.SPECIAL_STATUS not in kinds:
        yield PaperKind.SPECIAL_STATUS, "A special status is claimed, and no paper shows it."
    if (view.profile.track is not Track.TRADITIONAL or view.profile.apm_participant) and PaperKind.PROGRAM not in kinds:
        yield PaperKind.PROGRAM, "The practice reports in an MVP or takes part in an APM, and no paper shows it."
    if any(record.activities and record.receipt_id not in ids for record in in_force(view.attestations)):
        yield PaperKind.RECEIPT, "Something was attested, and no receipt is kept."


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
    session.rules(year)
    held = {item.sha256 for item in session.vault.papers(year)}
    read, warnings = collect.read_pictures(pictures, held, f"the practice papers of {year}")
    at = session.now()
    ids: list[str] = []
    with session.vault.write(Event.EVIDENCE_ADDED) as tx:
        place = tx.papers(year)
        for each in read:
            item = collect.store_picture(
                tx, place, each, at, caption=caption, shows_date=shows_date, option_key=kind or ""
            )
            if clinician_ids:
                tx.put_evidence(replace(item, clinician_ids=clinician_ids))
            ids.append(item.id)
    return collect.added(session, ids, warnings, "paper")
