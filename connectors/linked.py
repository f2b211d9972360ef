"""What a connector of a live mailbox is given: whose it is, how it may be read, and what is stored of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.pacing import Paces
from emailresponse.copies import Holdings
from emailresponse.providers import Providers


@dataclass(frozen=True, slots=True)
class Linked:
    """A live mailbox, ready to be read.

    Attributes:
        mailbox: its address in compared form, as copies carry it.
        account: its address or user name as the provider spells it.
        way: how it may be read: `consent` (its owner's), `delegation` (Google), `application` (Microsoft) or
            `password` (IMAP).
        options: what else was said when it was linked, e.g. an IMAP server's host and port.
        horizon_at: naive UTC; messages received before are not read.
        secret: token or password as text, as `save_secret` was last given it; absent where the way needs none
            of its own.
        save_secret: keeps a secret that the provider has changed, sealed, before it returns.
        holdings: what is stored of the mailbox.
        providers: settings of how providers are reached.
        paces: token buckets shared by the connectors of this process.
        now: the moment in naive UTC.
    """

    mailbox: str
    account: str
    way: str
    options: Mapping[str, Any]
    horizon_at: datetime | None
    secret: str | None
    save_secret: Callable[[str], None]
    holdings: Holdings
    providers: Providers
    paces: Paces
    now: Callable[[], datetime]
