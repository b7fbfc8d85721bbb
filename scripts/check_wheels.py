"""Check that all that the lock names can be had as a wheel on each platform MIPS Desk is made for. Needs a network."""

import subprocess
import sys
import tempfile
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements" / "all.lock"
MAC = ["10_9", "10_10", "10_12", "10_13", "10_15", "11_0", "12_0", "13_0", "14_0"]
PLATFORMS = {
    "Windows": ["win_amd64"],
    "macOS 14, Apple silicon": [f"macosx_{v}_{a}" for v in MAC for a in ("arm64", "universal2")],
    "macOS 15, Intel": [f"macosx_{v}_{a}" for v in [*MAC, "15_0"] for a in ("x86_64", "universal2")],
    "Linux x86-64": [f"manylinux{v}_x86_64" for v in ("2014", "_2_17", "_2_28", "_2_34")],
    "Linux arm64": [f"manylinux{v}_aarch64" for v in ("2014", "_2_17", "_2_28", "_2_34", "_2_39")],
}

if __name__ == "__main__":
    bad = 0
    for name, tags in PLATFORMS.items():
        for version in ("3.11", "3.12", "3.13"):
            with tempfile.TemporaryDirectory() as folder:
                command = [sys.executable, "-m", "pip", "install", "-q", "--dry-run", "--ignore-installed"]
                command += ["--target", folder, "--only-binary=:all:", "--python-version", version]
                command += [word for tag in tags for word in ("--platform", tag)]
                done = subprocess.run(
                    [*command, "--require-hashes", "-r", str(LOCK)], capture_output=True, text=True, check=False
                )
            errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            print(f"{name}, Python {version}: {'ok' if not done.returncode else errors[-1] if errors else done.stderr}")
            bad += bool(done.returncode)
    sys.exit(1 if bad else 0)
