"""Measure what a Microsoft 365 mailbox costs: requests, and memory while many are read for the first time.

python -m benchmarks.graph [messages] [mailboxes]

Graph is the stand-in of the tests, in a process of its own; nothing is paced, so speed is the machine's. What
counts is how many requests there are, which the stand-in counts as Graph would.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from connectors import graph
from connectors.linked import Linked
from connectors.pacing import Paces
from emailresponse.copies import Cursor
from emailresponse.providers import Microsoft, Providers
from tests.providers.exchange import Exchange
from tests.providers.graph import Graph

NOW = datetime(2026, 6, 1, 12)  # noqa: DTZ001 - naive UTC, as everywhere inside
FOLDERS = 10
PASSES_AN_HOUR = 12


class Labels:
    """Keeps the labels of what was brought, as the database would."""

    def __init__(self) -> None:
        self.last: dict[str, tuple[str, ...]] = {}

    def labels(self, provider_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the last labels of those that are stored."""
        return {one: self.last[one] for one in provider_ids if one in self.last}

    def since(self, moment: datetime | None) -> Mapping[str, tuple[str, ...]]:  # noqa: ARG002
        """Return the last labels of all."""
        return self.last


class Mailbox:
    """A mailbox of the stand-in, read by the application's permission."""

    def __init__(self, number: int, base: str, secret: Path) -> None:
        self.address = f"rep{number}@acme.com"
        self.holdings = Labels()
        self.cursor: Cursor | None = None
        self.paces = Paces(wait=lambda _: None)
        microsoft = Microsoft(
            authority=base,
            graph_url=f"{base}/v1.0",
            tenant="acme",
            client_id="app",
            secret_file=str(secret),
            mailboxes=("@acme.com",),
        )
        self.linked = Linked(
            mailbox=self.address,
            account=self.address,
            way="application",
            options={},
            horizon_at=None,
            secret=None,
            save_secret=lambda _: None,
            holdings=self.holdings,
            providers=Providers(microsoft=microsoft),
            paces=self.paces,
            now=lambda: NOW,
        )

    def read(self) -> int:
        """Run a pass to its end and return how many requests it took."""
        before = self._spent()
        connector = graph.connect(self.linked)
        for batch in connector.changes(self.cursor):
            self.holdings.last |= {copy.provider_id: copy.labels for copy in batch.added}
            self.cursor = batch.cursor
        connector.close()
        return int(self._spent() - before)

    def _spent(self) -> float:
        return sum(pace.spent for pace in self.paces._paces.values())  # noqa: SLF001 - nobody else counts


@contextmanager
def serving(messages: int, mailboxes: int) -> Iterator[str]:
    """Run the stand-in in another process and give its address."""
    command = [sys.executable, "-m", "benchmarks.graph", "--serve", str(messages), str(mailboxes)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as server:
        if server.stdout is None or server.stdin is None:
            raise SystemExit("the stand-in has no pipes")
        yield server.stdout.readline().strip()
        server.stdin.close()


def serve(messages: int, mailboxes: int) -> None:
    """Serve mailboxes until the standard input ends."""
    server = Graph()
    server.mailboxes = {}
    for number in range(mailboxes):
        exchange = Exchange(address=f"rep{number}@acme.com")
        folders = ["inbox", "sentitems", *(exchange.make(f"Folder {one}") for one in range(FOLDERS - 2))]
        for one in range(messages):
            exchange.put(folders[one % 7 % FOLDERS], at=NOW - timedelta(minutes=one))
        server.mailboxes[exchange.address] = exchange
    with server.serving() as base:
        print(base, flush=True)
        sys.stdin.read()


def peak_megabytes() -> float:
    """Return the most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main() -> None:
    """Print a row for one mailbox and one for many at once."""
    if sys.argv[1:2] == ["--serve"]:
        serve(int(sys.argv[2]), int(sys.argv[3]))
        return
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    mailboxes = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with tempfile.TemporaryDirectory() as folder:
        secret = Path(folder) / "secret"
        secret.write_text("s3cret", "utf-8")
        with serving(messages, 1) as base:
            _one(Mailbox(0, base, secret), messages)
        with serving(messages // 5, mailboxes) as base:
            _many([Mailbox(number, base, secret) for number in range(mailboxes)], messages // 5)


def _one(mailbox: Mailbox, messages: int) -> None:
    begun = time.perf_counter()
    requests = mailbox.read()
    seconds = time.perf_counter() - begun
    quiet = mailbox.read()
    if len(mailbox.holdings.last) != messages:
        raise SystemExit(f"{len(mailbox.holdings.last)} of {messages} came")
    print("| one mailbox | |\n|---|---:|")
    print(f"| messages, folders | {messages:,}, {FOLDERS} |")
    print(f"| requests of the first read | {requests:,} |")
    print(f"| messages per request | {messages / requests:.0f} |")
    print(f"| messages a second, nothing paced | {messages / seconds:,.0f} |")
    print(f"| requests of a quiet pass | {quiet} |")
    print(f"| requests of a quiet mailbox an hour | {quiet * PASSES_AN_HOUR} |")
    print(f"| bytes of the cursor | {len(mailbox.cursor or ''):,} |")


def _many(mailboxes: list[Mailbox], messages: int) -> None:
    before = peak_megabytes()
    begun = time.perf_counter()
    threads = [threading.Thread(target=mailbox.read) for mailbox in mailboxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    came = sum(len(mailbox.holdings.last) for mailbox in mailboxes)
    if came != messages * len(mailboxes):
        raise SystemExit(f"{came} of {messages * len(mailboxes)} came")
    print(f"| {len(mailboxes)} mailboxes at once, {messages:,} messages each | |")
    print(f"| memory before, most | {before:.0f} MB, {peak_megabytes():.0f} MB |")
    print(f"| messages a second, all together | {came / seconds:,.0f} |")


if __name__ == "__main__":
    main()
