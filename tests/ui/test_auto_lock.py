"""A practice that locks by itself: nothing of it stays on the screen, and nothing that was typed or drawn is lost."""

import ctypes
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QClipboard
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QToolTip,
    QWidget,
)
from shiboken6 import isValid

from mips_desk.errors import BadInputError
from mips_desk.services import collect, identifying, setup
from mips_desk.services import drafts as draft_service
from mips_desk.services.drafts import DraftKind, unfinished
from mips_desk.services.session import Session, open_practice
from mips_desk.ui.application import Application
from mips_desk.ui.capture.flow import CaptureFlow
from mips_desk.ui.capture.overlay import CaptureOverlay
from mips_desk.ui.clipboard import Clipboard, marks
from mips_desk.ui.jobs import JobRunner, Jobs, SynchronousRunner
from mips_desk.ui.messages import Question, ask_in_dialog
from mips_desk.ui.pages.evidence import EvidencePage
from mips_desk.ui.pages.settings_lock import AutoLockCard
from mips_desk.ui.rooms import Room
from mips_desk.ui.start.opening import Opening
from mips_desk.ui.watch.base import Watch
from mips_desk.ui.watch.idle import DEFAULT_MINUTES, lock_minutes, set_lock_minutes
from mips_desk.ui.watch.linux import BusWatch
from mips_desk.ui.watch.macos import ScreenWatch
from mips_desk.ui.watch.windows import SessionWatch, tells_to_lock

from .conftest import show_active
from .doors import cheapen
from .rooms import small_practice
from .test_capture import FakeScreens

LEFT = Qt.MouseButton.LeftButton


class Clocks:
    """Two clocks that go on when they are told to, in seconds."""

    def __init__(self) -> None:
        self.steady = self.wall = 1000.0

    @property
    def pair(self):
        return (lambda: self.steady, lambda: self.wall)


class Practice:
    """A running app with a practice open, and the clocks of its watch."""

    def __init__(self, qtbot, application: Application, clocks: Clocks, folder: Path) -> None:
        self.qtbot, self.application, self.clocks, self.folder = qtbot, application, clocks, folder

    @property
    def window(self):
        assert self.application.main_window is not None
        return self.application.main_window

    @property
    def desk(self):
        assert self.application.desk is not None
        return self.application.desk

    @property
    def locked(self) -> bool:
        return self.application.main_window is None

    def unlock(self) -> None:
        self.application.open_practice(Opening(self.folder, "correct horse"))
        self.qtbot.waitUntil(lambda: self.application.main_window is not None, timeout=20_000)
        with self.qtbot.waitActive(self.window):
            self.window.activateWindow()

    def wait(self, seconds: int) -> None:
        """Let time pass untouched, with the ticks of the watch."""
        for _ in range(seconds):
            self.clocks.steady += 1
            self.clocks.wall += 1
            if not self.locked:
                self.application.locking.idle.tick()

    def go(self, room: Room):
        self.window.go(room)
        return self.window.page

    def evidence(self) -> EvidencePage:
        page = self.go(Room.EVIDENCE)
        assert isinstance(page, EvidencePage)
        return page


@pytest.fixture
def jobs() -> Jobs:
    return SynchronousRunner()


@pytest.fixture
def practice(qtbot, theme, settings, tmp_path: Path, jobs: Jobs, monkeypatch) -> Iterator[Practice]:
    # Else the first unlocking makes each one after it as slow as it is for a thief.
    cheapen(monkeypatch)
    # Reading the words in pictures takes seconds, here on the thread of the window.
    monkeypatch.setattr(identifying, "available", lambda: "not here")
    with small_practice(tmp_path, pictures=3) as desk:
        folder = desk.session.vault.folder
    clocks = Clocks()
    made = Application(settings, theme, jobs, ask=ask_in_dialog, folder=tmp_path / "data", clocks=clocks.pair)
    made.start()
    show_active(qtbot, made.start_window)
    practice = Practice(qtbot, made, clocks, folder)
    practice.unlock()
    yield practice
    made.put_away()
    made.stop()
    for window in (made.main_window, made.start_window):
        if window is not None:
            window.hide()
            window.deleteLater()
    made.deleteLater()


def visible() -> list[QWidget]:
    return [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]


def stored_captions(folder: Path) -> list[str]:
    session = open_practice(folder, "correct horse", read_only=True)
    try:
        return [item.caption for item in session.vault.evidence(2024)]
    finally:
        session.close()


