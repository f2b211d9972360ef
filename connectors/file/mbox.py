"""An mbox file is cut into header blocks by its bytes; bodies pass by and are never decoded nor held.

A message begins at a line `From … weekday month … time` that follows an empty line (or the start of the file,
or a header block that no empty line ended) and stands before a line that looks like a header field. So a line
of a body that begins with an unescaped "From " neither cuts the message nor is lost (RFC 4155 appendix A, and
what mail programs write). A file whose first separator bears no date is cut at separators of that kind.

A separator that follows an empty line is one wherever reading began. So a file can be read in stretches:
each holds the messages that begin in it, and those that no empty line parts from the last of them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

from connectors.file.streams import Stream
from emailresponse.fields import HEADER_LIMIT

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
_FROM = re.compile(rb"\nFrom ")  # a pattern finds this twice as fast as bytes.find
_LOOKAHEAD = 4096
_LOOKBEHIND = 4


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
    splitter = _Splitter(stream)
    return splitter.blocks(splitter.first())


class Manner(NamedTuple):
    """How a file's separators look, as its first bytes show: without dates; behind lone CRs."""

    is_dateless: bool
    is_bare: bool


def manner(start: bytes) -> Manner:
    """Return how the separators of a file look that begins like this."""
    begun = start.lstrip(b"\xef\xbb\xbf\r\n")
    return Manner(_DATELESS.match(begun) is not None, _has_bare_returns(start))


def stretch(
    open_at: Callable[[int], Stream], begin: int, until: int | None, manner: Manner
) -> Iterator[Block]:
    """Yield the header blocks of the messages of a stretch, in order.

    The stretches of a file, cut anywhere behind its first message's beginning, give the blocks of the whole.

    Args:
        open_at: gives the file's bytes from a place on.
        begin: where the stretch begins; 0 is the beginning of the file.
        until: where the next stretch begins; absent for the last.
        manner: how the file's separators look; none that stand behind lone CRs.

    Raises:
        Cut: the file ends early; what came before was yielded.
    """
    if begin == 0:
        splitter = _Splitter(open_at(0), until=until)
        return splitter.blocks(splitter.first())
    base = max(0, begin - _LOOKBEHIND)
    splitter = _Splitter(open_at(base), base=base, until=until, is_dateless=manner.is_dateless)
    return splitter.blocks(splitter.separator(begin - 1))


def _has_bare_returns(start: bytes) -> bool:
    return b"\r" in start and b"\n" not in start


def _plain_ends(data: bytes, *, is_bare: bool) -> bytes:
    return data.replace(b"\r", b"\n") if is_bare else data


class _Splitter:
    """Holds one stretch of the file and looks for the next separator in it; positions are the file's own."""

    def __init__(
        self, stream: Stream, *, base: int = 0, until: int | None = None, is_dateless: bool = False
    ) -> None:
        self._stream = stream
        self._is_bare = base == 0 and _has_bare_returns(stream.peek(1 << 16))
        self._data = b""
        self._base = base
        self._until = sys.maxsize if until is None else until
        self._has_ended = False
        self._envelope = _DATELESS if is_dateless else _ENVELOPE

    def blocks(self, found: tuple[int, int] | None) -> Iterator[Block]:
        """Yield every header block from a separator on."""
        while found is not None:
            position, begin = found
            raw, is_cut, end = self._block(begin)
            inner = self._inner(begin, raw)
            if inner is not None:
                raw, is_cut = raw[: inner[0] - 1 - begin], False
            yield Block(position, raw, is_cut)
            found = inner or self.separator(end)

    def first(self) -> tuple[int, int] | None:
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
        for line in _FROM.finditer(raw):
            at = line.start() + 1
            found = self._envelope.match(self._data, begin - self._base + at)
            if found:
                return begin + at, self._base + found.end()
        return None

    def separator(self, looked: int) -> tuple[int, int] | None:
        """Return where the stretch's next envelope and fields begin, looking from a place in a body on."""
        while looked + 1 < self._until:
            line = _FROM.search(self._data, looked - self._base)
            if line is None:
                looked = max(looked, self._end() - 6)
                if not self._fill(looked - _LOOKBEHIND):
                    return None
                continue
            at = line.start()
            looked = self._base + at
            if at + _LOOKAHEAD > len(self._data) and self._fill(looked - _LOOKBEHIND):
                continue
            if looked + 1 < self._until and self._is_after_empty_line(at):
                found = self._envelope.match(self._data, at + 1)
                if found:
                    return looked + 1, self._base + found.end()
            looked += 1
        return None

    def _is_after_empty_line(self, at: int) -> bool:
        before = self._data[max(0, at - 2) : at]
        return before.endswith(b"\n") or before in {b"\n\r", b"\r", b""}

    def _end(self) -> int:
        return self._base + len(self._data)

    def _bytes(self, begin: int, size: int) -> bytes:
        return self._data[begin - self._base : begin - self._base + size]
