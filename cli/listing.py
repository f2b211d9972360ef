"""Lists as people and programs read them, and many entries at once out of a CSV file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from emailresponse.errors import NotFound, SettingsError
from emailresponse.store import Store

FORMATS = ("table", "json", "csv")
_SHORT = 20
Row = Mapping[str, str]

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="How to print the list.",
)
csv_option = click.option(
    "--csv",
    "csv_path",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Many at once: a CSV file with a header line; all of them or none.",
)


class Day(click.ParamType[date]):
    """A local day, written 2026-03-01."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day a text means."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            self.fail(f"{value!r} is no day; write it like 2026-03-01", param, ctx)


DAY = Day()


def show(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str) -> None:
    """Print rows as a table (without the columns that are all empty), JSON or CSV."""
    found = [list(row) for row in rows]
    if form == "json":
        records = [dict(zip(columns, row, strict=True)) for row in found]
        click.echo(json.dumps(records, default=str, ensure_ascii=False, indent=2))
    elif form == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(value) for value in row] for row in found)
        click.echo(text.getvalue(), nl=False)
    else:
        _table(columns, found)


def read(path: Path, needed: Sequence[str], allowed: Sequence[str]) -> list[tuple[int, Row]]:
    """Return the rows of a CSV file with their line numbers; empty cells are left out.

    Raises:
        SettingsError: it cannot be read, or its header lacks or has something it should not.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="", strict=True)
            header = [name.strip().lower() for name in reader.fieldnames or ()]
            reader.fieldnames = header
            _check_header(path, header, needed, allowed)
            rows: list[tuple[int, Row]] = []
            for row in reader:
                if row.get("") is not None:
                    raise SettingsError("has more cells than the header", f"{path}, line {reader.line_num}")
                held = {name: cell.strip() for name, cell in row.items() if cell and cell.strip()}
                rows.append((reader.line_num, held))
            return rows
    except (UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(f"is no CSV file in UTF-8 ({error})", str(path)) from error


def apply(store: Store, path: Path, rows: Iterable[tuple[int, Row]], act: Callable[[Row], object]) -> int:
    """Do one thing for every row in one transaction: all, or none with every faulty line named.

    Returns: how many rows there were.

    Raises:
        SettingsError: some rows cannot be.
    """
    faults: list[str] = []
    count = 0
    with store.transaction():
        for line, row in rows:
            count += 1
            try:
                act(row)
            except (SettingsError, NotFound) as error:
                faults.append(f"line {line}: {error}")
        if faults:
            raise SettingsError("\n  ".join(["nothing was stored:", *faults]), str(path))
    return count


def day(row: Row, name: str) -> date | None:
    """Return a cell's day, if any.

    Raises:
        SettingsError: the cell holds no day.
    """
    if name not in row:
        return None
    try:
        return date.fromisoformat(row[name])
    except ValueError:
        raise SettingsError(f"{row[name]!r} is no day; write it like 2026-03-01", name) from None


def many(row: Row, name: str) -> list[str]:
    """Return the parts of a cell that holds several, set apart by blanks, commas or semicolons."""
    return row.get(name, "").replace(",", " ").replace(";", " ").split()


def check_given(csv_path: Path | None, **needed: object) -> None:
    """Let a command pass that has a CSV file, or everything it needs.

    Raises:
        UsageError: it has neither.
    """
    missing = [name if name.startswith("-") else name.upper() for name, value in needed.items() if not value]
    if csv_path is None and missing:
        raise click.UsageError(f"Give {' and '.join(missing)}, or --csv FILE.")


def _check_header(path: Path, header: Sequence[str], needed: Sequence[str], allowed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in header]
    unknown = [name for name in header if name not in allowed]
    if missing or unknown:
        faults = [f"lacks {', '.join(missing)}"] if missing else []
        faults += [f"has {', '.join(unknown)}, which is none of {', '.join(allowed)}"] if unknown else []
        raise SettingsError(f"the header {' and '.join(faults)}", f"{path}, line 1")


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    if not rows:
        click.echo("none yet")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    cells = [[_cell(row[place]) for row in rows] for place in range(len(columns))]
    for column, held in zip(columns, cells, strict=True):
        if any(held):
            is_short = max(map(len, held)) <= _SHORT
            table.add_column(
                column.replace("_", " "),
                overflow="fold",
                no_wrap=is_short,
                min_width=None if is_short else _SHORT,
            )
    for row in zip(*(held for held in cells if any(held)), strict=True):
        table.add_row(*row)
    Console(markup=False, highlight=False).print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    return str(value)
