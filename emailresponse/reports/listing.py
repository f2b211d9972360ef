"""The waits behind the figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from emailresponse.filter import Filter
from emailresponse.reports.figures import WaitPage, WaitRow
from emailresponse.reports.question import Question, question
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
    with store.transaction():
        total = store.value("report/wait_count", asked=put.parameters)
        openers = store.tuples(
            "report/wait_order", asked=put.parameters, order_by=order, at_most=limit, skipped=passed
        )
        found = {row.opened_by: row for row in _opened_by(store, put, openers)}
    following = passed + len(openers)
    return WaitPage(
        tuple(found[opened_by] for opened_by, _ in openers), total, following if following < total else None
    )


def _opened_by(store: Store, put: Question, openers: Sequence[tuple[str, datetime]]) -> Iterator[WaitRow]:
    """Yield the waits that some messages opened, in any order; only the days of these are read."""
    if not openers:
        return
    moments = [opened_at for _, opened_at in openers]
    days = {"since_at": min(moments), "until_at": max(moments) + timedelta(microseconds=1)}
    for row in store.tuples(
        "report/waits",
        asked={**put.parameters, **days},
        openers=[opened_by for opened_by, _ in openers],
        moments=moments,
    ):
        yield row_of(row)


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
