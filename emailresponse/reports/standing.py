"""How far each mailbox of ours is known, and how the reading of the linked ones goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from emailresponse import links, mailboxes
from emailresponse.links import Link
from emailresponse.store import Store


@dataclass(frozen=True, slots=True)
class Standing:
    """One mailbox of ours.

    Attributes:
        mailbox: its address.
        name: what people call it.
        kind: personal or shared.
        link: how it is read by itself; None where its mail comes from files.
        as_of_at: naive UTC; its waits are known up to here. None without any message.
        refused_count: messages that could not be kept since it was first linked.
    """

    mailbox: str
    name: str | None
    kind: str
    link: Link | None
    as_of_at: datetime | None
    refused_count: int


def standings(store: Store) -> list[Standing]:
    """Return every mailbox of ours: those to be linked again first, then the linked ones, by address."""
    linked = {one.mailbox: one for one in links.listed(store)}
    known = dict(store.tuples("report/horizons", teams=None, mailboxes=None))
    refused = dict(store.tuples("store/link_refusals"))
    found = [
        Standing(
            one.mailbox,
            one.name,
            one.kind,
            linked.get(one.mailbox),
            known.get(one.mailbox),
            refused.get(one.mailbox, 0),
        )
        for one in mailboxes.listed(store)
    ]
    return sorted(found, key=_by_need)


def _by_need(one: Standing) -> tuple[int, str]:
    need = 2 if one.link is None else 0 if one.link.is_lost else 1
    return need, one.mailbox
