"""A stand-in for Microsoft Graph and its sign-in: a real HTTP server on 127.0.0.1 in the test's own process.

It keeps to what Graph documents and to the faults that Graph is known for, checks its own answers against
Microsoft's description of the types, and writes down in `wrongs` what a client must not do: more requests
at a time than allowed, requests before a Retry-After is over, anything that could bring a body, a missing
`IdType`, a filter on changes.
"""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.providers.csdl import DESCRIBED, Types
from tests.providers.entra import Entra
from tests.providers.exchange import Exchange, Place
from tests.providers.ticking import Time

FORBIDDEN = re.compile(
    r"body|bodypreview|uniquebody|attachments|extensions|extendedproperties|\$search|\$expand|\$value|mime",
    re.IGNORECASE,
)
CONCURRENCY_LIMIT = 4
PARTIAL = ("id", "isRead", "parentFolderId")
TYPES = Types() if DESCRIBED.is_file() else None


@dataclass
class Fault:
    """What the next requests meet: the first `count` whose path and query fit `where`.

    Attributes:
        kind: a status, `broken`, `truncated` or `hang`.
        code: the error's code.
        retry_after: seconds, said in Retry-After where they are there.
    """

    kind: int | str
    count: int = 1
    where: str = ""
    code: str = "ErrorInternalServerError"
    retry_after: int | None = None
    skip: int = 0


@dataclass
class Round:
    """A round of changes that a link goes on with."""

    folder: str
    selected: tuple[str, ...]
    since: int
    ids: list[str] | None
    position: int = 0
    until: int = 0


