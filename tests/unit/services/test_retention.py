"""Destroying originals takes a manager, a reason, the right confirmations, and before the time two of them."""

import dataclasses
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from mips_desk.domain.evidence import Source
from mips_desk.domain.practice import Person, Role
from mips_desk.errors import BadInputError
from mips_desk.services import binding, choose, closing, collect, overview, previewing, retention
from mips_desk.services.session import Session
from mips_desk.store import Event, NotAllowedError, NotInVaultError, OriginalDestroyedError

from .closing_sample import ACTIVITY, NOW, Small, content_of, png, small_practice

EXHIBIT = f"2026-{ACTIVITY}-02"
SENTENCE = (
    "The records of 2026 must be kept until December 31, 2032. They shall be destroyed before that day all the same."
)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    made = small_practice(tmp_path)
    yield made
    made.session.close()


def _later(small: Small) -> None:
    small.clock.time = datetime(2033, 1, 1, 9, 0, tzinfo=NOW.tzinfo)


def test_the_clock_and_the_number_of_years(small: Small) -> None:
    session = small.session
    clock = retention.retention(session, 2026)
    assert (clock.kept_until, clock.years, clock.running) == (date(2032, 12, 31), 6, True)
    changes = retention.set_retention_years(session, 10)
    assert retention.retention(session, 2026).kept_until == date(2036, 12, 31)
    assert overview.load_year(session, 2026, date(2027, 2, 1)).retention.years == 10
    assert session.vault.journal_tail(1)[0].event is Event.SETTINGS_CHANGED
    assert changes.undo is not None
    changes.undo()
    assert retention.retention_years(session) == 6
    for years in (0, 5, 8):
        with pytest.raises(BadInputError, match="6 or for 10"):
            retention.set_retention_years(session, years)
    _later(small)
    assert not retention.retention(session, 2026).running


@pytest.mark.parametrize(
    "confirmations",
    [
        (),
        ("2026",),
        (SENTENCE,),
        (SENTENCE, "2025"),
        ("2026", SENTENCE),
        ("2026", "2026"),
        (SENTENCE, "2026", "2026"),
        (SENTENCE.replace("2032", "2031"), "2026"),
    ],
)
def test_an_early_purge_takes_both_confirmations(small: Small, confirmations: tuple[str, ...]) -> None:
    before = content_of(small.session)
    with pytest.raises(
        BadInputError, match=r"must be kept until December 31, 2032\. Nothing was destroyed; it takes two"
    ):
        retention.purge_year(small.session, 2026, "why", confirmations)
    assert content_of(small.session) == before


def test_an_early_purge_with_both(small: Small) -> None:
    session = small.session
    assert retention.confirmation_texts(session, 2026) == (SENTENCE, "2026")
    changes = retention.purge_year(session, 2026, "The owner decided", (SENTENCE, " 2026 "))
    assert changes.undo is None
    assert changes.label == "Destroy 2 originals"
    assert {each.evidence_id for each in retention.destroyed(session, 2026)} == {small.item, small.removed_item}
    assert all(each.early and each.reason == "The owner decided" for each in retention.destroyed(session, 2026))
    assert retention.destroyable(session, 2026) == ()
    assert session.vault.check() == []
    with pytest.raises(BadInputError, match="nothing left"):
        retention.purge_year(session, 2026, "again", (SENTENCE, "2026"))


def test_after_its_time_the_year_alone_is_typed(small: Small) -> None:
    session = small.session
    closing.close_year(session, 2026)
    _later(small)
    assert retention.confirmation_texts(session, 2026) == ("2026",)
    with pytest.raises(BadInputError, match="Type 2026"):
        retention.purge_year(session, 2026, "why", ("2025",))
    retention.purge_year(session, 2026, "Kept long enough", ("2026",))
    assert not any(each.early for each in retention.destroyed(session, 2026))
    assert closing.year_state(session, 2026).closed, "it need not be reopened"
    assert session.vault.check() == []


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_needed(small: Small, reason: str) -> None:
    before = content_of(small.session)
    with pytest.raises(BadInputError, match="Say why"):
        retention.purge_year(small.session, 2026, reason, (SENTENCE, "2026"))
    assert content_of(small.session) == before


@pytest.mark.parametrize("role", [Role.HELPER, Role.READER])
def test_only_a_manager_destroys(small: Small, role: Role) -> None:
    vault = small.session.vault
    vault.person = Person(vault.person.id, vault.person.name, role)
    before = content_of(small.session)
    with pytest.raises(NotAllowedError):
        retention.purge_year(small.session, 2026, "why", (SENTENCE, "2026"))
    with pytest.raises(NotAllowedError):
        retention.purge_item(small.session, small.removed_item, "why", (SENTENCE, EXHIBIT))
    with pytest.raises(NotAllowedError):
        retention.set_retention_years(small.session, 10)
    assert content_of(small.session) == before


