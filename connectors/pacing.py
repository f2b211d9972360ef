"""How fast a provider may be asked: token buckets, one per mailbox and one per project.

A bucket holds at most `burst` units and gains `rate` a second; who takes more than it holds waits, and the
takers after him wait behind him. So any stretch of t seconds sees at most `burst + rate * t` units.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """A token bucket that threads share.

    Args:
        rate: units that may be spent a second.
        burst: units that may be spent at once.
        clock: seconds that never go back.
        wait: sleeps so many seconds.
    """

    def __init__(
        self,
        rate: float,
        burst: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.rate = rate
        self.burst = burst
        self._clock = clock
        self._wait = wait
        self._held = burst
        self._at = clock()
        self._spent = 0.0
        self._changing = threading.Lock()

    @property
    def spent(self) -> float:
        """The units taken so far."""
        return self._spent

    def take(self, units: float) -> None:
        """Spend units, after waiting until the bucket has them."""
        with self._changing:
            self._fill()
            self._held -= units
            self._spent += units
            seconds = -self._held / self.rate
        if seconds > 0:
            self._wait(seconds)

    def hold(self, seconds: float) -> None:
        """Let nobody take anything for so long: the provider asked for patience."""
        with self._changing:
            self._fill()
            self._held = min(self._held, -seconds * self.rate)

    def _fill(self) -> None:
        now = self._clock()
        self._held = min(self.burst, self._held + max(0.0, now - self._at) * self.rate)
        self._at = now


class Paces:
    """The paces of every mailbox and project of this process, made when they are first asked for."""

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, wait: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self._wait = wait
        self._paces: dict[str, Pace] = {}
        self._changing = threading.Lock()

    def of(self, name: str, rate: float, burst: float) -> Pace:
        """Return the pace of a name, e.g. `gmail project`; the first call makes it, as does another rate."""
        with self._changing:
            pace = self._paces.get(name)
            if pace is None or (pace.rate, pace.burst) != (rate, burst):
                pace = self._paces[name] = Pace(rate, burst, clock=self._clock, wait=self._wait)
            return pace

    def find(self, name: str) -> Pace | None:
        """Return the pace of a name as it is; None where nobody asked for it yet."""
        return self._paces.get(name)
