"""What somebody is typing: kept beside the journal, for the one who typed it."""

import pytest

from mips_desk.store import VaultReadOnlyError
from mips_desk.store.drafts import drafts_of, keep_drafts

from .conftest import reopen


def test_a_draft_is_there_after_reopening_and_gone_after_it_was_dropped(vault, clock):
    keep_drafts(vault, {"evidence:1": b"one", "practice:": b"two"})
    keep_drafts(vault, {"evidence:1": b"later"})
    again = reopen(vault, clock)
    assert drafts_of(again) == {"evidence:1": b"later", "practice:": b"two"}
    assert list(drafts_of(again)) == ["evidence:1", "practice:"]
    keep_drafts(again, {"evidence:1": None, "never there": None})
    assert drafts_of(again) == {"practice:": b"two"}
    again.close()


def test_a_draft_has_no_journal_entry_and_leaves_the_vault_sound(vault):
    head = vault.journal_head()
    keep_drafts(vault, {"evidence:1": b"patient Jane Roe"})
    assert vault.journal_head() == head
    assert vault.check() == []


def test_nobody_who_reads_only_keeps_a_draft(vault, clock):
    reader = reopen(vault, clock, read_only=True)
    with pytest.raises(VaultReadOnlyError):
        keep_drafts(reader, {"evidence:1": b"x"})
    reader.close()


def test_a_draft_stands_nowhere_in_plain_bytes(vault, folder):
    keep_drafts(vault, {"evidence:1": b"CANARY-8831 Jane Roe"})
    for file in folder.iterdir():
        assert b"CANARY-8831" not in file.read_bytes(), file.name


def test_drafts_belong_to_the_person_who_typed_them(vault):
    keep_drafts(vault, {"evidence:1": b"mine"})
    with vault.writing() as (db, _at, _jumped):
        db.execute("UPDATE draft SET person_id = 'somebody else'")
    assert drafts_of(vault) == {}
