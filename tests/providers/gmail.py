"""A stand-in for Gmail: a real HTTP server on 127.0.0.1 that keeps mailboxes, enforces and counts.

Every answer is checked against Google's discovery document, every request against its parameters. What a
client must not do (ask for a body or a snippet, use `q`, come back sooner than it was told, spend more quota
than there is) lands in `violations`, and a test that finds one there fails. Faults are served on demand.
"""

from __future__ import annotations

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
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.providers.gmail_contract import picked, wrong_answer, wrong_parameters
from tests.providers.gmail_mailbox import GmailMailbox
from tests.providers.gmail_signin import SignIn

UNITS = {"profile": 1, "list": 5, "get": 20, "history": 2}
METHODS = {
    "profile": "gmail.users.getProfile",
    "list": "gmail.users.messages.list",
    "get": "gmail.users.messages.get",
    "history": "gmail.users.history.list",
}
_PATHS = [
    (re.compile(r"/gmail/v1/users/me/profile$"), "profile"),
    (re.compile(r"/gmail/v1/users/me/messages$"), "list"),
    (re.compile(r"/gmail/v1/users/me/messages/(?P<id>[^/]+)$"), "get"),
    (re.compile(r"/gmail/v1/users/me/history$"), "history"),
]
_BODY = {"body", "snippet", "raw", "parts"}


@dataclass
class Fault:
    """What goes wrong, and with which calls.

    Attributes:
        status: the answer's status; 0: the connection is closed without any.
        reason: Google's reason word.
        retry_after: the Retry-After that is sent along.
        kind: `answer`, or the right answer made `broken` (no JSON), `truncated` (cut off), `slow` or `other`
            (another message's).
        calls: the methods that it befalls.
        ids: the messages that it befalls; empty: all.
        times: how often it happens; None: for ever.
        after: how many such calls pass before.
    """

    status: int = 500
    reason: str = "backendError"
    retry_after: str | None = None
    kind: str = "answer"
    calls: tuple[str, ...] = ("profile", "list", "get", "history")
    ids: tuple[str, ...] = ()
    times: int | None = 1
    after: int = 0
    slow_seconds: float = 1.0
    happened: int = 0


