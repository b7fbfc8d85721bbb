"""Make resources/catalog and resources/rules from the collected facts. Run by hand when the facts change.

    python scripts/make_catalog.py FOLDER [--guidance]

FOLDER holds catalog/ (ia_facts.csv, mvp_activities.csv, resources.csv) and rules/rules.yaml; the citations are in
rule_citations.yaml beside this script. The same facts give the same bytes.

The words in resources/catalog/guidance are edited in place and left alone. A block is named after its activity and
the first year it applies to, and applies until the activity's next block. With --guidance, activities that have no
block yet get theirs from catalog/guidance/*.yaml in FOLDER.
"""

import argparse
import csv
import json
import re
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
CATALOG = ROOT / "resources" / "catalog"
GUIDANCE = CATALOG / "guidance"
RULES = ROOT / "resources" / "rules"
Facts = dict[str, Any]


def main() -> None:
    """Write all resources but the guidance, which is only checked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--guidance", action="store_true", help="add blocks for activities that have none yet")
    arguments = parser.parse_args()
    folder = arguments.folder
    rows = read_csv(folder / "catalog" / "ia_facts.csv")
    rows.sort(key=lambda row: (natural(row["activity_id"]), int(row["performance_year"])))
    if arguments.guidance:
        add_guidance(rows, read_guidance(folder / "catalog" / "guidance"))
    chosen = choose_guidance(rows)
    for old in RULES.glob("*.json"):  # the files of the catalog are overwritten; others there are written by hand
        old.unlink()
    write_catalog(rows, chosen)
    write_mvps(read_csv(folder / "catalog" / "mvp_activities.csv"))
    write_links(read_csv(folder / "catalog" / "resources.csv"), sorted({int(row["performance_year"]) for row in rows}))
    rules = yaml.safe_load((folder / "rules" / "rules.yaml").read_text(encoding="utf-8"))
    extra = yaml.safe_load((Path(__file__).parent / "rule_citations.yaml").read_text(encoding="utf-8"))
    for year, facts in rules["years"].items():
        write(RULES / f"{year}.json", year_rules(int(year), facts, rules, extra))
    write(RULES / "common.json", common_rules(rules, extra))


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, content: object) -> None:
    """Write JSON for people and machines: two spaces, short lists and objects on one line, a line feed at the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, indent=2, ensure_ascii=False)
    for opening, closing in ("[]", "{}"):
        short = rf"\{opening}\n\s+([^\[\]{{}}]{{1,90}}?)\n\s+\{closing}"
        text = re.sub(short, lambda found: found[0][0] + re.sub(r"\n\s+", " ", found[1]) + found[0][-1], text)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def natural(activity_id: str) -> tuple[str, int]:
    """Return the key that sorts IA_BE_2 before IA_BE_14."""
    found = re.fullmatch(r"(.*?)_?(\d*)", activity_id)
    assert found is not None
    return found[1], int(found[2] or 0)


def read_guidance(folder: Path) -> dict[str, list[tuple[int, int, Facts]]]:
    """Return first year, last year and block of each activity's guidance."""
    found: dict[str, list[tuple[int, int, Facts]]] = {}
    for path in sorted(folder.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            for raw in entry["guidance"]:
                first, last = raw["years"]
                found.setdefault(entry["id"], []).append((first, last, block(raw)))
    return found


def block(raw: Facts) -> Facts:
    """Return one guidance block in the shape of mips_desk.domain.activity.Guidance."""
    options = [{key: value for key, value in option.items() if value} for option in raw["evidence"]["options"]]
    need = {"any": 1, "all": len(options)}.get(raw["evidence"]["need"], raw["evidence"]["need"])
    period = raw["period"]
    frequency = raw["frequency"]
    return {
        "summary": raw["summary"],
        "objective": raw.get("objective") or "",
        "need": need,
        "options": options,
        "period": {"kind": period["kind"], "days": period["days"], "note": period["note"] or ""},
        "frequency": frequency["note"] if frequency else "",
        "capture_tips": raw["capture_tips"],
        "stated": raw["basis"] == "stated",
        "sources": raw["sources"],
    }


def add_guidance(rows: list[dict[str, str]], blocks: dict[str, list[tuple[int, int, Facts]]]) -> None:
    """Write the blocks of activities that have none; blocks that are there stay as they are."""
    present = {activity_id for activity_id, _ in stored_blocks()}
    for activity_id, group in groupby(rows, key=lambda row: row["activity_id"]):
        if activity_id in present:
            continue
        added: dict[str, Facts] = {}
        for row in group:
            year = int(row["performance_year"])
            for first, last, found in blocks.get(activity_id, []):
                if first <= year <= last and [found] != list(added.values())[-1:]:
                    added[f"{activity_id}.{year}"] = found
        path = GUIDANCE / f"{natural(activity_id)[0].removeprefix('IA_').lower()}.json"
        entries = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        write(path, dict(sorted((entries | added).items(), key=lambda entry: block_order(entry[0]))))


def stored_blocks() -> list[tuple[str, int]]:
    """Return activity and first year of each block in resources, as often as it is there."""
    return [
        (name.rpartition(".")[0], int(name.rpartition(".")[2]))
        for path in sorted(GUIDANCE.glob("*.json"))
        for name, _ in json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=list)
    ]


