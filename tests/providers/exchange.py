"""A mailbox as Exchange keeps it: folders, messages, and what changed in each folder, in order."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

WELL_KNOWN = (
    "inbox",
    "sentitems",
    "drafts",
    "deleteditems",
    "junkemail",
    "outbox",
    "conversationhistory",
    "syncissues",
    "searchfolders",
    "recoverableitemsdeletions",
)
GONE = {"TRASH", "SPAM"}
_UNLISTED = {"searchfolders", "recoverableitemsdeletions", "msgfolderroot"}
UNREAD = {
    "drafts",
    "deleteditems",
    "junkemail",
    "outbox",
    "conversationhistory",
    "syncissues",
    "searchfolders",
    "recoverableitemsdeletions",
}


@dataclass
class Place:
    """A folder."""

    id: str
    parent: str
    name: str | None = None
    title: str = ""
    type: str | None = None


@dataclass(frozen=True)
class Change:
    """Something that happened in a folder: a message was put, changed or taken."""

    number: int
    kind: str
    folder: str
    id: str
    properties: tuple[str, ...] = ()


@dataclass
class Exchange:
    """One mailbox.

    Attributes:
        address: whose it is.
        has_headers: whether internet headers are given.
        forgets_returns: whether a message that comes back to a folder is not told (a fault of Graph's).
        hides_arrivals: whether of a move only the departure is told (another one).
    """

    address: str = "ada@acme.com"
    has_headers: bool = True
    forgets_returns: bool = False
    hides_arrivals: bool = False
    folders: dict[str, Place] = field(default_factory=dict)
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    log: list[Change] = field(default_factory=list)
    tree_log: list[tuple[str, str]] = field(default_factory=list)
    ever: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.changing = threading.RLock()
        self._ids = itertools.count(1)
        self._homes: dict[str, set[str]] = {}
        self.folders["root=="] = Place("root==", "", "msgfolderroot")
        for number, name in enumerate(WELL_KNOWN):
            # Ids are base64 with everything that base64 has.
            self.make(f"Ordner {number}", name=name, id_=f"AAMk/{number}+{name[:4]}==")

    def make(
        self,
        title: str,
        *,
        parent: str | None = None,
        name: str | None = None,
        id_: str | None = None,
        type_: str | None = None,
        **_: Any,
    ) -> str:
        """Make a folder and return its id."""
        with self.changing:
            id_ = id_ or f"AAMkUser{next(self._ids)}/+=="
            self.folders[id_] = Place(id_, parent or "root==", name, title, type_)
            if name not in _UNLISTED:
                self.tree_log.append(("put", id_))
            return id_

    def named(self, name: str) -> str:
        """Return the id of a folder that has a well-known name, or the id itself."""
        return next((one.id for one in self.folders.values() if one.name == name), name)

    def place_folder(self, id_: str, parent: str) -> None:
        """Move a folder."""
        with self.changing:
            self.folders[id_].parent = self.named(parent)
            self.tree_log.append(("put", id_))

    def remove_folder(self, id_: str) -> None:
        """Delete a folder for good, with all that it holds."""
        with self.changing:
            for one in [key for key, said in self.messages.items() if said["parentFolderId"] == id_]:
                del self.messages[one]
            del self.folders[id_]
            self.tree_log.append(("removed", id_))

    def put(self, folder: str = "inbox", **said: Any) -> str:
        """Put a new message into a folder and return its id."""
        with self.changing:
            number = next(self._ids)
            id_ = said.pop("id", f"AAkALg{number}/x+{'i' * 20}=")
            at = said.pop("at", datetime(2026, 5, 1, 9) + timedelta(minutes=number))
            author = said.pop("author", ("Lee Client", f"lee{number % 7}@client.example"))
            message = {
                "id": id_,
                "internetMessageId": f"<m{number}@mail.example>",
                "conversationId": f"AAQk{number % 5}=",
                "conversationIndex": "AQHc" + "A" * 25 + "==",
                "from": person(*author),
                "sender": person(*author),
                "replyTo": [],
                "toRecipients": [person("Ada", self.address)],
                "ccRecipients": [],
                "bccRecipients": [],
                "receivedDateTime": spelled(at),
                "sentDateTime": spelled(at - timedelta(seconds=3)),
                "createdDateTime": spelled(at),
                "lastModifiedDateTime": spelled(at),
                "isDraft": False,
                "isRead": False,
                "inferenceClassification": "focused",
                "importance": "normal",
                "subject": f"A question {number}",
                "bodyPreview": "what nobody may see",
                "internetMessageHeaders": [
                    {"name": "Message-ID", "value": f"<m{number}@mail.example>"},
                    {"name": "In-Reply-To", "value": f"<m{number - 1}@mail.example>"},
                ],
            } | said
            message["parentFolderId"] = self.named(folder)
            self.messages[id_] = message
            self._note("put", message["parentFolderId"], id_)
            return id_

    def change(self, id_: str, **said: Any) -> None:
        """Change some properties of a message."""
        with self.changing:
            self.messages[id_] |= said
            self._note("changed", self.messages[id_]["parentFolderId"], id_, tuple(said))

    def move(self, id_: str, folder: str) -> None:
        """Move a message, which keeps its lasting id."""
        with self.changing:
            target = self.named(folder)
            source = self.messages[id_]["parentFolderId"]
            self._note("taken", source, id_)
            self.messages[id_]["parentFolderId"] = target
            is_return = target in self._homes.get(id_, set())
            if not (self.hides_arrivals or (self.forgets_returns and is_return)):
                self._note("put", target, id_)

    def delete(self, id_: str) -> None:
        """Delete a message for good."""
        with self.changing:
            self._note("taken", self.messages[id_]["parentFolderId"], id_)
            del self.messages[id_]

    def _note(self, kind: str, folder: str, id_: str, properties: tuple[str, ...] = ()) -> None:
        self.log.append(Change(len(self.log) + 1, kind, folder, id_, properties))
        if kind == "put":
            self._homes.setdefault(id_, set()).add(folder)

    def path(self, id_: str) -> list[str]:
        """Return the names and ids of a folder and those above it."""
        found: list[str] = []
        while id_ in self.folders:
            found += [self.folders[id_].name or id_, id_]
            id_ = self.folders[id_].parent
        return found

    def is_read(self, folder: str) -> bool:
        """Say whether messages of a folder are to be brought."""
        return folder in self.folders and not UNREAD & set(self.path(folder))

    def labels(self, folder: str) -> set[str]:
        """Return what copies in a folder are to be labelled with, said otherwise than the connector does."""
        names = self.path(folder)
        if {"deleteditems", "recoverableitemsdeletions"} & set(names):
            return {"TRASH"}
        if "junkemail" in names:
            return {"SPAM"}
        own = self.folders[folder].name
        if "sentitems" in names:
            return {"SENT"} if own == "sentitems" else {"SENT", folder.upper()}
        return {{"inbox": "INBOX", "archive": "ARCHIVE"}.get(own or "", folder.upper())}

    def truth(self, since: datetime | None = None) -> dict[str, set[str]]:
        """Return the labels of every message that is to be held, by id."""
        return {
            id_: self.labels(said["parentFolderId"])
            for id_, said in self.messages.items()
            if self.is_read(said["parentFolderId"])
            and not said["isDraft"]
            and (since is None or said["receivedDateTime"] >= spelled(since))
        }


def person(name: str, address: str) -> dict[str, Any]:
    """Return somebody as Graph writes them."""
    return {"emailAddress": {"name": name, "address": address}}


def spelled(at: datetime) -> str:
    """Return a moment as Graph writes it."""
    return f"{at.isoformat(timespec='seconds')}Z"


def difference(
    exchange: Exchange, held: dict[str, tuple[str, ...]], since: datetime | None = None
) -> list[str]:
    """Return in what the held copies, with the labels last seen, are not what the mailbox really holds."""
    truth = exchange.truth(since)
    found = [f"{id_} is missing" for id_ in truth if id_ not in held]
    for id_, seen in held.items():
        said = exchange.messages.get(id_)
        expected = {"TRASH"} if said is None else exchange.labels(said["parentFolderId"])
        if expected & GONE and GONE & set(seen):
            continue  # once out of sight, bin and junk folder tell nothing more
        if said is None:
            found.append(f"{id_} is deleted, held as {seen}")
        elif set(seen) != exchange.labels(said["parentFolderId"]):
            found.append(f"{id_} is in {exchange.labels(said['parentFolderId'])}, held as {seen}")
    return found
