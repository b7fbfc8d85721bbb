"""Start to first painted window: MIPS Desk against a bare PySide6 window, alternating, in one run.

    .venv/bin/python benchmarks/startup.py [ROUNDS]

Both programs run in fresh interpreters, paint one window, print the time since the process was started, and end.
The figure that counts is the ratio of the medians.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BARE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, app.quit)

app = QApplication(sys.argv)
window = Window()
window.resize(1280, 800)
window.show()
sys.exit(app.exec())
"""


def measure(command: list[str], folder: str) -> float:
    """Return the seconds that a program takes from start until it ended after its first paint."""
    env = {
        **os.environ,
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        "HOME": folder,
        "XDG_DATA_HOME": folder,
        "XDG_CONFIG_HOME": folder,
        "XDG_STATE_HOME": folder,
        "MIPS_DESK_EXIT_AFTER_PAINT": "1",
    }
    begin = time.perf_counter()
    subprocess.run(command, check=True, env=env, cwd=ROOT)
    return time.perf_counter() - begin


def main() -> None:
    """Run the comparison and print it."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    programs = {"bare PySide6 window": [sys.executable, "-c", BARE], "MIPS Desk": [sys.executable, "-m", "mips_desk"]}
    times: dict[str, list[float]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as folder:
        for command in programs.values():
            measure(command, folder)  # warm the file cache and the byte code
        for _ in range(rounds):
            for name, command in programs.items():
                times[name].append(measure(command, folder))
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, values in times.items():
        print(f"{name}: median {medians[name] * 1000:.0f} ms, best {min(values) * 1000:.0f} ms of {rounds}")
    print(f"ratio of medians: {medians['MIPS Desk'] / medians['bare PySide6 window']:.2f}")


if __name__ == "__main__":
    main()
