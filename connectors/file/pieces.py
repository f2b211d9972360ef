"""A part becomes pieces: the header blocks of its messages, or its lines. Bodies pass by unread."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connectors.file.kinds import Part
from connectors.file.mbox import Block, blocks
from connectors.file.parsing import Piece
from connectors.file.streams import Cut
from emailresponse.copies import Refusal
from emailresponse.fields import HEADER_LIMIT

LINE_LIMIT = 16 << 20
_BLANK = re.compile(rb"\n\r?\n|\r\r(?!\n)")
_OVERSIZED = ("oversized_header",)


def pieces(part: Part) -> Iterator[Piece | Refusal]:
    """Yield the pieces of a part; where it ends early, what came before is kept and the rest refused."""
    try:
        yield from _PIECES[part.kind](part)
    except Cut as fault:
        yield Refusal(part.name, part.stream.position, str(fault))


def piece_of(block: Block, source: str, labels: tuple[str, ...]) -> Piece:
    """Return the piece that a header block of an mbox is."""
    return Piece(source, block.position, block.raw, labels, _OVERSIZED if block.is_cut else ())


def _of_mbox(part: Part) -> Iterator[Piece]:
    for block in blocks(part.stream):
        yield piece_of(block, part.name, part.labels)


def _of_message(part: Part) -> Iterator[Piece]:
    size = 1 << 14
    while True:
        start = part.stream.peek(size).removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
        blank = _BLANK.search(start)
        if blank or len(start) < size - 64 or size > HEADER_LIMIT:
            break
        size *= 8
    end = blank.start() if blank else len(start)
    yield Piece(
        part.name, 0, start[: min(end, HEADER_LIMIT)], part.labels, _OVERSIZED if end > HEADER_LIMIT else ()
    )


def _of_lines(part: Part) -> Iterator[Piece | Refusal]:
    held = b""
    is_long = False
    number = 0
    while True:
        more = part.stream.read()
        *lines, held = (held + more).split(b"\n") if more else (held, b"")
        for line in lines:
            number += 1
            if is_long:
                is_long = False
                yield Refusal(part.name, number, f"line longer than {LINE_LIMIT >> 20} MiB")
            elif line.strip():
                raw = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                yield Piece(part.name, number, raw, part.labels, is_line=True)
        if not more:
            return
        if len(held) > LINE_LIMIT:
            held, is_long = b"", True


_PIECES = {"mbox": _of_mbox, "message": _of_message, "lines": _of_lines}
