"""Make pictures of every room and of every page of the sample binder, in one go.

    .venv/bin/python scripts/pictures.py OUT            all rooms in several sizes, colors and scales; all binder pages
    .venv/bin/python scripts/pictures.py OUT --readme   only those that the README and the user guide show

The real app runs in a process for each variant: offscreen, or on the screen that QT_QPA_PLATFORM names.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


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
README = Variant("light", 200, 1280, 800)
README_DARK = Variant("dark", 200, 1280, 800)


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

    from mips_desk.ui.application import Application
    from mips_desk.ui.jobs import JobRunner
    from mips_desk.ui.rooms import Room
    from mips_desk.ui.theme import Theme

    qt = QApplication([])
    settings = QSettings(str(data / "pictures.ini"), QSettings.Format.IniFormat)
    settings.setValue("appearance", theme)
    look = Theme.from_settings(qt, settings)
    application = Application(settings, look, JobRunner(), folder=data)

    def save(window: QWidget, name: str) -> None:
        """Wait until nothing is being loaded any more, then take the picture."""
        for _ in range(200):
            QTest.qWait(100)
            if not application.jobs.live:
                break
        QTest.qWait(300)
        window.grab().save(str(out / f"{name}.png"))

    start = application.start_window
    start.resize(width, height)
    start.show_welcome(())
    start.show()
    save(start, "welcome")
    start.show_wizard()
    save(start, "first-run")
    start.show_unlock(next((data / "Sample").glob("*.mipsvault")))
    save(start, "unlock")
    application.open_sample()
    for _ in range(100):
        QTest.qWait(100)
        if application.main_window is not None:
            break
    window = application.main_window
    assert window is not None
    window.resize(width, height)
    for room in Room:
        window.go(room)
        save(window, room.value)
    desk = application.desk
    assert desk is not None
    view, item = next(
        (view, item)
        for view in desk.view.selections
        for item in view.evidence
        if view.activity.id == "IA_BE_4" and item.redactions and item.other_marks
    )
    desk.open_room(Room.EVIDENCE, view.id, item.id)
    save(window, "evidence-item")
    desk.open_room("annotator", view.id, item.id)
    save(window, "annotator")
    desk.set_year(2024)
    QTest.qWait(500)
    for room in (Room.HOME, Room.CHOOSE, Room.DATES):
        window.go(room)
        save(window, f"{room.value}-2024")
    application.stop()


def binder_pages(out: Path, data: Path) -> None:
    """Save every page of the sample binders as PNG."""
    from mips_desk.binder.preview import page_count, page_png
    from mips_desk.sample.practice import SAMPLE_PASSPHRASE
    from mips_desk.services import binding
    from mips_desk.services.session import open_practice

    session = open_practice(next((data / "Sample").glob("*.mipsvault")), SAMPLE_PASSPHRASE)
    try:
        for year in session.vault.years():
            pdf = out / f"binder-{year}.pdf"
            binding.write(session, binding.content(session, year), pdf)
            for number in range(page_count(pdf)):
                (out / f"binder-{year}-{number + 1:02d}.png").write_bytes(page_png(pdf, number, 1000))
    finally:
        session.close()


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description="Pictures of every room and page.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--readme", action="store_true", help="only the pictures of the README")
    parser.add_argument("--shoot", nargs=4, metavar=("DATA", "THEME", "WIDTH", "HEIGHT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if given.shoot:
        data, theme, width, height = given.shoot
        shoot(given.out, Path(data), theme, int(width), int(height))
        return
    from mips_desk.sample.practice import make_sample

    with tempfile.TemporaryDirectory() as temporary:
        master = Path(temporary) / "master"
        (master / "Sample").mkdir(parents=True)
        make_sample(master / "Sample")
        for variant in [README, README_DARK] if given.readme else VARIANTS:
            data = Path(temporary) / variant.name
            shutil.copytree(master, data)
            folder = given.out / variant.name
            folder.mkdir(exist_ok=True)
            env = {**os.environ, "QT_SCALE_FACTOR": str(variant.scale / 100)}
            env.setdefault("QT_QPA_PLATFORM", "offscreen")
            words = [str(data), variant.theme, str(variant.width), str(variant.height)]
            subprocess.run([sys.executable, __file__, str(folder), "--shoot", *words], check=True, env=env)
            print(folder)
        if not given.readme:
            binder_pages(given.out, master)
            print(given.out)


if __name__ == "__main__":
    main()
