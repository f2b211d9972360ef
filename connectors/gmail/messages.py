"""What Gmail says of a message becomes a copy; and which messages are brought at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors.gmail.calls import HEADERS
from connectors.linked import Linked
from emailresponse.copies import Copy
from emailresponse.fields import gathered
from emailresponse.headers import Origin, copy_of

PROVIDER = "gmail"
FOLLOWED = (
    "INBOX",
    "SENT",
    "SPAM",
    "TRASH",
    "CATEGORY_PERSONAL",
    "CATEGORY_SOCIAL",
    "CATEGORY_PROMOTIONS",
    "CATEGORY_UPDATES",
    "CATEGORY_FORUMS",
)
"""Labels that say something about who answered whom; read, starred and a person's own labels do not."""

NEVER = ("DRAFT", "CHAT")
"""Labels of what is never brought."""

_WANTED = frozenset(HEADERS)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - naive UTC, as everywhere inside


def followed(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the labels that are kept, in one order."""
    given = set(labels)
    return tuple(label for label in FOLLOWED if label in given)


def is_brought(labels: Iterable[str]) -> bool:
    """Say whether a message not yet stored is brought: no draft, chat or spam, of the trash only our own."""
    given = set(labels)
    return not given & {*NEVER, "SPAM"} and ("TRASH" not in given or "SENT" in given)


def received_at(said: Mapping[str, Any]) -> datetime | None:
    """Return when Google took a message in; absent where it says no such time."""
    try:
        return _EPOCH + timedelta(milliseconds=int(said["internalDate"]))
    except (KeyError, ValueError, TypeError, OverflowError):
        return None


def is_older(said: Mapping[str, Any], horizon_at: datetime | None) -> bool:
    """Say whether a message lies before the horizon."""
    at = received_at(said)
    return horizon_at is not None and at is not None and at < horizon_at


def copy_from(said: Mapping[str, Any], linked: Linked) -> Copy:
    """Return the copy that Gmail's answer describes.

    Raises:
        ValueError: the answer is no message.
    """
    try:
        headers = (said.get("payload") or {}).get("headers") or ()
        pairs = ((str(one["name"]), str(one.get("value") or "")) for one in headers)
        fields, problems = gathered(pairs, _WANTED)
        size = said.get("sizeEstimate")
        origin = Origin(
            mailbox=linked.mailbox,
            provider=PROVIDER,
            provider_id=str(said["id"]),
            thread=str(said["threadId"]) if said.get("threadId") else None,
            labels=followed(said.get("labelIds") or ()),
            received_at=received_at(said),
            size_bytes=int(size) if size is not None else None,
            problems=problems,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no message") from error
    return copy_of(fields, origin, linked.now())


def relabelled(linked: Linked, message_id: str, labels: Iterable[str]) -> Copy:
    """Return a stored copy as an observation of its labels; nothing else of it is looked at."""
    return Copy(mailbox=linked.mailbox, provider=PROVIDER, provider_id=message_id, labels=followed(labels))
