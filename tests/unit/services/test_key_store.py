"""A computer that opens the vault without the passphrase, with a key store that lives in memory."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from keyring.backends.null import Keyring as NullKeyring

from mips_desk.domain.practice import Practice, Role
from mips_desk.services import key_store, people
from mips_desk.services.key_store import KeyStoreError
from mips_desk.services.session import Session, create_practice, open_practice
from mips_desk.store import Event, KeyCost, NotAllowedError, VaultReadOnlyError

CHEAP = KeyCost(memory_kib=8, passes=1, lanes=1)
ANA, BEN = "the first passphrase", "the second passphrase"


class MemoryKeyring(keyring.backend.KeyringBackend):
    """Keeps entries in a dictionary."""

    priority = 1  # type: ignore[assignment]  # keyring's own backends do the same

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError


class BrokenKeyring(MemoryKeyring):
    """Fails as a system service does that nobody started."""

    def get_password(self, service: str, username: str) -> str | None:
        raise OSError("no such service")

    set_password = get_password  # type: ignore[assignment]  # fails before it looks at what it was given
    delete_password = get_password  # type: ignore[assignment]  # the same


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    for module in ("session", "people"):
        monkeypatch.setattr(f"mips_desk.services.{module}.KEY_COST", CHEAP)
    before, memory = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Cedar Hill.mipsvault"


@pytest.fixture
def session(folder: Path) -> Iterator[Session]:
    made = create_practice(folder, ANA, Practice("Cedar Hill"), "Ana Ruiz")
    yield made
    made.close()


def test_a_trusted_computer_opens_the_vault(session: Session, folder: Path, store: MemoryKeyring) -> None:
    key_store.trust_this_computer(session)
    me = session.vault.person.id
    (computer,) = people.people(session)[0].computers
    assert computer.here
    assert session.vault.journal_tail(1)[0].event is Event.COMPUTER_TRUSTED
    key = session.vault.key
    session.close()
    ((service, user), kept) = next(iter(store.entries.items()))
    assert service == "MIPS Desk"
    assert key.hex() not in kept
    assert key not in kept.encode()
    assert user.endswith(computer.id)
    (ana,) = people.people_at_door(folder)
    assert ana.this_computer
    again = key_store.open_from_key_store(folder, me)
    assert again.person == "Ana Ruiz"
    key_store.forget_this_computer(again)
    assert people.people(again)[0].computers == ()
    again.close()
    assert store.entries == {}
    assert not people.people_at_door(folder)[0].this_computer
    with pytest.raises(KeyStoreError, match="passphrase"):
        key_store.open_from_key_store(folder, me)
    open_practice(folder, ANA).close()


def test_trusting_twice_leaves_one(session: Session, store: MemoryKeyring) -> None:
    key_store.trust_this_computer(session)
    key_store.trust_this_computer(session)
    assert len(store.entries) == 1
    assert len(people.people(session)[0].computers) == 1


@pytest.mark.parametrize("content", [None, "", "not base64!", "AAAA"])
def test_an_entry_that_is_gone_or_spoiled_leaves_the_other_ways_in(
    session: Session, folder: Path, store: MemoryKeyring, content: str | None
) -> None:
    key_store.trust_this_computer(session)
    sheet, me = people.make_recovery(session), session.vault.person.id
    session.close()
    (name,) = store.entries
    if content is None:
        store.entries.clear()
    else:
        store.entries[name] = content
    with pytest.raises(KeyStoreError, match="open the vault with your passphrase"):
        key_store.open_from_key_store(folder, me)
    open_practice(folder, ANA).close()
    people.open_with_recovery(folder, sheet.key, me, "new").close()


@pytest.mark.parametrize("backend", [NoKeyring, NullKeyring, BrokenKeyring])
def test_without_a_key_store_nothing_changes(
    session: Session, folder: Path, backend: type[keyring.backend.KeyringBackend]
) -> None:
    key_store.trust_this_computer(session)
    head, me = session.vault.journal_head(), session.vault.person.id
    keyring.set_keyring(backend())
    with pytest.raises(KeyStoreError, match="no key store"):
        key_store.trust_this_computer(session)
    assert session.vault.journal_head() == head
    assert not people.people_at_door(folder)[0].this_computer
    with pytest.raises(KeyStoreError):
        key_store.open_from_key_store(folder, me)
    key_store.forget_this_computer(session)  # the vault forgets it, whatever the key store says
    assert people.people(session)[0].computers == ()


def test_a_vault_that_cannot_be_written_trusts_nothing_new(
    session: Session, folder: Path, store: MemoryKeyring
) -> None:
    session.close()
    again = open_practice(folder, ANA, read_only=True)
    with pytest.raises(VaultReadOnlyError):
        key_store.trust_this_computer(again)
    again.close()
    assert store.entries == {}


def test_a_computer_of_somebody_else_is_for_managers(session: Session, folder: Path, store: MemoryKeyring) -> None:
    key_store.trust_this_computer(session)
    ben = people.add_person(session, "Ben Ode", Role.HELPER, BEN).id
    (anas,) = people.people(session)[0].computers
    session.close()
    his = open_practice(folder, BEN)
    with pytest.raises(NotAllowedError):
        key_store.forget_computer(his, anas.id)
    key_store.trust_this_computer(his)
    (bens,) = people.people(his)[1].computers
    assert bens.here
    his.close()
    again = key_store.open_from_key_store(folder, people.people_at_door(folder)[0].person_id)
    assert not people.people(again)[1].computers[0].here
    key_store.forget_computer(again, bens.id)
    key_store.forget_computer(again, anas.id)
    again.close()
    assert [person.this_computer for person in people.people_at_door(folder)] == [False, False]
    with pytest.raises(KeyStoreError):
        key_store.open_from_key_store(folder, ben)


def test_a_removed_person_has_no_computer_either(session: Session, folder: Path) -> None:
    ben = people.add_person(session, "Ben Ode", Role.HELPER, BEN).id
    session.close()
    his = open_practice(folder, BEN)
    key_store.trust_this_computer(his)
    his.close()
    copy = (folder / "keys.json").read_bytes()
    again = open_practice(folder, ANA)
    people.remove_person(again, ben)
    again.close()
    with pytest.raises(KeyStoreError):
        key_store.open_from_key_store(folder, ben)
    (folder / "keys.json").write_bytes(copy)
    with pytest.raises(Exception, match="earlier time"):
        key_store.open_from_key_store(folder, ben)
