"""The reader of CMS's measures data file (`measures-data.json` of one performance year).

Strict in what it takes over and tolerant in what it leaves: the file must be a list of measures in UTF-8 JSON, and the
improvement activities in it must have what CMS's own files always had; keys that come and go are left alone, and so
are the measures of other categories. Whatever is refused is refused with one sentence.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from mips_desk.domain.activity import Weight
from mips_desk.domain.official import OfficialActivity, OfficialList, OfficialMeasure
from mips_desk.errors import BadInputError

from .load import load_catalog

#: The largest of CMS's files so far has 2.2 MB and 1,154 entries, 118 of them improvement activities.
MAX_BYTES = 32_000_000
MAX_ENTRIES = 20_000
MAX_ACTIVITIES = 1_000
FIRST_YEAR = 2017
LAST_YEAR = 2099

#: Secure Messaging in Advancing Care Information (2017) and Promoting Interoperability (2018).
_MESSAGING = ("ACI_CCTPE_2", "ACI_TRANS_SM_1", "PI_CCTPE_2", "PI_TRANS_SM_1")
_KEPT = " Nothing was changed."
#: A year in the address of a measure's specification.
_YEAR = re.compile(rb"(?<![0-9])20[1-9][0-9](?![0-9])")
#: Control characters except tab, line feed and carriage return; marks that turn the direction of text; no characters.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\uffff]"
)


class _Entry(msgspec.Struct, frozen=True):
    """A measure of any category; the rest of it is passed over."""

    category: Annotated[str, Meta(max_length=40)]
    # Quality measures are older than the program.
    first_year: Annotated[int, Meta(ge=1990, le=LAST_YEAR)] | None = msgspec.field(
        name="firstPerformanceYear", default=None
    )
    measure_id: str = msgspec.field(name="measureId", default="")
    specification: msgspec.Raw = msgspec.field(name="measureSpecification", default=msgspec.Raw())


class _Activity(msgspec.Struct, frozen=True):
    """An improvement activity."""

    id: Annotated[str, Meta(pattern=r"^IA_[A-Z]{2,8}(_[1-9][0-9]{0,2})?\Z")] = msgspec.field(name="measureId")
    title: Annotated[str, Meta(min_length=1, max_length=1_000)]
    description: Annotated[str, Meta(min_length=1, max_length=50_000)]
    first_year: Annotated[int, Meta(ge=FIRST_YEAR, le=LAST_YEAR)] = msgspec.field(name="firstPerformanceYear")
    metric: Literal["boolean"] = msgspec.field(name="metricType")
    weight: Weight | None = None
    subcategory: Annotated[str, Meta(pattern=r"^[A-Za-z]{1,80}\Z")] | None = msgspec.field(
        name="subcategoryId", default=None
    )
    cehrt_eligible: bool | None = msgspec.field(name="cehrtEligible", default=None)


class _Measure(msgspec.Struct, frozen=True):
    """A Secure Messaging measure."""

    id: str = msgspec.field(name="measureId")
    title: Annotated[str, Meta(min_length=1, max_length=1_000)]
    description: Annotated[str, Meta(min_length=1, max_length=50_000)]


_list_decoder = msgspec.json.Decoder(list[msgspec.Raw])
_entry_decoder = msgspec.json.Decoder(_Entry)
_activity_decoder = msgspec.json.Decoder(_Activity)
_measure_decoder = msgspec.json.Decoder(_Measure)


def read_measures(data: bytes, year: int | None = None) -> OfficialList:
    """Read CMS's measures data file.

    No field of the file names its year. In each of CMS's files from 2017 to 2026 the newest `firstPerformanceYear` of
    all measures is the year of the file, and so is the year that most addresses of specifications name; both must
    agree. A file without addresses is taken for the one year whose list holds the same activities.

    Args:
        data: the whole file.
        year: performance year when the caller knows it; a year newer than this version may be given or found.

    Returns:
        The improvement activities and the Secure Messaging measures.

    Raises:
        BadInputError: it is not such a file, or its year cannot be told, or it is a file of another year.
    """
    try:
        return _read(data, year)
    except msgspec.ValidationError as error:
        raise BadInputError(_not_a_list(error)) from error
    except UnicodeDecodeError as error:
        raise BadInputError(f"The file is not text in UTF-8, as CMS's measures data is.{_KEPT}") from error
    except msgspec.DecodeError as error:
        raise BadInputError(f"The file is not JSON, or a part of it is missing; download it again.{_KEPT}") from error
    except RecursionError as error:
        raise BadInputError(f"The file is nested too deeply to be CMS's measures data.{_KEPT}") from error


def _not_a_list(error: msgspec.ValidationError) -> str:
    return f"The file is JSON, but not CMS's list of measures: {_plain(error)}.{_KEPT}"


def _plain(error: msgspec.ValidationError) -> str:
    """Return what msgspec misses, without its name of the place."""
    said = re.sub(r" - at `.*", "", str(error), flags=re.DOTALL).replace("`", "'")
    return said[0].lower() + said[1:120]


def _read(data: bytes, year: int | None) -> OfficialList:
    if len(data) > MAX_BYTES:
        raise BadInputError(f"The file is larger than {MAX_BYTES // 1_000_000} MB, so it is not CMS's data.{_KEPT}")
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        # The hash is to be that of CMS's own file, so the file is not repaired on the way.
        raise BadInputError(f"The file was saved anew by another program; use it as it was downloaded.{_KEPT}")
    data.decode("utf-8")
    raw = _list_decoder.decode(data)
    if len(raw) > MAX_ENTRIES:
        raise BadInputError(f"The file lists more than {MAX_ENTRIES:,} measures, so it is not CMS's data.{_KEPT}")
    entries = [_entry_decoder.decode(item) for item in raw]
    pairs = [(entry, item) for entry, item in zip(entries, raw, strict=True) if entry.category == "ia"]
    if not pairs:
        raise BadInputError(f"The file lists no improvement activity.{_KEPT}")
    if len(pairs) > MAX_ACTIVITIES:
        raise BadInputError(f"The file lists more than {MAX_ACTIVITIES:,} improvement activities.{_KEPT}")
    activities = sorted((_activity(item, entry) for entry, item in pairs), key=lambda found: _natural(found.id))
    _refuse_twins(activity.id for activity in activities)
    return OfficialList(
        year=_year(entries, activities, year),
        activities=tuple(activities),
        messaging=_messaging(entries, raw),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
    )


def _activity(item: msgspec.Raw, entry: _Entry) -> OfficialActivity:
    name = _shown(entry.measure_id)
    try:
        found = _activity_decoder.decode(item)
    except msgspec.ValidationError as error:
        raise BadInputError(f"The activity {name} is not as CMS's data has them: {_plain(error)}.{_KEPT}") from error
    _check_text(name, found.title, found.description)
    return OfficialActivity(
        id=found.id,
        title=found.title.strip(),
        description=found.description,
        weight=found.weight,
        subcategory=found.subcategory or "",
        first_year=found.first_year,
        cehrt_eligible=found.cehrt_eligible,
    )


def _messaging(entries: Iterable[_Entry], raw: Iterable[msgspec.Raw]) -> tuple[OfficialMeasure, ...]:
    items = [item for entry, item in zip(entries, raw, strict=True) if entry.measure_id in _MESSAGING]
    found = [_measure_decoder.decode(item) for item in items]
    _refuse_twins(measure.id for measure in found)
    for measure in found:
        _check_text(measure.id, measure.title, measure.description)
    return tuple(
        OfficialMeasure(measure.id, measure.title.strip(), measure.description)
        for measure in sorted(found, key=lambda measure: measure.id)
    )


def _check_text(name: str, title: str, description: str) -> None:
    if _NOT_TEXT.search(title) or _NOT_TEXT.search(description):
        raise BadInputError(f"The text of {name} holds characters that do not belong in a text.{_KEPT}")
    if not title.strip() or not description.strip():
        raise BadInputError(f"The title or the description of {name} is empty.{_KEPT}")


def _refuse_twins(names: Iterable[str]) -> None:
    twins = [name for name, count in Counter(names).items() if count > 1]
    if twins:
        raise BadInputError(f"The file lists {twins[0]} twice, so one of them must be wrong.{_KEPT}")


def _year(entries: Collection[_Entry], activities: Collection[OfficialActivity], given: int | None) -> int:
    newest = max(entry.first_year or FIRST_YEAR for entry in entries)
    named = Counter(int(year) for entry in entries for year in set(_YEAR.findall(bytes(entry.specification))))
    catalog = load_catalog()
    own_years = [year for year in catalog.years if catalog.inventory_year(year) == year]
    if given is not None:
        # CMS starts the file of a coming year as a copy of the year before, so it may hold nothing new yet.
        is_copy = given == newest + 1 and given not in own_years
        if given == newest or is_copy or (given > newest and not named):
            return given
        raise BadInputError(f"The file is CMS's data for {newest}, not for {given}.{_KEPT}")
    if named:
        fitting = [newest] if 2 * named[newest] > named.total() else []
    else:
        ids = {activity.id for activity in activities}
        fitting = [year for year in own_years if catalog.inventory(year).keys() == ids]
    if len(fitting) != 1:
        raise BadInputError(f"The file does not tell for which year it is; give the year with it.{_KEPT}")
    return fitting[0]


def _natural(activity_id: str) -> tuple[str, int]:
    prefix, _, number = activity_id.rpartition("_")
    return (prefix, int(number)) if number.isdigit() else (activity_id, 0)


def _shown(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_]{1,20}", name) else "with an unusual name"
