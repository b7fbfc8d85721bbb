from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mips_desk.domain.evidence import UseEntry
from mips_desk.domain.practice import Practice
from mips_desk.errors import BadInputError
from mips_desk.services import choose, uses
from mips_desk.services.session import Session, create_practice

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    practice = Practice("Test Practice")
    opened = create_practice(tmp_path / "t.mipsvault", "a long passphrase", practice, "Tess", clock=lambda: NOON)
    yield opened
    opened.close()


def _entry(day: date, count: int = 1, note: str = "") -> UseEntry:
    return UseEntry("", "", day, count, note)


def test_entries_keep_their_own_counts_and_notes_and_are_undone_together(session: Session) -> None:
    selection_id = choose.add(session, 2026, "IA_BE_4").id
    changes = uses.log_entries(
        session, selection_id, [_entry(date(2026, 5, 4), 3, " late "), _entry(date(2026, 3, 2), 1, "first")]
    )
    stored = session.vault.uses(2026)
    assert [(use.day, use.count, use.note) for use in stored] == [
        (date(2026, 3, 2), 1, "first"),
        (date(2026, 5, 4), 3, "late"),
    ]
    assert changes.ids == tuple(use.id for use in stored)
    assert changes.undo is not None
    changes.undo()
    assert session.vault.uses(2026) == ()


@pytest.mark.parametrize(
    "bad", [_entry(date(2025, 12, 31)), _entry(date(2026, 3, 3), 0), _entry(date(2026, 3, 3), 10_000)]
)
def test_one_bad_entry_keeps_all_out(session: Session, bad: UseEntry) -> None:
    selection_id = choose.add(session, 2026, "IA_BE_4").id
    with pytest.raises(BadInputError):
        uses.log_entries(session, selection_id, [_entry(date(2026, 3, 2)), bad])
    with pytest.raises(BadInputError):
        uses.log_entries(session, selection_id, [])
    assert session.vault.uses(2026) == ()


def test_the_journal_is_written_by_the_clock_of_the_session(session: Session) -> None:
    assert session.now() == NOON
    choose.add(session, 2026, "IA_BE_4")
    assert session.vault.journal()[-1].at == NOON
