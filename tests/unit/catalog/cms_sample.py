"""Measures data in the shape of CMS's files, with made-up words."""

import json
from typing import Any

from mips_desk.catalog.load import load_catalog

Measure = dict[str, Any]


def activity(activity_id: str = "IA_BE_4", **fields: object) -> Measure:
    known: Measure = {
        "category": "ia",
        "measureId": activity_id,
        "title": "A title",
        "description": "Made-up words.",
        "metricType": "boolean",
        "firstPerformanceYear": 2017,
        "lastPerformanceYear": None,
        "weight": "medium",
        "subcategoryId": "beneficiaryEngagement",
    }
    return known | fields


def quality(year: int) -> Measure:
    return {
        "category": "quality",
        "measureId": "001",
        "firstPerformanceYear": year,
        "measureSpecification": {"registry": f"https://example.org/docs/{year}_Measure_001.pdf"},
        "strata": [{"name": "a", "deep": [[{}]]}],
    }


def measures(year: int = 2024) -> list[Measure]:
    """The built-in facts of a year in the shape of CMS's file."""
    return [
        quality(year),
        *(
            activity(
                found.id,
                title=found.title,
                weight=found.weight and found.weight.value,
                subcategoryId=found.subcategory and found.subcategory.value,
                firstPerformanceYear=found.first_year,
                **({"cehrtEligible": found.cehrt_eligible} if year < 2019 else {}),
            )
            for found in load_catalog().activities(year)
        ),
    ]


def as_file(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()
