"""Archives are opened into their members: Takeout's .zip and .tgz, and any other zip or tar file."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from connectors.file.kinds import PEEK, Part, part
from connectors.file.streams import Cut, Stream, unpacked
from emailresponse.copies import Refusal


def zip_parts(name: str, raw: BinaryIO, labels: tuple[str, ...]) -> Iterator[Part | Refusal]:
    """Yield the parts of a zip archive, in its order."""
    has_any = False
    try:
        archive = zipfile.ZipFile(raw)
        members = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield Refusal(name, 0, f"truncated or damaged zip archive: {error}")
        return
    for member in members:
        try:
            inner = archive.open(member)
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
            has_any = True
            yield Refusal(f"{name}!{member.filename}", 0, str(error))
            continue
        with inner:
            for found in _member(name, member.filename, cast("BinaryIO", inner), labels):
                has_any = True
                yield found
    if not has_any:
        yield Refusal(name, 0, "no message in this archive")


def tar_parts(name: str, stream: Stream, labels: tuple[str, ...]) -> Iterator[Part | Refusal]:
    """Yield the parts of a tar archive as they come; what stands before a cut is kept."""
    has_any = False
    try:
        with tarfile.open(fileobj=cast("BinaryIO", _Whole(stream)), mode="r|") as archive:
            for member in archive:
                inner = archive.extractfile(member) if member.isfile() else None
                if inner is None:
                    continue
                for found in _member(name, member.name, cast("BinaryIO", inner), labels):
                    has_any = True
                    yield found
    except (tarfile.TarError, Cut, OSError, EOFError, ValueError) as error:
        yield Refusal(name, stream.position, f"truncated or damaged tar archive: {error}")
        return
    if not has_any:
        yield Refusal(name, 0, "no message in this archive")


def _member(archive: str, name: str, raw: BinaryIO, labels: tuple[str, ...]) -> Iterator[Part | Refusal]:
    if not Path(name).name.startswith("."):
        stream, _ = unpacked(cast("BinaryIO", _Member(raw)))
        yield from part(f"{archive}!{name}", stream, labels, is_named=False)


class _Member:
    """Reads an archive's member in small steps, so that little is lost where the archive ends early."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw

    def read(self, size: int) -> bytes:
        """Return at most so many bytes, and never many at once."""
        try:
            return self._raw.read(min(size, PEEK))
        except (tarfile.TarError, zipfile.BadZipFile) as error:
            raise Cut(f"truncated or damaged archive: {error}") from error


class _Whole:
    """Reads as many bytes as are asked for, as `tarfile` expects."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        """Return exactly so many bytes, fewer only at the end."""
        pieces: list[bytes] = []
        while size > 0 and (piece := self._stream.read(size)):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)
