"""The look of marks that a practice agreed on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mips_desk.errors import BadInputError
from mips_desk.services import journaling, marks_look
from mips_desk.services.marks_look import LOOK_SETTING, MarksLook
from mips_desk.store import Event

from .closing_sample import Small, small_practice


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    made = small_practice(tmp_path)
    yield made
    made.session.close()


BLUE = MarksLook("blue", "green", "large")


def test_a_practice_has_none_until_a_manager_sets_one_and_undo_takes_it_back(small: Small) -> None:
    session = small.session
    assert marks_look.marks_look(session) is None
    changes = marks_look.set_marks_look(session, BLUE)
    assert marks_look.marks_look(session) == BLUE
    entry = session.vault.journal_tail(1)[0]
    assert entry.event is Event.SETTINGS_CHANGED
    assert changes.undo is not None
    changes.undo()
    assert marks_look.marks_look(session) is None


def test_the_journal_says_it_in_words(small: Small) -> None:
    marks_look.set_marks_look(small.session, BLUE)
    newest = journaling.entries(small.session).rows[0]
    assert "look of new marks" in newest.what


@pytest.mark.parametrize(
    "look", [MarksLook("pink", "green", "large"), MarksLook("red", "#123456", "large"), MarksLook("red", "red", "9")]
)
def test_what_no_app_knows_is_refused(small: Small, look: MarksLook) -> None:
    with pytest.raises(BadInputError, match="not known"):
        marks_look.set_marks_look(small.session, look)
    assert marks_look.marks_look(small.session) is None


@pytest.mark.parametrize("stored", ["", "red", "red yellow huge", "red yellow small more", 7, None, ["red"]])
def test_what_a_newer_app_may_have_stored_is_no_look(small: Small, stored: object) -> None:
    with small.session.vault.write(Event.SETTINGS_CHANGED) as tx:
        tx.put_setting(LOOK_SETTING, stored)
    assert marks_look.marks_look(small.session) is None
