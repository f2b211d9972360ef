"""How Graph is asked: at the mailbox's pace, few requests at a time, patiently, and nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx

from connectors.graph.faults import BUSY, fault, retry_seconds
from connectors.graph.tokens import Tokens
from connectors.linked import Linked
from connectors.retrying import PATIENCE_SECONDS, patiently
from emailresponse.entries import is_loopback
from emailresponse.errors import ProviderDown, ProviderWrong

Json = dict[str, Any]
Query = dict[str, str | int]

REQUESTS_PER_SECOND = 15.0
"""Exchange allows 10,000 requests in ten minutes for an application and a mailbox; this is nine tenths."""

REQUESTS_AT_ONCE = 30.0
UNSAID_SECONDS = 5.0
"""How long a mailbox is left alone where Graph asks for patience and does not say how long."""

TIMEOUT_SECONDS = 30.0
_IMMUTABLE = 'IdType="ImmutableId"'


class Requests:
    """Asks Graph for one mailbox, from any thread.

    Every request names immutable ids, since the others change when a message is moved. The bearer token goes
    to Graph's own host and to no other, whatever a link says.
    """

    def __init__(self, linked: Linked, tokens: Tokens) -> None:
        microsoft = linked.providers.microsoft
        self.concurrent = microsoft.concurrent
        self.page_messages = microsoft.page_messages
        self._mailbox = linked.mailbox
        self._tokens = tokens
        self._base = microsoft.graph_url
        host = urlsplit(microsoft.graph_url).hostname or ""
        self._client = httpx.Client(
            timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=not is_loopback(host)
        )
        self._pace = linked.paces.of(f"graph {linked.mailbox}", REQUESTS_PER_SECOND, REQUESTS_AT_ONCE)
        self._room = threading.BoundedSemaphore(self.concurrent)
        self._pool = ThreadPoolExecutor(self.concurrent, thread_name_prefix="graph")
        self._root = mailbox_path(linked)
        self._is_closed = False

    def address(self, path: str, query: Query | None = None) -> str:
        """Return the address of something in the mailbox."""
        asked = f"?{urlencode(query, safe='$,', quote_via=quote)}" if query else ""
        return f"{self._base}{self._root}/{path}{asked}"

    def checked(self, link: Any) -> str:
        """Return a link that Graph gave, to be followed as it stands.

        Raises:
            ProviderWrong: it leads away from Graph.
        """
        if not isinstance(link, str):
            raise ProviderWrong("a page without a link to what follows")
        here = urlsplit(self._base)
        try:
            there = urlsplit(link)
        except ValueError as error:
            raise ProviderWrong("a link that is no address") from error
        if (there.scheme, there.netloc.lower()) != (here.scheme, here.netloc.lower()):
            raise ProviderWrong("a link that leads to another host")
        return link

    def get(self, address: str, *, is_link: bool = False, is_paged: bool = False) -> Json:
        """Return the JSON object at an address.

        Args:
            address: as `address` or `checked` gave it.
            is_link: whether it is an opaque link, so that a refusal means that it has expired.
            is_paged: whether the size of a page has to be asked for.

        Raises:
            AuthorizationLost, CursorExpired, NotFound, ProviderDown, ProviderWrong, RateLimited.
        """
        return patiently(lambda: self._asked(address, is_link=is_link, is_paged=is_paged))

    def later(self, address: str, *, is_link: bool = False, is_paged: bool = False) -> Future[Json]:
        """Ask in another thread and return what will be the answer."""
        return self._pool.submit(self.get, address, is_link=is_link, is_paged=is_paged)

    def close(self) -> None:
        """Ask nothing more, and let go of connections."""
        self._is_closed = True  # also for what would be asked again
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._client.close()

    def _asked(self, address: str, *, is_link: bool, is_paged: bool) -> Json:
        if self._is_closed:
            raise CancelledError
        prefer = f"{_IMMUTABLE}, odata.maxpagesize={self.page_messages}" if is_paged else _IMMUTABLE
        token = self._tokens.access()
        response = self._sent(address, token, prefer)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            response = self._sent(address, self._tokens.renewed(token), prefer)
        if response.status_code in BUSY:
            seconds = retry_seconds(response.headers)
            if seconds is None or seconds <= PATIENCE_SECONDS:
                self._pace.hold(UNSAID_SECONDS if seconds is None else seconds)
        if response.status_code != HTTPStatus.OK:
            raise fault(response, self._mailbox, is_link=is_link)
        return _json(response)

    def _sent(self, address: str, token: str, prefer: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", "Prefer": prefer, "Accept": "application/json"}
        with self._room:
            self._pace.take(1)
            return _translated(lambda: self._client.get(address, headers=headers))


def mailbox_path(linked: Linked) -> str:
    """Return where a mailbox stands in Graph: `/me` for its owner, else by its address."""
    shared = linked.options.get("shared")
    if linked.way == "consent" and not shared:
        return "/me"
    return f"/users/{quote(str(shared or linked.account), safe='@')}"


def _translated(send: Callable[[], httpx.Response]) -> httpx.Response:
    try:
        return send()
    except httpx.TransportError as error:
        raise ProviderDown(type(error).__name__) from error
    except httpx.HTTPError as error:  # e.g. an answer that cannot be unpacked
        raise ProviderDown(type(error).__name__) from error
    except httpx.InvalidURL as error:
        raise ProviderWrong("a link that is no address") from error


def _json(response: httpx.Response) -> Json:
    try:
        said = response.json()
    except ValueError as error:  # cut off somewhere; the next attempt may bring it whole
        raise ProviderDown("a broken answer") from error
    if not isinstance(said, dict):
        raise ProviderWrong("an answer that is no object")
    return said


def rows(page: Json) -> list[Any]:
    """Return what a page lists.

    Raises:
        ProviderWrong: it lists nothing at all.
    """
    listed = page.get("value")
    if not isinstance(listed, list):
        raise ProviderWrong("a page without a list")
    return listed


def listed_pages(requests: Requests, address: str) -> Iterator[list[Any]]:
    """Yield the rows of each page of a plain list, one page after the other."""
    while True:
        page = requests.get(address)
        yield rows(page)
        if "@odata.nextLink" not in page:
            return
        address = requests.checked(page["@odata.nextLink"])
