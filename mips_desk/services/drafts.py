"""What somebody is typing: kept while it is typed, brought back after a lock or a crash, gone once it is stored.

A draft belongs to a person and a subject. It is not part of any record: keeping one is no change that others see, so
there is no `Changes` and no journal entry (see `store.drafts`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

import msgspec

from mips_desk.store import NotInVaultError
from mips_desk.store.drafts import drafts_of, keep_drafts

from .session import Session

#: Longest text of a draft that is kept, in characters of its JSON; more than any field takes.
LARGEST = 1_000_000


class DraftKind(StrEnum):
    """Where something is typed."""

    EVIDENCE = "evidence"
    SELECTION = "selection"
    PRACTICE = "practice"
    USES = "uses"
    CLINICIAN = "clinician"
    CLINICIANS = "clinicians"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Draft:
    """Text that is not stored in its record yet.

    Attributes:
        kind: where it was typed.
        record: identifier of the record it belongs to; empty for the practice, or for a record that is new.
        fields: the text by the name of the field (`collect.describe` and so on name them).
        year: the performance year that was shown.
        selection_id: the selection it belongs to, filled in by `unfinished`; empty for none.
    """

    kind: DraftKind
    record: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    year: int = 0
    selection_id: str = ""

    @property
    def subject(self) -> str:
        """What tells it from the other drafts of the person."""
        return f"{self.kind}:{self.record}"


def keep(session: Session, drafts: Iterable[Draft]) -> None:
    """Keep drafts in the place of those with the same subjects; one without fields is dropped.

    Args:
        session: the open practice.
        drafts: what was typed so far.

    Raises:
        VaultReadOnlyError: the vault is open for reading only.
        VaultError: it could not be written.
    """
    keep_drafts(session.vault, {draft.subject: _encoded(draft) if draft.fields else None for draft in drafts})


def unfinished(session: Session) -> tuple[Draft, ...]:
    """Return the person's drafts, the one typed last first.

    A draft whose text stands in its record already, or whose record is gone, is left out, and dropped where the vault
    is open for writing.
    """
    decoded = (_decoded(subject, data) for subject, data in drafts_of(session.vault).items())
    drafts = [draft for draft in decoded if draft is not None]
    found = [(draft, _left_of(session, draft)) for draft in drafts]
    over = [draft.subject for draft, left in found if left is None]
    if over and not session.vault.read_only:
        keep_drafts(session.vault, dict.fromkeys(over))
    return tuple(left for _, left in found if left is not None)


def settle(session: Session, drafts: Iterable[Draft]) -> tuple[str, ...]:
    """Drop those drafts whose text stands in its record now.

    Returns:
        Their subjects.
    """
    over = [draft.subject for draft in drafts if _left_of(session, draft) is None]
    if over:
        keep_drafts(session.vault, dict.fromkeys(over))
    return tuple(over)


class _Kept(msgspec.Struct, frozen=True):
    """How a draft is kept, as JSON."""

    fields: dict[str, str]
    year: int


def _encoded(draft: Draft) -> bytes:
    data = msgspec.json.encode(_Kept(dict(draft.fields), draft.year))
    return data if len(data) <= LARGEST else msgspec.json.encode(_Kept({}, draft.year))


def _decoded(subject: str, data: bytes) -> Draft | None:
    """Return a draft, or None for one that only another version understands."""
    kind, _, record = subject.partition(":")
    try:
        kept = msgspec.json.decode(data, type=_Kept)
        return Draft(DraftKind(kind), record, kept.fields, kept.year)
    except (ValueError, msgspec.MsgspecError):
        return None


def _left_of(session: Session, draft: Draft) -> Draft | None:
    """Return a draft with those fields that are not stored yet, or None when there are none."""
    vault, selection_id = session.vault, ""
    stored: dict[str, str] = {}
    try:
        match draft.kind:
            case DraftKind.EVIDENCE:
                item = vault.evidence_item(draft.record)
                selection_id = item.selection_id
                stored = {
                    "caption": item.caption,
                    "outside_reason": item.outside_reason,
                    "address": item.address,
                    "shows_date": _day(item.shows_date),
                }
            case DraftKind.SELECTION:
                selection = vault.selection(draft.record)
                selection_id = selection.id
                stored = {"story": selection.story, "attested_on": _day(selection.attested_on)}
            case DraftKind.PERIOD:
                selection = vault.selection(draft.record)
                selection_id = selection.id
                if selection.period is not None:
                    stored = {"first": _day(selection.period.start), "last": _day(selection.period.end)}
            case DraftKind.PRACTICE:
                practice = vault.practice()
                stored = {"name": practice.name, "tin": practice.tin, "address": practice.address}
            case DraftKind.CLINICIAN if draft.record:
                clinician = next((each for each in vault.clinicians() if each.id == draft.record), None)
                if clinician is None:
                    return None
                stored = {name: getattr(clinician, name) for name in ("name", "npi", "credential", "role")}
                stored |= {"joined": _day(clinician.joined), "left": _day(clinician.left)}
            case DraftKind.USES:
                selection_id = draft.record
    except NotInVaultError:
        return None
    left = {name: text for name, text in draft.fields.items() if text.strip() != stored.get(name, "")}
    return replace(draft, fields=left, selection_id=selection_id) if left else None


def _day(day: date | None) -> str:
    """Return a day as its field shows it."""
    return f"{day:%m/%d/%Y}" if day else ""
