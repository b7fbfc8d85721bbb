"""Commands about handing over between desktops. `cli` includes them under `handover`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from .cli_input import Json, PassphraseFd, PassphraseFile, Progress, open_vault, print_json

app = typer.Typer(help="Hand over work between two desktops.")


@app.command()
def write(
    vault: Path,
    out: Annotated[Path, typer.Option(help="The file to be; name it *.mipshandover.")],
    everything: Annotated[bool, typer.Option("--all", help="All since the practice began.")] = False,
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    as_json: Json = False,
) -> None:
    """Write a hand-over file with all that the other desktops did not confirm yet."""
    from mips_desk.services import handover

    session = open_vault(vault, passphrase_file, passphrase_fd)
    try:
        made = handover.write_file(session, out, everything=everything, progress=Progress("Byte"))
    finally:
        session.close()
    if as_json:
        print_json({"file": str(out), "changes": made.changes, "pictures": made.pictures, "size": made.size})
    else:
        print(f"{out}: {made.changes} journal entries, {made.pictures} pictures, {made.size} bytes")


@app.command()
def read(
    vault: Path,
    file: Path,
    look: Annotated[bool, typer.Option("--look", help="Only tell what it would bring; change nothing.")] = False,
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    as_json: Json = False,
) -> int:
    """Read a hand-over file: exit 0 nothing is left to do, 1 desktops differ or something waits."""
    from mips_desk.services import handover

    session = open_vault(vault, passphrase_file, passphrase_fd, read_only=look)
    try:
        act = handover.look_into if look else handover.read_file
        found = act(session, file, progress=Progress("Byte"))
        differ = () if look else handover.conflicts(session)
    finally:
        session.close()
    if as_json:
        print_json(
            {
                "changes": found.changes,
                "pictures": found.pictures,
                "conflicts": found.conflicts,
                "notes": list(found.notes),
                "differ": [
                    {"id": each.id, "subject": each.subject, "sides": [side.says for side in each.sides]}
                    for each in differ
                ],
            }
        )
    else:
        print(f"{found.changes} changes, {found.pictures} pictures, {found.conflicts} differences")
        for each in differ:
            print(f"{each.id} {each.subject}: {' | '.join(side.says for side in each.sides)}")
        for note in found.notes:
            print(note, file=sys.stderr)
    return 1 if found.conflicts or found.notes else 0


@app.command()
def settle(
    vault: Path,
    conflict: Annotated[str, typer.Argument(help="As `read` printed it.")],
    side: Annotated[int, typer.Option(help="Which value to keep: 1 for the first one printed.")],
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Choose one value where two desktops differ."""
    from mips_desk.services import handover

    session = open_vault(vault, passphrase_file, passphrase_fd)
    try:
        handover.settle(session, conflict, side - 1)
    finally:
        session.close()