def test_the_picture_of_a_wrong_patient(small: Small) -> None:
    session = small.session
    (item,) = retention.destroyable(session, 2026, removed_only=True)
    assert (item.evidence_id, item.exhibit, item.removed_reason) == (small.removed_item, EXHIBIT, "Wrong patient")
    assert retention.confirmation_texts(session, 2026, small.removed_item) == (SENTENCE, EXHIBIT)
    with pytest.raises(BadInputError, match="must be kept"):
        retention.purge_item(session, small.removed_item, "Wrong patient", (SENTENCE, "2026"))
    retention.purge_item(session, small.removed_item, "Wrong patient", (SENTENCE, EXHIBIT))
    assert [each.exhibit for each in retention.destroyed(session, 2026)] == [EXHIBIT]
    assert [each.evidence_id for each in retention.destroyable(session, 2026)] == [small.item]
    with pytest.raises(OriginalDestroyedError, match="Wrong patient"):
        retention.purge_item(session, small.removed_item, "again", (SENTENCE, EXHIBIT))
    assert session.vault.check() == []


def test_a_picture_in_use_is_not_destroyed_by_itself(small: Small) -> None:
    before = content_of(small.session)
    with pytest.raises(BadInputError, match="still in use"):
        retention.purge_item(small.session, small.item, "why", (SENTENCE, f"2026-{ACTIVITY}-01"))
    with pytest.raises(NotInVaultError):
        retention.purge_item(small.session, "unknown", "why", (SENTENCE, EXHIBIT))
    assert content_of(small.session) == before


def _other_year(small: Small) -> str:
    selection = choose.add(small.session, 2027, ACTIVITY).id
    shared = collect.add_pictures(small.session, selection, [collect.Incoming(png(), Source.IMPORT)]).changes.id
    collect.describe(small.session, shared, caption="The portal", no_identifiers=True)
    return shared


def _exhibits(session: Session, year: int) -> list[tuple[object, ...]]:
    return [
        (sheet.item, sheet.number, sheet.rendition_sha256, sheet.withheld, sheet.load())
        for sheet in binding.content(session, year).exhibits
    ]


def test_the_binders_of_other_years_stay_the_same(small: Small) -> None:
    """The same picture is in both years."""
    session = small.session
    _other_year(small)
    before = _exhibits(session, 2027)
    retention.purge_year(session, 2026, "why", (SENTENCE, "2026"))
    assert [each.stays for each in retention.destroyed(session, 2026)] == [True, False]
    assert _exhibits(session, 2027) == before
    assert session.vault.check() == []


def test_a_binder_says_what_was_destroyed(small: Small) -> None:
    session = small.session
    retention.purge_year(session, 2026, "Moved away", (SENTENCE, "2026"))
    content = binding.content(session, 2026)
    (sheet,) = content.exhibits
    said = "The original was destroyed on February 1, 2027 by Ana Ruiz: Moved away."
    assert (sheet.withheld, sheet.destroyed, sheet.shown) == (said, True, "destroyed")
    assert sheet in content.parts[0].withheld_besides
    with pytest.raises(OriginalDestroyedError):
        sheet.load()
    shown = previewing.preview(session, 2026)
    pages = [PdfDocument(shown.sheets.page_file(number))[0] for number in range(1, shown.pages + 1)]
    texts = [" ".join(page.get_textpage().get_text_bounded().split()) for page in pages]
    assert "PARTIAL" in texts[0]
    (page,) = (text for text in texts if "The original of this exhibit was destroyed." in text)
    assert said in page
    assert sheet.item.sha256 in page


def test_every_way_to_a_destroyed_picture_says_so(small: Small) -> None:
    """Also where another item keeps the same original: without its marks the picture must not be shown."""
    session = small.session
    _other_year(small)
    retention.purge_year(session, 2026, "why", (SENTENCE, "2026"))
    item = session.vault.evidence_item(small.item)
    for look in (collect.pixels, collect.rendition, collect.marks_of):
        with pytest.raises(OriginalDestroyedError, match="was destroyed on February 1, 2027 by Ana Ruiz: why"):
            look(session, item)
    assert item.marks_version != dataclasses.replace(item, destroyed=False).marks_version, "made before, shown no more"
    blank = collect.thumbnail(session, item, (32, 32))
    assert blank.startswith(b"\x89PNG")
    assert blank != collect.thumbnail(session, session.vault.evidence(2027)[0], (32, 32))
    with pytest.raises(OriginalDestroyedError):
        collect.set_marks(session, small.item, ())


def test_what_was_destroyed_is_no_task(small: Small) -> None:
    session = small.session
    collect.describe(session, small.item, no_identifiers=False)
    day = date(2027, 2, 1)
    assert any(task.evidence_id == small.item for task in overview.load_year(session, 2026, day).tasks)
    retention.purge_year(session, 2026, "why", (SENTENCE, "2026"))
    tasks = overview.load_year(session, 2026, day).tasks
    assert not any(task.room == "annotator" for task in tasks)
    assert not any("destroy" in task.text.casefold() for task in tasks)


def test_the_end_of_its_time_is_no_task(small: Small) -> None:
    """Keeping longer is always allowed, so nobody is told to destroy."""
    _later(small)
    tasks = overview.load_year(small.session, 2026, date(2033, 1, 1)).tasks
    assert not any("keep" in f"{task.text} {task.detail}".casefold().split() for task in tasks)
    assert not any("destroy" in f"{task.text} {task.detail}".casefold() for task in tasks)
