"""A line per person, company or period has the same figures as a summary of it alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from emailresponse import reports
from emailresponse.filter import Filter
from tests.derived_tables import answered, derived, put, unanswered

ADA, BOB = "ada@acme.com", "bob@acme.com"
GOAL = Filter(goal_seconds=3600)


def made(*rows):
    """Return a store of waits."""
    store = derived()
    if rows:
        put(store, "wait_by_hand", *rows)
    return store


def test_answered_wait_is_the_authors_unanswered_the_addressees():
    """Bob answered one addressed to Ada: it is his; the one nobody answered is Ada's."""
    store = made(answered(1, 60, credit=BOB), unanswered(2, 7200))
    found = {row.key: (row.n, row.answered) for row in reports.people(store, GOAL)}
    assert found == {ADA: (1, 0), BOB: (1, 1)}


def test_assignment_replaces_the_addressees():
    """Assigned to Bob, it is no longer Ada's."""
    store = made(unanswered(1, 7200, assigned_to=BOB))
    assert [row.key for row in reports.people(store, GOAL)] == [BOB]


def test_unanswered_wait_is_each_addressees():
    """Two persons named in To each have it."""
    store = made(unanswered(1, 7200, addressees=[ADA, BOB]))
    assert {row.key for row in reports.people(store, GOAL)} == {ADA, BOB}
    assert reports.summary(store, GOAL).n == 1


def test_wait_addressed_to_nobody_by_name_is_the_teams():
    """It is nobody's line, and that line has no share of its own."""
    (row,) = reports.people(made(unanswered(1, 7200, addressees=[])), GOAL)
    assert (row.key, row.n, row.judged, row.share) == ("", 1, 1, None)


def test_persons_line_is_the_persons_summary():
    """The line of a person and the summary asked for that person say the same."""
    rows = [answered(number, 60 * number, credit=ADA if number % 3 else BOB) for number in range(1, 90)]
    store = made(*rows, *(unanswered(100 + number, 3600 * number) for number in range(1, 9)))
    for row in reports.people(store, GOAL):
        alone = reports.summary(store, replace(GOAL, people=(row.key,)))
        assert (row.n, row.judged, row.met, row.open_count) == (
            alone.n,
            alone.judged,
            alone.met,
            alone.open_count,
        )
        assert (row.median, row.p90) == (alone.median, alone.p90)
        assert (row.share, row.share_low) == (alone.share, alone.share_low)


def test_names_and_teams_stand_beside_the_key():
    """A line says who and of which team."""
    (row,) = reports.people(made(answered(1, 60)), GOAL)
    assert (row.name, row.detail) == ("Ada", "Sales")
    assert reports.teams(made(answered(1, 60)), GOAL)[0].name == "Sales"


def test_companies_have_the_most_waits_first():
    """Companies and contacts are lines too."""
    store = made(answered(1, 60, company="b.example"), *(answered(number, 60) for number in (2, 3)))
    assert [(row.key, row.n) for row in reports.companies(store, GOAL)] == [
        ("client.example", 2),
        ("b.example", 1),
    ]
    assert len(reports.companies(store, GOAL, limit=1)) == 1


def test_trend_has_every_period_also_the_empty_ones():
    """A week without a wait is a week without data, not a week left out."""
    store = made(answered(1, 60, datetime(2026, 3, 2, 9)), answered(2, 60, datetime(2026, 3, 18, 9)))
    put(
        store,
        "volume",
        {"day": date(2026, 3, 2), "hour": 9, "weekday": 1, "direction": "inbound", "messages": 1},
    )
    asked = replace(GOAL, since=date(2026, 3, 3), until=date(2026, 3, 22))
    found = reports.trend(store, asked, "week")
    assert [(row.start, row.n, row.share) for row in found] == [
        (date(2026, 3, 2), 0, None),
        (date(2026, 3, 9), 0, None),
        (date(2026, 3, 16), 1, 1.0),
    ]
    assert [row.start.day for row in reports.trend(store, asked, "month")] == [1]
    assert len(reports.trend(store, asked, "day")) == 20


def test_period_is_local():
    """A wait at 23:30 UTC on the 31st is of the 1st in Berlin."""
    store = made(answered(1, 60, datetime(2026, 3, 31, 23, 30)))
    store._connection.execute("""INSERT INTO setting VALUES ('zone', '"Europe/Berlin"')""")
    put(
        store,
        "volume",
        {"day": date(2026, 4, 1), "hour": 1, "weekday": 3, "direction": "inbound", "messages": 1},
    )
    asked = replace(GOAL, since=date(2026, 3, 31), until=date(2026, 4, 1))
    assert [row.n for row in reports.trend(store, asked, "day")] == [0, 1]
