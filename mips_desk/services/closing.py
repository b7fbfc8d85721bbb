"""Close a performance year when all is done, so that nothing in it changes any more; and reopen it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import msgspec

from mips_desk.domain import phrases
from mips_desk.store import Event, closing, merging

from .changes import Changed, Changes
from .overview import YearView, last_reported, load_year
from .session import Session

#: A closed year is shown as it was when it was closed, so every page looks again.
_EVERYTHING = Changed.PRACTICE | Changed.PROFILE | Changed.SELECTIONS | Changed.EVIDENCE | Changed.USES


@dataclass(frozen=True, slots=True)
class EarlierClosing:
    """A closing that was taken back.

    Attributes:
        at: when the year was closed.
        by: by whom.
        fingerprint: of the year as it was then (hex).
        reopened_at: when it was reopened.
        reopened_by: by whom.
        reason: why.
    """

    at: datetime
    by: str
    fingerprint: str
    reopened_at: datetime
    reopened_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class YearState:
    """Whether a year is open or closed.

    Attributes:
        year: performance year.
        closed: it cannot be changed.
        at: when it was closed, or None while it is open.
        by: by whom; empty while it is open.
        fingerprint: of everything that its binder is made from (hex); empty while it is open.
        rules_changed: the rules or the catalog of the year in this version of MIPS Desk are not those with which it
            was closed, so that its score may read otherwise.
        earlier: closings that were taken back, oldest first.
    """

    year: int
    closed: bool
    at: datetime | None
    by: str
    fingerprint: str
    rules_changed: bool
    earlier: tuple[EarlierClosing, ...]

    @property
    def sentence(self) -> str:
        """The state for a person."""
        if self.at is not None:
            return f"{self.year} was closed on {phrases.long_day(self.at)} by {self.by} and cannot be changed."
        if self.earlier:
            last = self.earlier[-1]
            when = phrases.long_day(last.reopened_at)
            return f"{self.year} is open. It was reopened on {when} by {last.reopened_by}: {last.reason}"
        return f"{self.year} is open."


def close_year(session: Session, year: int) -> Changes:
    """Close a year: nothing that belongs to it can be changed until it is reopened. Exports and checks still work.

    The practice and its clinicians are kept as they are now and shown so with this year, also when they change later.

    Args:
        session: the open practice; its person must be a manager.
        year: performance year; may have open points, see `closing_advice`.

    Raises:
        BadInputError: the year was never set up.
        YearClosedError: it is closed already.
        NotAllowedError: the person is no manager.
        VaultError: it could not be written.
    """
    rules = rules_hash(session, year)
    names = [selection.activity_id for selection in session.vault.selections(year)]
    reported = {name: last for name in names if (last := last_reported(session, name, year)) is not None}
    with session.vault.write(Event.YEAR_CLOSED) as tx:
        closing.close_year(tx, year, rules=rules, reported=reported)
    return Changes(_EVERYTHING, f"Close {year}")


def reopen_year(session: Session, year: int, reason: str) -> Changes:
    """Let a closed year be changed again. The record of its closing stays.

    Args:
        session: the open practice; its person must be a manager.
        year: performance year.
        reason: why, in the person's words; kept and printed nowhere but in the journal and in Settings.

    Raises:
        BadInputError: the year is not closed, or there is no reason.
        NotAllowedError: the person is no manager.
        VaultError: it could not be written.
    """
    with session.vault.write(Event.YEAR_REOPENED) as tx:
        closing.reopen_year(tx, year, reason)
        # What other desktops changed in it meanwhile has waited for this.
        merging.take_in_waiting(tx, year)
    return Changes(_EVERYTHING, f"Reopen {year}")


def year_state(session: Session, year: int) -> YearState:
    """Return whether a year is open or closed, with its history.

    Args:
        session: the open practice.
        year: performance year.
    """
    known = closing.closings(session.vault, year)
    earlier = tuple(
        EarlierClosing(each.at, each.by, each.fingerprint, each.reopened_at, each.reopened_by, each.reopened_reason)
        for each in known
        if each.reopened_at is not None
    )
    now = known[-1] if known and known[-1].reopened_at is None else None
    if now is None:
        return YearState(year, False, None, "", "", False, earlier)
    return YearState(year, True, now.at, now.by, now.fingerprint, now.rules != rules_hash(session, year), earlier)


def closing_advice(session: Session, year: int) -> tuple[str, ...]:
    """Return what is still open in a year, one sentence each, to be shown before it is closed; empty: nothing.

    Args:
        session: the open practice.
        year: performance year.
    """
    return advice(load_year(session, year, session.now().date()))


def advice(view: YearView) -> tuple[str, ...]:
    """Return what is still open in a year that was read already, one sentence each.

    Args:
        view: the year.
    """
    if not view.selections:
        return (f"No activity is chosen for {view.year}.",)
    found: list[str] = []
    if view.today <= view.rules.submission.closes:
        closes = phrases.long_day(view.rules.submission.closes)
        found.append(f"The window to report {view.year} to CMS is open until {closes}.")
    for part in view.selections:
        name = part.activity.id
        found.extend(f"{name}: {missing.text}" for missing in part.readiness.missing)
        if part.selection.attested_on is None:
            found.append(f"{name}: No day of attestation is recorded.")
    return tuple(found)


def rules_hash(session: Session, year: int) -> str:
    """Return a hash (hex) of the rules and the catalog of a year as this version of MIPS Desk has them.

    Args:
        session: the open practice.
        year: performance year.

    Raises:
        BadInputError: MIPS Desk does not know the year.
    """
    content = (session.rules(year), session.catalog.activities(year), session.catalog.mvps(year))
    # Keys that are enumerations or years become text first: JSON knows no others.
    plain = msgspec.to_builtins(content, str_keys=True)
    return hashlib.sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()
