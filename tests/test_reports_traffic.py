"""Volumes, busiest hours and conversation lengths."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from emailresponse import reports
from emailresponse.filter import Filter, midnight
from emailresponse.reports.traffic import days_of, hours_between
from tests.derived_tables import answered, derived, put


def volume(day, hour, messages, direction="inbound"):
    """Return a row of volume."""
    return {
        "day": day,
        "hour": hour,
        "weekday": day.isoweekday(),
        "mailbox": "ada@acme.com",
        "team_id": "sales",
        "person_id": None,
        "direction": direction,
        "messages": messages,
    }


@pytest.mark.parametrize(
    ("zone", "day", "hour", "times"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 2, 0),
        ("Europe/Berlin", date(2026, 10, 25), 2, 2),
        ("America/New_York", date(2026, 3, 8), 2, 0),
        ("America/New_York", date(2026, 11, 1), 1, 2),
        ("Asia/Kathmandu", date(2026, 3, 29), 2, 1),
        ("Australia/Lord_Howe", date(2026, 4, 5), 1, 2),
    ],
)
def test_hours_that_clocks_skip_or_repeat_are_counted_as_they_occur(zone, day, hour, times):
    """In spring an hour never comes, in autumn one comes twice."""
    found = hours_between(day, midnight(date.fromordinal(day.toordinal() + 1), zone), zone)
    assert found.get((7, hour), 0) == times


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("America/Sao_Paulo", date(2018, 2, 17), 25),
        ("Africa/Cairo", date(2026, 4, 24), 23),
        ("Pacific/Apia", date(2011, 12, 30), 0),
        ("Asia/Kathmandu", date(2026, 3, 29), 24),
    ],
)
def test_moments_lie_on_local_days_however_long_these_are(zone, day, hours):
    """Where clocks change, a day has an hour more or less, or is none at all; the store's own days agree."""
    noon = datetime(day.year, day.month, day.day, 12)
    moments = [noon + timedelta(minutes=minutes) for minutes in range(-3 * 1440, 3 * 1440, 15)]
    found = days_of(np.array(moments, "datetime64[us]").astype(np.int64), zone)
    assert found.get(day, 0) == 4 * hours
    local = "CAST(timezone($zone, timezone('UTC', unnest($moments))) AS DATE)"
    told = derived()._connection.execute(
        f"SELECT {local} AS day, count(*) GROUP BY day", {"zone": zone, "moments": moments}
    )
    assert found == dict(told.fetchall())


def test_busiest_hours_are_divided_by_how_often_each_occurred():
    """Twelve messages on two Mondays at nine are six an hour."""
    store = derived()
    put(store, "volume", volume(date(2026, 3, 2), 9, 4), volume(date(2026, 3, 9), 9, 8))
    put(store, "wait_by_hand", answered(1, 60), answered(2, 7200))
    asked = Filter(since=date(2026, 3, 2), until=date(2026, 3, 9), goal_seconds=3600)
    found = reports.busiest_hours(store, asked)
    assert len(found) == 168
    cell = next(cell for cell in found if (cell.weekday, cell.hour) == (1, 9))
    assert (cell.messages, cell.hours, cell.per_hour) == (12, 2, 6.0)
    assert (cell.n, cell.met, cell.share) == (2, 1, 0.5)
    quiet = next(cell for cell in found if (cell.weekday, cell.hour) == (2, 9))
    assert (quiet.messages, quiet.per_hour, quiet.share) == (0, 0.0, None)


def test_hours_after_the_as_of_have_not_occurred():
    """The rest of the last day is not quiet: it is not known."""
    store = derived()
    put(store, "volume", volume(date(2026, 3, 31), 9, 4))
    asked = Filter(since=date(2026, 3, 31), until=date(2026, 3, 31))
    found = {(cell.weekday, cell.hour): cell.per_hour for cell in reports.busiest_hours(store, asked)}
    assert (found[2, 9], found[2, 12], found[2, 13], found[1, 9]) == (4.0, 0.0, None, None)


def test_volumes_count_by_direction_and_leads_by_day():
    """Sent, received, among us, and the leads that opened."""
    day = date(2026, 3, 2)
    store = derived()
    put(store, "volume", volume(day, 9, 3), volume(day, 9, 2, "outbound"), volume(day, 9, 1, "internal"))
    put(
        store,
        "wait_by_hand",
        answered(1, 60),
        answered(2, 60, **{"class": "follow_up", "contact": "x@y.example"}),
    )
    found = reports.volumes(store, Filter())
    assert (found.sent, found.received, found.internal, found.leads, found.unique_contacts) == (2, 3, 1, 1, 2)
    assert [(line.day, line.leads) for line in found.days] == [(day, 1)]


def test_no_mail_is_no_traffic():
    """Without mail there is no grid."""
    assert reports.busiest_hours(derived(), Filter()) == []
    assert reports.volumes(derived(), Filter()).days == ()
    assert reports.conversations_shape(derived(), Filter()).median_messages is None


def test_conversation_length_counts_human_messages_by_side():
    """Two inbound and one outbound; the auto-reply is not one."""
    store = derived()
    put(store, "wait_by_hand", answered(1, 60, conversation="c"))
    for number, (direction, verdict) in enumerate(
        [("inbound", "human"), ("outbound", "human"), ("inbound", "human"), ("inbound", "automated")]
    ):
        key = f"m{number}"
        put(store, "message", {"message_no": number, "message_key": key, "direction": direction})
        put(store, "verdict", {"message_no": number, "message_key": key, "verdict": verdict})
        put(store, "conversation", {"message_no": number, "message_key": key, "conversation": "c"})
    found = reports.conversations_shape(store, Filter())
    assert (found.conversations, found.mean_inbound, found.mean_outbound) == (1, 2.0, 1.0)
    assert (found.median_messages, found.lengths[0].messages) == (3.0, 3)


def test_cell_opens_to_its_waits():
    """A cell of the grid lists the waits that opened in it."""
    store = derived()
    put(store, "wait_by_hand", answered(1, 60), answered(2, 60, datetime(2026, 3, 3, 9)))
    assert reports.waits(store, Filter(weekday=1, hour=9)).total == 1
