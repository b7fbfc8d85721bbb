"""Answers to audit requests from the command line."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from mips_desk.domain.audit import RequestState
from mips_desk.services import auditing
from mips_desk.services.session import Session, open_practice

from .conftest import Done, Practice, Run, refused

LETTER = date(2026, 2, 2)


def opened(practice: Practice) -> Session:
    return open_practice(practice.vault, practice.passphrase_file.read_text(encoding="utf-8").strip())


def ours(session: Session) -> auditing.AuditView:
    return next(each for each in auditing.audits(session) if each.audit.reference == "A-7")


@pytest.fixture
def asked(practice: Practice) -> Practice:
    """The sample in an audit with two requests, the second one withdrawn."""
    session = opened(practice)
    audit = auditing.start(session, letter_on=LETTER, sender="Guidehouse", years=[2026], reference="A-7").ids[0]
    auditing.add_request(session, audit, text="Show IA_BE_14.", year=2026, activities=["IA_BE_14"])
    second = auditing.add_request(session, audit, text="All of it.", year=2026).ids[0]
    auditing.set_state(session, second, RequestState.WITHDRAWN)
    session.close()
    return practice


def report(run: Run, practice: Practice, out: Path, *more: object) -> Done:
    return run("report", practice.vault, "--year", 2026, "--out", out, *more, *practice.key)


def test_an_answer_is_written_and_known_as_one(asked: Practice, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "answer.pdf"
    done = report(run, asked, out, "--request", 1)
    assert done.code == 0, done.err
    known = run("verify", out, "--vault", asked.vault, *asked.key, "--json").json()
    assert isinstance(known, dict)
    assert known["sound"] is True
    assert known["record"].startswith("This is the answer to an audit request for 2026")
    session = opened(asked)
    audit = ours(session)
    export = next(each for each in session.vault.exports() if each.file_name == out.name)
    assert (export.kind, export.request_id) == ("answer", audit.requests[0].id)
    assert audit.requests[0].request.state is RequestState.OPEN, "writing it is not sending it"
    session.close()


def test_a_package_answers_too(asked: Practice, run: Run, tmp_path: Path) -> None:
    done = run(
        "package", asked.vault, "--year", 2026, "--out", tmp_path / "p.zip", "--request", 1, "--json", *asked.key
    )
    answer = done.json()
    assert isinstance(answer, dict)
    with zipfile.ZipFile(answer["files"][0]["file"]) as found:
        assert b"IA_BE_14" in found.read("manifest.json")
        assert b"IA_BE_4" not in found.read("index.csv")
    session = opened(asked)
    assert {each.kind for each in session.vault.exports() if each.request_id} == {"package", "answer"}
    session.close()


def test_a_request_that_cannot_be_answered_is_said_and_nothing_is_written(
    asked: Practice, run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "answer.pdf"
    assert "no running audit has a request 7" in refused(report(run, asked, out, "--request", 7)).lower()
    assert "was withdrawn" in refused(report(run, asked, out, "--request", 2))
    assert "not both" in refused(report(run, asked, out, "--request", 1, "--activity", "IA_BE_14"))
    session = opened(asked)
    other = auditing.start(session, letter_on=LETTER, sender="CMS", years=[2026]).ids[0]
    auditing.add_request(session, other, text="Once more.", year=2026)
    session.close()
    assert "more than one request 1" in refused(report(run, asked, out, "--request", 1))
    assert not out.exists()


def test_a_request_of_a_closed_audit_is_not_answered(asked: Practice, run: Run, tmp_path: Path) -> None:
    session = opened(asked)
    audit = ours(session)
    auditing.set_state(session, audit.requests[0].id, RequestState.WITHDRAWN)
    auditing.close(session, audit.id, "Nothing found.")
    session.close()
    assert "No running audit" in refused(report(run, asked, tmp_path / "answer.pdf", "--request", 1))
