"""The rules of a performance year, read from `resources/rules`."""

import dataclasses
from functools import cache

import msgspec

from mips_desk.domain.rules import CommonRules, YearRules
from mips_desk.errors import BadInputError
from mips_desk.paths import resources

FIRST_YEAR = 2017
LAST_YEAR = 2027


@cache
def load_rules(year: int) -> YearRules:
    """Return the rules of a performance year.

    Args:
        year: 2017 to 2027; 2027 is provisional.

    Raises:
        BadInputError: there are no rules for the year.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadInputError(f"There are rules for the years {FIRST_YEAR} to {LAST_YEAR}, not for {year}.")
    content = (resources() / "rules" / f"{year}.json").read_bytes()
    return dataclasses.replace(msgspec.json.decode(content, type=YearRules), common=_common())


@cache
def _common() -> CommonRules:
    return msgspec.json.decode((resources() / "rules" / "common.json").read_bytes(), type=CommonRules)
