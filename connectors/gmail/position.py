"""How far a Gmail mailbox was read: the cursor's text, and what it says."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from emailresponse.copies import Cursor
from emailresponse.errors import CursorExpired

MAIL, TRASHED, SETTLING = "mail", "trashed", "settling"
"""The stages of a first read: all mail newest first, our own sent mail in the trash, and the comparison."""


@dataclass(frozen=True, slots=True)
class FirstRead:
    """How far the read from the start is.

    Attributes:
        stage: MAIL, TRASHED or SETTLING.
        page: the token of the page at hand; absent: the first.
        done: messages listed on the pages before.
        older: how many messages listed last, one after the other, lie before the horizon.
        total: messages in the mailbox when it began.
        begun_at: when it began, ISO 8601.
        oldest_at: the receipt of the oldest message brought, ISO 8601; empty: none was.
    """

    stage: str = MAIL
    page: str | None = None
    done: int = 0
    older: int = 0
    total: int = 0
    begun_at: str = ""
    oldest_at: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """What a cursor says.

    Attributes:
        history_id: all that happened after it is still to be brought; decimal digits.
        first: the unfinished read from the start; absent behind it.
        reconciled_at: when the newest messages were last compared, ISO 8601.
    """

    history_id: str
    first: FirstRead | None = None
    reconciled_at: str | None = None

    def cursor(self) -> Cursor:
        """Return the text that is stored."""
        return Cursor(json.dumps(asdict(self), separators=(",", ":")))

    def is_reconciled(self, now: datetime) -> bool:
        """Say whether the newest messages were compared within a day; a clock that jumped does not count."""
        if self.reconciled_at is None:
            return False
        age = (now - datetime.fromisoformat(self.reconciled_at)).total_seconds()
        return 0 <= age < 86_400


def read(cursor: Cursor) -> Position:
    """Return what a cursor says.

    Raises:
        CursorExpired: it is no cursor of this connector.
    """
    try:
        said: dict[str, Any] = json.loads(cursor)
        first = said["first"]
        return Position(
            str(said["history_id"]),
            None if first is None else FirstRead(**first),
            said["reconciled_at"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise CursorExpired("not a cursor of this connector") from error
