"""The three ways to a set in Choose: suggested, carried over, and what changed; and CMS's file in Settings."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QDialog, QLabel, QLineEdit, QPushButton, QWidget

from mips_desk.domain.practice import Level, YearProfile
from mips_desk.services import choose, official, setup
from mips_desk.ui.pages.choose import ChoosePage
from mips_desk.ui.pages.settings import SettingsPage
from mips_desk.ui.widgets.row_list import RowList
from tests.unit.catalog.cms_sample import activity, as_file, measures

from .conftest import nameless
from .rooms import Practiced, small_practice
from .test_choose import LEFT, Key, click, ids, one, said, search, show, shown


@pytest.fixture
def desk(theme, tmp_path: Path) -> Iterator[Practiced]:
    """2024 with IA_BE_4; 2025 and 2026 without a choice, one clinician."""
    with small_practice(tmp_path) as made:
        for year in (2025, 2026):
            setup.set_profile(made.session, YearProfile(year, level=Level.INDIVIDUAL))
        yield made


def dialog(page: QWidget) -> QDialog:
    (found,) = [made for made in page.findChildren(QDialog) if made.isVisible()]
    assert nameless(found) == []
    return found


def texts(root: QWidget) -> str:
    QApplication.processEvents()
    return "\n".join(made.text() for made in root.findChildren(QLabel) if made.isVisible())


# ---------------------------------------------------------------------- suggest a set


def suggest(qtbot, page: ChoosePage) -> QDialog:
    click(qtbot, page, "suggest")
    return dialog(page)


def test_a_suggested_set_fills_the_gauge_in_one_step(qtbot, desk):
    page = show(qtbot, desk, 2026)
    asked = suggest(qtbot, page)
    for key in ("portal", "open_notes"):
        box = one(asked, QCheckBox, f"does_{key}")
        box.setFocus()
        qtbot.keyClick(box, Key.Key_Space)
    first = texts(one(asked, QWidget, "set_0"))
    assert "IA_BE_4" in first
    assert "IA_CC_13" in first
    assert "You do both already." in first
    assert asked.findChild(QWidget, "set_4") is not None
    click(qtbot, asked, "choose_set_0")
    assert {part.activity.id for part in desk.view.selections} == {"IA_BE_4", "IA_CC_13"}
    assert (desk.view.gauge.planned, desk.view.gauge.target) == (2, 2)
    assert desk.said[-1].text == "IA_CC_13 and IA_BE_4 added. 0 → 2 of 2 activities planned."
    assert desk.undo.undo_text == "Add 2 activities"
    desk.said[-1].run()
    assert desk.view.selections == ()
    desk.undo.redo()
    assert desk.view.gauge.planned == 2


def test_what_the_practice_does_is_remembered(qtbot, desk, settings: QSettings):
    page = show(qtbot, desk, 2026, settings)
    asked = suggest(qtbot, page)
    click_box(qtbot, asked, "does_telehealth")
    click(qtbot, asked, "close_suggest")
    page = show(qtbot, desk, 2025, QSettings(settings.fileName(), QSettings.Format.IniFormat))
    asked = suggest(qtbot, page)
    assert one(asked, QCheckBox, "does_telehealth").isChecked()
    assert not one(asked, QCheckBox, "does_portal").isChecked()
    asked.reject()


def click_box(qtbot, root: QWidget, name: str) -> None:
    """Click the square, not the room beside the words."""
    box = one(root, QCheckBox, name)
    qtbot.mouseClick(box, LEFT, pos=QPoint(14, box.height() // 2))


def test_points_stand_beside_the_activities_of_a_weighted_year(qtbot, desk):
    page = show(qtbot, desk, 2024)
    asked = suggest(qtbot, page)
    assert "1 activity, 20 points" in texts(one(asked, QWidget, "set_0"))
    before = texts(asked)
    click_box(qtbot, asked, "prefer_screenshots")
    assert texts(asked) != before
    asked.reject()


def test_without_a_way_to_full_credit_it_says_so(qtbot, desk, monkeypatch):
    page = show(qtbot, desk, 2026)
    monkeypatch.setattr("mips_desk.services.choosing.suggest", lambda *_, **__: ())
    asked = suggest(qtbot, page)
    assert "Nothing to suggest" in texts(asked)
    asked.reject()


# ---------------------------------------------------------------------- carry over


def test_choices_of_an_earlier_year_are_carried_over_under_their_new_names(qtbot, desk):
    for name in ("IA_AHE_6", "IA_CC_1", "IA_BMH_4"):
        choose.add(desk.session, 2025, name)
    limited = choose.add(desk.session, 2025, "IA_PSPA_23").id
    choose.set_attested(desk.session, limited, date(2026, 2, 1))
    page = show(qtbot, desk, 2026)
    button = one(page, QPushButton, "carry_over")
    assert button.text() == "Carry over from 2025"
    qtbot.mouseClick(button, LEFT)
    asked = dialog(page)
    renamed = one(asked, QCheckBox, "carry_IA_EPA_8")
    assert renamed.isChecked()
    assert renamed.text() == "IA_AHE_6 → IA_EPA_8"
    assert "goes on as IA_EPA_8" in renamed.accessibleDescription()
    assert not one(asked, QCheckBox, "carry_IA_CC_1").isEnabled()
    assert not one(asked, QCheckBox, "carry_IA_PSPA_23").isEnabled()
    for word in ("kept", "renamed", "ended", "limited"):
        assert word in texts(asked).split("\n")
    qtbot.keyClick(one(asked, QCheckBox, "carry_IA_BMH_4"), Key.Key_Space)
    assert one(asked, QPushButton, "carry_over_now").accessibleName() == "Carry over 1 activity"
    click(qtbot, asked, "carry_over_now")
    assert [part.activity.id for part in desk.view.selections] == ["IA_EPA_8"]
    assert desk.said[-1].text == "IA_EPA_8 carried over. 0 → 1 of 2 activities planned."
    assert shown(page) == "IA_EPA_8"
    assert desk.undo.undo_text == "Carry over IA_EPA_8"
    desk.undo.undo()
    assert desk.view.selections == ()


def test_evidence_and_dates_stay_in_their_year_and_another_year_can_be_picked(qtbot, desk):
    choose.add(desk.session, 2025, "IA_CC_13")
    page = show(qtbot, desk, 2026)
    click(qtbot, page, "carry_over")
    asked = dialog(page)
    years = one(asked, QComboBox, "carry_from")
    assert [years.itemText(place) for place in range(years.count())] == ["from 2025", "from 2024"]
    years.setCurrentIndex(1)
    years.activated.emit(1)
    qtbot.keyClick(one(asked, QPushButton, "carry_over_now"), Key.Key_Return)
    (part,) = desk.view.selections
    assert (part.activity.id, part.evidence, part.uses, part.selection.period) == ("IA_BE_4", (), (), None)


def test_without_an_earlier_year_there_is_nothing_to_carry_over(qtbot, desk):
    page = show(qtbot, desk, 2024)
    assert not one(page, QPushButton, "carry_over").isEnabled()


# ---------------------------------------------------------------------- what changed


def test_what_changed_is_listed_searched_and_linked(qtbot, desk):
    page = show(qtbot, desk, 2025)
    search(qtbot, page, "portal")
    click(qtbot, page, "changes")
    asked = dialog(page)
    for kind in ("new", "gone", "renamed", "suspended", "weight"):
        assert asked.findChild(QWidget, f"changes_{kind}").isVisible(), kind
    line = one(asked, QLineEdit, "search_changes")
    assert asked.focusWidget() is line
    qtbot.keyClicks(line, "population management")
    qtbot.keyClick(line, Key.Key_Return)
    assert one(asked, QWidget, "changes_new").isVisible()
    assert [made for made in asked.findChildren(QWidget, "changes_gone") if made.isVisible()] == []
    click(qtbot, asked, "change_IA_PM_24")
    assert shown(page) == "IA_PM_24"
    assert "IA_PM_24" in ids(page)


def test_changes_since_an_older_year_and_none_at_all(qtbot, desk):
    page = show(qtbot, desk, 2026)
    click(qtbot, page, "changes")
    asked = dialog(page)
    years = one(asked, QComboBox, "changes_from")
    assert years.currentText() == "since 2025"
    assert "IA_EPA_1 " not in texts(asked)
    place = years.findText("since 2024")
    years.setCurrentIndex(place)
    years.activated.emit(place)
    assert "IA_EPA_1 " in texts(asked)
    line = one(asked, QLineEdit, "search_changes")
    qtbot.keyClicks(line, "zebra")
    qtbot.keyClick(line, Key.Key_Return)
    assert "No change to show" in texts(asked)
    asked.reject()


# ---------------------------------------------------------------------- CMS's file in Settings


class Picked:
    """Hands in one file after the other."""

    def __init__(self, *paths: Path | None) -> None:
        self.paths = list(paths)

    def __call__(self, _parent: QWidget) -> Path | None:
        return self.paths.pop(0)


def settings_room(qtbot, desk: Practiced, theme, settings: QSettings, *paths: Path | None) -> SettingsPage:
    page = SettingsPage(desk, theme, settings, Picked(*paths))
    qtbot.addWidget(page)
    page.resize(1080, 720)
    page.ensure_fresh()
    page.show()
    click(qtbot, page, "section_official")
    assert nameless(page) == []
    return page


def cms_file(folder: Path, year: int, *more: dict[str, object], name: str = "measures-data.json") -> Path:
    content = [*measures(year), *more]
    for each in content[1:]:
        each["description"] = f"Made-up words of {year} for {each['measureId']}."
    path = folder / name
    path.write_bytes(as_file(content))
    return path


def test_a_file_of_cms_is_loaded_and_its_text_is_shown(qtbot, desk, theme, settings, tmp_path):
    path = cms_file(tmp_path, 2024)
    page = settings_room(qtbot, desk, theme, settings, None, path)
    room = show(qtbot, desk)
    search(qtbot, room, "IA_BE_4")
    assert one(page, QLabel, "official_none").isVisible()
    click(qtbot, page, "load_official_file")  # and think better of it
    assert one(page, QLabel, "official_none").isVisible()
    click(qtbot, page, "load_official_file")
    result = one(page, QWidget, "official_result").text
    assert result == "CMS's text of 106 activities for 2024 is loaded. It agrees with the facts in MIPS Desk."
    (row,) = one(page, RowList, "official_rows").rows
    assert row.title == "Performance year 2024"
    (found,) = official.lists(desk.session)
    assert f"sha256 {found.sha256[:12]}…" in row.text
    assert "loaded Sep 19, 2024 by Dana Whitfield" in row.text
    assert "Made-up words of 2024 for IA_BE_4." in said(room)


def test_differences_are_listed(qtbot, desk, theme, settings, tmp_path):
    extra = [activity(f"IA_PM_9{number}") for number in range(7)]
    path = cms_file(tmp_path, 2024, *extra)
    page = settings_room(qtbot, desk, theme, settings, path)
    click(qtbot, page, "load_official_file")
    assert "differs from the facts in MIPS Desk in 7 places" in one(page, QWidget, "official_result").text
    assert "IA_PM_94 “A title” is in CMS's file only." in texts(page)
    assert "IA_PM_96 “A title” is in CMS's file only." not in texts(page)
    click(qtbot, page, "all_differences")
    assert "IA_PM_96 “A title” is in CMS's file only." in texts(page)


@pytest.mark.parametrize(
    "content", [b"", b"[", b"[[[", b"{}", b"[]", b"\xff\xfe", b"[" * 5000, b'[{"category": "ia"}]']
)
def test_a_hostile_file_gives_one_sentence_and_changes_nothing(qtbot, desk, theme, settings, tmp_path, content):
    path = tmp_path / "measures-data.json"
    path.write_bytes(content)
    page = settings_room(qtbot, desk, theme, settings, path)
    head = desk.session.vault.journal_head()
    click(qtbot, page, "load_official_file")
    result = one(page, QWidget, "official_result").text
    assert result.endswith("Nothing was changed.")
    assert str(tmp_path) not in result
    assert desk.session.vault.journal_head() == head
    assert one(page, QPushButton, "load_official_file").isEnabled()


def test_reading_only_nothing_is_loaded(qtbot, theme, settings, tmp_path):
    with small_practice(tmp_path, read_only=True) as desk:
        page = settings_room(qtbot, desk, theme, settings)
        assert not one(page, QPushButton, "load_official_file").isEnabled()
