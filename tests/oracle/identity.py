"""Section 1, message and author: copies become messages with keys, authors, recipients and times."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from emailresponse.copies import Copy
from tests.oracle.unions import components
from tests.oracle.workspace import LATE, Workspace

# What these marks say goes before an allowed form sender (section 6).
NO_FORM = {"delivery_status", "failed_recipients", "daemon", "report", "calendar"}


@dataclass(frozen=True)
class Held:
    """A copy in the data: with its labels now and the author it names."""

    copy: Copy
    labels: tuple[str, ...]
    is_sent: bool
    author: str | None


@dataclass(frozen=True)
class Message:
    """One message and its copies, the canonical one first."""

    key: str
    held: tuple[Held, ...]
    ids: frozenset[str]
    author: str | None
    at: datetime | None
    is_sent: bool
    is_ours: bool
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    delivered: tuple[str, ...]
    external: frozenset[str]
    direction: str
    credit: str | None
    mailbox: str
    lead: str | None

    @property
    def first(self) -> Copy:
        """Return the canonical copy."""
        return self.held[0].copy

    def named(self) -> set[str]:
        """Return every id that any copy names."""
        return {name for held in self.held for name in (*held.copy.reply_ids, *held.copy.reference_ids)}

    def marks(self) -> set[str]:
        """Return the marks on any copy."""
        return {mark for held in self.held for mark in held.copy.marks}


def held_copies(workspace: Workspace) -> list[Held]:
    """Return the copies in the data: no draft, no chat, nothing that was spam or trash at first."""
    kept = []
    for copy in workspace.copies:
        seen = workspace.observations(copy)
        now = seen[-1]
        if not workspace.exists(copy) or {"DRAFT", "CHAT"} & set(now) or not any(map(_is_admitted, seen)):
            continue
        is_sent = any("SENT" in labels for labels in seen)
        kept.append(Held(copy, now, is_sent, _author(workspace, copy, is_sent=is_sent)))
    return kept


def _is_admitted(labels: tuple[str, ...]) -> bool:
    if {"DRAFT", "CHAT"} & set(labels):
        return False
    return "SENT" in labels or not {"SPAM", "TRASH"} & set(labels)


def _author(workspace: Workspace, copy: Copy, *, is_sent: bool) -> str | None:
    address = copy.from_address
    if is_sent:
        return address
    is_faceless = (
        address is not None
        and workspace.is_internal(address)
        and workspace.person_of(address) is None
        and (copy.original_from is not None or " via " in (copy.from_name or "").lower())
    )
    if copy.is_from_list or is_faceless:
        if copy.original_from is not None:
            return copy.original_from
        return next((other for other in copy.reply_to if other != address), None)
    return address


def hashed_key(held: Held) -> str:
    """Return the key of a copy without an id of its own."""
    copy = held.copy
    sent = "" if copy.sent_at is None else copy.sent_at.replace(microsecond=0).isoformat() + "Z"
    lines = [held.author or "", sent, (copy.subject or "").strip(), ",".join(sorted(copy.to_addresses))]
    return "x-" + hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def conflicted_ids(every: Iterable[Held]) -> set[str]:
    """Return the ids that different mails carry: From, Date and Subject all differ between two copies."""
    by_id: dict[str, list[Copy]] = defaultdict(list)
    for held in every:
        if held.copy.message_id is not None:
            by_id[held.copy.message_id].append(held.copy)
    return {
        name
        for name, copies in by_id.items()
        for a in copies
        for b in copies
        if a.from_address != b.from_address and a.sent_at != b.sent_at and a.subject != b.subject
    }


def messages(workspace: Workspace) -> tuple[dict[str, Message], set[str]]:
    """Return the messages by key, and the ids that join nothing because different mails carry them."""
    every = held_copies(workspace)
    conflicted = conflicted_ids(every)
    tokens: dict[str, list[object]] = {}
    by_name: dict[str, Held] = {}
    for number, held in enumerate(every):
        copy = held.copy
        own = copy.message_id
        has_id = own is not None and own not in conflicted
        tokens[str(number)] = [("id", own) if has_id else ("hash", hashed_key(held))]
        by_name[str(number)] = held
        if (
            (copy.mailbox, copy.provider_id) in workspace.merging
            and copy.from_address is not None
            and copy.sent_at is not None
            and (copy.to_addresses or copy.cc_addresses)
        ):
            same = (
                copy.from_address,
                copy.sent_at,
                copy.subject,
                tuple(sorted(set(copy.to_addresses))),
                tuple(sorted(set(copy.cc_addresses))),
            )
            tokens[str(number)].append(("merged", same))
    found = {}
    for names in components(tokens):
        group = [by_name[name] for name in names]
        ids = {
            held.copy.message_id
            for held in group
            if held.copy.message_id is not None and held.copy.message_id not in conflicted
        }
        key = min(ids) if ids else min(hashed_key(held) for held in group)
        found[key] = _message(workspace, key, frozenset(ids), group)
    return found, conflicted


def _message(workspace: Workspace, key: str, ids: frozenset[str], group: list[Held]) -> Message:
    held = tuple(
        sorted(
            group,
            key=lambda one: (
                one.author is None,
                not one.is_sent,
                one.copy.copied_at or LATE,
                one.copy.mailbox,
                one.copy.provider_id,
            ),
        )
    )
    author = held[0].author
    is_sent = any(one.is_sent for one in held)
    timed = [one.copy.copied_at for one in held if one.copy.copied_at and (one.is_sent or not is_sent)]
    to = _union(one.copy.to_addresses for one in held)
    cc = _union(one.copy.cc_addresses for one in held)
    bcc = _union(one.copy.bcc_addresses for one in held)
    delivered = _union(one.copy.delivered_to for one in held)
    outside = {address for address in (*to, *cc, *bcc) if not workspace.is_internal(address)}
    marks = {mark for one in held for mark in one.copy.marks}
    lead = None if is_sent or marks & NO_FORM else _lead(workspace, held[0])
    is_ours = is_sent or (lead is None and author is not None and workspace.is_internal(author))
    if is_ours:
        direction = "outbound" if outside else "internal"
    else:
        direction = "unknown" if author is None and lead is None else "inbound"
    participants = set(outside)
    if author is not None and not workspace.is_internal(author):
        participants.add(author)
    if lead is not None:
        participants = {lead}
    return Message(
        key=key,
        held=held,
        ids=ids,
        author=author,
        at=min(timed) if timed else None,
        is_sent=is_sent,
        is_ours=is_ours,
        to=to,
        cc=cc,
        bcc=bcc,
        delivered=delivered,
        external=frozenset(participants),
        direction=direction,
        credit=_credit(workspace, author, held) if is_ours else None,
        mailbox=held[0].copy.mailbox if is_sent else _mailbox(workspace, held, to, bcc, delivered, cc),
        lead=lead,
    )


def _lead(workspace: Workspace, held: Held) -> str | None:
    """Return whom an allowed form sender's mail is about: its first external Reply-To."""
    if not {held.author, held.copy.from_address} & workspace.form_senders:
        return None
    return next((one for one in held.copy.reply_to if not workspace.is_internal(one)), None)


