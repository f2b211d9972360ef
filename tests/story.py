"""Stories for tests: who wrote when to whom, told line by line, and what follows from it.

A story runs on one of two engines: `oracle` (tests/oracle) or `product` (emailresponse.derive). Its days
start on Monday 2 March 2026; a time is "HH:MM" or "HH:MM:SS" on the story's current day, or
"YYYY-MM-DD HH:MM". Each message answers the one before it unless `replies` says otherwise; its id is
m1, m2, … unless `id` says so.
"""

from __future__ import annotations

import dataclasses
import importlib.util
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from emailresponse.copies import Copy
from tests import oracle
from tests.oracle import standing, teams
from tests.oracle.business import Business
from tests.oracle.identity import Message
from tests.oracle.waits import Wait

FIRST_DAY = date(2026, 3, 2)
ADA, BEN, BOB = "ada@acme.com", "ben@acme.com", "bob@client.com"


def at(text: str) -> datetime:
    """Return the naive UTC moment that an ISO text means."""
    return datetime.fromisoformat(text)


def has_product() -> bool:
    """Say whether the real derivation is there."""
    import emailresponse.derive

    return (
        hasattr(emailresponse.derive, "refresh")
        and importlib.util.find_spec("emailresponse.sync") is not None
    )


@dataclass(frozen=True)
class WaitRow:
    """A wait as both engines tell it.

    `state` is `open` whatever part of the goal is used, `stands` tells `due_soon` and `overdue` apart.
    """

    opened_at: datetime
    opened_by: str
    lane: str
    klass: str
    company: str
    contact: str | None
    conversation: str
    segment: int
    mailbox: str
    closed_by: str | None
    closed_at: datetime | None
    close_kind: str | None
    credit: str | None
    chasers: int
    handoff_by: str | None
    handoff_at: datetime | None
    superseded_at: datetime | None
    dismissed_kind: str | None
    addressees: tuple[str, ...]
    assigned_to: str | None
    is_form: bool
    is_late: bool
    is_skewed: bool
    state: str
    seconds: float | None
    stands: str
    business_seconds: float | None
    flags: tuple[str, ...]
    team_id: str | None

    def key(self) -> tuple[datetime, str, str]:
        """Return what waits are in order of."""
        return self.opened_at, self.opened_by, self.lane


