"""`emailresponse demo`: an invented sales team's mail, to try everything on."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from connectors.demo.writing import DEFAULT_DAYS, DEFAULT_SEED, DEFAULT_UNTIL, write


@click.command(name="demo")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Another number, another half year."
)
@click.option(
    "--days",
    type=click.IntRange(14, 3650),
    default=DEFAULT_DAYS,
    show_default=True,
    help="Days of mail to invent.",
)
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    default=str(DEFAULT_UNTIL),
    show_default="the demo's own",
    help="The last day of mail.",
)
def command(folder: Path, seed: int, days: int, until: datetime) -> None:
    """Write an invented sales team's mail, and the settings that belong to it, into DIR.

    Nothing is imported. The mail comes as what real mailboxes are exported to: JSON lines as from Gmail and
    Microsoft 365, a Google Takeout archive, an mbox and a Maildir. The same options write the same bytes.

    Example: emailresponse demo demo/
    """
    written = write(folder, seed=seed, days=days, until=until.date())
    click.echo(f"{written.messages:,} messages ({written.copies:,} copies) of an invented team, in {folder}.")
    click.echo("Next:")
    start = f"emailresponse --db {folder / 'demo.duckdb'} --config {written.config}"
    for path, mailbox in written.files:
        click.echo(f"  {start} import {path}{f' --mailbox {mailbox}' if mailbox else ''}")
    click.echo(f"  {start} report")
