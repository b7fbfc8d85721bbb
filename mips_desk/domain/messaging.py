"""What portal messages and certified EHR technology added to ACI/PI in 2017 and 2018."""

from collections.abc import Iterable, Mapping

from .activity import Activity
from .rules import YearRules


def secure_messaging_points(
    numerator: int, denominator: int, rules: YearRules, *, base_score_met: bool = True
) -> int | None:
    """Return the percentage points of the Secure Messaging measure.

    One point for each started tenth of the rate; between two steps the higher one counts (our reading, see the
    reading "secure_messaging_fraction"). A group adds up its clinicians first.

    Args:
        numerator: unique patients to whom a message was sent or answered.
        denominator: unique patients seen in the period.
        rules: the rules of the year.
        base_score_met: the category has its full base score; without it nothing counts.

    Returns:
        0 to 10, or None in the years without the measure.

    Raises:
        ValueError: a count is negative or there are more messages than patients.
    """
    if not 0 <= numerator <= denominator:
        raise ValueError("The numerator lies between 0 and the denominator.")
    measure = rules.messaging
    if measure is None:
        return None
    if not numerator or not base_score_met:
        return 0
    return -(-measure.max_points * numerator // denominator)


def cehrt_bonus(activity_ids: Iterable[str], rules: YearRules, inventory: Mapping[str, Activity]) -> int:
    """Return the bonus in ACI/PI for activities done with certified EHR technology; given once, 0 from 2019 on.

    Args:
        activity_ids: activities done using certified EHR technology.
        rules: the rules of the year.
        inventory: the activities of the year by identifier.
    """
    eligible = any(item in inventory and inventory[item].cehrt_eligible for item in activity_ids)
    return rules.cehrt_bonus.points if rules.cehrt_bonus and eligible else 0
