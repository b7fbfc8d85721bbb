"""The practice papers of a year in the form of a selection, so that the Evidence room shows them too."""

from typing import Final

from mips_desk.domain.activity import Activity, EvidenceKind, EvidenceOption, Guidance, PeriodKind, PeriodRule
from mips_desk.domain.evidence import EvidenceItem, Selection
from mips_desk.domain.papers import PAPERS, PaperKind
from mips_desk.domain.readiness import Lack, Missing, OptionState, Readiness, UseSummary, paper_missing

from .overview import SelectionView, YearView
from .papers import Papers, papers

#: Stands where other proof names its selection.
PAPERS_ID: Final = "papers"
#: Clinicians without a status that are named one by one.
_NAMED: Final = 3


class PaperGuidance(Guidance):
    """The kinds of papers; none of them is one of several."""

    __slots__ = ()

    @property
    def need_in_words(self) -> str:
        """What to keep."""
        return "What an auditor asks of the practice itself. Keep those that apply to you."


class PaperShelf(SelectionView):
    """The papers; a paper lacks other things than the proof of an activity."""

    __slots__ = ()

    def lacks(self, item: EvidenceItem) -> tuple[Missing, ...]:
        """Return what a paper lacks before it is fit to be shown."""
        return paper_missing(item)


def paper_shelf(view: YearView) -> PaperShelf:
    """Return the practice papers of a year as a selection.

    Args:
        view: the year.
    """
    found = papers(view)
    kinds = tuple(PaperKind)
    guidance = PaperGuidance(
        summary="",
        objective="",
        need=len(kinds),
        options=tuple(
            EvidenceOption(str(kind), kind.label, kind.explanation, (EvidenceKind.SCREENSHOT,)) for kind in kinds
        ),
        period=PeriodRule(PeriodKind.OTHER),
        frequency="",
        capture_tips=(),
        stated=False,
        sources=(),
    )
    states = []
    for option, kind in zip(guidance.options, kinds, strict=True):
        of_kind = found.of(kind)
        complete = sum(not each.missing for each in of_kind)
        states.append(OptionState(option, bool(complete), len(of_kind), complete))
    missing = tuple(_missing(found))
    return PaperShelf(
        selection=Selection(PAPERS_ID, view.year, PAPERS),
        activity=Activity(PAPERS, view.year, "Practice papers", None, None, False, view.year, guidance),
        evidence=tuple(each.item for each in found.papers),
        uses=(),
        readiness=Readiness(PAPERS_ID, tuple(states), missing, 0, len(missing)),
        use_summary=UseSummary((), 0, None, None),
    )


def _missing(found: Papers) -> list[Missing]:
    status = str(PaperKind.PARTICIPATION)
    return [
        *(missing for each in found.papers for missing in each.missing),
        *(Missing(Lack.OPTION, sentence, "", status) for sentence in _without_status(found)),
        *(Missing(Lack.OPTION, sentence, "", str(kind)) for kind, sentence in found.lacking),
    ]


def _without_status(found: Papers) -> list[str]:
    names = [clinician.shown_name for clinician in found.without_status]
    if not names:
        return []
    if len(names) <= _NAMED:
        return [f"The participation status of {name} is not kept." for name in names]
    first = ", ".join(names[:_NAMED])
    return [
        f"The participation status of {len(names)} clinicians is not kept: {first}, and {len(names) - _NAMED} more."
    ]
