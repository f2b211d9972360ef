"""`overrides`: what is decided by hand about waits and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from cli import listing, question, workspace

if TYPE_CHECKING:
    from collections.abc import Callable

SUBJECT = click.argument("name", metavar="WAIT|MESSAGE-ID")


@click.group("overrides", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Dismiss a wait, note a call, correct a verdict; every decision is logged and can be withdrawn.

    \b
    Example:
      emailresponse overrides
      emailresponse overrides dismiss w0123456789ab --reason "wrong address"
      emailresponse overrides call w0123456789ab --person ada@acme.com --at 2026-03-02T10:30
      emailresponse overrides human '<20260302.1@client.com>' --reason "no machine"
      emailresponse overrides withdraw w0123456789ab
    """
    if context.invoked_subcommand is None:
        context.invoke(show)


@command.command("list")
@listing.format_option
@click.pass_context
def show(context: click.Context, form: str = "table") -> None:
    """List every decision by hand, the newest first.

    \b
    Example:
      emailresponse overrides list --format csv
    """
    from emailresponse import overrides, reports

    with workspace.opened(context.find_root().obj) as store:
        zone = ZoneInfo(reports.zone(store))
        found = overrides.listed(store)
    if form == "table":
        for one in found:
            moment, person = (
                question.local(one.decided_at, zone),
                f" ({one.person_id})" if one.person_id else "",
            )
            click.echo(
                f"{moment}  {one.kind.replace('_', ' ')}{person} by {one.decided_by}: {one.reason or '-'}"
            )
            click.echo(f"                  {one.message_key}")
        if not found:
            click.echo("none yet")
        return
    columns = ("decided_at", "kind", "message", "decided_by", "person", "effective_at", "reason")
    rows = [
        (
            question.plain(one.decided_at),
            one.kind,
            one.message_key,
            one.decided_by,
            one.person_id,
            question.plain(one.effective_at),
            one.reason,
        )
        for one in found
    ]
    listing.show(columns, rows, form)


def _add(kind: str, name: str, text: str, example: str, *, needs: str | None = None) -> Callable[..., None]:
    """Add a command that stores decisions of a kind; `needs` is the option it cannot go without."""

    @command.command(name, help=f"{text}\n\n\b\nExample:\n  emailresponse overrides {name} {example}")
    @SUBJECT
    @click.option("--reason", required=needs == "reason", help="Why; kept in the log.")
    @click.option("--person", required=needs == "person", help="Who: address or name.")
    @click.option("--at", "moment", metavar="MOMENT", help="When it took place.  [default: now]")
    @click.pass_context
    def decide(
        context: click.Context, name: str, reason: str | None, person: str | None, moment: str | None
    ) -> None:
        from emailresponse import derive, overrides, reports

        with workspace.opened(context.find_root().obj) as store:
            derive.refresh(store)
            zone = ZoneInfo(reports.zone(store))
            at = question.parse_moment(moment, zone) if moment else None
            key = overrides.decide(
                store, workspace.change(), name, kind, reason=reason, person=person, effective_at=at
            )
            click.echo(f"Stored: {kind.replace('_', ' ')} {key}")

    return decide


_add(
    "dismiss",
    "dismiss",
    "Say that a wait needs no reply; it leaves the denominators and is counted in sight.",
    'w0123456789ab --reason "wrong address"',
    needs="reason",
)
_add(
    "call",
    "call",
    "Note that a wait was answered by phone; it counts as an answer at the call's time.",
    "w0123456789ab --person ada@acme.com --at 2026-03-02T10:30",
)
_add(
    "by_hand",
    "close",
    "Close a wait that was answered elsewhere; it leaves the denominators and is counted in sight.",
    'w0123456789ab --reason "answered at the fair"',
    needs="reason",
)
_add("human", "human", "Say that a person wrote a message.", "'<1@client.com>' --reason \"no machine\"")
_add("automated", "automated", "Say that a machine wrote a message.", "'<1@client.com>' --reason \"a robot\"")
_add(
    "assign",
    "assign",
    "Give a wait to a person, in place of whom it was addressed to.",
    "w0123456789ab --person ben@acme.com",
    needs="person",
)
_add("withdraw", "withdraw", "Undo every decision about a wait's first message.", "w0123456789ab")
