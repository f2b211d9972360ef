"""Goals: how fast is fast enough, for whom, from when; the nearest one counts."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.main import group
from emailresponse import goals, people, teams
from emailresponse.audit import Change
from emailresponse.errors import SettingsError
from emailresponse.filter import CLASSES
from emailresponse.store import Store

CHANGE = Change(datetime(2026, 1, 1, 9), "ada")
ADA = "ada@acme.com"
DAY = date(2026, 6, 1)


@pytest.fixture
def team(store):
    """Return a store with Ada in Sales."""
    with store.transaction():
        teams.add(store, CHANGE, "Sales")
        people.add(store, CHANGE, name="Ada", addresses=[ADA])
    return store


def test_without_goals_leads_have_one_business_hour_and_others_four(store):
    """A workspace that says nothing wants 90 % of leads within 1 business hour, of others within 4."""
    rows = goals.resolved(store).to_pylist()

    assert {row["class"]: (row["seconds"], row["clock"], row["share"]) for row in rows} == {
        "lead_new": (3600, "business", 0.9),
        "lead_known": (3600, "business", 0.9),
        "prospect_reply": (14400, "business", 0.9),
        "follow_up": (14400, "business", 0.9),
        "cc_only": (14400, "business", 0.9),
    }
    assert {(row["scope"], row["scope_id"], row["from_day"], row["until_day"]) for row in rows} == {
        ("workspace", "", None, None)
    }


def test_the_persons_goal_comes_before_the_teams_before_the_workspaces(team):
    """The nearest goal for the class counts; for other classes the next wider one does."""
    with team.transaction():
        goals.put(team, CHANGE, wait_class="all", seconds=7200)
        goals.put(team, CHANGE, wait_class="lead", seconds=1800, scope="team", scope_id="Sales")
        goals.put(team, CHANGE, wait_class="lead_new", seconds=600, scope="person", scope_id="Ada")

    def seconds(wait_class):
        return goals.of(team, wait_class=wait_class, day=DAY, person=ADA, team="sales").seconds

    assert [seconds(one) for one in CLASSES] == [600, 1800, 7200, 7200, 7200]
    assert goals.of(team, wait_class="lead_new", day=DAY).seconds == 7200


def test_a_goal_counts_from_its_first_day(store):
    """A later goal ends the one before; before the first one the default counts."""
    with store.transaction():
        goals.put(store, CHANGE, wait_class="lead_new", seconds=1800, from_day=date(2026, 1, 1))
        goals.put(store, CHANGE, wait_class="lead_new", seconds=900, from_day=date(2026, 6, 1))
        goals.end(store, CHANGE, wait_class="lead_new", until_day=date(2026, 8, 31))

    rows = [row for row in goals.resolved(store).to_pylist() if row["class"] == "lead_new"]

    assert sorted((str(row["from_day"]), str(row["until_day"]), row["seconds"]) for row in rows) == [
        ("2026-01-01", "2026-05-31", 1800),
        ("2026-06-01", "2026-08-31", 900),
        ("2026-09-01", "None", 3600),
        ("None", "2025-12-31", 3600),
    ]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"wait_class": "leads"}, "'leads' is no class; write lead, all, lead_new"),
        ({"clock": "wall"}, "'wall' is no clock"),
        ({"seconds": 0}, "longer than 0"),
        ({"share": 90}, "is not above 0 and at most 1"),
        ({"share": 0}, "is not above 0"),
        ({"scope": "company"}, "'company' is no scope"),
        ({"from_day": DAY, "until_day": date(2026, 5, 1)}, "is before the first day"),
    ],
)
def test_a_goal_that_cannot_be_is_refused_with_the_reason(store, said, reason):
    """Classes, clocks, times, shares, scopes and days that cannot be are named."""
    with pytest.raises(SettingsError, match=reason):
        goals.put(store, CHANGE, **{"wait_class": "lead", "seconds": 3600, **said})


def test_goals_of_one_class_do_not_overlap(store):
    """An end that reaches into the next goal is refused; the same again changes nothing."""
    with store.transaction():
        assert len(goals.put(store, CHANGE, wait_class="lead", seconds=3600, until_day=DAY)) == 2
        assert goals.put(store, CHANGE, wait_class="lead", seconds=3600, until_day=DAY) == []

    with pytest.raises(SettingsError, match="overlaps"):
        goals.put(store, CHANGE, wait_class="lead", seconds=60, from_day=DAY)
    with pytest.raises(SettingsError, match="has a goal from that day already"):
        goals.put(store, CHANGE, wait_class="lead", seconds=60, is_new=True)


DAYS = st.integers(1, 28).map(lambda day: date(2026, 1, day))


@settings(max_examples=25)
@given(st.lists(st.tuples(st.none() | DAYS, st.none() | DAYS), max_size=5))
def test_every_day_has_exactly_one_goal_of_the_workspace(drawn):
    """Stored goals and defaults together cover every day once, and agree with the goal asked for by day."""
    store = Store.open(None)
    with store.transaction():
        for number, (first, last) in enumerate(drawn):
            try:
                goals.put(
                    store, CHANGE, wait_class="lead_new", seconds=60 + number, from_day=first, until_day=last
                )
            except SettingsError:
                continue
    rows = [row for row in goals.resolved(store).to_pylist() if row["class"] == "lead_new"]

    for day in (date(2025, 6, 1), *(date(2026, 1, number) for number in range(1, 32)), date(2027, 1, 1)):
        holding = [
            row["seconds"]
            for row in rows
            if (row["from_day"] or date.min) <= day <= (row["until_day"] or date.max)
        ]
        assert holding == [goals.of(store, wait_class="lead_new", day=day).seconds]
    store.close()


def test_goals_are_kept_by_command(tmp_path):
    """Add, change from a day on, end and list do what they say."""

    def run(*words):
        result = CliRunner().invoke(group, ["--db", str(tmp_path / "w.duckdb"), "goals", *words])
        assert result.exception is None, result.output
        return result.output

    path = tmp_path / "goals.csv"
    path.write_text("class,within,share\nlead,30m,0.95\nfollow_up,2h,\n")
    run("add", "--csv", str(path))
    run("change", "--class", "lead_new", "--within", "15m", "--from", "2026-03-01")
    run("end", "--class", "lead_new", "--until", "2026-04-30")

    listed = json.loads(run("list", "--format", "json"))

    assert [
        (one["within_seconds"], one["share"], one["from"], one["until"])
        for one in listed
        if one["class"] == "lead_new"
    ] == [
        (1800, 0.95, None, "2026-02-28"),
        (900, 0.9, "2026-03-01", "2026-04-30"),
        (3600, 0.9, "2026-05-01", None),
    ]
