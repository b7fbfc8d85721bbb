"""The journal as people see it: words, filters, the chain, files."""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mips_desk.annotate.marks import Redaction
from mips_desk.domain.practice import Practice, Role
from mips_desk.errors import BadInputError, CancelledError, MipsDeskError
from mips_desk.services import choose, collect, journaling, pending, people, session, setup, uses
from mips_desk.services.journal_words import SENTENCES
from mips_desk.services.journaling import EVERYTHING, JournalFilter
from mips_desk.services.session import Session, open_practice
from mips_desk.store import Event, KeyCost, Vault, WrongPassphraseError
from tests.unit.binder.reading import page_texts, squeezed
from tests.unit.store.conftest import raw_line

from .closing_sample import ACTIVITY, Small, png, small_practice

ROOT = Path(__file__).resolve().parents[3]
PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Small]:
    monkeypatch.setattr(pending, "data_folder", lambda: tmp_path / "data")
    for module in (session, people):
        monkeypatch.setattr(module, "KEY_COST", KeyCost(8, 1, 1))
    made = small_practice(tmp_path)
    yield made
    made.session.close()


def newest(small: Small | Session) -> journaling.JournalRow:
    return journaling.entries(small if isinstance(small, Session) else small.session, limit=1).rows[0]


def exhibit(small: Small) -> str:
    return f"2026-{ACTIVITY}-{small.session.vault.evidence_item(small.item).number:02d}"


def test_entries_are_sentences(small: Small) -> None:
    rows = journaling.entries(small.session).rows
    number = exhibit(small)
    assert [row.number for row in rows] == list(range(len(rows), 0, -1))
    said = {row.what for row in rows}
    assert said >= {
        "Started the practice",
        "Added Abena Osei to the list of clinicians",
        "Set up what the practice is in 2026",
        f"Chose {ACTIVITY} in 2026",
        "Removed IA_CC_13 in 2026",
        f"Described {ACTIVITY} in 2026",
        f"Logged 1 date of use of {ACTIVITY} in 2026",
        f"Added exhibit {number}",
        f"Described exhibit {number}",
        f"Looked at exhibit {number}",
        f"Removed exhibit 2026-{ACTIVITY}-02",
        f"Recorded that {ACTIVITY} was attested for 2026",
    }
    removed = next(row for row in rows if row.what.startswith("Removed exhibit"))
    assert "Reason: Wrong patient" in removed.details
    described = next(row for row in rows if row.what == f"Described exhibit {number}")
    assert described.details == (
        "Caption: The portal",
        "Date shown: Mar 1, 2026",
        "Shows no patient identifier: yes (before: no)",
    )
    for row in rows:
        assert not re.search(r"[{}\[\]]|[0-9A-Z]{26}|None|did", "\n".join((row.what, *row.details))), row


def test_what_nobody_outside_should_read_is_not_said(small: Small) -> None:
    choose.set_private_note(small.session, small.selection, "Dr. Osei forgot")
    setup.set_practice(small.session, Practice("Cedar Hill", "987654321", "2 Main St"))
    text = repr(journaling.entries(small.session, limit=9999).rows)
    assert "forgot" not in text
    assert "98765" not in text
    assert "12345678," not in text
    assert "Private note: changed" in text
    assert "Address: 2 Main St (before: 1 Main St)" in text


def test_more_sentences(small: Small) -> None:
    s, number = small.session, exhibit(small)
    collect.describe(s, small.item, no_identifiers=False)
    assert newest(s).what == f"Took back that exhibit {number} shows no patient identifier"
    collect.look_at(s, small.item, looked=False)
    assert newest(s).what == f"Took back that exhibit {number} was looked at"
    added = collect.add_pictures(s, small.selection, [collect.Incoming(png(), collect.Source.IMPORT)] * 6).changes
    assert newest(s).what == f"Added 6 exhibits, 2026-{ACTIVITY}-03 to 2026-{ACTIVITY}-08"
    collect.remove(s, added.ids[:2], "")
    assert newest(s).what == f"Removed exhibits 2026-{ACTIVITY}-03 and 2026-{ACTIVITY}-04"
    uses.remove(s, (small.use,))
    assert newest(s).what == f"Removed 1 date of use of {ACTIVITY} in 2026"
    days = [date(2026, 3, 2) + timedelta(days=number) for number in range(30)]
    uses.log(s, small.selection, days, clinician_id=small.clinician)
    assert newest(s).details[0] == "30 different days, Mar 2, 2026 to Mar 31, 2026"
    collect.set_marks(s, small.item, [Redaction(x=1, y=1, width=5, height=5)])
    assert (newest(s).what, newest(s).details) == (
        f"Changed the marks on exhibit {number}",
        ("1 covered area, 0 other marks",),
    )