@dataclass
class Graph:
    """Graph, its mailboxes and its sign-in.

    Attributes:
        time: the clock by which a Retry-After is counted.
        allowed: requests at a time that a client may have open for one mailbox.
        has_empty_pages: whether every page of changes comes behind one that is empty.
        has_partial_rows: whether a changed message is told by its changes alone.
        forbids_headers: whether internet headers are refused: `everywhere`, in `changes`, or nowhere.
        latency: seconds that an answer takes.
        forbidden_code: what every request is refused with.
        trusted: whose mailbox a token opens that another sign-in gave.
        wrongs: what the client did that it must not.
        asked: the paths that were asked for, in order.
    """

    time: Time = field(default_factory=Time)
    entra: Entra = field(default_factory=Entra)
    allowed: int = 2
    has_empty_pages: bool = False
    has_partial_rows: bool = True
    forbids_headers: str = ""
    latency: float = 0.0
    page_limit: int = 1_000
    wrongs: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    forbidden_code: str = ""
    trusted: str = ""
    on_request: Callable[[int], None] | None = None

    def __post_init__(self) -> None:
        self.mailboxes = {"ada@acme.com": Exchange()}
        self._rounds: dict[str, Round | tuple[str, int]] = {}
        self._numbers = itertools.count(1)
        self._open: Counter[str] = Counter()
        self.most_open = 0
        self._patience: dict[str, tuple[float, int, str]] = {}
        self._changing = threading.RLock()

    @property
    def exchange(self) -> Exchange:
        """The only mailbox."""
        return self.mailboxes["ada@acme.com"]

    def expire(self, kind: str = "") -> None:
        """Forget every link to changes of messages: only `next` ones, only `delta` ones, or both."""
        with self._changing:
            for token, one in list(self._rounds.items()):
                is_next = isinstance(one, Round) and (one.ids is not None or one.position > 0)
                if isinstance(one, Round) and kind in {"", "next" if is_next else "delta"}:
                    del self._rounds[token]

    def count(self, part: str) -> int:
        """Return how often an address with such a part was asked for."""
        return sum(part in one for one in self.asked)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Answer on a free port of 127.0.0.1, and give the address."""
        graph = self

        class Handler(_Handler):
            owner = graph

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        self.base = f"http://127.0.0.1:{server.server_address[1]}"
        self.entra.base = self.base
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield self.base
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    # what a request meets before it is answered

    def wrong(self, what: str) -> None:
        """Write down what the client must not do."""
        with self._changing:
            self.wrongs.append(what)

    def enter(self, mailbox: str, target: str) -> bool:
        """Count a request in; False where there are too many at a time."""
        with self._changing:
            self._open[mailbox] += 1
            self.most_open = max(self.most_open, self._open[mailbox])
            if self._open[mailbox] > self.allowed:
                self.wrongs.append(f"{self._open[mailbox]} requests at a time")
            until, others, refused = self._patience.get(mailbox, (0.0, 0, ""))
            if self.time.clock() < until - 1e-6:
                if others <= 0 or target == refused:
                    self.wrongs.append(f"asked {until - self.time.clock():.1f} s too early")
                self._patience[mailbox] = (until, others - 1, refused)
            return self._open[mailbox] <= CONCURRENCY_LIMIT

    def leave(self, mailbox: str) -> None:
        """Count a request out."""
        with self._changing:
            self._open[mailbox] -= 1

    def be_patient(self, mailbox: str, seconds: float, target: str) -> None:
        """Expect no request for so long, but for others that are on their way already.

        On a busy machine the client's other thread may ask several times before the one that was told has
        read its answer; what was refused itself must not come back at all.
        """
        with self._changing:
            self._patience[mailbox] = (self.time.clock() + seconds, 20 * self.allowed, target)

    def fault(self, target: str) -> Fault | None:
        """Return what the request meets, if anything."""
        with self._changing:
            for one in self.faults:
                if one.where in target and one.count > 0:
                    if one.skip > 0:
                        one.skip -= 1
                        continue
                    one.count -= 1
                    return one
        return None

    # answers

    def answer(  # noqa: PLR0911 - one for each kind of address
        self, mailbox: Exchange, path: str, query: dict[str, str], size: int
    ) -> tuple[int, Any]:
        """Return the status and JSON of what lies at a path below a mailbox."""
        with mailbox.changing, self._changing:
            parts = [unquote(part) for part in path.strip("/").split("/")]
            match parts:
                case ["mailFolders", last] if _is_delta(last):
                    return self._tree(mailbox, query, size)
                case ["mailFolders", folder]:
                    found = self._folder(mailbox, folder)
                    return (200, found | _context()) if found else _missing()
                case ["mailFolders", folder, "messages", last] if _is_delta(last):
                    return self._changes(mailbox, folder, query, size)
                case ["mailFolders", folder, "messages"]:
                    return self._list(mailbox, folder, query)
                case ["messages"]:
                    return self._list(mailbox, None, query)
                case ["messages", id_]:
                    said = mailbox.messages.get(id_)
                    if said is None:
                        return _missing()
                    return 200, self._row(mailbox, said, _selected(query)) | _context()
        return 400, _error("BadRequest")

    def _folder(self, mailbox: Exchange, key: str) -> dict[str, Any] | None:
        place = mailbox.folders.get(mailbox.named(key))
        return None if place is None else self._place(mailbox, place)

    def _place(self, mailbox: Exchange, place: Place) -> dict[str, Any]:
        count = sum(said["parentFolderId"] == place.id for said in mailbox.messages.values())
        found: dict[str, Any] = {
            "id": place.id,
            "parentFolderId": place.parent,
            "displayName": place.title,
            "totalItemCount": count,
        }
        return found | ({"@odata.type": place.type} if place.type else {})

    def _tree(self, mailbox: Exchange, query: dict[str, str], size: int) -> tuple[int, Any]:
        token = query.get("$deltatoken") or query.get("$skiptoken")
        since = 0
        if token is not None:
            held = self._rounds.get(token)
            if not isinstance(held, tuple):
                return 410, _error("SyncStateNotFound")
            since = held[1]
        events = mailbox.tree_log[since : since + size]
        rows: list[dict[str, Any]] = []
        for kind, id_ in events:
            place = mailbox.folders.get(id_)
            if kind == "removed" or place is None:
                rows.append({"id": id_, "@removed": {"reason": "deleted"}})
            else:
                rows.append(self._place(mailbox, place))
        reached = since + len(events)
        is_last = reached >= len(mailbox.tree_log)
        link = self._link(f"{self._where}/mailFolders/delta", ("tree", reached), is_last=is_last)
        return 200, {"value": rows, **link, **_context()}

    def _link(self, path: str, held: Any, *, is_last: bool) -> dict[str, str]:
        # A token with what must not be decoded and encoded again on its way.
        token = f"t{next(self._numbers)}/+~'=%"
        self._rounds[token] = held
        name = "$deltatoken" if is_last else "$skiptoken"
        return {
            "@odata.deltaLink"
            if is_last
            else "@odata.nextLink": f"{self.base}{path}?{name}={quote(token, safe='')}"
        }

    def _changes(self, mailbox: Exchange, key: str, query: dict[str, str], size: int) -> tuple[int, Any]:
        folder = mailbox.named(key)
        if folder not in mailbox.folders:
            return _missing()
        if "$filter" in query:
            self.wrong("a filter on changes, which stops at 5,000 messages")
        token = query.get("$deltatoken") or query.get("$skiptoken")
        if token is None:
            if not _selected(query):
                self.wrong("changes without $select")
            if self.forbids_headers == "changes" and "internetMessageHeaders" in query.get("$select", ""):
                return 400, _error("BadRequest")
            held = Round(folder, _selected(query), 0, None, until=len(mailbox.log))
            held.ids = [
                said["id"]
                for said in sorted(mailbox.messages.values(), key=lambda one: one["receivedDateTime"])[::-1]
                if said["parentFolderId"] == folder
            ]
        else:
            found = self._rounds.get(token)
            if not isinstance(found, Round):
                return 410, _error("SyncStateNotFound")
            held = Round(**vars(found))
            if held.ids is None and held.position == 0:
                held.until = len(mailbox.log)
        if self.has_empty_pages and not query.get("$skiptoken", "").startswith("empty"):
            link = self._link(
                f"{self._where}/mailFolders/{quote(key, safe='')}/messages/delta", held, is_last=False
            )
            first = link["@odata.nextLink"]
            token = f"empty{next(self._numbers)}"
            self._rounds[token] = held
            return 200, {"value": [], "@odata.nextLink": first.partition("=")[0] + f"={token}", **_context()}
        rows = self._listed(mailbox, held) if held.ids is not None else self._since(mailbox, held)
        page, rest = rows[held.position : held.position + size], rows[held.position + size :]
        path = f"{self._where}/mailFolders/{quote(key, safe='')}/messages/delta"
        if rest:
            following = Round(
                held.folder, held.selected, held.since, held.ids, held.position + size, held.until
            )
            link = self._link(path, following, is_last=False)
        else:
            link = self._link(path, Round(held.folder, held.selected, held.until, None), is_last=True)
        shown = [one for one in page if one is not None]
        return 200, {"value": shown, **link, **_context()}

    def _listed(self, mailbox: Exchange, held: Round) -> list[dict[str, Any] | None]:
        assert held.ids is not None
        return [
            self._row(mailbox, said, held.selected)
            if (said := mailbox.messages.get(id_)) and said["parentFolderId"] == held.folder
            else None
            for id_ in held.ids
        ]

    def _since(self, mailbox: Exchange, held: Round) -> list[dict[str, Any] | None]:
        kinds: dict[str, list[Any]] = {}
        for change in mailbox.log[held.since : held.until]:
            if change.folder == held.folder:
                kinds.setdefault(change.id, []).append(change)
        rows: list[dict[str, Any] | None] = []
        for id_, changes in kinds.items():
            said = mailbox.messages.get(id_)
            last = changes[-1].kind
            if last == "taken" or said is None or said["parentFolderId"] != held.folder:
                if changes[0].kind == "put" and last == "taken":
                    continue  # it came and went: nothing to tell
                rows.append({"id": id_, "@removed": {"reason": "changed" if said else "deleted"}})
            elif self.has_partial_rows and all(change.kind == "changed" for change in changes):
                rows.append({name: said[name] for name in PARTIAL})
            else:
                rows.append(self._row(mailbox, said, held.selected))
        return rows

    def _list(self, mailbox: Exchange, key: str | None, query: dict[str, str]) -> tuple[int, Any]:
        folder = None if key is None else mailbox.named(key)
        if folder is not None and folder not in mailbox.folders:
            return _missing()
        if self.forbids_headers == "everywhere" and "internetMessageHeaders" in query.get("$select", ""):
            return 403, _error("ErrorAccessDenied")
        found = [one for one in mailbox.messages.values() if folder in {None, one["parentFolderId"]}]
        filtered = re.fullmatch(r"receivedDateTime ge (\S+)", query.get("$filter", ""))
        if filtered:
            found = [one for one in found if one["receivedDateTime"] >= filtered[1]]
        elif "$filter" in query:
            return 400, _error("ErrorInvalidUrlQueryFilter")
        found.sort(key=lambda one: str(one["receivedDateTime"]), reverse=True)
        top, skip = int(query.get("$top", "10")), int(query.get("$skip", "0"))
        rows = [self._row(mailbox, one, _selected(query)) for one in found[skip : skip + top]]
        answer: dict[str, Any] = {"value": rows, **_context()}
        if skip + top < len(found):
            more = query | {"$skip": str(skip + top)}
            where = "messages" if key is None else f"mailFolders/{quote(key, safe='')}/messages"
            text = "&".join(f"{name}={quote(value, safe='')}" for name, value in more.items())
            answer["@odata.nextLink"] = f"{self.base}{self._where}/{where}?{text}"
        return 200, answer

    def _row(self, mailbox: Exchange, said: dict[str, Any], selected: tuple[str, ...]) -> dict[str, Any]:
        row = {name: said.get(name) for name in selected if name in said}
        row["id"] = said["id"]
        if not mailbox.has_headers or "SENT" in mailbox.labels(said["parentFolderId"]):
            row.pop("internetMessageHeaders", None)
        kept = {"@odata.etag": 'W/"x"', **row}
        return kept | ({"@odata.type": said["@odata.type"]} if "@odata.type" in said else {})

    _where = ""


class _Handler(BaseHTTPRequestHandler):
    owner: Graph
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        form = {
            name: values[0]
            for name, values in parse_qs(
                self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
            ).items()
        }
        fault = self.owner.fault(self.path)
        if fault is not None:
            self._meet(fault, "sign-in")
        elif self.path.endswith("/devicecode"):
            self._send(*self.owner.entra.device_code(form))
        else:
            self._send(*self.owner.entra.token(form, self.headers.get("authorization", "")))

    def do_GET(self) -> None:
        owner = self.owner
        parts = urlsplit(self.path)
        if parts.path.endswith("/.well-known/openid-configuration"):
            self._send(200, owner.entra.discovery(parts.path.split("/")[1]))
            return
        if not parts.path.startswith("/v1.0/"):
            self._send(404, _error("BadRequest"))
            return
        with owner._changing:
            owner.asked.append(self.path)
            number = len(owner.asked)
        if owner.on_request is not None:
            owner.on_request(number)
        token = (self.headers.get("authorization") or "").removeprefix("Bearer ")
        person = owner.entra.bearers.get(token, owner.trusted or None)
        found = re.match(r"/v1\.0(/me|/users/([^/]+))/(.*)", parts.path)
        address = unquote(found[2]).lower() if found and found[2] else person or ""
        is_room = owner.enter(address, self.path)
        try:
            if owner.latency:
                time.sleep(owner.latency)
            self._check(parts.path, parts.query)
            fault = owner.fault(unquote(self.path))
            if not is_room:
                owner.be_patient(address, 1.0, self.path)
                self._send(429, _error("ApplicationThrottled"))
            elif fault is not None:
                self._meet(fault, address)
            elif person is None:
                self._send(401, _error("InvalidAuthenticationToken"))
            elif owner.forbidden_code or (found and person and person != address):
                self._send(403, _error(owner.forbidden_code or "ErrorAccessDenied"))
            elif found is None or address not in owner.mailboxes:
                self._send(404, _error("ErrorInvalidUser"))
            else:
                self._answer(owner.mailboxes[address], found[1], found[3], parts.query)
        finally:
            owner.leave(address)

    def _answer(self, mailbox: Exchange, root: str, path: str, query: str) -> None:
        asked = {name: values[0] for name, values in parse_qs(query, strict_parsing=bool(query)).items()}
        paged = re.search(r"odata\.maxpagesize=(\d+)", self.headers.get("prefer") or "")
        if _is_delta(path.rpartition("/")[2]) and not paged:
            self.owner.wrong(f"changes without a page size: {path[-40:]}")
        size = min(int(paged[1]) if paged else 10, self.owner.page_limit)
        with self.owner._changing:
            self.owner._where = f"/v1.0{root}"
            status, said = self.owner.answer(mailbox, path, asked, size)
        if status == 200:
            _check_answer(self.owner, path, said)
        self._send(status, said)

    def _check(self, path: str, query: str) -> None:
        owner = self.owner
        if 'IdType="ImmutableId"' not in (self.headers.get("prefer") or ""):
            owner.wrong(f"no immutable ids: {path[-40:]}")
        asked = unquote(query)
        if FORBIDDEN.search(asked.partition("token=")[0]) or FORBIDDEN.search(path.rpartition("/")[2]):
            owner.wrong(f"asked for what is not to be read: {asked[:80]}")
        if re.search(r"/messages(/[^/]+)?$", path) and "$select" not in asked and "token=" not in asked:
            owner.wrong(f"no $select: {path[-40:]}")

    def _meet(self, fault: Fault, mailbox: str) -> None:
        if fault.kind == "hang":
            time.sleep(0.4)
            self.close_connection = True
            return
        if fault.kind in {"broken", "truncated"}:
            body = b'{"value": [{"id": "x", "subj'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body) + (900 if fault.kind == "truncated" else 0)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True
            return
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        if fault.kind in {429, 503, 504}:
            seconds = 1.0 if fault.retry_after is None else fault.retry_after
            self.owner.be_patient(mailbox, seconds, self.path)
        assert isinstance(fault.kind, int)
        self._send(fault.kind, _error(fault.code), headers)

    def _send(self, status: int, said: Any, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(said).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # whoever asked is gone, as when it is killed
            self.close_connection = True


def _check_answer(owner: Graph, path: str, said: dict[str, Any]) -> None:
    """Check an answer of the stand-in itself, so that it stays what Graph could give."""
    if TYPES is None:
        return
    kind = "message" if "messages" in path else "mailFolder"
    for row in said.get("value", [said]):
        bare = {name: value for name, value in row.items() if name != "@removed"}
        for what in TYPES.wrongs(bare, kind):
            owner.wrong(f"the stand-in's own answer: {what}")
        if FORBIDDEN.search(" ".join(row)):
            owner.wrong("an answer with what is not to be read")


def _is_delta(part: str) -> bool:
    return part in {"delta", "delta()", "microsoft.graph.delta()", "microsoft.graph.delta"}


def _selected(query: dict[str, str]) -> tuple[str, ...]:
    return tuple(filter(None, query.get("$select", "").split(",")))


def _error(code: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": "The mailbox of ada@acme.com says no to 'A question'."}}


def _missing() -> tuple[int, Any]:
    return 404, _error("ErrorItemNotFound")


def _context() -> dict[str, str]:
    return {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#messages"}