def type_caption(practice: Practice, text: str) -> QLineEdit:
    """Type into the caption of the second picture and stay in the field."""
    page = practice.evidence()
    item = practice.desk.view.selections[0].evidence[1]
    page._shelf.picked.emit(item.id)
    caption = page.findChild(QLineEdit, "caption")
    caption.setFocus()
    caption.selectAll()
    practice.qtbot.keyClicks(caption, text)
    return caption


# When


def test_it_locks_after_ten_untouched_minutes_and_warns_half_a_minute_before(practice):
    practice.wait(DEFAULT_MINUTES * 60 - 31)
    warning = practice.window.findChild(QWidget, "lock_warning")
    assert warning is None or not warning.isVisible()
    practice.wait(1)
    warning = practice.window.findChild(QWidget, "lock_warning")
    assert warning.isVisible()
    assert warning.words.text().startswith("Locks in 30 seconds.")
    practice.wait(10)
    assert warning.words.text().startswith("Locks in 20 seconds.")
    practice.wait(20)
    assert practice.locked
    assert visible() == [practice.application.start_window]
    told = practice.application.start_window.findChild(QWidget, "unlock_told").text
    assert told == "MIPS Desk locked this practice after 10 minutes without a touch. What you typed is kept."


@pytest.mark.parametrize("touch", ["key", "click", "move", "wheel"])
def test_any_touch_starts_the_minutes_anew_and_takes_the_warning_away(qtbot, practice, touch):
    practice.wait(590)
    warning = practice.window.findChild(QWidget, "lock_warning")
    assert warning.isVisible()
    handle, middle = practice.window.windowHandle(), QPoint(400, 300)
    if touch == "key":
        QTest.keyClick(handle, Qt.Key.Key_Shift)
    elif touch == "click":
        QTest.mouseClick(handle, LEFT, pos=middle / 2)
    elif touch == "move":
        QTest.mouseMove(handle, middle)
    else:
        QTest.wheelEvent(handle, middle, QPoint(0, 120))
    assert not warning.isVisible()
    practice.wait(599)
    assert not practice.locked
    practice.wait(1)
    assert practice.locked


def test_a_touch_in_a_dialog_counts_and_work_in_another_program_does_not(qtbot, practice):
    dialog = QDialog(practice.window)
    dialog.show()
    practice.wait(595)
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_Shift)
    practice.wait(595)
    assert not practice.locked
    practice.wait(5)
    assert practice.locked


def test_the_minutes_are_a_choice_of_this_computer_between_1_and_30(qtbot, settings):
    assert lock_minutes(settings) == DEFAULT_MINUTES
    card = AutoLockCard(settings)
    qtbot.addWidget(card)
    box = card.findChild(QSpinBox, "lock_minutes")
    assert (box.minimum(), box.maximum(), box.value()) == (1, 30, 10)
    box.setValue(3)
    assert lock_minutes(settings) == 3
    for kept, meant in (("0", 1), ("-5", 1), ("999", 30), ("never", DEFAULT_MINUTES)):
        settings.setValue("lock/minutes", kept)
        assert lock_minutes(settings) == meant


def test_a_new_choice_counts_at_once(practice, settings):
    set_lock_minutes(settings, 1)
    practice.wait(59)
    assert not practice.locked
    practice.wait(1)
    assert practice.locked


def test_it_locks_when_the_computer_slept(practice):
    practice.wait(5)
    practice.clocks.wall += 21
    practice.application.locking.idle.tick()
    assert practice.locked


def test_a_clock_that_is_set_back_or_a_little_late_locks_nothing(practice):
    practice.clocks.wall -= 7200
    practice.application.locking.idle.tick()
    practice.clocks.wall += 19
    practice.application.locking.idle.tick()
    assert not practice.locked


def test_nothing_happens_while_no_practice_is_open(practice):
    practice.application.lock_now("once")
    start = practice.application.start_window
    practice.application.lock_now("twice")
    assert visible() == [start]
    assert start.findChild(QWidget, "unlock_told").text == "once"


