"""A new vault key: everybody else gets in as before, the old key reads nothing, and no kill leaves a closed door."""

import shutil
from pathlib import Path

import pytest

from mips_desk.domain.practice import Role
from mips_desk.errors import CancelledError
from mips_desk.store import (
    Event,
    Vault,
    VaultBusyError,
    VaultDamagedError,
    VaultError,
    VaultFullError,
    WrongPassphraseError,
    keys,
    people,
    recovery,
    verify_vault,
)
from mips_desk.store.connection import Line
from mips_desk.store.errors import VaultInUseError
from mips_desk.store.rekey import rekey

from .conftest import CHEAP, PASSPHRASE, Clock, choose, collect, everything, fill
from .steps import failing_at, states

BEN = "the second passphrase"
CY = "the third passphrase"


@pytest.fixture
def peopled(vault: Vault) -> Vault:
    """A vault with some of everything, where Ben was removed and Cy stays."""
    fill(vault)
    ben = people.add_person(vault, "Ben Ode", Role.HELPER, BEN, CHEAP)
    people.add_person(vault, "Cy Fox", Role.READER, CY, CHEAP)
    people.remove_person(vault, ben.id)
    return vault


def test_everybody_else_opens_it_with_what_they_know(vault: Vault, clock: Clock) -> None:
    fill(vault)
    ben = people.add_person(vault, "Ben Ode", Role.HELPER, BEN, CHEAP)
    people.add_person(vault, "Cy Fox", Role.READER, CY, CHEAP)
    people.add_computer(vault, "ANAS", bytes(32), "FRONTDESK")
    text, _sheet = recovery.make_sheet(vault)
    copy, old_key, content = (vault.folder / "keys.json").read_bytes(), vault.key, everything(vault)[:-2]
    people.remove_person(vault, ben.id)
    told: list[tuple[int, int]] = []
    rekey(vault, progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 0
    assert vault.key != old_key
    assert not people.rekey_due(vault)
    assert vault.journal_tail(1)[0].event is Event.VAULT_REKEYED
    assert everything(vault)[:-2] == content
    assert vault.check() == []
    choose(vault, 2026)  # the session goes on
    vault.close()
    assert sorted(path.name for path in vault.folder.iterdir()) == ["keys.json", "vault.db", "vault.lock"]
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again:
        assert again.journal_tail(1)[0].event is Event.LOGIN
        assert again.check() == []
    Vault.open(vault.folder, CY, now=clock).close()
    secrets: list[dict[keys.Kind, bytes]] = [{"computer": bytes(32)}, {"recovery": recovery.read_key(text)}]
    for secret in secrets:
        Vault.open_with(vault.folder, secret, person_id=vault.person.id, now=clock).close()
    assert verify_vault(vault.folder, PASSPHRASE, clock) == []
    # Who was removed: not with the passphrase, not with the old key file, not with the old key itself.
    with pytest.raises(WrongPassphraseError):
        Vault.open(vault.folder, BEN, now=clock)
    with pytest.raises(VaultDamagedError):
        Line(vault.folder / "vault.db", old_key, "read")
    (vault.folder / "keys.json").write_bytes(copy)
    with pytest.raises(VaultError):
        Vault.open(vault.folder, BEN, now=clock)


def test_a_slot_that_the_vault_does_not_know_gets_no_new_key(vault: Vault, clock: Clock) -> None:
    path = vault.folder / "keys.json"
    smuggled = path.read_bytes()
    people.replace_passphrase(vault, PASSPHRASE, None, "new", None, CHEAP)
    path.write_bytes(smuggled)
    rekey(vault)
    vault.close()
    with pytest.raises(WrongPassphraseError):
        Vault.open(vault.folder, PASSPHRASE, now=clock)
    Vault.open(vault.folder, "new", now=clock).close()


def test_a_kill_at_any_step_leaves_the_door_open_to_the_right_people(
    peopled: Vault, tmp_path: Path, clock: Clock
) -> None:
    copies = tmp_path / "states"
    copies.mkdir()
    content, old_key = everything(peopled)[:-2], peopled.key
    found = states(peopled.folder, copies, lambda: rekey(peopled))
    assert len(found) > 8
    seen = set()
    for state in found:
        Vault.open(state, CY, now=clock).close()  # a reader comes first, and must not be stopped
        with pytest.raises(WrongPassphraseError):
            Vault.open(state, BEN, now=clock, read_only=True)
        with Vault.open(state, PASSPHRASE, now=clock) as again:
            assert everything(again)[:-2] == content
            assert again.check() == []
            due = people.rekey_due(again)
            told = [entry.event for entry in again.journal()]
            assert due is (again.key == old_key)
            assert due is (Event.VAULT_REKEYED not in told)
            assert Event.KEYS_CHANGED_OUTSIDE not in told
            seen.add(due)
            if due:
                rekey(again)
        names = {path.name for path in state.iterdir()} - {"vault.lock"}
        assert names == {"vault.db", "keys.json"}
        file = keys.read_keys(state)
        assert isinstance(file, keys.KeyFile)
        assert not any(slot.next_key for slot in file.slots)
        Vault.open(state, CY, now=clock).close()
        with Vault.open(state, PASSPHRASE, now=clock) as again:
            assert again.journal_tail(1)[0].event is Event.LOGIN
    assert seen == {True, False}


def test_a_failure_at_any_step_leaves_one_key_and_a_working_session(
    peopled: Vault, tmp_path: Path, clock: Clock
) -> None:
    peopled.close()
    failed = 0
    for number in range(1, 100):
        folder = tmp_path / f"{number}.mipsvault"
        shutil.copytree(peopled.folder, folder)
        with Vault.open(folder, PASSPHRASE, now=clock) as again:
            try:
                with failing_at(number) as steps:
                    rekey(again)
            except VaultError:
                failed += 1
                assert people.rekey_due(again)
            else:
                assert not people.rekey_due(again)
            assert again.check() == []
            choose(again, 2026)
        Vault.open(folder, CY, now=clock).close()
        with Vault.open(folder, PASSPHRASE, now=clock) as again:
            assert len(again.selections(2026)) == 1
            assert Event.KEYS_CHANGED_OUTSIDE not in [entry.event for entry in again.journal()]
        assert not list(folder.glob("vault.db.rekey*"))
        if len(steps) < number:
            break
    assert 5 <= failed < 99


def test_while_somebody_reads_it_stays_as_it_is(peopled: Vault, clock: Clock) -> None:
    before = (peopled.folder / "keys.json").read_bytes()
    with Vault.open(peopled.folder, CY, now=clock) as reader:
        with pytest.raises(VaultInUseError):
            rekey(peopled)
        assert people.rekey_due(peopled)
        assert (peopled.folder / "keys.json").read_bytes() == before
        choose(peopled, 2026)
        assert len(reader.selections(2026)) == 1
    rekey(peopled)
    assert not people.rekey_due(peopled)


def test_cancelled_or_full_changes_nothing(peopled: Vault, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    key, head = peopled.key, peopled.journal_head()

    def cancel() -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        rekey(peopled, check=cancel)
    usage = shutil.disk_usage(peopled.folder)._replace(free=10_000)
    with monkeypatch.context() as patch:
        patch.setattr("shutil.disk_usage", lambda _folder: usage)
        with pytest.raises(VaultFullError):
            rekey(peopled)
    assert (peopled.key, peopled.journal_head()) == (key, head)
    assert not list(peopled.folder.glob("vault.db.rekey*"))
    choose(peopled, 2026)
    peopled.close()
    Vault.open(peopled.folder, CY, now=clock).close()


def test_nobody_reads_while_the_copy_is_made(peopled: Vault, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mips_desk.store.connection._BUSY_SECONDS", 0.0)
    refused = []

    def look(done: int, total: int) -> None:
        try:
            Vault.open(peopled.folder, CY, now=clock).close()
        except VaultBusyError:
            refused.append(done)

    rekey(peopled, progress=look)
    assert refused
    Vault.open(peopled.folder, CY, now=clock).close()


def test_an_older_passphrase_that_came_back_gets_no_new_key(vault: Vault, clock: Clock) -> None:
    ben = people.add_person(vault, "Ben Ode", Role.HELPER, BEN, CHEAP)
    older = (vault.folder / "keys.json").read_bytes()
    people.set_passphrase(vault, ben.id, CY, CHEAP)
    vault.close()
    (vault.folder / "keys.json").write_bytes(older)
    Vault.open(vault.folder, BEN, now=clock).close()
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again:
        rekey(again)
    Vault.open(vault.folder, CY, now=clock).close()
    with pytest.raises(WrongPassphraseError):
        Vault.open(vault.folder, BEN, now=clock)


def test_copies_of_earlier_layouts_go_with_their_key(peopled: Vault) -> None:
    copy = peopled.folder / "before-update-1000-20250101T000000.db"
    shutil.copy(peopled.folder / "vault.db", copy)
    rekey(peopled)
    assert not copy.exists()


def test_originals_come_through_byte_for_byte(vault: Vault) -> None:
    selection = choose(vault)
    pictures = [bytes([each]) * 300_000 for each in range(5)]
    items = [collect(vault, selection.id, picture) for picture in pictures]
    rekey(vault)
    assert [vault.original(item.sha256) for item in items] == pictures
