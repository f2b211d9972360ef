"""A session with an IMAP server: it connects when something is asked, and again when the connection broke.

Folders are opened by EXAMINE, so nothing there is ever changed, and no message is marked as read.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from imapclient import IMAPClient, SocketTimeout, exceptions

from connectors.imap.failures import FOREIGN, Broken, Unreadable, is_lost, translated
from connectors.imap.servers import Server
from connectors.pacing import Pace
from connectors.retrying import patiently
from emailresponse.errors import AuthorizationLost, ProviderWrong

Answer = TypeVar("Answer")
Fetched = Mapping[int, Mapping[bytes, Any]]
Refresh = Callable[[str], str]

TIMEOUT = SocketTimeout(connect=20, read=120)
"""Seconds. A SEARCH over a large folder that the server has not indexed yet may well take a minute."""

WINDOW = 50_000
"""Messages that one SEARCH looks at: an answer is one line, and imaplib reads none above a million bytes."""

# It writes every line of every answer to its log, addresses and subjects included.
logging.getLogger("imapclient").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a folder stands: its UIDVALIDITY, UIDNEXT and MESSAGES, and HIGHESTMODSEQ where there is one."""

    validity: int
    following: int
    count: int
    modseq: int | None = None


class Session:
    """One user's connection to a server.

    Args:
        server: where it is.
        mailbox: whose mail it is, for errors.
        secret: JSON with `password`, or with `access_token` for XOAUTH2.
        pace: a token bucket; a command costs one.
        refresh: returns a secret with a new access token, and has kept it, where the server no longer takes
            the old one; absent where there is none to be had.
        timeout: seconds until an unanswered command counts as lost.
    """

    def __init__(
        self,
        server: Server,
        mailbox: str,
        secret: str,
        pace: Pace,
        *,
        refresh: Refresh | None = None,
        timeout: SocketTimeout = TIMEOUT,
    ) -> None:
        self._server = server
        self._mailbox = mailbox
        self._secret = _parsed(secret, mailbox)
        self._pace = pace
        self._refresh = refresh
        self._timeout = timeout
        self._client: Any = None
        self._opened: tuple[str, int] | None = None
        self._capabilities: frozenset[bytes] | None = None

    def has(self, capability: str) -> bool:
        """Return whether the server offers a capability."""
        if self._capabilities is None:
            self._capabilities = frozenset(self._ask("CAPABILITY", lambda client: client.capabilities()))
        return capability.encode() in self._capabilities

    def listed(self) -> list[tuple[tuple[bytes, ...], str, str]]:
        """Return flags, hierarchy delimiter and name of every folder of the user's own."""
        rows = self._ask("LIST", lambda client: client.list_folders())
        foreign = self._foreign()
        return [
            (flags, (delimiter or b"").decode("ascii", "replace"), name)
            for flags, delimiter, name in rows
            if not any(name.startswith(prefix) or name + prefix[-1] == prefix for prefix in foreign)
        ]

    def _foreign(self) -> tuple[str, ...]:
        """Return how the folders begin that others share with the user (RFC 2342)."""
        if not self.has("NAMESPACE"):
            return ()
        spaces = self._ask("NAMESPACE", lambda client: client.namespace())
        return tuple(prefix for space in (spaces.other, spaces.shared) for prefix, _ in space or () if prefix)

    def standing(self, folder: str) -> Standing:
        """Return how a folder stands.

        Raises:
            Unreadable: the server does not say.
        """
        wanted = ["UIDVALIDITY", "UIDNEXT", "MESSAGES"]
        if self.has("CONDSTORE"):
            wanted.append("HIGHESTMODSEQ")

        def status(client: Any) -> Standing:
            self._leave(client)
            said = _opening(lambda: client.folder_status(folder, wanted))
            return Standing(
                said[b"UIDVALIDITY"], said[b"UIDNEXT"], said[b"MESSAGES"], said.get(b"HIGHESTMODSEQ")
            )

        return self._ask("STATUS", status)

    def search(self, folder: str, validity: int, criteria: Iterable[str | int | date] = ()) -> list[int]:
        """Return the UIDs of a folder's messages that match, in ascending order.

        Raises:
            Unreadable: the folder is not there as it was listed.
        """
        wanted = list(criteria)
        count = self._ask("EXAMINE", lambda client: self._count(client, folder, validity))
        found: set[int] = set()
        # From the top down: what is expunged meanwhile moves messages down, into windows still to come.
        for top in range(count, 0, -WINDOW):
            window = f"{max(1, top - WINDOW + 1)}:{top if top < count else '*'}"
            found.update(self._found(folder, validity, [window, *wanted]))
        return sorted(found)

    def _found(self, folder: str, validity: int, criteria: Sequence[str | int | date]) -> list[int]:
        return list(self._ask("SEARCH", lambda client: client.search(criteria), folder, validity))

    def _count(self, client: Any, folder: str, validity: int) -> int:
        self._opened = None
        return self._open(client, folder, validity)

    def fetch(self, folder: str, validity: int, uids: Sequence[int], items: Sequence[str]) -> Fetched:
        """Return what a folder's messages say of the items; what is not there any more is left out.

        Raises:
            Unreadable: the folder is not there as it was listed.
        """
        return self._ask("FETCH", lambda client: client.fetch(uids, items), folder, validity)

    def close(self) -> None:
        """Leave the server; asked again, a session connects again."""
        client, self._client, self._opened = self._client, None, None
        if client is None:
            return
        try:
            client.logout()
        except FOREIGN:
            _drop(client)

    def _ask(
        self, command: str, act: Callable[[Any], Answer], folder: str | None = None, validity: int = 0
    ) -> Answer:
        """Return a command's answer, asked again where that helps."""
        return patiently(lambda: self._twice(command, act, folder, validity))

    def _twice(self, command: str, act: Callable[[Any], Answer], folder: str | None, validity: int) -> Answer:
        try:
            return self._once(command, act, folder, validity)
        except Broken:
            pass  # the connection may have been out of step: a new one tells
        try:
            return self._once(command, act, folder, validity)
        except Broken as error:
            raise ProviderWrong(f"{command} is answered with what is no IMAP") from error

    def _once(self, command: str, act: Callable[[Any], Answer], folder: str | None, validity: int) -> Answer:
        self._pace.take(1)
        try:
            client = self.connected()
            if folder is not None and self._opened != (folder, validity):
                self._open(client, folder, validity)
            return act(client)
        except FOREIGN as error:
            if is_lost(error) and self._client is not None:
                client, self._client, self._opened = self._client, None, None
                _drop(client)
            raise translated(error, self._mailbox, command) from error

    def connected(self) -> Any:
        """Return the signed-in client.

        Raises:
            AuthorizationLost: the server does not take the user and password.
        """
        if self._client is None:
            client = greeted(self._server, self._timeout)
            try:
                self._sign_in(client)
            except BaseException:
                _drop(client)
                raise
            self._client = client
        return self._client

    def _sign_in(self, client: Any) -> None:
        if "password" in self._secret:
            sign_in(client, self._server.user, self._secret["password"])
            return
        try:
            client.oauth2_login(self._server.user, self._secret["access_token"])
        except exceptions.LoginError:
            if self._refresh is None:
                raise
            self._secret = _parsed(self._refresh(json.dumps(self._secret)), self._mailbox)
            client.oauth2_login(self._server.user, self._secret["access_token"])

    def _open(self, client: Any, folder: str, validity: int) -> int:
        """Open a folder for reading only and return how many messages lie there."""
        self._opened = None
        said = _opening(lambda: client.select_folder(folder, readonly=True))
        if said.get(b"UIDVALIDITY") != validity:
            raise Unreadable
        self._opened = (folder, validity)
        return int(said[b"EXISTS"])

    def _leave(self, client: Any) -> None:
        """Close the folder at hand, since STATUS is for others; opened for reading only, it loses nothing."""
        if self._opened is not None:
            self._opened = None
            client.close_folder()