def test_every_kind_of_write_has_words() -> None:
    """What the store can write is asked of its source, so that a new kind cannot be forgotten."""
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "mips_desk" / "store").rglob("*.py"))
    written = set(re.findall(r'note_did\(\s*"(\w+)"|\bdo="(\w+)"', source))
    assert {one or other for one, other in written} - set(SENTENCES) == set()


def test_words_of_a_newer_version_do_not_fail(small: Small) -> None:
    with small.session.vault.write(Event.SETTINGS_CHANGED) as tx:
        tx.note_did("teleport_exhibit", id=small.item, how={"fast": True}, changed=[1], new="x")
        tx.note_did("put_evidence", id=7, changed={"caption": "only one"})
        tx.note(anything=[None, {"a": 1}], text="[not json]")
    row = newest(small)
    assert row.what.startswith("Teleport exhibit; described")
    assert "How: fast yes" in row.details


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    change=st.dictionaries(
        st.sampled_from(["did", "clock", "noted_at", "until", "attempts", "picked", "exhibit", "file", "reason"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=20),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["do", "id", "ids", "changed", "new", "uses", "back_seconds"]), inner)
            ),
            max_leaves=8,
        ),
    ),
    event=st.sampled_from(list(Event)),
)
def test_words_never_fail(small: Small, change: dict[str, object], event: Event) -> None:
    entry = replace(small.session.vault.journal_tail(1)[0], event=event, change=change)
    said = journaling.say(entry, journaling.Names())
    assert said.sentence
    assert all(isinstance(line, str) for line in said.details)


def test_filters(small: Small) -> None:
    s = small.session

    def seqs(**wanted: object) -> list[int]:
        page = journaling.entries(s, JournalFilter(**wanted), limit=999)  # type: ignore[arg-type]  # test data
        assert page.total in (None, len(page.rows))
        return [row.number for row in page.rows]

    everything = seqs()
    small.clock.time += timedelta(days=3)
    uses.remove(s, (small.use,))
    last = newest(s)
    day = last.at.date()
    assert seqs(from_day=day) == seqs(from_day=day, to_day=day) == [last.number]
    assert seqs(to_day=day - timedelta(days=1)) == everything
    assert seqs(from_day=day + timedelta(days=1)) == []
    assert seqs(person="Ana Ruiz") == [last.number, *everything]
    assert seqs(person="Ana") == []
    events = {row.number: row.event for row in journaling.entries(s, limit=999).rows}
    assert seqs(events=frozenset({Event.USES_REMOVED, Event.VAULT_CREATED})) == [last.number, 1]
    assert set(seqs(exhibit=exhibit(small))) == set(seqs(exhibit=small.item))
    assert {events[seq] for seq in seqs(exhibit=small.item)} == {
        Event.EVIDENCE_ADDED,
        Event.EVIDENCE_CHANGED,
        Event.LOOKED_AT,
    }
    assert seqs(exhibit="2026-IA_BE_4-99") == seqs(exhibit="nonsense") == []
    assert [events[seq] for seq in seqs(text="wrong PATIENT")] == [Event.EVIDENCE_REMOVED]
    assert [events[seq] for seq in seqs(text="patient ana removed wrong")] == [Event.EVIDENCE_REMOVED]
    assert seqs(text="IA_CC_13")
    assert seqs(text="xyzzy") == []


