"""Section 4: calendar time, and business time laid out day by day and summed period by period."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Weekly = Mapping[int, Collection[tuple[int, int]]]


def opening_periods(
    weekly: Weekly, zone: str, since: date, until: date, days_off: Collection[date] = ()
) -> list[tuple[datetime, datetime]]:
    """Return the opening periods (UTC) of the local days since..until, both inclusive.

    Args:
        weekly: by weekday (1 = Monday) the openings in minutes after local midnight.
        zone: IANA zone of the local days.
        since: first local day.
        until: last local day.
        days_off: local days without openings: holidays and leave.
    """
    found = []
    day = since
    while day <= until:
        if day not in days_off:
            for opens, closes in weekly.get(day.isoweekday(), ()):
                start, end = _utc(day, opens, zone), _utc(day, closes, zone)
                if start < end:
                    found.append((start, end))
        day += timedelta(days=1)
    return union(found)


def _utc(day: date, minute: int, zone: str) -> datetime:
    """Return a local time in UTC: the first of two; one that never comes takes the offset before."""
    local = datetime.combine(day, time()) + timedelta(minutes=minute)
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def union(periods: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Return periods that do not overlap and cover the same time."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted(periods):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def business_seconds(periods: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime) -> float:
    """Return the length of [start, end) inside the periods, in seconds."""
    return sum(max(0.0, (min(end, closes) - max(start, opens)).total_seconds()) for opens, closes in periods)


def business_length(
    periods: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime
) -> timedelta:
    """Return the length of [start, end) inside periods that do not overlap, to the microsecond."""
    inside = (min(end, closes) - max(start, opens) for opens, closes in periods)
    return sum((one for one in inside if one > timedelta(0)), timedelta(0))


def calendar_seconds(start: datetime, end: datetime) -> float | None:
    """Return end minus start in seconds; up to 120 s before the receipt is 0, earlier is no time."""
    seconds = (end - start).total_seconds()
    if seconds >= 0:
        return seconds
    return 0.0 if seconds >= -120 else None
