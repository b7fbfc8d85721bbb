"""The short run of the power cuts, and that the harness would notice a vault that does not keep its promise."""

import random
import shutil
import sys
from pathlib import Path

import pytest

from mips_desk.store import Vault, connection, verify_vault

from . import acts, power
from .shim import Step, shimmed

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform == "win32", reason="the wheel for Windows does not show SQLite's functions"),
]


def test_power_cuts_lose_nothing(tmp_path: Path) -> None:
    tally = power.run(30, 3, tmp_path)
    assert tally.clean, tally.notes
    assert tally.pieces_lost > 30
    assert tally.old_state > 10


def test_the_harness_notices_what_is_not_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    careless = tuple(each.replace("synchronous = FULL", "synchronous = NORMAL") for each in connection._WRITING)
    assert careless != connection._WRITING
    monkeypatch.setattr(connection, "_WRITING", careless)
    assert power.run(40, 3, tmp_path).lost > 0


def test_a_page_torn_while_it_is_moved_from_the_log_is_no_damage(tmp_path: Path) -> None:
    moved: list[Step] = []

    def judge(step: Step) -> int:
        if step.kind == "write" and step.path.name == "vault.db":
            moved.append(step)
        return 0

    folder = tmp_path / "copy" / "V.mipsvault"
    with shimmed(judge):
        session = acts.begin(tmp_path / "V.mipsvault")
        session.vault._writer.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]  # of the harness
        acts.add_pictures(session, random.Random(1))
        expected = acts.facts(session)
        moved.clear()
        shutil.copytree(session.vault.folder, folder)
        session.close()
    old = (folder / "vault.db").read_bytes()
    torn = next(step for step in moved if 0 < step.at < len(old) and old[step.at :][:4096] != step.data)
    (folder / "vault.db").write_bytes(old[: torn.at] + torn.data[:512] + old[torn.at + 512 :])
    assert verify_vault(folder, acts.PASSPHRASE, acts.Clock()) == []
    with Vault.open(folder, acts.PASSPHRASE, now=acts.Clock()):
        pass
    assert verify_vault(folder, acts.PASSPHRASE, acts.Clock()) == []
    session = acts.reopen(folder, read_only=True)
    assert acts.facts(session) == expected
    session.close()
    # Without the log the same page is damage.
    (folder / "vault.db").write_bytes(old[: torn.at] + torn.data[:512] + old[torn.at + 512 :])
    assert verify_vault(folder, acts.PASSPHRASE, acts.Clock())
