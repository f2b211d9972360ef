"""The mail folders of a mailbox: which are read, and what the copies in each are labelled with.

Folders are known by the names that Microsoft gives them in every language, never by what people read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from connectors.graph.requests import Requests, rows
from connectors.graph.state import Folder, State
from emailresponse.errors import CursorExpired, NotFound, ProviderWrong

_TRASH = ("deleteditems", "recoverableitemsdeletions")
_UNREAD = (
    "drafts",
    "junkemail",
    "outbox",
    "conversationhistory",
    "syncissues",
    "conflicts",
    "localfailures",
    "serverfailures",
    "searchfolders",
    *_TRASH,
)
NAMES = ("inbox", "sentitems", "archive", "msgfolderroot", *_UNREAD)
"""Asked for once, and again whenever a folder is new: some folders are made when first used."""

_SEARCH_FOLDER = "#microsoft.graph.mailsearchfolder"
_SELECTED = "id,parentFolderId,totalItemCount"


class Tree:
    """The folders of a mailbox, kept in its state."""

    def __init__(self, requests: Requests, state: State) -> None:
        self._requests = requests
        self._state = state

    def refresh(self) -> None:
        """Bring the state up to the folders that there are now.

        A folder whose copies mean something else than before, or that is gone, is put on the stale list.

        Raises:
            AuthorizationLost, ProviderDown, ProviderWrong, RateLimited.
        """
        try:
            has_new = self._follow()
        except CursorExpired:
            self._state.tree = None
            known = dict(self._state.folders)
            has_new = self._follow()
            for id_ in known.keys() - self._listed:
                known[id_].is_gone = True
        if has_new or not self._state.names:
            self._ask_names()
        self._label()

    def _follow(self) -> bool:
        """Apply the changes of folders; returns whether a folder is new."""
        self._listed: set[str] = set()
        has_new = False
        is_link = self._state.tree is not None
        address = self._state.tree or self._requests.address("mailFolders/delta", {"$select": _SELECTED})
        is_counting = not is_link and self._state.total_count is not None
        total = 0
        while True:
            page = self._requests.get(address, is_link=is_link, is_paged=True)
            for row in rows(page):
                has_new |= self._apply(row)
                total += _count(row) if is_counting else 0
            if "@odata.deltaLink" in page:
                self._state.tree = self._requests.checked(page["@odata.deltaLink"])
                break
            address = self._requests.checked(page.get("@odata.nextLink"))
            is_link = True
        if is_counting:
            self._state.total_count = total
        return has_new

    def _apply(self, row: Any) -> bool:
        id_ = row.get("id") if isinstance(row, dict) else None
        if not isinstance(id_, str) or str(row.get("@odata.type", "")).lower() == _SEARCH_FOLDER:
            return False
        self._listed.add(id_)
        known = self._state.folders.get(id_)
        if "@removed" in row:
            if known is not None:
                known.is_gone = True
            return False
        parent = row.get("parentFolderId")
        if known is None:
            self._state.folders[id_] = Folder(parent)
            return True
        known.is_gone = False
        known.parent = parent or known.parent  # a row may bear only what has changed
        return False

    def _ask_names(self) -> None:
        wanted = [name for name in NAMES if not self._state.names.get(name)]
        asked = [
            (name, self._requests.later(self._requests.address(f"mailFolders/{name}", {"$select": "id"})))
            for name in wanted
        ]
        for name, answer in asked:
            try:
                self._state.names[name] = str(answer.result()["id"])
            except (NotFound, ProviderWrong):  # the mailbox has none, or this cloud does not know the name
                self._state.names[name] = ""
            except KeyError as error:
                raise ProviderWrong("a folder without an id") from error
        if not self._state.names["inbox"]:
            raise ProviderWrong("a mailbox without an inbox")

    def _label(self) -> None:
        for id_, folder in self._state.folders.items():
            labels = self.labels(id_)
            if folder.is_gone or (folder.labels and folder.labels != labels):
                self._state.stale[id_] = None
            if folder.labels != labels and not self._is_read(id_):
                folder.link = folder.following = None  # read from its start if it ever comes back
            folder.labels = labels

    def read_ids(self) -> list[str]:
        """Return the ids of the folders that are read: the inbox, what was sent, then the others."""
        first = [self._state.names.get(name) for name in ("inbox", "sentitems")]
        ids = [id_ for id_, one in self._state.folders.items() if not one.is_gone and self._is_read(id_)]
        return sorted(ids, key=lambda id_: first.index(id_) if id_ in first else len(first))

    def labels(self, id_: str) -> tuple[str, ...]:
        """Return what copies in a folder are labelled with, in Gmail's words where there is one."""
        return self._labelled(list(self._path(id_)))

    def found(self, id_: str) -> tuple[str, ...]:
        """Return what copies in any folder are labelled with, also in one that the tree does not hold.

        A folder that nobody can see holds what was deleted.

        Raises:
            AuthorizationLost, ProviderDown, ProviderWrong, RateLimited.
        """
        path = [id_]
        while path[-1] not in self._state.folders and path[-1] not in self._state.names.values():
            address = self._requests.address(
                f"mailFolders/{quote(path[-1], safe='')}", {"$select": "id,parentFolderId"}
            )
            try:
                answer = self._requests.get(address)
            except NotFound:
                return ("TRASH",)
            if answer.get("id") in self._state.folders:  # Graph may spell one folder in two ways
                path[-1] = str(answer["id"])
                break
            path.append(str(answer.get("parentFolderId") or ""))
            if path[-1] in path[:-1] or not path[-1]:
                return ("TRASH",)
        return self._labelled(path[:-1] + list(self._path(path[-1])))

    def _labelled(self, path: list[str]) -> tuple[str, ...]:
        names, above, own = self._state.names, set(path), path[0]
        if above & self._named(_TRASH):
            return ("TRASH",)
        if above & self._named(("junkemail",)):
            return ("SPAM",)
        if above & self._named(("sentitems",)):
            return ("SENT",) if own == names["sentitems"] else ("SENT", own.upper())
        known = {names["inbox"]: "INBOX", names["archive"]: "ARCHIVE"}
        return (known.get(own, own.upper()),)

    def is_read(self, id_: str) -> bool:
        """Say whether messages of a folder are brought."""
        folder = self._state.folders.get(id_)
        return folder is not None and not folder.is_gone and self._is_read(id_)

    def _is_read(self, id_: str) -> bool:
        return not set(self._path(id_)) & self._named(_UNREAD)

    def _named(self, names: tuple[str, ...]) -> set[str]:
        return {self._state.names[name] for name in names if self._state.names.get(name)}

    def _path(self, id_: str) -> Iterator[str]:
        seen: set[str] = set()
        above: str | None = id_
        while above and above not in seen:
            yield above
            seen.add(above)
            folder = self._state.folders.get(above)
            above = folder.parent if folder else None


def _count(row: Any) -> int:
    count = row.get("totalItemCount") if isinstance(row, dict) else None
    return count if isinstance(count, int) else 0


def place(labels: tuple[str, ...]) -> str:
    """Return the one label that tells where a copy lies."""
    if "TRASH" in labels:
        return "TRASH"
    return next((label for label in labels if label != "SENT"), "SENT" if labels else "")
