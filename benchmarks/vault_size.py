"""Vaults of 200, 2,000 and 20,000 evidence items: what opening, a year, a search, a check and the journal take.

    .venv/bin/python benchmarks/vault_size.py [ITEMS ...] [--keep FOLDER]

Ten performance years; every item is a picture of about 27 kB with a caption, a window title, a date of use and some 120
words that were read in it, every third one has marks, and each was written by a command of its own. Times are medians
in milliseconds, each in a vault that was opened anew: the memory of SQLite is cold, that of the operating system warm.
The passphrase is not part of opening here; checking it takes about 0.3 s at any size.
"""

import argparse
import io
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count, pairwise
from pathlib import Path
from string import ascii_lowercase

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mips_desk.annotate.codec import encode
from mips_desk.annotate.marks import Reason, Redaction
from mips_desk.catalog.load import load_catalog
from mips_desk.domain.evidence import Intake, Source, UseEntry
from mips_desk.domain.practice import Practice, YearProfile
from mips_desk.services.finding import find
from mips_desk.services.overview import load_year
from mips_desk.services.session import Session
from mips_desk.store import Event, KeyCost, Vault
from mips_desk.store.evidence_text import EvidenceText, keep_text

PASSPHRASE = "benchmark"
CHEAP = KeyCost(memory_kib=8, passes=1, lanes=1)
YEARS = range(2017, 2027)
#: Activities a year and items an activity, by items in all.
SHAPES = {200: (5, 4), 2_000: (20, 10), 20_000: (50, 40)}
ROUNDS = 7
WORDS = (  # noqa: SIM905 - thirty words
    "portal message reminder letter audit clinic schedule visit follow screening report training plan team pharmacy"
    " hours survey access board referral note result summary list chart refill consent outreach grant weekly"
).split()
SEARCHES = ("p", "portal", "portal message audit", "2024-ia", "zzz nothing", "Screening repo", "é")


def picture(chance: random.Random) -> bytes:
    """Return a PNG of noise, 27 kB that no compression makes smaller."""
    file = io.BytesIO()
    Image.frombytes("RGB", (100, 90), chance.randbytes(27_000)).save(file, "PNG", compress_level=0)
    return file.getvalue()


def words(chance: random.Random, most: int) -> str:
    """Return some words."""
    return " ".join(chance.choices(WORDS, k=chance.randrange(2, most)))


def page_text(chance: random.Random) -> EvidenceText:
    """Return what could be read in a page of a portal: frequent words and many that are rare."""
    rare = ("".join(chance.choices(ascii_lowercase, k=chance.randrange(4, 10))) for _ in range(40))
    return EvidenceText(" ".join((*chance.choices(WORDS, k=80), *rare)), b"")


def build(folder: Path, items: int) -> None:
    """Make a vault."""
    chance = random.Random(items)
    begin = datetime(2026, 1, 5, tzinfo=UTC)
    seconds = count()
    vault = Vault.create(
        folder,
        PASSPHRASE,
        practice=Practice("Cedar Hill"),
        person_name="Ana Ruiz",
        now=lambda: begin + timedelta(seconds=next(seconds)),
        key_cost=CHEAP,
    )
    # Building only: a power cut would cost nothing but the time.
    vault._writer.db.execute("PRAGMA synchronous = OFF")  # type: ignore[union-attr]
    activities, each = SHAPES[items]
    catalog = load_catalog()
    with vault:
        for year in YEARS:
            with vault.write(Event.PROFILE_CHANGED) as tx:
                tx.put_profile(YearProfile(year))
            for activity_id in sorted(catalog.inventory(year))[:activities]:
                with vault.write(Event.ACTIVITY_ADDED) as tx:
                    selection = tx.add_selection(year, activity_id)
                for number in range(each):
                    add(vault, selection.id, date(year, 1 + number % 12, 1 + number % 28), number, chance)


