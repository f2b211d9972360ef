"""What the forms of linking ask for: an IMAP server with its password, or the addresses of a team."""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from emailresponse import domains
from emailresponse.errors import EmailResponseError, SettingsError
from emailresponse.links import Link
from syncing.linking import Linking
from syncing.ways import TEAM_WAYS
from web import telling

MOST_AT_ONCE = 200
AT_A_TIME = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """An IMAP mailbox as it was typed; its password is said by nothing that shows this."""

    address: str
    name: str | None
    options: dict[str, Any]
    password: str

    def __repr__(self) -> str:
        return "Asked(…)"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of linking one address of a team."""

    address: str
    is_linked: bool
    words: str


def typed_of(link: Link | None) -> dict[str, str]:
    """Return the form's fields for a mailbox that is linked again; the password is typed anew."""
    if link is None:
        return {}
    held = {name: str(link.options[name]) for name in ("host", "port", "security") if link.options.get(name)}
    return {**held, "address": link.mailbox, "user": str(link.options.get("user") or link.account)}


def asked_password(typed: Mapping[str, str]) -> Asked:
    """Return what an IMAP form asks for.

    Raises:
        SettingsError: the address is none, or the host, the port or the password cannot be.
    """
    held = {name: typed.get(name, "").strip() for name in ("address", "name", "user", "host", "port")}
    address = domains.address(held["address"])
    if not held["host"]:
        raise SettingsError("type the name of the server, as imap.example.com")
    if not typed.get("password"):
        raise SettingsError("type the password")
    options: dict[str, Any] = {
        "host": held["host"],
        "security": typed.get("security") or "tls",
        "user": held["user"] or address,
    }
    if held["port"]:
        if not held["port"].isdecimal():
            raise SettingsError("the port should be a number, as 993")
        options["port"] = int(held["port"])
    return Asked(address, held["name"] or None, options, typed["password"])


def asked_team(provider: str, typed: str) -> list[str]:
    """Return the addresses of a list, each once, whatever divides them.

    Raises:
        SettingsError: no provider was chosen, or there are no addresses, or too many at once.
    """
    if provider not in TEAM_WAYS:
        raise SettingsError("choose Gmail or Microsoft 365")
    found = list(dict.fromkeys(word for word in re.split(r"[\s,;<>]+", typed) if "@" in word))
    if not found:
        raise SettingsError("type the addresses of the mailboxes, one a line")
    if len(found) > MOST_AT_ONCE:
        raise SettingsError(f"these are {len(found)} addresses; type at most {MOST_AT_ONCE} at once")
    return found


def link_all(linking: Linking, provider: str, addresses: list[str], by: str) -> list[Outcome]:
    """Link each address, some at a time, and return what came of each; one's refusal stops no other."""

    def link(address: str) -> Outcome:
        try:
            linking.whole_team(provider, domains.address(address), by)
        except EmailResponseError as error:
            return Outcome(address, is_linked=False, words=telling.refused(error))
        return Outcome(address, is_linked=True, words="Linked.")

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        return list(pool.map(link, addresses))
