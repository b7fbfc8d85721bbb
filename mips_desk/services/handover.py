"""Hand over work between the desktops of a practice: write a file for the others, read theirs, settle differences.

A second desktop starts as a restored backup. Both work apart; each writes a hand-over file for the other and reads the
other's. In which order, how often, or with which files lost makes no difference to what both hold in the end.
"""

import json
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mips_desk.domain import phrases
from mips_desk.domain.audit import RequestState
from mips_desk.domain.evidence import exhibit_number
from mips_desk.domain.practice import Level, Track
from mips_desk.errors import BadInputError
from mips_desk.store import desktops as stored_desktops
from mips_desk.store import handover as store
from mips_desk.store import inside_vault
from mips_desk.store.merging import Plan

from .changes import Changed, Changes
from .session import Session, vault_folder

SUFFIX = ".mipshandover"

Progress = Callable[[int, int], None]
Check = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Desktop:
    """A desktop of the practice.

    Attributes:
        id: identifier; empty for the first desktop.
        name: name of the computer; empty when it never wrote a hand-over file.
        letter: stands behind the numbers of exhibits that were added there; empty for the first desktop.
        here: it is this one.
        begun_at: when it started as a copy; None for the first desktop.
        read_at: when a file of it was last read here; None when never.
        last_change_at: moment of the newest change of it that is known here; None when there is none.
    """

    id: str
    name: str
    letter: str
    here: bool
    begun_at: datetime | None
    read_at: datetime | None
    last_change_at: datetime | None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values of a conflict.

    Attributes:
        says: the value in words.
        person: who entered it.
        at: when, by that computer's clock.
        desktop: name of the desktop where that was.
        counts: it is the one that counts until somebody chooses.
    """

    says: str
    person: str
    at: datetime
    desktop: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two desktops said different things of the same field; both are kept in the journals.

    Attributes:
        id: identifier; gone when a side was chosen or the field was written again.
        subject: what it is about, for example "Caption of exhibit 2026-IA_BE_4-03".
        year: the performance year that it belongs to, or None.
        evidence_id: the evidence item that it is about; empty when it is about something else.
        selection_id: the selection that it is about, also through its evidence or dates of use; empty when none.
        sides: two or more, that which counts first.
    """

    id: str
    subject: str
    year: int | None
    evidence_id: str
    selection_id: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class HandoverPreview:
    """What a hand-over file holds, before it is read.

    Attributes:
        from_name: name of the desktop that wrote it.
        from_letter: its letter; empty for the first desktop.
        written_at: when, by that computer's clock.
        changes: changes that are new here.
        pictures: pictures that are new here.
        conflicts: fields in which the desktops would differ.
        notes: what the person should know before, one sentence each; for example that a year is closed here.
    """

    from_name: str
    from_letter: str
    written_at: datetime
    changes: int
    pictures: int
    conflicts: int
    notes: tuple[str, ...]

    @property
    def nothing_new(self) -> bool:
        """All of it is here already; reading it again does no harm."""
        return not (self.changes or self.pictures)


