"""Opening periods: schedules laid out by local date, turned into half-open UTC stretches, merged.

A local time that comes twice is the first one; one that never comes takes the offset before the change
(PEP 495, `fold=0`). Days off and public holidays open nothing. Touching stretches are one, so a schedule
around the clock is a single stretch, also across a change of the clocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from emailresponse import schedules
from emailresponse.schedules import Schedule
from emailresponse.store import Store
from emailresponse.timelines import EPOCH, Part, Roster, Timelines

MARGIN_DAYS = 400
_SLACK_DAYS = 2
_MICROSECONDS = 1_000_000
_DAY_SECONDS = 86_400
Moments = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stretches:
    """Half-open UTC stretches in microseconds after 1970; `days` are counted from the first one."""

    days: Moments
    opens: Moments
    closes: Moments


@dataclass(frozen=True, slots=True)
class Layout:
    """Every mailbox's calendar, and every calendar's opening periods, sorted, none touching another."""

    calendar_ids: dict[str, int]
    openings: dict[int, tuple[Moments, Moments]]


def lay_out(store: Store, first: datetime, last: datetime) -> None:
    """Fill the derived tables `calendar` and `opening` of the current search path.

    Every mailbox that is listed or holds a copy gets a calendar; mailboxes that are open at the same times
    share one. Ids follow the least mailbox that has it. `running_us` is a calendar's opening time in
    microseconds before the period opens.

    Args:
        store: inside the caller's transaction.
        first: UTC, the earliest moment anybody will ask about.
        last: UTC, the latest; periods are laid out 400 days beyond it.
    """
    laid = layout(Roster.load(store), first, last)
    calendar = pa.table(
        {"mailbox": list(laid.calendar_ids), "calendar_id": list(laid.calendar_ids.values())},
        schema=pa.schema([("mailbox", pa.string()), ("calendar_id", pa.int32())]),
    )
    with store.table("laid_calendar", calendar), store.table("laid_opening", _opening_table(laid)):
        store.run("derive/calendar")
        store.run("derive/opening")


def layout(roster: Roster, first: datetime, last: datetime) -> Layout:
    """Return the calendars of a roster for the moments between two, in UTC, and 400 days beyond."""
    first_day = max(first.date(), date(1900, 1, 1)) - timedelta(days=_SLACK_DAYS)
    last_day = min(last.date(), date(9000, 1, 1)) + timedelta(days=MARGIN_DAYS)
    timelines = Timelines(roster, first_day, last_day)
    laid = cache(lambda schedule: stretches(schedule, first_day, last_day))
    calendar_ids: dict[str, int] = {}
    openings: dict[int, tuple[Moments, Moments]] = {}
    known: dict[bytes, int] = {}
    for mailbox in roster.mailboxes:
        opens, closes = _union([(part, laid(part.schedule)) for part in timelines.of(mailbox)])
        identity = opens.tobytes() + closes.tobytes()
        calendar_id = known.setdefault(identity, len(known) + 1)
        calendar_ids[mailbox.mailbox] = calendar_id
        openings.setdefault(calendar_id, (opens, closes))
    return Layout(calendar_ids, openings)


def stretches(schedule: Schedule, first: date, last: date) -> Stretches:
    """Return one version's stretches on the local days from `first` to `last`, both inclusive."""
    count = (last - first).days + 1
    base = (first - EPOCH).days
    days = np.arange(count, dtype=np.int64)
    offsets, is_even = _offsets(schedule.zone, base, count)
    is_open = np.ones(count, dtype=bool)
    for day in _closed_days(schedule, first, last):
        is_open[(day - first).days] = False
    weekdays = (base + days + 3) % 7 + 1  # 1970-01-01 was a Thursday
    pieces = [days[is_open & (weekdays == weekly.weekday)] for weekly in schedule.hours]

    def moments(found: Moments, minute: int) -> Moments:
        local = (base + found) * _DAY_SECONDS + minute * 60
        utc = local - offsets[found]
        for place in np.flatnonzero(~is_even[found]):
            utc[place] = _utc_seconds(schedule.zone, base + int(found[place]), minute)
        return utc * _MICROSECONDS

    opens = [
        moments(found, weekly.opens_minute) for found, weekly in zip(pieces, schedule.hours, strict=True)
    ]
    closes = [
        moments(found, weekly.closes_minute) for found, weekly in zip(pieces, schedule.hours, strict=True)
    ]
    return Stretches(_joined(pieces), _joined(opens), _joined(closes))


