"""The people of a vault: who may do what, and that a manager always remains."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mips_desk.domain.practice import Person, Practice, Role
from mips_desk.errors import BadInputError
from mips_desk.store import (
    Event,
    NotAllowedError,
    NotInVaultError,
    Tx,
    Vault,
    VaultError,
    VaultReadOnlyError,
    WrongPassphraseError,
    closing,
    keys,
    people,
    recovery,
)
from mips_desk.store.rekey import rekey

from .conftest import CHEAP, PASSPHRASE, Clock, choose, fill
from .steps import failing_at, states

BEN = "the second passphrase"
CY = "the third passphrase"


def add(vault: Vault, name: str = "Ben Ode", role: Role = Role.HELPER, passphrase: str = BEN) -> Person:
    return people.add_person(vault, name, role, passphrase, CHEAP)


def names(vault: Vault) -> list[str]:
    return [person.name for person in people.people(vault)]


@pytest.mark.parametrize("role", list(Role))
def test_a_person_who_was_added_opens_the_vault_in_their_role(vault: Vault, clock: Clock, role: Role) -> None:
    ben = add(vault, role=role)
    entry = vault.journal_tail(1)[0]
    assert entry.event is Event.PERSON_ADDED
    assert (entry.change["did"][0]["name"], entry.change["did"][0]["role"]) == ("Ben Ode", str(role))
    vault.close()
    with Vault.open(vault.folder, BEN, now=clock) as again:
        assert again.person == ben
        assert again.read_only is (role is Role.READER)
        assert names(again) == ["Ana Ruiz", "Ben Ode"]


def test_the_person_at_the_door_is_asked_alone(vault: Vault, clock: Clock) -> None:
    ben = add(vault)
    ana = vault.person
    vault.close()
    Vault.open(vault.folder, BEN, now=clock, person_id=ben.id, read_only=True).close()
    with pytest.raises(WrongPassphraseError):
        Vault.open(vault.folder, BEN, now=clock, person_id=ana.id, read_only=True)
    with pytest.raises(WrongPassphraseError):
        Vault.open(vault.folder, BEN, now=clock, person_id="nobody", read_only=True)


@pytest.mark.parametrize("name", ["", "  ", "ana  ruiz", "Ana Ruiz", "x" * 201])
def test_a_name_that_tells_nobody_apart_is_refused(vault: Vault, name: str) -> None:
    head = vault.journal_head()
    with pytest.raises(BadInputError):
        add(vault, name)
    assert vault.journal_head() == head
    assert names(vault) == ["Ana Ruiz"]


@pytest.mark.parametrize(
    "act",
    [
        lambda tx: tx.put_practice(Practice("Another", "", "")),
        lambda tx: tx.put_setting("retention_years", 10),
        lambda tx: closing.close_year(tx, 2025, rules="", reported={}),
        lambda tx: tx.note_did("settle", kind="setting", id="retention_years", unit="value", value="10"),
    ],
)
def test_what_takes_a_manager_does_so_under_any_event(vault: Vault, clock: Clock, act: Callable[[Tx], object]) -> None:
    fill(vault)
    add(vault)
    vault.close()
    with Vault.open(vault.folder, BEN, now=clock) as again:
        head = again.journal_head()
        with pytest.raises(NotAllowedError), again.write(Event.CONFLICT_SETTLED) as tx:
            act(tx)
        assert again.journal_head() == head


@pytest.mark.parametrize("role", [Role.HELPER, Role.READER])
def test_only_a_manager_changes_who_may_open_it(vault: Vault, clock: Clock, role: Role) -> None:
    ana, ben = vault.person, add(vault, role=role)
    people.add_computer(vault, "ANAS", bytes(32), "FRONTDESK")
    vault.close()
    with Vault.open(vault.folder, BEN, now=clock) as again:
        head = again.journal_head()
        acts: list[Callable[[], object]] = [
            lambda: add(again, "Eve", passphrase="eve"),
            lambda: people.change_person(again, ben.id, "Ben Ode", Role.MANAGER),
            lambda: people.remove_person(again, ana.id),
            lambda: people.set_passphrase(again, ana.id, "eve", CHEAP),
            lambda: people.remove_computer(again, "ANAS"),
            lambda: recovery.make_sheet(again),
            lambda: rekey(again),
        ]
        for act in acts:
            with pytest.raises((NotAllowedError, VaultReadOnlyError)):
                act()
        assert again.journal_head() == head
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again:
        assert again.person == ana


def test_a_helper_changes_their_own_passphrase_and_works(vault: Vault, clock: Clock) -> None:
    add(vault)
    vault.close()
    with Vault.open(vault.folder, BEN, now=clock) as again:
        people.replace_passphrase(again, BEN, None, CY, None, CHEAP)
        choose(again)
    with pytest.raises(WrongPassphraseError):
        Vault.open(vault.folder, BEN, now=clock)
    with Vault.open(vault.folder, CY, now=clock) as again:
        assert again.person.name == "Ben Ode"


def test_a_manager_gives_somebody_a_new_passphrase(vault: Vault, clock: Clock) -> None:
    ben = add(vault)
    people.set_passphrase(vault, ben.id, CY, CHEAP)
    entry = vault.journal_tail(1)[0]
    assert (entry.event, entry.change["person"]) == (Event.PASSPHRASE_CHANGED, ben.id)
    with pytest.raises(BadInputError, match="old one"):
        people.set_passphrase(vault, vault.person.id, CY, CHEAP)
    with pytest.raises(NotInVaultError):
        people.set_passphrase(vault, "nobody", "x", CHEAP)
    vault.close()
    with pytest.raises(WrongPassphraseError):
        Vault.open(vault.folder, BEN, now=clock)
    Vault.open(vault.folder, CY, now=clock).close()


def test_name_and_role_change_at_once(vault: Vault, clock: Clock) -> None:
    ben = add(vault)
    people.change_person(vault, ben.id, "Ben  Oden", Role.MANAGER)
    said = vault.journal_tail(1)[0].change["did"][0]["changed"]
    assert said == {"name": ["Ben Ode", "Ben Oden"], "role": ["helper", "manager"]}
    assert {slot.person_name for slot in people.slots(vault)} == {"Ana Ruiz", "Ben Oden"}
    people.change_person(vault, vault.person.id, "Ana Ruiz-Ode", Role.MANAGER)
    assert vault.person.name == "Ana Ruiz-Ode"
    vault.close()
    with Vault.open(vault.folder, BEN, now=clock) as again:
        assert (again.person.name, again.person.role) == ("Ben Oden", Role.MANAGER)
        assert again.journal_tail(1)[0].event is Event.LOGIN


def test_a_manager_always_remains(vault: Vault, clock: Clock) -> None:
    ana = vault.person
    with pytest.raises(BadInputError, match="another manager"):
        people.remove_person(vault, ana.id)
    with pytest.raises(BadInputError, match="another manager"):
        people.change_person(vault, ana.id, ana.name, Role.HELPER)
    add(vault, role=Role.MANAGER)
    vault.close()
    with Vault.open(vault.folder, BEN, now=clock) as again:
        people.change_person(again, ana.id, ana.name, Role.READER)
        people.remove_person(again, ana.id)
        assert names(again) == ["Ben Ode"]
        with pytest.raises(NotInVaultError):
            people.remove_person(again, ana.id)
        with pytest.raises(NotInVaultError):
            people.change_person(again, ana.id, "Ana", Role.MANAGER)


def test_who_was_removed_has_no_way_in_even_before_the_new_key(vault: Vault, clock: Clock) -> None:
    ben = add(vault)
    vault.close()
    with Vault.open(vault.folder, BEN, now=clock) as his:
        people.add_computer(his, "BENS", bytes(32), "FRONTDESK")
    copy = (vault.folder / "keys.json").read_bytes()
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again:
        assert not people.rekey_due(again)
        people.remove_person(again, ben.id)
        assert people.rekey_due(again)
        assert {slot.person_name for slot in people.slots(again)} == {"Ana Ruiz"}
        assert again.journal_tail(1)[0].event is Event.PERSON_REMOVED
    secrets: list[dict[keys.Kind, bytes]] = [{"passphrase": BEN.encode()}, {"computer": bytes(32)}]
    for data in (None, copy):
        if data:
            (vault.folder / "keys.json").write_bytes(data)
        for secret in secrets:
            with pytest.raises(WrongPassphraseError):
                Vault.open_with(vault.folder, secret, now=clock, read_only=True)


def test_a_trusted_computer_opens_without_the_passphrase_until_it_is_forgotten(vault: Vault, clock: Clock) -> None:
    secret = bytes(range(32))
    people.add_computer(vault, "ONE", secret, "FRONTDESK")
    people.add_computer(vault, "TWO", secret, "FRONTDESK")
    assert [slot.id for slot in people.slots(vault) if slot.kind == "computer"] == ["TWO"]
    vault.close()
    with Vault.open_with(vault.folder, {"computer": secret}, now=clock) as again:
        assert again.journal_tail(1)[0].change["opened_with"] == "computer"
        people.remove_computer(again, "TWO")
        with pytest.raises(NotInVaultError):
            people.remove_computer(again, "TWO")
        told = [entry.event for entry in again.journal()]
        assert told.count(Event.COMPUTER_TRUSTED) == 2
        assert told[-1] is Event.COMPUTER_FORGOTTEN
    with pytest.raises(WrongPassphraseError):
        Vault.open_with(vault.folder, {"computer": secret}, now=clock)
    Vault.open(vault.folder, PASSPHRASE, now=clock).close()


def test_a_kill_while_somebody_is_added_or_removed(vault: Vault, tmp_path: Path, clock: Clock) -> None:
    first, second = tmp_path / "adding", tmp_path / "removing"
    first.mkdir()
    second.mkdir()
    found = states(vault.folder, first, lambda: add(vault))
    ben = people.people(vault)[1]
    found += states(vault.folder, second, lambda: people.remove_person(vault, ben.id))
    seen = set()
    for state in found:
        with Vault.open(state, PASSPHRASE, now=clock) as again:
            assert again.check() == []
            there = "Ben Ode" in names(again)
            told = [entry.event for entry in again.journal()]
            assert {slot.person_name for slot in people.slots(again)} == set(names(again))
        assert Event.KEYS_CHANGED_OUTSIDE not in told
        assert there is (told.count(Event.PERSON_ADDED) > told.count(Event.PERSON_REMOVED))
        seen.add((there, told.count(Event.PERSON_REMOVED)))
        try:
            Vault.open(state, BEN, now=clock).close()
        except WrongPassphraseError:
            assert not there
        else:
            assert there
    assert seen == {(False, 0), (True, 0), (False, 1)}


def test_a_failure_while_somebody_is_removed_removes_nobody(vault: Vault, tmp_path: Path, clock: Clock) -> None:
    ben = add(vault)
    vault.close()
    failed = 0
    for number in range(1, 100):
        folder = tmp_path / f"{number}.mipsvault"
        shutil.copytree(vault.folder, folder)
        with Vault.open(folder, PASSPHRASE, now=clock) as again:
            try:
                with failing_at(number) as steps:
                    people.remove_person(again, ben.id)
            except VaultError:
                failed += 1
                assert names(again) == ["Ana Ruiz", "Ben Ode"]
            else:
                assert names(again) == ["Ana Ruiz"]
        if len(steps) < number:
            break
    assert 3 <= failed < 99
