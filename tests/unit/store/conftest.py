"""Vaults for tests: real ones, with a passphrase that is cheap to check."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from mips_desk.domain.attested import AttestationRecord
from mips_desk.domain.evidence import EvidenceItem, Export, Intake, Selection, Source, UseEntry
from mips_desk.domain.practice import Clinician, Practice, YearProfile
from mips_desk.store import Event, KeyCost, Tx, Vault, attested
from mips_desk.store.connection import Line
from mips_desk.store.opening import unlock_vault

PASSPHRASE = "correct horse battery staple"
CHEAP = KeyCost(memory_kib=8, passes=1, lanes=1)
PRACTICE = Practice("Cedar Hill Family Medicine", "12-3456789", "1 Main St")
EASTERN = timezone(timedelta(hours=-5))


class Clock:
    """A clock that moves one second each time it is read."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 4, 10, 32, tzinfo=EASTERN)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Cedar Hill.mipsvault"


@pytest.fixture
def vault(folder: Path, clock: Clock) -> Iterator[Vault]:
    made = create(folder, clock)
    yield made
    made.close()


def create(folder: Path, clock: Clock) -> Vault:
    return Vault.create(folder, PASSPHRASE, practice=PRACTICE, person_name="Ana Ruiz", now=clock, key_cost=CHEAP)


def reopen(vault: Vault, clock: Clock, *, read_only: bool = False) -> Vault:
    vault.close()
    return Vault.open(vault.folder, PASSPHRASE, now=clock, read_only=read_only)


def intake(**fields: object) -> Intake:
    known: dict[str, object] = {
        "source": Source.CAPTURE,
        "at": datetime(2026, 3, 4, 10, 0, 0, 123456, tzinfo=EASTERN),
        "person": "Ana Ruiz",
        "host": "FRONTDESK",
    }
    return Intake(**(known | fields))  # type: ignore[arg-type]  # test data


def add_item(tx: Tx, selection_id: str, original: bytes = b"picture", **fields: object) -> EvidenceItem:
    known: dict[str, object] = {"media_type": "image/png", "width": 4, "height": 3, "intake": intake()}
    return tx.add_evidence(selection_id, original, **(known | fields))  # type: ignore[arg-type]  # test data


def choose(vault: Vault, year: int = 2025, activity_id: str = "IA_BE_4") -> Selection:
    with vault.write(Event.ACTIVITY_ADDED) as tx:
        return tx.add_selection(year, activity_id)


def collect(vault: Vault, selection_id: str, original: bytes = b"picture", **fields: object) -> EvidenceItem:
    with vault.write(Event.EVIDENCE_ADDED) as tx:
        return add_item(tx, selection_id, original, **fields)


def export_record(**fields: object) -> Export:
    known: dict[str, object] = {
        "id": "B-1",
        "year": 2025,
        "at": datetime(2026, 3, 4, 11, 0, tzinfo=EASTERN),
        "person": "Ana Ruiz",
        "file_name": "binder.pdf",
        "sha256": hashlib.sha256(b"binder").hexdigest(),
        "pages": 12,
        "exhibits": 3,
        "journal_head": "ab" * 32,
    }
    return Export(**(known | fields))  # type: ignore[arg-type]  # test data


def attest(vault: Vault, year: int, *activities: str, **fields: object) -> AttestationRecord:
    known: dict[str, object] = {"on": date(year + 1, 2, 1), "by": "Ana Ruiz", "through": "QPP"}
    with vault.write(Event.ATTESTATION_RECORDED) as tx:
        return attested.attest(tx, AttestationRecord("", year, activities, **(known | fields)))  # type: ignore[arg-type]  # test data


def fill(vault: Vault) -> None:
    """Put some of everything into a vault."""
    with vault.write(Event.CLINICIANS_CHANGED) as tx:
        clinician = tx.put_clinician(Clinician("", "Abena Osei", "1234567893", "MD"))
    with vault.write(Event.PROFILE_CHANGED) as tx:
        tx.put_profile(YearProfile(2025))
    selection = choose(vault)
    for number in range(3):
        item = collect(vault, selection.id, f"picture {number} ".encode() * 2000, caption=f"Page {number}")
    with vault.write(Event.MARKS_CHANGED) as tx:
        tx.add_marks(item.id, b'{"version": 1, "marks": []}' * 50, redactions=1, other_marks=2)
    with vault.write(Event.USES_ADDED) as tx:
        tx.add_uses(selection.id, [UseEntry("", "", date(2025, 5, day), clinician_id=clinician.id) for day in (1, 2)])
    with vault.write(Event.BINDER_EXPORTED) as tx:
        tx.add_export(export_record())


def everything(vault: Vault) -> list[object]:
    """Return all that can be read from a vault."""
    items = vault.evidence(2025)
    return [
        vault.practice(),
        vault.clinicians(),
        vault.years(),
        vault.profile(2025),
        vault.selections(2025),
        items,
        vault.uses(2025),
        vault.exports(),
        [vault.original(item.sha256) for item in items],
        [vault.marks(item.id) for item in items],
        vault.journal(),
        vault.journal_head(),
    ]


def raw_line(folder: Path) -> Line:
    """Return a connection as somebody who knows the passphrase and SQL could make one."""
    key, _how = unlock_vault(folder, PASSPHRASE)
    return Line(folder / "vault.db", key, "write")
