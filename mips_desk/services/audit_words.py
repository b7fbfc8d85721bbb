"""Sentences of the journal about exports, what was attested, audits and practice drills. They name what was done and
to which request, never the words of a letter or an answer, which may speak of patients.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from mips_desk.domain import phrases
from mips_desk.domain.audit import RequestState
from mips_desk.store.journal_search import Names

Fact = Mapping[str, Any]
Sentence = Callable[[Sequence[Fact], Names], str]

_FILES: Final = {
    "binder": "the binder for {}",
    "answer": "the answer to an audit request about {}",
    "package": "the audit package for {}",
    "submission": "the submission file for {}",
}


def _export(facts: Sequence[Fact], names: Names) -> str:
    said = []
    for fact in facts:
        what = _FILES.get(str(fact.get("kind", "binder")), "a file of {}").format(fact.get("year"))
        full = "the full edition of " if fact.get("edition") == "full" else ""
        said.append(f"{full}{what} to “{fact.get('file_name')}”")
    return f"Exported {phrases.listed(said)}"


def _attestation(facts: Sequence[Fact], names: Names) -> str:
    said = [_attested(fact) for fact in facts]
    return phrases.sentence(phrases.listed(said))


def _attested(fact: Fact) -> str:
    what = json.loads(fact["activities"])
    verb = "corrected" if json.loads(fact["replaces"]) else "recorded"
    if not what:
        return f"{verb} that nothing was attested for {fact['year']}"
    were = "was" if len(what) == 1 else "were"
    return f"{verb} that {phrases.listed(what)} {were} attested for {fact['year']}"


def _put_audit(facts: Sequence[Fact], names: Names) -> str:
    return "Entered the notice of an audit" if "new" in facts[0] else "Changed the notice of an audit"


def _put_request(facts: Sequence[Fact], names: Names) -> str:
    return phrases.sentence(phrases.listed([_request(fact) for fact in facts]))


def _request(fact: Fact) -> str:
    if "new" in fact:
        return f"entered audit request {fact['new']['number']}"
    state = fact["changed"].get("state")
    if state and len(fact["changed"]) == 1:
        return f"set audit request {fact['number']} to {RequestState(state[1]).label}"
    return f"changed audit request {fact['number']}"


def _sent(facts: Sequence[Fact], names: Names) -> str:
    said = [f"“{fact['file_name']}” was sent for audit request {fact['number']}" for fact in facts]
    return f"Recorded that {phrases.listed(said)}"


def _drill(facts: Sequence[Fact], names: Names) -> str:
    said = [f"{phrases.listed(json.loads(fact['picked']))} of {fact['year']}" for fact in facts]
    return f"Started a practice drill with {phrases.listed(said)}"


def _answer(facts: Sequence[Fact], names: Names) -> str:
    said = []
    for fact in facts:
        lacks = len(json.loads(fact["missing"]))
        said.append(f"{fact['activity_id']}, {phrases.count(lacks, 'thing') if lacks else 'nothing'} missing")
    return f"Answered in a practice drill: {phrases.listed(said)}"


#: What each kind of write is called.
SENTENCES: Final[dict[str, Sentence]] = {
    "add_export": _export,
    "add_attestation": _attestation,
    "put_audit": _put_audit,
    "close_audit": lambda facts, names: "Closed an audit",
    "reopen_audit": lambda facts, names: "Reopened an audit",
    "put_audit_request": _put_request,
    "add_audit_sent": _sent,
    "add_drill": _drill,
    "add_drill_answer": _answer,
}
