"""Batches become facts once, with their cursor, whatever comes twice and wherever it is stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emailresponse import settings, sync
from emailresponse.audit import Change
from emailresponse.copies import Batch, Copy, Cursor, Refusal, copy_key
from emailresponse.copy_table import copy_table
from emailresponse.packed import Packed
from emailresponse.store import Store

NOW = datetime(2026, 6, 1, 12)
ADA = "ada@acme.com"


def copy(number=1, **said):
    """Return a copy."""
    base = Copy(
        ADA,
        "gmail",
        str(number),
        copied_at=datetime(2026, 3, 2, 9) + timedelta(minutes=number),
        sent_at=datetime(2026, 3, 2, 9),
        message_id=f"{number}@client.example",
        subject="Hello",
        from_address="lee@client.example",
        to_addresses=(ADA,),
    )
    return replace(base, **said)


def store_all(store, *copies, merging=False, ended=(), at=NOW, **options):
    """Store copies as one batch."""
    batch = Batch(Cursor("c"), copies, ended=ended, read_count=len(copies))
    return sync.store_batch(store, batch, imported_at=at, merging=merging, **options)


def seen(store, number=1):
    """Return every set of labels a copy was seen with."""
    return sync._known(store, {copy_key(ADA, str(number))})[copy_key(ADA, str(number))].seen


def test_new_copies_are_stored_and_known_ones_counted(store):
    """A second import changes nothing."""
    first = store_all(store, copy(1), copy(2), copy(1))
    second = store_all(store, copy(1), copy(2))

    assert (first.stored_count, first.known_count, first.read_count) == (2, 1, 3)
    assert (second.stored_count, second.known_count) == (0, 2)
    assert seen(store, 1) == ((),)


def test_every_field_is_kept(store):
    """What a copy says is in the row."""
    full = copy(
        provider_thread="t",
        labels=("INBOX", "A"),
        is_hidden=True,
        size_bytes=7,
        from_name="Lee",
        sender_address="s@x.example",
        original_from="o@x.example",
        is_from_list=True,
        reply_to=("r@x.example",),
        cc_addresses=("c@x.example",),
        bcc_addresses=("b@x.example",),
        delivered_to=(ADA,),
        reply_ids=("0@x",),
        reference_ids=("0@x", "1@x"),
        list_id="l",
        unsubscribe_hosts=("h",),
        marks=("list_id",),
        problems=("bad_date",),
    )
    table = copy_table(Packed.of([full]), {0}, imported_at=NOW, merging=True, has_subjects=True)
    row = table.to_pylist()[0]

    for name in Copy.__dataclass_fields__:
        value = getattr(full, name)
        assert row[name] == (list(value) if isinstance(value, tuple) else value), name
    assert (row["imported_at"], row["is_merging"], len(row["subject_digest"])) == (NOW, True, 16)
    assert store_all(store, full).stored_count == 1


def test_times_of_any_year_are_stored(store):
    """sent_at is kept however incredible."""
    assert (
        store_all(
            store, copy(sent_at=datetime(1, 1, 1)), copy(2, sent_at=datetime(9999, 12, 31))
        ).stored_count
        == 2
    )


def test_batch_and_cursor_are_stored_together_or_not_at_all(store, monkeypatch):
    """Killed between the copies and the cursor, neither is kept."""

    def broken(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sync, "put_cursor", broken)
        with pytest.raises(KeyboardInterrupt):
            store_all(store, copy(1), source="f")

    assert sync.cursor(store, "", "f") is None
    assert store_all(store, copy(1), source="f").stored_count == 1
    assert sync.cursor(store, "", "f") == "c"


def test_other_labels_are_an_observation(store):
    """The copy stays as it was first seen; what it became is kept after it."""
    store_all(store, copy(labels=("INBOX",)))
    store_all(store, copy(labels=("TRASH",)))
    store_all(store, copy(labels=("TRASH",)))

    assert seen(store) == (("INBOX",), ("TRASH",))


def test_order_of_labels_does_not_matter(store):
    """Labels are a set."""
    store_all(store, copy(labels=("INBOX", "A")))
    store_all(store, copy(labels=("A", "INBOX")))

    assert len(seen(store)) == 1


def test_ended_membership_is_trash(store):
    """A copy that is gone keeps its labels and gets TRASH, once."""
    store_all(store, copy(labels=("INBOX",)))
    store_all(store, ended=((ADA, "1"), (ADA, "unknown")))
    store_all(store, ended=((ADA, "1"),))

    assert seen(store) == (("INBOX",), ("INBOX", "TRASH"))


LABELS = st.sampled_from([(), ("INBOX",), ("TRASH",), ("INBOX", "A")])


@hypothesis.settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(1, 3), LABELS), max_size=8))
def test_the_same_source_again_says_nothing_new(story):
    """However often labels change inside a source, reading it again adds nothing."""
    store = Store.open(None)
    copies = [copy(number, labels=labels) for number, labels in story]
    store_all(store, *copies)
    before = {number: seen(store, number) for number, _ in story}
    again = store_all(store, *copies)

    assert again.stored_count == 0
    assert {number: seen(store, number) for number, _ in story} == before
    store.close()


def test_replay_of_a_finished_source_is_no_observation(store):
    """What a source said before, over several batches, is old news."""
    for labels in (("INBOX",), ("TRASH",)):
        store_all(store, copy(labels=labels))
    for labels in (("INBOX",), ("TRASH",)):
        store_all(store, copy(labels=labels), is_replay=True)

    assert seen(store) == (("INBOX",), ("TRASH",))


def test_merging_is_said_of_known_copies_later(store):
    """Imported again with --merge-copies, copies may merge; imported again without, they still may."""
    store_all(store, copy(1))
    store_all(store, copy(1), merging=True)
    store_all(store, copy(1))

    assert [known.is_merging for known in sync._known(store, {copy_key(ADA, "1")}).values()] == [True]


def test_mergeable_copies_are_counted(store):
    """Equal From, Date, Subject, To and Cc with at least one recipient, under different ids."""
    store_all(
        store,
        copy(1),
        copy(2),
        copy(3, subject="Other"),
        copy(4, to_addresses=(), subject="x"),
        copy(5, to_addresses=(), subject="x"),
        copy(6, sent_at=None),
        copy(7, sent_at=None),
    )

    assert sync.mergeable(store, imported_at=NOW) == (7, 1)
    assert sync.mergeable(store, imported_at=NOW + timedelta(1)) == (0, 0)


def test_subjects_are_left_out_where_the_workspace_says_so(store):
    """The digest stays, the subject does not."""
    settings.change(store, Change(NOW, "test"), "privacy.subjects", False)
    store_all(store, copy(1))

    assert store.tuples("store/mergeable", imported_at=NOW) == [(1, 0)]
    assert (
        copy_table(Packed.of([copy()]), {0}, imported_at=NOW, merging=False, has_subjects=False)[
            "subject"
        ].null_count
        == 1
    )


def test_import_runs_and_refusals_are_kept(store):
    """What a run read, stored, knew and refused, and what it refused."""
    run_id = sync.begin_run(store, "a.mbox", started_at=NOW)
    sync.end_run(
        store,
        run_id,
        replace(store_all(store, copy(1)), refused_count=1),
        [Refusal("a.mbox", 17, "because")],
        ended_at=NOW,
    )

    assert sync.begin_run(store, "a.mbox", started_at=NOW) == run_id + 1


def test_copy_keys_tell_mailboxes_and_ids_apart():
    """A NUL between mailbox and id, 64 bits."""
    keys = {copy_key("a", "bc"), copy_key("ab", "c"), copy_key("a", "b")}

    assert len(keys) == 3
    assert all(0 <= key < 1 << 64 for key in keys)
