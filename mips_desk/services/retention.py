"""How long proof is kept, and the destroying of originals after that, or before it for a grave reason."""

from collections.abc import Sequence

from mips_desk.domain import phrases
from mips_desk.domain.retention import RETENTION_YEARS, RetentionClock, retention_clock
from mips_desk.errors import BadInputError
from mips_desk.store import Event, YearUnderAuditError
from mips_desk.store import retention as store
from mips_desk.store.audits import under_audit
from mips_desk.store.retention import Destroyable, Tombstone

from .changes import Changed, Changes
from .overview import RETENTION_SETTING, retention_years
from .session import Session

__all__ = [
    "Destroyable",
    "RetentionClock",
    "Tombstone",
    "confirmation_texts",
    "destroyable",
    "destroyed",
    "purge_item",
    "purge_year",
    "retention",
    "retention_years",
    "set_retention_years",
]


def retention(session: Session, year: int) -> RetentionClock:
    """Return how long the proof of a year must be kept.

    Args:
        session: the open practice.
        year: performance year.

    Raises:
        BadInputError: MIPS Desk does not know the year.
    """
    return retention_clock(session.rules(year), retention_years(session), session.now().date())


def set_retention_years(session: Session, years: int) -> Changes:
    """Choose how long proof is kept.

    Args:
        session: the open practice; its person must be a manager.
        years: 6, as the regulation asks, or 10.

    Raises:
        BadInputError: another number.
        NotAllowedError: the person is no manager.
    """
    if years not in RETENTION_YEARS:
        raise BadInputError("Proof is kept for 6 or for 10 years. Nothing was changed.")
    before = retention_years(session)
    with session.vault.write(Event.SETTINGS_CHANGED) as tx:
        tx.put_setting(RETENTION_SETTING, years)
    return Changes(Changed.PRACTICE, f"Keep proof for {years} years", undo=lambda: set_retention_years(session, before))


def destroyable(session: Session, year: int, *, removed_only: bool = False) -> tuple[Destroyable, ...]:
    """Return the evidence items of a year whose originals are still there.

    Args:
        session: the open practice.
        year: performance year.
        removed_only: True: only deleted ones, which can be destroyed one by one.
    """
    found = store.destroyable(session.vault, year)
    return tuple(each for each in found if each.removed_at or not removed_only)


def destroyed(session: Session, year: int) -> tuple[Tombstone, ...]:
    """Return what is left of the destroyed originals of a year, oldest first."""
    return store.tombstones(session.vault, year)


def confirmation_texts(session: Session, year: int, evidence_id: str = "") -> tuple[str, ...]:
    """Return what a person must confirm before originals are destroyed.

    The last text is typed: the year, or the exhibit number of a single item. While the proof must still be kept, there
    is one before it: the exact sentence that says until when; it is shown, and confirmed on its own.

    Args:
        session: the open practice.
        year: performance year.
        evidence_id: a deleted evidence item; empty: all of the year.

    Raises:
        NotInVaultError: there is no such item.
        OriginalDestroyedError: it was destroyed already.
        YearUnderAuditError: an audit that runs asks about the year.
    """
    typed = store.destroyable_item(session.vault, evidence_id).exhibit if evidence_id else str(year)
    if audit := under_audit(session.vault, year):
        raise YearUnderAuditError(year, audit.letter_on)
    clock = retention(session, year)
    return (_early(clock), typed) if clock.running else (typed,)


def purge_year(session: Session, year: int, reason: str, confirmations: Sequence[str]) -> Changes:
    """Destroy all originals of a year, deleted ones included; every other record of the year stays.

    An original that another year shows too stays there. A closed year need not be reopened.

    Args:
        session: the open practice; its person must be a manager.
        year: performance year.
        reason: why, in the person's words.
        confirmations: the texts of `confirmation_texts`, as confirmed and typed.

    Raises:
        BadInputError: there is no reason, nothing left to destroy, or a confirmation is not right.
        YearUnderAuditError: an audit that runs asks about the year.
        NotAllowedError: the person is no manager.
        VaultError: it could not be written; nothing was destroyed.
    """
    return _purge(session, year, "", reason, confirmations)


def purge_item(session: Session, evidence_id: str, reason: str, confirmations: Sequence[str]) -> Changes:
    """Destroy the original of an evidence item that was deleted before, for example of a wrong patient.

    Args:
        session: the open practice; its person must be a manager.
        evidence_id: the deleted item.
        reason: why, in the person's words.
        confirmations: the texts of `confirmation_texts`, as confirmed and typed.

    Raises:
        BadInputError: the item is still in use, there is no reason, or a confirmation is not right.
        NotInVaultError: there is no such item.
        OriginalDestroyedError: it was destroyed already.
        NotAllowedError: the person is no manager.
        VaultError: it could not be written; nothing was destroyed.
    """
    item = store.destroyable_item(session.vault, evidence_id)
    if item.removed_at is None:
        raise BadInputError(f"Exhibit {item.exhibit} is still in use. Nothing was destroyed; delete it first.")
    return _purge(session, item.year, evidence_id, reason, confirmations)


def _purge(session: Session, year: int, evidence_id: str, reason: str, confirmations: Sequence[str]) -> Changes:
    clock = retention(session, year)
    wanted = confirmation_texts(session, year, evidence_id)
    if tuple(text.strip() for text in confirmations) != wanted:
        if clock.running:
            raise BadInputError(f"{_keep(clock)} Nothing was destroyed; it takes two confirmations to do it earlier.")
        raise BadInputError(f"Type {wanted[-1]} to confirm. Nothing was destroyed.")
    items = (
        (evidence_id,) if evidence_id else tuple(each.evidence_id for each in store.destroyable(session.vault, year))
    )
    with session.vault.write(Event.ORIGINALS_DESTROYED) as tx:
        store.destroy(tx, items, reason=reason, early=clock.running, kept_until=clock.kept_until)
    what = phrases.count(len(items), "original")
    return Changes(Changed.EVIDENCE | Changed.MARKS, f"Destroy {what}", items)


def _keep(clock: RetentionClock) -> str:
    return f"The records of {clock.year} must be kept until {phrases.long_day(clock.kept_until)}."


def _early(clock: RetentionClock) -> str:
    return f"{_keep(clock)} They shall be destroyed before that day all the same."
