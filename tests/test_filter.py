"""A filter is one frozen question; its days are local, its durations are as people write them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from emailresponse.errors import SettingsError
from emailresponse.filter import Filter, midnight, parse_day, parse_seconds, previous


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1h", 3600),
        ("90m", 5400),
        ("1 h 30 min", 5400),
        ("1.5h", 5400),
        ("2d", 172800),
        ("45", 2700),
        ("30s", 30),
        ("1 hour", 3600),
        ("1w", 604800),
    ],
)
def test_duration_is_read_as_people_write_it(text, seconds):
    """Every usual way to write a time is one."""
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "soon", "1 fortnight", "0", "-1h", "1h soon", "1e9h"])
def test_what_is_no_duration_is_refused(text):
    """What is no time is said to be none."""
    with pytest.raises(SettingsError):
        parse_seconds(text)


def test_days_are_local_and_inclusive():
    """The last day is in, and both bounds are the zone's midnights."""
    bounds = Filter(since=date(2026, 3, 1), until=date(2026, 3, 31)).bounds("America/New_York")
    assert bounds == (datetime(2026, 3, 1, 5), datetime(2026, 4, 1, 4))


def test_midnight_that_is_skipped_is_the_first_moment_of_the_day():
    """Where the clocks go forward at midnight (Cairo 2026), the day begins when there first is a time."""
    assert midnight(date(2026, 4, 24), "Africa/Cairo") == datetime(2026, 4, 23, 22)


def test_bounds_under_a_foreign_machine_zone(foreign_zone):
    """The machine's own zone is nobody's business."""
    assert midnight(date(2026, 7, 1), "Europe/Berlin") == datetime(2026, 6, 30, 22)


def test_previous_period_is_as_long_and_ends_the_day_before():
    """31 days of March are compared with the 31 days before it."""
    before = previous(Filter(since=date(2026, 3, 1), until=date(2026, 3, 31), clock="calendar"))
    assert before == Filter(since=date(2026, 1, 29), until=date(2026, 2, 28), clock="calendar")


def test_open_ended_days_have_no_previous_period():
    """Nothing comes before the beginning."""
    assert previous(Filter(until=date(2026, 3, 31))) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": date(2026, 3, 2), "until": date(2026, 3, 1)},
        {"classes": ("leads",)},
        {"states": ("late",)},
        {"clock": "wall"},
        {"goal_seconds": 0},
        {"figure": "n"},
    ],
)
def test_filter_that_cannot_be_is_refused(wrong):
    """There is no filter with an unknown class, state or clock, or days in the wrong order."""
    with pytest.raises(SettingsError):
        Filter(**wrong)


def test_day_is_read_as_people_write_it():
    """A day is ISO, today, yesterday or so many days ago."""
    today = date(2026, 3, 31)
    assert [parse_day(text, today) for text in ("2026-03-01", "today", "yesterday", "30d")] == [
        date(2026, 3, 1),
        today,
        date(2026, 3, 30),
        date(2026, 3, 1),
    ]
    for wrong in ("", "march", "2026-13-01", "99999d", "1.3.2026"):
        with pytest.raises(SettingsError):
            parse_day(wrong, date(1, 2, 3))


def test_days_at_the_ends_of_the_calendar_are_bounds_too():
    """No day is too early or too late to ask about."""
    asked = Filter(since=date.min, until=date.max)

    since, until = asked.bounds("Asia/Kathmandu")

    assert since < until


def test_duration_of_more_than_a_year_is_refused():
    """A goal that nobody can mean is named, not computed with."""
    with pytest.raises(SettingsError, match="longer than a year"):
        parse_seconds("99999999999999999999h")
