"""What is ours beside people and mailboxes: internal domains and listed groups."""

from __future__ import annotations

import re
from dataclasses import dataclass

from emailresponse import addresses, audit
from emailresponse.audit import Change
from emailresponse.errors import NotFound, SettingsError
from emailresponse.store import Store

_DOMAIN = re.compile(r"(?=.{1,253}$)[^\s@.*/]{1,63}(\.[^\s@.*/]{1,63})+")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")


@dataclass(frozen=True, slots=True)
class Domain:
    """An internal domain, with or without its subdomains."""

    domain: str
    has_subdomains: bool

    @property
    def pattern(self) -> str:
        """The domain as it is written in settings."""
        return f"*.{self.domain}" if self.has_subdomains else self.domain


@dataclass(frozen=True, slots=True)
class Group:
    """A listed group or list of ours."""

    address: str
    name: str | None


def parse(pattern: str) -> Domain:
    """Return the internal domain a text means; `*.acme.com` is acme.com with its subdomains.

    Raises:
        SettingsError: it is no domain, or a free-mail provider's.
    """
    text = pattern.strip().lower().removeprefix("@").rstrip(".")
    has_subdomains = text.startswith("*.")
    domain = text.removeprefix("*.")
    if not _DOMAIN.fullmatch(domain):
        raise SettingsError(f"{pattern!r} is no domain; write acme.com, or *.acme.com for its subdomains too")
    if any(domain == free or domain.endswith(f".{free}") for free in addresses.FREE_MAIL):
        raise SettingsError(
            f"{domain} is a free-mail domain: anybody may have an address there; list the private addresses"
            " of your people instead"
        )
    return Domain(domain, has_subdomains)


def address(text: str) -> str:
    """Return an address in compared form.

    Raises:
        SettingsError: it is no address.
    """
    found = addresses.compared(text) if _ADDRESS.fullmatch(text.strip()) else None
    if found is None:
        raise SettingsError(f"{text!r} is no e-mail address")
    return found


def listed(store: Store) -> list[Domain]:
    """Return the internal domains."""
    return store.rows("store/domains", Domain)


def add(store: Store, change: Change, pattern: str) -> bool:
    """List a domain as internal, or say again whether its subdomains are; returns whether that is new.

    Raises:
        SettingsError: it is no domain, or a free-mail provider's.
    """
    domain = parse(pattern)
    if domain in listed(store):
        return False
    store.run("store/put_domain", domain=domain.domain, has_subdomains=domain.has_subdomains)
    audit.record(store, change, "domain added", domain.pattern)
    return True


def end(store: Store, change: Change, pattern: str) -> None:
    """Take a domain off the list.

    Raises:
        NotFound: it is not listed.
    """
    domain = parse(pattern).domain
    if domain not in {known.domain for known in listed(store)}:
        raise NotFound("internal domain", domain)
    store.run("store/remove_domain", domain=domain)
    audit.record(store, change, "domain removed", domain)


def groups(store: Store) -> list[Group]:
    """Return the listed groups."""
    return store.rows("store/groups", Group)


def add_group(store: Store, change: Change, text: str, name: str | None = None) -> bool:
    """List a group or list of ours; returns whether that is new.

    Raises:
        SettingsError: it is no address, or a person's.
    """
    group = Group(address(text), name)
    owners = dict(store.tuples("store/person_addresses"))
    if group.address in owners:
        raise SettingsError(f"{group.address} is an address of {owners[group.address]}; a group has its own")
    if group in groups(store):
        return False
    store.run("store/put_group", address=group.address, name=name)
    audit.record(store, change, "group added", group.address)
    return True


def end_group(store: Store, change: Change, text: str) -> None:
    """Take a group off the list.

    Raises:
        NotFound: it is not listed.
    """
    found = address(text)
    if found not in {known.address for known in groups(store)}:
        raise NotFound("group", found)
    store.run("store/remove_group", address=found)
    audit.record(store, change, "group removed", found)
