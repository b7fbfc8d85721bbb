"""Loading the catalog, the rules and a CMS file, against the plain JSON reader of Python on the same bytes, in one run.

.venv/bin/python benchmarks/catalog.py [MEASURES_DATA.json]
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mips_desk.catalog.cms_file import read_measures
from mips_desk.catalog.load import load_catalog
from mips_desk.catalog.rules import load_rules
from mips_desk.domain.practice import Level
from mips_desk.domain.score import ActivityFacts, ScoreFacts
from mips_desk.domain.scoring import score
from mips_desk.paths import resources

ROUNDS = 30


def median_ms(work: Callable[[], object]) -> float:
    """Return the median of some rounds, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def load() -> None:
    """Load everything that a year needs, as a new process does."""
    load_catalog.cache_clear()
    load_rules.cache_clear()
    load_catalog().inventory(2026)
    load_rules(2026)


def plain() -> None:
    """Read the same files into dictionaries, unchecked."""
    for path in (resources() / "catalog").rglob("*.json"):
        json.loads(path.read_bytes())
    for name in ("2026", "common"):
        json.loads((resources() / "rules" / f"{name}.json").read_bytes())


def main() -> None:
    """Print the figures."""
    ours, theirs = median_ms(load), median_ms(plain)
    print(f"catalog, a year of it, its rules: {ours:.1f} ms; json.loads alone: {theirs:.1f} ms; {ours / theirs:.2f}")
    if len(sys.argv) > 1:
        data = Path(sys.argv[1]).read_bytes()
        ours, theirs = median_ms(lambda: read_measures(data)), median_ms(lambda: json.loads(data))
        print(f"CMS file, checked: {ours:.1f} ms; json.loads alone: {theirs:.1f} ms; {ours / theirs:.2f}")
    ids = list(load_catalog().inventory(2024))[:20]
    facts = ScoreFacts(2024, level=Level.GROUP, activities=tuple(ActivityFacts(name) for name in ids), npis_total=9)
    rules, inventory = load_rules(2024), load_catalog().inventory(2024)
    print(f"score of 20 activities with its trace: {median_ms(lambda: score(facts, rules, inventory)):.2f} ms")


if __name__ == "__main__":
    main()
