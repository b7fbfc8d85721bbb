"""The record of custody of the evidence items of a year: intake, changes, views, as the journal tells them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from mips_desk.binder.content import CustodyLine
from mips_desk.domain.evidence import EvidenceItem, Intake, Source
from mips_desk.store import Event, JournalEntry, journal_search
from mips_desk.store.journal_search import Wanted

from .session import Session

_INTAKE: Final = {
    Source.CAPTURE: "Captured from the screen",
    Source.PASTE: "Pasted",
    Source.DROP: "Imported from a file",
    Source.IMPORT: "Imported from a file",
}
#: Events that can touch an evidence item, with what is printed of them.
_WORDS: Final = {
    Event.EVIDENCE_CHANGED: "Description changed",
    Event.EVIDENCE_REMOVED: "Removed",
    Event.EVIDENCE_RESTORED: "Brought back",
    Event.MARKS_CHANGED: "Marks or redactions changed",
    Event.LOOKED_AT: "Reviewed as it is exported",
    Event.ORIGINAL_VIEWED: "Original viewed",
    Event.ORIGINALS_DESTROYED: "Original destroyed",
    Event.HANDOVER_READ: "Changes of another desktop taken in",
    Event.CONFLICT_SETTLED: "Difference between desktops settled",
}


def custody(session: Session, items: Iterable[EvidenceItem]) -> dict[str, tuple[CustodyLine, ...]]:
    """Return what happened to evidence items, oldest first, by evidence id; intake is the first line of each.

    Args:
        session: the open practice.
        items: the evidence items.
    """
    wanted = {item.id: item for item in items}
    found: defaultdict[str, list[CustodyLine]] = defaultdict(list)
    for item in wanted.values():
        found[item.id].append(_intake(item.intake))
    end = journal_search.length(session.vault)
    for some in journal_search.oldest_first(session.vault, Wanted(events=frozenset(_WORDS)), end):
        for entry in some.entries:
            for evidence_id, what in _acts(entry):
                if evidence_id in wanted:
                    _add(found[evidence_id], CustodyLine(entry.at, entry.person_name, what))
    return {evidence_id: tuple(lines) for evidence_id, lines in found.items()}


def _intake(intake: Intake) -> CustodyLine:
    return CustodyLine(intake.at, intake.person, _INTAKE[intake.source])


def _acts(entry: JournalEntry) -> Iterator[tuple[str, str]]:
    """Give the evidence items that an entry speaks of, each once, with what was done to it."""
    told: dict[str, str] = {}
    if isinstance(viewed := entry.change.get("evidence"), str):
        told[viewed] = _WORDS[entry.event]
    facts = entry.change.get("did", ())
    for fact in facts if isinstance(facts, (list, tuple)) else ():
        if isinstance(fact, dict) and isinstance(fact.get("id"), str):
            told[fact["id"]] = _word(entry.event, fact)
    yield from told.items()


def _word(event: Event, fact: Mapping[str, Any]) -> str:
    changed = fact.get("changed")
    if isinstance(changed, dict):
        if event is Event.EVIDENCE_CHANGED and set(changed) == {"no_identifiers"}:
            confirmed = "Confirmed that it shows no identifier"
            return confirmed if changed["no_identifiers"][-1] else "Confirmation taken back"
        if event is Event.LOOKED_AT and not changed.get("looked_at_by", ["?"])[-1]:
            return "Review taken back"
    return _WORDS[event]


def _add(lines: list[CustodyLine], line: CustodyLine) -> None:
    """Add a line, or count it with the last one when the same person did the same on the same day."""
    last = lines[-1]
    if (last.what, last.person, last.at.date()) == (line.what, line.person, line.at.date()):
        lines[-1] = CustodyLine(last.at, last.person, last.what, last.times + 1)
    else:
        lines.append(line)
