"""The connector for files on disk: one path, read from front to back, resumed where the last batch ended."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors.file.kinds import Part
from connectors.file.parsing import (
    CHUNK_BYTES,
    CHUNK_PIECES,
    Chunk,
    Held,
    Parsed,
    Piece,
    Reading,
    parsed,
    process_count,
)
from connectors.file.parts import Meter, parts, size_of
from connectors.file.pieces import pieces
from connectors.file.stretches import Stretch, is_stretchable, stretches
from emailresponse.copies import Batch, Cursor, Refusal
from emailresponse.errors import CursorExpired, SourceUnreadable
from emailresponse.packed import Packed

BATCH_COPIES = 5_000
_LARGE = 12 << 20  # bytes; below it other processes cost more time than they save
_PACKED_SUFFIXES = frozenset({".gz", ".xz", ".zst", ".bz2", ".zip", ".tgz"})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where reading goes on: the number and name of a part, and the first position in it that is new.

    Where the part is read in stretches, `is_cut`: the next one begins at the position.
    """

    part: int
    name: str
    position: int
    is_cut: bool = False


class FileConnector:
    """Reads an mbox, a Maildir, a folder of messages, an archive of them, or `.jsonl` (connectors protocol).

    Args:
        path: the file or folder.
        mailbox: whose messages these are, in compared form; absent only for `.jsonl` that says so itself.
        imported_at: the moment of the import, naive UTC.
        batch_copies: about how many copies a batch holds.
        processes: how many processes parse; absent: none for a small source, else one per processor.
    """

    def __init__(
        self,
        path: Path,
        *,
        mailbox: str | None,
        imported_at: datetime,
        batch_copies: int = BATCH_COPIES,
        processes: int | None = None,
    ) -> None:
        self.path = path
        self._reading = Reading(mailbox, imported_at)
        self._batch_copies = batch_copies
        self._processes = processes
        self._meter = Meter()
        self._running: Generator[Batch, None, None] | None = None

    @property
    def source(self) -> str:
        """The path as cursors are kept under it."""
        return str(self.path.resolve())

    def addresses(self) -> tuple[str, ...]:
        """Return the mailbox, if the source does not name its own."""
        return (self._reading.mailbox,) if self._reading.mailbox else ()

    def total_bytes(self) -> int:
        """Return the bytes on disk.

        Raises:
            SourceUnreadable: the path is not there or cannot be looked at.
        """
        try:
            return size_of(self.path)
        except OSError as error:
            reason = "no permission" if isinstance(error, PermissionError) else "no such file or folder"
            raise SourceUnreadable(str(self.path), reason) from error

    def is_finished(self, cursor: Cursor) -> bool:
        """Return whether a cursor stands at the end of the source as it is now: all of it was stored."""
        said = _said(cursor)
        return bool(said.get("is_finished")) and said.get("state") == self._state()

    def changes(self, since: Cursor | None) -> Iterator[Batch]:
        """Yield what stands behind the cursor, in the source's order.

        Raises:
            CursorExpired: the source is not the one that the cursor was made in.
            SourceUnreadable: the path is not there or cannot be looked at.
        """
        self.close()
        total = self.total_bytes()
        if since is not None and self.is_finished(since):
            return iter(())
        processes = self._processes
        if processes is None:
            size = total * 5 if self.path.suffix.lower() in _PACKED_SUFFIXES else total
            processes = process_count() if size > _LARGE else 0
        self._running = self._batches(since, processes)
        return self._running

    def close(self) -> None:
        """Let go of files and processes."""
        if self._running is not None:
            self._running.close()
            self._running = None

    def _batches(self, since: Cursor | None, processes: int) -> Generator[Batch, None, None]:
        held: list[Parsed] = []
        with (
            closing(self._chunks(since)) as chunks,
            closing(parsed(chunks, self._reading, processes=processes)) as all_parsed,
        ):
            for one in all_parsed:
                held.append(one)
                if sum(done.copies.count for done in held) >= self._batch_copies:
                    yield _batch(held)
                    held = []
        if held:
            yield _batch(held)

    def _chunks(self, since: Cursor | None) -> Generator[Chunk, None, None]:
        held: list[Piece] = []
        refused: list[Refusal] = []
        size = 0
        for place, found in self._found(since):
            if isinstance(found, Stretch):
                if held or refused:
                    before = _Place(place.part, place.name, found.begin, is_cut=True)
                    yield Chunk(Held(tuple(held)), tuple(refused), self._cursor(before), self._meter.bytes)
                    held, refused, size = [], [], 0
                yield Chunk(found, (), self._cursor(place), self._meter.at(place.position))
                continue
            if isinstance(found, Refusal):
                refused.append(found)
            else:
                held.append(found)
                size += len(found.raw)
            if len(held) >= CHUNK_PIECES or size >= CHUNK_BYTES or len(refused) >= CHUNK_PIECES:
                yield Chunk(Held(tuple(held)), tuple(refused), self._cursor(place), self._meter.bytes)
                held, refused, size = [], [], 0
        yield Chunk(Held(tuple(held)), tuple(refused), self._cursor(None), self._meter.bytes)

    def _found(self, since: Cursor | None) -> Iterator[tuple[_Place, Piece | Refusal | Stretch]]:
        """Yield what stands behind the cursor, and where reading goes on after it."""
        begin = self._place(since)
        self._meter = Meter()
        for number, part in enumerate(parts(self.path, self._meter)):
            name = part.source if isinstance(part, Refusal) else part.name
            if begin is not None and number < begin.part:
                continue
            if begin is not None and number == begin.part and name != begin.name:
                raise CursorExpired(f"{self.path} is another source than it was")
            place = begin if begin is not None and number == begin.part else _Place(number, name, 0)
            if isinstance(part, Part) and self._reading.mailbox is not None and is_stretchable(part):
                for found in stretches(part, place.position if place.is_cut else 0):
                    end = part.size or 0 if found.until is None else found.until
                    yield _Place(number, name, end, is_cut=True), found
                continue
            for piece in self._pieces(part):
                if place.is_cut or piece.position >= place.position:
                    yield _Place(number, name, piece.position + 1), piece

    def _pieces(self, part: Part | Refusal) -> Iterator[Piece | Refusal]:
        if isinstance(part, Refusal):
            yield part
        elif part.kind != "lines" and self._reading.mailbox is None:
            yield Refusal(part.name, 0, "whose messages? say it with --mailbox")
        else:
            yield from pieces(part)

    def _place(self, since: Cursor | None) -> _Place | None:
        if since is None:
            return None
        said = _said(since)
        try:
            if said["state"] == self._state():
                is_cut = bool(said.get("is_cut"))
                return _Place(int(said["part"]), str(said["name"]), int(said["position"]), is_cut=is_cut)
        except (KeyError, TypeError, ValueError):
            pass
        raise CursorExpired(f"{self.path} is another source than it was")

    def _cursor(self, place: _Place | None) -> str:
        if place is None:
            return json.dumps({"state": self._state(), "is_finished": True})
        return json.dumps({"state": self._state()} | dataclasses.asdict(place))

    def _state(self) -> list[int]:
        """Return what tells a changed source: size and time of a file, the time of a folder."""
        try:
            about = self.path.stat()
        except OSError:
            return []
        return [0 if self.path.is_dir() else about.st_size, about.st_mtime_ns]


def _said(cursor: Cursor) -> dict[str, Any]:
    try:
        said = json.loads(cursor)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _batch(held: list[Parsed]) -> Batch:
    copies = Packed(one.copies for one in held)
    refused = tuple(refusal for one in held for refusal in one.refused)
    last = held[-1]
    return Batch(
        cursor=Cursor(last.following),
        added=copies,
        refused=refused,
        read_count=len(copies) + len(refused),
        read_bytes=last.read_bytes,
    )
