"""`emailresponse link list` and what else is done with linked mailboxes: pause, resume, remove, new keys."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from cli import listing, live, troubles, workspace
from emailresponse.durations import spoken

if TYPE_CHECKING:
    from emailresponse.links import Link

COLUMNS = (
    "mailbox",
    "provider",
    "way",
    "state",
    "synced_at",
    "stored_count",
    "trouble",
    "reason",
    "retry_at",
    "remedy",
    "first_begun_at",
    "first_done",
    "first_total",
    "per_minute",
    "seconds_left",
    "first_ended_at",
    "linked_at",
    "horizon_at",
)
STATES = {
    "paused": "paused",
    "reconnect": "has to be linked again",
    "limited": "asked to wait by the provider",
    "down": "the provider does not answer",
    "wrong": "the provider answers what cannot be used",
    "emptied": "came back empty",
    "full": "no room on the disk",
    "new": "not read yet",
    "first_read": "first read under way",
    "current": "up to date",
}
WAYS = {
    "consent": "by consent",
    "delegation": "by delegation",
    "application": "by application permission",
    "password": "by password",
}

#: What was, and what was not, given back at the provider when a mailbox is linked no more.
GIVEN_BACK = {
    ("gmail", "consent"): "Google was told; the token opens nothing any more.",
    ("gmail", "delegation"): "Google keeps the delegation of the whole domain: take the address out of "
    "gmail.delegated, or end the delegation in the Admin console.",
    (
        "graph",
        "consent",
    ): "The tokens are erased here. Microsoft lets no program give a consent back: its "
    "owner ends it at https://myapps.microsoft.com, or an administrator in Entra.",
    ("graph", "application"): "Microsoft keeps the application's permission: take the address out of "
    "microsoft.mailboxes and out of the management scope.",
    ("imap", "password"): "The password is erased here. An app password that was made for this has to be "
    "removed where it was made.",
}
UNTOLD = {
    "gmail": "Google could not be told ({reason}): end it at https://myaccount.google.com/connections",
    "graph": "The grant could not be ended ({reason}): end it at https://myapps.microsoft.com",
    "imap": "Nothing was said to the server ({reason}); change the password there.",
}


@click.command("list")
@listing.format_option
@click.pass_obj
def list_(obj: dict[str, Any], form: str) -> None:
    """List linked mailboxes: how far each is, what it waits for and what to do.

    \b
    Example:
      emailresponse link list
      emailresponse link list --format json
    """
    from emailresponse import links, settings

    with workspace.opened(obj) as store:
        zone = ZoneInfo(settings.load(store).zone)
        held = links.listed(store)
    if form == "table":
        _show(held, zone, workspace.now())
    else:
        now = workspace.now()
        listing.show(COLUMNS, [_row(one, now) for one in held], form)


@click.command("pause")
@click.argument("address")
@click.pass_obj
def pause(obj: dict[str, Any], address: str) -> None:
    """Stop reading the mailbox ADDRESS for now.

    \b
    Example:
      emailresponse link pause ada@acme.com
    """
    _set_paused(obj, address, is_paused=True)
    click.echo(f"{address} is not read until: emailresponse link resume {address}")


@click.command("resume")
@click.argument("address")
@click.pass_obj
def resume(obj: dict[str, Any], address: str) -> None:
    """Read the mailbox ADDRESS again, from where it stopped.

    \b
    Example:
      emailresponse link resume ada@acme.com
    """
    _set_paused(obj, address, is_paused=False)
    click.echo(f"{address} is read again from where it stopped.")


@click.command("remove")
@click.argument("address")
@click.option("--keep", "fate", flag_value="keep", help="Its messages stay, and count as before.")
@click.option("--erase", "fate", flag_value="erase", help="Its messages go, with decisions about them.")
@click.pass_obj
def remove(obj: dict[str, Any], address: str, fate: str | None) -> None:
    """Link the mailbox ADDRESS no more, and give its grant back to the provider.

    \b
    Example:
      emailresponse link remove ada@acme.com --keep
    """
    from emailresponse import links

    with live.opened(obj) as reading:
        before = links.link(reading.store, address)
        untold = reading.live.linking.unlink(
            before.mailbox, workspace.user(), is_erasing=(fate or _asked(before)) == "erase"
        )
    click.echo(f"{before.mailbox} is linked no more.")
    if untold is None:
        click.echo(troubles.folded(GIVEN_BACK[before.provider, before.way]))
    else:
        click.echo(troubles.folded(UNTOLD[before.provider].format(reason=untold)))


@click.command("rotate-key")
@click.pass_obj
def rotate_key(obj: dict[str, Any]) -> None:
    """Seal every token and password with a new key; the old one opens nothing any more.

    Where the keys come from EMAILRESPONSE_KEY, put the new one first yourself. Stopped in between, nothing is
    lost: run it again.

    \b
    Example:
      emailresponse link rotate-key
    """
    from emailresponse import links
    from emailresponse.vault import VARIABLE, Vault

    with workspace.opened(obj) as store:
        vault = Vault.of(Path(obj["db"]), os.environ)
        if vault.is_of_file or "," not in os.environ.get(VARIABLE, ""):
            vault.begin_rotation()
        with store.transaction():
            count, lost = links.seal_again(store, vault, workspace.change())
        if vault.is_of_file and not lost:
            vault.end_rotation()
        known = {one.mailbox: one for one in links.listed(store)}
    click.echo(f"Sealed again with the new key: {count}.")
    for mailbox in lost:
        click.echo(f"No key here opens the secret of {mailbox}. Link it again:", err=True)
        click.echo(f"  {troubles.again(known[mailbox])}", err=True)
    if lost:
        click.echo("The older keys stay until all could be sealed again.", err=True)
        sys.exit(1)
    if not vault.is_of_file:
        click.echo(f"Take the older keys out of {VARIABLE} now.")


def _set_paused(obj: dict[str, Any], address: str, *, is_paused: bool) -> None:
    from emailresponse import links

    with workspace.opened(obj) as store, store.transaction():
        links.pause(store, workspace.change(), address, is_paused=is_paused)


def _asked(link: Link) -> str:
    if not sys.stdin.isatty():
        raise click.UsageError("Give --keep or --erase: what becomes of its messages?")
    click.echo(f"{link.stored_count:,} messages were stored since {link.mailbox} was linked.", err=True)
    return str(click.prompt("Keep or erase its messages?", type=click.Choice(("keep", "erase")), err=True))


def state(link: Link) -> str:
    """Return how a linked mailbox is, in one word; see STATES."""
    if link.is_paused and not link.is_lost:
        return "paused"
    if link.trouble:
        return link.trouble
    if link.first_begun_at is None:
        return "new"
    return "first_read" if link.is_first_read else "current"


def pace(link: Link, now: datetime) -> tuple[float | None, float | None]:
    """Return messages a minute of the first read, and the seconds it will take still; None: nobody knows."""
    if link.first_begun_at is None or not link.is_first_read or not link.first_done:
        return None, None
    is_at_work = link.ended_at is None or (link.begun_at is not None and link.begun_at > link.ended_at)
    until = now if is_at_work else link.ended_at
    seconds = (until - link.first_begun_at).total_seconds() if until else 0.0
    if seconds <= 0:
        return None, None
    rate = link.first_done / seconds
    left = max(link.first_total - link.first_done, 0) / rate if link.first_total is not None else None
    return rate * 60, left


def progress(link: Link, now: datetime) -> str:
    """Return how far a first read is, with its rate and the time left."""
    rate, left = pace(link, now)
    done = link.first_done or 0
    if link.first_total:
        said = f"{done:,} of about {link.first_total:,} ({min(done / link.first_total, 1):.0%})"
    else:
        said = f"{done:,} so far"
    said += f", {rate:,.0f} a minute" if rate else ""
    return said + (f", about {spoken(left)} left" if left is not None else "")


def _row(link: Link, now: datetime) -> list[Any]:
    rate, left = pace(link, now)
    own = {
        "state": state(link),
        "remedy": troubles.remedy(link) if link.trouble else None,
        "per_minute": None if rate is None else round(rate, 1),
        "seconds_left": None if left is None else round(left),
    }
    found = [own[name] if name in own else getattr(link, name) for name in COLUMNS]
    return [f"{value.isoformat()}Z" if isinstance(value, datetime) else value for value in found]


def _show(held: list[Link], zone: ZoneInfo, now: datetime) -> None:
    """Print two lines a mailbox, and more where there is something to say."""
    from cli import question

    if not held:
        click.echo("No mailbox is linked yet: emailresponse link gmail, microsoft or imap")
    for link in held:
        name = troubles.NAMES[link.provider]
        click.echo(f"{link.mailbox}  {name} {WAYS[link.way]}")
        synced = question.local(link.synced_at, zone)
        known = f"last sync {synced} ({_ago(link.synced_at, now)})" if link.synced_at else "no sync yet"
        click.echo(f"  {STATES[state(link)]}; {known}; {link.stored_count:,} stored")
        if link.is_first_read and link.first_begun_at:
            click.echo(f"  first read: {progress(link, now)}")
        if link.trouble:
            reason = f"{link.reason}. " if link.reason else ""
            click.echo(troubles.folded(f"{reason}{troubles.remedy(link)}", "  "))
        if link.retry_at and link.retry_at > now:
            click.echo(f"  next attempt from {question.local(link.retry_at, zone)}")


def _ago(moment: datetime | None, now: datetime) -> str:
    seconds = (now - moment).total_seconds() if moment else 0.0
    return f"{spoken(seconds)} ago" if seconds >= 1 else "now"
