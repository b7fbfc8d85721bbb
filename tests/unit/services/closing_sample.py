"""A small practice with two years, for what closing and destroying do to it."""

import io
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from PIL import Image

from mips_desk.catalog.load import load_catalog
from mips_desk.domain.evidence import Source
from mips_desk.domain.period import Period
from mips_desk.domain.practice import Clinician, Practice, YearProfile
from mips_desk.services import choose, collect, setup, uses
from mips_desk.services.session import Session
from mips_desk.store import KeyCost, Vault

ACTIVITY = "IA_BE_4"
OTHER = "IA_CC_13"
NOW = datetime(2027, 2, 1, 9, 0, tzinfo=timezone(timedelta(hours=-5)))


@dataclass
class MovedClock:
    """A clock that moves one second each time it is read, and can be set."""

    time: datetime = field(default=NOW)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def png(color: str = "white") -> bytes:
    """Return a small picture."""
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), color).save(stream, "PNG")
    return stream.getvalue()


@dataclass
class Small:
    """The practice: 2026 with one activity that is proven and attested, and one removed; 2027 begun."""

    session: Session
    clock: MovedClock
    selection: str
    removed_selection: str
    item: str
    removed_item: str
    use: str
    clinician: str


def small_practice(folder: Path) -> Small:
    """Make the practice."""
    clock = MovedClock()
    vault = Vault.create(
        folder / "Small.mipsvault",
        "correct horse battery staple",
        practice=Practice("Cedar Hill", "123456789", "1 Main St"),
        person_name="Ana Ruiz",
        now=clock,
        key_cost=KeyCost(memory_kib=8, passes=1, lanes=1),
    )
    session = Session(vault, load_catalog(), clock)
    clinician = setup.put_clinicians(session, (Clinician("", "Abena Osei", "1234567893", "MD"),)).id
    for year in (2026, 2027):
        setup.set_profile(session, YearProfile(year, npis_total=1))
    selection = choose.add(session, 2026, ACTIVITY).id
    removed_selection = choose.add(session, 2026, OTHER).id
    choose.remove(session, removed_selection)
    choose.set_period(session, selection, Period(date(2026, 3, 1), date(2026, 5, 31)))
    use = uses.log(session, selection, [date(2026, 3, 1)], clinician_id=clinician).id
    first = collect.add_pictures(session, selection, [collect.Incoming(png(), Source.IMPORT)]).changes.id
    second = collect.add_pictures(session, selection, [collect.Incoming(png("red"), Source.IMPORT)]).changes.id
    collect.describe(session, first, caption="The portal", shows_date=date(2026, 3, 1), no_identifiers=True)
    collect.look_at(session, first)
    collect.remove(session, (second,), "Wrong patient")
    choose.set_attested(session, selection, date(2027, 1, 20))
    return Small(session, clock, selection, removed_selection, first, second, use, clinician)


def content_of(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the vault that is content."""
    tables = ("practice", "clinician", "profile", "selection", "evidence", "original", "marks", "use_entry", "journal")
    with session.vault.reading() as db:
        return {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in (*tables, "closing", "tombstone")}
