"""`emailresponse link`: mailboxes linked once are read by themselves; here is how each is linked."""

from __future__ import annotations

import sys
import webbrowser
from typing import TYPE_CHECKING, Any

import click

from cli import links, live, loopback, troubles, workspace
from emailresponse.addresses import compared
from emailresponse.errors import EmailResponseError

if TYPE_CHECKING:
    from emailresponse.links import Link

SECURITIES = ("tls", "starttls", "none")
LOOPBACK = {"gmail": "127.0.0.1", "graph": "localhost"}
"""This machine as each provider wants it in a redirect URI: Entra takes no 127.0.0.1 in its form."""

_browser_options = (
    click.option("--no-browser", is_flag=True, help="Print the address instead of opening a browser."),
    click.option(
        "--port",
        type=click.IntRange(0, 65535),
        default=0,
        show_default="a free one",
        help="Where the browser comes back to, if the provider knows only one port.",
    ),
)


@click.group(name="link")
def command() -> None:
    """Link mailboxes, so that they are read by themselves: headers only.

    \b
    Example:
      emailresponse link gmail ada@acme.com
      emailresponse link microsoft --application ada@acme.com ben@acme.com
      emailresponse link imap ada@acme.com --host imap.acme.com
      emailresponse link list
    """


for _own in (links.list_, links.pause, links.resume, links.remove, links.rotate_key):
    command.add_command(_own)


@command.command("gmail")
@click.argument("addresses", metavar="[ADDRESS]...", nargs=-1)
@click.option("--delegated", is_flag=True, help="By the service account's domain-wide delegation.")
@_browser_options[0]
@_browser_options[1]
@click.pass_obj
def gmail(
    obj: dict[str, Any], addresses: tuple[str, ...], delegated: bool, no_browser: bool, port: int
) -> None:
    """Link a Gmail mailbox by its owner's consent, or several that were delegated.

    A browser opens Google's page of consent; ADDRESS is the account it offers. With --delegated every
    ADDRESS is linked without anybody's doing. What has to be set up first: docs/gmail.md.

    \b
    Example:
      emailresponse link gmail ada@acme.com
      emailresponse link gmail --no-browser
      emailresponse link gmail --delegated ada@acme.com ben@acme.com
    """
    if delegated:
        _link_team(obj, "gmail", addresses)
    else:
        _link_person(obj, "gmail", addresses, port=port, is_printing=no_browser)


@command.command("microsoft")
@click.argument("addresses", metavar="[ADDRESS]...", nargs=-1)
@click.option("--application", is_flag=True, help="By the application permission of a whole tenant.")
@click.option("--device", is_flag=True, help="By a code that is typed into a browser on any device.")
@_browser_options[0]
@_browser_options[1]
@click.pass_obj
def microsoft(
    obj: dict[str, Any],
    addresses: tuple[str, ...],
    application: bool,
    device: bool,
    no_browser: bool,
    port: int,
) -> None:
    """Link a Microsoft 365 mailbox by its owner's consent, or several of a tenant.

    A browser opens Microsoft's sign-in; ADDRESS is the account it offers. With --application every ADDRESS
    is linked without anybody's doing. What has to be set up first: docs/microsoft.md.

    \b
    Example:
      emailresponse link microsoft ada@acme.com
      emailresponse link microsoft --device
      emailresponse link microsoft --application ada@acme.com sales@acme.com
    """
    if application and device:
        raise click.UsageError("Give --application or --device, not both.")
    if application:
        _link_team(obj, "graph", addresses)
    elif device:
        _link_by_code(obj, _one(addresses))
    else:
        _link_person(obj, "graph", addresses, port=port, is_printing=no_browser)


