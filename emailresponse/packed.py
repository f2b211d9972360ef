"""Copies packed into columns: so they travel between processes and into the database without being touched.

The columns lie as Apache Arrow lays them out (arrow.apache.org, *Columnar Format*): validity is a bitmap with
the least significant bit first, values of any length are one stretch of bytes and the 32-bit ends in it. They
are made without Arrow itself, which would cost each process that parses 20 MB and a tenth of a second.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, chain, pairwise, repeat
from operator import attrgetter, is_not, itemgetter
from typing import Any, Literal

from emailresponse.copies import Copy, copy_key
from emailresponse.headers import subject_digest

Kind = Literal["key", "text", "texts", "moment", "number", "flag"]
Row = tuple[Any, ...]
Buffers = tuple[bytes | None, ...]

FIELDS = tuple(Copy.__dataclass_fields__)
KINDS: dict[str, Kind] = {
    **dict.fromkeys(FIELDS, "text"),
    **dict.fromkeys(
        (name for name, said in Copy.__annotations__.items() if said.startswith("tuple")), "texts"
    ),
    "copied_at": "moment",
    "sent_at": "moment",
    "is_hidden": "flag",
    "is_from_list": "flag",
    "size_bytes": "number",
    "copy_key": "key",
    "subject_digest": "text",
}
"""What each column holds: the fields of a copy, its key and its subject's digest."""

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - naive UTC
_MICROSECOND = timedelta(microseconds=1)
_DIGITS = bytes.maketrans(b"\0\1", b"01")

row_of_copy: Callable[[Copy], Row] = attrgetter(*FIELDS)
row_of_said: Callable[[dict[str, Any]], Row] = itemgetter(*FIELDS)
"""Return the values of a copy, or of what `headers.said` returned, in the order of the fields."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Some copies by column.

    Attributes:
        count: how many copies.
        buffers: for each name of KINDS Arrow's buffers; those of texts are the ends, then the inner ends and
            bytes, for there is never none of them.
    """

    count: int
    buffers: dict[str, Buffers]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Columns:
        """Return the columns of rows."""
        values: dict[str, Sequence[Any]] = dict.fromkeys(FIELDS, ())
        values.update(zip(FIELDS, zip(*rows, strict=True), strict=False))
        values["copy_key"] = list(map(copy_key, values["mailbox"], values["provider_id"]))
        values["subject_digest"] = list(map(subject_digest, values["subject"]))
        return cls(len(rows), {name: pack(kind, values[name]) for name, kind in KINDS.items()})

    def values(self, name: str) -> list[Any]:
        """Return the values of a column."""
        return _unpacked(KINDS[name], self.count, self.buffers[name])


class Packed(Sequence[Copy]):
    """Copies in columns; whoever asks for single ones gets them made anew."""

    def __init__(self, parts: Iterable[Columns]) -> None:
        self.parts = tuple(parts)

    @classmethod
    def of(cls, copies: Sequence[Copy]) -> Packed:
        """Return copies packed; those that are already, as they are."""
        return copies if isinstance(copies, Packed) else cls([Columns.of(list(map(row_of_copy, copies)))])

    def values(self, name: str) -> list[Any]:
        """Return one value of each copy by the column's name (KINDS)."""
        return [value for part in self.parts for value in part.values(name)]

    def __len__(self) -> int:
        return sum(part.count for part in self.parts)

    def __iter__(self) -> Iterator[Copy]:
        for part in self.parts:
            yield from map(Copy, *map(part.values, FIELDS))

    def __getitem__(self, place: Any) -> Any:
        return tuple(self)[place]


def pack(kind: Kind, values: Sequence[Any]) -> Buffers:
    """Return the buffers of a column of values, None where there is none."""
    if kind == "texts":
        return _ends(map(len, values)), *_texts(list(chain.from_iterable(values)))
    if kind == "key":
        return None, array("Q", values).tobytes()
    validity = None
    if None in values:
        validity = _bits(map(is_not, values, repeat(None)))
        values = ["" if value is None else value for value in values] if kind == "text" else values
    if kind == "text":
        return validity, *_texts(values)
    if kind == "flag":
        return validity, _bits(values)
    if kind == "moment":
        values = [None if at is None else (at - _EPOCH) // _MICROSECOND for at in values]
    return validity, array("q", [0 if value is None else value for value in values]).tobytes()


def _texts(values: Sequence[str]) -> tuple[bytes, bytes]:
    joined = "".join(values)
    if joined.isascii():
        return _ends(map(len, values)), joined.encode()
    encoded = [value.encode("utf-8", "replace") for value in values]
    return _ends(map(len, encoded)), b"".join(encoded)


def _ends(sizes: Iterable[int]) -> bytes:
    return array("i", accumulate(sizes, initial=0)).tobytes()


def _bits(flags: Iterable[bool]) -> bytes:
    digits = bytes(flags)[::-1].translate(_DIGITS)
    return int(digits or b"0", 2).to_bytes((len(digits) + 7) // 8, "little")


def _unpacked(kind: Kind, count: int, buffers: Buffers) -> list[Any]:
    if kind == "texts":
        ends, *inner = buffers
        places = _numbers("i", ends)
        texts = _cut(*inner)
        return [tuple(texts[begin:end]) for begin, end in pairwise(places)]
    validity, *held = buffers
    values: list[Any]
    if kind == "text":
        values = _cut(*held)
    elif kind == "flag":
        values = _flags(count, held[0])
    elif kind == "moment":
        values = [_EPOCH + number * _MICROSECOND for number in _numbers("q", held[0])]
    else:
        values = list(_numbers("Q" if kind == "key" else "q", held[0]))
    if validity is None:
        return values
    flags = _flags(count, validity)
    return [value if is_there else None for value, is_there in zip(values, flags, strict=True)]


def _cut(ends: bytes | None, data: bytes | None) -> list[str]:
    places = _numbers("i", ends)
    return [(data or b"")[begin:end].decode() for begin, end in pairwise(places)]


def _numbers(code: str, data: bytes | None) -> array[int]:
    found = array(code)
    found.frombytes(data or b"")
    return found


def _flags(count: int, data: bytes | None) -> list[bool]:
    bits = int.from_bytes(data or b"", "little")
    return [digit == "1" for digit in f"{bits:0{count}b}"[::-1]] if count else []
