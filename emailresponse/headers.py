"""A message's headers become a copy: the one place where every source's fields get their meaning."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from emailresponse import marks as marked
from emailresponse.copies import Copy
from emailresponse.fields import Fields, identifiers, message_id, moment
from emailresponse.words import FOLDED, addresses, decoded, named

_EARLIEST = datetime(1990, 1, 1)  # noqa: DTZ001 - naive UTC, as everywhere inside
_DAY = timedelta(days=1)

_ASCII_SPACE = b" \t\n\x0b\x0c\r\x1c\x1d\x1e\x1f" + FOLDED.encode()
_IDENTIFYING = [
    "message-id",
    "from",
    "sender",
    "date",
    "subject",
    "to",
    "cc",
    "bcc",
    "in-reply-to",
    "references",
    "reply-to",
    "delivered-to",
    "x-gm-thrid",
]

_LABELS = {
    "SENT ITEMS": "SENT",
    "SENT MESSAGES": "SENT",
    "SENT MAIL": "SENT",
    "SENTITEMS": "SENT",
    "GESENDET": "SENT",
    "GESENDETE ELEMENTE": "SENT",
    "ÉLÉMENTS ENVOYÉS": "SENT",
    "DRAFTS": "DRAFT",
    "ENTWÜRFE": "DRAFT",
    "BIN": "TRASH",
    "DELETED ITEMS": "TRASH",
    "DELETEDITEMS": "TRASH",
    "DELETED MESSAGES": "TRASH",
    "PAPIERKORB": "TRASH",
    "JUNK": "SPAM",
    "JUNK EMAIL": "SPAM",
    "JUNK E-MAIL": "SPAM",
    "JUNKEMAIL": "SPAM",
    "CHATS": "CHAT",
    "POSTEINGANG": "INBOX",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """What the source says of a message beside its headers.

    Attributes:
        mailbox: the mailbox that holds the copy, in compared form.
        provider: gmail, graph, imap or file.
        provider_id: the provider's id; absent for a file, where the headers make it.
        thread: the provider's thread id.
        labels: labels or folders in the source's words.
        received_at: the provider's receipt, naive UTC.
        is_hidden: whether the provider hides headers.
        is_other: whether the provider filed the message as `other`.
        is_calendar: whether the provider says it is a calendar message.
        size_bytes: the whole message's size.
        problems: what the reader of the source met.
    """

    mailbox: str
    provider: str = "file"
    provider_id: str | None = None
    thread: str | None = None
    labels: tuple[str, ...] = ()
    received_at: datetime | None = None
    is_hidden: bool = False
    is_other: bool = False
    is_calendar: bool = False
    size_bytes: int | None = None
    problems: tuple[str, ...] = ()


def label(word: str) -> str:
    """Return a label in Gmail's words, upper case: `Drafts` is DRAFT, `Category Social` CATEGORY_SOCIAL."""
    upper = word.strip().strip('"').lstrip("\\").upper()
    if upper.startswith("CATEGORY "):
        return upper.replace(" ", "_")
    return _LABELS.get(upper, upper)


