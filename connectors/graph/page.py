"""One page of a folder's changes becomes copies, sightings, and questions that are still open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.graph.aliases import Aliases
from connectors.graph.folders import Tree, place
from connectors.graph.rows import Row, copy_from, is_whole, observed, row_of
from connectors.graph.state import State
from connectors.linked import Linked
from emailresponse.copies import Copy, Refusal


@dataclass(slots=True)
class Found:
    """What a page says.

    Attributes:
        added: copies, and sightings of copies that are stored.
        refused: rows that cannot be read.
        unknown: ids of messages that are not stored and of which the page says too little.
        has_left: whether a message that was never brought has left the folder, perhaps to one read before.
    """

    added: list[Copy] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    has_left: bool = False


class Pages:
    """Reads pages for one mailbox: decides what each row means, and fetches nothing."""

    def __init__(self, linked: Linked, state: State, tree: Tree) -> None:
        self._linked = linked
        self._state = state
        self._tree = tree
        domain = linked.mailbox.rpartition("@")[2]
        told = linked.options.get("aliases") or {}
        self._aliases = Aliases(domain, told, state.aliases)

    def read(self, listed: list[Any], labels: tuple[str, ...]) -> Found:
        """Return what a page of the folder so labelled says; ids that left it go to the pending ones."""
        found = Found()
        rows = [said for said in listed if isinstance(said, dict)]
        stored = dict(self._linked.holdings.labels(list(dict.fromkeys(_ids(rows)))))
        self._learn(rows)
        for position, said in enumerate(listed):
            self._take(said, position, labels, stored, found)
        return found

    def fetched(self, said: Any, position: int) -> Copy | Refusal | None:
        """Return the copy that a message asked for by its id makes; nothing where it is not to be brought."""
        row = row_of(said, self._linked.mailbox, position)
        if isinstance(row, Refusal):
            return row
        if row.is_draft or self._is_old(row) or row.parent is None or not self._tree.is_read(row.parent):
            return None
        return self._copy(row, self._tree.labels(row.parent))

    def _take(
        self,
        said: Any,
        position: int,
        labels: tuple[str, ...],
        stored: dict[str, tuple[str, ...]],
        found: Found,
    ) -> None:
        id_ = said.get("id") if isinstance(said, dict) else None
        if isinstance(id_, str) and "@removed" in said:
            if id_ not in stored:
                found.has_left = True
            elif place(stored[id_]) == place(labels):
                self._state.pending[id_] = None
            # else it was seen elsewhere already: the removal is older than what we know
            return
        if isinstance(id_, str) and said.get("isDraft"):
            return
        if isinstance(id_, str) and id_ in stored:
            self._state.pending.pop(id_, None)
            if set(stored[id_]) != set(labels):
                found.added.append(observed(self._linked.mailbox, id_, labels))
                stored[id_] = labels
            return
        if isinstance(id_, str) and not is_whole(said):
            found.unknown.append(id_)
            return
        row = row_of(said, self._linked.mailbox, position)
        if isinstance(row, Refusal):
            found.refused.append(row)
        elif not self._is_old(row):
            found.added.append(self._copy(row, labels))
            stored[row.id] = labels

    def _copy(self, row: Row, labels: tuple[str, ...]) -> Copy:
        return copy_from(row, self._linked.mailbox, labels, self._aliases.resolved, self._linked.now())

    def _is_old(self, row: Row) -> bool:
        return is_before(row.at, self._linked.horizon_at)

    def _learn(self, rows: Iterable[Mapping[str, Any]]) -> None:
        for said in rows:
            row = row_of(said, self._linked.mailbox, 0) if is_whole(said) else None
            if isinstance(row, Row):
                self._aliases.learn(row.named())


def is_before(at: datetime | None, horizon_at: datetime | None) -> bool:
    """Say whether a message is older than what is read; one without a time is not."""
    return at is not None and horizon_at is not None and at < horizon_at


def _ids(rows: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    return (said["id"] for said in rows if isinstance(said.get("id"), str))
