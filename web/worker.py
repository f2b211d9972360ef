"""Imports asked for by the page, done one after the other by one background thread."""

from __future__ import annotations

import hashlib
import os
import queue
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from connectors.file import FileConnector
from emailresponse import derive, mailboxes, people, sync
from emailresponse.audit import Change
from emailresponse.copies import Batch, Progress
from emailresponse.errors import CursorExpired, EmailResponseError, SourceUnreadable
from emailresponse.packed import Packed
from emailresponse.store import Store

if TYPE_CHECKING:
    from web.workspace import Workspace

KEPT_JOBS = 50
KEPT_REFUSALS = 10_000
NOTHING = "nothing in it could be read"


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file as it was sent: its own name, where it lies, its bytes."""

    name: str
    path: Path
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Job:
    """One import that the page asked for.

    Attributes:
        state: waiting, reading, deriving, done or failed.
        is_merging: copies equal in From, Date, Subject, To and Cc are one message.
        merging_share: the share of this import's copies that would merge so.
        trouble: what went wrong, in a sentence; absent where nothing did.
    """

    job_id: str
    mailbox: str
    name: str | None
    files: tuple[UploadedFile, ...]
    folder: Path
    asked_at: datetime
    state: str = "waiting"
    progress: Progress = field(default_factory=Progress)
    current: str | None = None
    is_merging: bool = False
    merging_share: float = 0.0
    ended_at: datetime | None = None
    trouble: str | None = None

    @property
    def is_ended(self) -> bool:
        """Say whether nothing more will happen."""
        return self.state in {"done", "failed"}


class Worker:
    """Reads uploads into the store; the pages look at its jobs while it works."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._jobs: dict[str, Job] = {}
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._changing = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, job: Job) -> Job:
        """Line up an import and return it; the thread starts with the first."""
        with self._changing:
            self._jobs[job.job_id] = job
            for name in list(self._jobs)[:-KEPT_JOBS]:
                if self._jobs[name].is_ended:
                    del self._jobs[name]
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="import", daemon=True)
                self._thread.start()
        self._queue.put(job.job_id)
        return job

    def job(self, job_id: str) -> Job | None:
        """Return a job as it stands now."""
        return self._jobs.get(job_id)

    def jobs(self) -> list[Job]:
        """Return the jobs of this run of the program, the latest first."""
        return list(self._jobs.values())[::-1]

    def stop(self) -> None:
        """Stop between two batches; what was stored stays."""
        self._stopping.set()
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join(timeout=30)

    def _run(self) -> None:
        while (job_id := self._queue.get()) is not None and not self._stopping.is_set():
            self._import(self._jobs[job_id])

    def _change(self, job: Job, **changes: object) -> Job:
        changed = replace(job, **changes)  # type: ignore[arg-type]
        with self._changing:
            self._jobs[job.job_id] = changed
        return changed

    def _import(self, job: Job) -> None:
        try:
            job = self._read(job)
        except EmailResponseError as error:
            self._change(job, state="failed", trouble=str(error), ended_at=self._workspace.now())
        except Exception as error:  # noqa: BLE001 - one upload's failure must not end the thread
            structlog.get_logger(__name__).error("import failed", error=type(error).__name__, exc_info=True)
            trouble = "something broke while reading; what was stored before stays"
            self._change(job, state="failed", trouble=trouble, ended_at=self._workspace.now())
        finally:
            shutil.rmtree(job.folder, ignore_errors=True)

    def _read(self, job: Job) -> Job:
        """Store every file's batches, derive what follows, and return the job as it ended."""
        total = sum(file.size_bytes for file in job.files)
        job = self._change(job, state="reading", progress=Progress(total_bytes=total))
        with self._workspace.writing() as store:
            run_id = sync.begin_run(store, f"upload {job.job_id}", started_at=job.asked_at)
            if job.mailbox:
                admit(store, job, {job.mailbox})
        try:
            for file in job.files:
                job = self._read_file(job, file)
        finally:
            job = self._jobs[job.job_id]
            with self._workspace.writing() as store:
                sync.end_run(
                    store, run_id, job.progress, job.progress.refused, ended_at=self._workspace.now()
                )
        job = self._change(job, state="deriving", current=None)
        with self._workspace.writing() as store:
            derive.refresh(store)
            copies, merged = sync.mergeable(store, imported_at=job.asked_at)
        trouble = None if job.progress.stored_count + job.progress.known_count else NOTHING
        return self._change(
            job,
            state="failed" if trouble else "done",
            trouble=trouble,
            merging_share=merged / copies if copies else 0.0,
            ended_at=self._workspace.now(),
        )

    def _read_file(self, job: Job, file: UploadedFile) -> Job:
        before = job.progress
        source = _source(file.path)
        # Other processes cannot be forked safely beside the threads that serve pages.
        connector = FileConnector(
            file.path, mailbox=job.mailbox or None, imported_at=job.asked_at, processes=0
        )
        with closing(connector):
            for batch, is_replay in self._batches(job, connector, source):
                if self._stopping.is_set():
                    raise SourceUnreadable(file.name, "the program was stopped; send the file again to go on")
                with self._workspace.writing() as store:
                    admit(store, job, set(Packed.of(batch.added).values("mailbox")))
                    came = sync.store_batch(
                        store,
                        batch,
                        imported_at=job.asked_at,
                        merging=job.is_merging,
                        mailbox=job.mailbox,
                        source=source,
                        is_replay=is_replay,
                    )
                job = self._change(job, progress=_sum(job.progress, came, file, before), current=file.name)
        return job

    def _batches(self, job: Job, connector: FileConnector, source: str) -> Iterator[tuple[Batch, bool]]:
        """Yield what is still to be stored of a file, and whether all of it was stored once already."""
        with self._workspace.writing() as store:
            since = sync.cursor(store, job.mailbox, source)
        is_replay = since is not None and connector.is_finished(since)
        try:
            for batch in connector.changes(None if is_replay else since):
                yield batch, is_replay
        except CursorExpired:
            for batch in connector.changes(None):
                yield batch, False


def _source(path: Path) -> str:
    """Return what an upload's cursor is kept under: its content, whatever its name and time."""
    os.utime(path, (0, 0))
    with path.open("rb") as content:
        return f"upload {hashlib.file_digest(content, 'sha256').hexdigest()}"


def _sum(so_far: Progress, came: Progress, file: UploadedFile, before: Progress) -> Progress:
    """Return the progress after one more batch; refusals name the file as it was sent."""
    renamed = tuple(
        replace(one, source=one.source.replace(str(file.path), file.name)) for one in came.refused
    )
    return Progress(
        read_count=so_far.read_count + came.read_count,
        stored_count=so_far.stored_count + came.stored_count,
        known_count=so_far.known_count + came.known_count,
        refused_count=so_far.refused_count + came.refused_count,
        read_bytes=before.read_bytes + min(came.read_bytes, file.size_bytes),
        total_bytes=so_far.total_bytes,
        refused=(so_far.refused + renamed)[:KEPT_REFUSALS],
    )


def admit(store: Store, job: Job, named: set[str]) -> None:
    """Make mailboxes ours that are not yet; with a name, the owner of the job's own becomes a person."""
    unknown = named - {one.mailbox for one in mailboxes.listed(store)}
    change = Change(job.asked_at, "import page")
    for address in sorted(unknown):
        name = job.name if address == job.mailbox else None
        with store.transaction():
            if name and not any(address in one.addresses for one in people.listed(store)):
                people.add(store, change, name=name, addresses=[address])
            mailboxes.add(store, change, address, name=name)