@dataclass
class StandIn:
    """The server's state: mailboxes, sign-in, faults, and what it has counted.

    Attributes:
        rate: quota units a second that a mailbox may spend, with as many at once; None: no limit.
        violations: what a client did that it must not do.
        calls: how often each method was called, by (mailbox, method).
        units: quota units spent, by mailbox.
        most_concurrent: the most requests of one mailbox that were open at once.
    """

    clock: Callable[[], float] = time.monotonic
    rate: float | None = None
    page_limit: int = 500
    mailboxes: dict[str, GmailMailbox] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    most_concurrent: int = 0
    asked_headers: set[str] = field(default_factory=set)
    on_call: Callable[[str, str], None] = lambda _mailbox, _call: None
    address: str = ""

    def __post_init__(self) -> None:
        self.signin = SignIn(self.clock, self.violations)
        self._counting = threading.Lock()
        self._open: Counter[str] = Counter()
        self._buckets: dict[str, tuple[float, float]] = {}
        self._not_before: dict[str, float] = {}
        self._early: dict[str, Counter[int]] = {}
        self._told: dict[int, float] = {}
        self._checked: set[tuple[str, int]] = set()
        self._tokens: set[str] = set()

    def mailbox(self, address: str = "ada@acme.com", **said: Any) -> GmailMailbox:
        """Return a new, empty mailbox."""
        made = self.mailboxes[address] = GmailMailbox(address, **said)
        self.signin.addresses.add(address)
        return made

    def fail(self, **said: Any) -> Fault:
        """Let something go wrong."""
        fault = Fault(**said)
        self.faults.append(fault)
        return fault

    def count(self, call: str) -> int:
        """Return how often a method was called, over all mailboxes."""
        return sum(times for (_, called), times in self.calls.items() if called == call)

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes, Fault | None]:
        """Return status, headers and bytes of the answer to a GET, and the fault that befalls it."""
        parts = urlsplit(path)
        asked = parse_qs(parts.query, keep_blank_values=True)
        call, message_id = self._called(parts.path)
        if call is None:
            self.violations.append(f"no such call: {parts.path}")
            return _refused(404, "notFound")
        grant = self.signin.holder(headers.get("authorization", "").removeprefix("Bearer "))
        if grant is None:
            return _refused(401, "authError")
        with self._counting:
            self.calls[grant.address, call] += 1
            self.units[grant.address] += UNITS[call]
            self._open[grant.address] += 1
            self.most_concurrent = max(self.most_concurrent, self._open[grant.address])
            if self.clock() < self._not_before.get(grant.address, 0.0) - 1e-6:
                self._note_early(grant.address, call)
        try:
            self.on_call(grant.address, call)
            return self._answered(call, message_id, asked, self.mailboxes[grant.address])
        finally:
            with self._counting:
                self._open[grant.address] -= 1

    def _answered(
        self, call: str, message_id: str, asked: dict[str, list[str]], mailbox: GmailMailbox
    ) -> tuple[int, dict[str, str], bytes, Fault | None]:
        forbidden = self._forbidden(call, asked)
        if forbidden:
            return _refused(403, "forbidden", forbidden)
        wrong = wrong_parameters(
            METHODS[call], asked | {"userId": ["me"]} | ({"id": [message_id]} if message_id else {})
        )
        if wrong:
            self.violations += wrong
            return _refused(400, "badRequest", wrong[0])
        fault = self._fault(call, message_id)
        if fault is not None and fault.kind == "answer":
            if fault.retry_after is not None and fault.retry_after.isdecimal():
                self._not_before[mailbox.address] = self.clock() + float(fault.retry_after)
                self._told[threading.get_ident()] = self._not_before[mailbox.address]
                self._early[mailbox.address] = Counter()
            return (*_refused(fault.status, fault.reason, retry_after=fault.retry_after)[:3], fault)
        if not self._afford(mailbox.address, UNITS[call]):
            self.violations.append(f"{call} was over the quota")
            return _refused(
                403,
                "rateLimitExceeded",
                "Quota exceeded for quota metric 'Total Query Cost' and limit 'Units per minute per user'",
            )
        return self._served(call, message_id, asked, mailbox, fault)

    def _note_early(self, address: str, call: str) -> None:
        """Note a request before the time.

        The connection that was told must not come back at all; the client's others may have a few requests
        under way before it has read what the first was told.
        """
        connection = threading.get_ident()
        self._early[address][connection] += 1
        is_told = self.clock() < self._told.get(connection, 0.0) - 1e-6
        if is_told or self._early[address][connection] > 4:
            self.violations.append(f"{call} came back sooner than it was told")

    def _served(
        self,
        call: str,
        message_id: str,
        asked: dict[str, list[str]],
        mailbox: GmailMailbox,
        fault: Fault | None,
    ) -> tuple[int, dict[str, str], bytes, Fault | None]:
        status, said = getattr(self, f"_{call}")(mailbox, message_id, asked)
        if status != 200:
            return _refused(status, {404: "notFound", 400: "invalidArgument"}[status])
        if fault is not None and fault.kind == "other":
            said |= {"id": f"{int(said['id'], 16) + 1:x}"}
        said = picked(said, asked.get("fields", [None])[0])
        if call == "get":
            held = _BODY & {*said, *said.get("payload", {})}
            self.violations += [f"get would have given {what}" for what in held]
        written = json.dumps(said).encode()
        key = METHODS[call], hash(written)
        if key not in self._checked:
            error = wrong_answer(METHODS[call], said)
            if error:
                self.violations.append(f"the stand-in is wrong: {error}")
            self._checked.add(key)
        return 200, {"content-type": "application/json; charset=UTF-8"}, written, fault

    def _forbidden(self, call: str, asked: dict[str, list[str]]) -> str | None:
        if "q" in asked:
            self.violations.append("q was asked")
            return "Metadata scope does not support 'q' parameter"
        if call == "get" and asked.get("format", ["full"])[0] not in {"metadata", "minimal"}:
            self.violations.append("a body was asked for")
            return "Metadata scope doesn't allow format FULL"
        return None

    def _profile(self, mailbox: GmailMailbox, _: str, __: Any) -> tuple[int, dict[str, Any]]:
        return 200, {
            "emailAddress": mailbox.address,
            "messagesTotal": len(mailbox.messages),
            "threadsTotal": len({held.thread for held in list(mailbox.messages.values())}),
            "historyId": str(mailbox.history_id),
        }

    def _list(self, mailbox: GmailMailbox, _: str, asked: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        everywhere = asked.get("includeSpamTrash", ["false"])[0] == "true"
        ids = mailbox.ids(asked.get("labelIds", []), everywhere=everywhere)
        start = self._start(asked)
        if start is None:
            return 400, {}
        until = start + min(int(asked.get("maxResults", ["100"])[0]), self.page_limit)
        said: dict[str, Any] = {"resultSizeEstimate": len(ids)}
        if ids[start:until]:
            said["messages"] = [
                {"id": one, "threadId": held.thread}
                for one in ids[start:until]
                if (held := mailbox.messages.get(one))
            ]
        if until < len(ids):
            said["nextPageToken"] = self._token(until)
        return 200, said

    def _get(
        self, mailbox: GmailMailbox, message_id: str, asked: dict[str, list[str]]
    ) -> tuple[int, dict[str, Any]]:
        is_metadata = asked["format"] == ["metadata"]
        names = asked.get("metadataHeaders", [])
        self.asked_headers.update(name.lower() for name in names)
        said = mailbox.resource(message_id, names if is_metadata else None)
        return (404, {}) if said is None else (200, said)

    def _history(
        self, mailbox: GmailMailbox, _: str, asked: dict[str, list[str]]
    ) -> tuple[int, dict[str, Any]]:
        since = int(asked["startHistoryId"][0])
        if since < mailbox.first_history_id:
            return 404, {}
        kinds = {
            "messageAdded": "messagesAdded",
            "messageDeleted": "messagesDeleted",
            "labelAdded": "labelsAdded",
            "labelRemoved": "labelsRemoved",
        }
        start = self._start(asked)
        if start is None:
            return 400, {}
        records = mailbox.since(since)
        until = start + min(int(asked.get("maxResults", ["100"])[0]), self.page_limit)
        wanted = {kinds[kind] for kind in asked.get("historyTypes", kinds)}
        shown = [one for one in records[start:until] if wanted & set(one)]
        said: dict[str, Any] = {"historyId": str(mailbox.history_id)}
        if shown:  # absent where nothing happened
            said["history"] = shown
        if until < len(records):
            said["nextPageToken"] = self._token(until)
        return 200, said

    def _token(self, start: int) -> str:
        token = f"0{start:019d}"
        self._tokens.add(token)
        return token

    def _start(self, asked: dict[str, list[str]]) -> int | None:
        token = asked.get("pageToken", [""])[0]
        if not token:
            return 0
        return int(token) if token in self._tokens else None

    def forget_pages(self) -> None:
        """Let every page token be unknown."""
        self._tokens.clear()

    def _fault(self, call: str, message_id: str) -> Fault | None:
        with self._counting:
            for fault in self.faults:
                if call not in fault.calls or (fault.ids and message_id not in fault.ids):
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                if fault.times is None or fault.happened < fault.times:
                    fault.happened += 1
                    return fault
        return None

    def _afford(self, address: str, units: int) -> bool:
        if self.rate is None:
            return True
        with self._counting:
            now = self.clock()
            left, at = self._buckets.get(address, (self.rate, now))
            left = min(self.rate, left + (now - at) * self.rate)
            if left < units:
                self._buckets[address] = left, now
                return False
            self._buckets[address] = left - units, now
            return True

    def _called(self, path: str) -> tuple[str | None, str]:
        for pattern, call in _PATHS:
            found = pattern.match(path)
            if found:
                return call, found.groupdict().get("id", "")
        return None, ""


def _refused(
    status: int, reason: str, message: str = "Refused", retry_after: str | None = None
) -> tuple[int, dict[str, str], bytes, Fault | None]:
    """Return an error as Google writes it."""
    error = {
        "code": status,
        "message": message,
        "errors": [{"message": message, "domain": "global", "reason": reason}],
    }
    headers = {"content-type": "application/json; charset=UTF-8"}
    if retry_after is not None:
        headers["retry-after"] = retry_after
    return status, headers, json.dumps({"error": error}).encode(), None


class _Handler(BaseHTTPRequestHandler):
    """Reads one request after another off a connection that stays."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    standin: StandIn

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        parts = urlsplit(self.path)
        if parts.path == "/o/oauth2/v2/auth":
            self._send(404, {}, b"a person goes here")
            return
        status, said, body, fault = self.standin.answer(self.path, headers)
        self._send(status, said, body, fault)

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        said = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        answer = {"/token": self.standin.signin.token, "/revoke": self.standin.signin.revoke}.get(self.path)
        if answer is None:
            self.standin.violations.append(f"POST {self.path}")
            self._send(404, {}, b"")
            return
        fault = self.standin._fault(self.path.strip("/"), "")
        if fault is not None:
            self._send(fault.status, {}, b"{}")
            return
        status, told = answer(said)
        self._send(status, {"content-type": "application/json"}, json.dumps(told).encode())

    def _send(self, status: int, said: dict[str, str], body: bytes, fault: Fault | None = None) -> None:
        if fault is not None and fault.status == 0:
            self.close_connection = True
            return
        length = len(body)
        if fault is not None and fault.kind == "slow":
            time.sleep(fault.slow_seconds)
        elif fault is not None and fault.kind == "broken":
            body = body[:-3]
            length = len(body)
        elif fault is not None and fault.kind == "truncated":
            body = body[: length // 2]
            self.close_connection = True
        lines = [f"HTTP/1.1 {status} Said", f"content-length: {length}"]
        lines += [f"{name}: {value}" for name, value in said.items()]
        try:
            self.wfile.write("\r\n".join([*lines, "", ""]).encode() + body)
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's word
        """Keep quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over connections that a client drops; anything else is a fault of the stand-in."""
        import sys

        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)
            self.standin.violations.append(f"the stand-in failed: {sys.exc_info()[1]!r}")


@contextmanager
def serving(standin: StandIn) -> Iterator[StandIn]:
    """Serve on a free port of 127.0.0.1 as long as the block lasts."""
    handler = type("Handler", (_Handler,), {"standin": standin})
    server = _Server(("127.0.0.1", 0), handler)
    server.standin = standin  # type: ignore[attr-defined]
    standin.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield standin
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def came_back(standin: StandIn, address: str, person: str, **said: Any) -> str:
    """Return the address with which a browser comes back from the consent page at `address`."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    return f"{asked['redirect_uri']}?{urlencode(standin.signin.consent(asked, person, **said))}"
