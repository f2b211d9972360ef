"""Copies packed into columns come out as they went in, and lie as Arrow lays columns out."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emailresponse.copies import Copy, copy_key
from emailresponse.copy_table import copy_table, key_table, placement_table
from emailresponse.headers import subject_digest
from emailresponse.packed import FIELDS, KINDS, Columns, Packed, row_of_copy

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
VALUES = {
    "text": TEXT,
    "texts": st.lists(TEXT, max_size=3).map(tuple),
    "moment": st.datetimes(),
    "number": st.integers(0, 1 << 62),
    "flag": st.booleans(),
}
NEVER_ABSENT = {"mailbox", "provider", "provider_id"}
NOW = datetime(2026, 6, 1)


def _said(name):
    value = VALUES[KINDS[name]]
    is_optional = KINDS[name] in {"text", "moment", "number"} and name not in NEVER_ABSENT
    return st.none() | value if is_optional else value


COPIES = st.lists(st.builds(Copy, **{name: _said(name) for name in FIELDS}), max_size=12)


@given(COPIES, COPIES)
def test_packed_copies_are_the_copies(some, others):
    """Whatever they say; in several parts or one."""
    packed = Packed([Columns.of(list(map(row_of_copy, part))) for part in (some, others)])

    assert list(packed) == some + others
    assert len(packed) == len(some) + len(others)
    assert packed.values("copy_key") == [copy_key(one.mailbox, one.provider_id) for one in packed]
    assert packed.values("subject_digest") == [subject_digest(one.subject) for one in packed]
    assert Packed.of(packed) is packed


@given(COPIES)
def test_arrow_reads_the_same_values(copies):
    """Arrow finds its own layout valid, and in it what the copies say."""
    packed = Packed.of(copies)
    table = copy_table(packed, {0, 2}, imported_at=NOW, merging=True, has_subjects=True)
    table.validate(full=True)

    for name in KINDS:
        wanted = [list(one) if isinstance(one, tuple) else one for one in packed.values(name)]
        assert table[name].to_pylist() == wanted, name
    assert table["is_new"].to_pylist() == [number in {0, 2} for number in range(len(copies))]


def test_keys_and_observations_are_tables():
    """Keys of 64 bits; observations numbered from 1 on."""
    observed = [(7, ("INBOX", "É")), (1 << 63, ())]

    assert key_table([1 << 63, 0])["copy_key"].to_pylist() == [1 << 63, 0]
    assert placement_table(observed, observed_at=NOW).to_pylist() == [
        {"observed_no": 1, "copy_key": 7, "observed_at": NOW, "labels": ["INBOX", "É"]},
        {"observed_no": 2, "copy_key": 1 << 63, "observed_at": NOW, "labels": []},
    ]


def test_half_a_surrogate_pair_stops_nothing():
    """What no encoding holds becomes a question mark."""
    assert Packed.of([Copy("a", "file", "1", subject="a\ud800é")])[0].subject == "a?é"


def test_what_is_read_twice_may_be_sliced():
    """Packed copies are a sequence like any other."""
    packed = Packed.of([Copy("a", "file", str(number)) for number in range(3)])

    assert [one.provider_id for one in packed[1:]] == ["1", "2"]
    with pytest.raises(IndexError):
        packed[3]
