"""How the reading of a mailbox goes, as its card on the page says it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from emailresponse.links import Link
from emailresponse.reports.standing import Standing
from syncing.usage import Use
from web.telling import PROVIDERS, ahead, since

SETTLED_SECONDS = 5.0
"""A first read younger than this says nothing of its rate."""


@dataclass(frozen=True, slots=True)
class FirstRead:
    """How far the first read of a mailbox is.

    Attributes:
        done: messages dealt with; None: nothing was counted yet.
        total: messages there are; None where the provider has not said.
        per_second: messages a second since it began, waiting included; None: too early to say.
        seconds_left: None where it cannot be said, or nobody reads now.
    """

    done: int | None
    total: int | None
    per_second: float | None
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Card:
    """A mailbox as the page shows it.

    Attributes:
        key: what addresses of the page call it.
        tone: good, busy, calm or trouble.
        words: its state.
        detail: what it waits for, or what to do.
        actions: what can be done: sync, pause, resume, relink, unlink, link.
    """

    key: str
    standing: Standing
    tone: str
    words: str
    detail: str
    first_read: FirstRead | None
    use: Use | None
    actions: tuple[str, ...]

    @property
    def is_under_way(self) -> bool:
        """Say whether it changes from one moment to the next."""
        return self.tone == "busy"


TROUBLES = {
    "limited": ("Asked to wait", "{provider} asked for fewer requests"),
    "down": ("No answer", "{provider} does not answer now"),
    "wrong": ("Unexpected answer", "{provider} gave an answer that cannot be used"),
    "emptied": (
        "Came back empty",
        "It held messages before and came back without any, so nothing was changed",
    ),
    "full": ("No room on the disk", "Nothing more can be stored: make room on the disk"),
}


def key_of(mailbox: str) -> str:
    """Return what stands for a mailbox in an address, so that none of ours stands there."""
    return hashlib.blake2b(mailbox.encode(), digest_size=8, person=b"mailbox").hexdigest()


def card(standing: Standing, *, now: datetime, next_at: datetime | None, use: Use | None) -> Card:
    """Return a mailbox's card.

    Args:
        standing: what is known of it.
        now: naive UTC.
        next_at: naive UTC; when it is read next.
        use: what was asked of its provider.
    """
    link = standing.link
    tone, words, detail = _unlinked(standing) if link is None else _state(link, now, next_at)
    return Card(
        key=key_of(standing.mailbox),
        standing=standing,
        tone=tone,
        words=words,
        detail=detail,
        first_read=first_read(link, now) if link is not None and link.is_first_read else None,
        use=use,
        actions=_actions(link),
    )


def first_read(link: Link, now: datetime) -> FirstRead:
    """Return how far a first read is; nothing is guessed that nobody has said."""
    done, total = link.first_done, link.first_total
    if total is not None and (done or 0) > total:
        total = None  # the provider had promised too little
    seconds = (now - link.first_begun_at).total_seconds() if link.first_begun_at else 0.0
    rate = done / seconds if done and seconds >= SETTLED_SECONDS else None
    is_going_on = not link.is_paused and link.trouble is None
    left = (total - done) / rate if rate and done and total is not None and is_going_on else None
    return FirstRead(done, total, rate, left)


def _unlinked(standing: Standing) -> tuple[str, str, str]:
    detail = "Its mail comes from files" if standing.as_of_at else "No mail of it is stored yet"
    return "calm", "Not linked", f"{detail}."


def _state(link: Link, now: datetime, next_at: datetime | None) -> tuple[str, str, str]:
    provider = "The server" if link.provider == "imap" else PROVIDERS[link.provider]
    if link.is_lost:
        why = f" ({link.reason})" if link.reason else ""
        return (
            "trouble",
            "Has to be linked again",
            f"{provider} no longer lets us read it{why}. It is not asked again until then.",
        )
    if link.is_paused:
        return "calm", "Paused", "It is not read until somebody resumes it."
    if link.trouble is not None:
        words, detail = TROUBLES.get(link.trouble, TROUBLES["wrong"])
        said = f" ({link.reason})" if link.reason and link.trouble in {"down", "wrong"} else ""
        again = f" Next attempt {ahead(link.retry_at or next_at, now)}." if link.retry_at or next_at else ""
        return "trouble", words, f"{detail.format(provider=provider)}{said}.{again}"
    return _well(link, now, next_at)


def _well(link: Link, now: datetime, next_at: datetime | None) -> tuple[str, str, str]:
    is_reading = link.begun_at is not None and (link.ended_at is None or link.begun_at > link.ended_at)
    upcoming = (
        f"Next read {ahead(next_at, now)}." if next_at else "Nobody reads it now: the server is not running."
    )
    if link.is_first_read:
        if link.begun_at is None:
            return "busy", "Waiting for its turn", upcoming
        return "busy", "First read", "New mail comes first, then the past, newest to oldest."
    if is_reading and link.begun_at is not None:
        return "busy", "Reading now", f"Begun {since(link.begun_at, now)}."
    return "good", "Up to date", upcoming


def _actions(link: Link | None) -> tuple[str, ...]:
    if link is None:
        return ("link",)
    if link.is_lost:
        return ("relink", "unlink")
    if link.is_paused:
        return ("resume", "relink", "unlink")
    return ("sync", "pause", "relink", "unlink")
