"""A path is opened into parts: every mbox, message or `.jsonl` file in it, also inside folders and archives.

Parts come in an order that does not change from run to run: folders by name, archives as they lie.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from connectors.file.archives import tar_parts, zip_parts
from connectors.file.kinds import Part, part
from connectors.file.streams import unpacked
from emailresponse.copies import Refusal

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_FLAGS = re.compile(r"[:;!]2,([A-Za-z]*)$")
_FLAG_LABELS = {"T": "TRASH", "D": "DRAFT"}


class Meter:
    """Counts the bytes of files on disk that were read, packed as they lie."""

    def __init__(self) -> None:
        self._finished = 0
        self._current: BinaryIO | None = None

    def begin(self, raw: BinaryIO) -> None:
        """Count a file as it is read."""
        self._current = raw

    def end(self, size: int) -> None:
        """Count a file as read."""
        self._finished += size
        self._current = None

    @property
    def bytes(self) -> int:
        """Bytes read so far."""
        return self._finished + (self._current.tell() if self._current is not None else 0)

    def at(self, place: int) -> int:
        """Return the bytes read once the current file is read up to a place."""
        return self._finished + place


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    if not path.is_dir():
        return path.stat().st_size
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                total += os.stat(os.path.join(folder, name)).st_size  # noqa: PTH116, PTH118 - there may be a million
            except OSError:
                continue
    return total


def parts(path: Path, meter: Meter) -> Iterator[Part | Refusal]:
    """Yield every part of a path; each is to be read before the next is asked for."""
    if not path.is_dir():
        yield from _file(path, meter, is_named=True)
        return
    has_any = False
    for found in _folder(path, meter, ()):
        has_any = True
        yield found
    if not has_any:
        yield Refusal(str(path), 0, "no message in this folder")


def _folder(folder: Path, meter: Meter, labels: tuple[str, ...]) -> Iterator[Part | Refusal]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Refusal(str(folder), 0, _said(error))
        return
    folders = {entry.name for entry in entries if entry.is_dir()}
    is_maildir = "cur" in folders or {"new", "tmp"} <= folders
    for entry in entries:
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            if not is_maildir:
                yield from _folder(path, meter, labels)
            elif entry.name in {"cur", "new"}:
                yield from _maildir(path, meter, labels)
            elif entry.name != "tmp":
                yield from _folder(path, meter, (entry.name.strip(".").rpartition(".")[2],))
        elif not is_maildir and not entry.name.startswith("."):
            yield from _file(path, meter, labels=labels)


def _maildir(folder: Path, meter: Meter, labels: tuple[str, ...]) -> Iterator[Part | Refusal]:
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names alone
    except OSError as error:
        yield Refusal(str(folder), 0, _said(error))
        return
    for name in names:
        if name.startswith("."):
            continue
        flags = _FLAGS.search(name)
        marked = tuple(_FLAG_LABELS[flag] for flag in (flags[1] if flags else "") if flag in _FLAG_LABELS)
        yield from _file(folder / name, meter, labels=labels + marked, is_named=True, is_single=True)


def _said(error: OSError) -> str:
    return "no permission" if isinstance(error, PermissionError) else (error.strerror or str(error)).lower()


def _file(
    path: Path, meter: Meter, *, labels: tuple[str, ...] = (), is_named: bool = False, is_single: bool = False
) -> Iterator[Part | Refusal]:
    name = str(path)
    with ExitStack() as opened:
        try:
            about = path.stat()
            if not stat.S_ISREG(about.st_mode):
                yield Refusal(name, 0, "no regular file")
                return
            raw = opened.enter_context(path.open("rb"))
        except OSError as error:
            yield Refusal(name, 0, _said(error))
            return
        meter.begin(raw)
        yield from _opened(name, raw, labels, is_named=is_named, is_single=is_single)
        meter.end(about.st_size)


def _opened(
    name: str, raw: BinaryIO, labels: tuple[str, ...], *, is_named: bool, is_single: bool
) -> Iterator[Part | Refusal]:
    try:
        start = raw.read(4)
        raw.seek(0)
    except OSError as error:
        yield Refusal(name, 0, _said(error))
        return
    if start in _ZIP:
        yield from zip_parts(name, raw, labels)
        return
    stream, is_packed = unpacked(raw)
    if stream.peek(512)[257:262] == b"ustar":
        yield from tar_parts(name, stream, labels)
        return
    size = None if is_packed else os.fstat(raw.fileno()).st_size
    yield from part(name, stream, labels, is_named=is_named, is_single=is_single, size=size)