def block_order(name: str) -> tuple[tuple[str, int], int]:
    """Return the key that sorts the blocks of a file by activity and year."""
    activity_id, _, year = name.rpartition(".")
    return natural(activity_id), int(year)


def choose_guidance(rows: list[dict[str, str]]) -> dict[tuple[str, int], str]:
    """Return the name of the one block of each activity and year.

    Raises:
        SystemExit: an activity has no block in a year, or a block is there twice or never used.
    """
    stored = stored_blocks()
    chosen: dict[tuple[str, int], str] = {}
    wrong = [
        f"{activity_id}.{year}: there twice"
        for activity_id, year in set(stored)
        if stored.count((activity_id, year)) > 1
    ]
    for row in rows:
        activity_id, year = row["activity_id"], int(row["performance_year"])
        starts = [first for block_id, first in stored if block_id == activity_id and first <= year]
        if starts:
            chosen[activity_id, year] = f"{activity_id}.{max(starts)}"
        else:
            wrong.append(f"{activity_id} in {year}: no guidance")
    unused = {f"{activity_id}.{year}" for activity_id, year in stored} - set(chosen.values())
    wrong += [f"{name}: never used" for name in unused]
    if wrong:
        raise SystemExit("\n".join(["Every activity needs one block of guidance in each year.", *sorted(wrong)]))
    return chosen


def write_catalog(rows: list[dict[str, str]], chosen: dict[tuple[str, int], str]) -> None:
    """Write activities.json: the facts of each activity and the name of its guidance, in runs of equal years."""
    activities: dict[str, Facts] = {}
    for activity_id, group in groupby(rows, key=lambda row: row["activity_id"]):
        runs: list[Facts] = []
        first_year = 0
        for row in group:
            year = int(row["performance_year"])
            first_year = int(row["first_year"])
            run = {
                "title": row["title"],
                "subcategory": row["subcategory"] or None,
                "weight": row["weight"] or None,
                "cehrt_eligible": row["cehrt_eligible"] == "True",
                "guidance": chosen[activity_id, year],
            }
            if runs and {**runs[-1], "years": None} == {"years": None, **run} and runs[-1]["years"][1] == year - 1:
                runs[-1]["years"][1] = year
            else:
                runs.append({"years": [year, year], **run})
        activities[activity_id] = {"first_year": first_year, "runs": runs}
    write(CATALOG / "activities.json", activities)


def write_mvps(rows: list[dict[str, str]]) -> None:
    """Write the MVPs of each year with their activities."""
    found: dict[str, list[Facts]] = {}
    for row in sorted(rows, key=lambda row: (row["performance_year"], row["mvp_id"])):
        found.setdefault(row["performance_year"], []).append(
            {
                "id": row["mvp_id"],
                "title": row["title"],
                "topic": row["clinical_topic"],
                "activities": sorted(row["activity_ids"].split(), key=natural),
            }
        )
    write(CATALOG / "mvps.json", found)


def write_links(rows: list[dict[str, str]], years: list[int]) -> None:
    """Write the links of each year; the page of a year follows one pattern, and `seen` tells which were looked at."""
    page = "https://qpp.cms.gov/mips/improvement-activities?py={}"
    seen = {row["url"] for row in rows}
    found: dict[str, list[Facts]] = {}
    for year in years:
        url = page.format(year)
        links = [{"title": "Improvement Activities Requirements", "url": url, "seen": url in seen}]
        links += [
            {"title": row["title"], "url": row["url"], "seen": True}
            for row in rows
            if row["performance_year"] == str(year) and row["url"] != url
        ]
        found[str(year)] = links
    write(CATALOG / "links.json", found)


