"""Folders compared with what is stored: for moves that Graph forgot, lost rounds, and folders that moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

from connectors.graph.asking import Asking
from connectors.graph.folders import Tree, place
from connectors.graph.page import is_before
from connectors.graph.requests import Query, Requests, listed_pages
from connectors.graph.rows import Row, observed, row_of
from connectors.graph.state import State, batch
from connectors.linked import Linked
from emailresponse.copies import Batch, Copy
from emailresponse.errors import NotFound

LISTED_AT_ONCE = 1_000
"""Ids on a page of a plain list: the most that Graph gives."""


class Comparison:
    """Compares stale folders, one after the other.

    A folder's ids are listed as a whole before anything of it is yielded: what is missing is known only at
    the end, and a comparison that gave way in the middle would never end in a large folder.
    """

    def __init__(self, linked: Linked, requests: Requests, state: State, tree: Tree, asking: Asking) -> None:
        self._linked = linked
        self._requests = requests
        self._state = state
        self._tree = tree
        self._asking = asking

    def folders(self) -> Iterator[Batch]:
        """Yield what the stale folders hold that is not stored so; what they hold no more becomes pending."""
        stored = dict(self._linked.holdings.since(self._linked.horizon_at)) if self._state.stale else {}
        for id_ in list(self._state.stale):
            yield from self._compared(id_, stored)

    def _compared(self, id_: str, stored: dict[str, tuple[str, ...]]) -> Iterator[Batch]:
        folder = self._state.folders.get(id_)
        labels = folder.labels if folder else (id_.upper(),)
        listed = self._listed(id_)
        added: list[Copy] = []
        unknown: list[str] = []
        missing = [
            one for one, seen in stored.items() if place(seen) in _places(id_, labels) and one not in listed
        ]
        for one in listed:
            if one in stored:
                if set(stored[one]) != set(labels):
                    added.append(observed(self._linked.mailbox, one, labels))
                    stored[one] = labels
            elif self._tree.is_read(id_) and is_of_age(listed[one], self._linked.horizon_at):
                unknown.append(one)
        now = self._linked.holdings.labels(missing)  # some may have been seen elsewhere since
        self._state.pending |= {
            one: None for one in missing if place(now.get(one, ())) in _places(id_, labels)
        }
        yield from self._asking.unknown(unknown)
        del self._state.stale[id_]
        if folder is not None and folder.is_gone:
            del self._state.folders[id_]
        yield batch(self._state, added)

    def _listed(self, id_: str) -> dict[str, Row]:
        """Return the messages that a folder holds, by id: ids, times and whether they are drafts."""
        query: Query = {
            "$select": "id,receivedDateTime,sentDateTime,isDraft",
            "$top": LISTED_AT_ONCE,
        }
        if self._linked.horizon_at is not None:
            query["$filter"] = f"receivedDateTime ge {spelled(self._linked.horizon_at)}"
        address = self._requests.address(f"mailFolders/{quote(id_, safe='')}/messages", query)
        found: dict[str, Row] = {}
        try:
            for page in listed_pages(self._requests, address):
                rows = (row_of(said, self._linked.mailbox, 0) for said in page)
                found |= {row.id: row for row in rows if isinstance(row, Row) and not row.is_draft}
        except NotFound:  # the folder is gone, and all that it held
            return {}
        return found


def is_of_age(row: Row, horizon_at: datetime | None) -> bool:
    """Say whether a listed message is young enough to be read."""
    return not is_before(row.at, horizon_at)


def spelled(at: datetime) -> str:
    """Return a moment as Graph's filters spell it."""
    return f"{at.isoformat(timespec='seconds')}Z"


def _places(id_: str, labels: tuple[str, ...]) -> set[str]:
    """Return the labels under which a folder's copies may be stored: its own, and its id before it moved."""
    own = {id_.upper()}
    return own if labels in {("TRASH",), ("SPAM",)} else own | {place(labels)}
