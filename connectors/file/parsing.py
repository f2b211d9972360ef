"""Pieces of a source become copies, in this process or, for a large source, in a few others."""

from __future__ import annotations

import gc
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, Protocol

from emailresponse.copies import Refusal
from emailresponse.fields import split
from emailresponse.headers import Origin, said
from emailresponse.packed import Columns, Row, row_of_copy, row_of_said

CHUNK_PIECES = 500
CHUNK_BYTES = 2 << 20
_AHEAD = 2  # chunks that wait or are worked on, for each process
_Outcome = tuple[Columns, list[Refusal]]


class PieceRefused(Exception):  # noqa: N818 - what happened to the piece
    """A piece that is no copy; the message says why."""


class Piece(NamedTuple):
    """A header block, or a line of `.jsonl`, and where it stood."""

    source: str
    position: int
    raw: bytes
    labels: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    is_line: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What holds for all pieces: the mailbox of those that name none, and the moment of the import."""

    mailbox: str | None
    imported_at: datetime


class Source(Protocol):
    """What gives its pieces to the process that parses them."""

    def pieces(self) -> Iterable[Piece | Refusal]:
        """Return the pieces in order, and what could not be read."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """Pieces that were read already."""

    held: tuple[Piece, ...]

    def pieces(self) -> tuple[Piece, ...]:
        """Return them."""
        return self.held


@dataclass(frozen=True, slots=True)
class Chunk:
    """A source of pieces, what was refused among them, and where reading goes on behind them."""

    source: Source
    refused: tuple[Refusal, ...]
    following: str
    read_bytes: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """The copies and refusals that a chunk became, and where the source goes on behind it."""

    following: str
    read_bytes: int
    copies: Columns
    refused: tuple[Refusal, ...]


def parse(source: Source, reading: Reading) -> _Outcome:
    """Return the copies that the pieces of a source are, and those that are none."""
    rows: list[Row] = []
    refused: list[Refusal] = []
    for piece in source.pieces():
        if isinstance(piece, Refusal):
            refused.append(piece)
            continue
        try:
            rows.append(_row_of_line(piece, reading) if piece.is_line else _row_of_block(piece, reading))
        except PieceRefused as error:
            refused.append(Refusal(piece.source, piece.position, str(error)))
        except Exception as error:  # noqa: BLE001 - one message that nobody foresaw must not stop the others
            refused.append(Refusal(piece.source, piece.position, f"cannot be read: {error!r}"))
    return Columns.of(rows), refused


def _row_of_line(piece: Piece, reading: Reading) -> Row:
    from connectors.file.lines import copy_from  # noqa: PLC0415 - it takes 12 MB; most sources hold no lines

    return row_of_copy(copy_from(piece.raw, reading.mailbox, reading.imported_at))


def _row_of_block(piece: Piece, reading: Reading) -> Row:
    if reading.mailbox is None:
        raise PieceRefused("no mailbox: say whose messages these are with --mailbox")
    fields, problems = split(piece.raw)
    origin = _origin(reading.mailbox, piece.labels, piece.problems)
    return row_of_said(said(fields, origin, reading.imported_at, problems))


@lru_cache(maxsize=100)
def _origin(mailbox: str, labels: tuple[str, ...], problems: tuple[str, ...]) -> Origin:
    return Origin(mailbox, labels=labels, problems=problems)


def parsed(chunks: Iterator[Chunk], reading: Reading, *, processes: int) -> Generator[Parsed, None, None]:
    """Yield what chunks become, in their order; with no processes here, else in that many others."""
    if not processes:
        for chunk in chunks:
            yield _done(chunk, parse(chunk.source, reading))
        return
    # Spawned rather than forked: a fork would share the database's and the terminal's threads.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin)
    try:
        yield from _in_order(pool, chunks, reading, processes * _AHEAD)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, chunks: Iterator[Chunk], reading: Reading, ahead: int
) -> Iterator[Parsed]:
    waiting: deque[tuple[Chunk, Future[_Outcome] | None]] = deque()
    for chunk in chunks:
        waiting.append((chunk, _submitted(pool, chunk, reading)))
        if len(waiting) >= ahead:
            yield _finished(*waiting.popleft(), reading)
    while waiting:
        yield _finished(*waiting.popleft(), reading)


def _submitted(pool: ProcessPoolExecutor, chunk: Chunk, reading: Reading) -> Future[_Outcome] | None:
    try:
        with _interrupts_held():  # a process that begins has not said yet that Ctrl-C is none of its affair
            return pool.submit(parse, chunk.source, reading)
    except (BrokenProcessPool, RuntimeError):
        return None


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let Ctrl-C wait while inside; processes that begin here never see it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _finished(chunk: Chunk, future: Future[_Outcome] | None, reading: Reading) -> Parsed:
    """Return what a chunk became; a process that was killed costs time and no copy."""
    try:
        if future is not None:
            return _done(chunk, future.result())
    except BrokenProcessPool:
        pass
    return _done(chunk, parse(chunk.source, reading))


def _done(chunk: Chunk, outcome: _Outcome) -> Parsed:
    copies, refused = outcome
    return Parsed(chunk.following, chunk.read_bytes, copies, (*chunk.refused, *refused))


def _begin() -> None:
    """Let Ctrl-C be the main process's affair, and end when it is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Rows make no cycles; looking for some after every tenth message takes a twentieth of the time.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


def process_count() -> int:
    """Return how many processes parse a large source: the processors but one, which reads and stores."""
    return max(1, min(3, os.cpu_count() or 1))
