"""How much is written and when: volumes, busiest hours, and how long conversations get."""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from emailresponse.filter import Filter, midnight
from emailresponse.reports.figures import Cell, Length, Shape, VolumeDay, Volumes
from emailresponse.reports.question import Question, asked_days, horizons, question
from emailresponse.store import Store

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - naive UTC, as everything below the edge

LONGEST = 12
"""Conversations of this many messages and more are counted together."""


@dataclass(frozen=True, slots=True)
class Writers:
    """Whom waits are of, and when their leads opened, in microseconds since 1970."""

    contacts: int
    companies: int
    leads_us: NDArray[np.int64]


def volumes(store: Store, asked: Filter) -> Volumes:
    """Return how many human messages went out, came in and stayed among us, and how many leads opened.

    Leads are counted whatever classes are asked for; contacts and companies are those whose message opened a
    wait of any class.
    """
    put = question(store, asked)
    days = asked_days(store, put)
    if days is None:
        return Volumes(0, 0, 0, 0, 0, 0, ())
    (writers,) = store.measures("report/writers", Writers, asked={**put.parameters, "classes": None})
    leads = days_of(writers.leads_us, put.zone)
    messages = {
        (day, direction): many
        for day, direction, many in store.tuples("report/message_days", **_days(put, days))
    }
    lines = [
        VolumeDay(
            day,
            sent=messages.get((day, "outbound"), 0),
            received=messages.get((day, "inbound"), 0),
            internal=messages.get((day, "internal"), 0),
            leads=leads.get(day, 0),
        )
        for day in sorted({*(day for day, _ in messages), *leads})
    ]
    return Volumes(
        sent=sum(line.sent for line in lines),
        received=sum(line.received for line in lines),
        internal=sum(line.internal for line in lines),
        leads=sum(line.leads for line in lines),
        unique_contacts=writers.contacts,
        companies=writers.companies,
        days=tuple(lines),
    )


def busiest_hours(store: Store, asked: Filter) -> list[Cell]:
    """Return the 168 local hours of the week: inbound messages an hour, and within goal of the waits opened.

    Each cell is divided by how often that hour occurred in the range up to the as-of: never, where clocks
    skipped it, twice, where it came twice. Empty without mail.
    """
    put = question(store, asked)
    days = asked_days(store, put)
    if days is None:
        return []
    until_at = midnight(days[1] + timedelta(days=1), put.zone)
    as_of_at = max((box.as_of_at for box in horizons(store, put)), default=until_at)
    hours = hours_between(days[0], min(until_at, as_of_at + timedelta(microseconds=1)), put.zone)
    messages = {(row[0], row[1]): row[2] for row in store.tuples("report/message_hours", **_days(put, days))}
    judged = {
        (row[0], row[1]): row[2:]
        for row in store.tuples("report/judged_hours", asked=put.parameters, zone=put.zone)
    }
    return [
        _cell(weekday, hour, messages.get((weekday, hour), 0), hours, judged.get((weekday, hour), (0, 0)))
        for weekday in range(1, 8)
        for hour in range(24)
    ]


def conversations_shape(store: Store, asked: Filter) -> Shape:
    """Return how long the conversations with a chosen wait are, by side; None without conversations."""
    found = store.tuples("report/conversation_lengths", asked=question(store, asked).parameters)
    if not found:
        return Shape(0, None, None, None, ())
    inbound, outbound, many = np.asarray(found, dtype=np.int64).T
    lengths = inbound + outbound
    order = np.argsort(lengths, kind="stable")
    running = np.cumsum(many[order])
    total = int(running[-1])
    middle = [lengths[order][np.searchsorted(running, at)] for at in ((total + 1) // 2, total // 2 + 1)]
    counts: Counter[int] = Counter()
    for length, conversations in zip(np.minimum(lengths, LONGEST).tolist(), many.tolist(), strict=True):
        counts[length] += conversations
    return Shape(
        total,
        float((inbound * many).sum() / total),
        float((outbound * many).sum() / total),
        float(np.mean(middle)),
        tuple(Length(length, counts[length]) for length in sorted(counts)),
    )


def days_of(moments_us: NDArray[np.int64], zone: str) -> dict[date, int]:
    """Return how many moments, in microseconds since 1970 (UTC), lie on each local day; no day of none."""
    if not moments_us.size:
        return {}
    place = ZoneInfo(zone)
    first, last = (
        (EPOCH + timedelta(microseconds=int(edge))).replace(tzinfo=UTC).astimezone(place).date()
        for edge in (moments_us.min(), moments_us.max())
    )
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    begins = [(midnight(day, zone) - EPOCH) // timedelta(microseconds=1) for day in days]
    counts = np.bincount(np.searchsorted(begins, moments_us, side="right") - 1, minlength=len(days))
    return {day: many for day, many in zip(days, counts.tolist(), strict=True) if many}


@functools.lru_cache(maxsize=256)
def hours_between(since: date, until_at: datetime, zone: str) -> dict[tuple[int, int], int]:
    """Return how often each local (weekday, hour) began from a local day to a UTC moment."""
    found: Counter[tuple[int, int]] = Counter()
    plain_days: Counter[int] = Counter()
    day, start = since, midnight(since, zone)
    while start < until_at:
        next_day = day + timedelta(days=1)
        end = midnight(next_day, zone)
        if end - start == timedelta(days=1) and end <= until_at:
            plain_days[day.isoweekday()] += 1
        else:
            found.update(_hours_of(start, min(end, until_at), zone))
        day, start = next_day, end
    for weekday, times in plain_days.items():
        for hour in range(24):
            found[weekday, hour] += times
    return dict(found)


def _hours_of(start: datetime, end: datetime, zone: str) -> Counter[tuple[int, int]]:
    """Return the local hours that begin in a stretch of a day when clocks change, or of a day cut short."""
    place = ZoneInfo(zone)
    found: Counter[tuple[int, int]] = Counter()
    moment, last = start, None
    while moment < end:
        local = moment.replace(tzinfo=UTC).astimezone(place)
        hour = (local.isoweekday(), local.hour, local.utcoffset())
        if hour != last:
            found[local.isoweekday(), local.hour] += 1
            last = hour
        moment += timedelta(minutes=15)
    return found


def _cell(
    weekday: int, hour: int, messages: int, hours: dict[tuple[int, int], int], judged: tuple[int, int]
) -> Cell:
    times = hours.get((weekday, hour), 0)
    n, met = judged
    return Cell(
        weekday,
        hour,
        messages,
        times,
        messages / times if times else None,
        n,
        met,
        met / n if n else None,
    )


def _days(put: Question, days: tuple[date, date]) -> dict[str, Any]:
    return {
        "since": days[0],
        "until": days[1],
        "people": put.parameters["people"],
        **put.scope,
    }
