"""The backup file: any tool unpacks it, and every changed byte is found and named."""

import hashlib
import io
import os
import random
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from mips_desk.errors import BadInputError, CancelledError, MipsDeskError
from mips_desk.store import backup_file
from mips_desk.store.backup_file import Manifest
from mips_desk.store.errors import BackupDamagedError, VaultTooNewError
from mips_desk.store.meter import Meter

#: By hand: MIPS_DESK_FLIPS=10000 pytest tests/unit/store/test_backup_file.py
FLIPS = int(os.environ.get("MIPS_DESK_FLIPS", "1000"))
DATABASE = random.Random(1).randbytes(12_288)
KEYS = b'{"format": 1}\n'
MANIFEST = Manifest(
    name="Cedar Hill",
    vault="01KJWQMG9R5ZQZ7BTHHX6TK6FY",
    made_at="2026-03-04T10:32:00-05:00",
    app_version="1.0",
    layout=2003,
    journal_seq=7,
    journal_head="ab" * 32,
    counts={"evidence": 3, "journal": 7},
)


def meter() -> Meter:
    return Meter(0)


def pack(folder: Path, manifest: Manifest = MANIFEST, database: bytes = DATABASE, keys: bytes = KEYS) -> Path:
    source, target = folder / "snapshot", folder / "made.mipsbackup"
    source.write_bytes(database)
    target.unlink(missing_ok=True)
    backup_file.pack(target, source, keys, manifest, meter())
    return target


@pytest.mark.parametrize("made_at", ["yesterday", "2026-03-04T10:32:00"])
def test_a_moment_that_is_none_is_damage(tmp_path: Path, made_at: str) -> None:
    with pytest.raises(BackupDamagedError, match=r"backup\.json"):
        backup_file.look_into(pack(tmp_path, msgspec.structs.replace(MANIFEST, made_at=made_at)), meter())


def test_a_list_without_end_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup_file, "encode_manifest", lambda _: b'{"format": 1, "x": ' + b"[" * 5000)
    with pytest.raises(BackupDamagedError, match=r"backup\.json"):
        backup_file.look_into(pack(tmp_path), meter())


def sealed(data: bytes) -> bytes:
    """Return what a forger makes of a file: the same with a seal that fits."""
    body = data[:-71]
    return body + b"sha256:" + hashlib.sha256(body).hexdigest().encode()


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return pack(tmp_path)


def test_it_comes_back_as_it_was_packed(made: Path, tmp_path: Path) -> None:
    contents = backup_file.look_into(made, meter())
    assert contents.sha256 == hashlib.sha256(made.read_bytes()).hexdigest()
    assert contents.size == made.stat().st_size
    assert (contents.manifest.name, contents.manifest.counts) == ("Cedar Hill", {"evidence": 3, "journal": 7})
    out = tmp_path / "out"
    out.mkdir()
    backup_file.unpack(contents, out, meter())
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {"vault.db": DATABASE, "keys.json": KEYS}


def test_other_tools_unpack_it(made: Path) -> None:
    with zipfile.ZipFile(made) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["vault.db", "keys.json", "backup.json"]
        assert archive.read("vault.db") == DATABASE
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.comment == b"sha256:" + hashlib.sha256(made.read_bytes()[:-71]).hexdigest().encode()


def test_the_same_state_gives_the_same_bytes(tmp_path: Path) -> None:
    assert pack(tmp_path).read_bytes() == pack(tmp_path).read_bytes()


def test_every_flipped_byte_is_named(made: Path, tmp_path: Path) -> None:
    data, chance, bad = made.read_bytes(), random.Random(2), tmp_path / "bad.mipsbackup"
    # All of the frame and a sample of the rest.
    frame = [*range(60), *range(len(data) - 1100, len(data))]
    places = frame + [chance.randrange(len(data)) for _ in range(FLIPS)]
    for at in places:
        changed = bytearray(data)
        changed[at] ^= 1 << chance.randrange(8)
        bad.write_bytes(changed)
        with pytest.raises(
            BackupDamagedError, match=r"^The backup bad\.mipsbackup (was changed|is cut short)"
        ) as caught:
            backup_file.look_into(bad, meter())
        if 60 < at < 12_000:
            assert "vault.db" in str(caught.value)


