"""Search: what is found, what speaks for it, and that the index follows every change."""

import dataclasses
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mips_desk.domain.evidence import UseEntry
from mips_desk.store import Event, Vault
from mips_desk.store.finding import Found, find

from .conftest import Clock, choose, collect, create, intake, raw_line


def names(vault: Vault, text: str, year: int | None = None) -> list[tuple[str, str]]:
    return [(found.name, found.place) for found in find(vault, text, year)]


@pytest.fixture
def filled(vault: Vault) -> Vault:
    """Two years with an item each, a story, a note and a date of use."""
    old, new = choose(vault, 2024), choose(vault, 2025)
    with vault.write(Event.SELECTION_CHANGED) as tx:
        tx.put_selection(dataclasses.replace(new, story="Evening hours since March", private_note="ask Zoë"))
    collect(vault, old.id, caption="Portal, with a reply")
    item = collect(
        vault,
        new.id,
        b"other",
        caption="The portal shows the Réponse",
        intake=intake(window_title="Inbox — Chrome", file_name="shot 7.png"),
    )
    with vault.write(Event.EVIDENCE_CHANGED) as tx:
        tx.put_evidence(dataclasses.replace(item, address="https://portal.example/visits?id=3"))
    with vault.write(Event.USES_ADDED) as tx:
        tx.add_uses(new.id, [UseEntry("", "", date(2025, 3, 4), note="reply sent to all")])
    return vault


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("portal", [("2025-IA_BE_4-01", "caption"), ("2024-IA_BE_4-01", "caption")]),
        ("PORT", [("2025-IA_BE_4-01", "caption"), ("2024-IA_BE_4-01", "caption")]),
        ("ortal", []),
        ("reponse", [("2025-IA_BE_4-01", "caption")]),
        ("Réponse", [("2025-IA_BE_4-01", "caption")]),
        ("chrome", [("2025-IA_BE_4-01", "window title")]),
        ("shot", [("2025-IA_BE_4-01", "file name")]),
        ("visits", [("2025-IA_BE_4-01", "address")]),
        ("https://portal.example/visits", [("2025-IA_BE_4-01", "address")]),
        ("2024-IA_BE_4-01", [("2024-IA_BE_4-01", "name")]),
        ("hours evening", [("IA_BE_4", "story")]),
        ("zoe", [("IA_BE_4", "private note")]),
        ("sent", [("IA_BE_4 2025-03-04", "note")]),
        ("chrome nothing", []),
        ("", []),
        ("  - \x00 \" ' ", []),
        ('portal" OR "x', []),
        ("name : 2025", []),
    ],
)
def test_words_are_found_where_they_stand(filled: Vault, text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(names(filled, text)) == sorted(expected)


def test_a_hit_says_what_to_open(filled: Vault) -> None:
    item = filled.evidence(2025)[0]
    (found,) = find(filled, "chrome")
    assert found == Found(
        "evidence", 2025, "IA_BE_4", item.selection_id, item.id, "", "2025-IA_BE_4-01", "window title", "Inbox — Chrome"
    )


def test_one_year_and_a_limit(filled: Vault) -> None:
    assert names(filled, "portal", 2024) == [("2024-IA_BE_4-01", "caption")]
    assert names(filled, "portal", 2023) == []
    assert len(find(filled, "ia", limit=2)) == 2
    # Activity, exhibit and date of use of 2025, activity and exhibit of 2024.
    assert len(find(filled, "ia_be")) == 5


def test_the_index_follows_every_change(filled: Vault) -> None:
    item, entry = filled.evidence(2025)[0], filled.uses(2025)[0]
    with filled.write(Event.EVIDENCE_CHANGED) as tx:
        tx.put_evidence(dataclasses.replace(item, caption="A letter"))
    assert names(filled, "reponse") == []
    assert names(filled, "letter") == [("2025-IA_BE_4-01", "caption")]
    with filled.write(Event.EVIDENCE_REMOVED) as tx:
        tx.remove_evidence(item.id, "")
        tx.remove_uses([entry.id])
    assert names(filled, "letter") == names(filled, "sent") == []
    with filled.write(Event.EVIDENCE_RESTORED) as tx:
        tx.restore_evidence(item.id)
        tx.restore_uses([entry.id])
    assert names(filled, "letter") == [("2025-IA_BE_4-01", "caption")]
    assert names(filled, "sent") == [("IA_BE_4 2025-03-04", "note")]


def test_what_fits_better_comes_first(filled: Vault) -> None:
    selection = filled.selections(2025)[0]
    collect(filled, selection.id, caption="Something else", intake=intake(window_title="portal"))
    assert [found.place for found in find(filled, "portal")] == ["caption", "caption", "window title"]


def test_what_belongs_to_a_removed_activity_goes_and_comes_with_it(filled: Vault) -> None:
    selection = filled.selections(2025)[0]
    before = find(filled, "ia", 2025)
    assert len(before) == 3
    with filled.write(Event.ACTIVITY_REMOVED) as tx:
        tx.remove_selection(selection.id)
    assert find(filled, "ia", 2025) == ()
    assert len(find(filled, "ia", limit=1)) == 1
    with filled.write(Event.ACTIVITY_RESTORED) as tx:
        tx.restore_selection(selection.id)
    assert find(filled, "ia", 2025) == before


def test_a_change_that_is_undone_leaves_no_word(filled: Vault) -> None:
    item = filled.evidence(2025)[0]
    with pytest.raises(ZeroDivisionError), filled.write(Event.EVIDENCE_CHANGED) as tx:  # noqa: PT012 - the block is it
        tx.put_evidence(dataclasses.replace(item, caption="unsaid"))
        assert 1 / 0
    assert find(filled, "unsaid") == ()
    assert len(find(filled, "reponse")) == 1


def test_vacuum_keeps_the_index_in_step(filled: Vault) -> None:
    before = [find(filled, word) for word in ("portal", "hours", "sent")]
    filled.close()
    line = raw_line(filled.folder)
    line.db.execute("VACUUM")
    line.close()
    with Vault.open(filled.folder, "correct horse battery staple", now=Clock()) as again:
        assert [find(again, word) for word in ("portal", "hours", "sent")] == before
        assert again.check() == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(caption=st.text(max_size=40), typed=st.text(max_size=40))
def test_no_text_breaks_the_search(tmp_path: Path, caption: str, typed: str) -> None:
    folder = tmp_path / "Any.mipsvault"
    vault = (
        create(folder, Clock())
        if not folder.exists()
        else Vault.open(folder, "correct horse battery staple", now=Clock())
    )
    with vault:
        selection = vault.selections(2025)[0] if vault.selections(2025) else choose(vault)
        item = collect(vault, selection.id, caption=caption)
        find(vault, typed)
        plain = [word for word in caption.split() if word.isalnum() and word.isascii()]
        assert not plain or item.id in {found.evidence_id for found in find(vault, " ".join(plain), limit=1000)}
