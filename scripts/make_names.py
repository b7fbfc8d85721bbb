"""Write resources/identify/{given,family}.txt: the commonest names of the 1990 census of the United States.

The census published them as dist.all.last, dist.male.first and dist.female.first; works of the government of the United
States are in the public domain (17 U.S.C. 105). Give the folder that holds the three files; the source distribution of
the package "names" 0.3.0 on PyPI has them unchanged.

    python scripts/make_names.py FOLDER
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "resources" / "identify"
#: The commonest family names; these are about three of four people. Rarer ones are left to other rules.
FAMILY_NAMES = 12_000


def names(file: Path) -> list[str]:
    """Return the names in a file of the Census Bureau, the commonest first."""
    return [line.split()[0].lower() for line in file.read_text(encoding="ascii").splitlines() if line.strip()]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    given = sorted({*names(folder / "dist.male.first"), *names(folder / "dist.female.first")})
    family = sorted(names(folder / "dist.all.last")[:FAMILY_NAMES])
    HERE.mkdir(parents=True, exist_ok=True)
    (HERE / "given.txt").write_text("\n".join(given) + "\n", encoding="ascii", newline="\n")
    (HERE / "family.txt").write_text("\n".join(family) + "\n", encoding="ascii", newline="\n")
