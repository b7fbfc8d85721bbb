"""The recovery sheet: a random key as text that a person can type, and what it does in a vault.

The key is 28 letters and digits of Crockford's base 32 (140 random bits), four to a group, and each group ends in a
check letter. With the letters as elements of the field of 32, and a as its generator, a group d1 d2 d3 d4 c keeps

    a^4 d1 + a^3 d2 + a^2 d3 + a d4 + c = a^g, with g the number of the group from 1.

The weights differ, so any single wrong letter and any two letters that changed places break the group in which they
are; the right side differs, so two groups that changed places break both. The check letters are not part of the key.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mips_desk.domain.practice import Role
from mips_desk.errors import BadInputError

from . import keys
from .connection import row, rows, value
from .errors import VaultReadOnlyError, WrongPassphraseError
from .journal import Event
from .key_record import changing_keys, recorded
from .keys import KeyCost
from .people import put_passphrase
from .vault import Vault

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS = 7
GROUP_LETTERS = 5
_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive over the field of 2
_READ_AS = str.maketrans("OIL", "011")
_PARTING = str.maketrans("", "", "-‐‑‒–—−_.,:; \t\r\n\u00a0")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a vault knows of a recovery sheet.

    Attributes:
        number: 1, 2, 3 ...
        made_at: when.
        made_by: name of who made it.
        tried_at: when it was last tried with success; None when never.
        used_at: when it last opened the vault; None when never.
        before_removal: somebody was removed since it was made.
    """

    number: int
    made_at: datetime
    made_by: str
    tried_at: datetime | None = None
    used_at: datetime | None = None
    before_removal: bool = False


def new_key() -> str:
    """Return a new random key as it is printed."""
    random = [byte & 31 for byte in os.urandom(GROUPS * (GROUP_LETTERS - 1))]
    size = GROUP_LETTERS - 1
    groups = [random[at : at + size] for at in range(0, len(random), size)]
    complete = [[*group, _rest(group, number)] for number, group in enumerate(groups, 1)]
    return "-".join("".join(ALPHABET[each] for each in group) for group in complete)


def read_key(text: str) -> bytes:
    """Return the secret that a typed key stands for.

    Args:
        text: as typed; case, spaces and hyphens do not matter, O counts as 0, I and L as 1.

    Raises:
        BadInputError: it is not well formed; names the group that looks wrong.
    """
    letters = text.upper().translate(_PARTING).translate(_READ_AS)
    for at, letter in enumerate(letters[: GROUPS * GROUP_LETTERS]):
        if letter not in ALPHABET:
            raise BadInputError(
                f"Group {at // GROUP_LETTERS + 1} holds “{letter}”, which no recovery sheet has. Look at it again."
            )
    typed = text.upper().replace(" ", "-").strip("-").split("-")
    if len(letters) != GROUPS * GROUP_LETTERS:
        odd = [number for number, group in enumerate(typed, 1) if len(group) != GROUP_LETTERS]
        where = f" Group {odd[0]} does not have {GROUP_LETTERS}." if len(typed) == GROUPS and odd else ""
        raise BadInputError(
            f"A recovery key has {GROUPS} groups of {GROUP_LETTERS} letters and digits; this is {len(letters)} in all."
            + where
        )
    if wrong := wrong_groups(text):
        named = " and ".join(filter(None, [", ".join(map(str, wrong[:-1])), str(wrong[-1])]))
        raise BadInputError(
            f"Group {named} does not look right. Compare it with the sheet."
            if len(wrong) == 1
            else f"Groups {named} do not look right. Compare them with the sheet."
        )
    return bytes(ALPHABET.index(letter) for at, letter in enumerate(letters) if at % GROUP_LETTERS != GROUP_LETTERS - 1)


def wrong_groups(text: str) -> tuple[int, ...]:
    """Return the numbers of the groups that cannot be right, among those that are typed in full so far.

    Args:
        text: as typed up to now; read as `read_key` does.
    """
    letters = text.upper().translate(_PARTING).translate(_READ_AS)[: GROUPS * GROUP_LETTERS]
    whole = [letters[at : at + GROUP_LETTERS] for at in range(0, len(letters) - GROUP_LETTERS + 1, GROUP_LETTERS)]
    return tuple(number for number, group in enumerate(whole, 1) if not _fits(group, number))


