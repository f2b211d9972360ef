"""A time is said as a person would say it."""

from __future__ import annotations

import pytest

from emailresponse.durations import spoken, spoken_goal, spoken_quantile, spoken_share
from emailresponse.reports.figures import Quantile


@pytest.mark.parametrize(
    ("seconds", "clock", "said"),
    [
        (None, "calendar", "no data"),
        (0, "calendar", "0 s"),
        (59.7, "calendar", "1 min"),
        (90, "calendar", "1 min 30 s"),
        (3599, "calendar", "1 h"),
        (3570, "calendar", "1 h"),
        (11520, "calendar", "3 h 12 min"),
        (86400, "calendar", "1 d"),
        (187200, "calendar", "2 d 4 h"),
        (187200, "business", "52 h"),
    ],
)
def test_spoken(seconds, clock, said):
    """The two largest units say it; business time knows no days."""
    assert spoken(seconds, clock) == said


def test_goal_is_said_exactly():
    """A goal of 90 minutes is no goal of 2 hours."""
    assert spoken_goal(5400) == "1 h 30 min"


def test_quantile_that_is_not_reached_says_beyond_what():
    """Never 0, never blank: beyond the longest time seen."""
    assert spoken_quantile(Quantile(None, None, None, False, 432000.0)) == "not reached, > 5 d"
    assert spoken_quantile(Quantile(None, None, None, False, None)) == "no data"


def test_only_all_is_a_hundred_percent():
    """999 of 1000 is not 100 %."""
    assert [spoken_share(share) for share in (None, 0.0, 0.001, 0.999, 1.0)] == [
        "no data",
        "0 %",
        "< 1 %",
        "> 99 %",
        "100 %",
    ]