def test_pages_follow_each_other(small: Small) -> None:
    whole = [row.number for row in journaling.entries(small.session, limit=999).rows]
    for text in ("", "2026"):
        got: list[int] = []
        after, more = 0, True
        while more:
            page = journaling.entries(small.session, JournalFilter(text=text), after, 4)
            got += [row.number for row in page.rows]
            after, more = got[-1], page.more
        assert got == (
            whole
            if not text
            else [row.number for row in journaling.entries(small.session, JournalFilter(text=text), limit=999).rows]
        )


def test_a_filter_in_words() -> None:
    assert EVERYTHING.in_words == "The whole journal"
    wanted = JournalFilter(date(2026, 3, 1), date(2026, 3, 31), "Ana Ruiz", frozenset({Event.LOGIN}), "x", "2026-A-01")
    assert wanted.in_words == (
        "From Mar 1, 2026; to Mar 31, 2026; by Ana Ruiz; only “Vault opened”; about exhibit 2026-A-01; with “x”"
    )


def test_people_named(small: Small) -> None:
    assert journaling.people_named(small.session) == ("Ana Ruiz",)


def test_the_chain_is_followed(small: Small) -> None:
    steps: list[tuple[int, int]] = []
    for number in range(600):
        with small.session.vault.write(Event.SETTINGS_CHANGED) as tx:
            tx.note(number=number)
    verdict = journaling.verify_chain(small.session, lambda done, total: steps.append((done, total)))
    assert verdict.sound
    assert verdict.entries == newest(small).number
    assert verdict.head == small.session.vault.journal_head()
    assert steps == [(500, verdict.entries)]
    assert verdict.sentence == f"Unbroken: all {verdict.entries} entries are as written."

    def stop() -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        journaling.verify_chain(small.session, check=stop)


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE journal SET person_name = 'X' WHERE seq = 5", 5),
        ("DELETE FROM journal WHERE seq = 7", 7),
        ("UPDATE journal_head SET seq = seq - 1", None),
        ("DELETE FROM journal WHERE seq = (SELECT seq FROM journal_head)", None),
    ],
)
def test_a_broken_chain_is_said(small: Small, sql: str, broken: int | None) -> None:
    head = newest(small).number
    line = raw_line(small.session.vault.folder)
    for trigger in ("journal_keeps", "journal_stays"):
        line.db.execute(f"DROP TRIGGER {trigger}")
    line.db.execute(sql)
    line.close()
    verdict = journaling.verify_chain(small.session)
    assert not verdict.sound
    assert verdict.broken in ((broken,) if broken else (head, head - 1))
    assert verdict.sentence.startswith(f"Entry {verdict.broken} ")


def script(csv_file: Path) -> subprocess.CompletedProcess[str]:
    """Run the very script of the documentation."""
    text = (ROOT / "docs" / "journal.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(code.strip().splitlines()) <= 25
    return subprocess.run(
        [sys.executable, "-I", "-c", code, str(csv_file)], capture_output=True, text=True, check=False, encoding="utf-8"
    )


RISKY = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=x", "'", "＝1", 'a "b", c', "two\nlines", "Zoë Ünal 张"]


def test_csv_can_be_checked_by_anybody(small: Small, tmp_path: Path) -> None:
    s = small.session
    for name in RISKY:
        with s.vault.writing() as (db, at, _):
            journaling.pending.pending.journal.append(
                db, at, replace(s.vault.person, name=name), Event.SETTINGS_CHANGED, {"name": name}
            )
    out = tmp_path / "journal.csv"
    head, length = s.vault.journal_head(), newest(s).number
    journaling.write_csv(s, EVERYTHING, out)
    data = out.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert list(rows[0]) == list(journaling.COLUMNS)
    assert [int(row["number"]) for row in rows] == list(range(1, length + 1))
    for row in rows:
        for cell in row.values():
            assert not cell.startswith(tuple("=+-@\t\r＝"))
    assert [row["person"].removeprefix("'") for row in rows[-len(RISKY) :]] == RISKY
    assert json.loads(rows[-1]["change"]) == {"name": RISKY[-1]}
    done = script(out)
    assert (done.returncode, done.stderr) == (0, "")
    assert head in done.stdout

    exported = newest(s)
    assert (exported.event, exported.what) == (Event.JOURNAL_EXPORTED, "Exported the journal to “journal.csv”")
    change = s.vault.journal_tail(1)[0].change
    assert change["sha256"] == journaling.hashlib.sha256(data).hexdigest()
    assert (change["entries"], change["form"], change["chosen"]) == (length, "CSV", "The whole journal")


@pytest.mark.parametrize("field", ["time", "person", "person_id", "event", "change", "previous_hash", "hash"])
def test_the_script_finds_a_change(small: Small, tmp_path: Path, field: str) -> None:
    out = tmp_path / "journal.csv"
    journaling.write_csv(small.session, EVERYTHING, out)
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"), newline="")))
    rows[4][field] = '{"x":1}' if field == "change" else rows[4][field][:-1] + "x"
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, journaling.COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    done = script(out)
    assert done.returncode == 1
    assert "[5" in done.stdout
    del rows[2]
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, journaling.COLUMNS)
        writer.writeheader()
        writer.writerows(rows[:3] + rows[:1])
    assert script(out).returncode == 1


