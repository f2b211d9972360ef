"""What to do about what providers say: a sentence for each error and each trouble of a linked mailbox."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from emailresponse.errors import (
    AuthorizationLost,
    ConsentRefused,
    EmailResponseError,
    MailboxEmptied,
    ProviderDown,
    ProviderWrong,
    RateLimited,
    SettingsError,
    StoreFull,
)

if TYPE_CHECKING:
    from emailresponse.links import Link

WIDTH = 80
COMMANDS = {"gmail": "gmail", "graph": "microsoft", "imap": "imap"}
NAMES = {"gmail": "Gmail", "graph": "Microsoft 365", "imap": "IMAP"}
GUIDES = {"gmail": "docs/gmail.md", "graph": "docs/microsoft.md", "imap": "docs/imap.md"}
README = 'README, "Connecting a mailbox"'

#: What a person does differently, by the kind of refusal.
CONSENTS = {
    "denied": "Run the command again and agree on the provider's page.",
    "unticked": "Run the command again and leave every box ticked: without the one for mail there is nothing "
    "to read.",
    "admin": "An administrator has to allow it first; {guide} says where.",
    "stale": "Run the command again and finish in the newest window within ten minutes.",
    "wrong": "Check what was typed and which account is signed in, and run the command again; {guide} says "
    "what is needed.",
}
SIGN_IN = (
    "Check host, port, user and password, and run the command again; many providers want an app password "
    "({guide})."
)
UNCONFIGURED = "Say it in config.toml under [{group}], as {guide} says step by step ({readme})."

LATER: dict[type[EmailResponseError], str] = {
    RateLimited: "Wait a minute and run the command again.",
    ProviderDown: "Check this machine's network and run the command again later.",
    ProviderWrong: "Check the settings against {guide} and run the command again.",
}

#: What to do about the trouble of a linked mailbox.
TROUBLES = {
    "reconnect": "Link it again: {again}",
    "limited": "The provider asks for patience; the next run goes on where this one stopped. If it stays so, "
    "lower the pace in config.toml ({guide}).",
    "down": "The provider did not answer; the next run tries again. If it stays so, check this machine's "
    "network and the provider's status page.",
    "wrong": "If it stays so after the next run, check the settings against {guide} and report the words "
    "above.",
    "emptied": "The mailbox came back empty although messages of it are stored; nothing was changed. Check "
    "that it is the right account, then link it again: {again}",
    "full": "Make room on the disk; what was stored is whole, and the next run goes on.",
}
_TROUBLE_OF: dict[type[EmailResponseError], str] = {
    AuthorizationLost: "reconnect",
    RateLimited: "limited",
    ProviderDown: "down",
    ProviderWrong: "wrong",
    MailboxEmptied: "emptied",
    StoreFull: "full",
}


def again(link: Link) -> str:
    """Return the command that links a mailbox again in the way it was linked."""
    words = ["emailresponse link", COMMANDS[link.provider]]
    if link.way == "delegation":
        words.append("--delegated")
    if link.way == "application":
        words.append("--application")
    words.append(link.mailbox)
    if link.way == "password":
        names = ("host", "port", "security", "user")
        words += [f"--{name} {link.options[name]}" for name in names if link.options.get(name)]
    return " ".join(words)


def remedy(link: Link, error: EmailResponseError | None = None) -> str:
    """Return what to do about what a mailbox met: now, or else the last time it was read."""
    guide = GUIDES[link.provider]
    if isinstance(error, SettingsError):
        return unconfigured(error, link.provider)
    trouble = _TROUBLE_OF.get(type(error), "wrong") if error else link.trouble or "wrong"
    return TROUBLES[trouble].format(again=again(link), guide=guide)


def unconfigured(error: SettingsError, provider: str) -> str:
    """Return where a setting that is missing or wrong is said."""
    group = (error.where or "").partition(".")[0] or COMMANDS[provider]
    return UNCONFIGURED.format(group=group, guide=GUIDES[provider], readme=README)


def advice(error: EmailResponseError, provider: str) -> str | None:
    """Return what to do about an error met while a mailbox was linked; None: its own words say it."""
    guide = GUIDES[provider]
    if isinstance(error, ConsentRefused):
        if provider == "imap":
            return SIGN_IN.format(guide=guide)
        return CONSENTS.get(error.kind, CONSENTS["wrong"]).format(guide=guide)
    if isinstance(error, SettingsError):
        is_setting = (error.where or "").partition(".")[0] in {"gmail", "microsoft"}
        return unconfigured(error, provider) if is_setting else None
    said = LATER.get(type(error))
    return said.format(guide=guide) if said else None


@contextmanager
def advised(provider: str) -> Iterator[None]:
    """Let an error that comes out of here say what to do about it."""
    try:
        yield
    except EmailResponseError as error:
        note = advice(error, provider)
        if note:
            error.add_note(note)
        raise


def folded(text: str, margin: str = "") -> str:
    """Return a text in lines of 80 columns; a command at its end stays whole, so that it can be copied."""
    said, mark, command = text.partition(": emailresponse ")
    lines = textwrap.fill(
        said + (":" if mark else ""),
        WIDTH,
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return f"{lines}\n{margin}  emailresponse {command}" if mark else lines
