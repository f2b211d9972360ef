"""The headline figures count what metrics.md 7 says they count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from emailresponse import goals, reports
from emailresponse.audit import Change
from emailresponse.filter import FIGURES, Filter
from tests.derived_tables import AS_OF, answered, derived, put, unanswered

HOUR = 3600
GOAL = Filter(goal_seconds=HOUR)
BY = Change(AS_OF, "test")


@pytest.fixture
def waits():
    """Return a function that makes a store of waits."""

    def made(*rows):
        store = derived()
        if rows:
            put(store, "wait_by_hand", *rows)
        return store

    return made


def test_no_waits_are_no_data_and_never_zero(waits):
    """Without waits every time and share is absent."""
    found = reports.summary(waits(), GOAL)
    assert (found.n, found.judged) == (0, 0)
    assert (found.share, found.share_low, found.share_high, found.chaser_rate, found.hidden_share) == (
        None,
    ) * 5
    assert (found.median.seconds, found.median.beyond_seconds, found.restricted_mean_seconds) == (None,) * 3
    assert {within.share for within in found.within} == {None}


def test_unanswered_waits_are_judged(waits):
    """Whoever ignores mail does not improve the share."""
    found = reports.summary(waits(answered(1, 600), unanswered(2, 2 * HOUR)), GOAL)
    assert (found.judged, found.met, found.share) == (2, 1, 0.5)


def test_younger_waits_are_not_judged_also_answered_ones(waits):
    """A wait of ten minutes, answered or not, says nothing yet about one hour."""
    young = AS_OF - timedelta(minutes=10)
    found = reports.summary(waits(answered(1, 60, young), unanswered(2, 600), unanswered(3, HOUR)), GOAL)
    assert (found.n, found.judged, found.met) == (3, 1, 0)


def test_answer_exactly_at_the_goal_is_within(waits):
    """In at most G, not in less than G."""
    found = reports.summary(waits(answered(1, HOUR), answered(2, HOUR + 0.000001)), GOAL)
    assert (found.judged, found.met) == (2, 1)


def test_late_answer_is_an_event_but_not_within_goal(waits):
    """A reply after the lapse counts at its own time and is no success, however generous the goal."""
    late = answered(1, 20 * 86400, state="lapsed", is_late=True, flags=["late"])
    found = reports.summary(waits(late), replace(GOAL, goal_seconds=25 * 86400))
    assert (found.judged, found.met, found.late, found.lapsed) == (1, 0, 1, 1)
    assert found.median.seconds == 20 * 86400


def test_dismissed_and_closed_by_hand_are_out_and_in_sight(waits):
    """They are in no denominator; their share is shown, and marked above 15 %."""
    rows = [answered(number, 600) for number in range(8)]
    hidden = [
        unanswered(90, 9 * HOUR, state="dismissed", is_counted=False),
        unanswered(91, 9 * HOUR, state="closed_by_hand", is_counted=False),
    ]
    found = reports.summary(waits(*rows, *hidden), GOAL)
    assert (found.n, found.judged, found.dismissed, found.by_hand) == (8, 8, 1, 1)
    assert (found.hidden_share, found.is_hidden_high) == (0.2, True)


def test_skewed_waits_are_left_out_of_times_and_counted(waits):
    """A reply before its receipt has no time."""
    skewed = answered(2, 0, is_skewed=True, calendar_seconds=None, business_seconds=None, flags=["skew"])
    found = reports.summary(waits(answered(1, 600), skewed), GOAL)
    assert (found.n, found.skewed, found.judged, found.met) == (2, 1, 1, 1)
    assert found.median.seconds == 600


def test_superseded_wait_is_censored_where_the_next_began(waits):
    """It is judged by its age then, and stays unanswered."""
    superseded = {
        "state": "superseded",
        "calendar_seconds": 600.0,
        "business_seconds": 600.0,
        "age_calendar_seconds": 600.0,
        "age_business_seconds": 600.0,
    }
    found = reports.summary(waits(unanswered(1, 9 * HOUR, **superseded)), GOAL)
    assert (found.n, found.superseded, found.unanswered, found.judged) == (1, 1, 1, 0)
    assert (found.median.is_reached, found.median.beyond_seconds) == (False, 600)


def test_median_counts_the_unanswered(waits):
    """Of two answered and two open waits the median is the time of the second answer."""
    rows = [answered(1, 60), answered(2, 120), unanswered(3, HOUR), unanswered(4, HOUR)]
    found = reports.summary(waits(*rows), GOAL)
    assert found.median.seconds == 120
    assert found.p90.is_reached is False
    assert found.p90.beyond_seconds == HOUR
    assert (found.answered_only_mean_seconds, found.answered_only_median_seconds) == (90, 90)


def test_the_asked_clock_decides(waits):
    """Business time and calendar time are two questions."""
    store = waits(answered(1, 2 * HOUR, business_seconds=600.0))
    assert reports.summary(store, GOAL).met == 1
    assert reports.summary(store, replace(GOAL, clock="calendar")).met == 0


def test_restricted_mean_says_its_horizon(waits):
    """Calendar: five days of 24 hours. Business: five mean working days of the calendars."""
    store = waits(answered(1, 600), unanswered(2, 30 * 86400))
    calendar = reports.summary(store, replace(GOAL, clock="calendar"))
    assert calendar.horizon_seconds == 5 * 86400
    assert calendar.restricted_mean_seconds == pytest.approx((600 + 5 * 86400) / 2)
    assert reports.summary(store, GOAL).restricted_mean_seconds is None
    days = [datetime(2026, 3, day, 9) for day in (2, 3)]
    put(
        store,
        "opening",
        *({"calendar_id": 1, "opens_at": day, "closes_at": day + timedelta(hours=8)} for day in days),
    )
    assert reports.summary(store, GOAL).horizon_seconds == 5 * 8 * HOUR


def test_restricted_mean_of_a_schedule_that_never_closes(waits):
    """Open round the clock, five working days are five days."""
    store = waits(answered(1, 600))
    opening = {"calendar_id": 1, "opens_at": datetime(2026, 3, 1), "closes_at": datetime(2026, 3, 31)}
    put(store, "opening", opening)
    assert reports.summary(store, GOAL).horizon_seconds == 5 * 86400


def test_goal_of_each_class_is_the_workspaces_default(waits):
    """Without a goal asked, leads are judged by one business hour, and the answer says so."""
    found = reports.summary(waits(answered(1, 600)), Filter(classes=("lead_new", "follow_up")))
    assert found.goal_seconds is None
    assert [(goal.class_, goal.seconds, goal.source) for goal in found.goals] == [
        ("lead_new", HOUR, "default"),
        ("follow_up", 4 * HOUR, "default"),
    ]


def test_cc_only_is_left_out_unless_asked(waits):
    """A lane of its own."""
    store = waits(answered(1, 600), answered(2, 600, **{"class": "cc_only", "lane": "cc"}))
    assert reports.summary(store, GOAL).n == 1
    assert reports.summary(store, replace(GOAL, classes=("cc_only",))).n == 1


def test_cohort_is_the_local_day_of_arrival(waits):
    """A wait that arrives on the 2nd in New York belongs to the 2nd, though it is the 3rd in UTC."""
    store = waits(answered(1, 600, datetime(2026, 3, 3, 2)))
    store._connection.execute("""INSERT INTO setting VALUES ('zone', '"America/New_York"')""")
    day = date(2026, 3, 2)
    assert reports.summary(store, replace(GOAL, since=day, until=day)).n == 1
    assert reports.summary(store, replace(GOAL, since=date(2026, 3, 3))).n == 0


def test_figures_are_as_of_the_latest_mailbox_and_name_the_stale(waits):
    """A mailbox known only up to two days before is listed."""
    store = waits(answered(1, 600))
    put(store, "horizon", {"mailbox": "old@acme.com", "as_of_at": AS_OF - timedelta(days=2)})
    put(store, "horizon", {"mailbox": "near@acme.com", "as_of_at": AS_OF - timedelta(hours=20)})
    found = reports.summary(store, GOAL)
    assert found.as_of_at == AS_OF
    assert [box.mailbox for box in found.stale] == ["old@acme.com"]


def test_days_before_are_compared_as_if_asked_alone(waits):
    """Each period is judged by the goal in force on its own last day."""
    store = waits(
        answered(1, 2 * HOUR, datetime(2026, 3, 1, 9)),
        answered(2, 2 * HOUR, datetime(2026, 3, 2, 9)),
        unanswered(3, opened_at=datetime(2026, 3, 1, 10)),
    )
    goals.put(store, BY, wait_class="lead", seconds=3 * HOUR)
    goals.put(store, BY, wait_class="lead", seconds=HOUR, from_day=date(2026, 3, 2))
    asked = Filter(since=date(2026, 3, 2), until=date(2026, 3, 2))
    now, before = reports.compared(store, asked)
    assert now == reports.summary(store, asked)
    assert before == reports.summary(store, reports.previous(asked))
    assert ((now.met, now.judged), (before.met, before.judged)) == ((0, 1), (1, 2))


def test_open_ended_days_are_compared_with_none(waits):
    """Without a first or a last day there are no days before of the same length."""
    store = waits(answered(1, 600))
    assert reports.compared(store, GOAL) == (reports.summary(store, GOAL), None)


def test_every_figure_opens_to_its_waits(waits):
    """The list behind a figure is as long as the figure says."""
    store = waits(
        answered(1, 600, chasers=1),
        answered(2, 2 * HOUR, handoff_at=datetime(2026, 3, 2, 10)),
        answered(3, 20 * 86400, is_late=True, state="lapsed"),
        unanswered(4, 2 * HOUR),
        unanswered(5, 600),
        unanswered(6, HOUR, state="dismissed", is_counted=False),
    )
    found = reports.summary(store, GOAL)
    told = {
        "counted": found.n,
        "judged": found.judged,
        "met": found.met,
        "missed": found.judged - found.met,
        "answered": found.answered,
        "unanswered": found.unanswered,
        "hidden": found.dismissed + found.by_hand,
        "chased": round((found.chaser_rate or 0) * found.n),
        "handed": found.handoffs,
        "late": found.late,
    }
    listed = {name: reports.waits(store, replace(GOAL, figure=name)).total for name in FIGURES}
    assert listed == told
    assert found.handoff_median_seconds == HOUR


def test_distribution_opens_to_its_waits(waits):
    """Each range of times lists the waits in it."""
    store = waits(answered(1, 299), answered(2, 300), unanswered(3, 4000))
    for part in reports.distribution(store, GOAL):
        asked = replace(GOAL, from_seconds=part.low_seconds, below_seconds=part.high_seconds)
        assert reports.waits(store, asked).total == part.answered + part.open


def test_curve_starts_with_everybody_waiting(waits):
    """Nobody is answered before the first answer, and there is no band there."""
    curve = reports.survival(waits(answered(1, 60), unanswered(2, 120)), GOAL)
    assert (curve.times, curve.survival) == ((0.0, 60.0, 120.0), (1.0, 0.5, 0.5))
    assert curve.low[0] is None
    assert reports.survival(waits(), GOAL).times == ()


def test_curve_has_few_points_however_many_waits(waits):
    """A chart is no dump of the data."""
    curve = reports.survival(waits(*(answered(number, number) for number in range(1, 2000))), GOAL)
    assert len(curve.times) < 300
    assert (curve.times[-1], curve.survival[-1], curve.low[-1]) == (1999, 0, None)