# What is off the screen


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
def test_everything_of_the_practice_leaves_the_screen(qtbot, practice, record_property):
    page, window = practice.evidence(), practice.window
    dialog = QDialog(window)
    dialog.show()
    QToolTip.showText(QPoint(10, 10), "Jane Roe", practice.window)
    loose = QWidget(None)
    qtbot.addWidget(loose)
    loose.show()
    page.findChild(QLineEdit, "shows_date")._pick()
    assert QApplication.activePopupWidget() is not None
    assert len(visible()) >= 4
    begun = time.perf_counter()
    practice.application.lock_now("now")
    seconds = time.perf_counter() - begun
    record_property("seconds from the trigger to the lock", round(seconds, 3))
    assert visible() == [practice.application.start_window]
    assert QApplication.activePopupWidget() is None
    qtbot.waitUntil(lambda: not isValid(window))


def test_windows_are_hidden_before_anything_is_stored(qtbot, practice, monkeypatch):
    seen: list[list[QWidget]] = []
    keep, store = draft_service.keep, collect.set_marks

    def kept(*args):
        seen.append(visible())
        return keep(*args)

    def stored(*args):
        seen.append(visible())
        return store(*args)

    qtbot.keyClicks(practice.go(Room.DATES).findChild(QLineEdit, "log_note"), "By phone")
    page = practice.evidence()
    page.annotate(practice.desk.view.selections[0].evidence[0].id)
    qtbot.keyClick(page.annotator.canvas, Qt.Key.Key_X)
    qtbot.keyClick(page.annotator.canvas, Qt.Key.Key_Return)
    # An annotator stores when it is hidden, which belongs to hiding the window and is only asked for then.
    page.annotator.hideEvent = lambda _event: None
    monkeypatch.setattr(draft_service, "keep", kept)
    monkeypatch.setattr(collect, "set_marks", stored)
    practice.application.lock_now()
    assert seen == [[], []]


@pytest.mark.parametrize("kind", ["question", "file"])
def test_a_dialog_that_waits_for_an_answer_is_cancelled_by_a_lock_in_its_own_loop(qtbot, practice, kind):
    answers: list[object] = []
    window, desk = practice.window, practice.desk

    def ask() -> None:
        if kind == "question":
            answers.append(desk.ask(Question("Stop it?", "It is not done.", "Stop")))
        else:
            box = QFileDialog(window, "Export")
            box.setOption(QFileDialog.Option.DontUseNativeDialog)
            answers.append(bool(box.exec()))
        # The window that waited is still there to be used by what waited.
        assert window.objectName() == "main_window"

    def look() -> None:
        if QApplication.activeModalWidget() is not None:
            timer.stop()
            practice.application.lock_now()
            assert visible() == [practice.application.start_window]

    timer = QTimer(window)
    timer.setInterval(5)
    timer.timeout.connect(look)
    timer.start()
    QTimer.singleShot(0, ask)
    qtbot.waitUntil(lambda: answers == [False])
    practice.unlock()
    assert practice.window.isVisible()
    qtbot.waitUntil(lambda: not isValid(window))


def capture(practice: Practice) -> CaptureFlow:
    flow = practice.evidence()._ways._flow
    flow._source, flow._settle_ms = FakeScreens(practice.window), 0
    return flow


def test_the_capture_overlay_goes_and_the_windows_do_not_come_back(qtbot, practice):
    flow = capture(practice)
    flow.start()
    qtbot.waitUntil(lambda: any(isinstance(widget, CaptureOverlay) for widget in visible()))
    practice.wait(600)
    assert visible() == [practice.application.start_window]
    assert not any("Region" in caption for caption in stored_captions(practice.folder))


def test_a_delayed_capture_is_not_cut_by_the_minutes_but_by_a_locked_screen(qtbot, practice):
    flow = capture(practice)
    practice.wait(598)
    flow.start(5)
    practice.wait(4)
    assert not practice.locked
    practice.application.lock_now()
    assert practice.locked
    assert not flow.busy
    assert visible() == [practice.application.start_window]


# What is kept


def test_what_is_being_typed_is_stored_and_the_person_is_back_at_it(practice):
    type_caption(practice, "Typed before the lock")
    item = practice.desk.view.selections[0].evidence[1]
    practice.wait(600)
    assert "Typed before the lock" in stored_captions(practice.folder)
    practice.unlock()
    assert practice.window.room is Room.EVIDENCE
    assert practice.window.page.place().evidence_id == item.id
    assert practice.window.page.findChild(QLineEdit, "caption").text() == "Typed before the lock"
    assert unfinished(practice.desk.session) == ()


