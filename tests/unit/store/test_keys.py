"""The key file: formats, costs, key files, and every change of it that did not come from a command."""

import json
import random
import shutil
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mips_desk.domain.practice import Person, Role
from mips_desk.errors import BadInputError
from mips_desk.store import (
    Event,
    KeyCost,
    Vault,
    VaultDamagedError,
    VaultError,
    WrongPassphraseError,
    keys,
    people,
    verify_vault,
)
from mips_desk.store.errors import KeyFileNeededError

from .conftest import CHEAP, PASSPHRASE, Clock, create
from .steps import failing_at, states

OLD = Path(__file__).parents[2] / "data" / "vaults" / "layout-1000.mipsvault"
NEW = "an entirely different passphrase"


def opens(folder: Path, passphrase: str, *, key_file: Path | None = None) -> bool:
    """Tell whether a passphrase opens a vault, without writing to it."""
    try:
        Vault.open(folder, passphrase, now=Clock(), key_file=key_file, read_only=True).close()
    except WrongPassphraseError:
        return False
    return True


def events(folder: Path, passphrase: str, *, after: int = 0) -> list[Event]:
    with Vault.open(folder, passphrase, now=Clock(), read_only=True) as vault:
        return [entry.event for entry in vault.journal(after=after)]


def change(vault: Vault, old: str = PASSPHRASE, new: str = NEW) -> None:
    people.replace_passphrase(vault, old, None, new, None, CHEAP)


def test_the_key_file_holds_neither_key_nor_passphrase(vault: Vault) -> None:
    data = (vault.folder / "keys.json").read_bytes()
    assert vault.key not in data
    assert vault.key.hex().encode() not in data
    assert msgspec.json.encode(vault.key).strip(b'"') not in data
    assert PASSPHRASE.encode() not in data


def test_each_of_500_flipped_bytes_is_named(vault: Vault, clock: Clock) -> None:
    people.add_person(vault, "Ben Ode", Role.HELPER, NEW, CHEAP)
    vault.close()
    path = vault.folder / "keys.json"
    whole = path.read_bytes()
    chance = random.Random(4)
    for _ in range(500):
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        with pytest.raises(VaultError, match=r"key file|newer version"):
            Vault.open(vault.folder, PASSPHRASE, now=clock, read_only=True)


def test_a_new_passphrase_takes_the_place_of_the_old_one(vault: Vault, clock: Clock) -> None:
    change(vault)
    entry = vault.journal_tail(1)[0]
    assert entry.event is Event.PASSPHRASE_CHANGED
    assert entry.change["person"] == vault.person.id
    assert NEW not in json.dumps(entry.change, default=str)
    vault.close()
    assert opens(vault.folder, NEW)
    assert not opens(vault.folder, PASSPHRASE)


def test_a_new_passphrase_needs_the_old_one(vault: Vault) -> None:
    head = vault.journal_head()
    with pytest.raises(WrongPassphraseError):
        change(vault, old="not it")
    with pytest.raises(BadInputError):
        change(vault, new="  ")
    with pytest.raises(BadInputError):
        change(vault, new="one\0two")
    assert vault.journal_head() == head
    assert opens(vault.folder, PASSPHRASE)


def test_a_kill_at_any_step_leaves_one_passphrase(vault: Vault, tmp_path: Path, clock: Clock) -> None:
    copies = tmp_path / "states"
    copies.mkdir()
    before = vault.journal_tail(1)[0].seq
    found = states(vault.folder, copies, lambda: change(vault))
    assert len(found) > 3
    which, cut_off = [], 0
    for state in found:
        works = [passphrase for passphrase in (PASSPHRASE, NEW) if opens(state, passphrase)]
        assert len(works) == 1, state.name
        which += works
        with Vault.open(state, works[0], now=clock) as again:
            assert again.check() == []
            entries = again.journal(after=before)
        told = [entry.event for entry in entries]
        cut_off += any("cut_off" in entry.change for entry in entries)
        assert (Event.PASSPHRASE_CHANGED in told) is (works == [NEW]), state.name
        assert Event.KEYS_CHANGED_OUTSIDE not in told
        assert [opens(state, each) for each in (PASSPHRASE, NEW)] == [works == [PASSPHRASE], works == [NEW]]
        Vault.open(state, works[0], now=clock).close()
        assert events(state, works[0], after=before + len(told)) == [Event.LOGIN]
    assert which[0] == PASSPHRASE
    assert which[-1] == NEW
    assert len(set(which)) == 2
    assert cut_off


