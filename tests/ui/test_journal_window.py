"""The journal viewer: newest first, filters, details, the chain, and files."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from mips_desk.services import choose
from mips_desk.services.journaling import Event
from mips_desk.ui.journal_window import AT_ONCE, GROUPS, JournalWindow

from .rooms import YEAR, Practiced, small_practice


@pytest.fixture
def desk(theme, tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path) as made:
        yield made


@pytest.fixture
def window(desk, tmp_path: Path) -> Iterator[JournalWindow]:
    made = JournalWindow(desk, lambda _parent, kind: tmp_path / f"journal.{kind}")
    made.show()
    yield made
    if shiboken6.isValid(made):
        made.close()


def titles(window: JournalWindow) -> list[str]:
    return [line.title for line in window._list.lines.lines]


def kinds(window: JournalWindow) -> list[str]:
    return [line.text.split(" · ")[1] for line in window._list.lines.lines]


def click(qtbot, window: JournalWindow, name: str) -> None:
    qtbot.mouseClick(window.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def verdict(window: JournalWindow) -> str:
    return window.findChild(type(window._verdict), "journal_verdict").text


def test_every_kind_of_event_is_in_exactly_one_group():
    grouped = [event for group in GROUPS.values() for event in group]
    assert sorted(grouped) == sorted(Event)


def test_entries_stand_newest_first_and_the_first_is_explained(window):
    assert kinds(window)[0] == "Evidence added"
    assert kinds(window)[-1] == "Practice started"
    said = [found.text() for found in window.findChildren(QLabel)]
    assert any("2024-IA_BE_4-02" in text for text in said)


def test_a_kind_and_a_person_narrow_the_list(qtbot, window):
    place = window._kind.findText("Activities and dates of use")
    window._kind.setCurrentIndex(place)
    window._kind.activated.emit(place)
    assert set(kinds(window)) <= {"Activity chosen", "Activity described", "Dates of use logged"}
    assert window._person.findText("Dana Whitfield") > 0
    window._kind.setCurrentIndex(0)
    window._kind.activated.emit(0)
    assert "Practice started" in kinds(window)


def test_words_are_looked_for_as_one_types(qtbot, window):
    qtbot.keyClicks(window._text, "2024-IA_BE_4-01")
    qtbot.keyClick(window._text, Qt.Key.Key_Return)
    assert kinds(window) == ["Evidence added"]


def test_a_day_without_entries_shows_none_and_says_so(window):
    window._narrow(to_day=date(2020, 1, 1))
    assert titles(window) == []
    assert "0 entries" in window.findChild(QLabel, "journal_told").text()


def test_long_journals_are_fetched_as_one_scrolls(qtbot, theme, tmp_path):
    with small_practice(tmp_path) as desk:
        (selection,) = desk.session.vault.selections(YEAR)
        for number in range(AT_ONCE + 20):
            choose.set_story(desk.session, selection.id, f"Story {number}")
        window = JournalWindow(desk)
        window.show()
        total = len(desk.session.vault.journal())
        assert len(titles(window)) == AT_ONCE
        window._list.scrollToBottom()
        qtbot.waitUntil(lambda: len(titles(window)) == total)
        assert len({line.key for line in window._list.lines.lines}) == total
        window.close()


def test_the_chain_is_verified(qtbot, window):
    click(qtbot, window, "journal_verify")
    assert verdict(window).startswith("Unbroken")


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF-"), ("csv", b"\xef\xbb\xbf")])
def test_it_is_saved_and_the_saving_is_an_entry(qtbot, desk, window, tmp_path, kind, begins):
    click(qtbot, window, f"journal_{kind}")
    assert (tmp_path / f"journal.{kind}").read_bytes().startswith(begins)
    assert "not encrypted" in verdict(window)
    assert kinds(window)[0] == "Journal exported"


def test_a_table_is_only_written_after_it_was_said_what_it_holds(qtbot, desk, window, tmp_path):
    asked = []

    def no(question):
        asked.append(question.text)
        return False

    desk.ask = no
    click(qtbot, window, "journal_csv")
    assert "private notes and tax numbers" in asked[0]
    assert not (tmp_path / "journal.csv").exists()
    click(qtbot, window, "journal_pdf")
    assert (tmp_path / "journal.pdf").exists()
    assert len(asked) == 1
