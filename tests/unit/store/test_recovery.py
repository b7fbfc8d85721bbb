"""The recovery sheet: what a typing error does, and what the sheet does in a vault."""

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mips_desk.domain.practice import Role
from mips_desk.errors import BadInputError
from mips_desk.store import Event, NotAllowedError, Vault, VaultReadOnlyError, WrongPassphraseError, people, recovery
from mips_desk.store.errors import WrongRecoveryKeyError
from mips_desk.store.recovery import ALPHABET, GROUP_LETTERS, GROUPS, new_key, read_key

from .conftest import CHEAP, PASSPHRASE, Clock, reopen
from .steps import states

NEW = "the passphrase after"
LETTERS = GROUPS * GROUP_LETTERS

some_keys = st.sampled_from([new_key() for _ in range(20)])
places = st.integers(0, LETTERS - 1)


def typed(key: str, place: int, letter: str) -> str:
    letters = list(key.replace("-", ""))
    letters[place] = letter
    return "".join(letters)


def test_a_key_is_long_random_and_free_of_letters_that_look_alike() -> None:
    made = {new_key() for _ in range(200)}
    assert len(made) == 200
    for key in made:
        assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){6}[0-9A-HJKMNP-TV-Z]{5}", key)
        assert len(read_key(key)) * 5 >= 128
    assert len({read_key(key) for key in made}) == 200
    seen = {place: {key.replace("-", "")[place] for key in made} for place in range(LETTERS)}
    assert all(len(letters) > 20 for letters in seen.values())


@given(some_keys, places, st.sampled_from(ALPHABET))
def test_every_single_wrong_letter_is_caught_in_its_group(key: str, place: int, letter: str) -> None:
    wrong = typed(key, place, letter)
    assume(wrong != key.replace("-", ""))
    with pytest.raises(BadInputError, match=f"Group {place // GROUP_LETTERS + 1} does not look right"):
        read_key(wrong)


def test_every_letter_at_every_place_once() -> None:
    key = new_key()
    plain = key.replace("-", "")
    for place in range(LETTERS):
        for letter in set(ALPHABET) - {plain[place]}:
            with pytest.raises(BadInputError):
                read_key(typed(key, place, letter))


@given(some_keys, places, places)
def test_any_two_letters_that_changed_places_are_caught(key: str, one: int, other: int) -> None:
    letters = list(key.replace("-", ""))
    assume(letters[one] != letters[other])
    letters[one], letters[other] = letters[other], letters[one]
    with pytest.raises(BadInputError, match="look right"):
        read_key("".join(letters))


@given(some_keys, st.integers(0, GROUPS - 1), st.integers(0, GROUPS - 1))
def test_groups_that_changed_places_are_caught(key: str, one: int, other: int) -> None:
    groups = key.split("-")
    assume(groups[one] != groups[other])
    groups[one], groups[other] = groups[other], groups[one]
    first, second = sorted((one + 1, other + 1))
    with pytest.raises(BadInputError, match=f"Groups {first} and {second} do not look right"):
        read_key("-".join(groups))


@given(some_keys, st.data())
def test_typing_is_forgiving(key: str, data: st.DataObject) -> None:
    other = {"0": "0Oo", "1": "1IiLl"}
    text = ""
    for letter in key:
        if letter == "-":
            text += data.draw(st.sampled_from(["-", "", " ", "  ", " - ", "\n", "–", "."]))
        else:
            text += data.draw(st.sampled_from(other.get(letter, letter + letter.lower())))
    assert read_key(text) == read_key(key)


@pytest.mark.parametrize("text", ["", "   ", "-", "A", "é" * 35, "\ud800" * 35, "x" * 100_000, "-".join(["ABCDE"] * 8)])
def test_what_is_no_key_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read_key(text)
    assert len(str(caught.value)) < 200
    assert str(caught.value).endswith(".")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(BadInputError):
        assert len(read_key(text)) == GROUPS * (GROUP_LETTERS - 1)


def test_a_missing_letter_is_named_by_its_group() -> None:
    groups = new_key().split("-")
    groups[3] = groups[3][:4]
    with pytest.raises(BadInputError, match="Group 4 does not have 5"):
        read_key("-".join(groups))
    groups[3] += "U"
    with pytest.raises(BadInputError, match="Group 4 holds “U”"):
        read_key("-".join(groups))


def test_groups_are_judged_while_they_are_typed() -> None:
    key = new_key()
    assert [recovery.wrong_groups(key[:end]) for end in range(len(key) + 1)] == [()] * (len(key) + 1)
    letter = "A" if key[0] != "A" else "B"
    assert recovery.wrong_groups(letter + key[1:4]) == ()
    assert recovery.wrong_groups(letter + key[1:12]) == (1,)


def test_the_sheet_gives_a_manager_who_forgot_a_new_passphrase(vault: Vault, clock: Clock) -> None:
    text, sheet = recovery.make_sheet(vault)
    assert (sheet.number, sheet.made_by, sheet.tried_at) == (1, "Ana Ruiz", None)
    person_id = vault.person.id
    vault.close()
    with recovery.open_with_sheet(vault.folder, text.lower(), person_id, NEW, now=clock, cost=CHEAP) as again:
        assert [entry.event for entry in again.journal_tail(2)] == [Event.LOGIN, Event.RECOVERY_SHEET_USED]
        found = recovery.sheet_of(again)
        assert found is not None
        assert found.used_at is not None
    with pytest.raises(WrongPassphraseError):
        Vault.open(vault.folder, PASSPHRASE, now=clock)
    with Vault.open(vault.folder, NEW, now=clock) as again:
        assert again.person.name == "Ana Ruiz"


