"""Commands about the vault as a whole: its journal, backups, checks. `cli` includes them."""

import typer

app = typer.Typer()
