"""`emailresponse goals`: how fast is fast enough, for whom and from when."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from cli import listing
from cli.workspace import change, opened
from emailresponse import goals
from emailresponse.errors import SettingsError
from emailresponse.filter import CLASSES, CLOCKS, parse_seconds
from emailresponse.goals import Goal
from emailresponse.store import Store

COLUMNS = ("of", "class", "within_seconds", "clock", "share", "from", "until")
CSV_COLUMNS = ("scope", "of", "class", "within", "clock", "share", "from", "until")


def _whose(function: Any) -> Any:
    """Give a command the options that say whose goal for which waits is meant."""
    options = [
        click.option("--team", help="The goal of this team; without any, the workspace's."),
        click.option("--mailbox", help="The goal of this mailbox."),
        click.option("--person", help="The goal of this person."),
        click.option(
            "--class",
            "wait_class",
            default="lead",
            show_default=True,
            type=click.Choice([*goals.CLASS_GROUPS, *CLASSES]),
            help="The waits it is for.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def _said(function: Any) -> Any:
    """Give a command the options that say what a goal is."""
    options = [
        click.option("--within", help="e.g. 1h, 90m, 2d."),
        click.option("--clock", type=click.Choice(CLOCKS), default="business", show_default=True),
        click.option("--share", type=float, default=0.9, show_default=True, help="Share that must meet it."),
        click.option(
            "--from", "from_day", type=listing.DAY, help="First local day; since ever if not given."
        ),
        click.option("--until", "until_day", type=listing.DAY, help="Last local day."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


@click.group(name="goals")
def command() -> None:
    """Say how fast is fast enough.

    The goal of a wait is the person's, else the mailbox's, else the team's, else the workspace's.

    \b
    Example:
      emailresponse goals add --class lead --within 1h --share 0.9
      emailresponse goals list
    """


@command.command("add")
@_whose
@_said
@listing.csv_option
@click.pass_obj
def add(obj: dict[str, Any], /, csv_path: Path | None, **said: Any) -> None:
    """Set a goal, or many by --csv.

    The CSV file has the columns scope (workspace, team, mailbox or person), of, class, within, clock,
    share, from, until.

    \b
    Example:
      emailresponse goals add --team sales --class lead --within 30m --from 2026-03-01
    """
    listing.check_given(csv_path, **{"--within": said["within"]})
    with opened(obj) as store:
        if csv_path:
            rows = listing.read(csv_path, ("within",), CSV_COLUMNS)
            count = listing.apply(store, csv_path, rows, lambda row: _add_row(store, row))
            click.echo(f"Stored {count} goals.")
            return
        with store.transaction():
            changed = _put(store, said, is_new=True)
    _print(changed)


@command.command("list")
@listing.format_option
@click.pass_obj
def list_(obj: dict[str, Any], form: str) -> None:
    """List the goals with the days they are in force, the defaults too.

    \b
    Example:
      emailresponse goals list
    """
    with opened(obj) as store:
        found = goals.resolved(store).to_pylist()
    rows = [
        (
            f"{one['scope']} {one['scope_id']}".rstrip(),
            one["class"],
            one["seconds"],
            one["clock"],
            one["share"],
            one["from_day"],
            one["until_day"],
        )
        for one in found
    ]
    listing.show(COLUMNS, rows, form)


@command.command("change")
@_whose
@_said
@click.pass_obj
def change_(obj: dict[str, Any], /, **said: Any) -> None:
    """Set a goal from a day on; one that begins that very day is corrected, for the past too.

    \b
    Example:
      emailresponse goals change --class lead --within 45m --from 2026-06-01
    """
    if not said["within"]:
        raise click.UsageError("Give --within, e.g. 1h.")
    with opened(obj) as store, store.transaction():
        changed = _put(store, said, is_new=False)
    _print(changed)


@command.command("end")
@_whose
@click.option("--until", "until_day", type=listing.DAY, required=True, help="Last local day.")
@click.pass_obj
def end(obj: dict[str, Any], /, until_day: date, **said: Any) -> None:
    """End a goal; from the next day on the next wider one counts.

    \b
    Example:
      emailresponse goals end --team sales --class lead --until 2026-03-31
    """
    scope, scope_id = _scope(said)
    with opened(obj) as store, store.transaction():
        ended = goals.end(
            store,
            change(),
            wait_class=said["wait_class"],
            until_day=until_day,
            scope=scope,
            scope_id=scope_id,
        )
    _print(ended)


def _put(store: Store, said: dict[str, Any], *, is_new: bool) -> list[Goal]:
    scope, scope_id = _scope(said)
    return goals.put(
        store,
        change(),
        scope=scope,
        scope_id=scope_id,
        wait_class=said["wait_class"],
        seconds=parse_seconds(said["within"]),
        clock=said["clock"],
        share=said["share"],
        from_day=said["from_day"],
        until_day=said["until_day"],
        is_new=is_new,
    )


def _add_row(store: Store, row: listing.Row) -> None:
    try:
        share = float(row.get("share", "0.9"))
    except ValueError:
        raise SettingsError(f"{row['share']!r} is no share; 90 % is 0.9") from None
    goals.put(
        store,
        change(),
        scope=row.get("scope", "workspace"),
        scope_id=row.get("of", ""),
        wait_class=row.get("class", "lead"),
        seconds=parse_seconds(row.get("within", "")),
        clock=row.get("clock", "business"),
        share=share,
        from_day=listing.day(row, "from"),
        until_day=listing.day(row, "until"),
        is_new=True,
    )


def _scope(said: dict[str, Any]) -> tuple[str, str]:
    named = [(scope, said[scope]) for scope in ("team", "mailbox", "person") if said[scope]]
    if len(named) > 1:
        raise click.UsageError("Give one of --team, --mailbox and --person.")
    return named[0] if named else ("workspace", "")


def _print(changed: list[Goal]) -> None:
    for one in changed:
        days = (f" from {one.from_day}" if one.from_day else "") + (
            f" until {one.until_day}" if one.until_day else ""
        )
        click.echo(f"{goals.subject(one)}: {one.share:.0%} within {one.seconds} s of {one.clock} time{days}")
    if not changed:
        click.echo("It was so already.")
