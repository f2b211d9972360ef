"""Messages asked for one by one, by their lasting id: those hardly known, and those that left a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from itertools import islice
from urllib.parse import quote

from connectors.graph.folders import Tree
from connectors.graph.page import Pages
from connectors.graph.requests import Json, Requests, rows
from connectors.graph.rows import HEADERS, SELECTED, observed
from connectors.graph.state import State, batch
from connectors.linked import Linked
from emailresponse.copies import Batch, Copy, Refusal
from emailresponse.errors import MailboxEmptied, NotFound

ASKED_AT_ONCE = 50
"""Messages that are asked for before what they say is stored: three seconds' requests."""

SUSPECT_COUNT = 5
"""From so many copies that left on, the mailbox is asked whether it holds anything at all."""


class Asking:
    """Asks for single messages of one mailbox, and says what became of them."""

    def __init__(self, linked: Linked, requests: Requests, state: State, tree: Tree, pages: Pages) -> None:
        self._linked = linked
        self._requests = requests
        self._state = state
        self._tree = tree
        self._pages = pages

    def unknown(self, ids: Sequence[str]) -> Iterator[Batch]:
        """Yield copies of messages not stored yet, as far as they are there, young and in a read folder."""
        selected = SELECTED if self._state.has_headers is False else f"{SELECTED},{HEADERS}"
        for begin in range(0, len(ids), ASKED_AT_ONCE):
            added: list[Copy] = []
            refused: list[Refusal] = []
            for position, answer in enumerate(self._asked(ids[begin : begin + ASKED_AT_ONCE], selected)):
                said = _there(answer)
                found = None if said is None else self._pages.fetched(said, position)
                if isinstance(found, Refusal):
                    refused.append(found)
                elif found is not None:
                    added.append(found)
            if added or refused:
                yield batch(self._state, added, refused)

    def pending(self) -> Iterator[Batch]:
        """Yield where the copies that left a folder lie now, or that they lie nowhere.

        Raises:
            MailboxEmptied: all left, and the mailbox holds nothing any more.
        """
        if len(self._state.pending) >= SUSPECT_COUNT:
            self._refuse_emptiness()
        while self._state.pending:
            ids = list(islice(self._state.pending, ASKED_AT_ONCE))
            stored = self._linked.holdings.labels(ids)
            added: list[Copy] = []
            ended: list[tuple[str, str]] = []
            asked = [id_ for id_ in ids if id_ in stored]
            for id_, answer in zip(asked, self._asked(asked, "id,parentFolderId"), strict=True):
                said = _there(answer)
                if said is None:
                    ended.append((self._linked.mailbox, id_))
                    continue
                labels = self._tree.found(str(said.get("parentFolderId") or ""))
                if set(labels) != set(stored[id_]):
                    added.append(observed(self._linked.mailbox, id_, labels))
            for id_ in ids:
                del self._state.pending[id_]
            yield batch(self._state, added, ended=ended)

    def _asked(self, ids: Sequence[str], selected: str) -> list[Future[Json]]:
        return [
            self._requests.later(
                self._requests.address(f"messages/{quote(id_, safe='')}", {"$select": selected})
            )
            for id_ in ids
        ]

    def _refuse_emptiness(self) -> None:
        """Raise if the mailbox holds no message at all, not even deleted ones, and held some."""
        if rows(self._requests.get(self._requests.address("messages", {"$select": "id", "$top": 1}))):
            return
        stored = self._linked.holdings.since(None)
        if any(not {"TRASH", "SPAM"} & set(labels) for labels in stored.values()):
            raise MailboxEmptied(self._linked.mailbox)


def _there(answer: Future[Json]) -> Json | None:
    try:
        return answer.result()
    except NotFound:
        return None
