"""The command that writes a submission file for CMS. `cli` includes it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from .cli_input import Json, PassphraseFd, PassphraseFile, Year, open_vault, print_json

app = typer.Typer()


@app.command()
def submission(
    vault: Path,
    year: Year,
    out: Annotated[Path, typer.Option(help="The JSON file to write; it holds the whole TIN.")],
    activity: Annotated[
        list[str] | None,
        typer.Option(help="This activity, proven or not; may be given several times. Without it: all that are proven."),
    ] = None,
    npi: Annotated[str, typer.Option(help="Whose submission it is, where clinicians report as individuals.")] = "",
    entity_id: Annotated[str, typer.Option(help="CMS's identifier of the virtual group, subgroup or APM Entity.")] = "",
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    as_json: Json = False,
) -> None:
    """Write what can be attested for a year as CMS's QPP reads it; a person uploads it, the app sends nothing."""
    from mips_desk.services import submitting

    session = open_vault(vault, passphrase_file, passphrase_fd)
    try:
        prepared = submitting.prepare(session, year, activities=activity or (), npi=npi, entity_id=entity_id)
        submitting.write(session, prepared, out)
    finally:
        session.close()
    if as_json:
        print_json(
            {
                "activities": list(prepared.submission.activity_ids),
                "left_out": [{"activity": name, "reason": reason} for name, reason in prepared.left_out],
                "notes": list(prepared.notes),
            }
        )
    else:
        print(f"{out}: {', '.join(prepared.submission.activity_ids)}")
    for name, reason in prepared.left_out:
        print(f"{name} is not in it. {reason}", file=sys.stderr)
    for note in prepared.notes:
        print(note, file=sys.stderr)
