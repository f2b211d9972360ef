"""Wilson's interval is what statsmodels says it is."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emailresponse.proportion import wilson

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from statsmodels.stats.proportion import proportion_confint


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_interval_equals_statsmodels(counts):
    """The 95 % interval is statsmodels' for every count."""
    met, n = counts
    low, high = proportion_confint(met, n, method="wilson")
    share, ours_low, ours_high = wilson(met, n)
    assert share == met / n
    assert ours_low == pytest.approx(max(0.0, low), abs=1e-9)
    assert ours_high == pytest.approx(min(1.0, high), abs=1e-9)


def test_nothing_judged_is_no_share():
    """No judged waits: no share, and no 0 %."""
    assert wilson(0, 0) == (None, None, None)