def _parsed(secret: str, mailbox: str) -> dict[str, str]:
    try:
        said = json.loads(secret)
    except ValueError:
        said = None
    if not isinstance(said, dict) or not said.keys() & {"password", "access_token"}:
        raise AuthorizationLost(mailbox, "there is no password")
    return said


def greeted(server: Server, timeout: SocketTimeout = TIMEOUT) -> Any:
    """Return a client that is connected as securely as it was asked for, and not signed in."""
    is_tls = server.security == "tls"
    context = None if server.security == "none" else server.context()
    client = IMAPClient(
        server.host, server.port, ssl=is_tls, ssl_context=context if is_tls else None, timeout=timeout
    )
    client.normalise_times = False
    try:
        if server.security == "starttls":
            client.starttls(context)
    except BaseException:
        _drop(client)
        raise
    return client


def sign_in(client: Any, user: str, password: str) -> None:
    """Sign in; LOGIN spells only ASCII, so other passwords go by AUTHENTICATE PLAIN (RFC 4616)."""
    if user.isascii() and password.isascii():
        client.login(user, password)
    else:
        client.plain_login(user, password)


def _opening(ask: Callable[[], Answer]) -> Answer:
    """Return an answer about a folder as a whole; that the server refuses it is an affair of that folder."""
    try:
        return ask()
    except exceptions.IMAPClientError as error:
        if is_lost(error) or not isinstance(translated(error, "", ""), ProviderWrong):
            raise
        raise Unreadable from error


def _drop(client: Any) -> None:
    try:
        client.shutdown()
    except FOREIGN:
        return
