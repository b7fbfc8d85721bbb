"""Writing a binder and an audit package from the room: asked, watched, cancelled, failed, done."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pikepdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from mips_desk.binder.signature import StampError
from mips_desk.errors import CancelledError, MipsDeskError
from mips_desk.services import binding, packaging, pending, signing
from mips_desk.services.changes import Changed, Changes
from mips_desk.ui.jobs import JobRunner
from mips_desk.ui.messages import Level
from mips_desk.ui.widgets.job_progress import JobProgress

from .binder_room import click, finish, make_page, one, saving, words
from .rooms import Practiced, small_practice


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path) as made:
        yield made


def _shown(page: QWidget, name: str) -> str:
    widget = one(page, name)
    return widget.text if isinstance(widget.text, str) else widget.text()


# Binder


def test_the_binder_is_exported_recorded_and_shown_in_its_folder(qtbot, desk, tmp_path):
    finish(desk)
    out, asked, shown = tmp_path / "out.pdf", [], []

    def save(_parent, *words):
        asked.append(words)
        return out

    page = make_page(qtbot, desk, save=save, reveal=shown.append)
    click(qtbot, page, "export_binder")
    assert asked == [("Export binder", "MIPS binder 2024 Riverside Family Practice.pdf", "PDF", ".pdf")]
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == page.part.preview.pages
    (export,) = desk.session.vault.exports()
    assert (export.file_name, export.kind, export.edition) == ("out.pdf", "binder", "redacted")
    assert _shown(page, "outcome_file") == "out.pdf"
    assert export.sha256[:12] in _shown(page, "outcome_hash")
    click(qtbot, page, "outcome_copy")
    assert QApplication.clipboard().text() == export.sha256
    click(qtbot, page, "outcome_folder")
    assert shown == [out]
    click(qtbot, page, "outcome_back")
    assert one(page, "options_card").isVisible() or one(page, "side_tabs").isVisible()


def test_the_keys_export_too(qtbot, desk, tmp_path):
    out = tmp_path / "out.pdf"
    page = make_page(qtbot, desk, save=saving(out))
    page.window().addActions(list(page.commands()))  # as the menu of the room does
    qtbot.keyClick(page, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert out.exists()


def test_gaps_are_asked_about_first_and_said_afterwards(qtbot, desk, tmp_path):
    questions = []
    answers = iter([False, True])

    def ask(question):
        questions.append(question)
        return next(answers)

    desk.ask = ask
    out = tmp_path / "out.pdf"
    page = make_page(qtbot, desk, save=saving(out))
    click(qtbot, page, "export_binder")
    assert "gap" in questions[0].title
    assert not out.exists()
    click(qtbot, page, "export_binder")
    said = _shown(page, "outcome_left_out")
    assert said.startswith(f"PARTIAL: {page.part.preview.missing} things are missing")
    assert said.count(".") == 1, "one sentence"


def test_a_cancelled_dialog_changes_nothing(qtbot, desk):
    page = make_page(qtbot, desk)
    click(qtbot, page, "export_binder")
    assert desk.session.vault.exports() == ()
    assert desk.said == []


def test_a_cancelled_export_leaves_no_file(qtbot, desk, tmp_path, monkeypatch):
    def cancelled(*_args, **_options):
        raise CancelledError

    monkeypatch.setattr(binding, "write", cancelled)
    page = make_page(qtbot, desk, save=saving(tmp_path / "out.pdf"))
    click(qtbot, page, "export_binder")
    assert desk.said[-1].text == "The export was cancelled. No file was written."
    assert list(tmp_path.glob("*.pdf")) == []
    assert one(page, "export_binder").isEnabled()


def test_a_place_that_cannot_be_written_is_said_in_one_sentence(qtbot, desk, tmp_path):
    page = make_page(qtbot, desk, save=saving(tmp_path / "missing" / "out.pdf"))
    click(qtbot, page, "export_binder")
    assert desk.said[-1].level is Level.ERROR
    assert "out.pdf" in desk.said[-1].text
    assert one(page, "export_binder").isEnabled()
    assert not one(page, "outcome_card").isVisible()


def test_the_full_edition_is_confirmed_a_second_time(qtbot, desk, tmp_path):
    finish(desk)
    questions = []
    answers = iter([False, True])

    def ask(question):
        questions.append(question)
        return "full edition" not in question.title or next(answers)

    desk.ask = ask
    out = tmp_path / "out.pdf"
    page = make_page(qtbot, desk, save=saving(out))
    click(qtbot, page, "edition_full")
    qtbot.keyClicks(one(page, "full_reason"), "CMS asked for it.")
    click(qtbot, one(page, "full_edition"), "full_edition_done")
    click(qtbot, page, "export_binder")
    asked = questions[-1]
    assert asked.grave
    assert "CMS asked for it." in asked.text
    assert not out.exists(), "the first answer was no"
    click(qtbot, page, "export_binder")
    (export,) = desk.session.vault.exports()
    assert (export.edition, export.reason) == ("full", "CMS asked for it.")


def test_read_only_exports_and_says_when_it_is_listed(qtbot, tmp_path):
    out = tmp_path / "out.pdf"
    with small_practice(tmp_path, read_only=True) as desk:
        page = make_page(qtbot, desk, save=saving(out))
        click(qtbot, page, "export_binder")
        assert out.exists()
        assert "as soon as this computer opens the practice for changes" in words(page, "outcome_notes")
        assert pending.waiting(desk.session.vault) == 1


# Signing


def test_the_practice_signs_with_a_certificate_made_here(qtbot, desk, tmp_path):
    finish(desk)
    out = tmp_path / "out.pdf"
    page = make_page(qtbot, desk, save=saving(out))
    click(qtbot, page, "set_up_signing")
    dialog = one(page, "signing_dialog")
    click(qtbot, dialog, "make_certificate")
    assert one(dialog, "certificate_fingerprint").text()
    assert "Made Sep 19, 2024 by Dana Whitfield" in words(dialog, "certificate_state")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    box = one(page, "signing")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    box.activated.emit(box.currentIndex())
    click(qtbot, page, "export_binder")
    (export,) = desk.session.vault.exports()
    assert export.signed_by
    assert "Riverside Family Practice" in words(page, "outcome_notes")


def test_without_a_certificate_the_practice_cannot_be_chosen(qtbot, desk):
    page = make_page(qtbot, desk)
    box = one(page, "signing")
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert box.currentIndex() == 0
    assert one(page, "signing_dialog").isVisible()
    one(page, "signing_dialog").reject()


def test_a_wrong_passphrase_of_a_certificate_file_is_said_where_it_is_typed(qtbot, desk, tmp_path):
    finish(desk)
    file = tmp_path / "mine.p12"
    file.write_bytes(b"no certificate")
    out = tmp_path / "out.pdf"
    page = make_page(qtbot, desk, save=saving(out), choose=lambda *_args: file)
    box = one(page, "signing")
    box.setCurrentIndex(2)
    box.activated.emit(2)
    click(qtbot, page, "export_binder")
    dialog = one(page, "certificate_file")
    click(qtbot, dialog, "certificate_file_done")
    assert "Choose the file" in one(dialog, "certificate_file_error").text
    click(qtbot, dialog, "choose_certificate")
    qtbot.keyClicks(one(dialog, "certificate_passphrase"), "wrong")
    click(qtbot, dialog, "certificate_file_done")
    assert "passphrase" in one(dialog, "certificate_file_error").text
    dialog.reject()
    assert not out.exists()


# Time stamp


def _sign_as_practice(qtbot, page, desk) -> None:
    desk.change(lambda: signing.make_practice_certificate(desk.session))
    box = one(page, "signing")
    box.setCurrentIndex(1)
    box.activated.emit(1)


def _ask_for_stamp(qtbot, page, address: str) -> None:
    click(qtbot, page, "time_stamp")
    dialog = one(page, "time_stamp_dialog")
    qtbot.keyClicks(one(dialog, "time_stamp_address"), address)
    click(qtbot, dialog, "time_stamp_done")


def test_no_time_stamp_is_asked_for_unless_somebody_turns_it_on(qtbot, desk, tmp_path, monkeypatch):
    finish(desk)
    asked = []
    monkeypatch.setattr(signing, "stamper", asked.append)
    page = make_page(qtbot, desk, save=saving(tmp_path / "out.pdf"))
    box = one(page, "time_stamp")
    assert (box.isChecked(), box.isEnabled()) == (False, False), "a time stamp goes with a signature"
    _sign_as_practice(qtbot, page, desk)
    assert (box.isChecked(), box.isEnabled()) == (False, True)
    click(qtbot, page, "export_binder")
    assert asked == []
    assert "time stamp" not in words(page, "outcome_notes")


def test_what_is_sent_for_a_time_stamp_is_said_before(qtbot, desk):
    page = make_page(qtbot, desk)
    _sign_as_practice(qtbot, page, desk)
    click(qtbot, page, "time_stamp")
    dialog = one(page, "time_stamp_dialog")
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "A hash of the file and nothing else is sent to the service that you name here" in said
    click(qtbot, dialog, "time_stamp_done")
    assert "begins with https://" in one(dialog, "time_stamp_dialog_error").text
    click(qtbot, dialog, "dialog_cancel")
    assert not one(page, "time_stamp").isChecked()


def test_a_time_stamp_that_cannot_be_had_blocks_nothing_and_is_said(qtbot, desk, tmp_path, settings, monkeypatch):
    finish(desk)
    addresses = []

    def stamper(address):
        addresses.append(address)

        def ask(_request):
            raise StampError("The time-stamping service did not answer.")

        return ask

    monkeypatch.setattr(signing, "stamper", stamper)
    out = tmp_path / "out.pdf"
    page = make_page(qtbot, desk, save=saving(out), settings=settings)
    _sign_as_practice(qtbot, page, desk)
    _ask_for_stamp(qtbot, page, "https://tsa.example/stamp")
    assert words(page, "time_stamp_told") == "A hash and nothing else goes to tsa.example."
    click(qtbot, page, "export_binder")
    assert set(addresses) == {"https://tsa.example/stamp"}
    (export,) = desk.session.vault.exports()
    assert (out.exists(), bool(export.signed_by)) == (True, True)
    assert "It has no time stamp: none could be had from tsa.example." in words(page, "outcome_notes")
    # Off again with the signature, and off at the next visit; the address is there.
    box = one(page, "signing")
    box.setCurrentIndex(0)
    box.activated.emit(0)
    assert not one(page, "time_stamp").isChecked()
    again = make_page(qtbot, desk, settings=settings)
    box = one(again, "signing")
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert not one(again, "time_stamp").isChecked()
    click(qtbot, again, "time_stamp")
    assert words(again, "time_stamp_address") == "https://tsa.example/stamp"


def test_a_package_asks_for_the_time_stamp_of_its_binder_too(qtbot, desk, tmp_path, monkeypatch):
    given = []

    def write(_session, _plan, target, *, sign_binder, **_more):
        given.append(sign_binder.stamper)
        target.write_bytes(b"zip")
        made = packaging.PackageFile("ID", (target,), ("ab" * 32,), 2, 0, 30, "cd" * 32, stamped=True)
        return made, Changes(Changed.EXPORTS, "Export package", ("ID",))

    monkeypatch.setattr(packaging, "write", write)
    page = make_page(qtbot, desk, save=saving(tmp_path / "out.zip"))
    _sign_as_practice(qtbot, page, desk)
    _ask_for_stamp(qtbot, page, "https://tsa.example/")
    click(qtbot, page, "export_package")
    assert given[0] is not None
    assert "Time-stamped by tsa.example." in words(page, "outcome_notes")


# Audit package


def test_the_package_is_written_with_its_options(qtbot, desk, tmp_path, monkeypatch):
    finish(desk)
    out, given = tmp_path / "out.zip", {}

    def write(_session, plan, target, *, passphrase="", progress=None, check=None, **_more):
        given.update(split=plan.split, passphrase=passphrase)
        target.write_bytes(b"zip")
        made = packaging.PackageFile("ID", (target,), ("ab" * 32,), 2, 0, 30, "cd" * 32)
        return made, Changes(Changed.EXPORTS, "Export package", ("ID",))

    monkeypatch.setattr(packaging, "write", write)
    page = make_page(qtbot, desk, save=saving(out))
    split = one(page, "split")
    split.setCurrentIndex(2)
    split.activated.emit(2)
    click(qtbot, page, "encrypt")
    click(qtbot, page, "export_package")
    dialog = one(page, "package_passphrase")
    qtbot.keyClicks(one(dialog, "new_passphrase"), "four plain words here")
    qtbot.keyClicks(one(dialog, "repeat_passphrase"), "four plain words there")
    click(qtbot, dialog, "package_passphrase_done")
    assert "differ" in one(dialog, "package_passphrase_error").text
    one(dialog, "repeat_passphrase").clear()
    qtbot.keyClicks(one(dialog, "repeat_passphrase"), "four plain words here")
    click(qtbot, dialog, "package_passphrase_done")
    assert given == {"split": 20_000_000, "passphrase": "four plain words here"}
    assert words(page, "outcome_file") == "out.zip"
    assert "encrypted" in words(page, "outcome_notes")


def test_a_package_is_written_for_real(qtbot, desk, tmp_path):
    finish(desk)
    page = make_page(qtbot, desk, save=saving(tmp_path / "out.zip"))
    click(qtbot, page, "export_package")
    assert {export.kind for export in desk.session.vault.exports()} == {"package", "binder"}
    (file,) = tmp_path.glob("out*.zip")
    assert words(page, "outcome_file") == file.name
    assert ("PARTIAL" in file.name) == ("PARTIAL" in _shown(page, "outcome_left_out"))


# Beside the window


def test_an_export_is_watched_and_cancelled_beside_the_window(qtbot, tmp_path, monkeypatch):
    """With real threads: counts, a way to stop, no file, and the options are there again."""
    go_on, begun = Event(), Event()

    def write(_session, _content, target, *, progress, check, **_more):
        target.with_name(".part").write_bytes(b"half")
        progress(3, 12)
        begun.set()
        try:
            while not go_on.wait(0.01):
                check()
        finally:
            target.with_name(".part").unlink()
        raise MipsDeskError("It was not cancelled.")

    monkeypatch.setattr(binding, "write", write)
    with small_practice(tmp_path, jobs=JobRunner()) as desk:
        page = make_page(qtbot, desk, save=saving(tmp_path / "out.pdf"))
        qtbot.waitUntil(lambda: page.part.preview is not None, timeout=20_000)
        click(qtbot, page, "export_binder")
        try:
            qtbot.waitUntil(begun.is_set, timeout=20_000)
            progress = page.findChild(JobProgress)
            qtbot.waitUntil(progress.isVisible)
            assert not one(page, "export_binder").isEnabled()
            assert not one(page, "export_package").isEnabled()

            def said() -> list[str]:
                return [label.text() for label in progress.findChildren(QLabel)]

            qtbot.waitUntil(lambda: "Writing the binder: 3 of 12" in said())
            click(qtbot, progress, "cancel_job")
            qtbot.waitUntil(lambda: bool(desk.said), timeout=20_000)
        finally:
            go_on.set()
        assert desk.said[-1].text == "The export was cancelled. No file was written."
        assert not one(page, "outcome_card").isVisible()
        assert one(page, "export_binder").isEnabled()
        assert list(tmp_path.glob(".part")) == []
        qtbot.waitUntil(lambda: not desk.jobs.live, timeout=20_000)


def test_preview_and_export_run_beside_the_window(qtbot, tmp_path):
    with small_practice(tmp_path, jobs=JobRunner()) as desk:
        out = tmp_path / "out.pdf"
        page = make_page(qtbot, desk, save=saving(out))
        qtbot.waitUntil(lambda: page.part.preview is not None, timeout=20_000)
        qtbot.waitUntil(lambda: one(page, "sheets").settled, timeout=20_000)
        click(qtbot, page, "export_binder")
        qtbot.waitUntil(lambda: one(page, "outcome_folder").isVisible(), timeout=20_000)
        assert out.exists()
        qtbot.waitUntil(lambda: not desk.jobs.live, timeout=20_000)
