"""A pass: one mailbox is read from where the last pass stopped until nothing is left, or for a while.

Every batch is stored with its cursor in one transaction, so a pass that is killed anywhere loses nothing and
the next one goes on. What goes wrong is noted with the link, with the moment at which another attempt is
worth it; it never reaches another mailbox.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from emailresponse import sync
from emailresponse.copies import Batch, Connector, Progress
from emailresponse.errors import (
    AuthorizationLost,
    CursorExpired,
    EmailResponseError,
    MailboxEmptied,
    ProviderDown,
    ProviderWrong,
    RateLimited,
    StoreFull,
)
from emailresponse.links import RECONNECT, Link
from emailresponse.store import Store

Writing = Callable[[], AbstractContextManager[Store]]

EXPIRIES = 2
"""A cursor that expires again so often in one pass is the provider's fault."""

#: What each error comes to, and the seconds before another attempt; they double with every failure.
_TROUBLES: dict[type[EmailResponseError], tuple[str, float]] = {
    AuthorizationLost: (RECONNECT, 0),
    RateLimited: ("limited", 60),
    ProviderDown: ("down", 60),
    ProviderWrong: ("wrong", 900),
    MailboxEmptied: ("emptied", 3600),
    StoreFull: ("full", 300),
}
_LONGEST_WAIT = 3600.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pass came to.

    Attributes:
        mailbox: which mailbox was read.
        progress: what was read, stored, known and refused.
        is_caught_up: whether everything that lay there when the pass began is stored.
        error: what ended it early; absent where nothing did.
    """

    mailbox: str
    progress: Progress
    is_caught_up: bool
    error: EmailResponseError | None = None


@dataclass(frozen=True)
class Reader:
    """Runs passes over links.

    Attributes:
        writing: gives the store to one writer at a time.
        connect: returns a connector for a link.
        now: the moment in naive UTC.
    """

    writing: Writing
    connect: Callable[[Link], Connector]
    now: Callable[[], datetime]

    def read(self, link: Link, *, is_over: Callable[[], bool] = lambda: False) -> Outcome:
        """Read a linked mailbox and note how it went; errors of the provider end in the outcome.

        Args:
            link: the mailbox, neither paused nor lost.
            is_over: asked after every batch; the batch at hand is always finished.
        """
        begun_at = self.now()
        with self.writing() as store, store.transaction():
            store.run("store/begin_reading", mailbox=link.mailbox, begun_at=begun_at)
        came = Progress()
        error: EmailResponseError | None = None
        is_caught_up = False
        try:
            with closing(self._batches(link)) as batches:
                for batch in batches:
                    came = came.plus(self._store(link, batch))
                    if is_over():
                        break
                else:
                    is_caught_up = True
        except tuple(_TROUBLES) as trouble:
            error = trouble
        outcome = Outcome(link.mailbox, came, is_caught_up, error)
        self._end(link, outcome, begun_at)
        return outcome

    def _batches(self, link: Link) -> Generator[Batch, None, None]:
        """Yield what comes after the stored cursor, and from the start again where it has expired."""
        with self.writing() as store:
            since = sync.cursor(store, link.mailbox, link.source)
        expiries = 0
        with closing(self.connect(link)) as connector:
            while True:
                try:
                    yield from connector.changes(since)
                except CursorExpired as error:
                    expiries += 1
                    if expiries > EXPIRIES:
                        raise ProviderWrong("its cursors expire at once") from error
                    since = None
                else:
                    return

    def _store(self, link: Link, batch: Batch) -> Progress:
        with self.writing() as store:
            came = sync.store_batch(
                store,
                batch,
                imported_at=self.now(),
                merging=False,
                mailbox=link.mailbox,
                source=link.source,
            )
            with store.transaction():
                store.run(
                    "store/note_reading",
                    mailbox=link.mailbox,
                    stored_count=came.stored_count,
                    first_done=batch.done_count,
                    first_total=batch.total_count,
                )
        return came

    def _end(self, link: Link, outcome: Outcome, begun_at: datetime) -> None:
        """Note how the pass went; a caught-up mailbox is known up to the moment before the pass."""
        ended_at = self.now()
        came = outcome.progress
        if came.read_count:
            with self.writing() as store:
                run_id = sync.begin_run(store, f"{link.source} {link.mailbox}", started_at=begun_at)
                sync.end_run(store, run_id, came, came.refused, ended_at=ended_at)
        with self.writing() as store, store.transaction():
            if outcome.error is not None:
                trouble, wait = _TROUBLES[type(outcome.error)]
                store.run(
                    "store/fail_reading",
                    mailbox=link.mailbox,
                    ended_at=ended_at,
                    trouble=trouble,
                    reason=getattr(outcome.error, "reason", None),
                    retry_at=_retry_at(outcome.error, wait, link.failures, ended_at),
                )
                return
            store.run(
                "store/end_reading",
                mailbox=link.mailbox,
                ended_at=ended_at,
                is_caught_up=outcome.is_caught_up,
            )
            if outcome.is_caught_up:
                store.run("store/set_synced", mailbox=link.mailbox, synced_at=begun_at)


def _retry_at(error: EmailResponseError, wait: float, failures: int, at: datetime) -> datetime | None:
    """Return when another attempt is worth it; None: not before the mailbox is linked again."""
    if isinstance(error, AuthorizationLost):
        return None
    seconds = min(wait * 2 ** min(failures, 10), _LONGEST_WAIT)
    if isinstance(error, RateLimited) and error.retry_after is not None:
        seconds = error.retry_after
    return at + timedelta(seconds=seconds)
