"""Make pictures of every room and of every page of the sample binder, in one go.

    .venv/bin/python scripts/pictures.py OUT            all rooms in several sizes, colors and scales; all binder pages
    .venv/bin/python scripts/pictures.py --readme       those of the README and the user guide, into docs/pictures

The real app runs in a process for each variant: offscreen, or on the screen that QT_QPA_PLATFORM names.
"""

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from mips_desk.domain.evidence import EvidenceItem
    from mips_desk.services.overview import SelectionView, YearView
    from mips_desk.services.session import Session
    from mips_desk.ui.desk import Desk
    from mips_desk.ui.main_window import MainWindow

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from mips_desk.services.handover import Conflict, Side  # noqa: E402 - found only now


@dataclass(frozen=True)
class Variant:
    """How a set of pictures is taken: colors, scale in percent, size of the window in logical pixels."""

    theme: str
    scale: int
    width: int
    height: int

    @property
    def name(self) -> str:
        """Name of the folder."""
        return f"{self.theme}-{self.scale}-{self.width}x{self.height}"


VARIANTS = [
    Variant("light", 100, 1280, 720),
    Variant("light", 100, 1600, 1000),
    Variant("dark", 100, 1280, 800),
    Variant("dark", 100, 2560, 1440),
    Variant("light", 200, 1280, 720),
    Variant("dark", 200, 1280, 720),
]
DOCS = ROOT / "docs" / "pictures"
README = Variant("light", 150, 1280, 800)
README_DARK = Variant("dark", 150, 1280, 800)
#: What stands in docs/pictures: its name, and the picture it is made from.
SHOWN = {
    README: {
        "first-run": "first-run",
        "home": "home",
        "choose": "choose",
        "evidence": "evidence-item",
        "annotator": "annotator",
        "dates": "dates",
        "binder": "binder-exhibit",
        "attested": "binder-attested-2024",
        "audit": "binder-audit-2024",
        "settings": "settings",
        "people": "settings-people",
        "safety": "settings-safety",
        "records": "settings-records",
        "journal": "journal",
    },
    README_DARK: {"home-dark": "home"},
}
MOMENT = datetime(2026, 11, 12, 14, 3, tzinfo=UTC)
#: What stands on the paper of the recovery sheet; it opens nothing.
PAPER_KEY = "BQ8VW-SAB3R-0MJMP-HNJV5-GYVTH-4X083-8T38J"
#: A difference between two desktops; the sample practice has only one.
EXAMPLE_CONFLICTS = (
    Conflict(
        "example",
        "Caption of exhibit 2026-IA_BE_4-03",
        2026,
        "",
        "",
        (
            Side("Portal inbox with two answered messages", "Dana Whitfield", MOMENT, "FRONT-DESK-2", counts=True),
            Side("Inbox of the patient portal in March", "Lena Brandt", MOMENT, "BACK-OFFICE", counts=False),
        ),
    ),
    Conflict("another", "Date shown by exhibit 2026-IA_BE_4-05", 2026, "", "", ()),
)
#: Longest wait for a window to be complete, in seconds.
PATIENCE = 60


