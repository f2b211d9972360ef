"""`emailresponse people`: who answers, with their addresses and their leave."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from cli import listing
from cli.workspace import change, opened
from emailresponse import days_off, people, teams
from emailresponse.errors import NotFound
from emailresponse.store import Store

COLUMNS = ("person", "name", "addresses", "teams", "from", "until")
CSV_COLUMNS = ("name", "addresses", "teams", "from", "until")
LEAVE_COLUMNS = ("person", "from", "until", "name")


@click.group(name="people")
def command() -> None:
    """Say who answers: people and their addresses.

    \b
    Example:
      emailresponse people add "Ada Lovelace" ada@acme.com --team sales
      emailresponse people leave ada@acme.com --from 2026-07-01 --until 2026-07-14
      emailresponse people list
    """


@command.command("add")
@click.argument("name", required=False)
@click.argument("addresses", nargs=-1)
@click.option("--team", "team_names", multiple=True, help="A team the person is in; may be given again.")
@click.option("--from", "from_day", type=listing.DAY, help="First day with us.")
@click.option("--until", "until_day", type=listing.DAY, help="Last day with us.")
@listing.csv_option
@click.pass_obj
def add(
    obj: dict[str, Any],
    name: str | None,
    addresses: tuple[str, ...],
    team_names: tuple[str, ...],
    from_day: date | None,
    until_day: date | None,
    csv_path: Path | None,
) -> None:
    """Add a person under the first of their ADDRESSES, or many by --csv.

    The CSV file has the columns name, addresses (apart by blanks), teams, from, until.

    \b
    Example:
      emailresponse people add "Ada Lovelace" ada@acme.com ada@acme.de --team sales
    """
    listing.check_given(csv_path, name=name, addresses=addresses)
    with opened(obj) as store:
        if csv_path:
            rows = listing.read(csv_path, ("name", "addresses"), CSV_COLUMNS)
            count = listing.apply(store, csv_path, rows, lambda row: _add_row(store, row))
            click.echo(f"Added {count} people.")
            return
        with store.transaction():
            added = _add(store, name or "", list(addresses), list(team_names), from_day, until_day)
        click.echo(f"Added {added.name} ({added.person_id}).")


@command.command("list")
@listing.format_option
@click.pass_obj
def list_(obj: dict[str, Any], form: str) -> None:
    """List everybody.

    \b
    Example:
      emailresponse people list --format csv
    """
    with opened(obj) as store:
        stays = teams.memberships(store)
        rows = [
            (
                one.person_id,
                one.name,
                one.addresses,
                sorted({stay.team_id for stay in stays if stay.person_id == one.person_id}),
                one.from_day,
                one.until_day,
            )
            for one in people.listed(store)
        ]
    listing.show(COLUMNS, rows, form)


@command.command("change")
@click.argument("person")
@click.option("--name", help="Another name.")
@click.option("--add-address", "added", multiple=True, help="An address that is theirs too.")
@click.option("--remove-address", "removed", multiple=True, help="An address that is no longer theirs.")
@click.option("--from", "from_day", type=listing.DAY, help="First day with us.")
@click.option("--until", "until_day", type=listing.DAY, help="Last day with us.")
@click.pass_obj
def change_(
    obj: dict[str, Any],
    person: str,
    name: str | None,
    added: tuple[str, ...],
    removed: tuple[str, ...],
    from_day: date | None,
    until_day: date | None,
) -> None:
    """Change what is said of PERSON (an address or a name); what is not given stays.

    \b
    Example:
      emailresponse people change ada@acme.com --add-address ada.l@acme.com
    """
    with opened(obj) as store, store.transaction():
        after = people.change(
            store,
            change(),
            person,
            name=name,
            addresses=added,
            removed=removed,
            from_day=from_day,
            until_day=until_day,
        )
    click.echo(f"{after.name}: {' '.join(after.addresses)}")


@command.command("end")
@click.argument("person")
@click.option("--until", "until_day", type=listing.DAY, required=True, help="Last day with us.")
@click.pass_obj
def end(obj: dict[str, Any], person: str, until_day: date) -> None:
    """Say that PERSON leaves; stays in teams end with it.

    \b
    Example:
      emailresponse people end ada@acme.com --until 2026-03-31
    """
    with opened(obj) as store, store.transaction():
        after = people.end(store, change(), person, until_day)
    click.echo(f"{after.name} is with us until {until_day}.")


@command.command("leave")
@click.argument("person", required=False)
@click.option("--from", "from_day", type=listing.DAY, help="First day away.")
@click.option("--until", "until_day", type=listing.DAY, help="Last day away; as the first where not given.")
@click.option("--name", help="What it is.")
@click.option("--remove", is_flag=True, help="Take back the leave that begins --from.")
@click.option(
    "--ics", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="All-day events of this file."
)
@click.option("--list", "is_listing", is_flag=True, help="List all leave.")
@listing.csv_option
@listing.format_option
@click.pass_obj
def leave(
    obj: dict[str, Any],
    person: str | None,
    from_day: date | None,
    until_day: date | None,
    name: str | None,
    remove: bool,
    ics: Path | None,
    is_listing: bool,
    csv_path: Path | None,
    form: str,
) -> None:
    """Note when PERSON is away; their own mailbox is closed then.

    The CSV file has the columns person, from, until, name.

    \b
    Example:
      emailresponse people leave ada@acme.com --from 2026-07-01 --until 2026-07-14
      emailresponse people leave --list
    """
    if not is_listing:
        listing.check_given(csv_path, person=person, **({} if ics else {"--from": from_day}))
    with opened(obj) as store:
        if is_listing:
            rows = [(one.person_id, one.from_day, one.until_day, one.name) for one in people.leaves(store)]
            listing.show(LEAVE_COLUMNS, rows, form)
        elif csv_path:
            entries = listing.read(csv_path, LEAVE_COLUMNS[:2], LEAVE_COLUMNS)
            count = listing.apply(store, csv_path, entries, lambda row: _leave_row(store, row))
            click.echo(f"Noted {count} leaves.")
        else:
            with store.transaction():
                _leave(store, person or "", from_day, until_day, name, ics=ics, is_removing=remove)


def _leave(
    store: Store,
    person: str,
    from_day: date | None,
    until_day: date | None,
    name: str | None,
    *,
    ics: Path | None,
    is_removing: bool,
) -> None:
    if ics:
        calendar = days_off.read(ics)
        for entry in calendar.days:
            people.add_leave(store, change(), person, entry.day, entry.day, entry.name)
        click.echo(
            f"Noted {len(calendar.days)} days of leave; {calendar.ignored_count} events are no whole days."
        )
    elif from_day and is_removing:
        people.end_leave(store, change(), person, from_day)
        click.echo(f"Took back the leave from {from_day}.")
    elif from_day:
        people.add_leave(store, change(), person, from_day, until_day or from_day, name)
        click.echo(f"Noted leave from {from_day} until {until_day or from_day}.")


def _leave_row(store: Store, row: listing.Row) -> None:
    from_day = listing.day(row, "from")
    if from_day is None or "person" not in row:
        raise NotFound("person or first day", "in this line")
    until_day = listing.day(row, "until") or from_day
    people.add_leave(store, change(), row["person"], from_day, until_day, row.get("name"))


def _add_row(store: Store, row: listing.Row) -> None:
    _add(
        store,
        row.get("name", ""),
        listing.many(row, "addresses"),
        listing.many(row, "teams"),
        listing.day(row, "from"),
        listing.day(row, "until"),
    )


def _add(
    store: Store,
    name: str,
    addresses: list[str],
    team_names: list[str],
    from_day: date | None,
    until_day: date | None,
) -> people.Person:
    added = people.add(
        store, change(), name=name, addresses=addresses, from_day=from_day, until_day=until_day
    )
    for team in team_names:
        teams.join(store, change(), team, added.person_id, from_day=from_day, until_day=until_day)
    return added
