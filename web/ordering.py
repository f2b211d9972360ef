"""The orders a table of people can be read in."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from emailresponse.reports.figures import Quantile, Row

SMALL_N = 20
"""Fewer judged waits than this say little about a person (metrics.md section 8)."""


def _time(value: Quantile) -> float:
    return math.inf if value.seconds is None else value.seconds


ORDERS: dict[str, Callable[[Row], tuple[float | str, ...]]] = {
    "name": lambda row: (row.name.casefold(), row.key),
    "waits": lambda row: (-row.n, row.name),
    "goal": lambda row: (-(row.share_low if row.share_low is not None else -1.0), row.name),
    "median": lambda row: (_time(row.median), row.name),
    "p90": lambda row: (_time(row.p90), row.name),
    "open": lambda row: (row.answered - row.n, row.name),
}


def ordered(rows: Sequence[Row], order: str | None) -> list[Row]:
    """Return the rows in an order of `ORDERS`; by the lower end of within goal where none is asked."""
    return sorted(rows, key=ORDERS.get(order or "goal", ORDERS["goal"]))


def chosen_order(asked: str | None, known: Mapping[str, object]) -> str:
    """Return the asked order where it is known, else `newest`."""
    return asked if asked is not None and asked in known else "newest"