def shoot(out: Path, data: Path, theme: str, width: int, height: int) -> None:
    """Run the app on the sample practice and save a picture of each room.

    Args:
        out: folder for the pictures.
        data: data folder with the sample practice; the app runs on it.
        theme: "light" or "dark".
        width: of the window, logical pixels.
        height: of the window, logical pixels.
    """
    from PySide6.QtCore import QSettings
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QWidget

    from mips_desk.services.closing import closing_advice
    from mips_desk.services.people import RecoverySheet
    from mips_desk.ui.application import Application
    from mips_desk.ui.editor.annotator import Annotator
    from mips_desk.ui.find import FindDialog
    from mips_desk.ui.jobs import JobRunner
    from mips_desk.ui.journal_window import JournalWindow
    from mips_desk.ui.pages.binder_sheets import SheetView
    from mips_desk.ui.pages.handover_conflicts import ConflictsDialog
    from mips_desk.ui.pages.records_dialogs import CloseYearDialog
    from mips_desk.ui.pages.settings_section import Part
    from mips_desk.ui.paper import picture
    from mips_desk.ui.recovery_sheet import sheet_of
    from mips_desk.ui.rooms import Room
    from mips_desk.ui.start.move_place import MovePage
    from mips_desk.ui.start.sheet_page import SheetPage
    from mips_desk.ui.theme import Theme

    qt = QApplication([])
    settings = QSettings(str(data / "pictures.ini"), QSettings.Format.IniFormat)
    settings.setValue("appearance", theme)
    look = Theme.from_settings(qt, settings)
    application = Application(settings, look, JobRunner(), folder=data)

    def settle(ready: Callable[[], object]) -> None:
        """Wait until something holds and nothing is being loaded, at several looks: a job can bring another one."""
        quiet = 0
        for _ in range(PATIENCE * 20):
            QTest.qWait(50)
            quiet = quiet + 1 if ready() and not application.jobs.live else 0
            if quiet == 8:
                return
        raise RuntimeError(f"a window was not complete after {PATIENCE} seconds")

    def save(window: QWidget, name: str, ready: Callable[[], object] = lambda: True) -> None:
        """Take the picture of a window that is complete."""
        settle(ready)
        window.grab().save(str(out / f"{name}.png"))

    def page_drawn() -> bool:
        """Pages of the binder are on the stage, as sharp as they get."""
        found = application.main_window.findChild(SheetView) if application.main_window is not None else None
        return found is not None and found.count > 0 and found.settled

    def annotator_open() -> bool:
        found = application.main_window.findChild(Annotator) if application.main_window is not None else None
        return found is not None and found.isVisible()

    start = application.start_window
    start.resize(width, height)
    start.show_welcome(())
    start.show()
    save(start, "welcome")
    start.show_wizard()
    save(start, "first-run")
    vault = next((data / "Sample").glob("*.mipsvault"))
    start.show_unlock(vault)
    save(start, "unlock")
    start.forgot_requested.emit(vault)
    save(start, "recovery", lambda: start.guest is not None)
    start.restore_requested.emit()
    save(start, "restore")
    start.show_guest(MovePage(application.jobs, vault, "OneDrive", data / "Practices"))
    save(start, "move")
    application.open_sample()
    settle(lambda: application.main_window is not None)
    window = application.main_window
    assert window is not None
    window.resize(width, height)
    for room in Room:
        window.go(room)
        save(window, room.value, page_drawn if room is Room.BINDER else lambda: True)
    desk = application.desk
    assert desk is not None
    part, item = example(desk.view)
    binder_room(window, desk, part, item, save, page_drawn)
    desk.open_room(Room.EVIDENCE, part.id, item.id)
    save(window, "evidence-item")
    desk.open_room("annotator", part.id, item.id)
    save(window, "annotator", annotator_open)
    for section in Part:
        desk.open_room(Room.SETTINGS, part=section)
        save(window, f"settings-{section}")
    journal = JournalWindow(desk)
    journal.show()
    save(journal, "journal")
    journal.close()
    found = FindDialog(desk)
    found.field.setText("portal")
    found.field.search_requested.emit("portal")
    found.show()
    save(found, "find")
    found.close()
    closing_year = CloseYearDialog(desk.view.year, closing_advice(desk.session, desk.view.year))
    closing_year.show()
    save(closing_year, "close-year")
    closing_year.close()
    conflicts = ConflictsDialog(EXAMPLE_CONFLICTS)
    conflicts.show()
    save(conflicts, "conflicts")
    conflicts.close()
    start.show_guest(SheetPage(desk.session, application.jobs, desk.view.practice.name))
    start.show()
    save(start, "recovery-sheet")
    start.hide()
    made = RecoverySheet(PAPER_KEY, 1, None, desk.session.now(), desk.session.person, desk.view.practice.name, "7YV2AG")
    picture(sheet_of(made, desk.view.practice.name), 1000).save(str(out / "paper-recovery-sheet.png"))
    desk.set_year(2024)
    settle(lambda: desk.view.year == 2024)
    for room in (Room.HOME, Room.CHOOSE, Room.DATES):
        window.go(room)
        save(window, f"{room.value}-2024")
    for part_key in ("attested", "papers", "audit"):
        desk.open_room(Room.BINDER, part=part_key)
        save(window, f"binder-{part_key}-2024")
    window.page.part.show_drills()
    save(window, "binder-drill")
    application.stop()


def binder_room(
    window: "MainWindow",
    desk: "Desk",
    part: "SelectionView",
    item: "EvidenceItem",
    save: "Callable[..., None]",
    page_drawn: Callable[[], bool],
) -> None:
    """Take the pictures of the Binder room: an exhibit, the words, the options, what was exported, and its dialogs.

    Args:
        window: the main window.
        desk: the open practice.
        part: a selection of which the item is an exhibit.
        item: a picture with marks.
        save: takes the picture of a window under a name, once something holds.
        page_drawn: tells whether the pages are drawn.
    """
    from dataclasses import replace

    from PySide6.QtWidgets import QTabBar, QWidget

    from mips_desk.ui.pages.binder_dialogs import FullEditionDialog, PackagePassphraseDialog
    from mips_desk.ui.pages.binder_part import system
    from mips_desk.ui.pages.binder_signing import SigningDialog
    from mips_desk.ui.rooms import Room

    def find(name: str) -> QWidget:
        found = window.findChild(QWidget, name)
        assert found is not None, name
        return found

    desk.open_room(Room.BINDER, part.id, item.id)
    save(window, "binder-exhibit", page_drawn)
    tabs = window.findChild(QTabBar, "side_tabs")
    if tabs is not None and tabs.isVisible():
        tabs.setCurrentIndex(1)
        save(window, "binder-options", page_drawn)
        tabs.setCurrentIndex(0)
    find("edit_wording").click()
    save(window, "binder-wording", page_drawn)
    find("wording_done").click()
    folder = desk.session.vault.folder.parent
    out = folder / "MIPS binder 2026 Riverside Family Practice.pdf"
    window.page.part.outside = replace(system(), save=lambda *_args: out)
    desk.ask = lambda _question: True
    find("export_binder").click()
    save(window, "binder-exported", lambda: find("outcome_folder").isVisible())
    desk.open_room(Room.BINDER, part="exports")
    save(window, "binder-exports")
    window.page.part.check(out)
    save(window, "binder-check")
    desk.open_room(Room.BINDER, part="binder")
    for name, dialog in (
        ("full", FullEditionDialog(desk, window)),
        ("package", PackagePassphraseDialog(desk, window)),
        ("signing", SigningDialog(desk, system(), window)),
    ):
        dialog.show()
        save(dialog, f"binder-{name}")
        dialog.close()


