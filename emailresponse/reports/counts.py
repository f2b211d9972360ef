"""How many of the chosen waits stand where, counted from the ways in which they can stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from emailresponse.survival import tally

Number = TypeVar("Number", bound=np.generic)

OPEN = ("open", "due_soon", "overdue")


@dataclass(frozen=True, slots=True)
class Kind:
    """Waits that stand in one way: how many there are, and their times.

    Attributes:
        is_before: they opened before the asked days.
        is_counted: they are in the denominators.
        is_event: somebody answered; late ones too.
        times_us: microseconds on the asked clock of those that have a time.
        handoff_seconds: time to the hand-off of those handed to a colleague.
    """

    is_before: bool
    state: str
    is_counted: bool
    is_event: bool
    is_judged: bool
    is_met: bool
    is_late: bool
    is_skewed: bool
    is_off_hours: bool
    is_inferred: bool
    is_chased: bool
    waits: int
    times_us: NDArray[np.int64]
    handoff_seconds: NDArray[np.float64]


#: Figures of the waits in the denominators.
_COUNTED: dict[str, Callable[[Kind], bool]] = {
    "open_count": lambda kind: kind.state in OPEN,
    "answered": lambda kind: kind.is_event,
    "unanswered": lambda kind: not kind.is_event,
    "chased": lambda kind: kind.is_chased,
    "lapsed": lambda kind: kind.state == "lapsed",
    "superseded": lambda kind: kind.state == "superseded",
    "late": lambda kind: kind.is_late,
    "off_hours": lambda kind: kind.is_off_hours,
    "skewed": lambda kind: kind.is_skewed,
    "inferred": lambda kind: kind.is_inferred,
}
_OTHERS: dict[str, Callable[[Kind], bool]] = {
    "judged": lambda kind: kind.is_judged,
    "met": lambda kind: kind.is_met,
    "dismissed": lambda kind: kind.state == "dismissed",
    "by_hand": lambda kind: kind.state == "closed_by_hand",
}


def counted(kinds: Sequence[Kind]) -> dict[str, int]:
    """Return how many waits stand where, by the names that `Summary` has for it."""
    inside = [kind for kind in kinds if kind.is_counted]
    return {
        "n": sum(kind.waits for kind in inside),
        **{name: sum(kind.waits for kind in inside if is_of(kind)) for name, is_of in _COUNTED.items()},
        **{name: sum(kind.waits for kind in kinds if is_of(kind)) for name, is_of in _OTHERS.items()},
        "handoffs": sum(len(kind.handoff_seconds) for kind in inside),
    }


def times(kinds: Sequence[Kind]) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct times in seconds with how many waits ended and how many were last seen waiting."""
    inside = [kind for kind in kinds if kind.is_counted]
    return tally(
        _joined([kind.times_us for kind in inside if kind.is_event], np.int64),
        _joined([kind.times_us for kind in inside if not kind.is_event], np.int64),
    )


def handoff_median(kinds: Sequence[Kind]) -> float | None:
    """Return the median seconds to the hand-off; None where nothing was handed to a colleague."""
    seconds = _joined([kind.handoff_seconds for kind in kinds if kind.is_counted], np.float64)
    return float(np.median(seconds)) if seconds.size else None


def _joined(parts: Sequence[NDArray[Number]], kind: type[Number]) -> NDArray[Number]:
    return np.concatenate([np.empty(0, kind), *parts])
