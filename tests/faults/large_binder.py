"""A binder of 3,000 exhibits before all judges, with its time and memory.

.venv/bin/python -m tests.faults.large_binder [--exhibits 3000] [--folder FOLDER]
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from mips_desk.binder.verify import verify_binder
from tests import judges

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Write it with the benchmark and ask every judge."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--exhibits", type=int, default=3000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp())
    program = [sys.executable, str(ROOT / "benchmarks" / "binder.py"), "--folder", str(folder)]
    subprocess.run([*program, "--exhibits", str(given.exhibits), "--only", "vault+signed"], check=True)
    judged = folder / "judged"
    judged.mkdir(exist_ok=True)
    file = (folder / "vault-signed.pdf").replace(judged / "binder.pdf")
    found = {
        "preflight": judges.preflight(judged)["binder.pdf"],
        "qpdf": judges.qpdf_complaints(file),
        "fonts not embedded": judges.fonts_outside(file),
        "verify": verify_binder(file).problems,
        "signature": [] if "Signature is Valid." in judges.signature(file) else ["not valid"],
    }
    for name, wrong in found.items():
        print(f"{name}: {wrong or 'nothing wrong'}")
    print(f"{judges.info(file)['Pages']} pages, {file.stat().st_size / 1e6:.0f} MB")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
