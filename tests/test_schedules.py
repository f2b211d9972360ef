"""Schedules: what can be and what is refused, with the reason; dated versions; days off from a file."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cli.main import group
from emailresponse import audit, days_off, hours, schedules, teams
from emailresponse.audit import Change
from emailresponse.days_off import DayOff
from emailresponse.errors import NotFound, SettingsError
from emailresponse.hours import Weekly

CHANGE = Change(datetime(2026, 1, 1, 9), "ada")
WEEK = "mon-fri 09:00-17:00"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("mon 17:00-09:00", "closes before it opens"),
        ("mon 22:00-06:00", "mon 22:00-24:00 and tue 00:00-06:00"),
        ("sun 22:00-06:00", "sun 22:00-24:00 and mon 00:00-06:00"),
        ("mon 09:00-09:00", "opens and closes at the same time"),
        ("mon 09:00-25:00", "'25:00' is no time of day"),
        ("mon 09:00-24:01", "'24:01' is no time of day"),
        ("mon 09:60-10:00", "'09:60' is no time of day"),
        ("mon 9-17", "is no time of day"),
        ("mon 09:00", "is no period"),
        ("09:00-17:00", "says no days or no times"),
        ("mon 09:00-17:00x", "is no time of day"),
        ("mond 09:00-17:00", "is no weekday"),
        ("xyz 09:00-17:00", "is no weekday"),
        ("mon 09:00-13:00,12:00-17:00", "mon: 09:00-13:00 and 12:00-17:00 overlap"),
        ("mon-fri 09:00-17:00; wed 16:00-18:00", "wed: 09:00-17:00 and 16:00-18:00 overlap"),
        ("", "no opening hours"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_the_reason(written, reason):
    """The sentence says what is wrong and, over midnight, what to write instead."""
    with pytest.raises(SettingsError, match=reason):
        hours.parse(written)


@pytest.mark.parametrize(
    "written",
    [
        "mon-fri 09:00-12:30,13:30-18:00; sat 09:00-12:00",
        ["mon-fri 09:00-12:30,13:30-18:00", "sat 09:00-12:00"],
        {"mon-fri": ["09:00-12:30", "13:30-18:00"], "sat": "09:00-12:00"},
        "Monday-Friday 9:00-12:30, 13:30-18:00;sat 09:00-12:00;",
    ],
)
def test_hours_may_be_a_text_a_list_or_a_table(written):
    """The three ways to write weekly hours mean the same."""
    assert hours.text(hours.parse(written)) == "mon-fri 09:00-12:30,13:30-18:00; sat 09:00-12:00"


def test_closing_at_midnight_is_twenty_four():
    """24:00 is the end of the day, and 24/7 is every day from 00:00 to 24:00."""
    assert hours.parse("sat-mon 12:00-24:00") == (
        Weekly(1, 720, 1440),
        Weekly(6, 720, 1440),
        Weekly(7, 720, 1440),
    )
    assert hours.parse("24/7") == hours.parse("mon-sun 00:00-24:00")
    assert hours.text(hours.parse("mon-sun 00:00-24:00")) == "24/7"


@given(st.lists(st.tuples(st.integers(1, 7), st.integers(0, 1439), st.integers(1, 1440)), min_size=1))
def test_hours_are_read_as_they_are_written(drawn):
    """Whatever can be is written so that it is read as the same."""
    weekly = [Weekly(*one) for one in drawn if one[1] < one[2]]
    try:
        checked = hours.check(weekly)
    except SettingsError:
        return
    assert hours.parse(hours.text(checked)) == checked


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"zone": "Europe/Berln"}, "'Europe/Berln' is no IANA zone; did you mean Europe/Berlin?"),
        ({"zone": "CEST"}, "is no IANA zone"),
        ({"country": "XX"}, "XX is no country whose holidays are known"),
        ({"country": "DE", "region": "XX"}, "XX is no region of DE"),
        ({"region": "BY"}, "region BY needs its country"),
        ({"from_day": date(2026, 2, 1), "until_day": date(2026, 1, 1)}, "is before the first day"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused_and_not_kept(store, said, reason):
    """Unknown zones, countries, regions and days in the wrong order are refused with the reason."""
    with pytest.raises(SettingsError, match=reason.replace("?", r"\?")), store.transaction():
        schedules.add(store, CHANGE, hours=WEEK, **said)

    assert schedules.listed(store) == []
    assert audit.listed(store) == []


def test_overlapping_versions_of_one_scope_are_refused(store):
    """No day may have two versions; one that only begins later ends the one before."""
    with store.transaction():
        schedules.add(store, CHANGE, hours=WEEK, until_day=date(2025, 12, 31))
        schedules.add(store, CHANGE, hours=WEEK, from_day=date(2026, 1, 1))
        schedules.add(store, CHANGE, hours="24/7", from_day=date(2026, 6, 1))

    with pytest.raises(SettingsError, match="begin on the same day"):
        schedules.add(store, CHANGE, hours=WEEK, from_day=date(2026, 1, 1))
    with pytest.raises(SettingsError, match="until 2025-12-31 overlaps the one from 2025-12-01"):
        schedules.add(store, CHANGE, hours=WEEK, from_day=date(2025, 12, 1))
    assert schedules.in_force(store, "workspace", "", date(2026, 5, 31)).from_day == date(2026, 1, 1)
    assert schedules.in_force(store, "workspace", "", date(2026, 6, 1)).from_day == date(2026, 6, 1)


def test_a_schedule_is_stored_whole(store):
    """Hours, zone, holidays and days off come back as they were given, and the change is logged."""
    with store.transaction():
        teams.add(store, CHANGE, "Sales")
        added = schedules.add(
            store,
            CHANGE,
            scope="team",
            scope_id="Sales",
            hours="mon-fri 09:00-12:30,13:30-18:00",
            zone="Europe/Berlin",
            country="de",
            region="BY",
            days_off=[DayOff(date(2026, 12, 24), "Christmas Eve")],
        )

    assert schedules.listed(store) == [added]
    assert (added.scope_id, added.country) == ("sales", "DE")
    assert audit.listed(store)[0].subject_of == "team sales"
    assert store._connection.execute("FROM pending_rebuild").fetchall() == [
        ("team added",),
        ("schedule added",),
    ]


def test_rewriting_a_version_logs_what_it_said(store):
    """Counting the past again under another schedule is an explicit act with its before and after."""
    with store.transaction():
        before = schedules.add(store, CHANGE, hours=WEEK)
        schedules.put(store, CHANGE, schedules.replace(before, hours=hours.parse("24/7")))

    detail = json.loads(audit.listed(store)[0].detail)
    assert (detail["before"]["hours"], detail["after"]["hours"]) == (WEEK, "24/7")


def test_a_successor_takes_over_the_end(store):
    """A new version from a day on ends the old one the day before, and runs as long as that would have."""
    with store.transaction():
        before = schedules.add(store, CHANGE, hours=WEEK, until_day=date(2026, 12, 31))
        schedules.succeed(
            store, CHANGE, schedules.replace(before, hours=hours.parse("24/7")), date(2026, 3, 1)
        )

    assert [(one.from_day, one.until_day) for one in schedules.listed(store)] == [
        (None, date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 12, 31)),
    ]


def test_schedule_of_nobody_is_refused(store):
    """A team or mailbox must be there before it has a schedule."""
    with pytest.raises(NotFound):
        schedules.add(store, CHANGE, scope="mailbox", scope_id="x@acme.com", hours=WEEK)


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//acme//days off//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20241224
DTEND;VALUE=DATE:20250102
SUMMARY:Christmas break
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20240701
RRULE:FREQ=YEARLY;UNTIL=20260701
EXDATE;VALUE=DATE:20250701
SUMMARY:Founders' day
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART:20240501T100000Z
DTEND:20240501T110000Z
SUMMARY:A meeting
END:VEVENT
BEGIN:VEVENT
UID:4
DTSTART;VALUE=DATE:20240601
STATUS:CANCELLED
SUMMARY:Never mind
END:VEVENT
BEGIN:VEVENT
UID:5
DTSTART;VALUE=DATE:20240805
RRULE:FREQ=WEEKLY;COUNT=3
SUMMARY:Summer Monday
END:VEVENT
BEGIN:VEVENT
UID:5
RECURRENCE-ID;VALUE=DATE:20240812
DTSTART;VALUE=DATE:20240813
SUMMARY:Summer Tuesday
END:VEVENT
END:VCALENDAR
"""


