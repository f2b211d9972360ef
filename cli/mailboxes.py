"""`emailresponse mailboxes`: which mailboxes are ours, personal or shared."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from cli import listing
from cli.workspace import change, opened
from emailresponse import mailboxes
from emailresponse.errors import SettingsError
from emailresponse.store import Store

COLUMNS = ("mailbox", "name", "kind", "owner", "team", "members", "backfill_from", "synced_at")
CSV_COLUMNS = ("mailbox", "name", "kind", "owner", "team", "members")


def _said(function: Any) -> Any:
    """Give a command the options that say what a mailbox is."""
    options = [
        click.option("--name", help="What people call it."),
        click.option("--kind", type=click.Choice(mailboxes.KINDS), help="Personal (the default) or shared."),
        click.option("--owner", help="The person whose personal mailbox it is."),
        click.option("--team", help="The team it belongs to."),
        click.option("--member", "members", multiple=True, help="Who works it (shared); may be given again."),
        click.option(
            "--backfill-from",
            type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
            help="In UTC; messages before it open no wait.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


@click.group(name="mailboxes")
def command() -> None:
    """Say which mailboxes are ours, personal or shared.

    \b
    Example:
      emailresponse mailboxes add sales@acme.com --kind shared --team sales
      emailresponse mailboxes list
    """


@command.command("add")
@click.argument("address", required=False)
@_said
@listing.csv_option
@click.pass_obj
def add(
    obj: dict[str, Any],
    address: str | None,
    name: str | None,
    kind: str | None,
    owner: str | None,
    team: str | None,
    members: tuple[str, ...],
    backfill_from: datetime | None,
    csv_path: Path | None,
) -> None:
    """Add the mailbox of ADDRESS, or many by --csv.

    A personal mailbox belongs to its owner; a shared one is worked by its members, or by its team's people.
    The CSV file has the columns mailbox, name, kind, owner, team, members.

    \b
    Example:
      emailresponse mailboxes add ada@acme.com --owner ada@acme.com
    """
    listing.check_given(csv_path, address=address)
    with opened(obj) as store:
        if csv_path:
            rows = listing.read(csv_path, ("mailbox",), CSV_COLUMNS)
            count = listing.apply(store, csv_path, rows, lambda row: _add_row(store, row))
            click.echo(f"Added {count} mailboxes.")
            return
        with store.transaction():
            added = mailboxes.add(
                store,
                change(),
                address or "",
                name=name,
                kind=kind or "personal",
                owner=owner,
                team=team,
                members=members,
                backfill_from=backfill_from,
            )
        click.echo(f"Added {added.mailbox} ({added.kind}).")


@command.command("list")
@listing.format_option
@click.pass_obj
def list_(obj: dict[str, Any], form: str) -> None:
    """List the mailboxes.

    \b
    Example:
      emailresponse mailboxes list --format json
    """
    with opened(obj) as store:
        rows = [
            (
                one.mailbox,
                one.name,
                one.kind,
                one.owner_id,
                one.team_id,
                one.members,
                _moment(one.backfill_from),
                _moment(one.synced_at),
            )
            for one in mailboxes.listed(store)
        ]
    listing.show(COLUMNS, rows, form)


@command.command("change")
@click.argument("address")
@_said
@click.pass_obj
def change_(
    obj: dict[str, Any],
    address: str,
    name: str | None,
    kind: str | None,
    owner: str | None,
    team: str | None,
    members: tuple[str, ...],
    backfill_from: datetime | None,
) -> None:
    """Change what is said of the mailbox of ADDRESS; what is not given stays, members are added.

    \b
    Example:
      emailresponse mailboxes change sales@acme.com --member ada@acme.com
    """
    with opened(obj) as store, store.transaction():
        after = mailboxes.change(
            store,
            change(),
            address,
            name=name,
            kind=kind,
            owner=owner,
            team=team,
            members=members,
            backfill_from=backfill_from,
        )
    click.echo(f"{after.mailbox} is {after.kind}.")


@command.command("end")
@click.argument("address")
@click.option("--member", "members", multiple=True, required=True, help="Who no longer works it.")
@click.pass_obj
def end(obj: dict[str, Any], address: str, members: tuple[str, ...]) -> None:
    """Say who no longer works the shared mailbox of ADDRESS.

    \b
    Example:
      emailresponse mailboxes end sales@acme.com --member ada@acme.com
    """
    with opened(obj) as store, store.transaction():
        after = mailboxes.end(store, change(), address, members)
    click.echo(f"{after.mailbox}: {' '.join(after.members) or 'its team works it'}")


def _add_row(store: Store, row: listing.Row) -> None:
    if "mailbox" not in row:
        raise SettingsError("there is no mailbox in this line")
    mailboxes.add(
        store,
        change(),
        row["mailbox"],
        name=row.get("name"),
        kind=row.get("kind", "personal"),
        owner=row.get("owner"),
        team=row.get("team"),
        members=listing.many(row, "members"),
    )


def _moment(moment: datetime | None) -> str | None:
    return f"{moment.isoformat(timespec='seconds')}Z" if moment else None
