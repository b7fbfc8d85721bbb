"""No words of the finder say that a picture is clean.

Safe Harbor needs all 18 kinds gone and no actual knowledge (45 CFR 164.514(b)(2)), which no program can promise.
"""

import ast
from pathlib import Path

from mips_desk.identify.kinds import Kind
from mips_desk.services import identifying

ROOT = Path(__file__).resolve().parents[3] / "mips_desk"
NEVER = (
    "safe",
    "de-identified",
    "deidentified",
    "hipaa",
    "compliant",
    "is clean",
    "no identifier",
    "nothing found",
    "all identifiers",
)


#: Said nowhere in the program, whatever it is about.
NOWHERE = ("de-identified", "deidentified", "hipaa compliant", "hipaa-compliant", "anonymized", "safe to share")


def strings(file: Path) -> list[str]:
    """All strings of a module but its documentation."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documentation = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    }
    values = [each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return [value for value in values if value not in documentation]


def test_no_string_about_identifiers_promises_anything() -> None:
    files = [*(ROOT / "identify").glob("*.py"), ROOT / "services" / "identifying.py", ROOT / "cli_identify.py"]
    files += [*(ROOT / "ui" / "editor").glob("*.py"), ROOT / "ui" / "pages" / "evidence_annotating.py"]
    assert len(files) > 30
    for file in files:
        for text in strings(file):
            assert not [word for word in NEVER if word in text.lower()], (file.name, text)


def test_no_string_of_the_program_promises_it() -> None:
    for file in ROOT.rglob("*.py"):
        for text in strings(file):
            assert not [word for word in NOWHERE if word in text.lower()], (file.name, text)


def test_the_notice_says_what_it_cannot() -> None:
    assert "misses" in identifying.NOTICE
    assert "yourself" in identifying.NOTICE


def test_eighteen_kinds_each_with_words_and_a_reason() -> None:
    assert len(Kind) == 18
    assert len({kind.in_words for kind in Kind}) == 18
    assert all(identifying.reason_for(kind) for kind in Kind)