def example(view: "YearView") -> tuple["SelectionView", "EvidenceItem"]:
    """Return a picture with redactions and other marks, and its selection."""
    return next(
        (part, item)
        for part in view.selections
        for item in part.evidence
        if part.activity.id == "IA_BE_4" and item.redactions and item.other_marks
    )


def open_sample(data: Path) -> "closing[Session]":
    """Open the sample practice, to be closed behind `with`."""
    from mips_desk.sample.practice import SAMPLE_PASSPHRASE
    from mips_desk.services.session import open_practice

    return closing(open_practice(next((data / "Sample").glob("*.mipsvault")), SAMPLE_PASSPHRASE))


def binder_pages(out: Path, data: Path) -> None:
    """Save every page of the sample binders as PNG."""
    from mips_desk.binder.preview import page_count, page_png
    from mips_desk.services import binding

    with open_sample(data) as session:
        for year in session.vault.years():
            pdf = out / f"binder-{year}.pdf"
            binding.write(session, binding.content(session, year), pdf)
            for number in range(page_count(pdf)):
                (out / f"binder-{year}-{number + 1:02d}.png").write_bytes(page_png(pdf, number, 1000))


def exhibit_page(data: Path) -> bytes:
    """Return the page of the example in the sample binder, as PNG."""
    from mips_desk.services import previewing
    from mips_desk.services.overview import load_year

    with open_sample(data) as session:
        _, item = example(load_year(session, session.vault.years()[0], session.now().date()))
        preview = previewing.preview(session, session.vault.years()[0], activities=["IA_BE_4"])
        return preview.page(preview.numbers[f"exhibit:{item.id}"], 1000)


def take(variant: Variant, master: Path, folder: Path) -> None:
    """Take the pictures of a variant in a process of its own.

    Args:
        variant: how.
        master: data folder with the sample practice; it stays as it is.
        folder: for the pictures; it must not exist yet or be empty.
    """
    folder.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "QT_SCALE_FACTOR": str(variant.scale / 100)}
    env.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as temporary:
        data = Path(temporary) / "data"
        shutil.copytree(master, data)
        words = [str(data), variant.theme, str(variant.width), str(variant.height)]
        subprocess.run([sys.executable, __file__, str(folder), "--shoot", *words], check=True, env=env)


def put_small(picture: Image.Image, target: Path) -> None:
    """Write a picture with a palette of 256 colors: a third of the bytes, and no difference to see."""
    made = io.BytesIO()
    picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, 1, dither=Image.Dither.NONE).save(
        made, "PNG", optimize=True
    )
    target.write_bytes(made.getvalue())
    print(f"{target.name}: {len(made.getvalue()) // 1000} kB")


def for_readers(out: Path, master: Path) -> None:
    """Make the pictures of the README and the user guide.

    Args:
        out: folder for them; those of the same name are replaced.
        master: data folder with the sample practice.
    """
    with tempfile.TemporaryDirectory() as temporary:
        for variant, shown in SHOWN.items():
            folder = Path(temporary) / variant.name
            take(variant, master, folder)
            for name, source in shown.items():
                with Image.open(folder / f"{source}.png") as picture:
                    put_small(picture, out / f"{name}.png")
    with Image.open(io.BytesIO(exhibit_page(master))) as page:
        put_small(page, out / "exhibit.png")


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description="Pictures of every room and page.")
    parser.add_argument("out", type=Path, nargs="?", help="folder for the pictures")
    parser.add_argument("--readme", action="store_true", help="only those of the README and the guide")
    parser.add_argument("--shoot", nargs=4, metavar=("DATA", "THEME", "WIDTH", "HEIGHT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    out = given.out or (DOCS if given.readme else None)
    if out is None:
        parser.error("say where the pictures shall go")
    out.mkdir(parents=True, exist_ok=True)
    if given.shoot:
        data, theme, width, height = given.shoot
        shoot(out, Path(data), theme, int(width), int(height))
        return
    from mips_desk.sample.practice import make_sample

    with tempfile.TemporaryDirectory() as temporary:
        master = Path(temporary) / "master"
        (master / "Sample").mkdir(parents=True)
        make_sample(master / "Sample")
        if given.readme:
            for_readers(out, master)
            return
        for variant in VARIANTS:
            take(variant, master, out / variant.name)
            print(out / variant.name)
        binder_pages(out, master)
        print(out)


if __name__ == "__main__":
    main()
