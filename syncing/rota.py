"""The rota: when each linked mailbox is read, by whom, and when what came is in the figures.

First reads and mailboxes that are caught up have workers of their own, so a backfill of hours keeps nobody's
new mail waiting. A first read gives way after a while and comes again behind the others. What one mailbox
meets never reaches another. APScheduler 3 keeps the times: one pass of a mailbox at a time, missed ones once.
"""

from __future__ import annotations

import contextlib
import hashlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.events import EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import ConflictingIdError, JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from emailresponse import derive, links, settings
from emailresponse.errors import NotFound
from emailresponse.links import Link
from emailresponse.passes import Outcome, Reader
from emailresponse.store import Store

SPREAD_SECONDS = 20.0
"""When the rota begins, the first passes are spread over so long, so that not all ask at once."""

DERIVE_SECONDS = 5.0
"""So long after a pass what came is worked in, with whatever else came meanwhile."""

DERIVE_REST = 4.0
"""Deriving rests so many times as long as it took, so that it does not slow a large backfill down."""

LONGEST_REST_SECONDS = 300.0
LOOK_SECONDS = 30


@dataclass(frozen=True, slots=True)
class _Plan:
    """How often, how long and by how many."""

    every_minutes: int
    slice_seconds: int
    workers: int


class Rota:
    """Reads every linked mailbox again and again, until it is stopped.

    Args:
        store: the workspace.
        reader: runs the passes.
        changed: called when facts or figures may be others.
        spread_seconds: over how long the first passes are spread.
    """

    def __init__(
        self,
        store: Store,
        reader: Reader,
        *,
        changed: Callable[[], None] = lambda: None,
        spread_seconds: float = SPREAD_SECONDS,
    ) -> None:
        self._store = store
        self._reader = reader
        self._changed = changed
        self._spread_seconds = spread_seconds
        self._stopping = threading.Event()
        self._working = threading.Condition()
        self._at_work = 0
        self._planning = threading.Lock()
        self._known: dict[str, Link] = {}
        self._derive_rest = DERIVE_SECONDS
        self._derived_at = 0.0
        self._plan = self._asked_plan()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={
                "default": ThreadPoolExecutor(2),
                "caught_up": ThreadPoolExecutor(self._plan.workers),
                "first_read": ThreadPoolExecutor(self._plan.workers),
            },
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._scheduler.add_listener(self._ended, EVENT_JOB_EXECUTED)

    def start(self) -> None:
        """Begin to read; links that are made, paused or unlinked later are noticed within half a minute."""
        self._scheduler.start()
        self.look()
        self._scheduler.add_job(self.look, IntervalTrigger(seconds=LOOK_SECONDS), id="look")

    def stop(self) -> None:
        """Stop reading; every pass finishes the batch at hand first. Nothing touches the store afterwards."""
        with self._working:
            self._stopping.set()
        if self._scheduler.running:
            # Waiting inside the shutdown would hold locks that the end of a pass takes.
            self._scheduler.shutdown(wait=False)
        with self._working:
            self._working.wait_for(lambda: not self._at_work)

    def look(self) -> None:
        """Plan the mailboxes that are linked now, and no others; those linked since the last look at once."""
        with self._work() as is_allowed, self._planning:
            if not is_allowed:
                return
            self._plan = self._asked_plan()
            wanted = {one.mailbox: one for one in self._links() if not one.is_paused and not one.is_lost}
            for mailbox in set(self._known) - set(wanted):
                self._forget(mailbox)
            for mailbox, link in wanted.items():
                before = self._known.get(mailbox)
                if before is None or before.linked_at != link.linked_at:
                    self._add(link, is_first=not self._known)
            self._known = wanted

    def read_now(self, mailbox: str) -> None:
        """Let the mailbox be read next, whenever its turn would have been.

        Raises:
            NotFound: it is not linked, is paused, or has to be linked again.
        """
        self.look()
        try:
            self._scheduler.modify_job(_job_id(mailbox), next_run_time=_soon())
        except JobLookupError as error:
            raise NotFound("mailbox that can be read", mailbox) from error

    def next_at(self, mailbox: str) -> datetime | None:
        """Return when the mailbox is read next, in naive UTC; None: not before something else happens."""
        job = self._scheduler.get_job(_job_id(mailbox))
        planned: datetime | None = job.next_run_time if job else None
        return planned.astimezone(UTC).replace(tzinfo=None) if planned else None

    def derive_soon(self) -> None:
        """Let what came be worked into the figures; many wishes are one."""
        rested_at = self._derived_at + self._derive_rest
        wait = max(DERIVE_SECONDS, rested_at - time.monotonic())
        with contextlib.suppress(ConflictingIdError):  # it is planned already
            self._scheduler.add_job(self._derive, DateTrigger(_soon(wait)), id="derive")

    def _links(self) -> list[Link]:
        cursor = self._store.cursor()
        try:
            return links.listed(cursor)
        finally:
            cursor.close()

    def _asked_plan(self) -> _Plan:
        cursor = self._store.cursor()
        try:
            asked = settings.providers(cursor).syncing
        finally:
            cursor.close()
        return _Plan(asked.every_minutes, asked.slice_seconds, asked.workers)

    def _add(self, link: Link, *, is_first: bool) -> None:
        """Plan a mailbox: at once if it is new, spread if the rota begins, later if it has to wait."""
        wait = random.uniform(0, self._spread_seconds) if is_first else 0.0  # noqa: S311 - no secret
        begins = _soon(wait)
        if link.retry_at is not None:
            begins = max(begins, link.retry_at.replace(tzinfo=UTC))
        seconds = self._plan.every_minutes * 60
        self._scheduler.add_job(
            self._read,
            IntervalTrigger(seconds=seconds, jitter=max(1, seconds // 10)),
            args=[link.mailbox],
            id=_job_id(link.mailbox),
            name="read a mailbox",
            executor=_executor(link),
            next_run_time=begins,
            replace_existing=True,
        )

    def _forget(self, mailbox: str) -> None:
        with contextlib.suppress(JobLookupError):
            self._scheduler.remove_job(_job_id(mailbox))

    def _read(self, mailbox: str) -> Outcome | None:
        """Run a pass; whatever it meets ends here."""
        with self._work() as is_allowed:
            return self._pass(mailbox) if is_allowed else None

    @contextlib.contextmanager
    def _work(self) -> Iterator[bool]:
        """Let `stop` wait for what is done inside; False: nothing may begin any more."""
        with self._working:
            is_allowed = not self._stopping.is_set()
            self._at_work += is_allowed
        try:
            yield is_allowed
        finally:
            with self._working:
                self._at_work -= is_allowed
                self._working.notify_all()

    def _pass(self, mailbox: str) -> Outcome | None:
        link = next((one for one in self._links() if one.mailbox == mailbox), None)
        if link is None or link.is_paused or link.is_lost:
            return None
        ends_at = time.monotonic() + self._plan.slice_seconds
        try:
            outcome = self._reader.read(
                link, is_over=lambda: self._stopping.is_set() or time.monotonic() > ends_at
            )
        except Exception as error:  # noqa: BLE001 - one mailbox's failure must not stop the others
            structlog.get_logger(__name__).error("a pass broke", error=type(error).__name__, exc_info=False)
            return self._reader.give_up(link, type(error).__name__)
        if outcome.progress.read_count or outcome.is_caught_up:
            self.derive_soon()
        self._changed()
        return outcome

    def _ended(self, event: JobExecutionEvent) -> None:
        """Plan a mailbox's next pass by how the last one ended."""
        with self._work() as is_allowed:
            if is_allowed and isinstance(event.retval, Outcome):
                self._plan_next(event.job_id, event.retval)

    def _plan_next(self, job_id: str, outcome: Outcome) -> None:
        link = next((one for one in self._links() if one.mailbox == outcome.mailbox), None)
        if link is None or link.is_paused or link.is_lost:
            self._forget(outcome.mailbox)
            return
        with contextlib.suppress(JobLookupError):  # unlinked meanwhile
            self._scheduler.modify_job(job_id, executor=_executor(link))
            if outcome.error is None and not outcome.is_caught_up:
                self._scheduler.modify_job(job_id, next_run_time=_soon())
            elif link.retry_at is not None:
                self._scheduler.modify_job(job_id, next_run_time=link.retry_at.replace(tzinfo=UTC))

    def _derive(self) -> None:
        with self._work() as is_allowed:
            if not is_allowed:
                return
            begun = time.monotonic()
            try:
                with self._reader.writing() as store:
                    derive.refresh(store)
            finally:
                self._derived_at = time.monotonic()
                self._derive_rest = min(DERIVE_REST * (self._derived_at - begun), LONGEST_REST_SECONDS)
                self._changed()


def _executor(link: Link) -> str:
    return "first_read" if link.is_first_read else "caught_up"


def _job_id(mailbox: str) -> str:
    """Return a name of a mailbox's job that may stand in a log line."""
    return hashlib.blake2b(mailbox.encode(), digest_size=8).hexdigest()


def _soon(seconds: float = 0.0) -> datetime:
    # APScheduler looks at the same clock; no moment of it is stored.
    return datetime.now(UTC) + timedelta(seconds=seconds)
