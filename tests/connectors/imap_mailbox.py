"""A mailbox on a test's Dovecot, its owner, and us who read it: what the tests of the IMAP connector tell."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from imapclient import IMAPClient

from connectors.imap import connect, password
from connectors.imap.connector import ImapConnector
from connectors.linked import Linked
from connectors.pacing import Paces
from emailresponse.copies import Batch, Cursor
from emailresponse.providers import Providers
from tests.holdings import MemoryHoldings
from tests.providers.dovecot import PASSWORD, Dovecot

NOW = datetime(2026, 6, 1, 12)
AWAY = {"TRASH", "SPAM"}

_numbers = itertools.count(1)


def letter(number: int | str, at: datetime, *, subject: str = "Question", more: str = "") -> bytes:
    """Return a message that was sent at a moment (naive UTC)."""
    return (
        f"Received: from client.example by acme.test; {at:%a, %d %b %Y %H:%M:%S} +0000\r\n"
        f"From: Lee <lee@client.example>\r\nTo: rep@acme.test\r\nSubject: {subject}\r\n"
        f"Date: {at:%a, %d %b %Y %H:%M:%S} +0000\r\nMessage-ID: <{number}@client.example>\r\n{more}"
        "\r\nThe body is nobody's business.\r\n"
    ).encode("utf-8", "surrogateescape")


class Mailbox:
    """One user's mailbox on a server, and what we hold of it."""

    def __init__(self, server: Dovecot, *, block: int = 4, horizon_at: datetime | None = None) -> None:
        self.server = server
        self.user = f"rep{next(_numbers)}@acme.test"
        self.block = block
        self.horizon_at = horizon_at
        self.now = NOW
        self.holdings = MemoryHoldings()
        self.cursor: Cursor | None = None
        self.options: dict[str, object] = {"host": "127.0.0.1", "port": server.port, "security": "none"}
        self.secret = password(PASSWORD)
        self._owner: IMAPClient | None = None

    @property
    def owner(self) -> IMAPClient:
        """The person whose mailbox it is, signed in."""
        if self._owner is None:
            self._owner = self.server.person(self.user)
        return self._owner

    def put(
        self,
        number: int | str,
        folder: str = "INBOX",
        *,
        days: float = 1,
        raw: bytes | None = None,
        **options,
    ):
        """Lay a message into a folder, received so many days ago; return when (naive UTC)."""
        at = NOW.replace(microsecond=0) - timedelta(days=days)
        if not self.owner.folder_exists(folder):
            self.owner.create_folder(folder)
        flags = options.pop("flags", ())
        self.owner.append(folder, raw or letter(number, at, **options), flags, at.replace(tzinfo=UTC))
        return at

    def move(self, number: int | str, source: str, target: str) -> None:
        """Move a message as a mail program does."""
        self.owner.select_folder(source)
        self.owner.move(self.find(number), target)
        self.owner.unselect_folder()

    def delete(self, number: int | str, folder: str = "INBOX") -> None:
        """Delete a message for good."""
        self.owner.select_folder(folder)
        self.owner.delete_messages(self.find(number))
        self.owner.expunge()
        self.owner.unselect_folder()

    def find(self, number: int | str) -> list[int]:
        """Return the UIDs of a message in the folder at hand."""
        found = self.owner.search(["HEADER", "Message-ID", f"<{number}@client.example>"])
        assert found, f"no message {number}"
        return list(found)

    def leave(self) -> None:
        """Let the owner sign off."""
        if self._owner is not None:
            self._owner.shutdown()
            self._owner = None

    def linked(self) -> Linked:
        """Return the mailbox as a connector is given it."""
        return Linked(
            mailbox=self.user,
            account=self.user,
            way="password",
            options=self.options,
            horizon_at=self.horizon_at,
            secret=self.secret,
            save_secret=self._save,
            holdings=self.holdings,
            providers=Providers(),
            paces=Paces(wait=lambda seconds: None),
            now=lambda: self.now,
        )

    def _save(self, secret: str) -> None:
        self.secret = secret

    def connector(self) -> ImapConnector:
        """Return a new connector."""
        return connect(self.linked(), block=self.block)

    def sync(
        self, *, stop_after: int | None = None, between: Callable[[int], None] | None = None
    ) -> list[Batch]:
        """Run a pass, or the first batches of one; `between` is told the number of each that is stored."""
        connector = self.connector()
        batches: list[Batch] = []
        try:
            for batch in connector.changes(self.cursor):
                batches.append(batch)
                self.holdings.keep([batch])
                self.cursor = batch.cursor
                if between is not None:
                    between(len(batches))
                if len(batches) == stop_after:
                    break
        finally:
            connector.close()
        return batches

    def seen(self) -> dict[str, set[str]]:
        """Return the labels of every copy that we hold and that is not away, by its Message-ID's number."""
        return {number: labels for number, labels in self.held().items() if not labels & AWAY}

    def held(self) -> dict[str, set[str]]:
        """Return the labels of every copy that we hold, by the number in its Message-ID."""
        held: dict[str, set[str]] = {}
        for provider_id, labels in self.holdings.last.items():
            said = self.holdings.copies[provider_id].message_id or provider_id
            held.setdefault(said.partition("@")[0], set()).update(labels)
        return held

    def truth(self) -> dict[str, set[str]]:
        """Return what the server holds: the labels of every message that is neither draft, trash nor junk."""
        labels = {"Sent": "SENT", "Drafts": "", "Junk": "", "Trash": ""}
        truth: dict[str, set[str]] = {}
        for flags, _, name in self.owner.list_folders():
            label = labels.get(name, name.upper())
            if not label or b"\\Noselect" in flags or b"\\NonExistent" in flags:
                continue
            self.owner.select_folder(name, readonly=True)
            uids = self.owner.search("ALL")
            for answer in self.owner.fetch(uids, ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"]).values():
                block = next(value for key, value in answer.items() if key.startswith(b"BODY["))
                number = block.decode().partition("<")[2].partition("@")[0]
                truth.setdefault(number, set()).add(label)
            self.owner.unselect_folder()
        return truth
