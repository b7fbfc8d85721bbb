"""Bad input of any kind gets one clear sentence, exit 2, and changes nothing."""

import struct
import zlib
from pathlib import Path

import pytest

from mips_desk.services.session import open_practice
from mips_desk.store import Event

from .conftest import Practice, Run, picture, refused


def huge_header() -> bytes:
    """A PNG that claims 50,000 x 50,000 pixels and holds none."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def acts(practice: Practice) -> list[str]:
    """Everything that was done in the vault; that somebody opened it is no change."""

    session = open_practice(practice.vault, practice.passphrase_file.read_text().strip(), read_only=True)
    try:
        return [entry.hash for entry in session.vault.journal(limit=100_000) if entry.event is not Event.LOGIN]
    finally:
        session.close()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("text.png", b"this is no picture"),
        ("empty.png", b""),
        ("huge.png", huge_header()),
        ("cut.png", picture()[:2000]),
        ("gif.png", b"GIF89a" + bytes(200)),
        ("pdf.jpg", b"%PDF-1.4\n" + bytes(200)),
        ("cut.jpg", picture(kind="JPEG")[:900]),
    ],
)
def test_import_refuses(name: str, data: bytes, practice: Practice, run: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.png", tmp_path / name
    good.write_bytes(picture())
    bad.write_bytes(data)
    before = acts(practice)
    sentence = refused(run("import", practice.vault, "--year", 2026, "--activity", "IA_BE_4", good, bad, *practice.key))
    assert name in sentence
    assert str(tmp_path) not in sentence
    assert acts(practice) == before


@pytest.mark.parametrize(
    "words",
    [
        ["--year", "2026", "--activity", "IA_XX_9"],
        ["--year", "2026", "--activity", "IA_CC_2"],
        ["--year", "1999", "--activity", "IA_BE_4"],
        ["--year", "2026", "--activity", "IA_BE_4", "--option", "no_such_option"],
        ["--year", "2026", "--activity", "IA_BE_4", "--date", "yesterday"],
        ["--year", "soon", "--activity", "IA_BE_4"],
        ["--activity", "IA_BE_4"],
    ],
)
def test_import_refuses_words(words: list[str], practice: Practice, run: Run, tmp_path: Path) -> None:
    good = tmp_path / "good.png"
    good.write_bytes(picture())
    before = acts(practice)
    refused(run("import", practice.vault, *words, good, *practice.key))
    assert acts(practice) == before


def test_wrong_passphrase(practice: Practice, run: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("not the passphrase\n")
    for words in (["verify"], ["report", "--year", "2026", "--out", tmp_path / "x.pdf"]):
        sentence = refused(run(words[0], practice.vault, *words[1:], "--passphrase-file", wrong))
        assert "passphrase" in sentence.lower()
    assert not (tmp_path / "x.pdf").exists()


def test_not_a_vault(practice: Practice, run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "Empty.mipsvault"
    empty.mkdir()
    text = tmp_path / "notes.txt"
    text.write_text("no vault, no binder")
    refused(run("verify", empty, *practice.key))
    refused(run("verify", text))
    refused(run("verify", tmp_path / "nowhere"))
    refused(run("report", text, "--year", "2026", "--out", tmp_path / "x.pdf", *practice.key))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([empty.name, text.name, practice.vault.name])


def test_report_into_a_place_that_is_not_there_keeps_the_old_file(practice: Practice, run: Run, tmp_path: Path) -> None:
    refused(run("report", practice.vault, "--year", 2026, "--out", tmp_path / "no" / "x.pdf", *practice.key))
    old = tmp_path / "old.pdf"
    old.write_bytes(b"old")
    refused(run("report", practice.vault, "--year", 2026, "--activity", "IA_ZZ_1", "--out", old, *practice.key))
    assert old.read_bytes() == b"old"


@pytest.mark.parametrize(
    "marks",
    [
        b"",
        b"{}",
        b"not json",
        b'{"version": 3, "marks": []}',
        b'{"version": 1, "marks": [{"type": "blur", "x": 1, "y": 1, "width": 5, "height": 5}]}',
        b'{"version": 1, "marks": [{"type": "redaction", "x": 1, "y": 1, "width": 5}]}',
        b'{"version": 1, "marks": [{"type": "redaction", "x": "left", "y": 1, "width": 5, "height": 5}]}',
        b'{"version": 1, "marks": [{"type": "redaction", "x": NaN, "y": 1, "width": 5, "height": 5}]}',
        b"[" * 100_000,
        b'{"version": 1, "marks": [{"type": "redaction", "x": 1, "y": 1, "width": 5, "height": 5}], "marks": []}',
        b'{"version": 1, "marks": [{"type": "redaction", "x": 1, "y": 1, "width": 99, "width": 5, "height": 5}]}',
    ],
)
def test_annotate_refuses(marks: bytes, practice: Practice, run: Run, tmp_path: Path) -> None:
    source = tmp_path / "shot.png"
    source.write_bytes(picture())
    done = run("import", practice.vault, "--year", 2026, "--activity", "IA_BE_4", source, *practice.key)
    evidence = done.out.strip()
    refused(run("annotate", practice.vault, evidence, "--marks", "-", *practice.key, stdin=marks))
    assert run("annotate", practice.vault, evidence, "--show", *practice.key).json()["marks"] == []  # type: ignore[index]


def test_annotate_an_item_that_is_not_there(practice: Practice, run: Run) -> None:
    refused(run("annotate", practice.vault, "nothing", "--show", *practice.key))


@pytest.mark.parametrize(
    "question",
    [b"", b"nonsense", b'{"year": 2026, "speed": 3}', b'{"year": 1990, "activities": []}', b"[" * 100_000],
)
def test_score_refuses(question: bytes, run: Run) -> None:
    refused(run("score", "-", stdin=question))


def test_unknown_command(run: Run) -> None:
    refused(run("fly"))
