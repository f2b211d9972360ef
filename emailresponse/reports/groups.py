"""The same figures a line each: by person, team, company, contact, class, mailbox, or day, week and month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from emailresponse.filter import PERIODS, Filter
from emailresponse.proportion import wilson
from emailresponse.reports.figures import Row
from emailresponse.reports.question import Question, asked_days, question
from emailresponse.reports.summary import is_high, quantile
from emailresponse.store import Store
from emailresponse.survival import estimate, tally

NOBODY = "(nobody by name)"
"""Unanswered waits addressed to a shared mailbox alone are the team's, nobody's own."""


NO_TIMES = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Group:
    """Waits of one line: how many stand where, and the times in microseconds of the ended and the waiting."""

    key: str
    n: int
    open_count: int
    answered: int
    judged: int
    met: int
    hidden: int
    ended_us: NDArray[np.int64]
    waiting_us: NDArray[np.int64]


def people(store: Store, asked: Filter, limit: int = 200) -> list[Row]:
    """Return a line per person: what they answered, and the unanswered addressed or assigned to them.

    What nobody is named in has the key "" and no share, for it is unanswered by its nature. With people
    asked, only theirs. Lines without waits are left out.
    """
    names = {key: (name, of) for key, name, of in store.tuples("report/person_names")}
    found = rows(store, asked, "person", limit, list(asked.people) or None)
    return [
        _named(row, *names.get(row.key, (row.key, "")))
        if row.key
        else replace(row, name=NOBODY, share=None, share_low=None, share_high=None)
        for row in found
    ]


def teams(store: Store, asked: Filter, limit: int = 200) -> list[Row]:
    """Return a line per team."""
    names = dict(store.tuples("report/team_names"))
    found = rows(store, asked, "team", limit)
    return [_named(row, names.get(row.key, row.key or "(no team)"), "") for row in found]


def companies(store: Store, asked: Filter, limit: int = 200) -> list[Row]:
    """Return a line per company, most waits first."""
    return rows(store, asked, "company", limit)


def contacts(store: Store, asked: Filter, limit: int = 200) -> list[Row]:
    """Return a line per contact, most waits first."""
    return rows(store, asked, "contact", limit)


def classes(store: Store, asked: Filter, limit: int = 200) -> list[Row]:
    """Return a line per class of wait."""
    return rows(store, asked, "class", limit)


def mailboxes(store: Store, asked: Filter, limit: int = 200) -> list[Row]:
    """Return a line per addressed mailbox."""
    return rows(store, asked, "mailbox", limit)


def trend(store: Store, asked: Filter, period: str) -> list[Row]:
    """Return a line per local day, week (from Monday) or month, oldest first, empty ones too."""
    if period not in PERIODS:
        raise ValueError(period)
    put = question(store, asked)
    days = asked_days(store, put)
    if days is None:
        return []
    known = {row.key: row for row in _rows(store, put, period, 100_000, None)}
    empty = _row(put, Group("", 0, 0, 0, 0, 0, 0, NO_TIMES, NO_TIMES))
    return [
        _named(known.get(start.isoformat(), empty), start.isoformat(), "", start)
        for start in starts(days[0], days[1], period)
    ]


def starts(since: date, until: date, period: str) -> Iterator[date]:
    """Yield the first day of each period that touches the days."""
    start = {
        "day": since,
        "week": since - timedelta(days=since.weekday()),
        "month": since.replace(day=1),
    }[period]
    while start <= until:
        yield start
        if period == "month":
            start = (start + timedelta(days=32)).replace(day=1)
        else:
            start += timedelta(days=1 if period == "day" else 7)


def rows(store: Store, asked: Filter, by: str, limit: int, keys: list[str] | None = None) -> list[Row]:
    """Return a line per key, most waits first."""
    return _rows(store, question(store, asked), by, limit, keys)


def _rows(store: Store, put: Question, by: str, limit: int, keys: list[str] | None) -> list[Row]:
    found = store.measures(
        "report/groups", Group, asked=put.parameters, by=by, keys=keys, at_most=limit, zone=put.zone
    )
    return [_row(put, group) for group in found]


def _row(put: Question, group: Group) -> Row:
    curve = estimate(*tally(group.ended_us, group.waiting_us))
    share, low, high = wilson(group.met, group.judged)
    hidden_share = group.hidden / (group.n + group.hidden) if group.n + group.hidden else None
    return Row(
        key=group.key,
        name=group.key,
        detail="",
        start=None,
        n=group.n,
        open_count=group.open_count,
        answered=group.answered,
        judged=group.judged,
        met=group.met,
        share=share,
        share_low=low,
        share_high=high,
        median=quantile(curve, 0.5),
        p90=quantile(curve, 0.1),
        hidden=group.hidden,
        hidden_share=hidden_share,
        is_hidden_high=is_high(put, hidden_share),
    )


def _named(row: Row, name: str, detail: str, start: date | None = None) -> Row:
    return replace(row, key=start.isoformat() if start else row.key, name=name, detail=detail, start=start)
