"""The words that were read in pictures, without what their redactions cover.

They follow from a picture and its marks and can be read anew at any time, like thumbnails. So they are kept without a
journal entry, also in a closed year, and no other desktop gets them. Triggers (`migrations.m0008_evidence_text`) take
them away in the transaction that changes the marks or destroys the item; who stores marks may keep what stays
uncovered.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlcipher3 import dbapi2 as dbapi
from sqlite_utils import Database

from mips_desk.domain.evidence import EvidenceItem

from .connection import row, rows, value

if TYPE_CHECKING:
    from datetime import datetime

    from .transaction import Tx
    from .vault import Vault


@dataclass(frozen=True, slots=True)
class EvidenceText:
    """What was read in a picture. May be patient data, so `repr` shows none of it.

    Attributes:
        text: the words in reading order, for the index.
        words: the same with their places, in a form that only the services know.
    """

    text: str = field(repr=False)
    words: bytes = field(repr=False)


def text_of(vault: "Vault", evidence_id: str) -> EvidenceText | None:
    """Return what was read in a picture in the state of its newest marks, or None when it was not read in that."""
    with vault.reading() as db:
        return _text(db, evidence_id)


def text_in(tx: "Tx", evidence_id: str) -> EvidenceText | None:
    """Return the same inside a transaction; ask before `Tx.add_marks`, which takes it away."""
    return _text(tx.db, evidence_id)


def keep_text(tx: "Tx", evidence_id: str, text: EvidenceText) -> None:
    """Keep what stays uncovered by marks that were just stored in the same transaction.

    Args:
        tx: the transaction.
        evidence_id: an item of which nothing is kept.
        text: what was read, without what the new marks cover.
    """
    _put(tx.db, evidence_id, tx.at, text)


def put_text(vault: "Vault", item: EvidenceItem, text: EvidenceText) -> bool:
    """Keep what was read in a picture, in place of what was read before.

    Args:
        vault: open for writing.
        item: the item as it was when its marks were read.
        text: what was read, without what those marks cover.

    Returns:
        False when its marks have changed since, or it was removed or destroyed: then nothing is kept.

    Raises:
        VaultReadOnlyError: the vault is open for reading only.
        VaultError: see `Vault.write`.
    """
    with vault.writing() as (db, at, _):
        now = row(
            db,
            "SELECT marks_revision, marks_origin FROM evidence WHERE id = ? AND removed_at IS NULL"
            " AND id NOT IN (SELECT evidence_id FROM tombstone)",
            item.id,
        )
        if now is None or (now["marks_revision"], now["marks_origin"]) != (item.marks_revision, item.marks_origin):
            return False
        db.execute("DELETE FROM evidence_text WHERE evidence_id = ?", (item.id,))
        _put(db, item.id, at, text)
    return True


def unread(vault: "Vault", year: int) -> tuple[str, ...]:
    """Return the identifiers of the items of a year whose pictures were not read since their marks changed."""
    with vault.reading() as db:
        found = rows(
            db,
            "SELECT evidence.id FROM evidence JOIN selection ON selection.id = evidence.selection_id"
            " WHERE selection.year = ? AND evidence.removed_at IS NULL AND selection.removed_at IS NULL"
            " AND evidence.id NOT IN (SELECT evidence_id FROM evidence_text UNION SELECT evidence_id FROM tombstone)"
            " ORDER BY evidence.seq",
            year,
        )
        return tuple(each["id"] for each in found)


def _text(db: Database, evidence_id: str) -> EvidenceText | None:
    found = row(db, "SELECT text, words FROM evidence_text WHERE evidence_id = ?", evidence_id)
    return EvidenceText(found["text"], bytes(found["words"])) if found else None


def _put(db: Database, evidence_id: str, at: "datetime", text: EvidenceText) -> None:
    # The place of the text is that of its item, so that the index of texts and that of records speak of the same.
    seq = value(db, "SELECT seq FROM evidence WHERE id = ?", evidence_id)
    db.execute(
        "INSERT INTO evidence_text (seq, evidence_id, at, text, words) VALUES (?, ?, ?, ?, ?)",
        (seq, evidence_id, at.isoformat(), text.text, dbapi.Binary(text.words)),
    )
