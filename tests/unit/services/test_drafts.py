"""Drafts and the records they belong to."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mips_desk.catalog.load import load_catalog
from mips_desk.domain.practice import Clinician, Practice
from mips_desk.services import choose, setup
from mips_desk.services.drafts import Draft, DraftKind, keep, settle, unfinished
from mips_desk.services.session import Session
from mips_desk.store import Vault
from mips_desk.store.drafts import drafts_of, keep_drafts
from mips_desk.store.keys import KeyCost

NOW = datetime(2024, 9, 19, 15, 32, tzinfo=UTC)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    vault = Vault.create(
        tmp_path / "A.mipsvault",
        "correct horse",
        practice=Practice("Riverside"),
        person_name="Dana",
        now=lambda: NOW,
        key_cost=KeyCost(8, 1, 1),
    )
    yield Session(vault, load_catalog(), lambda: NOW)
    vault.close()


@pytest.fixture
def selection_id(session) -> str:
    return choose.add(session, 2024, "IA_BE_4").id


def test_a_draft_comes_back_with_its_year_and_selection(session, selection_id):
    typed = Draft(DraftKind.SELECTION, selection_id, {"story": "We sent"}, 2024)
    keep(session, (typed,))
    (found,) = unfinished(session)
    assert (found.subject, found.fields, found.year) == (typed.subject, {"story": "We sent"}, 2024)
    assert found.selection_id == selection_id


def test_only_what_is_not_stored_yet_comes_back(session, selection_id):
    keep(session, (Draft(DraftKind.SELECTION, selection_id, {"story": "We sent ", "attested_on": "01/09/2025"}),))
    choose.set_story(session, selection_id, "We sent")
    (found,) = unfinished(session)
    assert found.fields == {"attested_on": "01/09/2025"}
    choose.set_attested(session, selection_id, date(2025, 1, 9))
    assert unfinished(session) == ()
    assert drafts_of(session.vault) == {}


def test_a_draft_whose_record_is_gone_is_dropped(session, selection_id):
    keep(session, (Draft(DraftKind.SELECTION, selection_id, {"story": "x"}), Draft(DraftKind.EVIDENCE, "no such id")))
    keep_drafts(session.vault, {"evidence:no such id": b'{"fields": {"caption": "x"}, "year": 2024}'})
    choose.remove(session, selection_id)
    assert unfinished(session) == ()
    assert drafts_of(session.vault) == {}


def test_settling_drops_what_is_stored_and_keeps_the_rest(session):
    clinician_id = setup.put_clinicians(session, (Clinician("", "Abena Osei", "1234567893", "MD"),)).ids[0]
    stored = Draft(DraftKind.CLINICIAN, clinician_id, {"name": "Abena Osei"})
    new = Draft(DraftKind.CLINICIAN, "", {"name": "Lena"})
    keep(session, (stored, new))
    assert settle(session, (stored, new)) == (stored.subject,)
    assert [draft.subject for draft in unfinished(session)] == [new.subject]


def test_a_draft_without_fields_drops_the_one_before(session):
    keep(session, (Draft(DraftKind.USES, "", {"note": "by phone"}),))
    keep(session, (Draft(DraftKind.USES),))
    assert drafts_of(session.vault) == {}


@pytest.mark.parametrize("subject", ["evidence:1", "a kind of a newer version:1"])
def test_what_only_another_version_understands_is_left_alone(session, subject):
    keep_drafts(session.vault, {subject: b"\xff not json"})
    assert unfinished(session) == ()
    assert drafts_of(session.vault) == {subject: b"\xff not json"}
