"""Kaplan-Meier: how long waits last when some of them have not ended yet.

A wait that nobody has answered is known to have lasted at least so long (it is *censored*); leaving it out
would flatter. Sources: Kaplan and Meier 1958; Greenwood 1926 for the variance; the log-log band of
Kalbfleisch and Prentice 1980.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Z = 1.959963984540054
"""The normal quantile of a 95 % band."""

SLACK = 1e-9
"""A curve at 0.5 + 1e-9 counts as having reached 0.5: the products are floating point."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The curve at each distinct time: share still waiting just after it, with its 95 % band.

    `low` and `high` are NaN where there is no band: where the share is 0.
    """

    times: NDArray[np.float64]
    survival: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def quantile(self, share: float) -> tuple[float | None, float | None, float | None]:
        """Return the first time at most `share` still wait, and the ends of its band; None: never reached."""
        return (
            _first(self.times, self.survival, share),
            _first(self.times, self.low, share),
            _first(self.times, self.high, share),
        )

    def at(self, seconds: float) -> float | None:
        """Return the share still waiting after a time; None without waits."""
        if not self.times.size:
            return None
        reached = int(np.searchsorted(self.times, seconds, side="right"))
        return float(self.survival[reached - 1]) if reached else 1.0

    def restricted_mean(self, horizon: float) -> float | None:
        """Return the mean time waited up to a horizon: the area below the curve; None without waits.

        Behind the last known time the curve is taken to go on level up to the horizon.
        """
        if not self.times.size:
            return None
        inside = self.times < horizon
        edges = np.concatenate(([0.0], self.times[inside], [horizon]))
        levels = np.concatenate(([1.0], self.survival[inside]))
        return float(np.sum(np.diff(edges) * levels))


def estimate(times: ArrayLike, events: ArrayLike, censored: ArrayLike) -> Estimate:
    """Return the curve of counts: how many ended (events) and were last seen waiting (censored) at each time.

    At one time the events come before the censorings. Times may be given in any order, each once.
    """
    at = np.asarray(times, dtype=np.float64)
    order = np.argsort(at, kind="stable")
    at = at[order]
    ended = np.asarray(events, dtype=np.float64)[order]
    leaving = ended + np.asarray(censored, dtype=np.float64)[order]
    at_risk = np.cumsum(leaving[::-1])[::-1]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        survival = np.cumprod(1.0 - ended / at_risk)
        greenwood = np.cumsum(ended / (at_risk * (at_risk - ended)))
        log = np.log(survival)
        spread = Z * np.sqrt(greenwood) / log
        low = np.exp(-np.exp(np.log(-log) - spread))
        high = np.exp(-np.exp(np.log(-log) + spread))
    untouched = survival == 1.0
    gone = survival <= SLACK
    low = np.where(untouched, 1.0, np.where(gone, np.nan, low))
    high = np.where(untouched, 1.0, np.where(gone, np.nan, high))
    return Estimate(at, np.where(gone, 0.0, survival), low, high)


def tally(
    ended_us: NDArray[np.int64], waiting_us: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct times in seconds with how many ended and how many were last seen waiting at each.

    Args:
        ended_us: times in whole microseconds, in any order, of what ended.
        waiting_us: of what was last seen waiting.
    """
    # One sort tells all: the last bit says who still waits.
    marked = np.sort(np.concatenate((ended_us << 1, (waiting_us << 1) | 1)))
    times = marked >> 1
    begins = np.flatnonzero(np.diff(times, prepend=-1))
    waiting = np.add.reduceat(marked & 1, begins) if begins.size else marked
    return times[begins] / 1e6, np.diff(begins, append=times.size) - waiting, waiting


def _first(times: NDArray[np.float64], curve: NDArray[np.float64], share: float) -> float | None:
    """Return the first time a falling curve is at or below a share."""
    with np.errstate(invalid="ignore"):
        reached = curve <= share + SLACK
    return float(times[int(np.argmax(reached))]) if reached.any() else None
