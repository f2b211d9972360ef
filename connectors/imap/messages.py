"""Messages of a folder become copies; what is asked of the server for that, and what makes a copy's id.

IMAP has no id of a message: a UID belongs to a folder, and a new UIDVALIDITY takes all of them away. A copy's
id is therefore made of the message itself, by `emailresponse.headers.fingerprint`: the headers that name it
(Message-ID, From, Date, Subject, recipients, references) and its delivery (Delivered-To, topmost Received).
A server keeps a message's bytes as they are (RFC 3501 §2.3.1.1), so the id survives a move, a new UIDVALIDITY
and a mailbox restored from a backup, which may well lose INTERNALDATE. Two messages of one mailbox share an
id only if all of that is equal, and then they are one message laid down twice: nothing is lost by keeping
one. Without a Message-ID less is certain, so INTERNALDATE and size are part of the id there. A mail to
oneself is two copies, since only the delivered one has a Received. Gmail has an id of its own, X-GM-MSGID; in
hexadecimal it is the id of Gmail's API, as X-GM-THRID is that of the thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from imapclient import imap_utf7

from connectors.imap.folders import given_label
from emailresponse.copies import Copy
from emailresponse.fields import HEADER_LIMIT, WANTED, Fields, message_id, split
from emailresponse.headers import Origin, copy_of, fingerprint

PROVIDER = "imap"

FIRST_BYTES = 1 << 16
"""Bytes of a header block that are asked for at first; the few that are longer are asked for again."""

# The fields of a Takeout archive are left out: in a live mailbox anybody might have written them.
_FIELDS = " ".join(sorted(name.upper() for name in WANTED - {"x-gmail-labels", "x-gm-thrid"}))
_PLAIN = ("INTERNALDATE", "RFC822.SIZE", "FLAGS")
_GMAIL = ("X-GM-MSGID", "X-GM-THRID", "X-GM-LABELS")

Answer = Mapping[bytes, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A message that lies in a folder, as far as its copy needs it.

    Attributes:
        provider_id: the copy's id.
        received_at: INTERNALDATE in naive UTC.
        is_draft: whether somebody is still writing it.
        labels: Gmail's labels of it; None where its folders make them.
        fields: its headers; None where they were not asked for.
        problems: what was met in them.
        answer: what else the server said of it.
    """

    provider_id: str
    received_at: datetime | None
    is_draft: bool
    labels: tuple[str, ...] | None
    fields: Fields | None
    problems: tuple[str, ...]
    answer: Answer


def identifying(*, is_gmail: bool) -> tuple[str, ...]:
    """Return what is asked to know which copy a message is."""
    return (*_PLAIN, *_GMAIL) if is_gmail else (*_PLAIN, header())


def header(limit: int = FIRST_BYTES) -> str:
    """Return what is asked for the header fields that are kept, and for nothing else, unseen (PEEK)."""
    return f"BODY.PEEK[HEADER.FIELDS ({_FIELDS})]<0.{limit}>"


def header_block(answer: Answer) -> bytes | None:
    """Return the header fields in an answer; None where it has none."""
    for name, value in answer.items():
        if name.startswith(b"BODY[HEADER.FIELDS"):
            return value if isinstance(value, bytes) else b""
    return None


def found(answer: Answer) -> Found | None:
    """Return the message that an answer describes; None where it says too little."""
    block = header_block(answer)
    fields, problems = (None, ()) if block is None else split(block[:HEADER_LIMIT])
    if block is not None and len(block) >= HEADER_LIMIT:
        problems = (*problems, "oversized_header")
    at = answer.get(b"INTERNALDATE")
    received_at = _moment(at) if isinstance(at, datetime) else None
    number = answer.get(b"X-GM-MSGID")
    if isinstance(number, int):
        provider_id = f"{number:x}"
    elif fields is not None:
        provider_id = _fingerprint(fields, received_at, answer)
    else:
        return None
    flags = {bytes(flag).upper() for flag in answer.get(b"FLAGS") or () if isinstance(flag, bytes)}
    labels = _labels(answer)
    is_draft = b"\\DRAFT" in flags or bool({"DRAFT", "CHAT"}.intersection(labels or ()))
    return Found(provider_id, received_at, is_draft, labels, fields, problems, answer)


def copy(message: Found, mailbox: str, labels: tuple[str, ...], imported_at: datetime) -> Copy:
    """Return the copy that a message is.

    Args:
        message: with its headers.
        mailbox: whose it is.
        labels: in Gmail's words.
        imported_at: naive UTC.
    """
    thread = message.answer.get(b"X-GM-THRID")
    size = message.answer.get(b"RFC822.SIZE")
    origin = Origin(
        mailbox=mailbox,
        provider=PROVIDER,
        provider_id=message.provider_id,
        thread=f"{thread:x}" if isinstance(thread, int) else None,
        labels=labels,
        received_at=message.received_at,
        size_bytes=size if isinstance(size, int) else None,
    )
    return copy_of(message.fields or {}, origin, imported_at, message.problems)


def observation(mailbox: str, provider_id: str, labels: tuple[str, ...]) -> Copy:
    """Return what is seen of a copy that is stored already: its labels, and nothing else."""
    return Copy(mailbox=mailbox, provider=PROVIDER, provider_id=provider_id, labels=labels)


def _moment(at: datetime) -> datetime | None:
    """Return INTERNALDATE in naive UTC; without a zone, which RFC 3501 does not allow, it is taken as UTC."""
    try:
        return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
    except (OverflowError, ValueError):
        return None


def _fingerprint(fields: Fields, received_at: datetime | None, answer: Answer) -> str:
    made = fingerprint(fields)
    if message_id(fields.get("message-id")) is not None:
        return made
    at = received_at.strftime("%Y%m%d%H%M%S") if received_at else ""
    return f"{made}-{at}-{answer.get(b'RFC822.SIZE', '')}"


def _labels(answer: Answer) -> tuple[str, ...] | None:
    given = answer.get(b"X-GM-LABELS")
    if not isinstance(given, tuple):
        return None
    words = (imap_utf7.decode(one) if isinstance(one, bytes) else str(one) for one in given)
    return tuple(dict.fromkeys(map(given_label, words)))