def test_the_key_is_kept_nowhere(vault: Vault) -> None:
    text, _sheet = recovery.make_sheet(vault)
    assert recovery.try_sheet(vault, text)
    vault.close()
    for path in vault.folder.iterdir():
        data = path.read_bytes()
        assert text.encode() not in data
        assert text.replace("-", "").encode() not in data
    line_dump = "\n".join(str(entry.change) for entry in reopen(vault, Clock()).journal())
    assert text[:11] not in line_dump


def test_the_drill(vault: Vault, tmp_path: Path, clock: Clock) -> None:
    assert recovery.sheet_of(vault) is None
    assert not recovery.try_sheet(vault, new_key())
    text, _sheet = recovery.make_sheet(vault)
    head = vault.journal_head()
    assert not recovery.try_sheet(vault, new_key())
    with pytest.raises(BadInputError):
        recovery.try_sheet(vault, typed(text, 7, "A" if text.replace("-", "")[7] != "A" else "B"))
    assert vault.journal_head() == head
    assert recovery.try_sheet(vault, text)
    assert vault.journal_tail(1)[0].event is Event.RECOVERY_SHEET_TRIED
    found = recovery.sheet_of(vault)
    assert found is not None
    assert found.tried_at is not None
    again = reopen(vault, clock, read_only=True)
    with again, pytest.raises(VaultReadOnlyError):
        recovery.try_sheet(again, text)


def test_a_new_sheet_replaces_the_old_one(vault: Vault, clock: Clock) -> None:
    old, _sheet = recovery.make_sheet(vault)
    new, sheet = recovery.make_sheet(vault)
    assert sheet.number == 2
    assert not recovery.try_sheet(vault, old)
    assert recovery.try_sheet(vault, new)
    person_id = vault.person.id
    vault.close()
    with pytest.raises(WrongRecoveryKeyError):
        recovery.open_with_sheet(vault.folder, old, person_id, NEW, now=clock, cost=CHEAP)
    Vault.open(vault.folder, PASSPHRASE, now=clock).close()


def test_the_sheet_is_for_managers(vault: Vault, clock: Clock) -> None:
    text, _sheet = recovery.make_sheet(vault)
    for name, role in (("Ben Ode", Role.HELPER), ("Cy Fox", Role.READER)):
        person = people.add_person(vault, name, role, name, CHEAP)
        vault.close()
        with pytest.raises(BadInputError, match="managers"):
            recovery.open_with_sheet(vault.folder, text, person.id, NEW, now=clock, cost=CHEAP)
        with Vault.open(vault.folder, name, now=clock) as again, pytest.raises((NotAllowedError, VaultReadOnlyError)):
            recovery.make_sheet(again)
        vault = Vault.open(vault.folder, PASSPHRASE, now=clock)
    people.remove_person(vault, person.id)
    found = recovery.sheet_of(vault)
    vault.close()
    assert found is not None
    assert found.before_removal
    with pytest.raises(WrongPassphraseError):
        recovery.open_with_sheet(vault.folder, text, person.id, NEW, now=clock, cost=CHEAP)


def test_a_kill_while_a_sheet_is_made_leaves_the_old_one(vault: Vault, tmp_path: Path, clock: Clock) -> None:
    old, _sheet = recovery.make_sheet(vault)
    new: list[str] = []
    copies = tmp_path / "states"
    copies.mkdir()
    numbers = set()
    for state in states(vault.folder, copies, lambda: new.append(recovery.make_sheet(vault)[0])):
        with Vault.open(state, PASSPHRASE, now=clock) as again:
            sheet = recovery.sheet_of(again)
            assert sheet is not None
            numbers.add(sheet.number)
            assert [recovery.try_sheet(again, text) for text in (old, new[0])] == [sheet.number == 1, sheet.number == 2]
            assert Event.KEYS_CHANGED_OUTSIDE not in [entry.event for entry in again.journal()]
    assert numbers == {1, 2}


def test_a_kill_while_the_sheet_is_used_leaves_one_passphrase(vault: Vault, tmp_path: Path, clock: Clock) -> None:
    text, _sheet = recovery.make_sheet(vault)
    person_id = vault.person.id
    vault.close()
    copies = tmp_path / "states"
    copies.mkdir()

    def use() -> None:
        recovery.open_with_sheet(vault.folder, text, person_id, NEW, now=clock, cost=CHEAP).close()

    seen = set()
    for state in states(vault.folder, copies, use):
        works = []
        for passphrase in (PASSPHRASE, NEW):
            try:
                Vault.open(state, passphrase, now=clock).close()
                works.append(passphrase)
            except WrongPassphraseError:
                continue
        assert len(works) == 1
        seen |= set(works)
        with Vault.open(state, works[0], now=clock) as again:
            assert recovery.try_sheet(again, text)
            told = [entry.event for entry in again.journal()]
        assert (Event.RECOVERY_SHEET_USED in told) is (works == [NEW])
    assert seen == {PASSPHRASE, NEW}
