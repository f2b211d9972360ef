"""How often a provider is asked again: what passes by itself is tried again, all else is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import stamina
from stamina.instrumentation import set_on_retry_hooks

from emailresponse.errors import ProviderDown, RateLimited

Answer = TypeVar("Answer")

# Its own hooks would write the whole error into the log.
set_on_retry_hooks([])

ATTEMPTS = 6
PATIENCE_SECONDS = 60.0
"""A wait longer than this is not sat out inside a request: whoever asked for the sync waits instead."""


def patiently(ask: Callable[[], Answer]) -> Answer:
    """Return the answer of `ask`, asked up to six times within a minute or so.

    A `RateLimited` waits as long as it says, or backs off exponentially with jitter where it does not say; a
    `ProviderDown` backs off. Any other error, and a wait above PATIENCE_SECONDS, is raised at once.

    Raises:
        RateLimited, ProviderDown: of the last attempt.
    """
    for attempt in stamina.retry_context(
        on=_waiting, attempts=ATTEMPTS, timeout=None, wait_initial=0.5, wait_max=20.0
    ):
        with attempt:
            return ask()
    raise AssertionError("an attempt returns or raises")  # pragma: no cover


def _waiting(error: Exception) -> bool | float:
    """Say whether to ask again: for stamina a number is the seconds to wait."""
    if isinstance(error, RateLimited):
        if error.retry_after is None:
            return True
        return error.retry_after if error.retry_after <= PATIENCE_SECONDS else False
    return isinstance(error, ProviderDown)
