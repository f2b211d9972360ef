"""How the chosen waits end over time: the survival curve and the distribution."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from emailresponse.filter import Filter
from emailresponse.reports.figures import Bin, Curve
from emailresponse.reports.question import question
from emailresponse.store import Store
from emailresponse.survival import estimate, tally

POINTS = 240
"""A drawn curve needs no more points than a chart has columns."""

EDGES = (0, 300, 900, 1800, 3600, 7200, 14400, 28800, 86400, 259200)
LABELS = (
    "< 5 min",
    "5-15 min",
    "15-30 min",
    "30-60 min",
    "1-2 h",
    "2-4 h",
    "4-8 h",
    "8-24 h",
    "24-72 h",
    "> 72 h",
)


@dataclass(frozen=True, slots=True)
class Times:
    """Times in microseconds of the waits that ended, and of those last seen waiting."""

    ended_us: NDArray[np.int64]
    waiting_us: NDArray[np.int64]


def survival(store: Store, asked: Filter) -> Curve:
    """Return the share still waiting after each time, with its band; no points without waits."""
    times, ended, censored = _tally(store, asked)
    if not times.size:
        return Curve((), (), (), ())
    curve = estimate(times, ended, censored)
    steps = np.flatnonzero(ended > 0)
    if steps.size > POINTS:
        steps = steps[np.unique(np.linspace(0, steps.size - 1, POINTS).round().astype(int))]
    last = curve.times.size - 1
    if not steps.size or steps[-1] != last:
        steps = np.append(steps, last)
    return Curve(
        (0.0, *(float(value) for value in curve.times[steps])),
        (1.0, *(float(value) for value in curve.survival[steps])),
        (None, *(_known(value) for value in curve.low[steps])),
        (None, *(_known(value) for value in curve.high[steps])),
    )


def distribution(store: Store, asked: Filter) -> list[Bin]:
    """Return how many were answered or last seen waiting in each range of times; empty without waits."""
    times, ended, censored = _tally(store, asked)
    if not times.size:
        return []
    at = np.searchsorted(np.asarray(EDGES), times, side="right") - 1
    answered = np.bincount(at, weights=ended, minlength=len(EDGES)).astype(int)
    waiting = np.bincount(at, weights=censored, minlength=len(EDGES)).astype(int)
    return [
        Bin(low, high, label, int(done), int(left))
        for (low, high), label, done, left in zip(
            pairwise((*EDGES, None)), LABELS, answered, waiting, strict=True
        )
        if low is not None
    ]


def _tally(store: Store, asked: Filter) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct times in seconds with how many ended and how many were last seen waiting."""
    (times,) = store.measures("report/durations", Times, asked=question(store, asked).parameters)
    return tally(times.ended_us, times.waiting_us)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
