"""The improvement activities of a practice as CMS's QPP submissions API reads them: a JSON file, never sent anywhere.

What it may hold is rule R7.4 of the project's rule book, taken from CMS's public repository qpp-submissions-docs: one
measurement set of category "ia" with every activity in it (R7.5, R7.6), each with the value true. The same constraints
as a JSON schema: `resources/schemas/qpp-ia-submission.schema.json`.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from mips_desk.domain.practice import Level, Track, npi_is_valid, tin_is_valid
from mips_desk.errors import BadInputError

#: First performance year in which CMS takes a level or a program (R7.4).
FIRST_YEAR: Final = {
    Level.INDIVIDUAL: 2017,
    Level.GROUP: 2017,
    Level.VIRTUAL_GROUP: 2018,
    Level.APM_ENTITY: 2021,
    Level.SUBGROUP: 2023,
}
_ENTITY_TYPE: Final = {
    Level.INDIVIDUAL: "individual",
    Level.GROUP: "group",
    Level.VIRTUAL_GROUP: "virtualGroup",
    Level.APM_ENTITY: "apm",
    Level.SUBGROUP: "subgroup",
}
_APP_SINCE: Final = 2021
_MVP_SINCE: Final = 2023
#: How improvement activities arrive that do not come as QRDA III.
_METHOD: Final = "registry"
_ENTITY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,49}")


@dataclass(frozen=True, slots=True)
class Submission:
    """One submission of improvement activities.

    Attributes:
        year: performance year.
        level: reporting level.
        track: traditional MIPS, MVP or APP.
        start: first day of the earliest performance period.
        end: last day of the latest one, included.
        activity_ids: what was performed, each once, in the order of the file.
        tin: nine digits, with or without a hyphen; individuals and groups.
        npi: ten digits; individuals only.
        entity_id: CMS's identifier of a virtual group, subgroup or APM Entity; those only.
        mvp_id: for example "G0053"; MVPs only.

    Raises:
        BadInputError: CMS would refuse it; says what is missing.
    """

    year: int
    level: Level
    track: Track
    start: date
    end: date
    activity_ids: tuple[str, ...]
    tin: str = ""
    npi: str = ""
    entity_id: str = ""
    mvp_id: str = ""

    def __post_init__(self) -> None:
        if reason := self._refused():
            raise BadInputError(f"{reason} No submission file was written.")

    def _refused(self) -> str:
        if self.year < FIRST_YEAR[self.level]:
            return f"CMS took nothing from this reporting level ({self.level.label}) for {self.year}."
        if self.track is Track.APM_SCORING_STANDARD:
            return "Under the APM scoring standard CMS gives the points itself; there is nothing to submit."
        if self.track is Track.MVP and (self.year < _MVP_SINCE or not re.fullmatch(r"[A-Z]\d{4}", self.mvp_id)):
            return "An MVP can be reported since 2023 and needs its identifier, as G0053; enter it under Settings."
        if self.track is Track.APP and self.year < _APP_SINCE:
            return "The APM Performance Pathway began in 2021."
        if self.level is Level.SUBGROUP and self.track is not Track.MVP:
            return "A subgroup reports an MVP and nothing else."
        return self._nameless() or self._timeless()

    def _nameless(self) -> str:
        if self.level in (Level.INDIVIDUAL, Level.GROUP):
            if not tin_is_valid(self.tin):
                return "The practice has no TIN of nine digits; enter it under Settings."
            if self.level is Level.INDIVIDUAL and not npi_is_valid(self.npi):
                return "An individual's submission needs the clinician's NPI."
        elif not _ENTITY_ID.fullmatch(self.entity_id):
            return f"CMS's identifier is needed for this reporting level ({self.level.label})."
        return ""

    def _timeless(self) -> str:
        if not self.activity_ids or len(set(self.activity_ids)) != len(self.activity_ids):
            return "At least one activity is needed, and each once."
        if not (self.start <= self.end and self.start.year == self.end.year == self.year):
            return f"The performance periods do not lie in {self.year}."
        return ""

    @property
    def program(self) -> str:
        """CMS's name of the program."""
        return {Track.MVP: self.mvp_id, Track.APP: "app1"}.get(self.track, "mips")

    def as_json(self) -> dict[str, Any]:
        """Return the submission as JSON values, in the order in which CMS's documents show them."""
        who: dict[str, str] = {"entityType": _ENTITY_TYPE[self.level]}
        if self.level in (Level.INDIVIDUAL, Level.GROUP):
            who["taxpayerIdentificationNumber"] = self.tin.replace("-", "")
            if self.level is Level.INDIVIDUAL:
                who["nationalProviderIdentifier"] = self.npi
        else:
            who["entityId"] = self.entity_id
        return who | {
            "performanceYear": self.year,
            "measurementSets": [
                {
                    "category": "ia",
                    "submissionMethod": _METHOD,
                    "programName": self.program,
                    "performanceStart": self.start.isoformat(),
                    "performanceEnd": self.end.isoformat(),
                    "measurements": [{"measureId": name, "value": True} for name in self.activity_ids],
                }
            ],
        }

    def as_bytes(self) -> bytes:
        """Return the file: UTF-8, indented, one line feed at its end."""
        return json.dumps(self.as_json(), indent=2).encode() + b"\n"
