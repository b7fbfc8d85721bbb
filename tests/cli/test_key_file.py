"""A passphrase that opens only together with a key file, from the command line."""

from pathlib import Path

from mips_desk.services import people
from mips_desk.services.session import open_practice

from .conftest import Practice, Run, refused


def test_every_command_takes_the_key_file_before_its_name(practice: Practice, run: Run, tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    people.make_key_file(key_file)
    passphrase = Path(practice.key[-1]).read_text().strip()
    session = open_practice(practice.vault, passphrase)
    people.start_key_file(session, passphrase, key_file)
    session.close()
    assert "does not open this vault" in refused(run("verify", practice.vault, *practice.key))
    assert run("--key-file", key_file, "verify", practice.vault, "--structure", *practice.key).code == 0
    out = tmp_path / "second.mipsbackup"
    assert run("--key-file", key_file, "backup", practice.vault, "--out", out, *practice.key).code == 0
    assert run("--key-file", key_file, "verify", out, *practice.key).code == 0
    (tmp_path / "to").mkdir()
    assert run("--key-file", key_file, "restore", out, "--to", tmp_path / "to", *practice.key).code == 0
    # It holds for one run only.
    assert run("verify", practice.vault, *practice.key).code == 2