class Story:
    """A workspace that is told line by line and then asked."""

    def __init__(self, engine: str = "oracle") -> None:
        self.engine = engine
        self.workspace = oracle.Workspace(
            domains={"acme.com": False},
            people={ADA: (ADA,), BEN: (BEN,)},
            mailboxes={ADA: oracle.Mailbox(ADA, ADA), BEN: oracle.Mailbox(BEN, BEN)},
        )
        self.today = FIRST_DAY
        self._last: str | None = None
        self._told = 0
        self._of: dict[str, list[Copy]] = {}
        self._derived: Any = None

    # Who is ours

    def person(self, *addresses: str, mailbox: bool = True, **facts: Any) -> Story:
        """Add a person with all addresses, the first being the id and, unless told, a personal mailbox."""
        self.workspace.people[addresses[0]] = addresses
        if mailbox:
            self.mailbox(addresses[0], owner=addresses[0], **facts)
        return self

    def mailbox(self, address: str, **facts: Any) -> Story:
        """Add a mailbox or change it; shared without an owner."""
        known = self.workspace.mailboxes.get(address, oracle.Mailbox(address))
        for name in ("backfill_from", "synced_at"):
            if isinstance(facts.get(name), str):
                facts[name] = self.moment(facts[name])
        self.workspace.mailboxes[address] = dataclasses.replace(known, **facts)
        return self

    def group(self, *addresses: str) -> Story:
        """List groups of ours."""
        self.workspace.groups |= set(addresses)
        return self

    def domain(self, domain: str, *, subdomains: bool = False) -> Story:
        """List an internal domain."""
        self.workspace.domains[domain] = subdomains
        return self

    def form(self, address: str) -> Story:
        """Allow a sender of web-form notifications."""
        self.workspace.form_senders.add(address)
        return self

    def dismissed_sender(self, pattern: str) -> Story:
        """Say that a sender's messages need no reply."""
        self.workspace.dismissed_senders[pattern] = "no need"
        return self

    # When

    def day(self, number: int) -> Story:
        """Go to a day, counted from 0 = Monday 2 March 2026."""
        self.today = FIRST_DAY + timedelta(days=number)
        return self

    def moment(self, text: str) -> datetime:
        """Return the UTC moment that a text means."""
        if " " in text:
            return datetime.fromisoformat(text)
        return datetime.fromisoformat(f"{self.today} {text}")

    def as_of(self, text: str) -> Story:
        """Ask with an as-of."""
        self.workspace.as_of = self.moment(text)
        return self

    # What was written

    def inbound(self, when: str | None, sender: str | None = BOB, **facts: Any) -> Story:
        """Tell a message from outside; it lies in every mailbox of ours that it names, else in Ada's."""
        to = _many(facts.pop("to", (ADA,)))
        cc, bcc = _many(facts.get("cc", ())), _many(facts.get("bcc", ()))
        named = [one for one in (*to, *cc, *bcc) if one in self.workspace.mailboxes]
        held = _many(facts.pop("held", None) or tuple(dict.fromkeys(named)) or (ADA,))
        return self._tell(when, sender, to, held=held, sent=(), **facts)

    def outbound(self, when: str | None, author: str = ADA, **facts: Any) -> Story:
        """Tell a message of ours to outside; its author's mailbox holds the sent copy unless `sent` says."""
        to = _many(facts.pop("to", (BOB,)))
        cc = _many(facts.get("cc", ()))
        sent = _many(facts.pop("sent", (author,)))
        named = tuple(one for one in (*to, *cc) if one in self.workspace.mailboxes and one not in sent)
        return self._tell(when, author, to, held=_many(facts.pop("held", named)), sent=sent, **facts)

    def note(self, when: str | None, author: str = ADA, to: Any = (BEN,), **facts: Any) -> Story:
        """Tell a message among us."""
        return self.outbound(when, author, to=to, **facts)

    def also(self, mailbox: str, **changes: Any) -> Story:
        """Tell a further copy of the last message, in another mailbox."""
        first = self._of[f"#{self._told}"][0]
        for name in ("copied_at", "sent_at"):
            if isinstance(changes.get(name), str):
                changes[name] = self.moment(changes[name])
        number = len(self.workspace.copies) + 1
        copy = dataclasses.replace(first, mailbox=mailbox, provider_id=f"c{number:03}", **changes)
        return self._keep(copy, copy.message_id or "")

    def merging(self) -> Story:
        """Say that all copies so far were imported with --merge-copies."""
        self.workspace.merging = {(copy.mailbox, copy.provider_id) for copy in self.workspace.copies}
        return self

    def _tell(
        self,
        when: str | None,
        author: str | None,
        to: tuple[str, ...],
        *,
        held: tuple[str, ...],
        sent: tuple[str, ...],
        **facts: Any,
    ) -> Story:
        self._told += 1
        name = facts.pop("id", f"m{self._told}")
        replies = facts.pop("replies", self._last)
        labels = facts.pop("labels", ())
        at = self.moment(when) if when else None
        self._of[f"#{self._told}"] = []
        for mailbox in dict.fromkeys((*sent, *held)):
            fields: dict[str, Any] = {
                "provider": "gmail",
                "copied_at": at,
                "sent_at": at,
                "subject": f"Subject of {self._told}",
                "from_address": author,
                "to_addresses": to,
                "reply_ids": () if replies is None else _many(replies),
            }
            lists = {"cc": "cc_addresses", "bcc": "bcc_addresses", "references": "reference_ids"}
            for key, value in facts.items():
                is_list = key in lists or key in {"marks", "reply_to", "delivered_to", "unsubscribe_hosts"}
                is_time = key in {"sent_at", "copied_at"} and isinstance(value, str)
                if is_list:
                    value = _many(value)  # noqa: PLW2901
                fields[lists.get(key, key)] = self.moment(value) if is_time else value
            fields["labels"] = tuple(labels) + (("SENT",) if mailbox in sent else ())
            number = len(self.workspace.copies) + 1
            copy = Copy(mailbox=mailbox, provider_id=f"c{number:03}", message_id=name, **fields)
            self._keep(copy, name or "")
        self._last = name
        return self

    def _keep(self, copy: Copy, name: str) -> Story:
        self.workspace.copies.append(copy)
        self._of.setdefault(name, []).append(copy)
        self._of[f"#{self._told}"].append(copy)
        self._derived = None
        return self

    # What happened to it later

    def relabel(
        self, when: str, *labels: str, message: str | None = None, mailbox: str | None = None
    ) -> Story:
        """Tell that the copies of a message (the last one) bear other labels now."""
        for copy in self._of[message or f"#{self._told}"]:
            if mailbox in {None, copy.mailbox}:
                placement = oracle.Placement(copy.mailbox, copy.provider_id, self.moment(when), labels)
                self.workspace.placements.append(placement)
        return self

    def decide(self, kind: str, when: str, message: str | None = None, person: str | None = None) -> Story:
        """Tell a decision by hand about a message (the last one), of a kind of the fact table."""
        copy = self._of[message or f"#{self._told}"][0]
        moment = self.moment(when)
        self.workspace.overrides.append(
            oracle.Override(
                copy.mailbox, copy.provider_id, kind, moment, moment, person=person, reason="said so"
            )
        )
        return self

    # What follows

    def derived(self) -> Derivation:
        """Return everything that follows, from the story's engine."""
        if self._derived is None:
            if self.engine == "oracle":
                self._derived = from_oracle(self.workspace)
            else:
                from tests import product

                self._derived = product.derive(self.workspace)
        return self._derived

    def waits(self) -> list[WaitRow]:
        """Return the waits by opening time."""
        return self.derived().waits

    def wait(self) -> WaitRow:
        """Return the only wait."""
        (only,) = self.waits()
        return only

    def response_times(self) -> list[float | None]:
        """Return the calendar seconds of the answered waits, by opening time."""
        return [wait.seconds for wait in self.waits() if wait.closed_at is not None]

    def opened(self) -> list[str]:
        """Return the openers, by opening time."""
        return [wait.opened_by for wait in self.waits()]

    def classes(self) -> list[str]:
        """Return the classes of the waits, by opening time."""
        return [wait.klass for wait in self.waits()]

    def states(self) -> list[str]:
        """Return the states of the waits, by opening time."""
        return [wait.state for wait in self.waits()]

    def verdict(self, key: str | None = None) -> tuple[str, str | None]:
        """Return verdict and rule of a message (the last one told)."""
        return self.derived().verdicts[key or self._of[f"#{self._told}"][0].message_id or ""]

    def conversations(self) -> list[set[str]]:
        """Return the conversations as sets of keys, by their least key."""
        found: dict[str, set[str]] = {}
        for key, (conversation, _, _) in self.derived().conversations.items():
            found.setdefault(conversation, set()).add(key)
        return [found[label] for label in sorted(found)]

    def segments(self) -> dict[str, int | None]:
        """Return the segment of each message."""
        return {key: segment for key, (_, segment, _) in self.derived().conversations.items()}

    def order(self) -> list[str]:
        """Return the keys by conversation and position."""
        rows = self.derived().conversations
        return sorted(rows, key=lambda key: (rows[key][0], rows[key][2]))

    def messages(self) -> dict[str, MessageRow]:
        """Return the messages by key."""
        return self.derived().messages

    def message(self) -> MessageRow:
        """Return the only message."""
        (only,) = self.messages().values()
        return only


