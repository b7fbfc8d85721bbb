"""Search as you type against SQLite's FTS5, alternating, in one run.

    .venv/bin/python benchmarks/search.py [ROUNDS]

Both look through the same texts of all performance years, for every beginning of the phrases of
`tests/unit/catalog/phrases.py`, as a person types them. FTS5 gets its own stemmer (porter), a prefix query on the last
word, bm25 with the weights of the fields, and "any of the words", which is the nearest it has; it knows no everyday
words and forgives no typing error. The figures that count are the ratios of the medians. A third part says in how many
phrases each puts the expected activity among the first five.
"""

import re
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "unit" / "catalog")]

from phrases import EVERYDAY, UNSEEN  # noqa: E402  # found only now

from mips_desk.catalog.load import load_catalog  # noqa: E402
from mips_desk.catalog.search import load_search  # noqa: E402
from mips_desk.domain.activity import Activity  # noqa: E402

Find = Callable[[str, int | None], list[str]]
PHRASES = (*EVERYDAY, *UNSEEN)


def clear() -> None:
    """Forget everything that was loaded, so that the next start is a first one."""
    load_catalog.cache_clear()
    load_search.cache_clear()


def start_ours() -> Find:
    """Load the catalog and index all years."""
    search = load_search()
    search.find("a")
    return lambda text, year: [hit.activity.id for hit in search.find(text, year, 20)]


def start_fts5() -> Find:
    """Load the catalog and index all years with FTS5; a year is a column to filter by."""
    catalog = load_catalog()
    rows = {
        (activity.id, activity.title, id(activity.guidance)): (activity, year)
        for year in catalog.years
        for activity in catalog.activities(year)
    }
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE found USING fts5"
        " (id UNINDEXED, title, summary, labels, details, tips, subcategory, tokenize = 'porter unicode61')"
    )
    database.executemany("INSERT INTO found VALUES (?, ?, ?, ?, ?, ?, ?)", (texts(each) for each, _ in rows.values()))
    query = "SELECT id FROM found WHERE found MATCH ? ORDER BY bm25(found, 0, 5.0, 3.0, 2.0, 1.0, 0.5, 1.5) LIMIT 20"

    def find(text: str, year: int | None) -> list[str]:
        words = re.findall(r"\w+", text)
        if not words:
            return []
        match = " OR ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}"*'])
        ids = [row[0] for row in database.execute(query, (match,))]
        current = [each for each in ids if year is None or catalog.activity(year, each)]
        return list(dict.fromkeys(current))

    return find


def texts(activity: Activity) -> tuple[str, ...]:
    """Return the columns of an activity."""
    guidance = activity.guidance
    return (
        activity.id,
        activity.title,
        f"{guidance.summary} {guidance.objective}",
        " ".join(option.label for option in guidance.options),
        " ".join(option.detail for option in guidance.options),
        " ".join(guidance.capture_tips),
        activity.subcategory.label if activity.subcategory else "",
    )


def main() -> None:
    """Run the comparison and print it."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    starts = {"MIPS Desk": start_ours, "SQLite FTS5": start_fts5}
    keystrokes = [phrase[:end] for phrase, _, _ in PHRASES for end in range(1, len(phrase) + 1)]
    begin: dict[str, list[float]] = {name: [] for name in starts}
    typing: dict[str, list[list[float]]] = {name: [] for name in starts}
    finds: dict[str, Find] = {}
    for _ in range(rounds):
        for name, start in starts.items():
            clear()
            moment = time.perf_counter()
            finds[name] = start()
            begin[name].append(time.perf_counter() - moment)
            times = []
            for text in keystrokes:
                moment = time.perf_counter()
                finds[name](text, None)
                times.append(time.perf_counter() - moment)
            typing[name].append(times)
    print(f"{len(keystrokes)} keystrokes of {len(PHRASES)} phrases over all years, {rounds} rounds, milliseconds")
    print(f"{'':14}{'start':>8}{'median':>9}{'95 %':>8}{'slowest':>9}   among the first five")
    medians: dict[str, float] = {}
    for name in starts:
        # The best of the rounds for each keystroke: the rest is the computer doing something else.
        best = sorted(min(column) for column in zip(*typing[name], strict=True))
        medians[name] = statistics.median(best)
        figures = [statistics.median(begin[name]), medians[name], best[int(len(best) * 0.95)], best[-1]]
        found = sum(wanted in finds[name](phrase, year)[:5] for phrase, year, wanted in PHRASES)
        shown = "".join(f"{1000 * figure:9.2f}" for figure in figures)
        print(f"{name:12}{shown}   {found} of {len(PHRASES)}")
    ours, theirs = (statistics.median(begin[name]) for name in starts)
    print(f"ratio to FTS5: start {ours / theirs:.2f}, keystroke {medians['MIPS Desk'] / medians['SQLite FTS5']:.2f}")


if __name__ == "__main__":
    main()
