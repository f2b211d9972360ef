"""Kaplan-Meier is what lifelines says it is, and honest where lifelines says nothing."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emailresponse.survival import estimate, tally

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times, restricted_mean_survival_time

observations = st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=60)


def counted(observed):
    """Return distinct times with how many ended and how many were censored."""
    times = sorted({time for time, _ in observed})
    ended = [sum(1 for at, event in observed if at == time and event) for time in times]
    censored = [sum(1 for at, event in observed if at == time and not event) for time in times]
    return estimate(times, ended, censored)


def fitted(observed):
    """Return lifelines' fit."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return KaplanMeierFitter().fit([time for time, _ in observed], [event for _, event in observed])


@settings(deadline=None, max_examples=60)
@given(observations)
def test_curve_and_band_equal_lifelines(observed):
    """The curve and its log-log band are lifelines' wherever somebody still waits."""
    ours, theirs = counted(observed), fitted(observed)
    index = theirs.survival_function_.index
    band = theirs.confidence_interval_survival_function_
    for time, survival, low, high in zip(ours.times, ours.survival, ours.low, ours.high, strict=True):
        at = index.get_loc(time)
        assert survival == pytest.approx(theirs.survival_function_.iloc[at, 0], abs=1e-9)
        if survival > 0:
            assert low == pytest.approx(band.iloc[at, 0], abs=1e-9)
            assert high == pytest.approx(band.iloc[at, 1], abs=1e-9)
        else:
            assert np.isnan(low) and np.isnan(high)


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans())))
def test_tally_counts_each_time_once(observed):
    """However often a time occurs, it is one step with as many ended and waiting as there are."""
    sides = [
        np.array([at for at, event in observed if event == wanted], np.int64) for wanted in (True, False)
    ]
    times, ended, waiting = tally(*sides)
    assert times.tolist() == sorted({at / 1e6 for at, _ in observed})
    assert ended.tolist() == [observed.count((round(at * 1e6), True)) for at in times]
    assert waiting.tolist() == [observed.count((round(at * 1e6), False)) for at in times]


@settings(deadline=None, max_examples=60)
@given(observations)
def test_median_and_its_band_equal_lifelines(observed):
    """The median and its band are lifelines' where the curve does not end at 0."""
    observed = [*observed, (31, False)]
    ours, theirs = counted(observed), fitted(observed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        band = median_survival_times(theirs.confidence_interval_survival_function_)
    median = theirs.median_survival_time_
    seconds, low, high = ours.quantile(0.5)
    at_risk_exactly_half = np.any(np.isclose(ours.survival, 0.5, atol=1e-9))
    if not at_risk_exactly_half:
        assert seconds == (None if np.isinf(median) else median)
    assert low == (None if np.isinf(band.iloc[0, 0]) else band.iloc[0, 0])
    assert high == (None if np.isinf(band.iloc[0, 1]) else band.iloc[0, 1])


@settings(deadline=None, max_examples=40)
@given(observations, st.integers(1, 40))
def test_restricted_mean_equals_lifelines(observed, horizon):
    """The restricted mean is the area below the curve up to the horizon."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = restricted_mean_survival_time(fitted(observed), t=horizon)
    assert counted(observed).restricted_mean(horizon) == pytest.approx(theirs, abs=1e-9)


def test_events_come_before_censorings_at_one_time():
    """A wait last seen at 10 is still at risk for the answer at 10."""
    assert estimate([10], [1], [1]).survival.tolist() == [0.5]


def test_half_counts_as_reached_in_floating_point():
    """A curve that should be 0.5 and is 0.5 + 1e-16 has reached its median."""
    ours = estimate(range(1, 7), [1] * 6, [0] * 6)
    assert ours.quantile(0.5)[0] == 3.0


def test_median_not_reached_is_absent_and_no_zero():
    """Most waits unanswered: there is no median, and nobody says 0."""
    assert estimate([5, 90], [1, 0], [0, 2]).quantile(0.5)[0] is None


def test_no_waits_give_no_figures():
    """No waits: nothing is known, nothing is 0."""
    empty = estimate([], [], [])
    assert (empty.quantile(0.5), empty.at(60), empty.restricted_mean(60)) == ((None, None, None), None, None)


def test_nobody_answers_45_percent_shows_in_the_median():
    """A person who never answers 45 % of the leads has a far longer median than the answered ones show."""
    answered = np.full(55, 1.0)
    ours = estimate([1.0, 100.0], [len(answered), 0], [0, 45])
    assert ours.at(1.0) == pytest.approx(0.45)
    assert estimate([1.0, 100.0], [45, 0], [0, 55]).quantile(0.5)[0] is None