def merged(opens: Moments, closes: Moments) -> tuple[Moments, Moments]:
    """Return stretches sorted and apart; overlapping and touching ones are one, empty ones none."""
    kept = closes > opens
    order = np.lexsort((closes[kept], opens[kept]))
    opens, closes = opens[kept][order], closes[kept][order]
    if not len(opens):
        return opens, closes
    reach = np.maximum.accumulate(closes)
    is_start = np.concatenate(([True], opens[1:] > reach[:-1]))
    starts = np.flatnonzero(is_start)
    ends = np.concatenate((starts[1:] - 1, [len(opens) - 1]))
    return opens[starts], reach[ends]


def _union(parts: list[tuple[Part, Stretches]]) -> tuple[Moments, Moments]:
    opens = [laid.opens[part.days[laid.days]] for part, laid in parts]
    closes = [laid.closes[part.days[laid.days]] for part, laid in parts]
    return merged(_joined(opens), _joined(closes))


def _joined(pieces: list[Moments]) -> Moments:
    return np.concatenate(pieces) if pieces else np.empty(0, dtype=np.int64)


def _closed_days(schedule: Schedule, first: date, last: date) -> set[date]:
    closed = {entry.day for entry in schedule.days_off if first <= entry.day <= last}
    if schedule.country:
        closed |= _holidays(schedule.country, schedule.region, first, last)
    return closed


@lru_cache(maxsize=256)
def _holidays(country: str, region: str | None, first: date, last: date) -> frozenset[date]:
    return frozenset(schedules.public_holidays(country, region, first, last))


@lru_cache(maxsize=256)
def _offsets(zone: str, base: int, count: int) -> tuple[Moments, NDArray[np.bool_]]:
    """Return each local midnight's UTC offset in seconds, and whether it holds until the next midnight."""
    tz = ZoneInfo(zone)
    midnight = datetime(1970, 1, 1) + timedelta(days=base)  # noqa: DTZ001 - a local time, as a schedule says it
    found: list[int] = []
    for _ in range(count + 1):
        offset = tz.utcoffset(midnight)
        found.append(int(offset.total_seconds()) if offset else 0)
        midnight += timedelta(days=1)
    offsets = np.array(found, dtype=np.int64)
    return offsets[:-1], offsets[1:] == offsets[:-1]


def _utc_seconds(zone: str, day: int, minute: int) -> int:
    local = datetime(1970, 1, 1) + timedelta(days=day, minutes=minute)  # noqa: DTZ001
    offset = ZoneInfo(zone).utcoffset(local)
    return day * _DAY_SECONDS + minute * 60 - (int(offset.total_seconds()) if offset else 0)


def _opening_table(laid: Layout) -> pa.Table:
    ids = [
        np.full(len(opens), calendar_id, dtype=np.int32) for calendar_id, (opens, _) in laid.openings.items()
    ]
    opens = [opens for opens, _ in laid.openings.values()]
    closes = [closes for _, closes in laid.openings.values()]
    running = [_running(*pair) for pair in laid.openings.values()]
    moment = pa.timestamp("us")
    return pa.table(
        {
            "calendar_id": np.concatenate(ids) if ids else np.empty(0, dtype=np.int32),
            "opens_at": pa.array(_joined(opens)).cast(moment),
            "closes_at": pa.array(_joined(closes)).cast(moment),
            "running_us": _joined(running),
        }
    )


def _running(opens: Moments, closes: Moments) -> Moments:
    lengths = closes - opens
    running: Moments = np.cumsum(lengths) - lengths
    return running
