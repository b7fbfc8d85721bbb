"""Drafts: text that somebody is typing and that belongs to no record yet.

Besides what was read in pictures they are the one thing that is written to a vault without a journal entry. A draft
changes no record, is shown to nobody but the person who typed it, and is printed nowhere; an entry for each pause in
typing would bury the acts that an auditor looks for. The act itself, storing the text in its record, has its entry like
every other one.
"""

from collections.abc import Mapping

from sqlcipher3 import dbapi2 as dbapi

from .connection import rows
from .vault import Vault


def keep_drafts(vault: Vault, changes: Mapping[str, bytes | None]) -> None:
    """Keep drafts of the person who opened the vault, and drop others, in one transaction.

    Args:
        vault: open for writing.
        changes: by subject, what was typed so far; None: drop it, also when there is none.

    Raises:
        VaultReadOnlyError: the vault is open for reading only.
        VaultError: see `Vault.write`.
    """
    person = vault.person.id
    with vault.writing() as (db, at, _):
        for subject, data in changes.items():
            if data is None:
                db.execute("DELETE FROM draft WHERE person_id = ? AND subject = ?", (person, subject))
            else:
                db.execute(
                    "INSERT OR REPLACE INTO draft (person_id, subject, at, data) VALUES (?, ?, ?, ?)",
                    (person, subject, at.isoformat(), dbapi.Binary(data)),
                )


def drafts_of(vault: Vault) -> dict[str, bytes]:
    """Return the drafts of the person who opened the vault by subject, the one kept last first."""
    with vault.reading() as db:
        found = rows(db, "SELECT * FROM draft WHERE person_id = ? ORDER BY at DESC, subject", vault.person.id)
        return {each["subject"]: bytes(each["data"]) for each in found}
