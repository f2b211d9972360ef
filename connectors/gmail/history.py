"""What happened in a mailbox after a moment: the history's records, put together per message.

All pages are read before anything is brought, so that a message that moved twice is brought once, as it is
now. The last event of each label decides, which makes reading the same history twice harmless.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.gmail.calls import Calls
from connectors.gmail.faults import Gone
from connectors.gmail.messages import is_brought
from emailresponse.errors import CursorExpired, ProviderDown


@dataclass(slots=True)
class Change:
    """What happened to one message.

    Attributes:
        is_added: whether it came.
        is_deleted: whether it went for good.
        last: the last event of each label: whether it was put on.
        seen: all its labels, where the history says them.
    """

    is_added: bool = False
    is_deleted: bool = False
    last: dict[str, bool] = field(default_factory=dict)
    seen: set[str] | None = None

    @property
    def may_be_new(self) -> bool:
        """Whether a message that is not stored may have become one that is brought.

        It came; or it left spam, trash or the drafts; or it was sent or put back into the inbox. Nothing
        else is asked after, so that tidying up old mail costs no quota.
        """
        is_moved = any(self.last.get(label) is False for label in ("SPAM", "TRASH", "DRAFT")) or any(
            self.last.get(label) is True for label in ("SENT", "INBOX")
        )
        return (
            (self.is_added or is_moved)
            and not self.is_deleted
            and (self.seen is None or is_brought(self.seen))
        )

    def applied(self, labels: Mapping[str, Any] | tuple[str, ...]) -> set[str]:
        """Return labels after the change."""
        kept = {label for label in labels if self.last.get(label) is not False}
        return kept | {label for label, is_put_on in self.last.items() if is_put_on}

    def _take(self, said: Mapping[str, Any], put_on: set[str], taken_off: set[str]) -> None:
        self.last |= dict.fromkeys(put_on, True) | dict.fromkeys(taken_off, False)
        told = said.get("labelIds")
        if told is not None:
            self.seen = set(told)
        elif self.seen is not None:
            self.seen = (self.seen | put_on) - taken_off


def read(calls: Calls, since: str) -> tuple[dict[str, Change], str]:
    """Return what happened to each message after a history id, in order, and where the history stands now.

    Raises:
        CursorExpired: Gmail no longer knows the history from there on.
    """
    changes: dict[str, Change] = {}
    page: str | None = None
    while True:
        try:
            said = calls.history(since, page)  # the same start with every page
        except Gone as gone:
            raise CursorExpired("history") from gone
        for record in said.get("history") or ():  # absent where nothing happened, even before a last page
            try:
                _take(record, changes)
            except (KeyError, TypeError, AttributeError) as error:
                raise ProviderDown("unreadable history") from error
        page = said.get("nextPageToken") or None
        if page is None:
            return changes, str(said.get("historyId") or since)


def _take(record: Mapping[str, Any], changes: dict[str, Change]) -> None:
    for kind, message, labels in _events(record):
        change = changes.setdefault(str(message["id"]), Change())
        if kind == "messagesDeleted":
            change.is_deleted = True
            continue
        if kind == "messagesAdded":
            change.is_added, change.is_deleted = True, False
        change._take(  # noqa: SLF001 - this module's own
            message,
            labels if kind == "labelsAdded" else set(),
            labels if kind == "labelsRemoved" else set(),
        )


def _events(record: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], set[str]]]:
    for kind in ("messagesAdded", "labelsAdded", "labelsRemoved", "messagesDeleted"):
        for event in record.get(kind) or ():
            yield kind, event["message"], set(event.get("labelIds") or ())
