"""A large mbox that lies unpacked on disk is read in stretches, each by the process that parses it.

So its bytes are read where they are needed, and no process holds more than a window of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from connectors.file.kinds import PEEK, Part
from connectors.file.mbox import Manner, manner, stretch
from connectors.file.parsing import Piece
from connectors.file.pieces import piece_of
from connectors.file.streams import Cut, Stream
from emailresponse.copies import Refusal

LEAST = 12 << 20  # bytes of a file; below it stretches save no time
STRETCH = 4 << 20
_WINDOW = 1 << 18  # what fits in a processor's cache is searched faster


class Stretch(NamedTuple):
    """The bytes of an mbox from `begin` on, up to the next stretch if there is one."""

    path: str
    begin: int
    until: int | None
    manner: Manner
    labels: tuple[str, ...]

    def pieces(self) -> Iterator[Piece | Refusal]:
        """Read the stretch and yield its pieces; where that fails, what came before is kept."""
        try:
            with Path(self.path).open("rb", buffering=0) as file:

                def open_at(place: int) -> Stream:
                    file.seek(place)
                    return Stream(file.read, step=_WINDOW)

                for block in stretch(open_at, self.begin, self.until, self.manner):
                    yield piece_of(block, self.path, self.labels)
        except (Cut, OSError) as fault:
            yield Refusal(self.path, self.begin, str(fault))


def is_stretchable(part: Part) -> bool:
    """Return whether a part is read in stretches."""
    return (
        part.kind == "mbox"
        and part.size is not None
        and part.size >= LEAST
        and not manner(part.stream.peek(PEEK)).is_bare
    )


def stretches(part: Part, begin: int) -> Iterator[Stretch]:
    """Yield the stretches of a part from a place on where one began before, or from 0."""
    seen = manner(part.stream.peek(PEEK))
    size = part.size or 0
    for place in range(begin, size, STRETCH):
        until = place + STRETCH
        yield Stretch(part.name, place, until if until < size else None, seen, part.labels)