def labels(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return labels in Gmail's words, each once, in order."""
    return tuple(dict.fromkeys(filter(None, map(label, words)))) if words else ()


def gmail_labels(fields: Fields) -> tuple[str, ...]:
    """Return the labels that a Takeout archive writes into X-Gmail-Labels."""
    words = [word for value in fields.get("x-gmail-labels", ()) for word in decoded(value).split(",")]
    return tuple(words)


def fingerprint(fields: Fields) -> str:
    """Return the id of a file's copy: 32 hex digits over the fields that make the message and its delivery.

    White space is left out, so that other line folds or ends make no other copy. Labels are left out, since
    they are observations.
    """
    values = [f"{name}:{value}" for name in _IDENTIFYING if name in fields for value in fields[name]]
    if "received" in fields:
        values.append(fields["received"][0])
    if "message-id" not in fields:  # a boundary tells apart what nothing else does
        values += fields.get("content-type", ())
    text = "\n".join(values)
    if text.isascii():
        squeezed = text.encode().translate(None, _ASCII_SPACE)
    else:
        squeezed = "".join(text.replace(FOLDED, " ").split()).encode("utf-8", "replace")
    return hashlib.blake2b(squeezed, digest_size=16).hexdigest()


def credible(at: datetime | None, imported_at: datetime) -> bool:
    """Return whether a moment can be a receipt: not before 1990, at most a day after the import."""
    return at is not None and _EARLIEST <= at <= imported_at + _DAY


def received_at(
    fields: Fields, sent_at: datetime | None, imported_at: datetime
) -> tuple[datetime | None, bool]:
    """Return the receipt of a file's message, and whether any date stood there at all.

    It is the topmost readable and credible Received, else Date.
    """
    has_date = sent_at is not None
    for value in fields.get("received", ()):
        arrived = moment(value.rpartition(";")[2]) if ";" in value else None
        if arrived is not None:
            has_date = True
            if credible(arrived, imported_at):
                return arrived, True
    return (sent_at if credible(sent_at, imported_at) else None), has_date


def subject_digest(subject: str | None) -> str | None:
    """Return the first 16 hex digits of a subject's SHA-256, which stay when subjects are erased."""
    return None if subject is None else hashlib.sha256(subject.encode("utf-8", "replace")).hexdigest()[:16]


def copy_of(fields: Fields, origin: Origin, imported_at: datetime, problems: tuple[str, ...] = ()) -> Copy:
    """Return the copy that a message's fields make.

    Args:
        fields: raw values by lower-case name, as `emailresponse.fields.split` gives them.
        origin: what the source says beside the headers.
        imported_at: the moment of the import, naive UTC; no receipt lies more than a day after it.
        problems: what was met when the fields were split.
    """
    return Copy(**said(fields, origin, imported_at, problems))


def said(
    fields: Fields, origin: Origin, imported_at: datetime, problems: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return by name what the copy of a message says, as `copy_of` does; for many that become columns."""
    met = [*origin.problems, *problems]
    sent_at = moment(fields["date"][0]) if "date" in fields else None
    if sent_at is None and "date" in fields and fields["date"][0].strip():
        met.append("bad_date")
    if origin.received_at is not None or origin.provider != "file":
        has_date = origin.received_at is not None
        copied_at = origin.received_at if credible(origin.received_at, imported_at) else None
    else:
        copied_at, has_date = received_at(fields, sent_at, imported_at)
    if copied_at is None:
        met.append("incredible_time" if has_date else "no_time")
    from_name, from_address = _author(fields["from"]) if "from" in fields else (None, None)
    if from_address is None:
        met.append("no_from")
    message = message_id(fields["message-id"]) if "message-id" in fields else None
    if message is None:
        met.append("no_message_id")
    subject = decoded(fields["subject"][0]) if "subject" in fields else None
    list_name = marked.list_id(fields) if "list-id" in fields else None
    sender_marks = marked.marks(fields, from_address, subject, is_other=origin.is_other)
    if origin.is_calendar and "calendar" not in sender_marks:
        sender_marks += ("calendar",)
    words = origin.labels + gmail_labels(fields) if "x-gmail-labels" in fields else origin.labels
    holders = fields.get("delivered-to", ())
    if "x-original-to" in fields:
        holders = [*holders, *fields["x-original-to"]]
    return {
        "mailbox": origin.mailbox,
        "provider": origin.provider,
        "provider_id": origin.provider_id or fingerprint(fields),
        "provider_thread": origin.thread or marked.first(fields, "x-gm-thrid") or None,
        "copied_at": copied_at,
        "sent_at": sent_at,
        "labels": labels(words),
        "is_hidden": origin.is_hidden,
        "size_bytes": origin.size_bytes,
        "message_id": message,
        "subject": subject,
        "from_address": from_address,
        "from_name": from_name or None,
        "sender_address": _first_address(fields, "sender"),
        "original_from": _first_address(fields, "x-original-from"),
        "is_from_list": marked.is_from_list(fields, from_address, list_name),
        "reply_to": addresses(fields.get("reply-to")),
        "to_addresses": addresses(fields.get("to")),
        "cc_addresses": addresses(fields.get("cc")),
        "bcc_addresses": addresses(fields.get("bcc")),
        "delivered_to": addresses(holders),
        "reply_ids": identifiers(fields.get("in-reply-to")),
        "reference_ids": identifiers(fields.get("references")),
        "list_id": list_name,
        "unsubscribe_hosts": marked.unsubscribe_hosts(fields) if "list-unsubscribe" in fields else (),
        "marks": sender_marks,
        "problems": tuple(dict.fromkeys(met)) if met else (),
    }


def _author(values: Sequence[str]) -> tuple[str | None, str | None]:
    """Return the first name and address of From."""
    for value in values:
        for pair in named(value):
            return pair
    return None, None


def _first_address(fields: Fields, name: str) -> str | None:
    found = addresses(fields[name]) if name in fields else ()
    return found[0] if found else None


_KNOWN_FIELD = re.compile(
    rb"^(?:from|to|cc|bcc|subject|date|received|message-id|return-path|delivered-to|mime-version|content-type"
    rb"|sender|reply-to|in-reply-to|references|x-[a-z0-9-]+|list-[a-z]+"
    rb"|resent-[a-z-]+|precedence)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_FIRST_FIELD = re.compile(rb"(?:\s*\n)?(?:>?From [^\n]*\n)?[!-9;-~]+[ \t]*:")


def looks_like_message(start: bytes) -> bool:
    """Return whether bytes begin like a message: a field at once, and one that messages have."""
    if b"\r" in start:
        start = start.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not _FIRST_FIELD.match(start):
        return False
    block, _, _ = start.lstrip(b"\n").partition(b"\n\n")
    return _KNOWN_FIELD.search(block) is not None