def test_a_drawing_is_stored_and_the_annotator_is_open_on_the_same_picture(qtbot, practice):
    page = practice.evidence()
    item = practice.desk.view.selections[0].evidence[2]
    page.annotate(item.id)
    qtbot.keyClick(page.annotator.canvas, Qt.Key.Key_X)
    qtbot.keyClick(page.annotator.canvas, Qt.Key.Key_Return)
    assert page.annotator.unsaved
    practice.application.lock_now()
    practice.unlock()
    page = practice.window.page
    assert page.annotator is not None
    assert len(page.annotator.board.marks) == 1
    assert page.place().evidence_id == item.id


def test_a_half_filled_dialog_is_open_again_with_its_text(qtbot, practice):
    page = practice.go(Room.SETTINGS)
    qtbot.mouseClick(page.findChild(QPushButton, "add_clinician"), LEFT)
    dialog = practice.window.findChild(QDialog, "clinician_dialog")
    qtbot.keyClicks(dialog.findChild(QLineEdit, "clinician_name"), "Lena Brandt")
    qtbot.keyClicks(dialog.findChild(QLineEdit, "clinician_npi"), "12345")
    practice.application.lock_now()
    assert visible() == [practice.application.start_window]
    practice.unlock()
    dialog = practice.window.findChild(QDialog, "clinician_dialog")
    assert dialog.isVisible()
    assert dialog.findChild(QLineEdit, "clinician_name").text() == "Lena Brandt"
    assert dialog.findChild(QLineEdit, "clinician_npi").text() == "12345"
    assert practice.window.notice.message.text == "Text you had not finished is back."
    dialog.reject()
    practice.desk.drafts._write()
    assert unfinished(practice.desk.session) == ()


def test_a_note_for_the_next_dates_is_kept_until_it_is_used(qtbot, practice):
    page = practice.go(Room.DATES)
    qtbot.keyClicks(page.findChild(QLineEdit, "log_note"), "By phone")
    practice.application.lock_now()
    practice.unlock()
    page = practice.window.page
    assert practice.window.room is Room.DATES
    assert page.findChild(QLineEdit, "log_note").text() == "By phone"
    page._log([date(2024, 5, 6)])
    practice.desk.drafts._write()
    assert unfinished(practice.desk.session) == ()


def test_an_entry_that_cannot_be_stored_comes_back_as_it_was_typed(qtbot, practice):
    page = practice.go(Room.SETTINGS)
    tin = page.findChild(QLineEdit, "practice_tin")
    tin.setFocus()
    tin.selectAll()
    qtbot.keyClicks(tin, "98-76")
    practice.application.lock_now()
    practice.unlock()
    assert practice.desk.view.practice.tin == "12-3456789"
    assert practice.window.page.findChild(QLineEdit, "practice_tin").text() == "98-76"


def test_the_year_and_the_room_are_those_of_before(practice):
    desk = practice.desk
    desk.change(lambda: setup.new_year(desk.session, 2025))
    desk.set_year(2025)
    practice.go(Room.BINDER)
    practice.application.lock_now()
    practice.unlock()
    assert (practice.desk.year, practice.window.room) == (2025, Room.BINDER)


def test_marks_that_could_not_be_stored_are_stored_after_unlocking(qtbot, practice, monkeypatch):
    page = practice.evidence()
    item = practice.desk.view.selections[0].evidence[0]
    page.annotate(item.id)
    qtbot.keyClick(page.annotator.canvas, Qt.Key.Key_X)
    qtbot.keyClick(page.annotator.canvas, Qt.Key.Key_Return)

    def full(*_args):
        raise BadInputError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(collect, "set_marks", full)
        practice.application.lock_now()
    practice.unlock()
    assert practice.desk.session.vault.evidence_item(item.id).redactions == 1
    assert practice.desk.unstored == {}


@pytest.mark.parametrize("jobs", [JobRunner()], indirect=False, ids=["threads"])
def test_text_that_could_not_be_kept_comes_back_from_memory(qtbot, practice, jobs, monkeypatch):
    page = practice.go(Room.DATES)
    qtbot.keyClicks(page.findChild(QLineEdit, "log_note"), "By phone")

    def full(*_args):
        raise BadInputError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(draft_service, "keep", full)
        practice.application.lock_now()
        bar = practice.application.start_window.message_bar
        qtbot.waitUntil(lambda: bar.message.text == "The disk is full.")
    practice.unlock()
    assert practice.window.page.findChild(QLineEdit, "log_note").text() == "By phone"
    qtbot.waitUntil(lambda: bool(unfinished(practice.desk.session)), timeout=5000)


