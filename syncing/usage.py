"""How much is asked of the providers: units spent in this process, and how many a second of late."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from connectors.pacing import Paces
from emailresponse.links import Link

WINDOW_SECONDS = 60.0
LEAST_SECONDS = 1.0
"""Two looks closer to each other say nothing about a rate."""


@dataclass(frozen=True, slots=True)
class Use:
    """What was asked for one mailbox since this process began.

    Attributes:
        spent: units.
        per_second: units a second since an earlier look, at most a minute ago; None at the first look.
        allowed_per_second: units a second that may be spent.
    """

    spent: float
    per_second: float | None
    allowed_per_second: float


class Usage:
    """Looks at the paces of mailboxes and remembers the looks of the last minute.

    Args:
        paces: the token buckets that connectors share.
        clock: seconds that never go back.
    """

    def __init__(self, paces: Paces, clock: Callable[[], float] = time.monotonic) -> None:
        self._paces = paces
        self._clock = clock
        self._looks: dict[str, deque[tuple[float, float]]] = {}
        self._changing = threading.Lock()

    def of(self, link: Link) -> Use | None:
        """Return what reading a mailbox takes; None where nothing was asked of its provider yet."""
        name = f"{link.provider} {link.mailbox}"
        pace = self._paces.find(name)
        if pace is None:
            return None
        now, spent = self._clock(), pace.spent
        with self._changing:
            looks = self._looks.setdefault(name, deque())
            while looks and (now - looks[0][0] > WINDOW_SECONDS or looks[0][1] > spent):
                looks.popleft()
            since, before = looks[0] if looks else (now, spent)
            if not looks or now - looks[-1][0] >= LEAST_SECONDS:
                looks.append((now, spent))
        seconds = now - since
        return Use(spent, (spent - before) / seconds if seconds >= LEAST_SECONDS else None, pace.rate)
