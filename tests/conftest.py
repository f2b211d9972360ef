"""What every test may ask for: an empty store, the real mail beside the checkout, a browser.

A test marked `corpus` is skipped where that mail is absent, one marked `browser` where Chromium is, one
marked `emulator` where the npm package is; under CI=true the latter two fail instead. Hypothesis draws the
same examples in every run under CI.
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from emailresponse.store import Store
from tests.providers import emulator
from tests.story import Story, has_product

# A shell that starts the tests in the background lets them, and every program they start, ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]
CORPORA = Path(os.environ.get("EMAILRESPONSE_CORPORA", ROOT.parent / "shared" / "corpora"))
IS_CI = os.environ.get("CI", "").lower() in {"1", "true"}

# A deadline measures the machine, and a store that is new for each example is worth its time.
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("dev", deadline=None, suppress_health_check=_SLOW)
settings.register_profile("ci", deadline=None, suppress_health_check=_SLOW, derandomize=True, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if IS_CI else "dev"))


def chromium() -> str | None:
    """Return the path of the browser the tests drive, or None."""
    return shutil.which("chromium")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs mail, a browser or a program that is not here, and say so."""
    if item.get_closest_marker("corpus") and not CORPORA.is_dir():
        pytest.skip(f"the real mail is not at {CORPORA}")
    if item.get_closest_marker("browser") and not chromium():
        if IS_CI:
            pytest.fail("Chromium is missing: make system-deps", pytrace=False)
        pytest.skip("Chromium is missing: make system-deps")
    if item.get_closest_marker("emulator") and not emulator.is_there():
        if IS_CI:
            pytest.fail("The npm package emulate is missing: make emulators", pytrace=False)
        pytest.skip("The npm package emulate is missing: make emulators")


@pytest.fixture
def store() -> Iterator[Store]:
    """Return an empty workspace in memory."""
    opened = Store.open(None)
    yield opened
    opened.close()


@pytest.fixture(params=["oracle", "product"])
def story(request: pytest.FixtureRequest) -> Story:
    """Return an empty story: once for the slow walk over metrics.md, once for the real derivation."""
    if request.param == "product" and not has_product():
        pytest.skip("there is no derivation yet")
    return Story(request.param)


@pytest.fixture
def corpora() -> Path:
    """Return the folder of real mail, or skip the test."""
    if not CORPORA.is_dir():
        pytest.skip(f"the real mail is not at {CORPORA}")
    return CORPORA


@pytest.fixture(params=["Asia/Kathmandu", "America/New_York"])
def foreign_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run the test on a machine that stands in another zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()
