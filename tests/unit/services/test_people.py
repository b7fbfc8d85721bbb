"""People, key files and the recovery sheet as the windows use them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mips_desk.domain.practice import Practice, Role
from mips_desk.errors import BadInputError, CancelledError
from mips_desk.services import people
from mips_desk.services.changes import Changed
from mips_desk.services.session import (
    KeyFileNeededError,
    NotOpenedError,
    Session,
    create_practice,
    open_practice,
)
from mips_desk.store import Event, KeyCost

CHEAP = KeyCost(memory_kib=8, passes=1, lanes=1)
ANA, BEN, NEW = "the first passphrase", "the second passphrase", "the passphrase after"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("session", "people"):
        monkeypatch.setattr(f"mips_desk.services.{module}.KEY_COST", CHEAP)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Cedar Hill.mipsvault"


@pytest.fixture
def session(folder: Path) -> Iterator[Session]:
    made = create_practice(folder, ANA, Practice("Cedar Hill"), "Ana Ruiz")
    yield made
    made.close()


def test_who_is_at_the_door_is_known_without_a_secret(session: Session, folder: Path, tmp_path: Path) -> None:
    ben = people.add_person(session, "Ben Ode", Role.HELPER, BEN)
    assert ben.kinds is Changed.PEOPLE
    people.make_key_file(tmp_path / "stick.txt")
    people.start_key_file(session, ANA, tmp_path / "stick.txt")
    people.make_recovery(session)
    session.close()
    ana, other = people.people_at_door(folder)
    assert (ana.name, ana.needs_key_file, ana.this_computer) == ("Ana Ruiz", True, False)
    assert (other.person_id, other.name, other.needs_key_file) == (ben.id, "Ben Ode", False)
    with pytest.raises(KeyFileNeededError):
        open_practice(folder, ANA, person_id=ana.person_id)
    open_practice(folder, ANA, person_id=ana.person_id, key_file=tmp_path / "stick.txt").close()
    open_practice(folder, BEN, person_id=ben.id).close()


def test_a_failed_attempt_is_noted_under_the_name_at_the_door(session: Session, folder: Path) -> None:
    ben = people.add_person(session, "Ben Ode", Role.HELPER, BEN).id
    session.close()
    with pytest.raises(NotOpenedError):
        open_practice(folder, ANA, person_id=ben)
    again = open_practice(folder, ANA)
    failed = [entry for entry in again.vault.journal() if entry.event is Event.LOGIN_FAILED]
    again.close()
    assert len(failed) == 1
    assert "Ben Ode" in str(failed[0].change) + failed[0].person_name


def test_the_list_of_people(session: Session, tmp_path: Path) -> None:
    people.add_person(session, "Ben Ode", Role.READER, BEN)
    ana, ben = people.people(session)
    assert (ana.name, ana.role, ana.you, ana.uses_key_file) == ("Ana Ruiz", Role.MANAGER, True, False)
    assert (ben.name, ben.role, ben.you, ben.computers) == ("Ben Ode", Role.READER, False, ())
    assert ben.passphrase_since is not None
    people.change_person(session, ben.id, "Ben Oden", Role.HELPER)
    assert people.people(session)[1].name == "Ben Oden"


def test_a_removed_person_and_the_new_key(session: Session, folder: Path) -> None:
    ben = people.add_person(session, "Ben Ode", Role.HELPER, BEN).id
    told: list[tuple[int, int]] = []
    people.remove_person(session, ben, progress=lambda done, total: told.append((done, total)))
    assert told
    assert not people.rekey_due(session)
    assert [entry.event for entry in session.vault.journal_tail(2)] == [Event.PERSON_REMOVED, Event.VAULT_REKEYED]
    session.close()
    with pytest.raises(NotOpenedError):
        open_practice(folder, BEN)
    open_practice(folder, ANA).close()


def test_a_removed_person_is_out_also_when_the_new_key_has_to_wait(session: Session, folder: Path) -> None:
    ben = people.add_person(session, "Ben Ode", Role.HELPER, BEN).id
    cy = people.add_person(session, "Cy Fox", Role.READER, NEW).id

    def cancel() -> None:
        raise CancelledError

    with open_practice(folder, NEW, read_only=True).vault:
        people.remove_person(session, ben)
        assert people.rekey_due(session)
        with pytest.raises(people.VaultInUseError):
            people.finish_removal(session)
    people.remove_person(session, cy, check=cancel)
    session.close()
    for passphrase in (BEN, NEW):
        with pytest.raises(NotOpenedError):
            open_practice(folder, passphrase)
    again = open_practice(folder, ANA)
    assert people.rekey_due(again)
    people.finish_removal(again)
    assert not people.rekey_due(again)
    again.close()


def test_passphrases(session: Session, folder: Path) -> None:
    ben = people.add_person(session, "Ben Ode", Role.HELPER, BEN).id
    with pytest.raises(NotOpenedError):
        people.change_passphrase(session, BEN, NEW)
    people.change_passphrase(session, ANA, NEW)
    people.set_passphrase(session, ben, "fresh start")
    session.close()
    for passphrase in (ANA, BEN):
        with pytest.raises(NotOpenedError):
            open_practice(folder, passphrase)
    for passphrase in (NEW, "fresh start"):
        open_practice(folder, passphrase).close()


def test_key_files(session: Session, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "stick.txt"
    people.make_key_file(file)
    assert len(file.read_bytes()) > 64
    with pytest.raises(BadInputError, match="already"):
        people.make_key_file(file)
    with pytest.raises(BadInputError, match="written there"):
        people.make_key_file(tmp_path / "nowhere" / "stick.txt")
    inside = folder / "stick.txt"
    with pytest.raises(BadInputError, match="own folder"):
        people.make_key_file(inside)
    with pytest.raises(BadInputError, match="own folder"):
        people.start_key_file(session, ANA, folder / "keys.json")
    people.start_key_file(session, ANA, file)
    assert people.people(session)[0].uses_key_file
    people.change_passphrase(session, ANA, NEW, key_file=file)
    assert people.people(session)[0].uses_key_file
    people.stop_key_file(session, NEW, file)
    session.close()
    open_practice(folder, NEW).close()


def test_a_key_file_that_is_not_needed_stays_unused(session: Session, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "stick.txt"
    people.make_key_file(file)
    people.change_passphrase(session, ANA, NEW, key_file=file)
    assert not people.people(session)[0].uses_key_file
    session.close()
    open_practice(folder, NEW).close()


def test_the_recovery_sheet(session: Session, folder: Path) -> None:
    assert people.recovery_state(session) is None
    first, sheet = people.make_recovery(session), people.make_recovery(session)
    assert (first.replaces, sheet.replaces, sheet.number) == (None, 1, 2)
    assert (sheet.practice, sheet.made_by) == ("Cedar Hill", "Ana Ruiz")
    assert people.check_recovery_key(sheet.key) is None
    assert "35" in (people.check_recovery_key("ABC") or "") or "groups" in (people.check_recovery_key("ABC") or "")
    assert people.try_recovery(session, sheet.key)
    assert not people.try_recovery(session, first.key)
    state = people.recovery_state(session)
    assert state is not None
    assert state.tried_at is not None
    assert state.advice == ""
    person_id = session.vault.person.id
    session.close()
    with pytest.raises(NotOpenedError, match="newest sheet"):
        people.open_with_recovery(folder, first.key, person_id, NEW)
    again = people.open_with_recovery(folder, sheet.key, person_id, NEW)
    state = people.recovery_state(again)
    assert state is not None
    assert "new one" in state.advice
    assert [entry.event for entry in again.vault.journal()].count(Event.LOGIN_FAILED) == 1
    again.close()
    open_practice(folder, NEW).close()


def test_an_old_passphrase_is_stretched_more_from_the_next_login_on(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.close()
    monkeypatch.setattr("mips_desk.services.session.KEY_COST", KeyCost(memory_kib=64, passes=2, lanes=1))
    again = open_practice(folder, ANA)
    assert again.vault.journal_tail(1)[0].event is Event.KEYS_STRENGTHENED
    again.close()
    open_practice(folder, ANA).close()
