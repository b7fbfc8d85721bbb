"""`catalog load`, `compare` and `changes`."""

from pathlib import Path

import pypdfium2
import pytest

from tests.unit.catalog.cms_sample import activity, as_file, measures, quality

from .conftest import Practice, Run, refused


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """The built-in facts of 2024 with made-up words."""
    path = tmp_path / "measures-data.json"
    path.write_bytes(as_file(measures(2024)))
    return path


def test_load_without_a_vault_keeps_nothing(made: Path, run: Run) -> None:
    done = run("catalog", "load", made)
    assert (done.code, done.err) == (0, "")
    assert "2024: 106 improvement activities" in done.out
    assert "Nothing was stored. It agrees" in done.out
    found = run("catalog", "load", made, "--json").json()
    assert isinstance(found, dict)
    assert (found["year"], found["activities"], found["stored"], found["differences"]) == (2024, 106, False, [])


def test_load_into_a_vault_and_print_it(made: Path, practice: Practice, run: Run, tmp_path: Path) -> None:
    done = run("catalog", "load", made, "--vault", practice.vault, *practice.key)
    assert (done.code, done.err) == (0, "")
    assert "CMS's text of 106 activities for 2024 is loaded." in done.out
    again = run("catalog", "load", made, "--vault", practice.vault, "--json", *practice.key)
    assert again.json()["stored"] is False  # type: ignore[index]
    assert run("verify", practice.vault, *practice.key).code == 0
    out = tmp_path / "binder.pdf"
    assert run("report", practice.vault, "--year", 2024, "--out", out, *practice.key).code == 0
    with pypdfium2.PdfDocument(out) as document:
        text = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    assert "Text of CMS (CMS measures data 2024, file sha256 " in text
    assert "Made-up words." in text
    assert "was not loaded" not in text


@pytest.mark.parametrize("year", range(2017, 2027))
def test_every_real_file(year: int, cms: Path, run: Run) -> None:
    path = cms / f"measures-data-{year}.json"
    done = run("catalog", "compare", path)
    assert (done.code, done.out, done.err) == (0, "It agrees with the facts in MIPS Desk.\n", "")
    found = run("catalog", "load", path, "--json").json()
    assert isinstance(found, dict)
    assert (found["year"], found["known"]) == (year, True)
    assert len(found["suspension_notices"]) == (8 if year == 2025 else 0)


def test_compare_tells_what_must_change(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "changed.json"
    changed = [*measures(2026), activity("IA_PM_99", title="Something new")]
    changed[1]["title"] = "Another title"
    path.write_bytes(as_file(changed))
    done = run("catalog", "compare", path)
    assert (done.code, done.err) == (1, "")
    assert "IA_PM_99 “Something new” is in CMS's file only." in done.out
    assert "the title is “Another title” in CMS's file" in done.out
    assert "docs/adding-a-performance-year.md" in done.out
    found = run("catalog", "compare", path, "--json")
    assert found.code == 1
    assert [each["what"] for each in found.json()["differences"]] == ["title", "extra"]  # type: ignore[index]
    assert run("catalog", "load", path).code == 0


def test_a_year_to_come(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "coming.json"
    path.write_bytes(as_file([quality(2031), activity("IA_NEW_1")]))
    assert "no list of 2031 yet" in run("catalog", "load", path).out
    assert run("catalog", "compare", path).code == 1
    copy = tmp_path / "copy.json"
    copy.write_bytes(as_file(measures(2026)))
    assert run("catalog", "compare", copy, "--year", 2027).code == 0


@pytest.mark.parametrize(
    "data", [b"", b"nonsense", b"[]", b'{"year": 2026}', b"\xff\xfe[\0]\0", b"[" * 100_000, as_file([quality(2024)])]
)
def test_bad_files_are_refused(data: bytes, practice: Practice, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(data)
    for words in (["load"], ["compare"], ["load", "--vault", practice.vault, *practice.key]):
        sentence = refused(run("catalog", words[0], path, *words[1:]))
        assert sentence.endswith("Nothing was changed.")
        assert str(tmp_path) not in sentence


def test_what_cannot_be_done(made: Path, practice: Practice, run: Run, tmp_path: Path) -> None:
    refused(run("catalog", "load", tmp_path / "nothing.json"))
    refused(run("catalog", "load", tmp_path))
    refused(run("catalog", "load", made, "--year", 2025))
    refused(run("catalog", "load", made, "--vault", tmp_path, *practice.key))
    refused(run("catalog", "changes", "--from", 2026, "--to", 2025))
    refused(run("catalog", "changes", "--from", 2016, "--to", 2025))


def test_changes(run: Run) -> None:
    done = run("catalog", "changes", "--from", 2025, "--to", 2026)
    assert (done.code, done.err) == (0, "")
    assert "IA_AHE_1 goes on as IA_EPA_7" in done.out
    assert "is gone in 2026" in done.out
    kinds = [each["kind"] for each in run("catalog", "changes", "--from", 2024, "--to", 2025, "--json").json()]  # type: ignore[attr-defined]
    assert set(kinds) == {"new", "gone", "renamed", "suspended", "weight"}


def test_the_provisional_year_says_so(run: Run) -> None:
    listed = run("catalog", "list", "--year", 2027, "--json")
    assert listed.code == 0
    assert len(listed.json()) == 95  # type: ignore[arg-type]
    assert "2027 is provisional" in listed.err
    done = run("catalog", "changes", "--from", 2026, "--to", 2027)
    assert done.out == "The list of 2027 is that of 2026.\n"
    assert "2027 is provisional" in done.err
