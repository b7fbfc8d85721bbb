"""The facts format: facts as JSON in, answers as JSON out, for the command line and for scripts.

One object or a list of objects; the answer has the same shape. Kinds of questions: `ia_score` (default),
`secure_messaging`, `cehrt_bonus`, `last_start`, `retention`, `audit_due`. The reader is strict: an unknown key or
value, a weight that contradicts the catalog, or a date that is none is refused with one sentence that names it, because
a misspelled fact would give a wrong score without a word.
"""

import json
import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import NoReturn, TypeVar

from mips_desk.domain.activity import Weight
from mips_desk.domain.deadlines import audit_due
from mips_desk.domain.messaging import cehrt_bonus, secure_messaging_points
from mips_desk.domain.period import last_start, year_period
from mips_desk.domain.practice import Category, Level, SpecialStatus, Track
from mips_desk.domain.rules import YearRules
from mips_desk.domain.score import ActivityFacts, Score, ScoreFacts
from mips_desk.domain.scoring import score
from mips_desk.errors import BadInputError

from .load import Catalog, load_catalog
from .rules import FIRST_YEAR, LAST_YEAR, load_rules

MAX_BYTES = 4_000_000
MAX_ITEMS = 10_000
MAX_COUNT = 1_000_000_000
MAX_SHOWN = 40

_ACTIVITY = re.compile(r"IA_[A-Z]{2,8}(_[1-9][0-9]{0,2})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_Choice = TypeVar("_Choice", bound=StrEnum)
_Object = dict[str, object]


def answer(data: bytes) -> bytes:
    """Answer facts with scores.

    Args:
        data: JSON in UTF-8, one object or a list of objects.

    Returns:
        JSON in ASCII with a line feed at the end; a list answers a list, in order.

    Raises:
        BadInputError: the facts are not what they should be; the message names the key and the value.
    """
    facts = _decode(data)
    catalog = load_catalog()
    result: object
    if isinstance(facts, list):
        if len(facts) > MAX_ITEMS:
            raise BadInputError(f"The list has more than {MAX_ITEMS} objects.")
        result = [_answer_in_list(item, number, catalog) for number, item in enumerate(facts, 1)]
    else:
        result = answer_one(facts, catalog)
    return json.dumps(result, indent=2).encode("ascii") + b"\n"


def answer_one(facts: object, catalog: Catalog) -> _Object:
    """Answer one object.

    Args:
        facts: the decoded object.
        catalog: the activities of all years.

    Raises:
        BadInputError: the facts are not what they should be.
    """
    reader = _Reader(facts, "the facts")
    kind = reader.text("kind") or "ia_score"
    if kind not in _KINDS:
        reader.refuse("kind", kind, f"one of {', '.join(_KINDS)}")
    given = reader.text("id")
    year = reader.required_count("year", low=FIRST_YEAR, high=LAST_YEAR)
    echo: _Object = {} if given is None else {"id": given}
    return echo | _KINDS[kind](reader, load_rules(year), catalog)


def _answer_in_list(item: object, number: int, catalog: Catalog) -> _Object:
    try:
        return answer_one(item, catalog)
    except BadInputError as error:
        raise BadInputError(f"Object {number} of the list: {error}") from error


def _decode(data: bytes) -> object:
    if len(data) > MAX_BYTES:
        raise BadInputError(f"The facts are larger than {MAX_BYTES // 1_000_000} MB.")
    try:
        return json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_whole
        )
    except RecursionError as error:
        raise BadInputError("The facts are nested too deeply.") from error
    except ValueError as error:
        raise BadInputError("The facts are not JSON in UTF-8.") from error


def _unique(pairs: list[tuple[str, object]]) -> _Object:
    found: _Object = {}
    for key, value in pairs:
        if key in found:
            raise BadInputError(f"The key {_shown(key)} appears twice in one object.")
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise BadInputError(f"The value {name} is not a number that can be used.")


def _whole(digits: str) -> int:
    if len(digits) > MAX_SHOWN:
        raise BadInputError(f"The number {digits[:MAX_SHOWN]}... is too long.")
    return int(digits)


def _shown(value: object) -> str:
    """Return a value as it may stand in a sentence: in quotes, one line, short."""
    if isinstance(value, dict | list):
        return "(an object)" if isinstance(value, dict) else "(a list)"
    text = json.dumps(value).replace('"', "'")
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."


