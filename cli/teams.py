"""`emailresponse teams`: who works with whom, and since when."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from cli import listing
from cli.workspace import change, opened
from emailresponse import teams
from emailresponse.errors import SettingsError
from emailresponse.store import Store

COLUMNS = ("team", "name", "person", "from", "until")
CSV_COLUMNS = ("name", "id", "person", "from", "until")


@click.group(name="teams")
def command() -> None:
    """Say who works with whom.

    \b
    Example:
      emailresponse teams add Sales
      emailresponse teams change sales --person ada@acme.com --from 2026-03-01
      emailresponse teams list
    """


@command.command("add")
@click.argument("name", required=False)
@click.option("--id", "team_id", help="Its id; made from the name where not given.")
@click.option("--person", "persons", multiple=True, help="Somebody in it; may be given again.")
@listing.csv_option
@click.pass_obj
def add(
    obj: dict[str, Any],
    name: str | None,
    team_id: str | None,
    persons: tuple[str, ...],
    csv_path: Path | None,
) -> None:
    """Add the team NAME, or many by --csv.

    The CSV file has the columns name, id, person, from, until: a line per person, or one without a person.

    \b
    Example:
      emailresponse teams add "Inside sales" --person ada@acme.com
    """
    listing.check_given(csv_path, name=name)
    with opened(obj) as store:
        if csv_path:
            rows = listing.read(csv_path, ("name",), CSV_COLUMNS)
            count = listing.apply(store, csv_path, rows, lambda row: _add_row(store, row))
            click.echo(f"Stored {count} lines.")
            return
        with store.transaction():
            added = teams.add(store, change(), name or "", team_id)
            for person in persons:
                teams.join(store, change(), added.team_id, person)
        click.echo(f"Added {added.name} ({added.team_id}).")


@command.command("list")
@listing.format_option
@click.pass_obj
def list_(obj: dict[str, Any], form: str) -> None:
    """List the teams and who is in them.

    \b
    Example:
      emailresponse teams list --format json
    """
    with opened(obj) as store:
        stays = teams.memberships(store)
        rows: list[tuple[Any, ...]] = []
        for team in teams.listed(store):
            held = [stay for stay in stays if stay.team_id == team.team_id]
            rows += [(*_named(team), stay.person_id, stay.from_day, stay.until_day) for stay in held]
            rows += [] if held else [(*_named(team), None, None, None)]
    listing.show(COLUMNS, rows, form)


@command.command("change")
@click.argument("team")
@click.option("--name", help="Another name; the id stays.")
@click.option("--person", "persons", multiple=True, help="Somebody who joins; may be given again.")
@click.option("--from", "from_day", type=listing.DAY, help="First day in the team.")
@click.option("--until", "until_day", type=listing.DAY, help="Last day in the team.")
@click.pass_obj
def change_(
    obj: dict[str, Any],
    team: str,
    name: str | None,
    persons: tuple[str, ...],
    from_day: date | None,
    until_day: date | None,
) -> None:
    """Give TEAM another name, or let people join it.

    \b
    Example:
      emailresponse teams change sales --person ada@acme.com --from 2026-03-01
    """
    with opened(obj) as store, store.transaction():
        after = teams.change(store, change(), team, name) if name else teams.team(store, team)
        for person in persons:
            teams.join(store, change(), after.team_id, person, from_day=from_day, until_day=until_day)
    click.echo(f"{after.name} ({after.team_id}): {len(persons)} joined.")


@command.command("end")
@click.argument("team")
@click.option("--person", help="Who leaves it; everybody where not given.")
@click.option("--until", "until_day", type=listing.DAY, required=True, help="Last day in the team.")
@click.pass_obj
def end(obj: dict[str, Any], team: str, person: str | None, until_day: date) -> None:
    """End the stay of a person, or of everybody, in TEAM.

    \b
    Example:
      emailresponse teams end sales --person ada@acme.com --until 2026-03-31
    """
    with opened(obj) as store, store.transaction():
        count = teams.end(store, change(), team, until_day, person)
    click.echo(f"{count} left {team} with {until_day}.")


def _add_row(store: Store, row: listing.Row) -> None:
    if "name" not in row:
        raise SettingsError("a team needs a name")
    team_id = row.get("id") or teams.slug(row["name"])
    if team_id not in {team.team_id for team in teams.listed(store)}:
        teams.add(store, change(), row["name"], team_id)
    if "person" in row:
        days = {"from_day": listing.day(row, "from"), "until_day": listing.day(row, "until")}
        teams.join(store, change(), team_id, row["person"], **days)


def _named(team: teams.Team) -> tuple[str, str]:
    return team.team_id, team.name
