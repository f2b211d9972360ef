"""The calls that are made to one Gmail mailbox: paced, asked again where that helps, never for a body.

Each thread has its own connection, since Google's is safe in one thread only (shared, threads get each
other's answers); the id that comes back is compared all the same.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httplib2
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build

from connectors.gmail.faults import Gone, translated
from connectors.linked import Linked
from connectors.pacing import Pace, Paces
from connectors.retrying import PATIENCE_SECONDS, patiently
from emailresponse.errors import ProviderDown, ProviderWrong, RateLimited
from emailresponse.fields import WANTED
from emailresponse.providers import Gmail

TIMEOUT_SECONDS = 30.0
PAGE = 500
"""Ids or records a page holds; the most that Gmail gives."""

HEADERS = sorted(WANTED - {"x-gmail-labels", "x-gm-thrid"})
"""What an archive writes into a header, Gmail tells itself; in a live message a stranger wrote it."""

_SPELLED = ["Message-ID" if name == "message-id" else name.title() for name in HEADERS]
_MESSAGE = "id,threadId,labelIds,internalDate,sizeEstimate,payload/headers"
_LIST = "messages/id,nextPageToken"
_HISTORY = (
    "history(messagesAdded/message(id,labelIds),messagesDeleted/message/id,"
    "labelsAdded(labelIds,message(id,labelIds)),labelsRemoved(labelIds,message(id,labelIds))),"
    "historyId,nextPageToken"
)
_PROFILE = "emailAddress,historyId,messagesTotal"
_HOLD_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Profile:
    """A mailbox as Gmail names it: its address, how many messages it holds, and where its history stands."""

    address: str
    history_id: str
    message_count: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of message ids, newest first, and the token of the next page."""

    ids: list[str]
    following: str | None


def mailbox_pace(paces: Paces, settings: Gmail, mailbox: str) -> Pace:
    """Return the pace of a mailbox; its `spent` is the quota units taken since the process began."""
    rate = settings.units_per_second
    return paces.of(f"gmail {mailbox}", rate, max(rate, settings.units_get))


def project_pace(paces: Paces, settings: Gmail) -> Pace:
    """Return the pace that all mailboxes of the project share."""
    rate = settings.project_units_per_second
    return paces.of("gmail project", rate, max(rate, settings.units_get))


@functools.lru_cache(maxsize=4)
def service(endpoint: str) -> Any:
    """Return what builds requests; it makes none itself, so mailboxes and threads share it."""
    return build(
        "gmail", "v1", http=httplib2.Http(), static_discovery=True, client_options={"api_endpoint": endpoint}
    ).users()


class Calls:
    """The calls to one mailbox, for any number of threads."""

    def __init__(self, linked: Linked, credentials: Any) -> None:
        self._linked = linked
        self._settings = linked.providers.gmail
        self._credentials = credentials
        self._users = service(self._settings.api_endpoint)
        self._pace = mailbox_pace(linked.paces, self._settings, linked.mailbox)
        self._project = project_pace(linked.paces, self._settings)
        self._own = threading.local()
        self._limited: RateLimited | None = None
        self._opened: list[AuthorizedHttp] = []
        self._opening = threading.Lock()

    def profile(self) -> Profile:
        """Return whose mailbox it is and where its history stands."""

        def checked(said: dict[str, Any]) -> None:
            if not said.get("historyId") or not said.get("emailAddress"):
                raise ProviderDown("answered without address and history id")

        said = self._ask(
            self._settings.units_profile,
            lambda: self._users.getProfile(userId="me", fields=_PROFILE),
            checked,
        )
        return Profile(str(said["emailAddress"]), str(said["historyId"]), int(said.get("messagesTotal") or 0))

    def messages(
        self, *, labels: Sequence[str] = (), page: str | None = None, everywhere: bool = False
    ) -> Listed:
        """Return a page of ids, newest first.

        Args:
            labels: only messages that bear all of them.
            page: the token of the page; None: the first.
            everywhere: whether spam and trash are listed too.
        """
        said = self._ask(
            self._settings.units_list,
            lambda: self._users.messages().list(
                userId="me",
                labelIds=list(labels) or None,
                includeSpamTrash=everywhere or None,
                maxResults=PAGE,
                pageToken=page,
                fields=_LIST,
            ),
        )
        return Listed([str(one["id"]) for one in said.get("messages", ())], said.get("nextPageToken") or None)

    def message(self, message_id: str) -> dict[str, Any]:
        """Return a message's headers and labels."""
        return self._get(message_id, format="metadata", metadataHeaders=_SPELLED, fields=_MESSAGE)

    def labels(self, message_id: str) -> list[str]:
        """Return a message's labels."""
        said = self._get(message_id, format="minimal", fields="id,labelIds")
        return [str(word) for word in said.get("labelIds", ())]

    def history(self, since: str, page: str | None = None) -> dict[str, Any]:
        """Return a page of what happened after a history id."""
        return self._ask(
            self._settings.units_history,
            lambda: self._users.history().list(
                userId="me",
                startHistoryId=since,
                historyTypes=["messageAdded", "messageDeleted", "labelAdded", "labelRemoved"],
                maxResults=PAGE,
                pageToken=page,
                fields=_HISTORY,
            ),
            may_be_gone=True,
        )

    def close(self) -> None:
        """Close the connections of every thread."""
        with self._opening:
            for http in self._opened:
                http.close()
            self._opened.clear()

    def _get(self, message_id: str, **asked: Any) -> dict[str, Any]:
        def checked(said: dict[str, Any]) -> None:
            if said.get("id") != message_id:
                raise ProviderDown("answered with another message")

        return self._ask(
            self._settings.units_get,
            lambda: self._users.messages().get(userId="me", id=message_id, **asked),
            checked,
            may_be_gone=True,
        )

    def _ask(
        self,
        units: int,
        request: Callable[[], Any],
        checked: Callable[[dict[str, Any]], None] = lambda _: None,
        *,
        may_be_gone: bool = False,
    ) -> dict[str, Any]:
        def once() -> dict[str, Any]:
            self._refuse_while_limited()
            self._pace.take(units)
            self._project.take(units)
            self._refuse_while_limited()
            try:
                with translated(self._linked.mailbox, self._linked.now()):
                    said = request().execute(http=self._http())
                    if not isinstance(said, dict):
                        raise ProviderDown("answered with no object")
                    checked(said)
                    return said
            except RateLimited as limited:
                self._hold(limited)
                raise
            except Gone as gone:
                if may_be_gone:
                    raise
                raise ProviderWrong(str(gone)) from gone

        return patiently(once)

    def _hold(self, limited: RateLimited) -> None:
        """Let the mailbox's other threads wait as well, or give up where the wait is for another pass."""
        seconds = _HOLD_SECONDS if limited.retry_after is None else limited.retry_after
        if seconds > PATIENCE_SECONDS:
            self._limited = limited
        else:
            self._pace.hold(seconds)

    def _refuse_while_limited(self) -> None:
        if self._limited is not None:
            raise RateLimited(self._limited.reason, self._limited.retry_after)

    def _http(self) -> AuthorizedHttp:
        """Return this thread's own connection."""
        own: AuthorizedHttp | None = getattr(self._own, "http", None)
        if own is None:
            own = AuthorizedHttp(
                self._credentials, http=httplib2.Http(timeout=TIMEOUT_SECONDS), max_refresh_attempts=1
            )
            self._own.http = own
            with self._opening:
                self._opened.append(own)
        return own
