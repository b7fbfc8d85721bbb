"""The checks that a machine can make of the code itself; the same ones run on every checkout."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: Files allowed to be longer than the limit. This list only shrinks.
LONG_FILES: set[str] = set()


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "--output-format", "concise", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["importlinter.cli", "lint"],
    ],
    ids=lambda command: command[0],
)
def test_static_check(command: list[str]) -> None:
    program = ["-c", "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"]
    words = program if command[0].startswith("importlinter") else ["-m", *command]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_is_too_long() -> None:
    long = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "mips_desk").rglob("*.py")
        if len(path.read_text(encoding="utf-8").splitlines()) > (400 if "ui" in path.parts else 600)
    }
    assert long == LONG_FILES


def test_services_do_not_load_qt() -> None:
    code = (
        "import sys, pkgutil, importlib, mips_desk.services as s\n"
        "[importlib.import_module(f'mips_desk.services.{m.name}') for m in pkgutil.iter_modules(s.__path__)]\n"
        "import mips_desk.cli, mips_desk.selftest\n"
        "sys.exit(any(name.split('.')[0] in ('PySide6', 'shiboken6') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_no_network_code() -> None:
    """Nothing in the app imports a module that talks to a network, but the process that asks for time stamps."""
    wanted = ("socket", "urllib.request", "http.client", "requests", "httpx", "QtNetwork", "ftplib", "smtplib")
    found = [
        f"{path.name}: {line.strip()}"
        for path in (ROOT / "mips_desk").rglob("*.py")
        if path.name != "stamp_child.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.lstrip().startswith(("import ", "from ")) and any(name in line for name in wanted)
    ]
    assert found == []


def test_every_icon_and_font_has_its_licence() -> None:
    assert (ROOT / "resources/icons/LICENSE.txt").is_file()
    assert (ROOT / "resources/fonts/Inter-LICENSE.txt").is_file()
    assert (ROOT / "resources/fonts/IBMPlexMono-LICENSE.txt").is_file()
