"""What a journal entry says, in words for a person: one sentence, and plain lines with the details."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from mips_desk.domain import phrases
from mips_desk.domain.audit import RequestState
from mips_desk.domain.evidence import exhibit_number
from mips_desk.domain.papers import PAPERS
from mips_desk.domain.practice import Track
from mips_desk.store import Event, JournalEntry
from mips_desk.store.journal_search import Names

from . import audit_words

_LONGEST_VALUE: Final = 400
_MOST_NAMED: Final = 4

Fact = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """An entry in words.

    Attributes:
        sentence: what was done, as in "Added exhibit 2026-IA_BE_4-03".
        details: one line each.
    """

    sentence: str
    details: tuple[str, ...]


def say(entry: JournalEntry, names: Names) -> Said:
    """Put an entry into words.

    Args:
        entry: the entry.
        names: of the records that it speaks of.
    """
    try:
        return _say(entry, names)
    except (TypeError, ValueError, LookupError, AttributeError, OverflowError):
        # Written by a newer version, or damaged; the check of the vault tells which.
        return Said(entry.event.in_words, ("This version of MIPS Desk has no words for the rest.",))


def _say(entry: JournalEntry, names: Names) -> Said:
    change = entry.change
    did = [fact for fact in change.get("did", ()) if isinstance(fact, dict)]
    groups: dict[str, list[Fact]] = {}
    for fact in did:
        groups.setdefault(str(fact.get("do", "")), []).append(fact)
    sentences = [_group_sentence(do, facts, names) for do, facts in groups.items() if do not in _SILENT]
    details = [line for fact in did for line in _fact_lines(fact, names)]
    notes = {name: note for name, note in change.items() if name not in _TOLD}
    if own := _OWN_WORDS.get(entry.event):
        sentence, used = own(change, names)
        sentences = [sentence]
        notes = {name: note for name, note in notes.items() if name not in used}
    elif not sentences:
        sentences = [entry.event.in_words]
    details += [line for name, note in notes.items() for line in _line(name, note, names)]
    details += _clock(change.get("clock"))
    details += _noted(change)
    return Said("; ".join([sentences[0], *map(_lower, sentences[1:])]), tuple(details))


#: Notes that have lines of their own, or that mean nothing to a person.
_TOLD: Final = frozenset({"did", "clock", "noted_at", "until", "batch", "vault", "id", "head", "format"})
#: Writes that follow from what the entry says anyway.
_SILENT: Final = frozenset({"put_keys"})


def moment_words(at: datetime) -> str:
    """Return a moment as a person reads it: "Jun 11, 2026, 09:14:22 −05:00"."""
    return f"{phrases.short_day(at.date())}, {at:%H:%M:%S} {_offset_words(at.isoformat()[-6:])}"


def _offset_words(offset: str) -> str:
    return offset.replace("-", "−")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


# Sentences for what was written.


def _exhibit(record_id: object, names: Names) -> str:
    found = names.exhibits.get(str(record_id))
    return exhibit_number(*found) if found else "an exhibit"


def _selection(record_id: object, names: Names) -> str:
    found = names.selections.get(str(record_id))
    return f"{found[1]} in {found[0]}" if found else "an activity"


def _person(record_id: object, names: Names) -> str:
    return names.people.get(str(record_id), "somebody")


def _exhibits(verb: str) -> "_Sentence":
    def sentence(facts: Sequence[Fact], names: Names) -> str:
        return _several(verb, "exhibit", [_exhibit(fact.get("id"), names) for fact in facts])

    return sentence


def _selections(verb: str) -> "_Sentence":
    def sentence(facts: Sequence[Fact], names: Names) -> str:
        if verb == "Chose" and all(fact.get("activity") == PAPERS for fact in facts):
            years = phrases.listed([str(fact.get("year")) for fact in facts])
            return f"Began the practice papers of {years}"
        found = [_selection(fact.get("id"), names) for fact in facts]
        return f"{verb} {phrases.listed(found)}" if len(found) <= _MOST_NAMED else f"{verb} {len(found)} activities"

    return sentence


def _several(verb: str, noun: str, names: Sequence[str]) -> str:
    unique = list(dict.fromkeys(names))
    if len(unique) > _MOST_NAMED:
        return f"{verb} {len(unique)} {noun}s, {unique[0]} to {unique[-1]}"
    plural = noun if len(unique) == 1 else f"{noun}s"
    return f"{verb} {plural} {phrases.listed(unique)}"


def _clinicians(verb: str) -> "_Sentence":
    def sentence(facts: Sequence[Fact], names: Names) -> str:
        return f"{verb} {_people(facts, names)}"

    return sentence


def _put_clinician(facts: Sequence[Fact], names: Names) -> str:
    added = _people([fact for fact in facts if "new" in fact], names)
    changed = _people([fact for fact in facts if "new" not in fact], names)
    parts = ([f"added {added} to the list of clinicians"] if added else []) + (
        [f"changed {changed}"] if changed else []
    )
    return phrases.sentence(" and ".join(parts))


def _people(facts: Sequence[Fact], names: Names) -> str:
    found = [_person(fact.get("id"), names) for fact in facts]
    return phrases.listed(found) if len(found) <= _MOST_NAMED else phrases.count(len(found), "person", "people")


def _put_selection(facts: Sequence[Fact], names: Names) -> str:
    if all(set(fact.get("changed", ())) == {"attested_on"} for fact in facts):
        which = phrases.listed([_selection(fact.get("id"), names) for fact in facts])
        done = all(fact["changed"]["attested_on"][-1] for fact in facts)
        return f"Marked {which} as attested" if done else f"Took back that {which} is attested"
    return _selections("Described")(facts, names)


def _put_evidence(facts: Sequence[Fact], names: Names) -> str:
    which = _several("", "exhibit", [_exhibit(fact.get("id"), names) for fact in facts]).strip()
    fields = {name for fact in facts for name in fact.get("changed", ())}
    if fields and fields <= _LOOKED:
        looked = all(fact["changed"].get("looked_at_by", [""])[-1] for fact in facts)
        return f"Looked at {which}" if looked else f"Took back that {which} was looked at"
    if fields == {"no_identifiers"}:
        confirmed = all(fact["changed"]["no_identifiers"][-1] for fact in facts)
        said = f"that {which} shows no patient identifier"
        return f"Confirmed {said}" if confirmed else f"Took back {said}"
    return f"Described {which}"


def _put_practice(facts: Sequence[Fact], names: Names) -> str:
    return "Entered the practice’s own data" if "new" in facts[0] else "Changed the practice’s own data"


def _add_uses(facts: Sequence[Fact], names: Names) -> str:
    number = sum(len(fact.get("uses", ())) for fact in facts)
    of = phrases.listed(list(dict.fromkeys(_selection(fact.get("selection"), names) for fact in facts)))
    return f"Logged {phrases.count(number, 'date')} of use of {of}"


def _uses(verb: str) -> "_Sentence":
    def sentence(facts: Sequence[Fact], names: Names) -> str:
        ids = [use_id for fact in facts for use_id in fact.get("ids", ())]
        owners = dict.fromkeys(names.uses[use_id][1] for use_id in ids if use_id in names.uses)
        of = f" of {phrases.listed([_selection(owner, names) for owner in owners])}" if owners else ""
        return f"{verb} {phrases.count(len(ids), 'date')} of use{of}"

    return sentence


def _marks(facts: Sequence[Fact], names: Names) -> str:
    return _several("Changed the marks on", "exhibit", [_exhibit(fact.get("id"), names) for fact in facts])


def _setting(facts: Sequence[Fact], names: Names) -> str:
    return f"Changed {phrases.listed([_field(str(fact.get('name', '')), False) for fact in facts])} in Settings"


def _year(verb: str) -> "_Sentence":
    def sentence(facts: Sequence[Fact], names: Names) -> str:
        return f"{verb} {phrases.listed([str(fact.get('year', '')) for fact in facts])}".rstrip()

    return sentence


def _official(facts: Sequence[Fact], names: Names) -> str:
    return f"Loaded CMS’s text for {phrases.listed([str(fact.get('year')) for fact in facts])}"


def _named(before: str, after: str = "") -> "_Sentence":
    def sentence(facts: Sequence[Fact], names: Names) -> str:
        return f"{before} {phrases.listed([str(fact.get('name', '')) for fact in facts])}{after}"

    return sentence


def _add_person(facts: Sequence[Fact], names: Names) -> str:
    return "Added " + phrases.listed([f"{fact.get('name')} as {fact.get('role')}" for fact in facts])


def _files(verb: str, noun: str) -> "_Sentence":
    def sentence(facts: Sequence[Fact], names: Names) -> str:
        if len(facts) > 1:
            return f"{verb} {len(facts)} {noun}s"
        return f"{verb} the {noun} “{facts[0].get('file_name')}”"

    return sentence


def _check(facts: Sequence[Fact], names: Names) -> str:
    found = sum(len(fact["found"]) for fact in facts)
    return f"Checked the vault and found {phrases.count(found, 'problem') if found else 'nothing wrong'}"


def _plain(words: str) -> "_Sentence":
    return lambda facts, names: words


_Sentence = Callable[[Sequence[Fact], Names], str]

#: What each kind of write is called; the tests hold it complete.
SENTENCES: Final[dict[str, _Sentence]] = audit_words.SENTENCES | {
    "put_practice": _put_practice,
    "put_clinician": _put_clinician,
    "remove_clinician": _clinicians("Took off the list of clinicians:"),
    "restore_clinician": _clinicians("Put back on the list of clinicians:"),
    "put_profile": _year("Set up what the practice is in"),
    "add_selection": _selections("Chose"),
    "put_selection": _put_selection,
    "remove_selection": _selections("Removed"),
    "restore_selection": _selections("Brought back"),
    "add_evidence": _exhibits("Added"),
    "put_evidence": _put_evidence,
    "remove_evidence": _exhibits("Removed"),
    "restore_evidence": _exhibits("Brought back"),
    "add_marks": _marks,
    "add_uses": _add_uses,
    "remove_uses": _uses("Removed"),
    "restore_uses": _uses("Brought back"),
    "add_official": _official,
    "put_setting": _setting,
    "close_year": _year("Closed"),
    "reopen_year": _year("Reopened"),
    "destroy_original": _exhibits("Destroyed the original of"),
    "add_person": _add_person,
    "put_person": _clinicians("Changed"),
    "remove_person": _named("Removed", " from the people of the practice"),
    "put_keys": _plain("Changed the keys"),
    "put_backup_plan": _plain("Changed when and where backups are made"),
    "add_backup": _files("Made", "backup"),
    "drop_backup": _files("Removed, to make room,", "older backup"),
    "add_check": _check,
    "add_certificate": _plain("Made a certificate for digital signatures"),
    "begin_desktop": _named("Began work on the desktop"),
    "put_desktop": _named("Named this desktop"),
    "read_handover": _plain("Took in a hand-over file"),
    "settle": _plain("Settled where two desktops differed"),
}


def _group_sentence(do: str, facts: Sequence[Fact], names: Names) -> str:
    try:
        return SENTENCES[do](facts, names)
    except (KeyError, TypeError, AttributeError, IndexError):
        # Written by a newer version, which may know other kinds of writes and other facts.
        return phrases.sentence(do.replace("_", " ")) or "Something only a newer version knows"


_LOOKED: Final = {"looked_at_by", "looked_at_on"}


# Sentences for what was only noted.

_Own = Callable[[Mapping[str, Any], Names], tuple[str, set[str]]]


def _login(change: Mapping[str, Any], names: Names) -> tuple[str, set[str]]:
    return ("Opened the practice to read only" if "noted_at" in change else "Opened the practice"), set()


def _login_failed(change: Mapping[str, Any], names: Names) -> tuple[str, set[str]]:
    if "attempts" in change:
        number = phrases.count(int(change["attempts"]), "more attempt")
        return f"{number} to open the practice failed", {"attempts"}
    picked = change.get("picked")
    return f"An attempt to open the practice{f' as {picked}' if picked else ''} failed", {"picked"}


def _original(change: Mapping[str, Any], names: Names) -> tuple[str, set[str]]:
    return f"Looked at the original of exhibit {change.get('exhibit', '')}".rstrip(), {"exhibit", "evidence"}


def _journal_exported(change: Mapping[str, Any], names: Names) -> tuple[str, set[str]]:
    return f"Exported the journal to “{change.get('file', '')}”", {"file"}


def _updated(change: Mapping[str, Any], names: Names) -> tuple[str, set[str]]:
    return "Brought the vault up to date for a newer version of MIPS Desk", set()


def _sheet(words: str) -> _Own:
    return lambda change, names: (f"{words} {change.get('number', '')}".rstrip(), {"number"})


def _passphrase(change: Mapping[str, Any], names: Names) -> tuple[str, set[str]]:
    return f"Changed the passphrase of {_person(change.get('person'), names)}", {"person"}


def _handover_written(change: Mapping[str, Any], names: Names) -> tuple[str, set[str]]:
    return f"Wrote the hand-over file “{change.get('file', '')}”", {"file"}


def _computer(verb: str) -> _Own:
    def own(change: Mapping[str, Any], names: Names) -> tuple[str, set[str]]:
        of = f" of {_person(change['person'], names)}" if "person" in change else ""
        return f"{verb} the computer {change.get('computer', '')}{of}", {"computer", "person"}

    return own


def _strengthened(change: Mapping[str, Any], names: Names) -> tuple[str, set[str]]:
    return "Made every guess at a passphrase cost more", {"memory_kib", "passes", "lanes"}


_OWN_WORDS: Final[dict[Event, _Own]] = {
    Event.VAULT_CREATED: lambda change, names: ("Started the practice", set()),
    Event.VAULT_UPDATED: _updated,
    Event.LOGIN: _login,
    Event.LOGIN_FAILED: _login_failed,
    Event.ORIGINAL_VIEWED: _original,
    Event.JOURNAL_EXPORTED: _journal_exported,
    Event.RECOVERY_SHEET_MADE: _sheet("Made recovery sheet"),
    Event.RECOVERY_SHEET_TRIED: _sheet("Tried recovery sheet"),
    Event.RECOVERY_SHEET_USED: _sheet("Opened the practice with recovery sheet"),
    Event.PASSPHRASE_CHANGED: _passphrase,
    Event.COMPUTER_TRUSTED: _computer("Trusted"),
    Event.COMPUTER_FORGOTTEN: _computer("No longer trusts"),
    Event.KEYS_STRENGTHENED: _strengthened,
    Event.HANDOVER_WRITTEN: _handover_written,
}


# Details.

_FIELDS: Final = {
    "name": "name",
    "tin": "tax number (TIN)",
    "address": "address",
    "npi": "NPI",
    "credential": "credential",
    "role": "role",
    "joined_on": "joined",
    "left_on": "left",
    "level": "reporting level",
    "track": "way of reporting",
    "special_statuses": "special statuses",
    "mvp_id": "MVP",
    "npis_total": "clinicians in all",
    "eligible_clinicians": "eligible clinicians",
    "missing_categories": "categories without score",
    "apm_participant": "takes part in an APM",
    "submitted_quality": "quality submitted",
    "submitted_pi": "promoting interoperability submitted",
    "euc_exception": "extreme circumstances exception",
    "web_interface_apm": "APM with web interface",
    "pcmh_sites_total": "practice sites",
    "pcmh_sites_recognised": "practice sites recognized as medical home",
    "period_start": "first day of the period",
    "period_end": "last day of the period",
    "story": "story",
    "private_note": "private note",
    "attested_on": "attested",
    "marks_look": "look of new marks",
    "caption": "caption",
    "shows_date": "date shown",
    "option_key": "checklist line",
    "outside_reason": "reason for a date outside the period",
    "clinician_ids": "clinicians",
    "no_identifiers": "shows no patient identifier",
    "looked_at_by": "looked at by",
    "looked_at_on": "looked at on",
    "attested_by": "attested by",
    "letter_on": "date of the notice",
    "days": "days to answer",
    "due_on": "last day to answer",
    "sent_on": "sent",
    "signed_by": "certificate",
    "sha256": "SHA-256",
    "host": "computer",
    "file": "file",
    "file_name": "file",
    "from": "from",
    "to": "to",
}
_LABELED: Final = {"npi": "NPI ", "joined_on": "joined ", "left_on": "left "}
#: Fields that are said to have changed, never what they hold.
_UNSAID: Final = frozenset({"private_note", "tin", "request", "note", "outcome"})
#: Facts of a write that its sentence says, or that mean nothing to a person.
_IN_SENTENCE: Final = frozenset(
    {"do", "id", "ids", "year", "activity", "selection", "number", "new", "changed", "uses", "intake", "size",
     "file_name", "person", "at", "journal_head", "edition", "content", "other_marks", "name", "old",
     "public_key", "letter", "parent", "after", "known", "marks", "rules", "practice", "clinicians", "reported",
     "official_seq", "closed_at", "closed_by", "made_at", "unit", "stays", "journal_seq", "folder_changed",
     "kind", "activities", "replaces", "receipt_id", "recorded_at", "recorded_by", "audit_id", "request_id",
     "export_id", "drill_id", "picked", "started_at", "started_by", "activity_id", "missing",
     "note", "outcome"}
)  # fmt: skip
#: Of a new record: what its sentence says, and what is not shown at all.
_ENTERED: Final = frozenset({"number", "request", "note"})
_TRUTHS: Final = frozenset(
    {
        "no_identifiers",
        "early",
        "apm_participant",
        "submitted_quality",
        "submitted_pi",
        "euc_exception",
        "web_interface_apm",
    }
)


def _field(name: str, capital: bool = True) -> str:
    words = _FIELDS.get(name, name.replace("_", " "))
    return phrases.sentence(words) if capital else words


def _fact_lines(fact: Fact, names: Names) -> list[str]:
    lines: list[str] = []
    new, changed = fact.get("new"), fact.get("changed")
    if isinstance(new, dict):
        said = [name for name in _in_order(new) if name not in _ENTERED and (new[name] or name not in _TRUTHS)]
        lines += [line for name in said for line in _line(name, new[name], names)]
        if fact.get("do") == "put_clinician":
            shown = ((name, _value(name, new[name], names)) for name in _in_order(new))
            lines = [", ".join(f"{_LABELED.get(name, '')}{words}" for name, words in shown if words)]
    if isinstance(changed, dict) and not set(changed) <= _LOOKED:
        for name in _in_order(changed):
            values = changed[name]
            if name in _UNSAID or not isinstance(values, list) or len(values) != 2:
                lines += _line(name, values, names)
            else:
                lines.append(_change(name, values[0], values[1], names))
    if fact.get("do") == "put_setting":
        lines = [_change(str(fact.get("name", "")), fact.get("old"), fact.get("new"), names)]
    if fact.get("do") == "add_uses":
        lines += _days([str(use[1]) for use in fact.get("uses", ())], names)
    if fact.get("do") == "add_marks":
        covered, other = int(fact.get("redactions", 0)), int(fact.get("other_marks", 0))
        lines.append(f"{phrases.count(covered, 'covered area')}, {phrases.count(other, 'other mark')}")
    if fact.get("do") in _SILENT:
        return []
    told = _IN_SENTENCE | ({"redactions", "sha256", "revision"} if fact.get("do") == "add_marks" else set())
    for name, said in fact.items():
        if name not in told:
            lines += _line(name, said, names)
    return lines


def _in_order(fields: Mapping[str, Any]) -> list[str]:
    order = list(_FIELDS)
    return sorted(fields, key=lambda name: order.index(name) if name in _FIELDS else len(order))


def _change(name: str, old: object, now: object, names: Names) -> str:
    before, after = _value(name, old, names), _value(name, now, names)
    return f"{_field(name)}: {after or 'nothing'}" + (f" (before: {before})" if before else "")


def _days(days: Sequence[str], names: Names) -> list[str]:
    unique = sorted(set(days))
    if len(unique) <= _MOST_NAMED:
        return _line("days", unique, names)
    return [f"{len(unique)} different days, {_day(unique[0])} to {_day(unique[-1])}"]


def _line(name: str, said: object, names: Names) -> list[str]:
    if name in _UNSAID:
        return [f"{_field(name)}: changed"]
    shown = _value(name, said, names)
    return [f"{_field(name)}: {shown}"] if shown else []


def _value(name: str, said: object, names: Names) -> str:
    """Return a value as a person reads it; empty for nothing."""
    if said is None or said == "" or said == []:
        return ""
    if isinstance(said, bool) or name in _TRUTHS:
        return "yes" if said else "no"
    if isinstance(said, int | float):
        return str(said) if name in ("year", "years") else f"{said:,}"
    if isinstance(said, dict):
        return "; ".join(f"{_field(str(key), False)} {_value(str(key), each, names)}" for key, each in said.items())
    if isinstance(said, list | tuple):
        return _listed(_value(name if name == "years" else "", each, names) for each in said)
    text = str(said)
    if name == "track":
        return Track(text).label if text in list(Track) else text
    if name == "state":
        return RequestState(text).label if text in list(RequestState) else text
    if name in ("level", "option_key"):
        return text.replace("_", " ")
    if text.startswith("[") and text.endswith("]"):
        try:
            return _value(name, json.loads(text), names)
        except ValueError:
            pass
    if text in names.people:
        return names.people[text]
    if text in names.exhibits:
        return _exhibit(text, names)
    if text in names.selections:
        return _selection(text, names)
    return _day(text) or phrases.shortened(text, _LONGEST_VALUE)


def _listed(parts: Iterable[str]) -> str:
    return phrases.shortened(", ".join(part for part in parts if part), _LONGEST_VALUE)


def _day(text: str) -> str:
    """Return a day or moment in words, or an empty text when it is none."""
    try:
        if len(text) == len("2026-01-01"):
            return phrases.short_day(date.fromisoformat(text))
        if len(text) >= len("2026-01-01T00:00:00+00:00") and text[10] == "T":
            return moment_words(datetime.fromisoformat(text))
    except ValueError:
        pass
    return ""


def _clock(clock: object) -> list[str]:
    if not isinstance(clock, dict):
        return []
    lines = []
    if back := clock.get("back_seconds"):
        lines.append(
            f"Clock: {_span(back)} earlier than at the entry before. The numbers of the entries keep the order."
        )
    if offset := clock.get("offset"):
        before, now = map(_offset_words, offset)
        lines.append(
            f"Clock: {now} from UTC, at the entry before {before}; summer time began or ended, the time zone was set,"
            " or it is another computer."
        )
    if jumped := clock.get("jumped_seconds"):
        way = "ahead" if jumped > 0 else "back"
        lines.append(
            f"Clock: moved {_span(abs(jumped))} {way} against the time that passed while the practice was open; it was"
            " set, or the computer was paused."
        )
    return lines


def _span(seconds: int) -> str:
    for size, noun in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= 2 * size:
            return phrases.count(round(seconds / size), noun)
    return phrases.count(seconds, "second")


def _noted(change: Mapping[str, Any]) -> list[str]:
    if "noted_at" not in change:
        return []
    when = _day(str(change["noted_at"]))
    if "until" in change:
        when = f"{when} to {_day(str(change['until']))}"
    return [f"Time: {when}, noted on that computer; put into the journal at the next opening for writing there."]