def test_days_off_come_from_a_calendar_file():
    """All-day events close their days, several days long, recurring, moved or left out; timed ones do not."""
    calendar = days_off.parse(CALENDAR.replace("\n", "\r\n").encode())

    found = {str(entry.day): entry.name for entry in calendar.days}
    assert [day for day, name in found.items() if name == "Christmas break"] == [
        *(f"2024-12-{day}" for day in range(24, 32)),
        "2025-01-01",
    ]
    assert [day for day, name in found.items() if name == "Founders' day"] == ["2024-07-01", "2026-07-01"]
    assert [day for day, name in found.items() if name.startswith("Summer")] == [
        "2024-08-05",
        "2024-08-13",
        "2024-08-19",
    ]
    assert "2024-06-01" not in found
    assert calendar.ignored_count == 1


@pytest.mark.parametrize("text", [b"", b"hello", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"\xff\xfe\x00"])
def test_what_is_no_calendar_is_refused(tmp_path, text):
    """A file that is no calendar is named with the reason."""
    path = tmp_path / "off.ics"
    path.write_bytes(text)

    with pytest.raises(SettingsError, match=r"off\.ics"):
        days_off.read(path)


def run(folder: Path, *words: str):
    """Run a command on a workspace in a folder."""
    return CliRunner().invoke(group, ["--db", str(folder / "w.duckdb"), *words], catch_exceptions=True)


