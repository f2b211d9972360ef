"""Bytes of a file, unpacked on the way if need be: gzip, bzip2, xz and Zstandard, by their first bytes."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import BinaryIO, Protocol

import zstandard

CHUNK = 1 << 20
_PACKED_CHUNK = 1 << 13  # what is packed a thousandfold must not fill the memory
_PACKED: dict[bytes, Callable[[], Decompressor]] = {}


class Decompressor(Protocol):
    """What the four compression modules have in common."""

    @property
    def eof(self) -> bool:
        """Whether the end of a compressed stream was reached."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What follows the end."""
        ...

    def decompress(self, data: bytes, /) -> bytes:
        """Return what the data unpack to."""
        ...


_PACKED.update(
    {
        b"\x1f\x8b": lambda: zlib.decompressobj(wbits=31),
        b"\xfd7zXZ\x00": lzma.LZMADecompressor,
        b"BZh": bz2.BZ2Decompressor,
        b"\x28\xb5\x2f\xfd": lambda: zstandard.ZstdDecompressor().decompressobj(),
    }
)


class Cut(Exception):  # noqa: N818 - what happened, not a mistake of ours
    """The bytes of a file end early or make no sense from here on."""


class Stream:
    """The bytes of a file from front to back; what was read before a fault is given before it is raised.

    Attributes:
        position: how many bytes were taken, unpacked.
    """

    def __init__(self, read: Callable[[int], bytes], *, step: int = CHUNK) -> None:
        self._read = read
        self._step = step
        self._held = b""
        self._fault: Cut | None = None
        self._has_ended = False
        self.position = 0

    def peek(self, size: int) -> bytes:
        """Return the first bytes that are still to be read, at most `size`, without taking them."""
        while len(self._held) < size and not self._has_ended and self._fault is None:
            self._held += self._next()
        return self._held[:size]

    def read(self, size: int = CHUNK) -> bytes:
        """Return at most `size` next bytes; nothing at the end.

        Raises:
            Cut: the file ends early or is damaged here.
        """
        if not self._held and self._fault is None and not self._has_ended:
            self._held = self._next()
        if self._held:
            taken, self._held = self._held[:size], self._held[size:]
            self.position += len(taken)
            return taken
        if self._fault is not None:
            raise self._fault
        return b""

    def _next(self) -> bytes:
        try:
            data = self._read(self._step)
        except Cut as fault:
            self._fault = fault
            return b""
        except (OSError, EOFError, ValueError, RuntimeError, zlib.error) as error:
            self._fault = Cut(f"cannot be read on: {error}")
            return b""
        self._has_ended = not data
        return data


class _Unpacker:
    """Reads a packed file: one compressed stream after the other, as `cat a.gz b.gz` makes them."""

    def __init__(self, raw: Stream, kind: str, make: Callable[[], Decompressor]) -> None:
        self._raw, self._kind, self._make = raw, kind, make
        self._decompressor: Decompressor | None = None
        self._packed = b""
        self._fault: Cut | None = None

    def read(self, size: int) -> bytes:
        """Return about `size` unpacked bytes; nothing at the end."""
        pieces: list[bytes] = []
        while self._fault is None and sum(map(len, pieces)) < min(size, CHUNK // 4):
            try:
                piece = self._unpacked()
            except Cut as fault:
                self._fault = fault
                break
            except (zlib.error, lzma.LZMAError, zstandard.ZstdError, OSError, ValueError, EOFError) as error:
                self._fault = Cut(f"damaged {self._kind} data: {error}")
                break
            if piece is None:
                break
            if piece:
                pieces.append(piece)
        if not pieces and self._fault is not None:
            raise self._fault
        return b"".join(pieces)

    def _unpacked(self) -> bytes | None:
        """Return the next piece, perhaps empty; None at the end."""
        if not self._packed:
            self._packed = self._raw.read(_PACKED_CHUNK)
            if not self._packed:
                if self._decompressor is not None:
                    raise Cut(f"truncated: the {self._kind} data end early")
                return None
        if self._decompressor is None:
            self._packed = self._packed.lstrip(b"\x00")  # padding between streams
            if not self._packed:
                return b""
            self._decompressor = self._make()
        piece = self._decompressor.decompress(self._packed)
        self._packed = b""
        if self._decompressor.eof:
            self._packed = self._decompressor.unused_data
            self._decompressor = None
        return piece


_NAMES = {b"\x1f\x8b": "gzip", b"\xfd7zXZ\x00": "xz", b"BZh": "bzip2", b"\x28\xb5\x2f\xfd": "Zstandard"}


def unpacked(raw: BinaryIO) -> tuple[Stream, bool]:
    """Return the bytes of an open file, unpacked if they are packed, and whether they were."""
    stream = Stream(raw.read)
    start = stream.peek(8)
    for magic, make in _PACKED.items():
        if start.startswith(magic):
            return Stream(_Unpacker(stream, _NAMES[magic], make).read), True
    return stream, False
