"""Days off out of an iCalendar file (RFC 5545): all-day events, several days long or recurring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import icalendar
from dateutil import rrule

from emailresponse.errors import SettingsError

FIRST, LAST = date(1990, 1, 1), date(2059, 12, 31)


@dataclass(frozen=True, slots=True, order=True)
class DayOff:
    """A local day on which a schedule is closed, and why."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """What an .ics file says: its days off, and how many events were no whole days."""

    days: tuple[DayOff, ...]
    ignored_count: int


def read(path: Path) -> Calendar:
    """Return the days off of an .ics file; endless recurrences are followed to the end of 2059.

    Raises:
        SettingsError: the file cannot be read or is no calendar.
    """
    try:
        return parse(path.read_bytes())
    except OSError as error:
        raise SettingsError(f"cannot be read ({error.strerror})", str(path)) from error
    except ValueError as error:
        raise SettingsError(f"is no iCalendar file ({error})", str(path)) from error


def parse(text: bytes) -> Calendar:
    """Return the days off of a calendar; timed and cancelled events are none.

    Raises:
        ValueError: the text is no calendar.
    """
    if b"END:VCALENDAR" not in text.upper():
        raise ValueError("it holds no whole VCALENDAR")
    calendars = icalendar.Calendar.from_ical(text, multiple=True)
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    moved = {
        (str(event.get("UID")), _day(event.decoded("RECURRENCE-ID")))
        for event in events
        if "RECURRENCE-ID" in event
    }
    days: set[DayOff] = set()
    ignored = 0
    for event in events:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        length = _length(event)
        if length is None:
            ignored += 1
            continue
        name = str(event.get("SUMMARY", "")).strip() or "day off"
        uid = str(event.get("UID"))
        for start in _starts(event):
            if "RECURRENCE-ID" not in event and (uid, start) in moved:
                continue
            days.update(DayOff(start + timedelta(days=n), name) for n in range(length))
    return Calendar(tuple(sorted(day for day in days if FIRST <= day.day <= LAST)), ignored)


def _length(event: Any) -> int | None:
    """Return how many whole days an event lasts, or None where it is a timed one."""
    if "DTSTART" not in event:
        return None
    start: date = event.decoded("DTSTART")
    if isinstance(start, datetime):
        return None
    if "DTEND" in event:
        return max(1, (_day(event.decoded("DTEND")) - start).days)
    if "DURATION" in event:
        return max(1, int(event.decoded("DURATION").days))
    return 1


def _starts(event: Any) -> list[date]:
    first: date = event.decoded("DTSTART")
    starts = {first, *_listed(event.get("RDATE"))}
    for rule in _many(event.get("RRULE")):
        starts.update(_repeated(rule, first))
    return sorted(starts - set(_listed(event.get("EXDATE"))))


def _repeated(rule: Any, first: date) -> list[date]:
    """Return the days a recurrence rule names; the file's UNTIL may be a day or a moment."""
    if str(rule["FREQ"][0]).upper() not in {"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}:
        raise ValueError("a day off repeats by the day, week, month or year")
    until = rule.pop("UNTIL", None)
    last = min(_day(until[0]), LAST) if until else LAST
    start = datetime.combine(first, time())
    repeated = rrule.rrulestr(rule.to_ical().decode(), dtstart=start)
    return [found.date() for found in repeated.between(start, datetime.combine(last, time()), inc=True)]


def _many(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _listed(value: Any) -> list[date]:
    return [_day(entry.dt) for one in _many(value) for entry in one.dts]


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
