"""Providers are asked at the pace they allow, and again only after what passes by itself."""

from __future__ import annotations

import pytest
import stamina
from hypothesis import given
from hypothesis import strategies as st

from connectors.pacing import Pace, Paces
from connectors.retrying import ATTEMPTS, patiently
from emailresponse.errors import AuthorizationLost, ProviderDown, RateLimited


class Time:
    """A clock that goes on only when somebody waits."""

    def __init__(self) -> None:
        self.at = 0.0

    def clock(self) -> float:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += seconds


@given(
    st.lists(st.tuples(st.integers(1, 40), st.floats(0, 3)), min_size=1, max_size=60),
    st.floats(1, 100),
    st.floats(1, 80),
)
def test_no_stretch_of_time_sees_more_than_the_pace(asked, rate, burst):
    """Whoever asks for however much, a stretch of t seconds sees at most burst + rate * t units."""
    time = Time()
    pace = Pace(rate, burst, clock=time.clock, wait=time.wait)
    taken = []
    for units, idle in asked:
        pace.take(units)
        taken.append((time.at, units))
        time.wait(idle)

    for first in range(len(taken)):
        for last in range(first, len(taken)):
            seconds = taken[last][0] - taken[first][0]
            units = sum(units for _, units in taken[first : last + 1])
            assert units <= max(burst, taken[first][1]) + rate * seconds + 1e-6 * units


def test_a_held_pace_waits_as_long_as_the_provider_asked():
    """After a hold of ten seconds the next unit is spent no sooner, then the pace goes on as before."""
    time = Time()
    pace = Pace(10, 10, clock=time.clock, wait=time.wait)
    pace.hold(10)

    pace.take(1)

    assert time.at == pytest.approx(10.1)
    assert pace.spent == 1


def test_a_pace_is_shared_by_its_name():
    """The pace of a project is one bucket for all its mailboxes; another rate makes a new one."""
    paces = Paces()

    assert paces.of("gmail project", 5, 5) is paces.of("gmail project", 5, 5)
    assert paces.of("gmail project", 5, 5) is not paces.of("gmail ada@acme.com", 5, 5)
    assert paces.of("gmail project", 6, 5).rate == 6


def test_what_passes_by_itself_is_asked_again():
    """An answer after two failures of the provider is an answer."""
    failures = [ProviderDown("503"), RateLimited("429")]

    def ask() -> str:
        if failures:
            raise failures.pop()
        return "answer"

    with stamina.set_testing(True, attempts=ATTEMPTS):
        assert patiently(ask) == "answer"


@pytest.mark.parametrize(
    "error", [AuthorizationLost("ada@acme.com", "invalid_grant"), RateLimited("429", retry_after=600)]
)
def test_what_does_not_pass_soon_is_raised_at_once(error):
    """A lost grant is never asked for again, nor is a wait of ten minutes sat out inside a request."""
    asked = []

    def ask() -> None:
        asked.append(1)
        raise error

    with pytest.raises(type(error)):
        patiently(ask)
    assert len(asked) == 1
