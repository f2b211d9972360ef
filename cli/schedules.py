"""`emailresponse schedules`: when each mailbox, team and the workspace are open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from cli import listing
from cli.workspace import change, opened
from emailresponse import days_off, hours, schedules, settings
from emailresponse.days_off import DayOff
from emailresponse.errors import SettingsError
from emailresponse.schedules import Schedule
from emailresponse.store import Store

COLUMNS = ("of", "hours", "zone", "holidays", "days_off", "from", "until")
CSV_COLUMNS = ("scope", "of", "hours", "zone", "country", "region", "from", "until")


def _whose(function: Any) -> Any:
    """Give a command the options that say whose schedule is meant."""
    function = click.option("--mailbox", help="The schedule of this mailbox.")(function)
    return click.option("--team", help="The schedule of this team; without either, the workspace's.")(
        function
    )


def _said(function: Any) -> Any:
    """Give a command the options that say what a schedule is."""
    options = [
        click.option(
            "--hours", "weekly", help="e.g. 'mon-fri 09:00-12:30,13:30-18:00; sat 09:00-12:00', or 24/7."
        ),
        click.option("--zone", help="IANA zone, e.g. Europe/Berlin; the workspace's where not given."),
        click.option("--country", help="Closed on its public holidays, e.g. DE."),
        click.option("--region", help="... and on its region's, e.g. BY."),
        click.option("--day-off", "days", multiple=True, type=listing.DAY, help="A day it is closed."),
        click.option(
            "--ics",
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            help="Closed on the all-day events of this file.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


@click.group(name="schedules")
def command() -> None:
    """Say when each mailbox is open.

    A mailbox follows its own schedule, else its team's, else the workspace's. A shared mailbox without its
    own is open whenever one of the people who work it is.

    \b
    Example:
      emailresponse schedules add --hours "mon-fri 09:00-17:00" --zone Europe/Berlin --country DE --region BY
      emailresponse schedules change --team sales --hours "mon-fri 08:00-18:00" --from 2026-03-01
    """


@command.command("add")
@_whose
@_said
@click.option(
    "--from", "from_day", type=listing.DAY, help="First local day in force; since ever if not given."
)
@click.option("--until", "until_day", type=listing.DAY, help="Last local day in force.")
@listing.csv_option
@click.pass_obj
def add(
    obj: dict[str, Any],
    team: str | None,
    mailbox: str | None,
    weekly: str | None,
    zone: str | None,
    country: str | None,
    region: str | None,
    days: tuple[date, ...],
    ics: Path | None,
    from_day: date | None,
    until_day: date | None,
    csv_path: Path | None,
) -> None:
    """Add a schedule, or many by --csv.

    The CSV file has the columns scope (workspace, team or mailbox), of, hours, zone, country, region,
    from, until.

    \b
    Example:
      emailresponse schedules add --team sales --hours "mon-fri 09:00-17:00" --zone America/New_York
    """
    listing.check_given(csv_path, **{"--hours": weekly})
    with opened(obj) as store:
        if csv_path:
            rows = listing.read(csv_path, ("hours",), CSV_COLUMNS)
            count = listing.apply(store, csv_path, rows, lambda row: _add_row(store, row))
            click.echo(f"Added {count} schedules.")
            return
        scope, scope_id = _scope(team, mailbox)
        with store.transaction():
            added = schedules.add(
                store,
                change(),
                scope=scope,
                scope_id=scope_id,
                hours=weekly or "",
                zone=zone,
                from_day=from_day,
                until_day=until_day,
                country=country,
                region=region,
                days_off=_days_off(days, ics),
            )
        click.echo(f"Added: {_sentence(added)}")


@command.command("list")
@listing.format_option
@click.pass_obj
def list_(obj: dict[str, Any], form: str) -> None:
    """List every version of every schedule; without one of the workspace, the default it has.

    \b
    Example:
      emailresponse schedules list
    """
    with opened(obj) as store:
        found = schedules.listed(store)
        if not any(one.scope == "workspace" for one in found):
            found.append(schedules.default(settings.load(store).zone))
    if form == "table":
        listing.show(COLUMNS, [_short(one) for one in found], form)
    else:
        listing.show(CSV_COLUMNS, [_full(one) for one in found], form)


@command.command("change")
@_whose
@_said
@click.option("--from", "from_day", type=listing.DAY, help="First local day of the new version.")
@click.option(
    "--rewrite", is_flag=True, help="Change the version in force --from that day, for the past too."
)
@click.pass_obj
def change_(
    obj: dict[str, Any],
    team: str | None,
    mailbox: str | None,
    weekly: str | None,
    zone: str | None,
    country: str | None,
    region: str | None,
    days: tuple[date, ...],
    ics: Path | None,
    from_day: date | None,
    rewrite: bool,
) -> None:
    """Begin a new version --from a day, with what is given different and the rest as before.

    With --rewrite the version in force that day is corrected instead, and the past is counted again under it;
    the change is logged with what was said before. Days off are added.

    \b
    Example:
      emailresponse schedules change --team sales --hours "mon-fri 08:00-18:00" --from 2026-03-01
    """
    if from_day is None and not rewrite:
        raise click.UsageError("Give --from DAY for a new version, or --rewrite to correct the one there is.")
    scope, scope_id = _scope(team, mailbox)
    with opened(obj) as store, store.transaction():
        before = schedules.in_force(store, scope, scope_id, from_day or date.max)
        absent = tuple(sorted({*before.days_off, *_days_off(days, ics)}))
        after = replace(
            before,
            hours=hours.parse(weekly) if weekly else before.hours,
            zone=zone or before.zone,
            country=country.upper() if country else before.country,
            region=region or (None if country else before.region),
            days_off=absent,
        )
        if rewrite or before.from_day == from_day:
            _check_rewrite(before, from_day, rewrite=rewrite)
            schedules.put(store, change(), after)
        else:
            after = schedules.succeed(store, change(), after, from_day or date.min)
    click.echo(f"Changed: {_sentence(after)}")


@command.command("end")
@_whose
@click.option("--until", "until_day", type=listing.DAY, required=True, help="Last local day in force.")
@click.pass_obj
def end(obj: dict[str, Any], team: str | None, mailbox: str | None, until_day: date) -> None:
    """End a schedule; from the next day on the team's, else the workspace's counts.

    \b
    Example:
      emailresponse schedules end --mailbox ada@acme.com --until 2026-03-31
    """
    scope, scope_id = _scope(team, mailbox)
    with opened(obj) as store, store.transaction():
        ended = schedules.end(store, change(), scope, scope_id, until_day)
    click.echo(f"Ended: {_sentence(ended)}")


def _check_rewrite(before: Schedule, from_day: date | None, *, rewrite: bool) -> None:
    if not rewrite:
        raise SettingsError(
            f"a version begins on {from_day} already; --rewrite corrects it", schedules.subject(before)
        )


def _scope(team: str | None, mailbox: str | None) -> tuple[str, str]:
    if team and mailbox:
        raise click.UsageError("Give --team or --mailbox, not both.")
    if team:
        return "team", team
    return ("mailbox", mailbox) if mailbox else ("workspace", "")


def _days_off(days: tuple[date, ...], ics: Path | None) -> list[DayOff]:
    absent = [DayOff(day, "day off") for day in days]
    if ics:
        calendar = days_off.read(ics)
        absent += calendar.days
        if calendar.ignored_count:
            click.echo(f"{calendar.ignored_count} events are no whole days and close nothing.", err=True)
    return absent


def _add_row(store: Store, row: listing.Row) -> None:
    schedules.add(
        store,
        change(),
        scope=row.get("scope", "workspace"),
        scope_id=row.get("of", ""),
        hours=row.get("hours", ""),
        zone=row.get("zone"),
        from_day=listing.day(row, "from"),
        until_day=listing.day(row, "until"),
        country=row.get("country"),
        region=row.get("region"),
    )


def _short(one: Schedule) -> tuple[Any, ...]:
    """Return what a terminal's line has room for."""
    return (
        f"{one.scope} {one.scope_id}".rstrip() + ("" if one.schedule_id else " (default)"),
        hours.text(one.hours),
        one.zone,
        "-".join(filter(None, (one.country, one.region))),
        len(one.days_off) or None,
        one.from_day,
        one.until_day,
    )


def _full(one: Schedule) -> tuple[Any, ...]:
    """Return what `add --csv` reads again."""
    whose = (one.scope, one.scope_id or None)
    return (
        *whose,
        hours.text(one.hours),
        one.zone,
        one.country,
        one.region,
        one.from_day,
        one.until_day,
    )


def _sentence(one: Schedule) -> str:
    until = f" until {one.until_day}" if one.until_day else ""
    return f"{schedules.subject(one)}{until}: {hours.text(one.hours)} ({one.zone})"
