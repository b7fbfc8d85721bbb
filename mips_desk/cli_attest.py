"""The command that records what was attested to CMS. `cli` includes it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from .cli_input import PassphraseFd, PassphraseFile, Year, day_from, open_vault

app = typer.Typer()


@app.command()
def attest(
    vault: Path,
    year: Year,
    activity: Annotated[list[str], typer.Option(help="An activity that was attested; may be given several times.")],
    on: Annotated[str, typer.Option(help="The day of the attestation, as 2027-01-20.")],
    by: Annotated[str, typer.Option(help="Who attested.")],
    through: Annotated[str, typer.Option(help="The portal or registry.")],
    reference: Annotated[str, typer.Option(help="Number of the confirmation.")] = "",
    receipt: Annotated[str, typer.Option(help="Evidence id of the receipt, a practice paper of the year.")] = "",
    note: Annotated[str, typer.Option(help="A few words; in a correction the reason.")] = "",
    corrects: Annotated[
        list[str] | None, typer.Option(help="A record that this one replaces; may be given several times.")
    ] = None,
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Record what was attested to CMS; prints the id of the record, and on standard error how it differs from proof."""
    from mips_desk.services import attesting
    from mips_desk.services.overview import load_year

    day = day_from(on)
    assert day is not None, "a text is given"
    session = open_vault(vault, passphrase_file, passphrase_fd)
    try:
        change = attesting.record(
            session,
            year,
            activity,
            day,
            by=by,
            through=through,
            reference=reference,
            receipt_id=receipt,
            note=note,
            replaces=corrects or (),
        )
        told = attesting.attested(load_year(session, year, session.now().date()))
    finally:
        session.close()
    print(change.id)
    for difference in told.differences:
        print(difference.sentence, file=sys.stderr)
