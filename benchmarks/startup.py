"""Start to first painted window: MIPS Desk against a bare PySide6 window, alternating, in one run.

    .venv/bin/python benchmarks/startup.py [ROUNDS]

Both programs run in fresh interpreters, paint one window, tell the clock at that moment, and end. The figure
that counts is the ratio of the medians of the time from starting the process to that moment.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BARE = """
import sys
import time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, done)

def done():
    print("painted", time.time(), flush=True)
    app.quit()

app = QApplication(sys.argv)
window = Window()
window.resize(1280, 800)
window.show()
sys.exit(app.exec())
"""


def measure(command: list[str], folder: str) -> dict[str, float]:
    """Return the seconds from starting a program to what it told."""
    env = {
        **os.environ,
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        "HOME": folder,
        "XDG_DATA_HOME": folder,
        "XDG_CONFIG_HOME": folder,
        "XDG_STATE_HOME": folder,
        "MIPS_DESK_EXIT_AFTER_PAINT": "1",
    }
    begin = time.time()
    told = subprocess.run(command, check=True, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout
    return {what: float(at) - begin for what, at in (line.split() for line in told.splitlines())}


def main() -> None:
    """Run the comparison and print it."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    programs = {"bare PySide6 window": [sys.executable, "-c", BARE], "MIPS Desk": [sys.executable, "-m", "mips_desk"]}
    times: defaultdict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for command in programs.values():
            measure(command, folder)  # warm the file cache and the byte code
        for _ in range(rounds):
            for name, command in programs.items():
                for what, seconds in measure(command, folder).items():
                    times[f"{name}, {what}"].append(seconds)
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, values in times.items():
        print(f"{name}: median {medians[name] * 1000:.0f} ms, best {min(values) * 1000:.0f} ms of {rounds}")
    bare = medians["bare PySide6 window, painted"]
    print(f"first painted window: {medians['MIPS Desk, painted'] / bare:.2f} times the bare window")
    print(f"window with its content: {medians['MIPS Desk, filled'] / bare:.2f} times the bare window")


if __name__ == "__main__":
    main()