# A crash


def after_a_kill(folder: Path, to: Path) -> Session:
    """Open what a killed process would have left on the disk."""
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("vault.lock", "*-shm"))
    return open_practice(to, "correct horse")


def test_a_crash_while_typing_loses_at_most_two_seconds(qtbot, practice, tmp_path):
    caption = type_caption(practice, "a")
    begun = time.monotonic()
    typed: list[tuple[float, str]] = []
    # Somebody who never pauses: text is kept all the same.
    while time.monotonic() - begun < 2:
        qtbot.keyClicks(caption, "b", delay=20)
        typed.append((time.monotonic(), caption.text()))
    due = [text for at, text in typed if at < time.monotonic() - 2 + 0.05]
    session = after_a_kill(practice.folder, tmp_path / "Killed.mipsvault")
    (found,) = unfinished(session)
    session.close()
    assert found.kind is DraftKind.EVIDENCE
    assert len(found.fields["caption"]) >= len(due[-1] if due else "a")
    assert len(found.fields["caption"]) > 1


def test_after_a_crash_the_text_is_back_where_it_was_typed(qtbot, practice, theme, settings, tmp_path, monkeypatch):
    caption = type_caption(practice, "Half a sen")
    item = practice.desk.view.selections[0].evidence[1]
    qtbot.waitUntil(lambda: bool(unfinished(practice.desk.session)), timeout=3000)
    killed = tmp_path / "Killed.mipsvault"
    after_a_kill(practice.folder, killed).close()
    again = Application(settings, theme, SynchronousRunner(), folder=tmp_path / "data")
    again.open_practice(Opening(killed, "correct horse"))
    window = again.main_window
    assert window.room is Room.EVIDENCE
    back = window.findChild(QLineEdit, "caption")
    assert (back.text(), window.page.place().evidence_id) == ("Half a sen", item.id)
    assert window.notice.message.text == "Text you had not finished is back."
    back.setFocus()
    qtbot.keyClicks(back, "tence")
    window.findChild(QLineEdit, "address").setFocus()
    window.leaving.store()
    assert "Half a sentence" in [each.caption for each in again.desk.session.vault.evidence(2024)]
    qtbot.waitUntil(lambda: unfinished(again.desk.session) == (), timeout=5000)
    again.put_away()
    again.stop()
    for each in (window, again.start_window):
        each.hide()
        each.deleteLater()
    assert caption.text() == "Half a sen"


def test_text_that_was_typed_back_to_what_is_stored_leaves_no_draft(qtbot, practice):
    page = practice.go(Room.BINDER)
    words = page.findChild(QAbstractButton, "edit_wording")
    qtbot.waitUntil(words.isVisible)  # the room is furnished some turns after the visit
    qtbot.mouseClick(words, Qt.MouseButton.LeftButton)
    story = page.findChild(QPlainTextEdit, "story")
    assert story.hasFocus()
    qtbot.keyClicks(story, "We sent")
    qtbot.waitUntil(lambda: bool(unfinished(practice.desk.session)), timeout=3000)
    story.clearFocus()
    qtbot.waitUntil(lambda: practice.desk.view.selections[0].selection.story == "We sent")
    practice.desk.drafts._write()
    assert unfinished(practice.desk.session) == ()


# Work under way


@pytest.mark.parametrize("jobs", [JobRunner()], indirect=False, ids=["threads"])
def test_an_export_ends_behind_the_lock_and_only_then_the_vault_closes(qtbot, practice, jobs):
    let_go, closed_before_end = Event(), []
    desk = practice.desk
    begun = Event()

    def export(_):
        begun.set()
        let_go.wait(20)
        closed_before_end.append(desk.session.vault.practice().name)

    desk.jobs.write(export, title="Writing the binder 2024")
    qtbot.waitUntil(begun.is_set)
    practice.application.lock_now("Locked.")
    assert visible() == [practice.application.start_window]
    told = practice.application.start_window.findChild(QWidget, "unlock_told").text
    assert told == "Locked. Still under way, and finished first: Writing the binder 2024."
    let_go.set()
    practice.unlock()
    assert closed_before_end == ["Riverside Family Practice"]
    assert practice.window.isVisible()


