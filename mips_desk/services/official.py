"""CMS's own text of the activities: load the file that CMS publishes, and quote from it with its source.

For the Settings room: `load_file` for the button, `lists` for "which version is loaded". For Choose: `text_of`.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from mips_desk.catalog.cms_file import MAX_BYTES, read_measures
from mips_desk.catalog.load import Catalog, load_catalog
from mips_desk.catalog.rules import FIRST_YEAR, LAST_YEAR, load_rules
from mips_desk.domain import phrases
from mips_desk.domain.official import Difference, OfficialList, differences
from mips_desk.errors import BadInputError
from mips_desk.store import Event, closing

from .changes import Changed, Changes
from .session import Session


@dataclass(frozen=True, slots=True)
class Loaded:
    """The result of loading a file.

    Attributes:
        changes: without an undo: what was loaded stays, and a newer file takes its place.
        official: what the file holds.
        differences: where it differs from the built-in facts of the year.
        known: MIPS Desk has a list of that year; else there was nothing to compare with.
    """

    changes: Changes
    official: OfficialList
    differences: tuple[Difference, ...]
    known: bool

    @property
    def sentence(self) -> str:
        """What was loaded, and how it fits, for a person."""
        year, count = self.official.year, len(self.official.activities)
        done = "is loaded" if self.changes.kinds else "was loaded before, so nothing was changed"
        return f"CMS's text of {count} activities for {year} {done}. {fit(self.official, self.differences, self.known)}"


@dataclass(frozen=True, slots=True)
class OfficialText:
    """A requirement in CMS's words.

    Attributes:
        text: may hold line feeds, tabs and bullets, as CMS wrote them; plain text, never markup.
        source: which file it is from, in words; says so when that is the file of another year.
        year: performance year of that file.
    """

    text: str
    source: str
    year: int


def read_file(path: Path, year: int | None = None) -> OfficialList:
    """Read CMS's measures data file and keep nothing.

    Args:
        path: `measures-data.json` of one performance year.
        year: performance year; only needed when the file does not tell.

    Raises:
        BadInputError: it cannot be read or is not such a file.
    """
    try:
        # A pipe or a device would never end.
        if path.exists() and not path.is_file():
            raise BadInputError(f"“{path.name}” is not a file. Nothing was changed.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise BadInputError(f"“{path.name}” cannot be read: {reason}. Nothing was changed.") from error
    return read_measures(data, year)


def load_file(session: Session, path: Path, year: int | None = None) -> Loaded:
    """Read CMS's measures data file and keep its text of the activities in the vault.

    A file that is in use already is not stored again. Loading is not undone: load the right file instead.

    Args:
        session: the open practice.
        path: `measures-data.json` of one performance year.
        year: performance year; only needed when the file does not tell.

    Raises:
        BadInputError: it cannot be read or is not such a file; nothing was changed.
        VaultError: the vault cannot be written.
    """
    official = read_file(path, year)
    found, known = compared(official, session.catalog)
    current = session.vault.official(official.year)
    if current is not None and replace(current, loaded_at=None, loaded_by="") == official:
        return Loaded(Changes(Changed.NOTHING, "Load CMS's text"), current, found, known)
    with session.vault.write(Event.OFFICIAL_LOADED) as tx:
        record_id = tx.add_official(official)
    stored = session.vault.official(official.year) or official
    changes = Changes(Changed.OFFICIAL, f"Load CMS's text of {official.year}", (record_id,))
    return Loaded(changes, stored, found, known)


def compared(official: OfficialList, catalog: Catalog | None = None) -> tuple[tuple[Difference, ...], bool]:
    """Compare CMS's list with the built-in facts of its year.

    Returns:
        The differences, and whether MIPS Desk has a list of that year; without one there are no differences.
    """
    inventory = (catalog or load_catalog()).inventory(official.year)
    if not inventory:
        return (), False
    suspended: tuple[str, ...] = ()
    if FIRST_YEAR <= official.year <= LAST_YEAR:
        rules = load_rules(official.year)
        suspended = tuple(name for name in inventory if rules.suspension(name))
    return differences(official, inventory, suspended), True


def fit(official: OfficialList, found: tuple[Difference, ...], known: bool) -> str:
    """Return how a list fits the built-in facts, in one sentence."""
    if not known:
        return f"MIPS Desk has no list of {official.year} yet, so there is nothing to compare it with."
    borrowed = load_catalog().inventory_year(official.year)
    ours = f"the list of {borrowed} that stands in for {official.year}" if borrowed != official.year else "the facts"
    if not found:
        return f"It agrees with {ours} in MIPS Desk."
    number = "one place" if len(found) == 1 else f"{len(found)} places"
    return f"It differs from {ours} in MIPS Desk in {number}."


def lists(session: Session) -> tuple[OfficialList, ...]:
    """Return the lists in use, oldest year first; each says from which file, when and by whom it was loaded."""
    return tuple(
        sorted({found.year: found for found in session.vault.officials()}.values(), key=lambda each: each.year)
    )


def text_of(session: Session, year: int, activity_id: str) -> OfficialText | None:
    """Return the requirement of an activity in CMS's words.

    The 2025 data holds a notice of suspension in place of eight requirements. A notice is never returned: for those
    the text of the year before is, when that file is loaded too, and the source says so. In a provisional year without
    a file of its own the text of the year whose list it borrows is. A closed year keeps the texts it was closed with.

    Args:
        session: the open practice.
        year: performance year.
        activity_id: an activity, or a Secure Messaging measure of 2017 or 2018.

    Returns:
        None when no file with this text is loaded.
    """
    closed = closing.closing_of(session.vault, year)
    own = closing.official_of(session.vault, year, closed)
    if own is not None:
        if text := own.description(activity_id):
            return OfficialText(text, _source(own), year)
        activity = own.activity(activity_id)
        if activity is None or not activity.is_notice:
            return None
        lent = closing.official_of(session.vault, year - 1, closed)
        return _borrowed(lent, activity_id, f"the {year} data holds a notice of suspension in its place")
    listed = session.catalog.inventory_year(year)
    if listed == year:
        return None
    lent = closing.official_of(session.vault, listed, closed)
    return _borrowed(lent, activity_id, f"{year} is provisional and uses the list of {listed}")


def why_no_text(session: Session, year: int, activity_id: str) -> str:
    """Return why a file that is loaded has no text of an activity, in one sentence; empty when no file is loaded."""
    own = closing.official_of(session.vault, year, closing.closing_of(session.vault, year))
    if own is None:
        return ""
    if own.activity(activity_id) is None:
        return f"CMS's file of {year} does not hold {activity_id}."
    return f"CMS's file of {year} holds only a notice of suspension; its text is in the file of {year - 1}."


def _borrowed(official: OfficialList | None, activity_id: str, why: str) -> OfficialText | None:
    text = official.description(activity_id) if official else ""
    return OfficialText(text, f"{_source(official)}; {why}", official.year) if official and text else None


def _source(official: OfficialList) -> str:
    source = f"CMS measures data {official.year}, file sha256 {official.sha256[:12]}…"
    if official.loaded_at is None:
        return source
    return f"{source}, loaded {phrases.short_day(official.loaded_at)}"