@command.command("imap")
@click.argument("address")
@click.option("--host", required=True, help="The IMAP server's name.")
@click.option(
    "--port", type=click.IntRange(1, 65535), show_default="993, else 143", help="The IMAP server's port."
)
@click.option(
    "--security",
    type=click.Choice(SECURITIES),
    default="tls",
    show_default=True,
    help="How the connection is kept from strangers; none is for this machine alone.",
)
@click.option("--user", help="Who signs in, if it is not ADDRESS.")
@click.pass_obj
def imap(
    obj: dict[str, Any], address: str, host: str, port: int | None, security: str, user: str | None
) -> None:
    """Link the mailbox ADDRESS on any IMAP server.

    The password is asked for, or read from standard input where that is no terminal; it is never an argument.

    \b
    Example:
      emailresponse link imap ada@acme.com --host imap.acme.com
      emailresponse link imap ada@acme.com --host 127.0.0.1 --security none < password.txt
    """
    options = {"host": host, "port": port, "security": security, "user": user}
    given = {name: value for name, value in options.items() if value is not None}
    password = _password(user or address)
    with troubles.advised("imap"), live.opened(obj) as reading:
        link = reading.live.linking.password(address, given, password, workspace.user())
    _tell(link)
    if "no_sent_folder" in (link.options.get("warnings") or ()):
        click.echo(
            troubles.folded(
                "The server names no folder of sent mail: answers sent from there may not be seen. Send with "
                "a program that keeps sent mail on the server."
            ),
            err=True,
        )


def _password(user: str) -> str:
    if sys.stdin.isatty():
        return str(click.prompt(f"Password of {user}", hide_input=True, err=True))
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise click.UsageError("There is no password on standard input.")
    return password


def _one(addresses: tuple[str, ...]) -> str | None:
    if len(addresses) > 1:
        raise click.UsageError("People consent one at a time: give one ADDRESS.")
    return addresses[0] if addresses else None


def _link_person(
    obj: dict[str, Any], provider: str, addresses: tuple[str, ...], *, port: int, is_printing: bool
) -> None:
    """Link the mailbox of a person who consents in a browser."""
    address = _one(addresses)
    with troubles.advised(provider), live.opened(obj) as reading, loopback.door(port) as door:
        linking = reading.live.linking
        name, begun = linking.begin(provider, door.address(LOOPBACK[provider]), account=address)
        door.expect(begun.address)
        if is_printing or not webbrowser.open(begun.address):
            _print_address(begun.address, door)
        else:
            click.echo("Agree in the browser that has opened. Ctrl-C gives up.", err=True)
        link = linking.finish(name, door.visit(), workspace.user())
    _tell(link, address)


def _print_address(address: str, door: loopback.Door) -> None:
    click.echo("Open this address in a browser and agree there:\n", err=True)
    click.echo(address)
    if sys.stdin.isatty():
        click.echo(
            troubles.folded(
                "\nIf that browser runs on another machine, its last page cannot be shown. Copy that page's "
                "address from the browser's bar, paste it here and press Enter."
            ),
            err=True,
        )
        door.read_pasted()


def _link_by_code(obj: dict[str, Any], address: str | None) -> None:
    """Link the mailbox of a person who types a code on any device."""
    with troubles.advised("graph"), live.opened(obj) as reading:
        name, begun = reading.live.linking.begin_device()
        click.echo(f"Open {begun.address} on any device, sign in and type: {begun.code}")
        click.echo("Waiting for that. Ctrl-C gives up.", err=True)
        link = reading.live.linking.finish_device(name, workspace.user())
    _tell(link, address)


def _link_team(obj: dict[str, Any], provider: str, addresses: tuple[str, ...]) -> None:
    """Link mailboxes that were granted as a whole; one that is refused keeps none of the others."""
    if not addresses:
        raise click.UsageError("Give the addresses of the mailboxes to link.")
    failed = 0
    with live.opened(obj) as reading:
        for address in addresses:
            try:
                _tell(reading.live.linking.whole_team(provider, address, workspace.user()))
            except EmailResponseError as error:
                failed += 1
                click.echo(troubles.folded(f"{address} is not linked: {_reason(error)}."), err=True)
                note = troubles.advice(error, provider)
                if note:
                    click.echo(troubles.folded(note, "  "), err=True)
    if failed:
        sys.exit(2 if failed == len(addresses) else 1)


def _reason(error: EmailResponseError) -> str:
    return str(error).removeprefix("not linked: ")


def _tell(link: Link, asked: str | None = None) -> None:
    """Say what was linked and what comes next."""
    since = f" back to {link.horizon_at:%Y-%m-%d}" if link.horizon_at else ""
    name = troubles.NAMES[link.provider]
    click.echo(f"Linked {link.mailbox} ({name}); it will be read{since}.")
    if asked and (compared(asked) or asked) != link.mailbox:
        click.echo(
            troubles.folded(
                f"That is not {asked}: another account was signed in. If it was not meant: "
                f"emailresponse link remove {link.mailbox} --erase"
            ),
            err=True,
        )
    click.echo("Read it now: emailresponse sync --once; by itself: emailresponse serve")