def test_a_part_as_csv(small: Small, tmp_path: Path) -> None:
    out = tmp_path / "part.csv"
    journaling.write_csv(small.session, JournalFilter(text="exhibit"), out)
    with out.open(encoding="utf-8-sig", newline="") as file:
        numbers = [int(row["number"]) for row in csv.DictReader(file)]
    assert 0 < len(numbers) < newest(small).number
    assert numbers == sorted(numbers)
    assert script(out).returncode == 0


def test_pdf(small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    s = small.session
    story = "A very long story without any end. " * 60
    for year in range(60):
        choose.set_story(s, small.selection, f"{year} {story}")
    out, again = tmp_path / "journal.pdf", tmp_path / "again.pdf"
    seen: list[tuple[int, int]] = []
    whole = JournalFilter(to_day=newest(s).at.date(), events=frozenset(set(Event) - {Event.JOURNAL_EXPORTED}))
    head, length = s.vault.journal_head(), newest(s).number
    journaling.write_pdf(s, whole, out, journaling.Paper.A4, lambda done, total: seen.append((done, total)))
    texts = page_texts(out)
    pages = len(texts)
    assert pages > 5
    assert seen[-1] == (pages, pages)
    assert all(f"Page {number} of {pages}" in text for number, text in enumerate(texts, 1))
    first = squeezed(texts[0])
    for wanted in (head, f"all{length}entriesareaswritten", "CedarHill", "byAnaRuiz", "Startedthepractice"):
        assert wanted in first
    # The titles stand on each page, and no entry is lost.
    assert all("What was done" in text for text in texts)
    hashes = {entry.hash[:32] for entry in s.vault.journal(limit=9999) if entry.seq <= length}
    assert all(shown in squeezed("".join(texts)) for shown in hashes)
    with pikepdf.open(out) as pdf:
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert b"<pdfaid:part>1</pdfaid:part>" in pdf.Root.Metadata.read_bytes()
        assert "/Encrypt" not in pdf.trailer
    assert newest(s).what == "Exported the journal to “journal.pdf”"
    before = s.vault.journal_head()
    with pytest.raises(BadInputError):
        journaling.write_pdf(s, EVERYTHING, s.vault.folder / "x.pdf")
    with pytest.raises(BadInputError):
        journaling.write_csv(s, EVERYTHING, tmp_path)
    assert s.vault.journal_head() == before
    journaling.write_pdf(s, JournalFilter(person="Nobody"), again)
    assert "No entry of the journal matches." in page_texts(again)[0]


@pytest.mark.parametrize("write", [journaling.write_csv, journaling.write_pdf])
def test_a_cancelled_or_failed_export_leaves_nothing(small: Small, tmp_path: Path, write: object) -> None:
    out = tmp_path / "out" / "journal"
    out.parent.mkdir()
    head = small.session.vault.journal_head()
    for stop_after in range(3):
        left = stop_after

        def stop() -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise CancelledError

        try:
            write(small.session, EVERYTHING, out, check=stop)  # type: ignore[operator]  # a function
        except CancelledError:
            assert list(out.parent.iterdir()) == []
            assert small.session.vault.journal_head() == head
        else:
            assert stop_after > 0
            break
    with pytest.raises(MipsDeskError):
        write(small.session, EVERYTHING, tmp_path / "missing" / "journal")  # type: ignore[operator]  # a function


# Openings, and what waits outside.


def attempt(folder: Path) -> None:
    with pytest.raises(WrongPassphraseError):
        open_practice(folder, "wrong")


def test_failed_attempts_come_into_the_journal(small: Small) -> None:
    folder = small.session.vault.folder
    small.session.close()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    attempt(folder)
    attempt(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    with open_practice(folder, PASSPHRASE).vault as vault:
        assert pending.waiting(vault) == 0
        events = [entry.event for entry in vault.journal_tail(3)]
        assert events == [Event.LOGIN, Event.LOGIN_FAILED, Event.LOGIN_FAILED]
        assert journaling.verify_chain(Session(vault, small.session.catalog)).sound


def test_what_is_done_to_read_only_comes_into_the_journal(small: Small, tmp_path: Path) -> None:
    folder, number = small.session.vault.folder, exhibit(small)
    reader = open_practice(folder, PASSPHRASE, read_only=True)
    collect.pixels(reader, reader.vault.evidence_item(small.item))
    journaling.write_csv(reader, EVERYTHING, tmp_path / "j.csv")
    assert pending.waiting(reader.vault) == 3
    reader.close()
    head = small.session.vault.journal_head()
    small.session.close()
    attempt(folder)
    writer = open_practice(folder, PASSPHRASE)
    rows = journaling.entries(writer, limit=5).rows[::-1]
    assert [row.event for row in rows] == [
        Event.LOGIN,
        Event.LOGIN,
        Event.ORIGINAL_VIEWED,
        Event.JOURNAL_EXPORTED,
        Event.LOGIN_FAILED,
    ]
    assert writer.vault.journal_tail(5)[0].prev == head
    assert [row.what for row in rows] == [
        "Opened the practice",
        "Opened the practice to read only",
        f"Looked at the original of exhibit {number}",
        "Exported the journal to “j.csv”",
        "An attempt to open the practice failed",
    ]
    assert all(line.startswith("Time: ") for row in rows[1:] for line in row.details[-1:])
    assert rows[4].person == "Nobody signed in"
    writer.close()


def test_a_look_at_an_original_is_an_entry(small: Small) -> None:
    collect.pixels(small.session, small.session.vault.evidence_item(small.item))
    row = newest(small)
    assert (row.event, row.what) == (Event.ORIGINAL_VIEWED, f"Looked at the original of exhibit {exhibit(small)}")
    assert row.number in [
        found.number for found in journaling.entries(small.session, JournalFilter(exhibit=exhibit(small))).rows
    ]


def test_nothing_is_shown_that_cannot_be_noted(small: Small, tmp_path: Path) -> None:
    reader = Session(
        Vault.open(small.session.vault.folder, PASSPHRASE, now=small.clock, read_only=True), small.session.catalog
    )
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(MipsDeskError):
        collect.pixels(reader, reader.vault.evidence_item(small.item))
    reader.close()
    with pytest.raises(MipsDeskError):
        open_practice(small.session.vault.folder, PASSPHRASE, read_only=True)
    # Neither a wrong passphrase nor an opening for writing fails over it.
    attempt(small.session.vault.folder)
    small.session.close()
    open_practice(small.session.vault.folder, PASSPHRASE).close()


def test_what_a_reader_does_comes_into_the_journal_under_the_readers_name(small: Small) -> None:
    s = small.session
    people.add_person(s, "Rita Book", Role.READER, "the passphrase of a reader")
    folder = s.vault.folder
    s.close()
    reader = open_practice(folder, "the passphrase of a reader")
    assert reader.vault.read_only
    collect.pixels(reader, reader.vault.evidence_item(small.item))
    reader.close()
    with open_practice(folder, PASSPHRASE).vault as vault:
        mine = journaling.entries(Session(vault, s.catalog), JournalFilter(person="Rita Book")).rows
        assert [row.event for row in mine] == [Event.ORIGINAL_VIEWED, Event.LOGIN]
        assert vault.check() == []
