"""The words of pictures: searched in the vault, and gone with what is covered."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mips_desk.annotate.marks import Box, Crop, Mark, Redaction
from mips_desk.domain.evidence import EvidenceItem
from mips_desk.domain.practice import Role
from mips_desk.identify.kinds import FoundDate, Word
from mips_desk.services import (
    backups,
    closing,
    collect,
    covered_text,
    evidence_text,
    finding,
    identifying,
    people,
    retention,
)
from mips_desk.services.session import Session, open_practice
from mips_desk.store import VaultReadOnlyError
from mips_desk.store.connection import Line

from .closing_sample import Small, small_practice

PASSPHRASE = "correct horse battery staple"


def word(text: str, x: int, y: int = 4, width: int = 10) -> Word:
    return Word(text, x, y, width, 8, 0.9, y // 10, 0)


#: As if read in the picture of 64 x 48 pixels.
WORDS = (word("Portal", 1), word("Zzyzxcanary", 20), word("Réply", 40), word("March", 1, 20), word("4,", 14, 20, 4))
OVER_CANARY = Redaction(x=21, y=3, width=9, height=9)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    made = small_practice(tmp_path)
    yield made
    made.session.close()


def item_of(small: Small) -> EvidenceItem:
    return small.session.vault.evidence_item(small.item)


def keep(small: Small, words: Sequence[Word] = WORDS) -> bool:
    item = item_of(small)
    return evidence_text.keep(small.session, item, collect.marks_of(small.session, item), words)


def hits(session: Session, text: str) -> list[str]:
    return [found.place for found in finding.find(session, text) if found.kind == "evidence"]


def index_bytes(session: Session) -> bytes:
    """Every byte of the index of texts as SQLite keeps it, and of the texts."""
    with session.vault.reading() as db:
        blocks = [bytes(block) for (block,) in db.execute("SELECT block FROM text_search_data").fetchall()]
        texts = db.execute("SELECT text, words FROM evidence_text").fetchall()
    return b"".join(blocks) + b"".join(text.encode() + bytes(words) for text, words in texts)


def mark(small: Small, *marks: Mark) -> None:
    collect.set_marks(small.session, small.item, marks)


def test_words_of_a_picture_are_found(small: Small) -> None:
    s = small.session
    assert small.item in evidence_text.unread(s, 2026)
    assert hits(s, "zzyzx") == []
    assert keep(small)
    assert small.item not in evidence_text.unread(s, 2026)
    for text in ("zzyzx", "REPLY", "portal zzyzxcanary"):
        (found,) = finding.find(s, text)
        assert (found.evidence_id, found.place, found.name) == (small.item, "text in the picture", "2026-IA_BE_4-01")
    # Together with what people wrote: the caption is "The portal".
    assert hits(s, "2026-IA_BE_4-01 zzyzx")
    assert hits(s, "zzyzx nothing") == []
    assert finding.find(s, "zzyzx", 2025) == ()
    assert [each.text for each in evidence_text.words_of(s, small.item)] == [each.text for each in WORDS]


def test_what_people_wrote_comes_first_and_nothing_twice(small: Small) -> None:
    keep(small)
    assert hits(small.session, "portal") == ["caption"]


def test_words_under_a_redaction_leave_with_the_marks(small: Small) -> None:
    s = small.session
    keep(small)
    assert b"zzyzxcanary" in index_bytes(s).lower()
    mark(small, OVER_CANARY)
    assert hits(s, "zzyzxcanary") == hits(s, "zzyz") == []
    assert hits(s, "reply") == ["text in the picture"]
    assert b"canary" not in index_bytes(s).lower()


def test_marks_that_are_not_stored_take_nothing(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction: when the marks fail, the words stay."""
    keep(small)

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(collect, "keep_text", fail)
    with pytest.raises(ZeroDivisionError):
        mark(small, OVER_CANARY)
    assert item_of(small).marks_revision == 0
    assert hits(small.session, "zzyzxcanary") == ["text in the picture"]


def test_undo_and_redo_bring_no_covered_word_back(small: Small) -> None:
    s = small.session
    keep(small)
    change = collect.set_marks(s, small.item, [OVER_CANARY])
    assert change.undo is not None
    back = change.undo()
    # What is uncovered has to be read again; nobody knows the words any more.
    assert small.item in evidence_text.unread(s, 2026)
    assert hits(s, "reply") == []
    assert back.undo is not None
    back.undo()
    keep(small)
    assert hits(s, "zzyzxcanary") == []
    assert hits(s, "reply") == ["text in the picture"]
    assert b"canary" not in index_bytes(s).lower()


def test_other_marks_keep_the_words(small: Small) -> None:
    keep(small)
    mark(small, Box(x=1, y=1, width=30, height=20))
    assert hits(small.session, "zzyzxcanary") == ["text in the picture"]
    mark(small, OVER_CANARY)
    # Larger than before: still everything covered.
    mark(small, larger(OVER_CANARY), Box(x=1, y=1, width=3, height=3))
    assert hits(small.session, "reply") == ["text in the picture"]


def larger(mark: Redaction) -> Redaction:
    return Redaction(x=mark.x - 1, y=mark.y - 1, width=mark.width + 2, height=mark.height + 2)


def test_words_outside_a_crop_are_gone(small: Small) -> None:
    keep(small)
    mark(small, Crop(x=0, y=0, width=25, height=48))
    assert hits(small.session, "zzyzxcanary") == hits(small.session, "reply") == []
    assert hits(small.session, "march") == ["text in the picture"]
    assert b"canary" not in index_bytes(small.session).lower()
    mark(small)
    assert hits(small.session, "march") == []


