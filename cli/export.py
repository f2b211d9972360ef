"""`export`: every table in a folder."""

from __future__ import annotations

from pathlib import Path

import click

from cli import question


@click.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["parquet", "csv"]), default="parquet", show_default=True)
@click.option("--as-of", metavar="MOMENT", help="As one would have answered then: a day or a moment.")
@click.option("--force", is_flag=True, help="Write into a folder that holds other things.")
@click.pass_context
def command(context: click.Context, folder: Path, form: str, as_of: str | None, force: bool) -> None:
    """Write every table to a folder: waits, messages, conversations, verdicts, figures and what they rest on.

    Moments are UTC; in CSV they are ISO 8601 with Z, lists are joined by ";", and a text that a spreadsheet
    would run as a formula begins with an apostrophe. Parquet holds everything exactly.

    \b
    Example:
      emailresponse export tables/ --format csv
      emailresponse export march/ --as-of 2026-03-31
    """
    from emailresponse import export

    with question.asking(context.obj, question.everything(as_of)) as ask:
        written = export.export(
            ask.store, folder, form, is_forced=force, notice=lambda name: click.echo(f"  {name}", err=True)
        )
        click.echo(f"Wrote {len(written)} tables to {folder}.")
