"""Attested records and audits in the vault: what is written once stays, and the check finds what was changed."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as dbapi

from mips_desk.domain.attested import AttestationRecord
from mips_desk.domain.audit import Audit, AuditRequest, RequestState, Sent
from mips_desk.domain.evidence import Export
from mips_desk.errors import BadInputError
from mips_desk.store import Event, NotInVaultError, Vault, YearClosedError, attested, audits, closing, records
from mips_desk.store.journal import takes_manager

from .conftest import Clock, add_item, attest, choose, export_record, fill, raw_line, reopen

ONCE = ("attestation", "audit_sent", "drill", "drill_answer")


@pytest.fixture
def filled(vault: Vault) -> Vault:
    """A vault with one of everything that belongs to an audit."""
    fill(vault)
    attest(vault, 2025, "IA_BE_4")
    with vault.write(Event.AUDIT_STARTED) as tx:
        audit = audits.put_audit(tx, Audit("", date(2026, 3, 1), "Guidehouse", years=(2025,)))
        asked = audits.put_request(tx, AuditRequest("", audit.id, 1, "All of it", 2025))
        audits.add_sent(tx, Sent("", asked.id, "B-1", "a.pdf", "ab" * 32, "Portal", date(2026, 3, 4), tx.at, ""))
        drill = audits.add_drill(tx, 2025, ("IA_BE_4",))
        audits.add_drill_answer(tx, drill, "IA_BE_4", "B-1", ("A date is missing.",))
    return vault


def test_all_of_it_is_read_back(filled: Vault, clock: Clock) -> None:
    again = reopen(filled, clock)
    (audit,) = audits.audits(again)
    (asked,) = audits.requests(again, audit.id)
    (sent,) = audits.sent(again, asked.id)
    (drill,) = audits.drills(again)
    (record,) = attested.attestations(again, 2025)
    assert (audit.sender, audit.years, audit.due) == ("Guidehouse", (2025,), date(2026, 4, 15))
    assert (asked.text, asked.state, sent.file_name, sent.by) == ("All of it", RequestState.OPEN, "a.pdf", "Ana Ruiz")
    assert (drill.finished, drill.missing) == (True, ("A date is missing.",))
    assert (record.activities, record.recorded_by, record.recorded_at is not None) == (("IA_BE_4",), "Ana Ruiz", True)
    assert again.check() == []
    again.close()


@pytest.mark.parametrize("table", [*ONCE, "audit", "audit_request"])
def test_nothing_is_deleted_and_what_is_written_once_stays(filled: Vault, table: str) -> None:
    filled.close()
    line = raw_line(filled.folder)
    with pytest.raises(dbapi.IntegrityError, match="written once"):
        line.db.execute(f"DELETE FROM {table}")
    with pytest.raises(dbapi.IntegrityError, match="written once"):
        line.db.execute(f"UPDATE {table} SET id = 'x'")
    if table in ONCE:
        for column in line.db.table(table).columns_dict:
            with pytest.raises(dbapi.IntegrityError, match="written once"):
                line.db.execute(f"UPDATE {table} SET {column} = {column}")
    line.close()


@pytest.mark.parametrize("table", ONCE)
@pytest.mark.parametrize("how", ["changed", "gone", "added"])
def test_the_check_finds_what_was_changed_behind_the_triggers(
    filled: Vault, clock: Clock, table: str, how: str
) -> None:
    filled.close()
    line = raw_line(filled.folder)
    for name in ("keeps", "stays"):
        line.db.execute(f"DROP TRIGGER {table}_{name}")
    column = {"attestation": "through", "audit_sent": "file_name", "drill": "started_by", "drill_answer": "export_id"}
    line.db.execute("PRAGMA foreign_keys = OFF")
    if how == "changed":
        line.db.execute(f"UPDATE {table} SET {column[table]} = 'forged'")
    elif how == "gone":
        line.db.execute(f"DELETE FROM {table}")
    else:
        names = [name for name in line.db.table(table).columns_dict if name not in ("seq", "id")]
        line.db.execute(f"INSERT INTO {table} (id, {', '.join(names)}) SELECT 'X', {', '.join(names)} FROM {table}")
    line.close()
    with Vault.open(filled.folder, "correct horse battery staple", now=clock) as again:
        assert again.check() != []


def test_a_closed_year_takes_no_attestation_also_behind_the_back(filled: Vault) -> None:
    with filled.write(Event.YEAR_CLOSED) as tx:
        closing.close_year(tx, 2025, rules="ab" * 32, reported={})
    with pytest.raises(YearClosedError):
        attest(filled, 2025, "IA_CC_13")
    with filled.write(Event.AUDIT_CHANGED) as tx:
        audits.add_drill(tx, 2025, ("IA_BE_4",))
    filled.close()
    line = raw_line(filled.folder)
    names = ", ".join(name for name in line.db.table("attestation").columns_dict if name not in ("seq", "id"))
    with pytest.raises(dbapi.IntegrityError, match="the year is closed"):
        line.db.execute(f"INSERT INTO attestation (id, {names}) SELECT 'X', {names} FROM attestation")
    line.close()


def test_a_record_replaces_only_what_is_in_force(vault: Vault) -> None:
    first = attest(vault, 2025, "IA_BE_4")
    attest(vault, 2025, "IA_CC_13", replaces=(first.id,))
    for replaced in ((first.id,), ("unknown",)):
        with pytest.raises(BadInputError, match="corrected already"):
            attest(vault, 2025, "IA_BE_4", replaces=replaced)
    other = attest(vault, 2024, "IA_BE_4")
    with pytest.raises(BadInputError, match="corrected already"):
        attest(vault, 2025, "IA_BE_4", replaces=(other.id,))
    with pytest.raises(BadInputError, match="Choose what was attested"):
        attest(vault, 2025)
    assert vault.reported_years("IA_BE_4") == (2024,)
    assert vault.reported_years("IA_CC_13") == (2025,)


def test_papers_hold_no_dates_and_are_not_removed(vault: Vault) -> None:
    choose(vault)
    with vault.write(Event.EVIDENCE_ADDED) as tx:
        place = tx.papers(2025)
        assert tx.papers(2025) == place
        first = add_item(tx, place)
    assert (vault.papers(2025), first.number) == ((first,), 1)
    assert len(vault.selections(2025)) == 1
    with pytest.raises(NotInVaultError), vault.write(Event.ACTIVITY_REMOVED) as tx:
        tx.remove_selection(place)
    with pytest.raises(NotInVaultError), vault.write(Event.USES_ADDED) as tx:
        tx.add_uses(place, [])
    assert vault.check() == []


def test_unknown_records_are_said(vault: Vault) -> None:
    for read in (audits.audit, audits.request, audits.drill):
        with pytest.raises(NotInVaultError):
            read(vault, "unknown")


def test_an_export_says_of_what_kind_it_is(vault: Vault, tmp_path: Path) -> None:
    full = export_record(kind="answer", edition="full", reason="Asked for", signed_by="ab" * 32, request_id="R")
    with vault.write(Event.BINDER_EXPORTED) as tx:
        tx.add_export(full)
    assert vault.find_export(full.sha256) == full
    assert vault.check() == []
    # A note from before there were kinds, taken over now.
    old = json.loads(json.dumps(records.export_row(export_record())))
    for name in ("kind", "reason", "signed_by", "request_id"):
        del old[name]
    assert records.export_of(old) == Export(**{name: getattr(export_record(), name) for name in Export.__slots__})


def test_what_is_attested_of_one_activity(vault: Vault) -> None:
    """A record without a selection counts, and shows as soon as the activity is chosen."""
    attest(vault, 2025, "IA_BE_4")
    assert choose(vault).attested_on is None, "as it was stored"
    assert vault.selections(2025)[0].attested_on == date(2026, 2, 1)
    record = AttestationRecord("", 2025, ("IA_BE_4",), date(2026, 1, 1))
    with vault.write(Event.ATTESTATION_RECORDED) as tx:
        attested.attest(tx, record)
    assert vault.selections(2025)[0].attested_on == date(2026, 1, 1), "the first day"


def test_only_a_manager_settles_how_an_audit_ended() -> None:
    ended = {"do": "settle", "kind": "audit", "id": "A", "unit": "closed", "value": {}}
    assert takes_manager({"did": [ended]})
    assert not takes_manager({"did": [ended | {"unit": "days"}]})
    for do in ("close_audit", "reopen_audit"):
        assert takes_manager({"did": [{"do": do, "id": "A"}]})
