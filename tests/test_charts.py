"""Charts: one definition gives a drawing that a strict policy lets pass, hover values, and a table."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from altair.utils.schemapi import debug_mode

from emailresponse.filter import Filter
from emailresponse.reports.figures import Bin, Cell, Curve, Quantile, Row, VolumeDay
from web.charts.chart import WIDTHS, svg
from web.charts.distribution import distribution
from web.charts.hours import hours, hours_goal
from web.charts.survival import survival
from web.charts.theme import THEMES
from web.charts.trend import trend
from web.charts.volumes import volumes

ASKED = Filter(since=date(2026, 3, 4), until=date(2026, 3, 18))
NONE = Quantile(None, None, None, is_reached=False, beyond_seconds=None)


def week(start: date, share: float | None) -> Row:
    """Return the figures of a week."""
    low, high = (None, None) if share is None else (share - 0.1, share + 0.1)
    return Row("", "", "", start, 10, 1, 9, 8, 4, share, low, high, NONE, NONE, 0, 0.0, is_hidden_high=False)


CHARTS = {
    "trend": trend(
        [week(date(2026, 3, 2), 0.5), week(date(2026, 3, 9), None), week(date(2026, 3, 16), 0.75)], ASKED
    ),
    "survival": survival(
        Curve((0.0, 60.0, 7200.0), (1.0, 0.6, 0.2), (None, 0.4, 0.1), (None, 0.8, 0.4)), "calendar", 3600
    ),
    "distribution": distribution([Bin(0, 300, "< 5 min", 4, 1), Bin(300, None, "> 5 min", 0, 2)]),
    "hours": hours([Cell(1, 9, 12, 4, 3.0, 5, 4, 0.8), Cell(7, 23, 0, 4, 0.0, 0, 0, None)]),
    "hours-goal": hours_goal([Cell(1, 9, 12, 4, 3.0, 5, 4, 0.8), Cell(7, 23, 0, 4, 0.0, 0, 0, None)]),
    "volumes": volumes([VolumeDay(date(2026, 3, 2) + timedelta(days=n), n, 2 * n, 1, 1) for n in range(10)]),
}
EMPTY = {
    "trend": trend([], ASKED),
    "survival": survival(Curve((), (), (), ()), "business", None),
    "distribution": distribution([]),
    "hours": hours([]),
    "hours-goal": hours_goal([]),
    "volumes": volumes([]),
}


def values_of(one):
    """Return what a chart is drawn from."""
    specification = one.specification("light", "wide")
    return specification["datasets"][specification["data"]["name"]]


chart = pytest.mark.parametrize("name", CHARTS)


@chart
@pytest.mark.parametrize("width", WIDTHS)
def test_definition_is_what_vega_lite_knows(name, width):
    """Every part of a chart is held against the schema here, so that no drawing needs to be."""
    one = CHARTS[name]
    with debug_mode(True):
        drawn = one.definition(THEMES["light"], WIDTHS[width])

    assert drawn.to_dict(validate=True)


@chart
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_drawing_has_nothing_that_a_strict_policy_forbids(name, theme, width):
    """No drawing holds a script, an event handler or a style attribute, in either theme and any width."""
    drawn = svg(CHARTS[name].specification(theme, width))

    assert drawn.startswith("<svg")
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|href=", drawn)


@chart
def test_table_has_the_chart_s_numbers(name):
    """Every row has a cell per column, and none of them is empty."""
    one = CHARTS[name]

    assert one.rows
    assert all(len(row) == len(one.columns) and all(row) for row in one.rows)
    assert one.description


@chart
def test_nothing_is_drawn_as_no_data(name):
    """Without waits a chart says so instead of drawing 0."""
    assert "no data" in svg(EMPTY[name].specification("light", "wide"))


@chart
def test_hover_values_are_words(name):
    """What the pointer shows comes worded from here, so that page and chart say the same."""
    text = str(CHARTS[name].specification("dark", "half"))

    assert "tooltip" in text
    assert THEMES["dark"].muted in text


def test_unjudged_period_is_a_gap_in_the_words_and_no_zero():
    """A week that cannot be judged yet has a dash in the table and no point in the drawing."""
    assert CHARTS["trend"].rows[1][1] == "\u2013"
    assert [value["share"] for value in values_of(CHARTS["trend"])] == [0.5, 0.75]


def test_long_spans_are_drawn_by_whole_weeks():
    """More than two months of days are summed by week, and no message is counted twice."""
    days = [VolumeDay(date(2026, 1, 1) + timedelta(days=n), 1, 2, 0, 1) for n in range(70)]
    values = values_of(volumes(days))

    assert {value["count"] for value in values if value["kind"] == "received"} == {14}
    assert len(volumes(days).rows) == 70


def test_row_leads_to_its_own_waits():
    """A period that the asked days cut short leads to the days that were counted, and to no others."""
    first, _, last = CHARTS["trend"].links

    assert (first["since"], first["until"]) == (date(2026, 3, 4), date(2026, 3, 8))
    assert (last["since"], last["until"]) == (date(2026, 3, 16), date(2026, 3, 18))
    assert CHARTS["distribution"].links[0] == {"from": None, "below": 300}