def year_rules(year: int, facts: Facts, rules: Facts, extra: Facts) -> Facts:
    """Return the rules of a year in the shape of mips_desk.domain.rules.YearRules, with inventory counts."""
    scoring = facts["scoring"]
    tables = facts["reweighting"]
    provisional = facts["status"] != "final"
    window = facts["submission_window"]
    credit = facts["apm_participant_not_under_apm_pathway"]
    bonus = facts["cehrt_bonus"]
    return {
        "year": year,
        "payment_year": facts["payment_year"],
        "provisional": provisional,
        "status_note": " ".join(facts.get("status_note", "").split()),
        "inventory_year": year - 1 if provisional else year,
        "inventory": facts["inventory"],
        "weighted": scoring["weighted_activities"],
        "target_points": scoring["target_points"],
        "points": {
            "standard": scale(scoring["points_standard"]),
            "special_status": scale(scoring["points_special_status"]),
            "mvp": scale(scoring["points_mvp"]) if "points_mvp" in scoring else None,
        },
        "doubling_statuses": facts["special_statuses_doubling"],
        "small_practice_max": rules["special_status_definitions"]["small_practice"]["max_eligible_clinicians"],
        "weights": tables["traditional_and_mvp"],
        "small_practice_weights": tables.get("small_practice"),
        "assigned": assigned(facts),
        "min_days": facts["performance_period"]["min_continuous_days"],
        "group": threshold(facts["group_threshold"], "R3.10" if year < 2020 else "R3.11"),
        "medical_home": {
            "activity_id": facts["pcmh"]["measure_id"],
            "points": scoring["target_points"] * facts["pcmh"]["credit_percent"] // 100,
            "sites": threshold(facts["pcmh"]["site_rule"], "R2.10"),
        },
        "apm_credit": {
            "points": credit["baseline_points"],
            "needs_own_data": credit["must_claim"] != "none stated",
            "withheld_by_exception": "not_applied_if" in credit,
        },
        "cehrt_bonus": bonus
        and {
            "category": bonus["category"],
            "points": bonus["bonus_percentage_points"],
            "measure_id": bonus["attest_measure_id"],
        },
        "submission": {
            "opens": window["opens"],
            "default_close": window["regulatory_default_close"],
            "actual_close": window["actual_close"],
            "closes_at": window["close_time"],
            "certainty": window["confidence"],
            "note": " ".join(window["note"].split()),
            "ways": facts["submission_types"],
        },
        "audit": {"response_days": facts["audit"]["response_days"], "note": " ".join(facts["audit"]["note"].split())},
        "retention": {
            "until": facts["retention"]["until"],
            "recommended_until": facts["retention"]["recommended_until"],
        },
        "levels": [level.split()[0] for level in facts["submission_levels"]],
        "citations": {
            rule: {key: value for key, value in citation.items() if key != "years"}
            for rule, citation in extra["citations"].items()
            if within(citation.get("years"), year)
        },
    }


def scale(points: dict[str, int]) -> dict[str, int]:
    """Return a point scale; years without weights have one value for each activity."""
    return {"each": points["any"]} if "any" in points else points


def threshold(facts: Facts, rule: str) -> Facts:
    """Return a threshold as a least number or a least share."""
    key = "share" if "fraction" in facts["type"] else "least"
    return {"rule": rule, key: facts["value"], "whole": facts.get("denominator", "")}


def assigned(facts: Facts) -> Facts:
    """Return the APM track of a year."""
    track, rule = ("app", "R2.24") if "app" in facts else ("apm_scoring_standard", "R2.23")
    found = facts[track]
    weight = found["ia_weight_percent"]
    usual, web = (weight["other_mips_apm"], weight["web_interface_apm"]) if isinstance(weight, dict) else (weight,) * 2
    return {
        "track": track,
        "percent": found["ia_percent_assigned"],
        "ia_weight": usual,
        "web_interface_weight": web,
        "if_no_quality": found["if_no_quality"],
        "if_no_pi": found["if_no_pi"],
        "rule": rule,
        "note": " ".join(found["note"].split()),
    }


def within(years: list[int] | None, year: int) -> bool:
    """Tell whether a year lies in an inclusive range; no range is every year."""
    return years is None or years[0] <= year <= years[1]


