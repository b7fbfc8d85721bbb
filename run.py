"""Set MIPS Desk up and run it, or run all its tests. Standard library only.

python3 run.py            open the app on the sample practice (without a display: write its binder)
python3 run.py test       run all tests
python3 run.py ARGUMENTS  any command of mips-desk, for example: python3 run.py catalog list --year 2026
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements" / "all.lock"
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
#: What Qt needs from Debian and Ubuntu. Windows and macOS bring everything.
QT_PACKAGES = [
    "libegl1", "libgl1", "libxkbcommon-x11-0", "libdbus-1-3", "libfontconfig1", "libxcb-cursor0", "libxcb-icccm4",
    "libxcb-keysyms1", "libxcb-shape0", "libxcb-image0", "libxcb-render-util0", "libxcb-xinerama0", "libxcb-randr0",
]  # fmt: skip
#: What the tests use besides: a real screen, a third-party program to capture, and independent judges of the PDFs.
TEST_PACKAGES = ["xvfb", "xauth", "chromium", "qpdf", "poppler-utils", "p7zip-full", "binutils"]


def main() -> int:
    if sys.version_info < (3, 11):
        return stop(f"MIPS Desk needs Python 3.11 or later; this is {platform.python_version()}.")
    words = sys.argv[1:]
    testing = words[:1] == ["test"]
    system_packages(QT_PACKAGES + (TEST_PACKAGES if testing else []), required=not testing)
    environment()
    if testing:
        # A process for each core; tests of one file stay together, because they share what is slow to make.
        return call([str(PYTHON), "-m", "pytest", *(words[1:] or ["-n", "auto", "--dist", "loadfile"])])
    if words:
        return call([str(PYTHON), "-m", "mips_desk", *words])
    if has_display():
        return call([str(PYTHON), "-m", "mips_desk", "--sample"])
    print("There is no display here, so this makes the sample practice and writes its binder.", flush=True)
    return call([str(PYTHON), "-m", "mips_desk", "--self-test", "--keep", str(ROOT / "out")])


def call(command: list[str]) -> int:
    try:
        return subprocess.call(command, cwd=ROOT)
    except KeyboardInterrupt:
        return 130


def stop(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 2


def has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def system_packages(wanted: list[str], *, required: bool) -> None:
    """On Debian and Ubuntu, install what is missing when this is root; otherwise print the line and stop."""
    if not shutil.which("dpkg-query"):
        return
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if Path(sys.base_prefix) == Path("/usr"):
        # Debian's own Python comes in parts: one to make environments with, one to make the packaged app with.
        wanted = [*wanted, *([] if has_module("ensurepip") else [f"{version}-venv"])]
        wanted = [*wanted, *([f"lib{version}"] if set(TEST_PACKAGES) <= set(wanted) else [])]
    listed = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *wanted],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    present = {line.split()[0] for line in listed.splitlines() if line.endswith(" installed")}
    missing = [name for name in wanted if name not in present]
    if not missing:
        return
    line = "apt-get install -y --no-install-recommends " + " ".join(missing)
    if os.geteuid() != 0:
        needed = [name for name in missing if name not in TEST_PACKAGES]
        if needed or required:
            print("Some system packages are missing. Please run this line, then start again:\n", file=sys.stderr)
            print(f"  sudo apt-get update && sudo {line}\n", file=sys.stderr)
            sys.exit(2)
        print(f"Tests that need them will say so: {' '.join(missing)}", file=sys.stderr)
        return
    print("Installing system packages:", " ".join(missing), flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = subprocess.DEVNULL
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet, stdout=log)
    subprocess.run([*line.split(), "-qq"], check=True, env=quiet, stdout=log)


def has_module(name: str) -> bool:
    return subprocess.call([sys.executable, "-c", f"import {name}"], stderr=subprocess.DEVNULL) == 0


def environment() -> None:
    """Make the virtual environment from the lock; do nothing when it is there and the lock has not changed."""
    project = (ROOT / "pyproject.toml").read_bytes()
    # Not sys.version: a security update of Debian's Python changes its text, and the environment stays good.
    python = f"{sys.version_info[:3]} {sys.base_prefix}"
    state = hashlib.sha256(LOCK.read_bytes() + project + python.encode()).hexdigest()
    stamp = VENV / "lock.sha256"
    if stamp.is_file() and stamp.read_text() == state and PYTHON.exists():
        return
    print("Setting up (once; this downloads about 350 MB) ...", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    subprocess.run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)], check=True)
    # Only the command `mips-desk` comes from this; the code runs from the checkout.
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)], check=True)
    stamp.write_text(state)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(stop(f"The set-up stopped: “{' '.join(map(str, error.cmd[:6]))} ...” failed. Start again to retry."))
