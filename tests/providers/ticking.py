"""A clock for tests, which goes on only when somebody waits."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta


class Time:
    """Seconds that threads wait for without losing any."""

    def __init__(self, begin: datetime = datetime(2026, 6, 1, 12)) -> None:
        self.begin = begin
        self.at = 0.0
        self._changing = threading.Lock()

    def clock(self) -> float:
        """Return the seconds so far."""
        return self.at

    def wait(self, seconds: float) -> None:
        """Let time go by."""
        with self._changing:
            self.at += max(0.0, seconds)

    def now(self) -> datetime:
        """Return the moment in naive UTC."""
        return self.begin + timedelta(seconds=self.at)
