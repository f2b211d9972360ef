"""What a connector brings: copies, and the batches and cursors they travel in.

A *copy* is a message as one mailbox holds it. A *batch* is some copies and the cursor that follows them;
a *cursor* is an opaque text that only its connector reads. The copies of a batch are stored in one
transaction with its cursor, so stopping between any two batches loses nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NewType, Protocol

Cursor = NewType("Cursor", str)

KEPT_REFUSALS = 1_000


@dataclass(frozen=True, slots=True)
class Copy:
    """One message as one mailbox holds it: header fields in compared form, never a body.

    Addresses are in compared form (`emailresponse.addresses.compared`). Times are naive UTC. Labels are
    upper case in Gmail's words (INBOX, SENT, DRAFT, SPAM, TRASH, CHAT, CATEGORY_…). `copied_at` is the
    provider's receipt (for a file the topmost readable Received, else Date), absent where it is no
    credible time; `sent_at` is the Date header, however incredible.
    """

    mailbox: str
    provider: str
    provider_id: str
    provider_thread: str | None = None
    copied_at: datetime | None = None
    sent_at: datetime | None = None
    labels: tuple[str, ...] = ()
    is_hidden: bool = False
    size_bytes: int | None = None
    message_id: str | None = None
    subject: str | None = None
    from_address: str | None = None
    from_name: str | None = None
    sender_address: str | None = None
    original_from: str | None = None
    is_from_list: bool = False
    reply_to: tuple[str, ...] = ()
    to_addresses: tuple[str, ...] = ()
    cc_addresses: tuple[str, ...] = ()
    bcc_addresses: tuple[str, ...] = ()
    delivered_to: tuple[str, ...] = ()
    reply_ids: tuple[str, ...] = ()
    reference_ids: tuple[str, ...] = ()
    list_id: str | None = None
    unsubscribe_hosts: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A part of a source that could not be kept: where it stood (file; byte offset or line) and why."""

    source: str
    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Some copies of a source and the cursor that follows them.

    Attributes:
        cursor: where the next read goes on once this batch is stored.
        added: copies in source order; one may come twice, never zero times. A copy already stored whose
            labels differ is an observation of its new labels.
        ended: (mailbox, provider id) of copies that the mailbox holds no more, nor keeps in its trash.
        refused: parts that could not be kept.
        read_count: messages looked at for this batch (added and refused).
        read_bytes: bytes of the source consumed so far, for progress.
        done_count: messages of a first read that are dealt with, over all its batches; absent behind it.
        total_count: messages that a first read will deal with, as far as the provider says.
    """

    cursor: Cursor
    added: tuple[Copy, ...]
    ended: tuple[tuple[str, str], ...] = ()
    refused: tuple[Refusal, ...] = ()
    read_count: int = 0
    read_bytes: int = 0
    done_count: int | None = None
    total_count: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import or a rebuild is; `total_bytes` is absent where nobody can know."""

    read_count: int = 0
    stored_count: int = 0
    known_count: int = 0
    refused_count: int = 0
    read_bytes: int = 0
    total_bytes: int | None = None
    refused: tuple[Refusal, ...] = field(default=())

    def plus(self, came: Progress) -> Progress:
        """Return this and what came after it; of the refused parts the first thousand are named."""
        return replace(
            self,
            read_count=self.read_count + came.read_count,
            stored_count=self.stored_count + came.stored_count,
            known_count=self.known_count + came.known_count,
            refused_count=self.refused_count + came.refused_count,
            refused=(self.refused + came.refused)[:KEPT_REFUSALS],
        )


class Holdings(Protocol):
    """What is stored of one mailbox; a connector asks it before it spends quota on what is known."""

    def labels(self, provider_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the labels that each of the copies was last seen with; those not stored are left out."""
        ...

    def since(self, moment: datetime | None) -> Mapping[str, tuple[str, ...]]:
        """Return the last labels of every stored copy received at `moment` (UTC) or later; None: all."""
        ...


class Connector(Protocol):
    """A place messages come from.

    `changes(None)` reads from the start; `changes(cursor)` goes on behind the batch that carried the
    cursor. When the iterator ends, everything that lay there when it began has been yielded. `CursorExpired`
    means: read again from the start and upsert. A mailbox that held messages and comes back empty raises
    `MailboxEmptied`. A connector that reads a live mailbox also raises `AuthorizationLost`, `RateLimited`,
    `ProviderDown` and `ProviderWrong`; a new one goes on from the last cursor stored.
    """

    def addresses(self) -> tuple[str, ...]:
        """Return the mailboxes this connector reads."""
        ...

    def changes(self, since: Cursor | None) -> Iterator[Batch]:
        """Yield what came after the cursor, oldest knowledge first."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


def copy_key(mailbox: str, provider_id: str) -> int:
    """Return the 64-bit number that stands for a copy in bulk tables (blake2b of mailbox, NUL, id)."""
    digest = hashlib.blake2b(f"{mailbox}\0{provider_id}".encode("utf-8", "replace"), digest_size=8)
    return int.from_bytes(digest.digest(), "big")
