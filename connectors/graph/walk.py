"""The walk over a mailbox's folders: the changes of each, page by page, some folders at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import timedelta
from urllib.parse import quote

from connectors.graph.asking import Asking
from connectors.graph.comparing import spelled
from connectors.graph.folders import Tree
from connectors.graph.page import Pages
from connectors.graph.requests import Json, Query, Requests, listed_pages, rows
from connectors.graph.rows import HEADERS, SELECTED
from connectors.graph.state import Folder, State, batch
from connectors.linked import Linked
from emailresponse.copies import Batch
from emailresponse.errors import AuthorizationLost, CursorExpired, NotFound, ProviderDown, ProviderWrong

RESTARTS = 3
"""How often a folder is begun again in one pass before the mailbox is left alone."""

MARGIN = timedelta(minutes=10)
"""New messages are looked for from a little before the last look: they may show late."""

PENDING_COUNT = 500
"""So many copies that left a folder are kept in a cursor; then they are asked for at once."""

PROBED_COUNT = 10


class Walk:
    """Follows the changes of folders and keeps how far each was read.

    Attributes:
        has_moved: whether a message may have gone from a folder not read yet into one that was.
    """

    def __init__(
        self,
        linked: Linked,
        requests: Requests,
        state: State,
        tree: Tree,
        pages: Pages,
        asking: Asking,
    ) -> None:
        self.has_moved = False
        self._linked = linked
        self._requests = requests
        self._state = state
        self._tree = tree
        self._pages = pages
        self._asking = asking
        self._restarts: dict[str, int] = {}

    def read(self) -> list[str]:
        """Return the ids of folders that were read to their end once."""
        return [id_ for id_ in self._tree.read_ids() if self._state.folders[id_].link]

    def unread(self) -> list[str]:
        """Return the ids of folders whose first read is not done."""
        return [id_ for id_ in self._tree.read_ids() if not self._state.folders[id_].link]

    def is_halfway(self) -> bool:
        """Say whether a round of some folder was begun and not read to its end."""
        return any(self._state.folders[id_].following for id_ in self._tree.read_ids())

    def end_first_read(self) -> None:
        """Note that nothing of the first read is left."""
        self._state.total_count = None

    def probe(self) -> None:
        """Find out once whether internet headers can be had; an empty inbox does not tell."""
        if self._state.has_headers is not None:
            return
        query: Query = {"$select": f"id,{HEADERS}", "$top": PROBED_COUNT}
        try:
            listed = rows(self._requests.get(self._requests.address("mailFolders/inbox/messages", query)))
        except (
            AuthorizationLost,
            NotFound,
            ProviderWrong,
        ):  # of the mailbox as a whole the next request will say so
            self._state.has_headers = False
            return
        if listed:
            self._state.has_headers = any(isinstance(row, dict) and row.get(HEADERS) for row in listed)

    def news(self) -> Iterator[Batch]:
        """Yield what came since the last look into folders whose first read is not done."""
        looked_at = self._linked.now()
        since = (self._state.peeked_at or looked_at) - MARGIN
        for id_ in self.unread():
            folder = self._state.folders[id_]
            query: Query = {
                "$select": self._selected(folder),
                "$filter": f"receivedDateTime ge {spelled(since)}",
                "$orderby": "receivedDateTime desc",
                "$top": self._requests.page_messages,
            }
            address = self._requests.address(f"mailFolders/{quote(id_, safe='')}/messages", query)
            try:
                for listed in listed_pages(self._requests, address):
                    found = self._pages.read(listed, folder.labels)
                    if found.added or found.refused:
                        yield batch(self._state, found.added, found.refused)
            except NotFound:  # deleted a moment ago: the folders say so next time
                continue
        self._state.peeked_at = looked_at

    def changes(self, ids: Sequence[str]) -> Iterator[Batch]:
        """Yield the changes of folders until each has none, page by page in turn.

        The next page is asked for before a page is yielded, so Graph answers while a batch is stored.
        """
        waiting = deque(ids)
        running: deque[tuple[str, Future[Json]]] = deque()
        while waiting or running:
            while waiting and len(running) < self._requests.concurrent:
                id_ = waiting.popleft()
                running.append((id_, self._asked(id_)))
            id_, answer = running.popleft()
            page = self._page(id_, answer)
            if page is None:
                if not self._state.folders[id_].is_gone:
                    running.append((id_, self._asked(id_)))
                continue
            folder = self._state.folders[id_]
            listed = rows(page)
            found = self._pages.read(listed, folder.labels)
            self.has_moved |= found.has_left
            yield from self._asking.unknown(found.unknown)
            self._advance(folder, page, len(listed))
            if folder.following:
                running.append((id_, self._asked(id_)))
            if found.added or found.refused or folder.following:
                yield batch(self._state, found.added, found.refused)
            if len(self._state.pending) >= PENDING_COUNT:
                yield from self._asking.pending()

    def _advance(self, folder: Folder, page: Json, count: int) -> None:
        following = page.get("@odata.nextLink")
        link = None if following else self._requests.checked(page.get("@odata.deltaLink"))
        if folder.link is None and self._state.total_count is not None:
            self._state.done_count += count
        folder.following = self._requests.checked(following) if following else None
        folder.link = link or folder.link

    def _asked(self, id_: str) -> Future[Json]:
        folder = self._state.folders[id_]
        link = folder.following or folder.link
        if link:
            return self._requests.later(link, is_link=True, is_paged=True)
        address = self._requests.address(
            f"mailFolders/{quote(id_, safe='')}/messages/delta", {"$select": self._selected(folder)}
        )
        return self._requests.later(address, is_paged=True)

    def _selected(self, folder: Folder) -> str:
        # Of what was sent the headers come and go, so that nothing may rest on them.
        has_headers = self._state.has_headers is not False and "SENT" not in folder.labels
        return f"{SELECTED},{HEADERS}" if has_headers else SELECTED

    def _page(self, id_: str, answer: Future[Json]) -> Json | None:
        """Return a folder's page; None where the folder is gone or has to be begun again."""
        folder = self._state.folders[id_]
        try:
            return answer.result()
        except CursorExpired as error:
            if folder.link or folder.following:
                self._begin_again(id_)
                return None
            raise ProviderWrong("a first request that has expired") from error
        except NotFound:  # deleted since the folders were listed
            folder.is_gone = True
            folder.link = folder.following = None
            self._state.stale[id_] = None
            return None
        except ProviderWrong:
            if folder.link or folder.following or self._state.has_headers is False:
                raise
            self._state.has_headers = False  # perhaps it was the headers that changes may not bear
            return None

    def _begin_again(self, id_: str) -> None:
        """Read one folder from its start, and compare it then: removals of the lost round are lost too."""
        self._restarts[id_] = self._restarts.get(id_, 0) + 1
        if self._restarts[id_] > RESTARTS:
            raise ProviderDown("a folder's changes expire again and again")
        folder = self._state.folders[id_]
        folder.link = folder.following = None
        self._state.stale[id_] = None
