"""Audit mode on the screen: the notice, the requests, the packages, what was sent, the end; and the practice drill."""

import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from mips_desk.domain.audit import RequestState
from mips_desk.services import auditing, binding
from mips_desk.ui.desk import Target
from mips_desk.ui.pages.audit_drill import clock_words, duration
from mips_desk.ui.pages.binder import BinderPage
from mips_desk.ui.pages.home import HomePage
from mips_desk.ui.rooms import Room

from .binder_room import click, click_soon, finish, make_page, one, saving
from .conftest import nameless, show_active
from .rooms import Practiced, small_practice

LETTER = date(2024, 9, 9)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path) as made:
        made.rooms = []
        made.room_requested.connect(lambda room, target: made.rooms.append((room, target)))
        yield made


def _page(qtbot, desk: Practiced, **doors) -> BinderPage:
    page = make_page(qtbot, desk, **doors)
    page.show_part("audit")
    return page


def _start(desk: Practiced, *texts: str) -> None:
    audit = auditing.start(desk.session, letter_on=LETTER, sender="CMS", years=[2024]).id
    for text in texts:
        auditing.add_request(desk.session, audit, text=text, year=2024, activities=["IA_BE_4"])


def _audit(desk: Practiced):
    return auditing.audits(desk.session)[0]


def _type(qtbot, dialog: QDialog, name: str, text: str) -> None:
    field = one(dialog, name)
    field.setFocus()
    if isinstance(field, QPlainTextEdit):
        qtbot.keyClicks(field, text)
        return
    field.selectAll()
    qtbot.keyClicks(field, text)


def _words(page: QWidget, name: str) -> str:
    return one(page, name).text()


# The audit


def test_without_an_audit_the_tab_explains_and_offers_both_ways(qtbot, desk):
    page = _page(qtbot, desk)
    assert one(page, "enter_first_notice").isVisible()
    assert not one(page, "add_request").isVisible()
    click(qtbot, page, "first_drill")
    assert one(page, "start_drill").isVisible()


def test_the_notice_is_entered_with_the_keyboard_and_starts_the_clock(qtbot, desk):
    page = _page(qtbot, desk)
    button = one(page, "enter_first_notice")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    dialog = one(page, "notice")
    _type(qtbot, dialog, "notice_sender", "CMS contractor")
    click(qtbot, dialog, "notice_done")
    assert "Enter the date on the letter" in one(dialog, "notice_error").text
    _type(qtbot, dialog, "notice_day", "09/09/2024")
    qtbot.keyClick(one(dialog, "notice_sender"), Qt.Key.Key_Return)
    made = _audit(desk).audit
    assert (made.letter_on, made.sender, made.days, made.years) == (LETTER, "CMS contractor", 45, (2024,))
    qtbot.waitUntil(lambda: one(page, "audit_due").isVisible())
    assert _words(page, "audit_due") == "Answer by Oct 24, 2024"
    assert one(page, "audit_clock").words == "35 days left"
    assert "35 days left" in one(page, "audit_clock").accessibleName()
    assert one(page, "add_first_request").isVisible()


def test_a_notice_entered_beside_drills_and_an_older_audit_is_shown_at_once(qtbot, desk):
    _start(desk, "First")
    auditing.start_drill(desk.session, 2024, 1)
    page = _page(qtbot, desk)
    click_soon(qtbot, page, "show_drills")
    click_soon(qtbot, page, "enter_notice")
    dialog = one(page, "notice")
    _type(qtbot, dialog, "notice_day", "09/16/2024")
    _type(qtbot, dialog, "notice_sender", "CMS")
    click(qtbot, dialog, "notice_done")
    assert page.part.audit is not None
    assert page.part.audit.audit.letter_on == date(2024, 9, 16)
    assert one(page, "which_audit").currentText() == "Audit: letter of Sep 16, 2024"


