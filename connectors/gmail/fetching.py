"""Messages by their ids, several at a time, at the mailbox's pace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from connectors.gmail.calls import Calls
from connectors.gmail.faults import Gone
from connectors.gmail.messages import copy_from, is_brought, is_older
from connectors.linked import Linked
from emailresponse.copies import Copy, Refusal
from emailresponse.errors import EmailResponseError, ProviderDown, ProviderWrong
from emailresponse.providers import Gmail

_MOST_THREADS = 8
_BATCH_SECONDS = 6.0
_LATENCY_SECONDS = 1.0

OLDER = "older"

Found = TypeVar("Found")
Outcome = Copy | Refusal | str | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of some ids.

    Attributes:
        copies: those that are brought, in the order asked for.
        older: ids of messages before the horizon.
        refused: messages that Gmail does not give, though it gives others.
        failure: what kept the rest from being fetched; the copies are good all the same.
    """

    copies: tuple[Copy, ...]
    older: frozenset[str] = frozenset()
    refused: tuple[Refusal, ...] = ()
    failure: EmailResponseError | None = None


@dataclass
class Fetching:
    """Fetches messages of one mailbox with a few threads, so that no round trip holds up the pace."""

    linked: Linked
    calls: Calls
    _pool: ThreadPoolExecutor | None = field(default=None, init=False)

    @property
    def batch_count(self) -> int:
        """The messages that take some seconds at the mailbox's pace."""
        return max(8, min(500, int(_rate(self.linked.providers.gmail) * _BATCH_SECONDS)))

    def fetch(self, ids: Sequence[str]) -> Fetched:
        """Return the copies that the ids name; those deleted meanwhile, and those not brought, are left out.

        A failure that concerns the mailbox ends the fetching; the copies fetched before are returned with it.
        """
        failures: list[EmailResponseError] = []

        def asked(message_id: str) -> Outcome:
            if failures:
                return None
            try:
                return self._message(message_id)
            except EmailResponseError as error:
                failures.append(error)
                return None

        outcomes = list(self._threads().map(asked, ids)) if ids else []
        return Fetched(
            tuple(one for one in outcomes if isinstance(one, Copy)),
            frozenset(name for name, one in zip(ids, outcomes, strict=True) if one == OLDER),
            tuple(one for one in outcomes if isinstance(one, Refusal)),
            failures[0] if failures else None,
        )

    def each(self, ask: Callable[[str], Found], about: Sequence[str]) -> dict[str, Found]:
        """Return what asking about each comes to, several asked at a time."""
        return dict(zip(about, self._threads().map(ask, about), strict=True))

    def labels(self, ids: Sequence[str]) -> dict[str, list[str] | None]:
        """Return the labels of messages; None for those that the mailbox holds no more."""

        def asked(message_id: str) -> list[str] | None:
            try:
                return self.calls.labels(message_id)
            except Gone:
                return None

        return self.each(asked, ids)

    def close(self) -> None:
        """End the threads."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _message(self, message_id: str) -> Outcome:
        """Return a copy, a refusal, OLDER, or None for what is not there or not brought.

        A message that Gmail does not give after all patience is asked for once more if Gmail answers
        otherwise, and is then refused: it must not hold up its mailbox for ever.

        Raises:
            AuthorizationLost, RateLimited, ProviderDown: it is not the message.
        """
        try:
            return self._judged(message_id)
        except (ProviderDown, ProviderWrong):
            self.calls.profile()
        try:
            return self._judged(message_id)
        except (ProviderDown, ProviderWrong) as error:
            return Refusal(f"gmail {self.linked.mailbox} {message_id}", 0, error.reason)

    def _judged(self, message_id: str) -> Outcome:
        try:
            said = self.calls.message(message_id)
        except Gone:
            return None
        if is_older(said, self.linked.horizon_at):
            return OLDER
        try:
            return copy_from(said, self.linked) if is_brought(said.get("labelIds") or ()) else None
        except ValueError as error:
            raise ProviderWrong("no message") from error

    def _threads(self) -> ThreadPoolExecutor:
        if self._pool is None:
            count = int(_rate(self.linked.providers.gmail) * _LATENCY_SECONDS)
            self._pool = ThreadPoolExecutor(max(2, min(_MOST_THREADS, count)), "gmail")
        return self._pool


def _rate(settings: Gmail) -> float:
    """Return the messages a second that the pace allows."""
    return settings.units_per_second / settings.units_get