def test_what_was_read_before_a_change_is_not_kept(small: Small) -> None:
    """The picture was being read while somebody redacted it."""
    item = item_of(small)
    mark(small, OVER_CANARY)
    assert not evidence_text.keep(small.session, item, (), WORDS)
    assert index_bytes(small.session).lower().count(b"canary") == 0


def test_a_removed_item_is_not_found_and_comes_back(small: Small) -> None:
    keep(small)
    change = collect.remove(small.session, (small.item,), "why")
    assert hits(small.session, "zzyzx") == []
    assert change.undo is not None
    change.undo()
    assert hits(small.session, "zzyzx") == ["text in the picture"]


def test_a_destroyed_item_loses_its_words(small: Small) -> None:
    s = small.session
    keep(small)
    collect.remove(s, (small.item,), "why")
    retention.purge_item(s, small.item, "why", retention.confirmation_texts(s, 2026, small.item))
    assert b"canary" not in index_bytes(s).lower()
    collect.bring_back(s, small.item)
    assert not evidence_text.keep(s, item_of(small), (), WORDS)
    assert small.item not in evidence_text.unread(s, 2026)


def test_reading_is_no_entry_and_works_in_a_closed_year(small: Small) -> None:
    s = small.session
    closing.close_year(s, 2026)
    before = (s.vault.journal_head(), closing.year_state(s, 2026).fingerprint)
    assert keep(small)
    assert hits(s, "zzyzx") == ["text in the picture"]
    assert (s.vault.journal_head(), closing.year_state(s, 2026).fingerprint) == before
    assert s.vault.check() == []


def test_words_are_in_a_backup_and_under_a_new_key(small: Small, tmp_path: Path) -> None:
    s = small.session
    keep(small)
    people.remove_person(s, people.add_person(s, "Ben Ode", Role.HELPER, "another passphrase").id)
    assert hits(s, "zzyzx") == ["text in the picture"]
    (tmp_path / "backups").mkdir()
    (tmp_path / "there").mkdir()
    made = backups.make_backup(s, tmp_path / "backups")
    copy = open_practice(backups.restore(made.path, tmp_path / "there", PASSPHRASE), PASSPHRASE)
    assert hits(copy, "zzyzx") == ["text in the picture"]
    copy.close()


def test_nothing_can_be_kept_read_only(small: Small) -> None:
    folder = small.session.vault.folder
    small.session.close()
    small.session = open_practice(folder, PASSPHRASE, read_only=True)
    with pytest.raises(VaultReadOnlyError):
        keep(small)


def test_words_and_texts_are_not_in_representations() -> None:
    assert "Zzyzx" not in repr(WORDS)
    assert "Zzyzx" not in repr(covered_text.packed(WORDS))


def test_a_picture_is_read_and_kept(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifying, "text_of", lambda *_: WORDS)
    mark(small, OVER_CANARY)
    assert evidence_text.read(small.session, item_of(small), (OVER_CANARY,))
    assert hits(small.session, "reply")
    assert hits(small.session, "zzyzx") == []


def test_a_date_is_offered_and_never_set(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(small)
    found = (
        FoundDate(date(2026, 3, 4), 3, "", birth=False),
        FoundDate(date(2025, 12, 30), 3, "", birth=False),
        FoundDate(date(2026, 3, 9), 3, "", birth=False),
        FoundDate(date(2026, 3, 4), 3, "", birth=False),
        FoundDate(date(2026, 1, 2), 3, "", birth=True),
    )
    monkeypatch.setattr(identifying, "dates_in", lambda words: found if words == WORDS else ())
    item = item_of(small)
    assert evidence_text.suggested_dates(small.session, item) == (date(2026, 3, 4), date(2026, 3, 9))
    assert evidence_text.suggested_date(small.session, item) == date(2026, 3, 4)
    assert item_of(small) == item
    other = small.session.vault.evidence_item(small.item)
    mark(small, OVER_CANARY)
    monkeypatch.setattr(identifying, "dates_in", lambda words: found if len(words) == 5 else ())
    assert evidence_text.suggested_date(small.session, other) is None


BOXES = st.tuples(st.floats(-5, 70), st.floats(-5, 50), st.floats(0.1, 60), st.floats(0.1, 40))


@given(boxes=st.lists(BOXES, max_size=4))
def test_no_covered_pixel_of_a_word_is_told(boxes: list[tuple[float, float, float, float]]) -> None:
    marks = [Redaction(x=x, y=y, width=width, height=height) for x, y, width, height in boxes]
    words = [word(f"w{n}", n % 6 * 10, n // 6 * 10, 8) for n in range(24)]
    left = covered_text.uncovered(words, marks)
    for each in words:
        pixels = [(x, y) for x in range(each.x, each.x + 8) for y in range(each.y, each.y + 8)]
        covered = any(
            x < mark.x + mark.width and x + 1 > mark.x and y < mark.y + mark.height and y + 1 > mark.y
            for mark in marks
            for x, y in pixels
        )
        assert not (covered and each in left)
    far = [each for each in words if all(each.y > mark.y + mark.height + 1 for mark in marks)]
    assert set(far) <= set(left)


def test_the_index_is_sound(small: Small) -> None:
    keep(small)
    mark(small, OVER_CANARY)
    keep(small)
    folder = small.session.vault.folder
    key = small.session.vault.key
    small.session.close()
    line = Line(folder / "vault.db", key, "write")
    line.db.execute("INSERT INTO text_search (text_search, rank) VALUES ('integrity-check', 1)")
    line.close()
    small.session = open_practice(folder, PASSPHRASE)