def test_a_request_is_added_changed_and_withdrawn(qtbot, desk):
    _start(desk)
    page = _page(qtbot, desk)
    click_soon(qtbot, page, "add_request")
    dialog = one(page, "request")
    click(qtbot, dialog, "request_done")
    assert "Enter what is asked for" in one(dialog, "request_error").text
    _type(qtbot, dialog, "request_text", "Proof of IA_BE_4")
    click(qtbot, dialog, "request_IA_BE_4")
    _type(qtbot, dialog, "request_due", "10/01/2024")
    click(qtbot, dialog, "request_done")
    (request,) = _audit(desk).requests
    assert (request.request.text, request.request.activities) == ("Proof of IA_BE_4", ("IA_BE_4",))
    assert request.due == date(2024, 10, 1)
    click_soon(qtbot, page, "change_request")
    dialog = one(page, "request")
    one(dialog, "request_due").setFocus()
    one(dialog, "request_due").selectAll()
    qtbot.keyClick(one(dialog, "request_due"), Qt.Key.Key_Delete)
    _type(qtbot, dialog, "request_others", "ia_pm_16")
    click(qtbot, dialog, "request_done")
    (request,) = _audit(desk).requests
    assert request.due == LETTER + timedelta(days=45)
    assert request.request.activities == ("IA_BE_4", "IA_PM_16")
    click_soon(qtbot, page, "state_withdrawn")
    assert _audit(desk).requests[0].request.state is RequestState.WITHDRAWN
    click_soon(qtbot, page, "state_open")
    assert _audit(desk).requests[0].request.state is RequestState.OPEN
    desk.undo.undo()
    assert _audit(desk).requests[0].request.state is RequestState.WITHDRAWN


def test_what_is_asked_for_leads_to_its_proof(qtbot, desk):
    _start(desk, "Proof of IA_BE_4")
    page = _page(qtbot, desk)
    click_soon(qtbot, page, "request_activity_IA_BE_4")
    room, target = desk.rooms[-1]
    assert (room, target.selection_id) == (Room.EVIDENCE, desk.view.selections[0].id)


def test_the_package_of_a_request_is_made_and_recorded_as_sent(qtbot, desk, tmp_path):
    finish(desk)
    _start(desk, "Proof of IA_BE_4")
    asked = []

    def save(_parent, *words):
        asked.append(words)
        return tmp_path / words[1]

    page = _page(qtbot, desk, save=save)
    click_soon(qtbot, page, "make_package")
    dialog = one(page, "answer")
    assert one(dialog, "answer_redacted").isChecked(), "redacted unless somebody says otherwise"
    assert "IA_BE_4: 2 exhibits" in _words(dialog, "answer_what")
    click(qtbot, dialog, "answer_write")
    assert asked[0][1].startswith("MIPS answer 1 2024 Riverside Family Practice")
    (package,) = [each for each in desk.session.vault.exports() if each.kind == "package"]
    (request,) = _audit(desk).requests
    assert (package.request_id, package.edition) == (request.id, "redacted")
    assert zipfile.is_zipfile(tmp_path / package.file_name)
    assert request.request.state is RequestState.PREPARING, "it is being prepared from then on"
    click_soon(qtbot, page, "record_sent")
    dialog = one(page, "sent")
    assert package.file_name in one(dialog, "sent_file").currentText()
    click(qtbot, dialog, "sent_done")
    assert "Say how it was sent" in one(dialog, "sent_error").text
    _type(qtbot, dialog, "sent_how", "Auditor's portal")
    qtbot.keyClick(one(dialog, "sent_how"), Qt.Key.Key_Return)
    (request,) = _audit(desk).requests
    assert request.request.state is RequestState.SENT
    (sent,) = request.sent
    assert (sent.file_name, sent.sha256, sent.on) == (package.file_name, package.sha256, desk.today())
    assert "Every request is sent" in _words(page, "audit_sentence")