def common_rules(rules: Facts, extra: Facts) -> Facts:
    """Return the rules that span years in the shape of mips_desk.domain.rules.CommonRules.

    Raises:
        SystemExit: an open reading has no words for a person.
    """
    messaging = rules["secure_messaging"]
    worded = {item["id"] for item in extra["readings"]}
    if unworded := [item["id"] for item in rules["open_readings"] if item["id"] not in worded]:
        raise SystemExit(f"These open readings have no words yet: {', '.join(unworded)}.")
    return {
        "as_of": rules["as_of"],
        "statuses": statuses(rules["special_status_definitions"]),
        "frequency_limits": [
            {
                "activity_id": limit["id"],
                "every_years": limit["once_every_years"],
                "years": limit["note_in_description_years"],
            }
            for limit in rules["frequency_limits"]
            if "once_every_years" in limit
        ],
        "frequency_notes": [limit for limit in rules["frequency_limits"] if "note" in limit],
        "suspensions": [
            {
                "year": item["year"],
                "effective": full_date(item["effective"]),
                "activity_ids": sorted(item["ids"], key=natural),
                "text": extra["suspension_texts"][item["year"]],
            }
            for item in sorted(rules["suspensions"], key=lambda item: int(item["year"]))
        ],
        "renamings": [
            {
                "old": change["from"],
                "new": change["to"],
                "from_year": change["from_year"],
                "revised": change.get("text_revised", False),
            }
            for change in sorted(rules["id_changes"], key=lambda change: natural(change["from"]))
        ],
        "removed_2026": rules["removed_2026"],
        "special_periods": [*special_periods(rules["special_periods"]), *extra["special_periods"]],
        "mvp_only": [{"activity_id": item["id"], "years": item["years"]} for item in rules["program_restrictions"]],
        "secure_messaging": {
            "measures": {str(year): ids for year, ids in messaging["measures"].items()},
            "max_points": messaging["max_percentage_points"],
            "base_points": messaging["base_score_points"],
            "certified_technology": messaging["cehrt"]["transition"],
            "group": messaging["group"],
        },
        "not_scored": [
            {
                "case": " ".join(item["case"].split()),
                "years": item["years"],
                "source": f"42 CFR {item['section']}",
                "effect": item.get("effect", ""),
                "undone_by": item.get("undone_by", ""),
            }
            for item in rules["improvement_activities_not_scored"]
        ],
        "readings": extra["readings"],
    }


def full_date(text: str) -> str | None:
    """Return a date, or None when only the month is known."""
    try:
        return date.fromisoformat(str(text)).isoformat()
    except ValueError:
        return None


def special_periods(items: Iterable[Facts]) -> list[Facts]:
    """Return the periods that differ from the usual one; others ask for something besides the usual days."""
    found = []
    for item in items:
        days = item.get("min_continuous_days")
        months = re.match(r"(\d+) months", item.get("min", ""))
        if days or months:
            found.append(
                {
                    "activity_id": item["id"],
                    "years": item["years"],
                    "kind": "continuous_days",
                    "days": days,
                    "months": int(months[1]) if months else None,
                    "note": item.get("min", ""),
                }
            )
    return found


def statuses(facts: Facts) -> Facts:
    """Return the four special statuses in plain words."""
    small = facts["small_practice"]["max_eligible_clinicians"]
    encounters = facts["non_patient_facing"]["individual_max_patient_facing_encounters"]
    share = round(100 * facts["non_patient_facing"]["group_npi_share_more_than"])
    area_group = f"2017: at least one site; since 2018: more than {share}% of the clinicians billing under the TIN."
    return {
        "small_practice": {
            "definition": f"The TIN has {small} or fewer eligible clinicians; {small + 1} are too many.",
            "group": "",
            "rule": "R2.1",
        },
        "rural": {"definition": "The ZIP code of the practice is rural.", "group": area_group, "rule": "R2.4"},
        "hpsa": {
            "definition": "The practice lies in a geographic health professional shortage area.",
            "group": area_group,
            "rule": "R2.5",
        },
        "non_patient_facing": {
            "definition": f"The clinician had {encounters} or fewer patient-facing encounters, telehealth included.",
            "group": f"More than {share}% of the clinicians are non-patient facing.",
            "rule": "R2.3",
        },
    }


if __name__ == "__main__":
    main()
