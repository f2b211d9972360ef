"""The why-trace: everything behind one wait or one message."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from emailresponse.errors import NotFound
from emailresponse.reports.figures import OpeningSpan, OverrideRow, Trace, TraceMessage, TraceWait, WaitRow
from emailresponse.reports.listing import row_of
from emailresponse.reports.question import zone
from emailresponse.reports.reasons import message_sentence, wait_sentences
from emailresponse.store import Store

MOST_SPANS = 400
WAIT_FIELDS = tuple(WaitRow.__dataclass_fields__)
MORE_FIELDS = (
    "open_rule",
    "lane",
    "age_calendar_seconds",
    "age_business_seconds",
    "calendar_id",
    "superseded_at",
    "dismissed_kind",
    "dismissed_reason",
    "decided_by",
    "close_reason",
    "handoff_by",
    "handoff_at",
)
MESSAGE_FIELDS = (
    "message_key",
    "is_inside",
    "position",
    "segment",
    "message_at",
    "author",
    "author_name",
    "direction",
    "subject",
    "to",
    "cc",
    "mailboxes",
    "verdict",
    "rule",
)
"""The columns of report/trace_messages.sql."""


def why(store: Store, name: str) -> Trace:
    """Return everything behind a wait (by its id) or a message (by its key, with or without <>).

    The wait asked about comes first among the waits.

    Raises:
        NotFound: there is no such wait or message.
    """
    message_key, conversation, wait_id = named(store, name)
    keys = [row[0] for row in store.tuples("report/conversation_keys", conversation=conversation)]
    waits = [
        dict(zip((*WAIT_FIELDS, *MORE_FIELDS), row, strict=True))
        for row in store.tuples("report/trace_waits", conversation=conversation, keys=keys)
    ]
    waits.sort(key=lambda wait: wait["wait_id"] != wait_id)
    openers = {wait["opened_by"]: wait["wait_id"] for wait in waits}
    parts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, role, opener in store.tuples("report/trace_roles", openers=list(openers)):
        parts[key].append((role, openers[opener]))
    messages = [
        dict(zip(MESSAGE_FIELDS, row, strict=True))
        for row in store.tuples("report/trace_messages", conversation=conversation, keys=list(parts))
    ]
    subject = next((message["subject"] for message in messages if message["subject"]), None)
    return Trace(
        asked=wait_id or message_key,
        conversation=conversation,
        subject=subject,
        zone=zone(store),
        messages=tuple(_message(message, parts[message["message_key"]], wait_id) for message in messages),
        waits=tuple(_wait(store, wait) for wait in waits),
        overrides=tuple(store.rows("report/trace_overrides", OverrideRow, conversation=conversation)),
    )


def named(store: Store, name: str) -> tuple[str, str, str | None]:
    """Return the message key, the conversation and, asked by its id, the wait's id.

    Raises:
        NotFound: there is no such wait or message.
    """
    text = name.strip()
    key = text.removeprefix("<").removesuffix(">").strip()
    if "@" in key:
        local, _, domain = key.rpartition("@")
        key = f"{local}@{domain.lower()}"
    found = store.tuples("report/named_message", name=text, key=key)
    if not found:
        raise NotFound("wait or message", name)
    message_key, conversation, wait_id = found[0]
    return message_key, conversation, wait_id


def _message(message: dict[str, Any], parts: list[tuple[str, str]], wait_id: str | None) -> TraceMessage:
    own = [role for role, of in parts if of == wait_id] or [role for role, _ in parts]
    return TraceMessage(
        message_key=message["message_key"],
        position=message["position"],
        segment=message["segment"],
        message_at=message["message_at"],
        author=message["author"],
        author_name=message["author_name"],
        direction=message["direction"],
        subject=message["subject"],
        to=tuple(message["to"] or ()),
        cc=tuple(message["cc"] or ()),
        mailboxes=tuple(message["mailboxes"] or ()),
        verdict=message["verdict"] or "human",
        rule=message["rule"],
        role=own[0] if own else None,
        wait_ids=tuple(of for _, of in parts),
        sentence=message_sentence(message, parts),
    )


def _wait(store: Store, wait: dict[str, Any]) -> TraceWait:
    row = row_of(tuple(wait[name] for name in WAIT_FIELDS))
    spans = _spans(store, wait["calendar_id"], row.opened_at, _end(wait))
    return TraceWait(
        wait=row,
        open_rule=wait["open_rule"],
        lane=wait["lane"],
        age_calendar_seconds=wait["age_calendar_seconds"],
        age_business_seconds=wait["age_business_seconds"],
        sentences=wait_sentences({**wait, "addressees": row.addressees, "flags": row.flags}),
        spans=tuple(spans[:MOST_SPANS]),
        more_spans=max(0, len(spans) - MOST_SPANS),
        calendar_id=wait["calendar_id"],
    )


def _end(wait: dict[str, Any]) -> datetime | None:
    ends = (wait["closed_at"], wait["superseded_at"], wait["as_of_at"])
    return next((end for end in ends if end is not None), None)


def _spans(
    store: Store, calendar_id: int | None, opened_at: datetime, end: datetime | None
) -> list[OpeningSpan]:
    """Return the stretches of opening periods that a wait's business time is made of."""
    if calendar_id is None or end is None or end <= opened_at:
        return []
    return store.rows("report/spans", OpeningSpan, calendar_id=calendar_id, from_at=opened_at, until_at=end)
