"""The practice's own certificates and their keys, which never leave the vault."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlcipher3 import dbapi2 as dbapi

from .connection import row, rows
from .transaction import Tx
from .vault import Vault


@dataclass(frozen=True, slots=True, repr=False)
class KeptCertificate:
    """A certificate of the practice.

    Attributes:
        fingerprint: SHA-256 of the certificate (hex).
        made_at: when.
        made_by: name of who made it.
        certificate: X.509, DER.
        key: PKCS#8, DER.
    """

    fingerprint: str
    made_at: datetime
    made_by: str
    certificate: bytes
    key: bytes


def add(tx: Tx, fingerprint: str, certificate: bytes, key: bytes) -> None:
    """Keep a new certificate with its key; from now on it is the one that signs. The journal learns the fingerprint.

    Args:
        tx: the transaction, of an event that only a manager may cause.
        fingerprint: SHA-256 of the certificate (hex).
        certificate: X.509, DER.
        key: PKCS#8, DER.
    """
    tx.db.execute(
        "INSERT INTO certificate (fingerprint, made_at, made_by, certificate, key) VALUES (?, ?, ?, ?, ?)",
        (fingerprint, tx.at.isoformat(), tx.person.name, dbapi.Binary(certificate), dbapi.Binary(key)),
    )
    tx.note_did("add_certificate", fingerprint=fingerprint)


def newest(vault: Vault) -> KeptCertificate | None:
    """Return the certificate that signs, or None when none was made."""
    with vault.reading() as db:
        found = row(db, "SELECT * FROM certificate ORDER BY seq DESC LIMIT 1")
        return _of(found) if found else None


def fingerprints(vault: Vault) -> frozenset[str]:
    """Return the fingerprints of all certificates that the practice ever had (hex)."""
    with vault.reading() as db:
        return frozenset(found["fingerprint"] for found in rows(db, "SELECT fingerprint FROM certificate"))


def _of(found: Mapping[str, Any]) -> KeptCertificate:
    return KeptCertificate(
        found["fingerprint"],
        datetime.fromisoformat(found["made_at"]),
        found["made_by"],
        bytes(found["certificate"]),
        bytes(found["key"]),
    )
