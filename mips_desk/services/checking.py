"""Checking an open vault: a part each week, everything each month, and the result for Home."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mips_desk.domain import phrases
from mips_desk.errors import BadInputError
from mips_desk.store import Event, backup_records
from mips_desk.store.backup_records import CheckRecord
from mips_desk.store.checks import ALL, STRUCTURE, Scope

from .session import Session
from .verifying import Finding, Verdict

__all__ = ["ALL", "PARTS", "STRUCTURE", "CheckState", "Scope", "check_due", "check_state", "check_vault", "part"]

#: A quarter of the originals each week: all of them within a month, also when the monthly check is put off.
PARTS = 4
_WEEK, _MONTH = timedelta(days=7), timedelta(days=30)
_MOST_PARTS = 10_000


@dataclass(frozen=True, slots=True)
class CheckState:
    """What Home says about the checks of the vault.

    Attributes:
        at: when the vault was checked last, in any scope; None: never.
        sound: that check found nothing; None: never checked.
        full_at: when everything was checked last; None: never.
        problems: what the last check found, in words.
        due: what should be checked now; None: nothing.
        warn: the state needs attention.
        sentence: the state in words.
    """

    at: datetime | None
    sound: bool | None
    full_at: datetime | None
    problems: tuple[str, ...]
    due: Scope | None
    warn: bool
    sentence: str


def part(number: int, of: int) -> Scope:
    """Return the scope of one part of the originals, with the structure.

    Args:
        number: which, from 1.
        of: in how many parts, at most 10,000.

    Raises:
        BadInputError: there is no such part.
    """
    if not 1 <= number <= of <= _MOST_PARTS:
        raise BadInputError(f"There is no part {number} of {of}. Write it as 2/4: the second of four parts.")
    return Scope(number, of)


def check_vault(
    session: Session,
    scope: Scope = ALL,
    progress: Callable[[int, int], None] | None = None,
    check: Callable[[], None] | None = None,
) -> Verdict:
    """Check the open vault and record the result; when it was opened to read only, nothing is recorded.

    Args:
        session: the open practice.
        scope: what to check.
        progress: called with work done and in all.
        check: called often; raises CancelledError to stop; then nothing is recorded.
    """
    vault = session.vault
    problems = vault.check(scope, progress, check)
    if not vault.read_only:
        originals = backup_records.originals_in(vault, scope)
        with vault.write(Event.VAULT_CHECKED) as tx:
            backup_records.add_check(tx, scope, originals, problems)
    return Verdict("vault", tuple(Finding(problem.where, problem.what) for problem in problems))


def check_due(session: Session) -> Scope | None:
    """Return what should be checked now: everything after a month, the next part after a week, or None."""
    vault, at = session.vault, session.now()
    full = backup_records.newest_full_check(vault)
    newest = backup_records.newest_checks(vault)
    if full is None or _is_over(full.at, at, _MONTH):
        return ALL
    # A check of the structure alone reads no original, so it puts nothing off.
    read = [each for each in newest if each.originals or each.scope == "all"]
    if not read or not _is_over(read[0].at, at, _WEEK):
        return None
    return part(_next_part(newest), PARTS)


def check_state(session: Session) -> CheckState:
    """Return what Home says about the checks of the vault."""
    newest = backup_records.newest_checks(session.vault, 1)
    full = backup_records.newest_full_check(session.vault)
    due = check_due(session)
    if not newest:
        return CheckState(None, None, None, (), due, False, "The vault was not checked yet.")
    last = newest[0]
    problems = tuple(f"{problem.where} {problem.what}." for problem in last.found)
    full_at = full.at if full else None
    if problems:
        sentence = (
            f"The check on {phrases.long_day(last.at)} found {phrases.count(len(problems), 'thing')} that"
            f" {'is' if len(problems) == 1 else 'are'} not as written: {problems[0]} No new backups are made of it:"
            " restore the newest one beside this practice, and read a hand-over file of this practice there."
        )
        return CheckState(last.at, False, full_at, problems, due, True, sentence)
    sentence = f"Checked on {phrases.long_day(last.at)} ({_in_words(last)}): everything is as it was written."
    if full is not None and full is not last and full.at != last.at:
        sentence += f" All of it was last checked on {phrases.long_day(full.at)}."
    return CheckState(last.at, True, full_at, (), due, False, sentence)


def _next_part(newest: tuple[CheckRecord, ...]) -> int:
    """Return the part after the one that was checked last; after a check of everything it goes on, too."""
    for each in newest:
        if each.scope.startswith("part ") and each.scope.endswith(f"/{PARTS}"):
            return int(each.scope.split()[1].partition("/")[0]) % PARTS + 1
    return 1


def _is_over(then: datetime, at: datetime, span: timedelta) -> bool:
    # A clock that was set back must not put off the next check.
    return not timedelta(0) <= at - then < span


def _in_words(last: CheckRecord) -> str:
    if last.scope == "all":
        return f"everything, {phrases.count(last.originals, 'original')}"
    if last.scope == "structure":
        return "all but the originals"
    number, _, of = last.scope.removeprefix("part ").partition("/")
    return f"part {number} of {of}, {phrases.count(last.originals, 'original')}"
