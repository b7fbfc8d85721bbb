"""The command that looks for patient identifiers in a picture file. `cli` includes it."""

import sys
from pathlib import Path

import typer

from .cli_input import Json, Progress, print_json

app = typer.Typer()


@app.command()
def identifiers(file: Path, as_json: Json = False) -> None:
    """Propose places in a picture file that may identify a patient, with what was read there."""
    from mips_desk.services import identifying

    try:
        found = identifying.find_in_file(file, progress=Progress("Reading the picture: step"))
    finally:
        identifying.stop()
    if as_json:
        print_json(
            [
                {
                    "kind": each.kind,
                    "x": each.x,
                    "y": each.y,
                    "width": each.width,
                    "height": each.height,
                    "score": each.score,
                    "why": each.why,
                    "text": each.text,
                    "column": each.column,
                }
                for each in found
            ]
        )
    else:
        for each in found:
            place = f"{each.x},{each.y} {each.width}x{each.height}"
            print(f"{each.kind:<12} {each.score:.2f}  {place:<22} {each.text or '-'}  ({each.why})")
    print(identifying.NOTICE, file=sys.stderr)