def add(vault: Vault, selection_id: str, day: date, number: int, chance: random.Random) -> None:
    """Add one item with what belongs to it, as the screens do: one command for each thing."""
    with vault.write(Event.EVIDENCE_ADDED) as tx:
        item = tx.add_evidence(
            selection_id,
            picture(chance),
            media_type="image/png",
            width=100,
            height=90,
            intake=Intake(
                Source.CAPTURE, datetime.now(UTC), "Ana Ruiz", "FRONTDESK", words(chance, 9), "shot.png", 100
            ),
            caption=words(chance, 14),
            shows_date=day,
        )
        if number % 3:
            keep_text(tx, item.id, page_text(chance))
    if number % 3 == 0:
        mark = Redaction(id="r1", x=1.0, y=2.0, width=30.0, height=8.0, reason=Reason.NAME)
        with vault.write(Event.MARKS_CHANGED) as tx:
            tx.add_marks(item.id, encode((mark,)), redactions=1, other_marks=0)
            keep_text(tx, item.id, page_text(chance))
    with vault.write(Event.USES_ADDED) as tx:
        tx.add_uses(selection_id, [UseEntry("", "", day, note=words(chance, 6))])


def medians(folder: Path) -> dict[str, float]:
    """Return the median of each act in milliseconds."""
    key_vault = Vault.open(folder, PASSPHRASE, now=lambda: datetime.now(UTC))
    head = key_vault.journal_tail(1)[0].seq
    key_vault.close()
    times: dict[str, list[float]] = {}

    def timed(name: str, work: Callable[[], object]) -> None:
        start = time.perf_counter()
        work()
        times.setdefault(name, []).append((time.perf_counter() - start) * 1000)

    catalog = load_catalog()
    for turn in range(ROUNDS):
        start = time.perf_counter()
        vault = Vault.open(folder, PASSPHRASE, now=lambda: datetime.now(UTC))
        times.setdefault("open", []).append((time.perf_counter() - start) * 1000)
        with vault:
            session = Session(vault, catalog)
            timed("year", partial(load_year, session, 2025, date(2026, 1, 5)))
            for text in SEARCHES:
                timed(f"search “{text}”", partial(find, session, text))
            timed("search “portal” in 2025", partial(find, session, "portal", 2025))
            timed("journal, newest 200", partial(vault.journal_tail, 200))
            timed("journal, 200 in the middle", partial(vault.journal, after=head // 2, limit=200))
            if turn < 2:
                timed("structure check", partial(structure, vault))
            if turn < 1:
                timed("whole check", vault.check)
    return {name: statistics.median(found) for name, found in times.items()}


def structure(vault: Vault) -> None:
    """Check what SQLite checks without reading every picture."""
    with vault.reading() as db:
        assert db.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def main() -> None:
    """Build the vaults that are missing and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("items", type=int, nargs="*", help="200, 2000, 20000; all of them when none is given")
    parser.add_argument("--keep", type=Path, help="where to build the vaults and leave them")
    given = parser.parse_args()
    sizes = given.items or sorted(SHAPES)
    with tempfile.TemporaryDirectory() as fresh:
        table = {}
        for items in sizes:
            folder = (given.keep or Path(fresh)) / f"{items}.mipsvault"
            if not folder.is_dir():
                start = time.perf_counter()
                build(folder, items)
                print(f"{items} items built in {time.perf_counter() - start:.0f} s", flush=True)
            table[items] = medians(folder)
            table[items]["size of vault.db, MB"] = (folder / "vault.db").stat().st_size / 1e6
        print(f"{'milliseconds':32}" + "".join(f"{items:>12,}" for items in table) + "   growth, x for 10 x items")
        for name in table[sizes[0]]:
            figures = [found[name] for found in table.values()]
            growth = "".join(f"{b / a:8.1f}" for a, b in pairwise(figures))
            print(f"{name:32}" + "".join(f"{figure:12,.1f}" for figure in figures) + growth)


if __name__ == "__main__":
    main()