@dataclass(frozen=True)
class MessageRow:
    """A message as both engines tell it."""

    author: str | None
    direction: str
    message_at: datetime | None
    contact: str | None
    company: str | None
    credit: str | None
    mailbox: str
    copies: int


@dataclass(frozen=True)
class Derivation:
    """Everything that follows from a workspace's facts, in rows that can be compared."""

    messages: dict[str, MessageRow]
    verdicts: dict[str, tuple[str, str | None]]
    conversations: dict[str, tuple[str, int | None, int]]
    waits: list[WaitRow]
    roles: dict[tuple[str, str, str], int] = field(default_factory=dict)
    volumes: dict[tuple[object, ...], int] = field(default_factory=dict)


def from_oracle(workspace: oracle.Workspace) -> Derivation:
    """Return what the oracle says."""
    found = oracle.derive(workspace)
    position = {key: number for line in found.lines.values() for number, key in enumerate(line, 1)}
    business = Business(workspace)
    return Derivation(
        messages={key: _message_row(workspace, message) for key, message in found.messages.items()},
        verdicts=found.verdicts,
        conversations={
            key: (found.conversation[key], found.segment[key], position[key]) for key in found.messages
        },
        waits=sorted((_wait_row(workspace, wait, business) for wait in found.waits), key=WaitRow.key),
        roles=dict(Counter(role for wait in found.waits for role in _roles(wait))),
        volumes=dict(teams.volumes(workspace, found.messages, found.verdicts)),
    )


def _wait_row(workspace: oracle.Workspace, wait: Wait, business: Business) -> WaitRow:
    stands = standing.state(workspace, wait, business)
    told = {
        "state": "open" if stands in {"due_soon", "overdue"} else stands,
        "stands": stands,
        "seconds": standing.seconds(workspace, wait),
        "business_seconds": standing.business_seconds(workspace, wait, business),
        "flags": tuple(sorted(standing.flags(workspace, wait, business))),
        "team_id": teams.team(workspace, wait.mailbox, wait.opened_at),
    }
    names = [field.name for field in dataclasses.fields(WaitRow) if field.name not in told]
    return WaitRow(**told, **{name: getattr(wait, name) for name in names})


def _roles(wait: Wait) -> list[tuple[str, str, str]]:
    """Return which message opened, chased, closed or handed on a wait."""
    opener, *chasers = wait.members
    found = [(opener, opener, "opener"), *((opener, chaser, "chaser") for chaser in chasers)]
    found += [(opener, wait.closed_by, "closer")] if wait.closed_by else []
    return found + ([(opener, wait.handoff_by, "handoff")] if wait.handoff_by else [])


def _message_row(workspace: oracle.Workspace, message: Message) -> MessageRow:
    contact = None if message.is_ours else (message.lead or message.author)
    return MessageRow(
        author=message.author,
        direction=message.direction,
        message_at=message.at,
        contact=contact,
        company=None if contact is None else workspace.company(contact),
        credit=message.credit,
        mailbox=message.mailbox,
        copies=len(message.held),
    )


def _many(value: str | Iterable[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
