"""An audit through the services: the clock, the requests, what was sent, what may not be destroyed, and the drill."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from mips_desk.domain.audit import RequestState
from mips_desk.domain.evidence import Export
from mips_desk.domain.practice import Role
from mips_desk.errors import BadInputError
from mips_desk.services import auditing, choose, closing, journaling, pending, retention
from mips_desk.services.audit_desk import audit_desk
from mips_desk.services.auditing import RequestView
from mips_desk.services.session import Session
from mips_desk.store import Event, NotAllowedError, Vault, VaultReadOnlyError, YearUnderAuditError
from tests.unit.services.closing_sample import ACTIVITY, Small, small_practice

LETTER = date(2027, 1, 15)
SECRET = "Records of the patient Walter Mockridge"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    made = small_practice(tmp_path)
    yield made
    made.session.close()


@pytest.fixture
def audit(small: Small) -> str:
    return auditing.start(small.session, letter_on=LETTER, sender="Guidehouse", years=[2026], reference="A-7").id


@pytest.fixture
def asked(small: Small, audit: str) -> str:
    return auditing.add_request(small.session, audit, text="IA_BE_4", year=2026, activities=[ACTIVITY]).id


def export(session: Session, **said: object) -> Export:
    """Record an export, as the writing of a file does."""
    known = Export("B-1", 2026, session.now(), session.person, "answer.pdf", "ab" * 32, 9, 3, "cd" * 32)
    record = dataclasses.replace(known, **said)  # type: ignore[arg-type]  # test data
    pending.witness(session.vault, Event.BINDER_EXPORTED, session.now, export=record)
    return record


def send(session: Session, request_id: str, **said: object) -> str:
    known: dict[str, object] = {"how": "Portal", "on": date(2027, 1, 30), "file_name": "answer.pdf"}
    return auditing.sent(session, request_id, **(known | said)).id  # type: ignore[arg-type]  # test data


def test_the_clock_of_an_audit(small: Small, audit: str) -> None:
    s = small.session
    (view,) = auditing.audits(s)
    assert (view.id, view.audit.due, view.clock.days_left if view.clock else None) == (audit, date(2027, 3, 1), 28)
    assert view.sentence == "28 days left: answer by March 1, 2027. No request is entered yet."
    auditing.add_request(s, audit, text="First", year=2026, due=date(2027, 2, 10))
    auditing.add_request(s, audit, text="Second", year=2026)
    view = auditing.audit(s, audit)
    assert view.sentence == "2 requests of 2 to answer. 9 days left: answer by February 10, 2027."
    small.clock.time = datetime(2027, 3, 3, 9, tzinfo=small.clock.time.tzinfo)
    late = auditing.audit(s, audit)
    assert [each.clock.days_left if each.clock else 0 for each in late.requests] == [-21, -2]
    auditing.change(s, audit, days=60)
    assert auditing.audit(s, audit).audit.due == LETTER + timedelta(days=60)


def test_a_request_from_the_letter_to_the_answer(small: Small, asked: str) -> None:
    s = small.session
    assert auditing.request(s, asked).request.state is RequestState.OPEN
    auditing.set_state(s, asked, RequestState.PREPARING)
    record = export(s, kind="answer", request_id=asked)
    auditing.sent(s, asked, record.id, how="Auditor's upload portal", on=date(2027, 1, 30), note="Confirmed by mail")
    found = auditing.request(s, asked)
    assert (found.request.state, found.clock, found.audit.reference) == (RequestState.SENT, None, "A-7")
    (sent,) = found.sent
    assert (sent.export_id, sent.file_name, sent.sha256, sent.by) == ("B-1", "answer.pdf", "ab" * 32, "Ana Ruiz")
    # The auditor asks back: prepared and sent once more, both stay.
    auditing.set_state(s, asked, RequestState.PREPARING)
    send(s, asked, on=date(2027, 1, 31))
    send(s, asked, on=date(2027, 2, 1))
    assert [each.on.day for each in auditing.request(s, asked).sent] == [30, 31, 1]
    assert s.vault.exports()[-1].request_id == asked
    assert s.vault.check() == []


def test_only_some_ways_lead_on(small: Small, asked: str) -> None:
    s = small.session
    refused: list[Callable[[], object]] = [
        lambda: auditing.set_state(s, asked, RequestState.SENT),
        lambda: auditing.set_state(s, asked, RequestState.OPEN),
    ]
    for act in refused:
        with pytest.raises(BadInputError, match="cannot be set"):
            act()
    auditing.set_state(s, asked, RequestState.WITHDRAWN)
    with pytest.raises(BadInputError, match="was withdrawn"):
        send(s, asked)
    change = auditing.set_state(s, asked, RequestState.OPEN)
    assert change.undo is not None
    change.undo()
    assert auditing.request(s, asked).request.state is RequestState.WITHDRAWN


def test_numbers_are_given_once(small: Small, audit: str, asked: str) -> None:
    s = small.session
    taken_back = auditing.add_request(s, audit, text="By mistake", year=2026)
    assert taken_back.undo is not None
    taken_back.undo()
    assert auditing.request(s, taken_back.id).request.state is RequestState.WITHDRAWN
    third = auditing.add_request(s, audit, text="Third", year=2026).id
    assert auditing.request(s, third).request.number == 3
    with pytest.raises(BadInputError, match="a request 1 already"):
        auditing.change_request(s, third, number=1)
    auditing.change_request(s, third, number=7)
    send(s, asked)
    with pytest.raises(BadInputError, match="stands in what was sent"):
        auditing.change_request(s, asked, number=9)
    assert [each.request.number for each in auditing.audit(s, audit).requests] == [1, 2, 7]


def test_the_end_of_an_audit(small: Small, audit: str, asked: str) -> None:
    s = small.session
    with pytest.raises(BadInputError, match="Request 1 is neither sent nor withdrawn"):
        auditing.close(s, audit, "Nothing found")
    send(s, asked)
    assert auditing.audit(s, audit).sentence.startswith("Every request is sent or withdrawn.")
    with pytest.raises(BadInputError, match="what came of"):
        auditing.close(s, audit, " ")
    closed = auditing.close(s, audit, "Nothing found")
    view = auditing.audit(s, audit)
    assert view.sentence == "Closed on February 1, 2027 by Ana Ruiz: Nothing found"
    acts: list[Callable[[], object]] = [
        lambda: auditing.add_request(s, audit, text="x", year=2026),
        lambda: auditing.set_state(s, asked, RequestState.PREPARING),
        lambda: send(s, asked),
        lambda: auditing.change(s, audit, days=3),
        lambda: auditing.close(s, audit, "again"),
    ]
    for act in acts:
        with pytest.raises(BadInputError, match="This audit is closed"):
            act()
    assert closed.undo is not None
    closed.undo()
    send(s, asked)


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"sender": " "}, "who wrote"),
        ({"years": []}, "performance years"),
        ({"years": [1999]}, "1999"),
        ({"days": 0}, "1 to 365"),
        ({"letter_on": date(2027, 2, 2)}, "not in the future"),
        ({"letter_on": date(2025, 12, 31)}, "after the performance year began"),
    ],
)
def test_a_notice_that_cannot_be(small: Small, audit: str, said: dict[str, object], match: str) -> None:
    known: dict[str, object] = {"letter_on": LETTER, "sender": "Guidehouse", "years": [2026]}
    with pytest.raises(BadInputError, match=match):
        auditing.start(small.session, **(known | said))  # type: ignore[arg-type]  # test data
    with pytest.raises(BadInputError, match=match):
        auditing.change(small.session, audit, **said)  # type: ignore[arg-type]  # test data
    assert len(auditing.audits(small.session)) == 1


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"on": date(2027, 2, 2)}, "not in the future"),
        ({"on": date(2027, 1, 14)}, "after the notice"),
        ({"how": ""}, "how it was sent"),
        ({"file_name": ""}, "Choose what was sent"),
        ({"export_id": "B-9"}, "knows no such file"),
    ],
)
def test_an_answer_that_cannot_be(small: Small, asked: str, said: dict[str, object], match: str) -> None:
    with pytest.raises(BadInputError, match=match):
        send(small.session, asked, **said)
    assert auditing.request(small.session, asked).sent == ()


def test_a_closed_year_is_audited(small: Small, audit: str, asked: str) -> None:
    """An audit comes years later; nothing of what was closed changes by it."""
    s = small.session
    closing.close_year(s, 2026)
    fingerprint = closing.year_state(s, 2026).fingerprint
    auditing.add_request(s, audit, text="More", year=2026)
    send(s, asked)
    auditing.start_drill(s, 2026)
    assert s.vault.check() == []
    assert closing.year_state(s, 2026).fingerprint == fingerprint


def test_nothing_is_destroyed_under_audit(small: Small, audit: str) -> None:
    s = small.session
    found = auditing.under_audit(s, 2026)
    assert found is not None
    assert found.id == audit
    with pytest.raises(YearUnderAuditError, match="2026 is under audit by the letter of January 15, 2027"):
        retention.confirmation_texts(s, 2026)
    auditing.close(s, audit, "Nothing found")
    texts = retention.confirmation_texts(s, 2026)
    auditing.reopen(s, audit)
    with pytest.raises(YearUnderAuditError):
        retention.purge_year(s, 2026, "why", texts)
    with pytest.raises(YearUnderAuditError):
        retention.purge_item(s, small.removed_item, "why", texts)
    assert retention.destroyed(s, 2026) == ()
    auditing.close(s, audit, "Nothing found")
    retention.purge_item(s, small.removed_item, "why", retention.confirmation_texts(s, 2026, small.removed_item))
    assert len(retention.destroyed(s, 2026)) == 1


def test_the_years_of_requests_are_under_audit(small: Small, audit: str) -> None:
    """The letter named 2026; then they ask about 2027 too."""
    s = small.session
    assert auditing.under_audit(s, 2027) is None
    asked = auditing.add_request(s, audit, text="x", year=2027).id
    assert auditing.under_audit(s, 2027) is not None
    auditing.set_state(s, asked, RequestState.WITHDRAWN)
    assert auditing.under_audit(s, 2027) is None


def test_roles(small: Small, audit: str, asked: str) -> None:
    """A helper answers an audit, a manager closes it, a reader reads it."""
    s = small.session
    send(s, asked)
    vault = s.vault
    ana = vault.person
    vault.person = dataclasses.replace(ana, role=Role.HELPER)
    auditing.set_state(s, asked, RequestState.PREPARING)
    send(s, asked)
    auditing.start_drill(s, 2026)
    with pytest.raises(NotAllowedError):
        auditing.close(s, audit, "Nothing found")
    vault.person = ana
    auditing.close(s, audit, "Nothing found")
    vault.person = dataclasses.replace(ana, role=Role.HELPER)
    with pytest.raises(NotAllowedError):
        auditing.reopen(s, audit)
    vault.person = ana
    vault.close()
    read = Vault.open(vault.folder, "correct horse battery staple", now=small.clock, read_only=True)
    small.session = Session(read, s.catalog, small.clock)
    assert len(auditing.audits(small.session)) == 1
    with pytest.raises(VaultReadOnlyError):
        auditing.start_drill(small.session, 2026)


def test_a_practice_drill(small: Small) -> None:
    s = small.session
    choose.add(s, 2026, "IA_CC_13")
    # An auditor asks for what was attested.
    assert auditing.start_drill(s, 2026, 5, Random(1)).picked == (ACTIVITY,)
    choose.set_attested(s, small.selection, None)
    drill = auditing.start_drill(s, 2026, 2, Random(1))
    assert sorted(drill.picked) == [ACTIVITY, "IA_CC_13"]
    small.clock.time += timedelta(minutes=4)
    record = export(s)
    drill = auditing.answered(s, drill.id, drill.picked[0], record.id)
    assert (drill.finished, 240 <= drill.seconds_of(drill.answers[0]) < 260) == (False, True)
    with pytest.raises(BadInputError, match="not open in this drill"):
        auditing.answered(s, drill.id, drill.picked[0], record.id)
    with pytest.raises(BadInputError, match="knows no such file"):
        auditing.answered(s, drill.id, drill.picked[1], "B-9")
    drill = auditing.answered(s, drill.id, drill.picked[1], "")
    assert drill.finished
    assert auditing.drills(s)[0] == auditing.drills(s, 2026)[0] == drill
    assert auditing.drills(s, 2027) == ()
    missing = {each.activity_id: each.missing for each in drill.answers}
    assert "No file could be made." in missing[drill.picked[1]]
    assert any("performance period" in text for text in missing["IA_CC_13"])
    with pytest.raises(BadInputError, match="at least one"):
        auditing.start_drill(s, 2026, 0)
    with pytest.raises(BadInputError, match="nothing to practice"):
        auditing.start_drill(s, 2027)
    assert s.vault.check() == []


def test_the_journal_says_what_was_done_and_not_what_was_written(small: Small, audit: str) -> None:
    s = small.session
    asked = auditing.add_request(s, audit, text=SECRET, year=2026, note=SECRET).id
    auditing.change_request(s, asked, text=f"{SECRET} and others", due=date(2027, 2, 20))
    auditing.set_state(s, asked, RequestState.PREPARING)
    send(s, asked, note=SECRET)
    auditing.close(s, audit, SECRET)
    auditing.reopen(s, audit)
    drill = auditing.start_drill(s, 2026)
    auditing.answered(s, drill.id, ACTIVITY, "")
    rows = journaling.entries(s, limit=9).rows
    assert [row.what for row in rows] == [
        "Answered in a practice drill: IA_BE_4, 4 things missing",
        "Started a practice drill with IA_BE_4 of 2026",
        "Reopened an audit",
        "Closed an audit",
        "Recorded that “answer.pdf” was sent for audit request 1; set audit request 1 to sent",
        "Set audit request 1 to being prepared",
        "Changed audit request 1",
        "Entered audit request 1",
        "Entered the notice of an audit",
    ]
    text = repr(rows)
    assert "Mockridge" not in text
    assert "Last day to answer: Feb 20, 2027" in text
    assert "Date of the notice: Jan 15, 2027" in text


def test_a_request_knows_its_audit(small: Small, audit: str, asked: str) -> None:
    view: RequestView = auditing.request(small.session, asked)
    assert (view.audit.id, view.due, view.request.number) == (audit, date(2027, 3, 1), 1)
    assert auditing.audit(small.session, audit).open == (view,)


def test_a_binder_inside_a_package_is_not_offered_as_sent_and_any_other_name_is(small: Small, asked: str) -> None:
    for number, (kind, name) in enumerate(
        [("package", "answer.zip"), ("answer", "binder.pdf in answer.zip"), ("binder", "Sent in May.pdf")]
    ):
        export(small.session, id=f"B-{number}", kind=kind, file_name=name)
    desk = audit_desk(small.session)
    (request,) = desk.audits[0].requests
    assert [each.file_name for each in desk.sendable(request)] == ["Sent in May.pdf", "answer.zip"]