def test_a_failure_at_any_step_is_what_it_says(vault: Vault, tmp_path: Path, clock: Clock) -> None:
    vault.close()
    failed = 0
    for number in range(1, 100):
        folder = tmp_path / f"{number}.mipsvault"
        shutil.copytree(vault.folder, folder)
        with Vault.open(folder, PASSPHRASE, now=clock) as again:
            try:
                with failing_at(number) as steps:
                    change(again)
            except VaultError:
                failed += 1
                assert opens(folder, PASSPHRASE)
                assert not opens(folder, NEW)
            else:
                assert opens(folder, NEW)
                assert not opens(folder, PASSPHRASE)
            works = NEW if opens(folder, NEW) else PASSPHRASE
        with Vault.open(folder, works, now=clock) as again:
            assert Event.KEYS_CHANGED_OUTSIDE not in [entry.event for entry in again.journal()]
        if len(steps) < number:
            break
    assert 3 <= failed < 99


def test_a_commit_that_fails_gives_the_old_passphrase_back(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise VaultDamagedError

    monkeypatch.setattr("mips_desk.store.journal.append", fail)
    with pytest.raises(VaultDamagedError):
        change(vault)
    assert opens(vault.folder, PASSPHRASE)
    assert not opens(vault.folder, NEW)


def test_the_first_format_is_read_and_brought_up_to_date(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / OLD.name
    shutil.copytree(OLD, folder)
    assert isinstance(keys.read_keys(folder), keys.FirstKeyFile)
    with Vault.open(folder, PASSPHRASE, now=clock) as vault:
        assert vault.journal_tail(1)[0].event is Event.KEYS_STRENGTHENED
        assert people.slots(vault) == keys.read_keys(folder).slots
        change(vault)
    assert isinstance(keys.read_keys(folder), keys.KeyFile)
    assert opens(folder, NEW)
    assert not opens(folder, PASSPHRASE)
    assert verify_vault(folder, NEW, clock) == []


def test_a_kill_while_the_first_format_is_brought_up_to_date(tmp_path: Path, clock: Clock) -> None:
    folder, copies = tmp_path / OLD.name, tmp_path / "states"
    shutil.copytree(OLD, folder)
    copies.mkdir()
    for state in states(folder, copies, lambda: Vault.open(folder, PASSPHRASE, now=clock).close()):
        with Vault.open(state, PASSPHRASE, now=clock) as vault:
            assert [slot.person_name for slot in people.slots(vault)] == ["Ana Ruiz"]
            told = [entry.event for entry in vault.journal()]
            assert told.count(Event.KEYS_STRENGTHENED) == 1
            assert Event.KEYS_CHANGED_OUTSIDE not in told
        assert opens(state, PASSPHRASE)


def test_a_costlier_slot_is_made_at_the_next_login(vault: Vault, clock: Clock) -> None:
    vault.close()
    dear = KeyCost(memory_kib=64, passes=2, lanes=1)
    for expected in ([Event.LOGIN, Event.KEYS_STRENGTHENED], [Event.LOGIN]):
        with Vault.open(vault.folder, PASSPHRASE, now=clock, raise_to=dear) as again:
            assert [entry.event for entry in again.journal_tail(len(expected))] == expected
            assert [slot.cost for slot in people.slots(again)] == [dear]
    cheaper = KeyCost(memory_kib=8, passes=3, lanes=1)
    with Vault.open(vault.folder, PASSPHRASE, now=clock, raise_to=cheaper) as again:
        assert [slot.cost for slot in people.slots(again)] == [KeyCost(memory_kib=64, passes=3, lanes=1)]
    assert opens(vault.folder, PASSPHRASE)


def test_a_login_to_read_only_raises_nothing(vault: Vault, clock: Clock) -> None:
    vault.close()
    before = (vault.folder / "keys.json").read_bytes()
    Vault.open(vault.folder, PASSPHRASE, now=clock, read_only=True, raise_to=KeyCost(64, 1, 1)).close()
    assert (vault.folder / "keys.json").read_bytes() == before


def test_a_key_file_is_a_second_thing_to_have(vault: Vault, tmp_path: Path, clock: Clock) -> None:
    file, other = tmp_path / "stick.txt", tmp_path / "other.txt"
    file.write_bytes(b"a small file that never changes")
    other.write_bytes(b"a small file that never Changes")
    people.replace_passphrase(vault, PASSPHRASE, None, PASSPHRASE, file, CHEAP)
    person_id = vault.person.id
    assert not opens(vault.folder, PASSPHRASE)
    assert not opens(vault.folder, PASSPHRASE, key_file=other)
    assert not opens(vault.folder, NEW, key_file=file)
    assert opens(vault.folder, PASSPHRASE, key_file=file)
    with pytest.raises(KeyFileNeededError):
        Vault.open(vault.folder, PASSPHRASE, now=clock, person_id=person_id, read_only=True)
    with pytest.raises(WrongPassphraseError):
        people.replace_passphrase(vault, PASSPHRASE, other, PASSPHRASE, None, CHEAP)
    people.replace_passphrase(vault, PASSPHRASE, file, PASSPHRASE, None, CHEAP)
    vault.close()
    assert opens(vault.folder, PASSPHRASE)
    assert opens(vault.folder, PASSPHRASE, key_file=other)  # a file beside a passphrase without one does no harm


@pytest.mark.parametrize("content", [b"", b"x" * ((16 << 20) + 1), None], ids=["empty", "large", "missing"])
def test_what_is_no_key_file_is_refused(vault: Vault, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadInputError):
        people.replace_passphrase(vault, PASSPHRASE, None, PASSPHRASE, file, CHEAP)
    with pytest.raises(BadInputError):
        Vault.open(vault.folder, PASSPHRASE, now=Clock(), key_file=file, read_only=True)
    assert opens(vault.folder, PASSPHRASE)


@given(st.text(min_size=1, max_size=8).filter(lambda text: "\0" not in text), st.binary(min_size=32, max_size=32))
def test_passphrase_and_key_file_cannot_be_taken_for_another_passphrase(passphrase: str, digest: bytes) -> None:
    joined = keys.passphrase_secret(passphrase, digest)
    assert joined != keys.passphrase_secret(passphrase)
    assert joined.split(b"\0", 1) == [keys.passphrase_secret(passphrase), digest]


def _rewrite(folder: Path, old: bytes, new: bytes) -> None:
    """Change the key file and make its checksum right again, as somebody can who knows nothing."""
    path = folder / "keys.json"
    file = msgspec.json.decode(path.read_bytes().replace(old, new), type=keys.KeyFile)
    path.write_bytes(keys.encode_keys(file))


def test_an_older_key_file_that_is_put_back_shows(vault: Vault, clock: Clock) -> None:
    path = vault.folder / "keys.json"
    older = path.read_bytes()
    change(vault)
    vault.close()
    path.write_bytes(older)
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again:
        entry = again.journal_tail(1)[0]
        assert entry.event is Event.KEYS_CHANGED_OUTSIDE
        assert (entry.change["older"], entry.change["made_by_mips_desk"]) == (True, True)
        assert [each["change"] for each in entry.change["found"]] == ["removed", "added"]
    # What the vault knew is put back, and nobody is locked out.
    assert opens(vault.folder, NEW)
    assert opens(vault.folder, PASSPHRASE)
    with Vault.open(vault.folder, NEW, now=clock) as again:
        assert again.journal_tail(1)[0].event is Event.LOGIN
        change(again, NEW, "third")
    assert [opens(vault.folder, each) for each in (PASSPHRASE, NEW, "third")] == [False, False, True]


@pytest.mark.parametrize("data", [b"", b'{"format": 2, "x": ' + b"[" * 5000, b'{"format": ' + b"9" * 5000 + b"}"])
def test_a_key_file_that_somebody_made_up_is_damage(vault: Vault, clock: Clock, data: bytes) -> None:
    vault.close()
    (vault.folder / "keys.json").write_bytes(data)
    with pytest.raises(VaultDamagedError):
        Vault.open(vault.folder, PASSPHRASE, now=clock)


@pytest.mark.parametrize("data", [None, b"{}"])
@pytest.mark.parametrize("by", ["closing", "changing"])
def test_a_key_file_that_is_lost_while_the_vault_is_open_comes_back(
    vault: Vault, clock: Clock, data: bytes | None, by: str
) -> None:
    """Otherwise nobody could open the vault again, which is whole but for this."""
    path = vault.folder / "keys.json"
    whole = path.read_bytes()
    path.unlink() if data is None else path.write_bytes(data)
    if by == "changing":
        change(vault)
    vault.close()
    assert (path.read_bytes() == whole) == (by == "closing")
    with Vault.open(vault.folder, NEW if by == "changing" else PASSPHRASE, now=clock) as again:
        (entry,) = [entry for entry in again.journal() if entry.event is Event.KEYS_CHANGED_OUTSIDE]
        assert entry.change == {"lost": True}
        assert again.check() == []


def test_a_name_that_was_changed_outside_is_put_back(vault: Vault, clock: Clock) -> None:
    vault.close()
    _rewrite(vault.folder, b"Ana Ruiz", b"Eve Ruiz")
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again:
        entry = again.journal_tail(1)[0]
        assert entry.event is Event.KEYS_CHANGED_OUTSIDE
        assert entry.change["made_by_mips_desk"] is False
        assert [slot.person_name for slot in people.slots(again)] == ["Ana Ruiz"]
    assert b"Eve" not in (vault.folder / "keys.json").read_bytes()


def test_somebody_who_smuggles_a_slot_in_gets_nothing(vault: Vault, clock: Clock) -> None:
    path = vault.folder / "keys.json"
    file = keys.decode_keys(path.read_bytes())
    assert isinstance(file, keys.KeyFile)
    eve = keys.make_slot(
        file.vault, "EVE", Person(vault.person.id, "Ana Ruiz"), bytes(32), "passphrase", b"eve", clock(), CHEAP
    )
    vault.close()
    path.write_bytes(keys.encode_keys(msgspec.structs.replace(file, slots=(*file.slots, eve))))
    with pytest.raises(VaultDamagedError):
        Vault.open(vault.folder, "eve", now=clock, read_only=True)
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again:
        (found,) = again.journal_tail(1)[0].change["found"]
        assert found == {"change": "added", "person": vault.person.id, "kind": "passphrase"}
        assert [slot.id for slot in people.slots(again)] == [slot.id for slot in file.slots]


def test_a_key_file_made_with_the_vault_key_outside_is_not_believed(vault: Vault, clock: Clock) -> None:
    """Whoever was removed may know the vault key until there is a new one."""
    path, key = vault.folder / "keys.json", vault.key
    file = keys.decode_keys(path.read_bytes())
    assert isinstance(file, keys.KeyFile)
    eve = keys.make_slot(file.vault, "EVE", vault.person, key, "passphrase", b"eve", clock(), CHEAP)
    vault.close()
    made = keys.make_file(key, file.vault, file.serial + 5, "login", vault.person.id, clock(), (*file.slots, eve))
    path.write_bytes(made)
    with Vault.open(vault.folder, PASSPHRASE, now=clock) as again:
        assert again.journal_tail(1)[0].event is Event.KEYS_CHANGED_OUTSIDE
    assert opens(vault.folder, PASSPHRASE)
    assert not opens(vault.folder, "eve")


def test_a_vault_made_of_two_is_refused_or_opened_as_one(folder: Path, tmp_path: Path, clock: Clock) -> None:
    with create(folder, clock):
        pass
    other = tmp_path / "Other.mipsvault"
    with create(other, clock):
        pass
    shutil.copy(other / "keys.json", folder / "keys.json")
    with pytest.raises(VaultDamagedError, match="earlier time"):
        Vault.open(folder, PASSPHRASE, now=clock)
