"""Every table in a folder: exact in Parquet, readable by spreadsheets in CSV.

A file is written under another name and renamed once it is complete; it is streamed, however large. In CSV
moments are ISO 8601 UTC with Z, lists are joined by `;`, and a text that a spreadsheet would run as a formula
is prefixed with an apostrophe.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from emailresponse import reports
from emailresponse.errors import SettingsError
from emailresponse.filter import CLASSES, CLOCKS, LEAD_CLASSES, Filter
from emailresponse.reports.figures import Quantile
from emailresponse.store import Store, statement

TABLES = (
    "waits",
    "wait_messages",
    "conversations",
    "verdicts",
    "messages",
    "recipients",
    "copies",
    "people",
    "teams",
    "mailboxes",
    "imports",
    "refusals",
    "volumes",
    "openings",
    "overrides",
    "goals",
    "audit",
    "summary",
)
FORMATS = {"parquet": "FORMAT parquet, COMPRESSION zstd", "csv": "FORMAT csv, HEADER, NULLSTR ''"}
MARKER = ".emailresponse-export"
"""The file that says that a folder was written by an export, and may be written again."""

_FIGURES = (
    "n",
    "open_count",
    "answered",
    "judged",
    "met",
    "share",
    "share_low",
    "share_high",
    "median",
    "p90",
    "restricted_mean_seconds",
    "horizon_seconds",
    "chaser_rate",
    "handoffs",
    "handoff_median_seconds",
    "unanswered",
    "lapsed",
    "superseded",
    "late",
    "dismissed",
    "by_hand",
    "hidden_share",
    "off_hours",
    "off_hours_share",
    "skewed",
    "inferred",
    "as_of_at",
    "answered_only_mean_seconds",
    "answered_only_median_seconds",
)


def export(
    store: Store,
    folder: Path,
    form: str,
    *,
    is_forced: bool = False,
    asked: Filter | None = None,
    notice: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Write every table to a folder, which is made where it is absent; returns the files.

    Args:
        store: the workspace, or what it was as of a moment.
        folder: where to; one that holds other things is refused unless forced.
        form: `parquet` or `csv`.
        is_forced: write into a folder that holds other things; files of the same names are replaced.
        asked: days and people of the summary; classes and clock are its rows.
        notice: told each table before it is written.

    Raises:
        SettingsError: the folder is a file, holds other things, or cannot be written to.
    """
    try:
        _prepare(folder, is_forced=is_forced)
        with store.table("summary_rows", _summary(store, asked or Filter())):
            return [_written(store, folder, name, form, notice) for name in TABLES]
    except OSError as error:
        raise SettingsError(error.strerror or str(error), str(folder)) from error


def _prepare(folder: Path, *, is_forced: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise SettingsError("is a file; give a folder", str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    is_ours = (folder / MARKER).exists()
    if not is_ours and not is_forced and any(folder.iterdir()):
        raise SettingsError("holds other things; give an empty folder, or --force", str(folder))
    (folder / MARKER).touch()


def _written(store: Store, folder: Path, name: str, form: str, notice: Callable[[str], None]) -> Path:
    notice(name)
    path = folder / f"{name}.{form}"
    part = folder / f".{name}.{form}.part"
    question = _spreadsheet(store, f"export/{name}") if form == "csv" else statement(f"export/{name}")
    try:
        store.execute("COPY (", question, ") TO $path (", FORMATS[form], ")", path=str(part))
        os.replace(part, path)  # noqa: PTH105 - Path.replace does the same; the name says what it is
    finally:
        part.unlink(missing_ok=True)
    return path


def _spreadsheet(store: Store, name: str) -> str:
    """Return a table's statement with moments, lists and dangerous texts as a spreadsheet takes them."""
    cells = [_cell(f'"{column}"', kind) + f' AS "{column}"' for column, kind in store.columns(name)]
    return f"FROM (\n{statement(name)}\n) SELECT {', '.join(cells)}"


def _cell(column: str, kind: str) -> str:
    if kind.startswith("TIMESTAMP"):
        return f"strftime({column}, '%Y-%m-%dT%H:%M:%S.%fZ')"
    if kind == "VARCHAR[]":
        return _safe(f"array_to_string({column}, ';')")
    return _safe(column) if kind == "VARCHAR" else column


def _safe(text: str) -> str:
    """Return SQL that prefixes what a spreadsheet would run (OWASP: CSV injection)."""
    starts = f"left({text}, 1) IN ('=', '+', '-', '@', chr(9), chr(13))"
    return f"CASE WHEN {starts} THEN '''' || {text} ELSE {text} END"


def _summary(store: Store, asked: Filter) -> pa.Table:
    """Return a row per class and clock, and one for all leads: the only place for answered-only figures."""
    rows = [
        {"class": name, "clock": clock, **_figures(store, replace(asked, classes=wanted, clock=clock))}
        for name, wanted in (("lead", LEAD_CLASSES), *((one, (one,)) for one in CLASSES))
        for clock in CLOCKS
    ]
    return pa.table({name: pa.array([row[name] for row in rows], _kind(name)) for name in rows[0]})


def _figures(store: Store, asked: Filter) -> dict[str, Any]:
    found = reports.summary(store, asked)
    values: dict[str, Any] = {"goal_seconds": found.goal_seconds}
    for name in _FIGURES:
        value = getattr(found, name)
        if isinstance(value, Quantile):
            values |= {f"{name}_{one.name}": getattr(value, one.name) for one in fields(value)}
        else:
            values[name] = value
    for within in found.within:
        values[f"within_{within.seconds}_seconds_share"] = within.share
    return values


def _kind(name: str) -> pa.DataType:
    if name in {"class", "clock"}:
        return pa.string()
    if name.endswith("_at"):
        return pa.timestamp("us")
    if name.endswith("_is_reached"):
        return pa.bool_()
    is_measured = name.endswith(("share", "rate", "_low", "_high", "mean_seconds", "median_seconds")) or (
        name.startswith(("median_", "p90_", "share_")) or name == "horizon_seconds"
    )
    return pa.float64() if is_measured else pa.int64()