@dataclass(frozen=True, slots=True)
class Written:
    """A hand-over file that was written.

    Attributes:
        changes: journal entries in it.
        pictures: pictures in it.
        size: bytes of the file.
        result: what that changed here: nothing but the journal.
    """

    changes: int
    pictures: int
    size: int
    result: Changes


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of reading a hand-over file.

    Attributes:
        changes: changes that were new here.
        pictures: pictures that were new here.
        conflicts: open conflicts in this vault afterwards.
        notes: what the person should know, one sentence each; for example that changes of a closed year wait.
        result: what changed; it cannot be undone.
    """

    changes: int
    pictures: int
    conflicts: int
    notes: tuple[str, ...]
    result: Changes


def desktops(session: Session) -> tuple[Desktop, ...]:
    """Return the desktops of the practice that are known here, this one first."""
    return tuple(
        Desktop(
            id=each.id,
            name=each.name or (platform.node() if each.here else ""),
            letter=each.letter,
            here=each.here,
            begun_at=each.begun_at,
            read_at=each.read_at,
            last_change_at=each.last_change_at,
        )
        for each in stored_desktops.desktops(session.vault)
    )


def default_name(session: Session) -> str:
    """Return a name for the next hand-over file, made of practice, desktop and day."""
    practice = vault_folder(Path(), session.vault.practice().name).stem
    here = "".join(c if c.isalnum() or c in "-_" else "-" for c in desktops(session)[0].name)
    return f"{practice} from {here or 'here'} {session.now():%Y-%m-%d}{SUFFIX}"


def write_file(
    session: Session,
    path: Path,
    *,
    everything: bool = False,
    progress: Progress | None = None,
    check: Check | None = None,
) -> Written:
    """Write a hand-over file for the other desktops: all that they did not confirm yet.

    Args:
        session: the open practice.
        path: the file to be; replaced only when the new one is complete. Never inside a vault.
        everything: write all since the practice began, for a desktop that lost what it had.
        progress: called with bytes done and in all.
        check: called often; raises to stop, which leaves no file.

    Raises:
        BadInputError: the place is a folder or lies inside a vault.
        NotAllowedError: the person is no manager.
        VaultError: it could not be written.
    """
    if path.is_dir():
        raise BadInputError(f"“{path.name}” is a folder. Nothing was written; give the name of the file to be.")
    if inside_vault(path):
        raise BadInputError(f"“{path.name}” would lie inside a vault. Nothing was written; choose another place.")
    made = store.write(session.vault, path, everything=everything, progress=progress, check=check)
    return Written(made.entries, made.pictures, made.size, Changes(Changed.NOTHING, "Write hand-over file"))


def look_into(
    session: Session, path: Path, *, progress: Progress | None = None, check: Check | None = None
) -> HandoverPreview:
    """Check a hand-over file from the first to the last byte and tell what reading it would bring. Changes nothing.

    Args:
        session: the open practice.
        path: the file.
        progress: called with bytes done and in all.
        check: called often; raises to stop.

    Raises:
        HandoverError: it is no sound hand-over file of this practice; one sentence says why.
    """
    found = store.look(session.vault, path, progress, check)
    return HandoverPreview(
        from_name=found.hello.name,
        from_letter=found.letter,
        written_at=found.written_at,
        changes=found.found.changes,
        pictures=len(found.pictures),
        conflicts=found.found.conflicts,
        notes=_notes(session, found.found),
    )


def read_file(session: Session, path: Path, *, progress: Progress | None = None, check: Check | None = None) -> TakenIn:
    """Read a hand-over file: pictures first, then all changes in one step.

    Stopped or killed half-way it is simply read again; reading a file twice changes nothing.

    Args:
        session: the open practice.
        path: the file.
        progress: called with bytes done and in all.
        check: called often; raises to stop.

    Raises:
        HandoverError: it is no sound hand-over file of this practice; one sentence says why. Nothing was changed.
        NotAllowedError: the person is no manager.
        VaultError: it could not be stored.
    """
    found, merged = store.read(session.vault, path, progress, check)
    kinds = _EVERYTHING if merged else Changed.CONFLICTS
    return TakenIn(
        changes=found.found.changes if found.brought else 0,
        pictures=len(found.pictures),
        conflicts=len(stored_desktops.conflict_rows(session.vault)),
        notes=_notes(session, found.found),
        result=Changes(kinds, "Read hand-over file"),
    )


_EVERYTHING = ~Changed.NOTHING


def _notes(session: Session, found: Plan) -> tuple[str, ...]:
    return tuple(_note(*each) for each in store.notes(session.vault, found))


def _note(kind: str, year: int, number: int) -> str:
    if kind == "closed":
        return f"{year} is closed here; reopen it to take in {phrases.count(number, 'change')}."
    if kind == "open":
        return (
            f"Another desktop closed {year}, but something else belongs to it here, so it stays open. Reopen it there,"
            " hand over both ways, and close it again."
        )
    return (
        "Older changes of the other desktop are missing here, so its newer ones wait. Read its older file, or write a"
        " new one there with everything in it."
    )


def conflicts(session: Session) -> tuple[Conflict, ...]:
    """Return the fields in which desktops differ and nobody chose yet, in a fixed order."""
    names = {each.id: each.name or "the first desktop" for each in desktops(session)}
    return tuple(_conflict(session, each, names) for each in stored_desktops.conflict_rows(session.vault))


def _conflict(session: Session, found: Mapping[str, Any], names: Mapping[str, str]) -> Conflict:
    kind, unit = found["kind"], found["unit"]
    about = stored_desktops.about(session.vault, kind, found["record_id"])
    sides = tuple(
        Side(
            says=_says(session, unit, side["value"]),
            person=side["person"],
            at=datetime.fromisoformat(side["at"]),
            desktop=names.get(side["desktop"], "another desktop"),
            counts=place == 0,
        )
        for place, side in enumerate(found["sides"])
    )
    return Conflict(
        id=found["id"],
        subject=f"{_unit_in_words(kind, unit)} of {_record_in_words(kind, about)}",
        year=about.get("year"),
        evidence_id=found["record_id"] if kind == "evidence" else "",
        selection_id=about.get("selection_id") or "",
        sides=sides,
    )


def _record_in_words(kind: str, about: Mapping[str, Any]) -> str:
    if kind == "practice":
        return "the practice"
    if kind == "setting":
        return "the settings"
    if kind == "clinician":
        return f"clinician {about['name']}"
    if kind == "profile":
        return f"the year {about['year']}"
    if kind == "evidence":
        return f"exhibit {exhibit_number(about['year'], about['activity_id'], about['number'], about['letter'])}"
    if kind == "use_entry":
        return f"the use of {about['activity_id']} on {phrases.long_day(date.fromisoformat(about['day']))}"
    if kind in ("audit", "audit_request"):
        audit = f"the audit by the notice of {phrases.long_day(date.fromisoformat(about['letter_on']))}"
        return f"request {about['number']} of {audit}" if kind == "audit_request" else audit
    return f"{about['activity_id']} in {about['year']}"


_UNITS = {
    "tin": "TIN",
    "npi": "NPI",
    "joined_on": "Day of joining",
    "left_on": "Day of leaving",
    "reporting": "Way of reporting",
    "special_statuses": "Special statuses",
    "npis_total": "Number of clinicians",
    "eligible_clinicians": "Number of eligible clinicians",
    "missing_categories": "Missing categories",
    "apm_participant": "APM participation",
    "submitted_quality": "Submission of Quality",
    "submitted_pi": "Submission of Promoting Interoperability",
    "euc_exception": "Exception for extreme circumstances",
    "web_interface_apm": "Web Interface for an APM",
    "pcmh": "Medical home sites",
    "period": "Performance period",
    "private_note": "Private note",
    "attested_on": "Day of attestation",
    "shows_date": "Date shown",
    "option_key": "Checklist line",
    "outside_reason": "Reason for a date outside the period",
    "clinician_ids": "Clinicians",
    "letter_on": "Date",
    "years": "Performance years",
    "activities": "Activities",
    "days": "Days to answer",
    "due_on": "Last day to answer",
    "request": "Wording",
    "closed": "End",
    "value": "Years of keeping originals",
    "removed": "Removal",
}


def _unit_in_words(kind: str, unit: str) -> str:
    return _UNITS.get(unit) or unit.replace("_", " ").capitalize()


def _says(session: Session, unit: str, chosen: Mapping[str, Any]) -> str:
    """Return a value in words."""
    if unit == "removed":
        reason = f": {chosen['removed_reason']}" if chosen.get("removed_reason") else ""
        return f"Removed{reason}" if chosen["removed_at"] else "Kept and worked on"
    if unit == "marks":
        hidden = phrases.count(chosen["redactions"], "redaction")
        return f"{hidden} and {phrases.count(chosen['other_marks'], 'other mark')}"
    if unit == "reporting":
        mvp = f", {chosen['mvp_id']}" if chosen["mvp_id"] else ""
        return f"{Level(chosen['level']).label}, {Track(chosen['track']).label}{mvp}"
    if unit == "period":
        days = [_in_words(session, "", chosen[name]) for name in ("period_start", "period_end")]
        return " to ".join(days) if all(chosen.values()) else "No period"
    if unit == "closed":
        return f"Closed by {chosen['closed_by']}: {chosen['outcome']}" if chosen["closed_at"] else "Runs"
    if unit == "state":
        return phrases.sentence(RequestState(chosen["state"]).label)
    if unit in ("years", "activities"):
        return phrases.listed(map(str, json.loads(chosen[unit]))) or "All of the year"
    if unit == "pcmh":
        return f"{_number(chosen['pcmh_sites_recognised'])} of {_number(chosen['pcmh_sites_total'])}"
    ((name, said),) = chosen.items()
    return _in_words(session, name, said)


def _number(said: int | None) -> str:
    return "not said" if said is None else str(said)


def _in_words(session: Session, name: str, said: Any) -> str:
    if said in (None, "", "[]"):
        return "Nothing"
    if name == "clinician_ids":
        known = {each.id: each.name for each in session.vault.clinicians()}
        return phrases.listed(known.get(each, "a removed clinician") for each in json.loads(said))
    if name in ("special_statuses", "missing_categories"):
        return phrases.listed(each.replace("_", " ") for each in json.loads(said))
    if name in ("apm_participant", "submitted_quality", "submitted_pi", "euc_exception", "web_interface_apm"):
        return "Yes" if said else "No"
    if name.endswith(("_on", "_date")) or name == "":
        return phrases.long_day(date.fromisoformat(said))
    return str(said)


def settle(session: Session, conflict_id: str, side: int) -> Changes:
    """Choose a side of a conflict; the choice travels with the next hand-over file.

    Args:
        session: the open practice.
        conflict_id: the conflict.
        side: index into its sides.

    Raises:
        NotInVaultError: it was settled already.
        BadInputError: there is no such side.
        YearClosedError: its year is closed.
    """
    store.settle(session.vault, conflict_id, side)
    return Changes(_EVERYTHING, "Settle difference", (conflict_id,))
