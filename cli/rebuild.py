"""`rebuild`: everything derived again from the facts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from cli import workspace
from emailresponse.durations import spoken_quantile, spoken_share

if TYPE_CHECKING:
    from emailresponse.store import Store

FIGURES = ("n", "open_count", "judged", "met", "share", "dismissed", "by_hand")


@click.command("rebuild")
@click.option(
    "--compare", is_flag=True, help="Show the leads' headline figures before and after, and log them."
)
@click.pass_context
def command(context: click.Context, compare: bool) -> None:
    """Derive everything again from the facts.

    Nothing imported or decided is lost. Asked to compare, it says what the headline figures of all leads
    were before and are now, and keeps that in the log.

    \b
    Example:
      emailresponse rebuild
      emailresponse rebuild --compare
    """
    from emailresponse import audit, derive

    with workspace.opened(context.obj) as store:
        before = _headline(store) if compare else None
        started = time.monotonic()
        derive.rebuild(store, lambda step: click.echo(f"  {step}", err=True))
        click.echo(f"Derived everything again in {time.monotonic() - started:.1f} s.")
        if compare:
            after = _headline(store)
            detail = {"before": before, "after": after}
            with store.transaction():
                audit.record(store, workspace.change(), "rebuild", "workspace", detail, is_rebuild=False)
            _show(before, after)


def _headline(store: Store) -> dict[str, Any] | None:
    """Return the headline figures of all leads on both clocks as they stand derived; None: never derived."""
    from emailresponse import reports
    from emailresponse.filter import CLOCKS, Filter

    if not reports.is_derived(store):
        return None
    found: dict[str, Any] = {}
    for clock in CLOCKS:
        summary = reports.summary(store, Filter(clock=clock))
        found[clock] = {name: getattr(summary, name) for name in FIGURES} | {
            "median": spoken_quantile(summary.median, clock),
            "p90": spoken_quantile(summary.p90, clock),
        }
    return found


def _show(before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Leads", "Clock", "Before", "After", ""):
        table.add_column(name)
    for clock, figures in (after or {}).items():
        for name, now in figures.items():
            was = before[clock][name] if before else None
            table.add_row(
                name.replace("_", " "),
                clock,
                "never derived" if before is None else _said(name, was),
                _said(name, now),
                "" if before is None or was == now else "changed",
            )
    Console(markup=False, highlight=False).print(table)


def _said(name: str, value: Any) -> str:
    return spoken_share(value) if name == "share" else str(value)
