"""The documents say what is there: every command, every picture, every link."""

import re
from pathlib import Path

import pytest
import typer

from mips_desk.cli import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)
PICTURES = ROOT / "docs" / "pictures"
#: Largest size of all pictures together, in bytes: everybody who clones the project loads them.
PICTURES_LIMIT = 2_500_000

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def commands(group: typer.Typer, before: str = "") -> set[str]:
    """Return the names of all commands that a person can see, with the names of their groups."""
    found = set()
    for command in group.registered_commands:
        assert command.callback is not None
        if not command.hidden:
            found.add(before + (command.name or command.callback.__name__.strip("_").replace("_", "-")))
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        name = inner.name or inner.typer_instance.info.name
        found |= commands(inner.typer_instance, f"{before}{name} " if name else before)
    return found


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> list[str]:
    """Return what a page links to and the pictures it shows, pages of the web left out."""
    found: list[str] = _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8")))
    return [link for link in found if "://" not in link]


def test_every_command_is_documented() -> None:
    known = commands(app)
    text = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    documented = {name for name in known if re.search(rf"^\| `{re.escape(name)}[ `]", text, re.MULTILINE)}
    assert {"report", "verify", "catalog list"} <= known
    assert known == documented


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_resolves(page: Path) -> None:
    broken = []
    for link in links(page):
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.is_file() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_pictures_are_shown_and_small() -> None:
    """No picture is left over from an earlier state, and all together stay small."""
    shown = {(page.parent / link).resolve() for page in PAGES for link in links(page) if link.endswith(".png")}
    there = set(PICTURES.glob("*.png"))
    assert {path.name for path in there} == {path.name for path in shown}
    assert sum(path.stat().st_size for path in there) < PICTURES_LIMIT


def test_readme_and_guide_show_the_rooms() -> None:
    for page, least in (("README.md", 7), ("docs/user-guide.md", 8)):
        assert len([link for link in links(ROOT / page) if link.endswith(".png")]) >= least