@pytest.mark.parametrize("jobs", [JobRunner()], indirect=False, ids=["threads"])
def test_a_backup_goes_on_behind_the_lock_until_somebody_unlocks(qtbot, practice, jobs):
    desk, begun, ended = practice.desk, Event(), Event()

    def back_up(context):
        begun.set()
        while not context.cancelled:
            Event().wait(0.005)
        assert desk.session.vault.practice().name
        ended.set()

    job = desk.jobs.work(back_up, title="Making a backup")
    qtbot.waitUntil(begun.is_set)
    practice.application.lock_now()
    assert not job.context.cancelled
    practice.unlock()
    assert ended.wait(5)


@pytest.mark.parametrize("jobs", [JobRunner()], indirect=False, ids=["threads"])
def test_the_end_of_the_session_waits_until_all_is_stored(qtbot, practice, jobs):
    type_caption(practice, "Typed before signing out")
    practice.application.session_ends()
    assert "Typed before signing out" in stored_captions(practice.folder)
    assert not (practice.folder / "opened-by.json").exists()


@pytest.mark.parametrize("jobs", [JobRunner()], indirect=False, ids=["threads"])
def test_the_end_of_the_app_keeps_what_is_half_done(qtbot, practice, jobs):
    page = practice.go(Room.DATES)
    qtbot.keyClicks(page.findChild(QLineEdit, "log_note"), "By phone")
    practice.application.put_away()
    practice.application.stop()
    session = open_practice(practice.folder, "correct horse")
    assert [draft.fields for draft in unfinished(session)] == [{"note": "By phone"}]
    session.close()


# The signs of the system