def test_schedules_are_kept_by_command(tmp_path):
    """Add, change from a day on, end and list do what they say."""
    run(tmp_path, "mailboxes", "add", "ada@acme.com")
    run(tmp_path, "schedules", "add", "--mailbox", "ada@acme.com", "--hours", WEEK, "--zone", "Europe/Berlin")
    run(
        tmp_path,
        "schedules",
        "change",
        "--mailbox",
        "ada@acme.com",
        "--hours",
        "24/7",
        "--from",
        "2026-03-01",
    )
    run(tmp_path, "schedules", "end", "--mailbox", "ada@acme.com", "--until", "2026-06-30")

    listed = json.loads(run(tmp_path, "schedules", "list", "--format", "json").output)

    assert [(one["hours"], one["zone"], one["from"], one["until"]) for one in listed] == [
        (WEEK, "Europe/Berlin", None, None),
        ("24/7", "Europe/Berlin", "2026-03-01", "2026-06-30"),
        (WEEK, "UTC", None, None),
    ]


def test_many_schedules_come_from_a_csv_file(tmp_path):
    """A list in CSV can be added again elsewhere; a faulty line is named and nothing is kept."""
    run(tmp_path, "teams", "add", "Sales")
    good = tmp_path / "good.csv"
    good.write_text(
        "scope,of,hours,zone\nworkspace,,mon-fri 09:00-17:00,UTC\nteam,sales,24/7,Europe/Berlin\n"
    )
    bad = tmp_path / "bad.csv"
    bad.write_text("hours,from\n24/7,2026-01-01\nmon 17:00-09:00,2026-02-01\n24/7,soon\n")

    refused = run(tmp_path, "schedules", "add", "--csv", str(bad))
    stored = run(tmp_path, "schedules", "add", "--csv", str(good))

    assert isinstance(refused.exception, SettingsError)
    assert "line 3: mon 17:00-09:00 closes before it opens" in str(refused.exception)
    assert "line 4: from: 'soon' is no day" in str(refused.exception)
    assert stored.output == "Added 2 schedules.\n"
    assert run(tmp_path, "schedules", "list", "--format", "csv").output.splitlines()[1:] == [
        "team,sales,24/7,Europe/Berlin,,,,",
        "workspace,,mon-fri 09:00-17:00,UTC,,,,",
    ]
