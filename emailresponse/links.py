"""Links: which mailboxes are read by themselves, in which way, and how the reading goes.

Changes run inside the caller's transaction and leave an audit row. Secrets are stored sealed, never shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from dateutil.relativedelta import relativedelta

from emailresponse import audit, mailboxes, settings
from emailresponse.addresses import compared
from emailresponse.audit import Change
from emailresponse.errors import NotFound, SettingsError
from emailresponse.store import Store
from emailresponse.vault import Vault

PROVIDERS = ("gmail", "graph", "imap")
RECONNECT = "reconnect"
"""The trouble that waiting does not mend: the mailbox is not read until it is linked again."""


@dataclass(frozen=True, slots=True)
class Link:
    """A mailbox that is read by itself.

    Attributes:
        mailbox: its address in compared form.
        provider: gmail, graph or imap.
        way: consent, delegation, application or password.
        account: its address or user name as the provider spells it.
        options: what else the connector is told.
        horizon_at: naive UTC; messages received before are not read.
        is_paused: whether it is not read for now, by somebody's wish.
        begun_at, ended_at: of the last pass; the first is later while one is under way.
        trouble: why the last pass did not end well: reconnect, limited, down, wrong, emptied or full.
        reason: the provider's own words for it.
        failures: passes in a row that met trouble.
        retry_at: when the next attempt is worth it.
        first_begun_at, first_done, first_total, first_ended_at: the first read: since when, how many messages
            are dealt with, how many there are, and when it was done.
        stored_count: copies stored since it was linked.
        synced_at: everything that lay there at this moment is stored.
    """

    mailbox: str
    provider: str
    way: str
    account: str
    options: Mapping[str, Any]
    horizon_at: datetime | None
    linked_at: datetime
    is_paused: bool
    begun_at: datetime | None
    ended_at: datetime | None
    trouble: str | None
    reason: str | None
    failures: int
    retry_at: datetime | None
    first_begun_at: datetime | None
    first_done: int | None
    first_total: int | None
    first_ended_at: datetime | None
    stored_count: int
    synced_at: datetime | None

    @property
    def source(self) -> str:
        """What its cursor is kept under."""
        return f"link {self.provider}"

    @property
    def is_lost(self) -> bool:
        """Say whether it has to be linked again before it can be read."""
        return self.trouble == RECONNECT

    @property
    def is_first_read(self) -> bool:
        """Say whether its first read is still under way."""
        return self.first_ended_at is None


def listed(store: Store) -> list[Link]:
    """Return the links by address."""
    return [replace(row, options=json.loads(str(row.options))) for row in store.rows("store/links", Link)]


def link(store: Store, mailbox: str) -> Link:
    """Return the link of a mailbox.

    Raises:
        NotFound: it is not linked.
    """
    wanted = compared(mailbox) or mailbox
    for known in listed(store):
        if known.mailbox == wanted:
            return known
    raise NotFound("linked mailbox", wanted)


def add(
    store: Store,
    vault: Vault,
    by: Change,
    *,
    provider: str,
    account: str,
    way: str,
    secret: str | None = None,
    options: Mapping[str, Any] | None = None,
    mailbox: str | None = None,
    name: str | None = None,
) -> Link:
    """Link a mailbox, or link it again: then its cursor and horizon stay, and reading goes on.

    A mailbox that was not ours becomes ours. Messages before its horizon open no wait.

    Args:
        store: inside the caller's transaction.
        vault: seals the secret.
        by: who and when.
        provider: gmail, graph or imap.
        account: its address or user name as the provider spells it.
        way: consent, delegation, application or password.
        secret: token or password.
        options: what else the connector is told.
        mailbox: its address where the account is none (an IMAP user name).
        name: what people call it, if it is new.

    Raises:
        SettingsError: the address is none.
    """
    address = compared(mailbox or account)
    if address is None:
        raise SettingsError(f"{mailbox or account!r} is no address")
    before = next((one for one in listed(store) if one.mailbox == address), None)
    is_same = before is not None and before.provider == provider
    horizon_at = before.horizon_at if before and is_same else _horizon(store, by.at)
    if not any(one.mailbox == address for one in mailboxes.listed(store)):
        mailboxes.add(store, by, address, name=name, backfill_from=horizon_at)
    store.run("store/remove_link", mailbox=address)
    store.run(
        "store/add_link",
        mailbox=address,
        provider=provider,
        way=way,
        account=account,
        options=json.dumps(dict(options or {}), sort_keys=True),
        horizon_at=horizon_at,
        linked_at=by.at,
        is_paused=False,
    )
    keep_secret(store, vault, address, secret, by.at)
    if is_same:
        store.run("store/clear_trouble", mailbox=address)
    else:
        _forget_reading(store, address)
        store.run("store/add_reading", mailbox=address)
    action = "mailbox linked again" if before else "mailbox linked"
    audit.record(store, by, action, address, {"provider": provider, "way": way}, is_rebuild=False)
    return link(store, address)


def keep_secret(store: Store, vault: Vault, mailbox: str, secret: str | None, at: datetime) -> None:
    """Keep a secret sealed in place of the one before; None: there is none any more."""
    store.run("store/remove_secret", mailbox=mailbox)
    if secret is not None:
        store.run("store/add_secret", mailbox=mailbox, sealed=vault.seal(secret), sealed_at=at)


def secret(store: Store, vault: Vault, mailbox: str) -> str | None:
    """Return a mailbox's secret; None where it has none, or no key at hand opens it."""
    sealed = store.value("store/secret", mailbox=mailbox)
    return None if sealed is None else vault.unseal(sealed)


