"""A mailbox as Gmail keeps it: messages, labels, threads and a history; what really lies there."""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

BEGUN = datetime(2026, 11, 1, 9)
_EPOCH = datetime(1970, 1, 1)
THROWN = {"SPAM", "TRASH"}


@dataclass
class Held:
    """A message as the mailbox holds it."""

    id: str
    thread: str
    at: datetime
    headers: list[tuple[str, str]]
    labels: set[str]
    history_id: int
    size: int = 4321
    snippet: str = "What the message says is nobody's business"


@dataclass
class GmailMailbox:
    """A mailbox and everything that can happen to it.

    Attributes:
        address: whose it is.
        tells_labels: whether history records carry the labels of their messages; Google says they may not.
    """

    address: str
    tells_labels: bool = True
    messages: dict[str, Held] = field(default_factory=dict)
    records: list[tuple[int, str, str, tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    history_id: int = 987_000
    first_history_id: int = 0
    changing: threading.RLock = field(default_factory=threading.RLock)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))
    _chance: random.Random = field(default_factory=lambda: random.Random(7))
    _listed: dict[Any, list[str]] = field(default_factory=dict)

    def add(
        self,
        subject: str = "Question",
        *,
        at: datetime | None = None,
        labels: Iterable[str] = ("INBOX", "UNREAD"),
        author: str = "Lee <lee@client.example>",
        headers: Sequence[tuple[str, str]] = (),
        thread: str | None = None,
        message_id: str | None = None,
    ) -> str:
        """Let a message come and return its id; without a time, a minute after the one before."""
        with self.changing:
            number = next(self._numbers)
            new = f"{0x18F0000000000000 + number * 0x10001:x}"
            own = self.address
            said = [
                ("From", own if "SENT" in labels else author),
                ("To", author if "SENT" in labels else own),
                ("Subject", f"{subject} {number}"),
                ("Message-Id", message_id or f"<{number}.{subject.lower()}@client.example>"),
                ("Date", f"{at or BEGUN:%a, %d %b %Y %H:%M:%S} +0000"),
                ("Content-Type", "text/plain; charset=utf-8"),
                ("X-Secret-Header", "asked by nobody"),
                *headers,
            ]
            when = at or BEGUN + timedelta(minutes=number)
            self.messages[new] = Held(new, thread or new, when, said, set(labels), 0)
            self._record("messagesAdded", new, (), tuple(labels))
            return new

    def label(self, message_id: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Put labels on a message and take others off."""
        with self.changing:
            held = self.messages[message_id]
            new = tuple(label for label in add if label not in held.labels)
            old = tuple(label for label in remove if label in held.labels)
            if old:
                held.labels.difference_update(old)
                self._record("labelsRemoved", message_id, old, tuple(held.labels))
            if new:
                held.labels.update(new)
                self._record("labelsAdded", message_id, new, tuple(held.labels))

    def trash(self, message_id: str) -> None:
        """Throw a message away."""
        self.label(message_id, add=["TRASH"], remove=["INBOX"])

    def spam(self, message_id: str) -> None:
        """Mark a message as spam."""
        self.label(message_id, add=["SPAM"], remove=["INBOX"])

    def restore(self, message_id: str) -> None:
        """Take a message out of spam or trash."""
        self.label(message_id, add=["INBOX"], remove=["SPAM", "TRASH"])

    def delete(self, message_id: str) -> None:
        """Delete a message for good."""
        with self.changing:
            self._record("messagesDeleted", message_id, (), tuple(self.messages[message_id].labels))
            del self.messages[message_id]

    def expire_history(self) -> None:
        """Forget the history until now."""
        with self.changing:
            self.first_history_id = self.history_id + 1
            self.history_id += 10

    def ids(self, labels: Sequence[str], *, everywhere: bool) -> list[str]:
        """Return ids, newest first."""
        with self.changing:
            asked = (*labels, everywhere)
            if asked not in self._listed:
                wanted = set(labels)
                self._listed[asked] = [
                    held.id
                    for held in sorted(self.messages.values(), key=lambda held: (held.at, held.id))[::-1]
                    if wanted <= held.labels and (everywhere or not THROWN & held.labels)
                ]
            return self._listed[asked]

    def resource(self, message_id: str, headers: Iterable[str] | None) -> dict[str, Any] | None:
        """Return a message as messages.get gives it; None where it is gone."""
        with self.changing:
            held = self.messages.get(message_id)
            if held is None:
                return None
            said: dict[str, Any] = {
                "id": held.id,
                "threadId": held.thread,
                "historyId": str(held.history_id),
                "internalDate": str(round((held.at - _EPOCH).total_seconds() * 1000)),
                "sizeEstimate": held.size,
                "snippet": held.snippet,
            }
            if held.labels:  # absent where there is none
                said["labelIds"] = sorted(held.labels)
            if headers is not None:
                asked = {name.lower() for name in headers}
                kept = [{"name": n, "value": v} for n, v in held.headers if not asked or n.lower() in asked]
                said["payload"] = {"partId": "", "mimeType": "text/plain", "headers": kept}
            return said

    def since(self, history_id: int) -> list[dict[str, Any]]:
        """Return the history's records after an id."""
        with self.changing:
            return [self._as_record(*record) for record in self.records if record[0] > history_id]

    def truth(self, horizon_at: datetime | None = None) -> dict[str, tuple[str, ...]]:
        """Return the followed labels of every message that must be stored, had it been read just now."""
        with self.changing:
            return {
                held.id: tuple(sorted(label for label in held.labels if _is_followed(label)))
                for held in self.messages.values()
                if (horizon_at is None or held.at >= horizon_at)
                and not held.labels & {"DRAFT", "CHAT", "SPAM"}
                and ("TRASH" not in held.labels or "SENT" in held.labels)
            }

    def _record(self, kind: str, message_id: str, labels: tuple[str, ...], now: tuple[str, ...]) -> None:
        self.history_id += self._chance.randrange(1, 90)
        if message_id in self.messages:
            self.messages[message_id].history_id = self.history_id
        self.records.append((self.history_id, kind, message_id, labels, now))
        self._listed.clear()

    def _as_record(
        self, history_id: int, kind: str, message_id: str, labels: tuple[str, ...], now: tuple[str, ...]
    ) -> dict[str, Any]:
        short = {"id": message_id, "threadId": message_id}
        told = short | ({"labelIds": list(now)} if self.tells_labels and now else {})
        event = {"message": told} | ({"labelIds": list(labels)} if labels else {})
        return {"id": str(history_id), "messages": [short], kind: [event]}


def _is_followed(label: str) -> bool:
    return label in {"INBOX", "SENT", "SPAM", "TRASH"} or label.startswith("CATEGORY_")
