"""The waits behind the figures."""

from __future__ import annotations

from typing import Any

from emailresponse.filter import Filter
from emailresponse.reports.figures import WaitPage, WaitRow
from emailresponse.reports.question import question
from emailresponse.store import Store

ORDERS = ("longest", "oldest", "newest", "due")


def waits(
    store: Store, asked: Filter, *, order: str = "longest", limit: int = 50, after: int | None = None
) -> WaitPage:
    """Return some of the chosen waits: the longest, oldest or newest first, or those due next.

    Args:
        store: where the waits are.
        asked: which waits; states, flags and figure narrow them.
        order: one of ORDERS.
        limit: how many at most.
        after: how many to pass over, as the page before said.

    Raises:
        ValueError: there is no such order.
    """
    if order not in ORDERS:
        raise ValueError(order)
    put = question(store, asked)
    passed = after or 0
    total = store.value("report/wait_count", **put.parameters)
    found = store.tuples("report/waits", order_by=order, at_most=limit, skipped=passed, **put.parameters)
    following = passed + len(found)
    return WaitPage(tuple(row_of(row) for row in found), total, following if following < total else None)


def row_of(row: tuple[Any, ...]) -> WaitRow:
    """Return one row of report/waits.sql as a record."""
    values = dict(zip(WaitRow.__dataclass_fields__, row, strict=True))
    return WaitRow(
        **{
            **values,
            "addressees": tuple(values["addressees"] or ()),
            "flags": tuple(values["flags"] or ()),
        }
    )