def seal_again(store: Store, vault: Vault, by: Change) -> tuple[int, tuple[str, ...]]:
    """Seal every secret with the newest key; return how many, and the mailboxes whose key is lost."""
    count, lost = 0, []
    for mailbox, sealed in store.tuples("store/secrets"):
        opened = vault.unseal(sealed)
        if opened is None:
            lost.append(mailbox)
            continue
        keep_secret(store, vault, mailbox, opened, by.at)
        count += 1
    audit.record(store, by, "key rotated", "vault", {"sealed": count, "lost": len(lost)}, is_rebuild=False)
    return count, tuple(lost)


def pause(store: Store, by: Change, mailbox: str, *, is_paused: bool) -> Link:
    """Stop reading a mailbox for now, or go on.

    Raises:
        NotFound: it is not linked.
    """
    before = link(store, mailbox)
    if before.is_paused != is_paused:
        store.run("store/pause_link", mailbox=before.mailbox, is_paused=is_paused)
        action = "mailbox paused" if is_paused else "mailbox resumed"
        audit.record(store, by, action, before.mailbox, is_rebuild=False)
    return link(store, before.mailbox)


def remove(store: Store, by: Change, mailbox: str, *, is_erasing: bool) -> None:
    """Link a mailbox no more; its messages stay, or are erased with every decision about them.

    Raises:
        NotFound: it is not linked.
    """
    before = link(store, mailbox)
    store.run("store/remove_link", mailbox=before.mailbox)
    store.run("store/remove_secret", mailbox=before.mailbox)
    _forget_reading(store, before.mailbox)
    store.run("store/forget_sync", mailbox=before.mailbox)
    if is_erasing:
        for name in ("placements", "overrides", "copies", "cursors"):
            store.run(f"store/erase_{name}", mailbox=before.mailbox)
    detail = {"provider": before.provider, "messages": "erased" if is_erasing else "kept"}
    audit.record(store, by, "mailbox unlinked", before.mailbox, detail)


def _forget_reading(store: Store, mailbox: str) -> None:
    store.run("store/remove_reading", mailbox=mailbox)
    store.run("store/remove_link_cursors", mailbox=mailbox)


def _horizon(store: Store, at: datetime) -> datetime:
    """Return the start of the day so many months back that a mailbox linked now is read from."""
    months = settings.providers(store).syncing.backfill_months
    return datetime.combine(at - relativedelta(months=months), time())
