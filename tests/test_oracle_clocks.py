"""metrics.md section 4: business time, across the changes of the clocks."""

from __future__ import annotations

from datetime import date

import pytest

from tests.oracle import clocks
from tests.story import at

OFFICE = {day: [(9 * 60, 17 * 60)] for day in range(1, 6)}
ALWAYS = {day: [(0, 24 * 60)] for day in range(1, 8)}
MARCH, NOVEMBER = (date(2026, 3, 1), date(2026, 4, 2)), (date(2026, 10, 20), date(2026, 11, 10))


def business(weekly, zone, days, start, end, days_off=()):
    periods = clocks.opening_periods(weekly, zone, *days, days_off)
    return clocks.business_seconds(periods, at(start), at(end)) / 3600


@pytest.mark.parametrize(
    ("zone", "start", "end", "hours"),
    [
        ("Europe/Berlin", "2026-03-27 08:00", "2026-03-30 07:00", 8),
        ("Europe/Berlin", "2026-03-27 15:00", "2026-03-30 08:00", 2),
        ("Europe/Berlin", "2026-10-23 14:00", "2026-10-26 09:00", 2),
        ("America/New_York", "2026-03-06 21:00", "2026-03-09 14:00", 2),
        ("America/New_York", "2026-10-30 20:00", "2026-11-02 15:00", 2),
    ],
)
def test_office_hours_follow_local_time(zone, start, end, hours):
    """The schedule is laid out by local date and turned into UTC before it is intersected."""
    days = MARCH if start < "2026-06" else NOVEMBER

    assert business(OFFICE, zone, days, start, end) == hours


@pytest.mark.parametrize(
    ("zone", "start", "end"),
    [
        ("Europe/Berlin", "2026-03-28 00:00", "2026-03-30 00:00"),
        ("Europe/Berlin", "2026-10-24 00:00", "2026-10-26 00:00"),
        ("America/New_York", "2026-03-07 00:00", "2026-03-09 00:00"),
        ("America/New_York", "2026-10-31 00:00", "2026-11-02 00:00"),
    ],
)
def test_always_open_is_calendar_time(zone, start, end):
    """A schedule of all hours gives calendar time, also where a day has 23 or 25 hours."""
    days = MARCH if start < "2026-06" else NOVEMBER

    assert business(ALWAYS, zone, days, start, end) == 48


def test_local_time_that_never_comes_takes_the_offset_before():
    """02:30 of the spring night in Berlin is 01:30 UTC."""
    sunday = {7: [(150, 600)]}
    periods = clocks.opening_periods(sunday, "Europe/Berlin", date(2026, 3, 29), date(2026, 3, 29))

    assert periods == [(at("2026-03-29 01:30"), at("2026-03-29 08:00"))]


def test_local_time_that_comes_twice_is_the_first():
    """02:30 of the autumn night in Berlin is 00:30 UTC."""
    sunday = {7: [(150, 600)]}
    periods = clocks.opening_periods(sunday, "Europe/Berlin", date(2026, 10, 25), date(2026, 10, 25))

    assert periods == [(at("2026-10-25 00:30"), at("2026-10-25 09:00"))]


def test_days_off_do_not_count():
    """Holidays and leave have no opening periods."""
    monday_off = {date(2026, 3, 2)}

    assert business(OFFICE, "UTC", MARCH, "2026-03-02 09:00", "2026-03-03 10:00", monday_off) == 1


def test_end_is_not_included():
    """[start, end) of a reply at the moment of opening has length 0."""
    assert business(OFFICE, "UTC", MARCH, "2026-03-01 12:00", "2026-03-02 09:00") == 0