def make_sheet(vault: Vault) -> tuple[str, Sheet]:
    """Make a new sheet; the one before opens nothing from then on.

    Args:
        vault: opened by a manager.

    Returns:
        The key, which is stored nowhere, and what the vault knows of the sheet.

    Raises:
        NotAllowedError: a manager does this.
    """
    key = new_key()
    with changing_keys(vault, Event.RECOVERY_SHEET_MADE) as (tx, slots):
        for slot in list(slots.values()):
            if slot.kind == "recovery":
                del slots[slot.id]
        vault_id = value(tx.db, "SELECT id FROM vault")
        slot = keys.make_slot(
            vault_id, tx.new_id(), None, vault.key, "recovery", read_key(key), tx.at, keys.RANDOM_COST
        )
        slots[slot.id] = slot
        number = (value(tx.db, "SELECT max(number) FROM recovery_sheet") or 0) + 1
        sheet = Sheet(number, tx.at, vault.person.name)
        tx.db.table("recovery_sheet").insert(
            {"number": number, "made_at": tx.at.isoformat(), "made_by": vault.person.name}
        )
        tx.note(number=number)
    return key, sheet


def sheet_of(vault: Vault) -> Sheet | None:
    """Return what is known of the sheet that counts, or None when there is none."""
    with vault.reading() as db:
        found = row(db, "SELECT * FROM recovery_sheet ORDER BY number DESC LIMIT 1")
        if found is None:
            return None
        removed = [
            datetime.fromisoformat(each["removed_at"])
            for each in rows(db, "SELECT removed_at FROM person WHERE removed_at IS NOT NULL")
        ]
        made_at, tried_at, used_at = (
            datetime.fromisoformat(found[name]) if found[name] else None for name in ("made_at", "tried_at", "used_at")
        )
        assert made_at is not None
        return Sheet(
            found["number"], made_at, found["made_by"], tried_at, used_at, any(each > made_at for each in removed)
        )


def try_sheet(vault: Vault, text: str) -> bool:
    """Tell whether a typed key opens this vault; a success is noted.

    Args:
        vault: open for writing.
        text: as typed.

    Raises:
        BadInputError: it is not well formed.
        VaultReadOnlyError: the vault is open for reading only.
    """
    if vault.read_only:
        raise VaultReadOnlyError
    secret = read_key(text)
    with vault.reading() as db:
        file = recorded(db)
    try:
        opens = file is not None and keys.unlock(file, {"recovery": secret}).keys[0] == vault.key
    except WrongPassphraseError:
        return False
    if opens:
        with vault.write(Event.RECOVERY_SHEET_TRIED) as tx:
            number = value(tx.db, "SELECT max(number) FROM recovery_sheet")
            tx.db.execute("UPDATE recovery_sheet SET tried_at = ? WHERE number = ?", (tx.at.isoformat(), number))
            tx.note(number=number)
    return opens


def open_with_sheet(
    folder: Path, text: str, person_id: str, passphrase: str, *, now: Callable[[], datetime], cost: KeyCost
) -> Vault:
    """Open a vault with its recovery sheet and give a manager, who forgot, a new passphrase.

    Args:
        folder: the vault.
        text: the key as typed.
        person_id: the manager.
        passphrase: from now on the manager's only one.
        now: the clock; must give aware datetimes.
        cost: what a guess at the passphrase costs.

    Raises:
        BadInputError: the key is not well formed, the passphrase is empty, or the person is no manager.
        WrongRecoveryKeyError: it is not the key of the newest sheet of this vault.
        VaultError: as `Vault.open`.
    """
    sheet, secret = read_key(text), keys.new_secret(passphrase)
    vault = Vault.open_with(folder, {"recovery": sheet}, now=now, person_id=person_id)
    try:
        if vault.person.role is not Role.MANAGER:
            raise BadInputError("The recovery sheet is for managers. A manager can set a new passphrase for others.")
        with changing_keys(vault, Event.RECOVERY_SHEET_USED) as (tx, slots):
            put_passphrase(tx, slots, vault.key, vault.person, secret, cost)
            number = value(tx.db, "SELECT max(number) FROM recovery_sheet")
            tx.db.execute("UPDATE recovery_sheet SET used_at = ? WHERE number = ?", (tx.at.isoformat(), number))
            tx.note(number=number, person=person_id)
    except BaseException:
        vault.close()
        raise
    return vault


def _fits(group: str, number: int) -> bool:
    if any(letter not in ALPHABET for letter in group):
        return False
    *four, check = (ALPHABET.index(letter) for letter in group)
    return _rest(four, number) == check


def _rest(group: list[int], number: int) -> int:
    """Return the check letter of a group."""
    total = _power(number)
    for place, each in enumerate(group):
        total ^= _times(_power(GROUP_LETTERS - 1 - place), each)
    return total


def _times(one: int, other: int) -> int:
    """Multiply two elements of the field of 32."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one <<= 1
        if one & 32:
            one ^= _POLYNOMIAL
        other >>= 1
    return product


def _power(exponent: int) -> int:
    found = 1
    for _ in range(exponent):
        found = _times(found, 2)
    return found
