"""Batches of copies become facts: stored once, with their cursor, in one transaction.

Killed anywhere, the next run ends in the same facts. A copy that is known already is not stored again; where
its labels differ from what was last seen, the new ones are kept as an observation.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from emailresponse import settings
from emailresponse.copies import Batch, Cursor, Progress, Refusal, copy_key
from emailresponse.copy_table import copy_table, key_table, placement_table
from emailresponse.packed import Packed
from emailresponse.store import Store

Labels = tuple[str, ...]
Observation = tuple[int, Labels]


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of a copy: every set of labels it was seen with, in order, and whether it may merge."""

    seen: tuple[Labels, ...]
    is_merging: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with a batch, decided before anything is done.

    Attributes:
        new: the keys of new copies and their numbers in the batch.
        observed: keys and the labels they were seen with now.
        merging: the keys of known copies that may merge from now on.
        known_count: copies that were stored or had come before.
    """

    new: dict[int, int]
    observed: list[Observation]
    merging: list[int]
    known_count: int


def store_batch(
    store: Store,
    batch: Batch,
    *,
    imported_at: datetime,
    merging: bool,
    mailbox: str = "",
    source: str | None = None,
    is_replay: bool = False,
) -> Progress:
    """Store a batch and its cursor in one transaction and return what became of its copies.

    Args:
        store: the workspace.
        batch: copies in source order.
        imported_at: the moment of this import or sync, naive UTC.
        merging: whether equal copies with different ids are one message (`--merge-copies`).
        mailbox: whose cursor it is; empty where a source holds several mailboxes.
        source: what the cursor belongs to; absent: the cursor is not kept.
        is_replay: whether the source has said all this before, so that labels of known copies are old news.
    """
    with store.transaction():
        added = Packed.of(batch.added)
        keys = added.values("copy_key")
        ended = [copy_key(*where) for where in batch.ended]
        known = _known(store, {*keys, *ended})
        decision = decided(keys, added, ended, known, merging=merging)
        if is_replay:
            decision = dataclasses.replace(
                decision, observed=[(key, labels) for key, labels in decision.observed if key not in known]
            )
        _act(store, added, decision, imported_at=imported_at, merging=merging)
        if source is not None:
            put_cursor(store, mailbox, source, batch.cursor, stored_at=imported_at)
    return Progress(
        read_count=batch.read_count,
        stored_count=len(decision.new),
        known_count=decision.known_count,
        refused_count=len(batch.refused),
        read_bytes=batch.read_bytes,
        refused=batch.refused,
    )


def decided(
    keys: Sequence[int], added: Packed, ended: Sequence[int], known: dict[int, Known], *, merging: bool
) -> Decision:
    """Return what is to be done with the copies of a batch, given what is stored of them."""
    new: dict[int, int] = {}
    again: dict[int, list[int]] = {}
    for number, key in enumerate(keys):
        if key in known or key in new:
            again.setdefault(key, []).append(number)
        else:
            new[key] = number
    labels: list[Labels] = added.values("labels") if again or ended else []
    observed: list[Observation] = []
    for key, numbers in again.items():
        seen = known[key].seen if key in known else (labels[new[key]],)
        observed += [(key, words) for words in unseen(seen, [labels[number] for number in numbers])]
    last = {key: labels[number] for key, number in new.items()} if ended else {}
    last |= {key: one.seen[-1] for key, one in known.items()} | dict(observed)
    for key in ended:
        if key in last and "TRASH" not in last[key]:
            observed.append((key, (*last[key], "TRASH")))
    flipped = [key for key in again if merging and key in known and not known[key].is_merging]
    return Decision(new, observed, flipped, known_count=sum(map(len, again.values())))


def unseen(seen: Sequence[Labels], sightings: Sequence[Labels]) -> list[Labels]:
    """Return the sightings that tell something new of a copy.

    A source that is read again repeats what it said before: its sightings are taken as the end of what was
    seen, as far as they agree, and only what goes beyond is new. Labels are compared as sets.
    """
    before = _changes(seen)
    now = _changes(sightings)
    for overlap in range(min(len(before), len(now)), 0, -1):
        if [set(labels) for labels in before[-overlap:]] == [set(labels) for labels in now[:overlap]]:
            return now[overlap:]
    return now


def _changes(sightings: Sequence[Labels]) -> list[Labels]:
    changes: list[Labels] = []
    for labels in sightings:
        if not changes or set(changes[-1]) != set(labels):
            changes.append(labels)
    return changes


def _known(store: Store, keys: set[int]) -> dict[int, Known]:
    if not keys:
        return {}
    with store.table("incoming_key", key_table(keys)):
        rows = store.tuples("store/known_copies")
    return {
        key: Known((tuple(first), *map(tuple, later or ())), is_merging)
        for key, first, later, is_merging in rows
    }


def _act(store: Store, added: Packed, decision: Decision, *, imported_at: datetime, merging: bool) -> None:
    if decision.new:
        has_subjects = settings.load(store).privacy_subjects
        chosen = frozenset(decision.new.values())
        rows = copy_table(added, chosen, imported_at=imported_at, merging=merging, has_subjects=has_subjects)
        with store.table("incoming_copy", rows):
            store.run("store/add_copies")
    if decision.observed:
        with store.table("observed_placement", placement_table(decision.observed, observed_at=imported_at)):
            store.run("store/add_placements")
    if decision.merging:
        with store.table("merging_copy", key_table(decision.merging)):
            store.run("store/set_merging")
    touched = {*decision.new, *decision.merging, *(key for key, _ in decision.observed)}
    if touched:
        with store.table("touched_copy", key_table(touched)):
            store.run("store/add_pending_copies")


@contextmanager
def in_little_memory(store: Store) -> Iterator[None]:
    """Keep the database within 64 MB inside, so that an import of any size stays under 300 MB."""
    store.limit_memory(64 * 10**6)
    try:
        yield
        store.run("store/checkpoint")  # else closing does it, in as much memory as there is
    finally:
        store.limit_memory()


def cursor(store: Store, mailbox: str, source: str) -> Cursor | None:
    """Return where the next read of a source goes on; None: from the start."""
    found = store.value("store/cursor", mailbox=mailbox, source=source)
    return None if found is None else Cursor(found)


def put_cursor(store: Store, mailbox: str, source: str, following: Cursor, *, stored_at: datetime) -> None:
    """Remember where the next read of a source goes on; inside a transaction."""
    store.run("store/remove_cursor", mailbox=mailbox, source=source)
    store.run("store/add_cursor", mailbox=mailbox, source=source, cursor=following, stored_at=stored_at)


def begin_run(store: Store, source: str, *, started_at: datetime) -> int:
    """Return the number of an import run that begins."""
    return int(store.value("store/begin_run", source=source, started_at=started_at))


def end_run(
    store: Store, run_id: int, so_far: Progress, refused: Sequence[Refusal], *, ended_at: datetime | None
) -> None:
    """Keep what an import run has read, stored, known and refused; without an end it was stopped halfway."""
    with store.transaction():
        store.run(
            "store/end_run",
            run_id=run_id,
            ended_at=ended_at,
            read_count=so_far.read_count,
            stored_count=so_far.stored_count,
            known_count=so_far.known_count,
            refused_count=so_far.refused_count,
        )
        for refusal in refused:
            store.run(
                "store/add_refusal",
                run_id=run_id,
                source=refusal.source,
                position=refusal.position,
                reason=refusal.reason,
            )


def mergeable(store: Store, *, imported_at: datetime) -> tuple[int, int]:
    """Return how many copies an import stored, and how many of them `--merge-copies` would have merged."""
    copies, merged = store.tuples("store/mergeable", imported_at=imported_at)[0]
    return copies, merged
