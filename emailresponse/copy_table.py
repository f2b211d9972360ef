"""Packed copies, keys and observations as Arrow tables, which the database reads as they lie.

Nothing here asks `pyarrow.array`: it loads pandas where that is installed, 50 MB for nothing.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import datetime

import pyarrow as pa

from emailresponse.packed import KINDS, Buffers, Kind, Packed, pack

_TEXT = pa.string()
_TYPES: dict[Kind, pa.DataType] = {
    "key": pa.uint64(),
    "text": _TEXT,
    "texts": pa.list_(_TEXT),
    "moment": pa.timestamp("us"),
    "number": pa.int64(),
    "flag": pa.bool_(),
}


def copy_table(
    copies: Packed, chosen: Container[int], *, imported_at: datetime, merging: bool, has_subjects: bool
) -> pa.Table:
    """Return copies as rows of table `copy`, each with whether it is new.

    Args:
        copies: all copies of a batch.
        chosen: the numbers of those that are new, from 0 on.
        imported_at: the moment of the import, naive UTC.
        merging: whether the copies may merge.
        has_subjects: whether subjects may be kept.
    """
    batches = []
    first = 0
    for part in copies.parts:
        numbers = range(first, first + part.count)
        columns = {name: _array(kind, part.count, part.buffers[name]) for name, kind in KINDS.items()}
        if not has_subjects:
            columns["subject"] = pa.nulls(part.count, _TEXT)
        columns["imported_at"] = _column("moment", [imported_at] * part.count)
        columns["is_merging"] = _column("flag", [merging] * part.count)
        columns["is_new"] = _column("flag", [number in chosen for number in numbers])
        batches.append(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))
        first += part.count
    return pa.Table.from_batches(batches)


def key_table(keys: Iterable[int]) -> pa.Table:
    """Return keys as one column."""
    return pa.Table.from_arrays([_column("key", list(keys))], names=["copy_key"])


def placement_table(observed: Sequence[tuple[int, tuple[str, ...]]], *, observed_at: datetime) -> pa.Table:
    """Return (key, labels) as the rows of table `placement`, numbered from 1 on."""
    columns = {
        "observed_no": _column("number", range(1, len(observed) + 1)),
        "copy_key": _column("key", [key for key, _ in observed]),
        "observed_at": _column("moment", [observed_at] * len(observed)),
        "labels": _column("texts", [labels for _, labels in observed]),
    }
    return pa.Table.from_arrays(list(columns.values()), names=list(columns))


def _column(kind: Kind, values: Sequence[object]) -> pa.Array:
    return _array(kind, len(values), pack(kind, values))


def _array(kind: Kind, count: int, buffers: Buffers) -> pa.Array:
    held = [None if buffer is None else pa.py_buffer(buffer) for buffer in buffers]
    if kind != "texts":
        return pa.Array.from_buffers(_TYPES[kind], count, held)
    ends, *inner = held
    texts = pa.Array.from_buffers(_TEXT, len(buffers[1] or b"") // 4 - 1, [None, *inner])
    return pa.Array.from_buffers(_TYPES[kind], count, [None, ends], children=[texts])
