"""The door at which a browser comes back from the provider: on this machine alone, and once."""

from __future__ import annotations

import http.server
import queue
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from emailresponse.errors import ConsentRefused, SettingsError

WAIT_SECONDS = 600.0
DONE = "You can close this window and go back to the terminal."
OTHER = "This address belongs to another attempt. Use the newest window."


class Door(http.server.ThreadingHTTPServer):
    """Listens on 127.0.0.1 and keeps the address with which a browser came back.

    Only a visit that bears the state of the attempt counts, so that no other page can end it.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int = 0) -> None:
        self.visits: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.state: str | None = None
        super().__init__(("127.0.0.1", port), _Visit)

    def address(self, host: str) -> str:
        """Return the redirect URI, with this machine's name as the provider wants it."""
        return f"http://{host}:{self.server_address[1]}/"

    def expect(self, address: str) -> None:
        """Let only the attempt that was begun with this address come back."""
        self.state = _state(address)

    def admit(self, address: str) -> bool:
        """Keep an address with which a browser came back, and say whether it is of this attempt."""
        is_ours = _state(address) is not None and self.state in {None, _state(address)}
        if is_ours:
            self.visits.put(address)
        return is_ours

    def visit(self, seconds: float = WAIT_SECONDS) -> str:
        """Return the address with which the browser came back.

        Raises:
            ConsentRefused: nobody came in time.
        """
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            try:
                # Short turns, so that Ctrl-C is heard on every system.
                return self.visits.get(timeout=0.2)
            except queue.Empty:
                continue
        raise ConsentRefused("stale", "nobody came back from the provider in time")

    def read_pasted(self) -> None:
        """Take an address that is pasted into the terminal as a visit too."""
        threading.Thread(target=self._read_pasted, name="pasted", daemon=True).start()

    def _read_pasted(self) -> None:
        for line in sys.stdin:
            if line.strip() and self.admit(line.strip()):
                return


@contextmanager
def door(port: int = 0) -> Iterator[Door]:
    """Listen inside, on the port or a free one.

    Raises:
        SettingsError: the port is taken.
    """
    try:
        opened = Door(port)
    except OSError as error:
        raise SettingsError(f"port {port} is taken; give another", "--port") from error
    thread = threading.Thread(target=opened.serve_forever, args=(0.05,), name="loopback", daemon=True)
    thread.start()
    try:
        yield opened
    finally:
        opened.shutdown()
        thread.join()
        opened.server_close()


class _Visit(http.server.BaseHTTPRequestHandler):
    server: Door
    server_version = "emailresponse"
    sys_version = ""

    def do_GET(self) -> None:
        """Keep the address of a visit that belongs to the attempt, and say that the window can be closed."""
        parts = urlsplit(self.path)
        is_ours = parts.path == "/" and self.server.admit(f"{self.server.address('127.0.0.1')}?{parts.query}")
        body = (
            f"<!doctype html><meta charset=utf-8><title>emailresponse</title><p>{DONE if is_ours else OTHER}"
        )
        self.send_response(200 if is_ours else 404)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body.encode()))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("Content-Security-Policy", "default-src 'none'"),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *said: object) -> None:
        """Log nothing: the address holds a code."""


def _state(address: str) -> str | None:
    return next(iter(parse_qs(urlsplit(address).query).get("state", [])), None)