def test_every_truncation_is_named(made: Path, tmp_path: Path) -> None:
    data, cut = made.read_bytes(), tmp_path / "cut.mipsbackup"
    starts = backup_file.look_into(made, meter()).starts
    lengths = {0, 1, 4, 30, 37, 38, 39, 5000, len(data) - 71, len(data) - 72, len(data) - 93, len(data) - 1}
    lengths |= {start + shift for start in starts for shift in (-1, 0, 1)}
    for length in sorted(lengths):
        cut.write_bytes(data[:length])
        with pytest.raises((BackupDamagedError, BadInputError)) as caught:
            backup_file.look_into(cut, meter())
        assert isinstance(caught.value, BackupDamagedError) or length < 38


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"x",
        lambda data: b"x" + data,
        lambda data: data + data,
        lambda data: data[:-71] + b"\0" * 10 + data[-71:],
        lambda data: data.replace(b"keys.json", b"../../key"),
        lambda data: data.replace(b"keys.json", b"KEYS.json"),
        lambda data: data.replace(b"keys.json", b"vault.db\0"),
        lambda data: data.replace(b"backup.json", b"vault.db...", 2),
        lambda data: data.replace(struct.pack("<L", 12_288), struct.pack("<L", 12_287)),
        lambda data: data.replace(struct.pack("<L", 12_288), struct.pack("<L", 0xFFFFFFFF)),
        lambda data: data.replace(struct.pack("<L", zlib.crc32(KEYS)), b"\1\2\3\4"),
        lambda data: data.replace(DATABASE[:9], b"forgeries"),
        lambda data: data.replace(b'"Cedar Hill"', b'"../Cedar H"'),
        lambda data: data.replace(b'"Cedar Hill"', b'"Cedar\\u0000"'),
        lambda data: data.replace(b'"layout": 2003', b'"Layout": 2003'),
        lambda data: data.replace(b'"journal_seq": 7', b'"journal_seq":-7'),
        lambda data: data.replace(b'"journal_seq": 7', b'"journal_seq":  7'[:16]),
    ],
)
def test_no_trick_of_zip_passes_also_with_a_new_seal(made: Path, change: Callable[[bytes], bytes]) -> None:
    data = change(made.read_bytes())
    assert data != made.read_bytes()
    for written in (data, sealed(data)):
        made.write_bytes(written)
        with pytest.raises(BackupDamagedError):
            backup_file.look_into(made, meter())


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_another_program_zipped_is_refused(made: Path, compression: int) -> None:
    with zipfile.ZipFile(made) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for names in (list(parts), [*parts, "more.txt"], list(reversed(parts))):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", compression) as archive:
            for name in names:
                archive.writestr(zipfile.ZipInfo(name), parts.get(name, b"more"), compression)
            archive.comment = b"sha256:" + b"0" * 64
        made.write_bytes(sealed(out.getvalue()))
        with pytest.raises(BackupDamagedError):
            backup_file.look_into(made, meter())


def test_a_bomb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.mipsbackup"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("vault.db", b"\0" * 50_000_000)
    assert bomb.stat().st_size < 100_000
    with pytest.raises(BackupDamagedError):
        backup_file.look_into(bomb, meter())


@pytest.mark.parametrize("data", [b"", b"PK", b"%PDF-1.4 no backup", b"PK\3\4" + b"x" * 500, b"x" * 5000])
def test_other_files_are_no_backups(tmp_path: Path, data: bytes) -> None:
    other = tmp_path / "other.mipsbackup"
    other.write_bytes(data)
    with pytest.raises(BadInputError, match="not a backup"):
        backup_file.look_into(other, meter())
    assert not backup_file.is_backup(other)
    assert not backup_file.is_backup(tmp_path / "missing")


def test_a_newer_format_is_refused_as_newer(tmp_path: Path) -> None:
    made = pack(tmp_path)
    data = made.read_bytes().replace(b'"format": 1,', b'"format": 2,')
    # The frame holds the check sum of the part, so only a whole new file of the newer version gets that far.
    made.write_bytes(data)
    with pytest.raises(BackupDamagedError):
        backup_file.look_into(made, meter())
    newer = tmp_path / "newer.mipsbackup"
    (tmp_path / "snapshot").write_bytes(DATABASE)
    manifest = Manifest(**{name: getattr(MANIFEST, name) for name in MANIFEST.__struct_fields__} | {"format": 2})
    backup_file.pack(newer, tmp_path / "snapshot", KEYS, manifest, meter())
    with pytest.raises(VaultTooNewError):
        backup_file.look_into(newer, meter())


@pytest.mark.parametrize("name", ["..", "a/b", "a\\b", " a", "a.", "C:", "a\nb", ".hidden.", "x" * 201])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    made = pack(tmp_path, Manifest(**{n: getattr(MANIFEST, n) for n in MANIFEST.__struct_fields__} | {"name": name}))
    with pytest.raises(BackupDamagedError):
        backup_file.look_into(made, meter())


@pytest.mark.skipif(sys.platform == "win32", reason="the file system makes no holes by itself")
@pytest.mark.parametrize("size", [(1 << 32) - 300, (1 << 32) - 2, (1 << 32) - 1, 1 << 32, 21 << 30])
def test_sizes_beyond_four_gigabytes(tmp_path: Path, size: int) -> None:
    """The frame around a vault of that size, with a hole in its place: other tools see what we see."""
    sizes, path = (size, 100, 300), tmp_path / "large"
    frame = backup_file._frame(sizes, (1, 2, 3))
    with path.open("wb") as file:
        for header, start in zip(frame.headers, frame.starts, strict=True):
            file.seek(start - len(header))
            file.write(header)
        file.seek(frame.tail_at)
        file.write(frame.tail + b"sha256:" + b"0" * 64)
    assert path.stat().st_size == frame.size
    with zipfile.ZipFile(path) as archive:
        assert [info.file_size for info in archive.infolist()] == list(sizes)
        for info in archive.infolist():
            archive.open(info).close()
    with path.open("rb") as file:
        assert backup_file._read_frame(file, frame.size)[1] == sizes


def test_cancelling_stops_reading(made: Path) -> None:
    def cancel() -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        backup_file.look_into(made, Meter(1, check=cancel))


def test_a_missing_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MipsDeskError):
        backup_file.look_into(tmp_path / "missing.mipsbackup", meter())
