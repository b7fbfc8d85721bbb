"""All worked examples of the rule book through the facts format, and nothing but their facts."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from mips_desk.catalog.facts import answer

EXAMPLES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "data" / "worked_examples.yaml").read_text(encoding="utf-8")
)
FACTS = [
    {key: value for key, value in example.items() if key not in ("title", "expected", "why", "rules")}
    for example in EXAMPLES
]


def test_none_is_missing() -> None:
    assert len(EXAMPLES) == 103


@pytest.mark.parametrize(("facts", "example"), list(zip(FACTS, EXAMPLES, strict=True)), ids=[e["id"] for e in EXAMPLES])
def test_worked_example(facts: dict[str, Any], example: dict[str, Any]) -> None:
    got = json.loads(answer(json.dumps(facts).encode()))
    assert {key: got[key] for key in example["expected"]} == example["expected"]
    assert got["id"] == example["id"]
    if example["kind"] == "ia_score":
        assert sum(line["points"] for line in got["trace"]) == got["ia_points"]
        assert all(line["text"].endswith(".") and line["source"] for line in got["trace"])
        named = {item["id"] for item in facts["activities"]}
        assert set(got["credited"]) | {entry["activity"] for entry in got["not_credited"]} == named
    else:
        assert set(got) == {"id", *example["expected"]}


def test_a_list_is_answered_in_order() -> None:
    got = json.loads(answer(json.dumps(FACTS).encode()))
    assert got == [json.loads(answer(json.dumps(facts).encode())) for facts in FACTS]
