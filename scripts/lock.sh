#!/usr/bin/env bash
# Write requirements/all.lock anew from pyproject.toml (needs uv: pip install uv), then check that every platform has wheels.
set -euo pipefail
cd "$(dirname "$0")/.."
uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-emit-find-links \
    --custom-compile-command scripts/lock.sh --constraints requirements/constraints.txt \
    pyproject.toml --extra ocr --group test --group build -o requirements/all.lock "$@"
python3 scripts/check_wheels.py
