"""The main job from the command line: sample, import, annotate, report, verify."""

import hashlib
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
import yaml
from PIL import Image

from .conftest import ROOT, Practice, Run, picture


def test_sample_prints_the_passphrase_and_the_binder_is_sound(run_process: Run, tmp_path: Path, qpdf: str) -> None:
    run = run_process
    made = run("sample", tmp_path / "new")
    assert made.code == 0, made.err
    vault = next((tmp_path / "new").glob("*.mipsvault"))
    secret = tmp_path / "secret.txt"
    secret.write_text(made.out.split("Passphrase: ", 1)[1].splitlines()[0], encoding="utf-8")
    out = tmp_path / "binder.pdf"
    for year in (2026, 2024):
        report = run("report", vault, "--year", year, "--out", out, "--passphrase-file", secret)
        assert report.code == 0, report.err
        assert hashlib.sha256(out.read_bytes()).hexdigest() in report.out
        assert run("verify", out).code == 0
        looked_up = run("verify", out, "--vault", vault, "--passphrase-file", secret, "--json")
        assert looked_up.json()["sound"] is True  # type: ignore[index]
        assert "unchanged" in looked_up.json()["record"]  # type: ignore[index]
        with pikepdf.open(out) as pdf:
            assert not pdf.check_pdf_syntax()
        checked = subprocess.run([qpdf, "--check", out], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    assert run("verify", vault, "--passphrase-file", secret).code == 0


def test_imported_picture_reaches_the_binder_redacted(practice: Practice, run: Run, tmp_path: Path) -> None:
    source = tmp_path / "shot.png"
    source.write_bytes(picture(text="Patient: Canary Testperson"))
    done = run(
        "import", practice.vault, "--year", 2026, "--activity", "IA_BE_4", "--date", "2026-05-04",
        "--caption", "Messages in May", source, *practice.key,
    )  # fmt: skip
    assert done.code == 0, done.err
    (evidence,) = done.out.split()
    marks = tmp_path / "marks.json"
    box = {"type": "redaction", "x": 10.4, "y": 50.2, "width": 300, "height": 30}
    arrow = {"type": "arrow", "x1": 600, "y1": 400, "x2": 400, "y2": 200}
    marks.write_text(json.dumps({"version": 1, "marks": [box, arrow]}), encoding="utf-8")
    assert run("annotate", practice.vault, evidence, "--marks", marks, *practice.key).code == 0
    shown = run("annotate", practice.vault, evidence, "--show", *practice.key)
    assert [mark["type"] for mark in shown.json()["marks"]] == ["redaction", "arrow"]  # type: ignore[index]
    out = tmp_path / "binder.pdf"
    report = run("report", practice.vault, "--year", 2026, "--activity", "IA_BE_4", "--out", out, *practice.key)
    assert report.code == 0, report.err
    with pikepdf.open(out) as pdf:
        pictures = [
            pikepdf.PdfImage(image).as_pil_image().convert("RGB")
            for page in pdf.pages
            for image in page.get_images().values()
        ]
    ours = [image for image in pictures if image.size == (800, 500)]
    assert len(ours) == 1
    covered = ours[0].crop((10, 50, 311, 81))
    assert covered.getcolors() == [(301 * 31, (0, 0, 0))]
    before = Image.open(io.BytesIO(source.read_bytes()))
    assert ours[0].getpixel((5, 20)) == before.getpixel((5, 20))
    assert ours[0].crop((380, 180, 620, 420)).getcolors() != before.crop((380, 180, 620, 420)).getcolors()


def test_unconfirmed_picture_is_withheld_and_listed(practice: Practice, run: Run, tmp_path: Path) -> None:
    """A picture that nobody redacted or confirmed never reaches a PDF by accident, and is not left out silently."""
    source = tmp_path / "shot.png"
    source.write_bytes(picture(321, 123))
    done = run("import", practice.vault, "--year", 2026, "--activity", "IA_BE_4", source, *practice.key)
    out = tmp_path / "binder.pdf"
    assert run("report", practice.vault, "--year", 2026, "--out", out, *practice.key).code == 0
    with pikepdf.open(out) as pdf:
        sizes = {(int(i.Width), int(i.Height)) for page in pdf.pages for i in page.get_images().values()}
    assert (321, 123) not in sizes
    confirmed = run("annotate", practice.vault, done.out.strip(), "--no-identifiers", *practice.key)
    assert confirmed.code == 0, confirmed.err
    assert run("report", practice.vault, "--year", 2026, "--out", out, *practice.key).code == 0
    with pikepdf.open(out) as pdf:
        sizes = {(int(i.Width), int(i.Height)) for page in pdf.pages for i in page.get_images().values()}
    assert (321, 123) in sizes


def test_same_state_and_time_stamp_give_the_same_bytes(
    sample: Practice, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two copies of one vault, one time stamp: writing is recorded in the vault, so each copy is written once."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    files = []
    for name in ("a", "b"):
        vault = tmp_path / name / sample.vault.name
        shutil.copytree(sample.vault, vault)
        out = tmp_path / f"{name}.pdf"
        done = run("report", vault, "--year", 2024, "--out", out, *sample.key)
        assert done.code == 0, done.err
        files.append(out.read_bytes())
    assert files[0] == files[1]


def test_one_changed_byte_in_a_binder_is_reported(practice: Practice, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "binder.pdf"
    assert run("report", practice.vault, "--year", 2024, "--out", out, *practice.key).code == 0
    data = bytearray(out.read_bytes())
    data[len(data) // 2] ^= 1
    out.write_bytes(data)
    done = run("verify", out, "--json")
    assert done.code == 1
    assert done.json()["sound"] is False  # type: ignore[index]
    assert done.json()["problems"]  # type: ignore[index]


def test_catalog_list_as_scripts_rely_on_it(run: Run) -> None:
    done = run("catalog", "list", "--year", 2024, "--json")
    rows = {row["id"]: row for row in done.json()}  # type: ignore[attr-defined]
    assert len(rows) == 106
    assert rows["IA_BE_4"]["weight"] == "medium"
    assert rows["IA_BE_4"]["subcategory"] == "beneficiaryEngagement"
    assert rows["IA_PCMH"]["weight"] is None
    lines = run("catalog", "list", "--year", 2026).out.splitlines()
    assert len(lines) == 95


def test_no_command_needs_a_display_or_loads_qt() -> None:
    code = (
        "import sys; sys.argv[1:] = ['catalog', 'list', '--year', '2026']; from mips_desk.__main__ import main; main()"
    )
    code += "; sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_all_worked_examples_as_a_script_would_ask(run: Run) -> None:
    """A list in gives a list out, in order; numbers as numbers."""
    examples = yaml.safe_load((ROOT / "tests" / "data" / "worked_examples.yaml").read_text(encoding="utf-8"))
    told = ("title", "why", "rules", "expected")
    questions = [{key: value for key, value in example.items() if key not in told} for example in examples]
    done = run("score", "-", stdin=json.dumps(questions).encode())
    assert done.code == 0, done.err
    answers = done.json()
    assert len(answers) == len(examples) > 100  # type: ignore[arg-type]
    for example, answer in zip(examples, answers, strict=True):  # type: ignore[call-overload]
        assert answer["id"] == example["id"]
        for key, value in example["expected"].items():
            assert answer[key] == value, (example["id"], key)
        if example.get("kind") == "ia_score":
            assert sum(line["points"] or 0 for line in answer["trace"]) == answer["ia_points"], example["id"]
