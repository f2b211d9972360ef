"""When people write and answer: working hours, public holidays and leave, in local time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

import holidays

from connectors.demo.people import BERLIN, Member, is_away

OPENS = 9
CLOSES = {BERLIN: 17.5, "America/New_York": 18.0}
# How likely a message is to be written in each local hour, 0 to 23: an office day with a tail at night.
_HOURLY = (1, 0.6, 0.4, 0.3, 0.4, 0.8, 2, 5, 9, 13, 14, 13, 9, 11, 13, 12, 10, 8, 5, 4, 4, 3.5, 3, 2)
_WEEKDAYS = (1.1, 1.15, 1.1, 1.0, 0.85, 0.22, 0.26)


@cache
def _days_off(zone: str, year: int) -> holidays.HolidayBase:
    if zone == BERLIN:
        return holidays.country_holidays("DE", subdiv="BE", years=year)
    return holidays.country_holidays("US", subdiv="NY", years=year)


def is_working_day(member: Member, day: date, last: date) -> bool:
    """Say whether a person works on a local day."""
    return (
        day.weekday() < 5 and day not in _days_off(member.zone, day.year) and not is_away(member, day, last)
    )


def arrival(random: Random, first: date, last: date, zone: str) -> datetime:
    """Return a moment (UTC) at which somebody in `zone` writes: mostly office hours, sometimes at night."""
    days = (last - first).days + 1
    while True:
        day = first + timedelta(days=random.randrange(days))
        if random.random() * 1.2 < _WEEKDAYS[day.weekday()]:
            break
    hour = random.choices(range(24), _HOURLY)[0]
    local = datetime.combine(day, time(hour), ZoneInfo(zone)) + timedelta(seconds=random.randrange(3600))
    return _utc(local)


def after_business(member: Member, start: datetime, hours: float, last: date) -> datetime:
    """Return the moment (UTC) `hours` of this person's working time after `start` (UTC)."""
    zone = ZoneInfo(member.zone)
    local = start.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)
    left = timedelta(hours=hours)
    day = local.date()
    while True:
        if is_working_day(member, day, last):
            opens = datetime.combine(day, time(OPENS), zone)
            closes = opens + timedelta(hours=CLOSES[member.zone] - OPENS)
            begins = max(opens, local) if day == local.date() else opens
            if begins < closes:
                if begins + left < closes:
                    return _utc(begins + left)
                left -= closes - begins
        day += timedelta(days=1)


def in_the_evening(random: Random, member: Member, start: datetime) -> datetime:
    """Return a moment (UTC) of the evening of `start`, or shortly after where that evening has begun."""
    zone = ZoneInfo(member.zone)
    local = start.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)
    evening = datetime.combine(local.date(), time(19), zone) + timedelta(minutes=random.randrange(200))
    return _utc(max(evening, local + timedelta(minutes=random.randrange(4, 90))))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