@pytest.fixture
def bus() -> Iterator[str]:
    daemon = shutil.which("dbus-daemon")
    if daemon is None:
        if os.environ.get("CI"):
            pytest.fail("dbus-daemon is not installed, and the continuous integration must not go without it")
        pytest.skip("dbus-daemon is not installed")
    command = [daemon, "--session", "--nofork", "--print-address=1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait()
    process.stdout.close()


def test_linux_hears_screen_lock_sleep_and_a_switch_of_the_person(qtbot, bus, monkeypatch):
    from PySide6.QtCore import ClassInfo, Slot
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusObjectPath

    monkeypatch.delenv("XDG_SESSION_ID", raising=False)
    ours = "/org/freedesktop/login1/session/_31"

    @ClassInfo(**{"D-Bus Interface": "org.freedesktop.login1.Manager"})
    class Manager(QObject):
        asked: list[str] = []  # noqa: RUF012 - one manager a test

        @Slot(str, result=QDBusObjectPath)
        def GetSession(self, name):
            self.asked.append(name)
            return QDBusObjectPath(ours)

    system = QDBusConnection.connectToBus(bus, "a system")
    hears = QDBusConnection.connectToBus(bus, "a listener")
    manager = Manager()
    assert system.registerService("org.freedesktop.login1")
    system.registerObject("/org/freedesktop/login1", manager, QDBusConnection.RegisterOption.ExportAllSlots)
    watch = BusWatch(hears, hears)
    assert watch.works
    qtbot.waitUntil(lambda: manager.asked == ["auto"])
    heard: list[str] = []
    watch.locked.connect(lambda: heard.append("locked"))

    def tell(path: str, interface: str, name: str, *arguments: object) -> int:
        before = len(heard)
        message = QDBusMessage.createSignal(path, interface, name)
        message.setArguments(list(arguments))
        system.send(message)
        # What comes after it on the same line has been heard, so this one was too.
        after = QDBusMessage.createSignal("/", "org.gnome.ScreenSaver", "ActiveChanged")
        after.setArguments([True])
        system.send(after)
        qtbot.waitUntil(lambda: len(heard) > before)
        qtbot.wait(20)
        return len(heard) - before - 1

    properties, login = "org.freedesktop.DBus.Properties", "org.freedesktop.login1"
    qtbot.waitUntil(lambda: tell(ours, f"{login}.Session", "Lock") == 1)
    assert tell("/org/freedesktop/login1", f"{login}.Manager", "PrepareForSleep", True) == 1
    assert tell("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", True) == 1
    assert tell("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", False) == 0
    assert tell(ours, properties, "PropertiesChanged", f"{login}.Session", {"Active": False}, ["x"]) == 1
    assert tell(ours, properties, "PropertiesChanged", f"{login}.Session", {"Active": True}, ["x"]) == 0
    assert tell("/org/freedesktop/login1/session/_32", f"{login}.Session", "Lock") == 0


def test_without_a_bus_nothing_is_heard_and_nothing_breaks(qtbot):
    from PySide6.QtDBus import QDBusConnection

    nobody = QDBusConnection("there is no such bus")
    assert not BusWatch(nobody, nobody).works


@pytest.mark.parametrize(
    ("message", "word", "locks"),
    [
        (0x02B1, 7, True),
        (0x02B1, 2, True),
        (0x02B1, 8, False),
        (0x0218, 4, True),
        (0x0218, 7, False),
        (0x0100, 7, False),
    ],
)
def test_windows_messages_are_told_apart(message, word, locks):
    raw = (ctypes.c_size_t * 4)(1, message, word, 0)
    assert tells_to_lock(ctypes.addressof(raw)) is locks


def test_the_watch_of_windows_can_be_made_and_stopped_anywhere(qtbot):
    watch = SessionWatch(0)
    assert not watch.works
    watch.stop()


def test_macos_is_asked_each_second_and_told_once(qtbot):
    answers = iter([False, True, True, False, True])
    watch = ScreenWatch(lambda: next(answers))
    told: list[int] = []
    watch.locked.connect(lambda: told.append(1))
    counts = []
    for _ in range(5):
        watch.tick()
        counts.append(len(told))
    watch.stop()
    assert counts == [0, 1, 1, 1, 2]
    assert not ScreenWatch(None).works


def test_the_sign_of_the_system_locks_the_practice(practice):
    watch: Watch = practice.application.locking.system or Watch(practice.application)
    if practice.application.locking.system is None:
        watch.locked.connect(lambda: practice.application.locking.wanted.emit("with your screen"))
    watch.locked.emit()
    assert practice.locked
    watch.locked.emit()
    assert visible() == [practice.application.start_window]


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without telling it")
def test_a_wish_to_end_becomes_a_signal_at_once_and_the_old_handlers_come_back(qtbot):
    from mips_desk.ui.watch.ending import Ending

    before = signal.getsignal(signal.SIGTERM)
    ending = Ending()
    with qtbot.waitSignal(ending.asked, timeout=2000):
        os.kill(os.getpid(), signal.SIGTERM)
    ending.stop()
    assert signal.getsignal(signal.SIGTERM) is before


# The clipboard


@pytest.fixture
def system_clipboard(practice: Practice) -> Iterator[QClipboard]:
    """The clipboard; the platform of tests does not know whose it is, so it is ours."""
    clipboard = QApplication.clipboard()
    practice.application.locking.clipboard._ours = lambda: True
    yield clipboard
    clipboard.clear()


def test_what_is_copied_is_marked_and_gone_after_a_lock(qtbot, practice, system_clipboard):
    caption = type_caption(practice, "Jane Roe")
    caption.selectAll()
    qtbot.keyClick(caption, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    data = system_clipboard.mimeData()
    assert data.text() == "Jane Roe"
    assert set(marks()) <= set(data.formats())
    practice.application.lock_now()
    assert system_clipboard.text() == ""


def test_what_is_copied_goes_after_half_a_minute(qtbot, practice, system_clipboard):
    caption = type_caption(practice, "Jane Roe")
    caption.selectAll()
    caption.copy()
    timer = practice.application.locking.clipboard._timer
    assert (timer.isActive(), timer.interval()) == (True, 30_000)
    timer.timeout.emit()
    assert system_clipboard.text() == ""


def test_what_others_copied_is_not_touched(qtbot, practice, system_clipboard):
    practice.application.locking.clipboard.watch(on=False)
    system_clipboard.setText("from another program")
    practice.application.lock_now()
    assert system_clipboard.text() == "from another program"
    clipboard = Clipboard(system_clipboard, lambda: True)
    foreign = QMimeData()
    foreign.setText("also from another program")
    system_clipboard.setMimeData(foreign)
    clipboard.forget()
    assert system_clipboard.text() == "also from another program"


def test_each_system_is_told_in_its_own_words():
    assert all("x-qt-windows-mime" in kind for kind in marks("win32"))
    assert list(marks("darwin")) == ["org.nspasteboard.ConcealedType"]
    assert marks("linux") == {"x-kde-passwordManagerHint": b"secret"}