def test_the_full_edition_of_a_package_needs_a_reason_and_a_second_yes(qtbot, desk, tmp_path):
    finish(desk)
    _start(desk, "Proof of IA_BE_4")
    answers = iter([False, True])
    desk.ask = lambda _question: next(answers)
    page = _page(qtbot, desk, save=lambda _parent, *words: tmp_path / words[1])
    click_soon(qtbot, page, "make_package")
    dialog = one(page, "answer")
    click(qtbot, dialog, "answer_full")
    click(qtbot, one(dialog, "full_edition"), "dialog_cancel")
    assert one(dialog, "answer_redacted").isChecked()
    click(qtbot, dialog, "answer_full")
    why = [each for each in dialog.findChildren(QDialog, "full_edition") if each.isVisible()][-1]
    _type(qtbot, why, "full_reason", "The auditor asked for it")
    click(qtbot, why, "full_edition_done")
    click(qtbot, dialog, "answer_write")
    assert desk.session.vault.exports() == (), "the second question was answered with no"
    click(qtbot, dialog, "answer_write")
    (package,) = [each for each in desk.session.vault.exports() if each.kind == "package"]
    assert (package.edition, package.reason) == ("full", "The auditor asked for it")
    assert " FULL" in package.file_name


def test_a_package_that_cannot_be_written_says_so_and_leaves_everything(qtbot, desk, tmp_path):
    _start(desk, "Proof of IA_BE_4")
    page = _page(qtbot, desk, save=saving(tmp_path / "nowhere" / "x.zip"))
    click_soon(qtbot, page, "make_package")
    dialog = one(page, "answer")
    assert "PARTIAL" in one(dialog, "answer_gaps").text
    click(qtbot, dialog, "answer_write")
    assert one(dialog, "answer_error").text
    assert _audit(desk).requests[0].request.state is RequestState.OPEN
    click(qtbot, dialog, "dialog_cancel")


def test_a_file_from_elsewhere_can_have_been_sent(qtbot, desk):
    _start(desk, "Proof of IA_BE_4")
    page = _page(qtbot, desk)
    click_soon(qtbot, page, "record_sent")
    dialog = one(page, "sent")
    _type(qtbot, dialog, "sent_name", "scan.pdf")
    _type(qtbot, dialog, "sent_how", "Mail")
    click(qtbot, dialog, "sent_done")
    (sent,) = _audit(desk).requests[0].sent
    assert (sent.file_name, sent.how, sent.export_id) == ("scan.pdf", "Mail", "")


def test_an_audit_is_closed_with_its_outcome_and_reopened(qtbot, desk):
    _start(desk, "Proof of IA_BE_4")
    page = _page(qtbot, desk)
    click_soon(qtbot, page, "close_audit_button")
    dialog = one(page, "close_audit")
    _type(qtbot, dialog, "close_audit_outcome", "No findings")
    click(qtbot, dialog, "close_audit_done")
    assert "neither sent nor withdrawn" in one(dialog, "close_audit_error").text
    click(qtbot, dialog, "dialog_cancel")
    click_soon(qtbot, page, "state_withdrawn")
    click_soon(qtbot, page, "close_audit_button")
    dialog = [each for each in page.findChildren(QDialog, "close_audit") if each.isVisible()][-1]
    _type(qtbot, dialog, "close_audit_outcome", "No findings")
    click(qtbot, dialog, "close_audit_done")
    assert _audit(desk).audit.outcome == "No findings"
    assert "No findings" in _words(page, "audit_sentence")
    assert not one(page, "add_request").isVisible()
    click_soon(qtbot, page, "reopen_audit")
    assert _audit(desk).audit.closed_at is None


def test_a_link_comes_back_to_the_request(qtbot, desk):
    _start(desk, "First", "Second")
    page = _page(qtbot, desk)
    second = _audit(desk).requests[1].id
    page.show_part("audit", Target(evidence_id=second))
    assert page.place() == Target(evidence_id=second, part="audit")


