"""Print the rows of a year for ia_facts.csv from CMS's measures data file, in the order of the table.

python scripts/facts_of_year.py measures-data.json [--year Y] >> FOLDER/catalog/ia_facts.csv
"""

import argparse
import csv
import sys
from pathlib import Path

from mips_desk.services.official import read_file


def main() -> None:
    """Print the rows, without a header."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--year", type=int)
    arguments = parser.parse_args()
    official = read_file(arguments.file, arguments.year)
    sys.stdout.reconfigure(encoding="utf-8", newline="")
    out = csv.writer(sys.stdout, lineterminator="\r\n")  # as the table has it
    for found in official.activities:
        # The last column is the last performance year, which CMS's files leave open.
        cehrt = "" if found.cehrt_eligible is None else found.cehrt_eligible
        facts = (found.title, found.weight or "", found.subcategory, cehrt, found.first_year, "")
        out.writerow((found.id, official.year, *facts))


if __name__ == "__main__":
    main()
