"""Messages of the invented team and what each mailbox holds of them: headers, never a body."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime, formataddr
from random import Random
from zoneinfo import ZoneInfo

from connectors.demo.people import DOMAIN, MEMBERS, SALES, SALES_MEMBERS, SUPPORT, Party

Headers = tuple[tuple[str, str], ...]
_MAILBOXES = {
    address: m.address for m in MEMBERS for address in (m.address, *(f"{a}@{DOMAIN}" for a in m.aliases))
}
_MAILBOXES[SUPPORT] = SUPPORT
_ZONES = {m.address: m.zone for m in MEMBERS}


@dataclass(frozen=True, slots=True)
class Message:
    """One message somebody of the demo sends; times are UTC, ids carry no brackets."""

    message_id: str
    conversation: str
    sender: Party
    sent_at: datetime
    subject: str
    to: tuple[Party, ...] = ()
    cc: tuple[Party, ...] = ()
    bcc: tuple[Party, ...] = ()
    references: tuple[str, ...] = ()
    extra: Headers = ()
    label: str | None = None
    zone: str = "UTC"
    is_rewritten: bool = False  # the sales@ group writes its own address into From
    mailbox: str | None = None  # the mailbox whose sent folder keeps it, where it is not the sender's


@dataclass(frozen=True, slots=True)
class Held:
    """A message as one mailbox holds it: received or sent at `held_at` UTC, labels in Gmail's words."""

    message: Message
    mailbox: str
    held_at: datetime
    labels: tuple[str, ...]
    headers: Headers
    is_sent: bool


@dataclass(slots=True)
class Post:
    """Numbers messages and brings each into the mailboxes of ours that get it."""

    random: Random
    held: list[Held] = field(default_factory=list)
    count: int = 0

    def message_id(self, domain: str) -> str:
        """Return the next Message-ID at a domain."""
        self.count += 1
        return f"{self.count:06d}.{self.random.getrandbits(48):012x}@mail.{domain}"

    def send(self, message: Message) -> None:
        """Put copies of a message into the sender's and every receiving mailbox of ours."""
        own = message.mailbox or _MAILBOXES.get(message.sender.address)
        if own:
            self.held.append(Held(message, own, message.sent_at, ("SENT",), headers(message), is_sent=True))
        received: set[str] = set()
        for party in (*message.to, *message.cc, *message.bcc):
            for mailbox in _receivers(party.address):
                if mailbox != own and mailbox not in received:
                    received.add(mailbox)
                    self._receive(message, mailbox, party.address)

    def _receive(self, message: Message, mailbox: str, address: str) -> None:
        arrived = message.sent_at + timedelta(seconds=self.random.randrange(1, 40))
        labels = (
            ("INBOX", message.label)
            if message.label and message.label != "SPAM"
            else (message.label or "INBOX",)
        )
        found = headers(message, through_group=address == SALES, delivered_to=mailbox)
        stamp = format_datetime(_aware(arrived, "UTC"))
        trace = f"from mx.{message.sender.domain} by mail.{DOMAIN} with ESMTPS; {stamp}"
        self.held.append(
            Held(message, mailbox, arrived, labels, (("Received", trace), *found), is_sent=False)
        )


def _receivers(address: str) -> tuple[str, ...]:
    if address == SALES:
        return tuple(member.address for member in SALES_MEMBERS)
    return (_MAILBOXES[address],) if address in _MAILBOXES else ()


def headers(message: Message, *, through_group: bool = False, delivered_to: str | None = None) -> Headers:
    """Return a message's header fields as they stand in one mailbox, in the order they are written."""
    sender = formataddr((message.sender.name, message.sender.address))
    found: list[tuple[str, str]] = []
    if delivered_to:
        found.append(("Delivered-To", delivered_to))
    found += _group_stamps(message, sender) if through_group else [("From", sender)]
    found.append(
        ("Date", format_datetime(_aware(message.sent_at, _ZONES.get(message.sender.address, message.zone))))
    )
    found.append(("Subject", message.subject))
    found += [
        (name, ", ".join(formataddr((party.name, party.address)) for party in parties))
        for name, parties in (("To", message.to), ("Cc", message.cc))
        if parties
    ]
    found.append(("Message-ID", f"<{message.message_id}>"))
    if message.references:
        found.append(("In-Reply-To", f"<{message.references[-1]}>"))
        found.append(("References", " ".join(f"<{key}>" for key in message.references)))
    return (*found, *message.extra)


def _group_stamps(message: Message, sender: str) -> list[tuple[str, str]]:
    stamps = [
        ("Precedence", "list"),
        ("List-ID", f"<sales.{DOMAIN}>"),
        ("List-Post", f"<mailto:{SALES}>"),
        ("List-Unsubscribe", f"<mailto:sales+unsubscribe@{DOMAIN}>"),
    ]
    if not message.is_rewritten:
        return [("From", sender), *stamps]
    return [
        ("From", formataddr((f"{message.sender.name} via Sales", SALES))),
        ("X-Original-From", sender),
        ("Reply-To", sender),
        *stamps,
    ]


def _aware(moment: datetime, zone: str) -> datetime:
    return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))


def token(*parts: str) -> str:
    """Return 16 hex digits that stand for some texts, the same in every run."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()