def _union(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for addresses in lists for address in addresses))


def _credit(workspace: Workspace, author: str | None, held: tuple[Held, ...]) -> str | None:
    person = workspace.person_of(author) or workspace.person_of(held[0].copy.sender_address)
    if person:
        return person
    sent = [one.copy for one in held if one.is_sent]
    owners = {
        workspace.mailboxes[copy.mailbox].owner
        for copy in sent
        if copy.mailbox in workspace.mailboxes and workspace.mailboxes[copy.mailbox].owner
    }
    if len(owners) == 1:
        return owners.pop()
    if author in workspace.mailboxes:
        return author
    return sent[0].mailbox if sent else author


def _mailbox(workspace: Workspace, held: tuple[Held, ...], *lists: tuple[str, ...]) -> str:
    """Return whose mailbox a message was for: named in To, Bcc, Delivered-To, Cc, else the first copy's."""
    inbound = [one.copy for one in held if not one.is_sent] or [one.copy for one in held]
    holding = sorted({copy.mailbox for copy in inbound})
    for addresses in lists:
        for address in addresses:
            for mailbox in sorted(holding, key=lambda name: name != address):
                owner = workspace.mailboxes[mailbox].owner if mailbox in workspace.mailboxes else None
                if address == mailbox or (owner is not None and address in workspace.people.get(owner, ())):
                    return mailbox
    return min(inbound, key=lambda copy: (copy.copied_at or LATE, copy.mailbox)).mailbox
