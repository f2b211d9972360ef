"""`report`: how fast, and how reliably, messages are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli import listing, question
from emailresponse.durations import (
    NO_DATA,
    spoken,
    spoken_band,
    spoken_goal,
    spoken_quantile,
    spoken_share,
)
from emailresponse.filter import PERIODS

if TYPE_CHECKING:
    from cli.question import Asking
    from emailresponse.reports.figures import Row, Summary

GROUPS = ("person", "team", "company", "contact", "class", "mailbox", *PERIODS)


@click.command("report")
@question.options
@click.option("--by", type=click.Choice(GROUPS), help="A line per person, company, week …  [default: person]")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many lines.")
@listing.format_option
@click.pass_context
def command(context: click.Context, /, by: str | None, limit: int, form: str, **given: Any) -> None:
    """Show how fast, and how reliably, messages are answered.

    A wait belongs to the day it arrived. "Within goal" is the share answered in time of the waits that
    opened at least the goal ago, with its 95 % interval; median and p90 count waits nobody has answered yet.

    \b
    Example:
      emailresponse report --since 30d --by week
      emailresponse report --person ada@acme.com --goal 1h --clock calendar
      emailresponse report --since 2026-03-01 --until 2026-03-31 --format json
    """
    from emailresponse import reports

    with question.asking(context.obj, given) as ask:
        rows = _rows(ask, by or "person", limit)
        found, before = reports.compared(ask.store, ask.asked)
        if form == "json":
            question.show_json(
                {
                    "asked": ask.asked,
                    "zone": str(ask.zone),
                    "summary": found,
                    "previous": before,
                    "by": by or "person",
                    "rows": rows,
                }
            )
        elif form == "csv":
            _show_csv(found, rows if by else None)
        else:
            _show_summary(ask, found, before)
            _show_rows(rows, by or "person", ask.asked.clock)


def _rows(ask: Asking, by: str, limit: int) -> list[Row]:
    from emailresponse import reports

    if by in PERIODS:
        return reports.trend(ask.store, ask.asked, by)[-limit:]
    asks = {
        "person": reports.people,
        "team": reports.teams,
        "company": reports.companies,
        "contact": reports.contacts,
        "class": reports.classes,
        "mailbox": reports.mailboxes,
    }
    return asks[by](ask.store, ask.asked, limit)


def _show_csv(found: Summary, rows: list[Row] | None) -> None:
    """Print a line per group, or all the summary in one line."""
    records = [_flat(question.plain(row)) for row in ([found] if rows is None else rows)]
    if records:
        listing.show(list(records[0]), [list(record.values()) for record in records], "csv")


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record with the fields of its quantiles beside it; lists are left to JSON."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if name == "within":
            flat |= {f"within_{one['seconds']}_seconds_share": one["share"] for one in value}
        elif name == "goals":
            flat[name] = ";".join(f"{one['class']}={one['seconds']}" for one in value)
        elif name == "stale":
            flat[name] = ";".join(one["mailbox"] for one in value)
        elif isinstance(value, dict):
            flat |= {f"{name}_{part}": one for part, one in value.items()}
        else:
            flat[name] = value
    return flat


def _show_summary(ask: Asking, found: Summary, before: Summary | None) -> None:
    from rich.console import Console
    from rich.table import Table

    asked, clock = ask.asked, ask.asked.clock
    days = f"{asked.since or 'the beginning'} to {asked.until or 'the end'}"
    click.echo(", ".join(asked.classes))
    click.echo(f"Arrived {days}, {ask.zone}; {clock} time")
    click.echo(f"Known up to {question.local(found.as_of_at, ask.zone) or NO_DATA}")
    for box in found.stale:
        click.echo(f"  {box.mailbox} is known only up to {question.local(box.as_of_at, ask.zone)}")
    click.echo()
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in _lines(found, before, clock):
        table.add_row(name, text)
    Console(markup=False, highlight=False).print(table)


def _lines(found: Summary, before: Summary | None, clock: str) -> list[tuple[str, str]]:
    goals = {f"{spoken_goal(goal.seconds)} ({_source(goal.source)})" for goal in found.goals}
    earlier = ""
    if before is not None:
        earlier = f"; {spoken_share(before.share)} of {before.judged} in the period before"
    marks = f"{found.inferred} inferred, {found.late} late, {found.skewed} skewed"
    hidden = f"{found.dismissed} dismissed, {found.by_hand} closed by hand"
    return [
        ("Waits", f"{found.n}, {found.open_count} of them open, {found.lapsed} lapsed, {hidden}"),
        ("Goal", " / ".join(sorted(goals)) + _set_clocks(found)),
        ("Within goal", f"{_share(found)} of {found.judged} judged{earlier}"),
        ("Median", _quantile(found.median, clock)),
        ("p90", _quantile(found.p90, clock)),
        ("Restricted mean", f"{spoken(found.restricted_mean_seconds, clock)}{_horizon(found)}"),
        ("Answered in", ", ".join(f"{one.label} {spoken_share(one.share)}" for one in found.within)),
        ("Chasers", f"{spoken_share(found.chaser_rate)} of the waits were asked after again"),
        ("Handed on", f"{found.handoffs} to a colleague; median {spoken(found.handoff_median_seconds)}"),
        (
            "Marked",
            f"{found.off_hours} off hours ({spoken_share(found.off_hours_share)} of answered), {marks}",
        ),
        *([("Hidden", f"{spoken_share(found.hidden_share)} of all waits")] if found.is_hidden_high else []),
    ]


def _source(source: str) -> str:
    return {"asked": "as asked", "workspace": "the workspace's", "default": "default"}[source]


def _set_clocks(found: Summary) -> str:
    others = {goal.set_clock for goal in found.goals} - {found.clock}
    return f"; set on the {others.pop()} clock" if others else ""


def _share(found: Summary | Row) -> str:
    if found.share is None:
        return NO_DATA
    low, high = 100 * (found.share_low or 0), 100 * (found.share_high or 0)
    return f"{spoken_share(found.share)} ({low:.0f}-{high:.0f})"


def _quantile(found: Any, clock: str) -> str:
    band = spoken_band(found, clock)
    return spoken_quantile(found, clock) + (f" (95 %: {band})" if band else "")


def _horizon(found: Summary) -> str:
    if found.restricted_mean_seconds is None or found.horizon_seconds is None:
        return ""
    return f", of at most {spoken(found.horizon_seconds, found.clock)}"


def _show_rows(rows: list[Row], by: str, clock: str) -> None:
    from rich.console import Console
    from rich.table import Table

    if not rows:
        return
    click.echo()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(by.capitalize(), overflow="fold", max_width=26)
    for name in ("Waits", "Open", "Judged"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Within goal %", no_wrap=True)
    table.add_column("Median", overflow="fold")
    table.add_column("p90", overflow="fold")
    for row in rows:
        name = f"{row.name} [{spoken_share(row.hidden_share)} hidden]" if row.is_hidden_high else row.name
        table.add_row(
            name,
            str(row.n),
            str(row.open_count),
            str(row.judged),
            _share(row).replace(" %", ""),
            _short(row.median, clock),
            _short(row.p90, clock),
        )
    Console(markup=False, highlight=False).print(table)


def _short(quantile: Any, clock: str) -> str:
    return spoken_quantile(quantile, clock).replace("not reached, ", "")
