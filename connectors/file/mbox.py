"""An mbox file is cut into header blocks by its bytes; bodies pass by and are never decoded nor held.

A message begins at a line `From … weekday month … time` that follows an empty line (or the start of the file,
or a header block that no empty line ended) and stands before a line that looks like a header field. So a line
of a body that begins with an unescaped "From " neither cuts the message nor is lost (RFC 4155 appendix A, and
what mail programs write). A file whose first separator bears no date is cut at separators of that kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from connectors.file.streams import Stream
from emailresponse.headers import HEADER_LIMIT

_DAYS = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_MONTHS = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_NEXT_LINE = rb"\r?\n(?=>?From |[!-9;-~]+[ \t]*:)"
_ENVELOPE = re.compile(
    rb"From [^\n]*?\b" + _DAYS + rb",? +(?:" + _MONTHS + rb" +\d{1,2}|\d{1,2}[ -]" + _MONTHS + rb")\b"
    rb"[^\n]*?\d:\d\d[^\n]*?" + _NEXT_LINE
)
_DATELESS = re.compile(rb"From \S+[ \t]*" + _NEXT_LINE)  # Google writes `From 1844…@xxx`, others `From -`
_FIRST_ENVELOPE = re.compile(rb"From [^\n]*?" + _NEXT_LINE)
_BLANK = re.compile(rb"\n\r?\n")
_LOOKAHEAD = 4096


class Block(NamedTuple):
    """The header block of one message: where it begins in the unpacked file, and what it holds."""

    position: int
    raw: bytes
    is_cut: bool


def is_mbox(start: bytes) -> bool:
    """Return whether a file that begins like this is an mbox."""
    return (
        _FIRST_ENVELOPE.match(
            _plain_ends(start, is_bare=_has_bare_returns(start)).lstrip(b"\xef\xbb\xbf\r\n")
        )
        is not None
    )


def blocks(stream: Stream) -> Iterator[Block]:
    """Yield the header block of every message, in order.

    Raises:
        Cut: the file ends early; what came before was yielded.
    """
    return _Splitter(stream).blocks()


def _has_bare_returns(start: bytes) -> bool:
    return b"\r" in start and b"\n" not in start


def _plain_ends(data: bytes, *, is_bare: bool) -> bytes:
    return data.replace(b"\r", b"\n") if is_bare else data


class _Splitter:
    """Holds one stretch of the file and looks for the next separator in it; positions are the file's own."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._is_bare = _has_bare_returns(stream.peek(1 << 16))
        self._data = b""
        self._base = 0
        self._has_ended = False
        self._envelope = _ENVELOPE

    def blocks(self) -> Iterator[Block]:
        """Yield every header block."""
        found = self._first()
        while found is not None:
            position, begin = found
            raw, is_cut, end = self._block(begin)
            inner = self._inner(begin, raw)
            if inner is not None:
                raw, is_cut = raw[: inner[0] - 1 - begin], False
            yield Block(position, raw, is_cut)
            found = inner or self._separator(end)

    def _first(self) -> tuple[int, int] | None:
        """Return where the first message's envelope and fields begin."""
        while len(self._data) < _LOOKAHEAD and self._fill(0):
            pass
        at = len(self._data) - len(self._data.lstrip(b"\xef\xbb\xbf\r\n"))
        found = _FIRST_ENVELOPE.match(self._data, at)
        if found and _DATELESS.match(self._data, at):
            self._envelope = _DATELESS
        return (at, found.end()) if found else None

    def _fill(self, keep: int) -> bool:
        """Take more of the file, dropping what stands before `keep`; return whether there was more."""
        if self._has_ended:
            return False
        more = _plain_ends(self._stream.read(), is_bare=self._is_bare)
        if not more:
            self._has_ended = True
            return False
        keep = max(keep, self._base)
        self._data = self._data[keep - self._base :] + more
        self._base = keep
        return True

    def _block(self, begin: int) -> tuple[bytes, bool, int]:
        """Return a header block, whether it was cut at the limit, and where the body begins."""
        looked = begin - 1
        while True:
            blank = _BLANK.search(self._data, looked - self._base)
            size = (self._base + blank.start() if blank else self._end()) - begin
            if size > HEADER_LIMIT:
                return self._bytes(begin, HEADER_LIMIT), True, begin + HEADER_LIMIT
            if blank:
                return self._bytes(begin, max(0, size)), False, begin + size
            looked = max(begin - 1, self._end() - 3)
            if not self._fill(begin - 1):
                return self._bytes(begin, size), False, begin + size

    def _inner(self, begin: int, raw: bytes) -> tuple[int, int] | None:
        """Return the separator that cuts a header block which no empty line ended."""
        at = raw.find(b"\nFrom ")
        while at >= 0:
            found = self._envelope.match(self._data, begin - self._base + at + 1)
            if found:
                return begin + at + 1, self._base + found.end()
            at = raw.find(b"\nFrom ", at + 1)
        return None

    def _separator(self, looked: int) -> tuple[int, int] | None:
        """Return where the next message's envelope and fields begin, looking from a place in a body on."""
        while True:
            at = self._data.find(b"\nFrom ", looked - self._base)
            if at < 0:
                looked = max(looked, self._end() - 6)
                if not self._fill(looked - 4):
                    return None
                continue
            looked = self._base + at
            if at + _LOOKAHEAD > len(self._data) and self._fill(looked - 4):
                continue
            if self._is_after_empty_line(at):
                found = self._envelope.match(self._data, at + 1)
                if found:
                    return looked + 1, self._base + found.end()
            looked += 1

    def _is_after_empty_line(self, at: int) -> bool:
        before = self._data[max(0, at - 2) : at]
        return before.endswith(b"\n") or before in {b"\n\r", b"\r", b""}

    def _end(self) -> int:
        return self._base + len(self._data)

    def _bytes(self, begin: int, size: int) -> bytes:
        return self._data[begin - self._base : begin - self._base + size]