class _Reader:
    """Takes the known keys out of an object; what is left at the end is unknown and refused."""

    def __init__(self, facts: object, name: str) -> None:
        if not isinstance(facts, dict):
            raise BadInputError(f"{name[0].upper()}{name[1:]} must be an object with keys and values.")
        self._left: _Object = dict(facts)
        self._name = name

    def refuse(self, key: str, value: object, wanted: str) -> NoReturn:
        raise BadInputError(f"The value {_shown(value)} of '{key}' in {self._name} is not {wanted}.")

    def finish(self) -> None:
        """Refuse what nobody took."""
        if self._left:
            raise BadInputError(f"The key {_shown(next(iter(self._left)))} is not known in {self._name}.")

    def take(self, key: str) -> object:
        """Return a value; None when it is absent or null."""
        return self._left.pop(key, None)

    def inner(self, key: str) -> "_Reader":
        value = self.take(key)
        return _Reader({} if value is None else value, f"'{key}'")

    def text(self, key: str) -> str | None:
        value = self.take(key)
        if value is not None and not isinstance(value, str):
            self.refuse(key, value, "a text")
        return value

    def flag(self, key: str) -> bool | None:
        value = self.take(key)
        if value is not None and not isinstance(value, bool):
            self.refuse(key, value, "true or false")
        return value

    def count(self, key: str, low: int = 0, high: int = MAX_COUNT) -> int | None:
        value = self.take(key)
        return None if value is None else self.as_count(key, value, low, high)

    def as_count(self, key: str, value: object, low: int = 0, high: int = MAX_COUNT) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.refuse(key, value, f"a whole number from {low} to {high}")
        return value

    def required_count(self, key: str, low: int = 0, high: int = MAX_COUNT) -> int:
        value = self.count(key, low, high)
        if value is None:
            raise BadInputError(f"The key '{key}' is missing in {self._name}.")
        return value

    def day(self, key: str) -> date | None:
        value = self.take(key)
        if value is None:
            return None
        try:
            # fromisoformat alone would also take 20251003 and week dates.
            return date.fromisoformat(value if isinstance(value, str) and _DATE.fullmatch(value) else "")
        except ValueError:
            self.refuse(key, value, "a date like 2025-10-03")

    def choice(self, key: str, choices: type[_Choice]) -> _Choice | None:
        value = self.take(key)
        return None if value is None else self._one_of(key, value, choices)

    def choices(self, key: str, choices: type[_Choice]) -> frozenset[_Choice]:
        return frozenset(self._one_of(key, value, choices) for value in self.items(key))

    def items(self, key: str) -> list[object]:
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > MAX_ITEMS:
            self.refuse(key, value, f"a list of at most {MAX_ITEMS} entries")
        return value

    def activity_id(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not _ACTIVITY.fullmatch(value):
            self.refuse(key, value, "an activity like IA_BE_4")
        return value

    def _one_of(self, key: str, value: object, choices: type[_Choice]) -> _Choice:
        known = [choice.value for choice in choices]
        if not isinstance(value, str) or value not in known:
            self.refuse(key, value, f"one of {', '.join(known)}")
        return choices(value)


def _ia_score(reader: _Reader, rules: YearRules, catalog: Catalog) -> _Object:
    inner = reader.inner("facts")
    track = reader.choice("pathway", Track) or Track.TRADITIONAL
    if track not in rules.tracks:
        reader.refuse("pathway", track.value, f"one of those of {rules.year}: {', '.join(rules.tracks)}")
    facts = ScoreFacts(
        year=rules.year,
        track=track,
        level=reader.choice("level", Level) or Level.INDIVIDUAL,
        special_statuses=reader.choices("special_status", SpecialStatus),
        activities=tuple(_activity(item, rules, catalog) for item in reader.items("activities")),
        npis_total=inner.count("npis_total", low=1),
        eligible_clinicians_in_tin=inner.count("eligible_clinicians_in_tin"),
        apm_participant=bool(inner.flag("apm_participant")),
        submitted_quality=inner.flag("submitted_quality"),
        submitted_pi=inner.flag("submitted_pi"),
        euc_exception=bool(inner.flag("euc_exception")),
        missing_categories=inner.choices("missing_categories", Category),
        pcmh_sites_total=inner.count("pcmh_sites_total", low=1),
        pcmh_sites_recognised=inner.count("pcmh_sites_recognised"),
        web_interface_apm=bool(inner.flag("web_interface_apm")),
        mvp_id=inner.text("mvp_id") or "",
    )
    inner.finish()
    reader.finish()
    _check_sums(facts)
    known = {mvp.id for mvp in catalog.mvps(rules.inventory_year)} if track is Track.MVP else ()
    if facts.mvp_id and facts.mvp_id not in known:
        inner.refuse("mvp_id", facts.mvp_id, f"an MVP of {rules.year} in the pathway mvp")
    return _score_object(score(facts, rules, catalog.inventory(rules.inventory_year)))


def _activity(item: object, rules: YearRules, catalog: Catalog) -> ActivityFacts:
    reader = _Reader(item, "an activity")
    activity_id = reader.activity_id("id", reader.take("id"))
    weight = reader.choice("weight", Weight)
    known = catalog.activity(rules.inventory_year, activity_id)
    if weight and known and weight is not known.weight:
        wanted = f"the weight of {activity_id} in {rules.year}: {known.weight or 'it has none'}"
        reader.refuse("weight", weight.value, wanted)
    start, end = reader.day("start"), reader.day("end")
    if (start is None) != (end is None):
        absent = "start" if start is None else "end"
        raise BadInputError(f"The key '{absent}' is missing for {activity_id}: a period has a first and a last day.")
    if start and end and end < start:
        reader.refuse("end", end.isoformat(), f"on or after the start of {activity_id}")
    found = ActivityFacts(
        id=activity_id,
        weight=weight,
        start=start,
        end=end,
        gap=bool(reader.flag("gap")),
        npis_performing=reader.count("npis_performing"),
        last_reported_year=reader.count("last_reported_year", low=FIRST_YEAR, high=rules.year - 1),
    )
    reader.finish()
    return found


def _check_sums(facts: ScoreFacts) -> None:
    total = facts.npis_total
    for item in facts.activities:
        if total is not None and item.npis_performing is not None and item.npis_performing > total:
            raise BadInputError(
                f"The value {item.npis_performing} of 'npis_performing' for {item.id} is larger than "
                f"'npis_total', {total}."
            )
    sites, recognised = facts.pcmh_sites_total, facts.pcmh_sites_recognised
    if sites is not None and recognised is not None and recognised > sites:
        raise BadInputError(
            f"The value {recognised} of 'pcmh_sites_recognised' is larger than 'pcmh_sites_total', {sites}."
        )


def _score_object(found: Score) -> _Object:
    return {
        "credited": list(found.credited),
        "ia_points": found.ia_points,
        "percent": found.percent,
        "category_weight": found.category_weight,
        "contribution": found.contribution,
        "trace": [
            {
                "rule": line.rule,
                "text": line.text,
                "activity": line.activity or None,
                "points": line.points or 0,
                "source": line.source,
                "uncertain": line.uncertain,
            }
            for line in found.trace
        ],
        "not_credited": [
            {"activity": entry.activity, "rule": entry.rule, "reason": entry.reason} for entry in found.not_credited
        ],
    }


def _secure_messaging(reader: _Reader, rules: YearRules, catalog: Catalog) -> _Object:
    del catalog
    inner = reader.inner("input")
    base = inner.flag("base_score_met")
    pairs = [_clinician(inner, pair) for pair in inner.items("clinicians")]
    if not pairs:
        pairs = [(inner.required_count("numerator"), inner.required_count("denominator"))]
    inner.finish()
    reader.finish()
    for numerator, denominator in pairs:
        if numerator > denominator:
            raise BadInputError(f"The value {numerator} of 'numerator' is larger than 'denominator', {denominator}.")
    numerator, denominator = (sum(column) for column in zip(*pairs, strict=True))
    points = secure_messaging_points(numerator, denominator, rules, base_score_met=base is not False)
    return {"available": False} if points is None else {"percentage_points": points}


def _clinician(reader: _Reader, pair: object) -> tuple[int, int]:
    if not isinstance(pair, list) or len(pair) != 2:
        reader.refuse("clinicians", pair, "a list of pairs of numerator and denominator")
    return reader.as_count("clinicians", pair[0]), reader.as_count("clinicians", pair[1])


def _cehrt_bonus(reader: _Reader, rules: YearRules, catalog: Catalog) -> _Object:
    inner = reader.inner("input")
    activities = [inner.activity_id("activities", item) for item in inner.items("activities")]
    inner.finish()
    reader.finish()
    return {"bonus": cehrt_bonus(activities, rules, catalog.inventory(rules.inventory_year))}


def _last_start(reader: _Reader, rules: YearRules, catalog: Catalog) -> _Object:
    del catalog
    inner = reader.inner("input")
    days = inner.count("days", low=1, high=year_period(rules.year).days)
    inner.finish()
    reader.finish()
    return {"date": last_start(rules.year, days or rules.min_days).isoformat()}


def _retention(reader: _Reader, rules: YearRules, catalog: Catalog) -> _Object:
    del catalog
    reader.inner("input").finish()
    reader.finish()
    kept = rules.retention
    return {"until": kept.until.isoformat(), "recommended_until": kept.recommended_until.isoformat()}


def _audit_due(reader: _Reader, rules: YearRules, catalog: Catalog) -> _Object:
    del catalog
    inner = reader.inner("input")
    notice = inner.day("request_date")
    if notice is None:
        raise BadInputError("The key 'request_date' is missing in 'input'.")
    if not FIRST_YEAR <= notice.year < 9000:
        inner.refuse("request_date", notice.isoformat(), "a date of an audit")
    inner.finish()
    reader.finish()
    return {"due": audit_due(notice, rules).isoformat()}


_KINDS: dict[str, Callable[[_Reader, YearRules, Catalog], _Object]] = {
    "ia_score": _ia_score,
    "secure_messaging": _secure_messaging,
    "cehrt_bonus": _cehrt_bonus,
    "last_start": _last_start,
    "retention": _retention,
    "audit_due": _audit_due,
}