def test_read_only_shows_the_audit_and_changes_nothing(qtbot, tmp_path):
    with small_practice(tmp_path) as desk:
        _start(desk, "First")
        desk.read_only = True
        page = _page(qtbot, desk)
        qtbot.waitUntil(lambda: one(page, "record_sent").isVisible())
        for name in ("record_sent", "change_request", "change_notice", "close_audit_button", "add_request"):
            assert not one(page, name).isEnabled(), name


def test_home_leads_to_an_audit_that_runs(qtbot, desk):
    _start(desk, "First")
    home = HomePage(desk)
    qtbot.addWidget(home)
    home.resize(1000, 700)
    home.ensure_fresh()
    show_active(qtbot, home)
    line = one(home, "open_audit")
    qtbot.waitUntil(lambda: line.isVisible())
    assert "35 days left" in line.text()
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Return)
    room, target = desk.rooms[-1]
    assert (room, target.part) == (Room.BINDER, "audit")


def test_home_says_nothing_without_an_audit(qtbot, desk):
    home = HomePage(desk)
    qtbot.addWidget(home)
    home.ensure_fresh()
    show_active(qtbot, home)
    assert not one(home, "home_audit").isVisible()


# The drill


def test_a_drill_runs_until_its_package_is_written(qtbot, desk, tmp_path):
    page = _page(qtbot, desk, save=lambda _parent, *words: tmp_path / words[1])
    click(qtbot, page, "first_drill")
    click_soon(qtbot, page, "start_drill")
    qtbot.waitUntil(lambda: one(page, "drill_clock").isVisible())
    assert _words(page, "drill_clock") == "0:00"
    click_soon(qtbot, page, "drill_answer_IA_BE_4")
    click(qtbot, one(page, "answer"), "answer_write")
    (drill,) = auditing.drills(desk.session)
    assert drill.finished
    assert drill.answers[0].export_id
    assert drill.answers[0].missing, "what the proof lacked is kept"
    qtbot.waitUntil(lambda: one(page, "start_drill").isVisible())


def test_a_drill_can_end_without_a_package(qtbot, desk):
    page = _page(qtbot, desk)
    click(qtbot, page, "first_drill")
    click_soon(qtbot, page, "start_drill")
    click_soon(qtbot, page, "give_up_IA_BE_4")
    (drill,) = auditing.drills(desk.session)
    assert drill.finished
    assert drill.answers[0].missing[0] == "No file could be made."


@pytest.mark.parametrize(
    ("seconds", "shown", "said"),
    [(5, "0:05", "5 s"), (252, "4:12", "4 min 12 s"), (7505, "2:05:05", "2 h 5 min"), (259200, "72:00:00", "3 days")],
)
def test_times_are_said_as_people_say_them(seconds, shown, said):
    assert (clock_words(seconds), duration(seconds)) == (shown, said)


def test_a_request_for_what_was_never_chosen_is_said_in_the_package(desk):
    audit = auditing.start(desk.session, letter_on=LETTER, sender="CMS", years=[2024]).id
    auditing.add_request(desk.session, audit, text="x", year=2024, activities=["IA_BE_4", "IA_PM_16"])
    (request,) = _audit(desk).requests
    content = binding.content(
        desk.session, 2024, activities=request.request.activities, request=binding.request_note(request)
    )
    assert content.not_chosen == ("IA_PM_16",)


def test_everything_on_the_tab_and_in_its_dialogs_has_a_name(qtbot, desk):
    _start(desk, "Proof of IA_BE_4")
    page = _page(qtbot, desk)
    qtbot.waitUntil(lambda: one(page, "make_package").isVisible())
    assert nameless(page) == []
    for button, name in (
        ("make_package", "answer"),
        ("record_sent", "sent"),
        ("change_request", "request"),
        ("change_notice", "notice"),
        ("close_audit_button", "close_audit"),
    ):
        click_soon(qtbot, page, button)
        dialog = one(page, name)
        assert nameless(dialog) == [], name
        click(qtbot, dialog, "dialog_cancel")
    click_soon(qtbot, page, "show_drills")
    assert nameless(page) == []
