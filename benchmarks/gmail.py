"""How much of the quota's pace a first read of Gmail uses, for one mailbox and for twenty at once.

    python -m benchmarks.gmail [SECONDS]

The stand-in for Gmail runs in a process of its own and takes 120 ms for every answer. Paces are the real
ones (80 units a second for a mailbox), and once ten times as fast, to show what the program can do. Copies
are stored in a database file by the product's own passes. *Share of the pace*: the seconds that the quota
alone asks for, divided by those that it took.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from connectors.gmail import connect, mailbox_pace
from connectors.linked import Linked
from connectors.pacing import Paces
from emailresponse import links
from emailresponse.audit import Change
from emailresponse.holdings import StoredCopies
from emailresponse.passes import Reader
from emailresponse.providers import Gmail, Providers
from emailresponse.store import Store
from emailresponse.vault import Vault, new_key
from tests.providers.gmail import StandIn, serving

LATENCY_SECONDS = 0.12
NOW = datetime(2026, 11, 20, 12)  # noqa: DTZ001 - naive UTC


@dataclass
class Run:
    """What was measured."""

    messages: int
    seconds: float
    units: float
    expected_seconds: float
    requests: int
    rss_mb: float


def serve(line: Connection, mailboxes: int, messages: int) -> None:
    """Keep the mailboxes until told to stop; on every other word say what was counted."""
    standin = StandIn()
    standin.on_call = lambda _mailbox, _call: time.sleep(LATENCY_SECONDS)
    with serving(standin):
        granted = {}
        for number in range(mailboxes):
            address = f"person{number}@acme.com"
            mailbox = standin.mailbox(address)
            for no in range(messages):
                mailbox.add(
                    at=NOW - timedelta(minutes=7 * no), headers=[("References", f"<{no}@x.example>")] * 3
                )
            granted[address] = standin.signin.grant(address)
        line.send((standin.address, granted))
        while line.recv() != "stop":
            line.send((standin.calls.total(), standin.violations))


@contextmanager
def gmail(mailboxes: int, messages: int):
    """Run the stand-in in its own process; give its address, the grants, and a way to ask for counts."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(there, mailboxes, messages))
    process.start()
    address, granted = here.recv()

    def counts() -> tuple[int, list[str]]:
        here.send("counts")
        return here.recv()

    try:
        yield address, granted, counts
    finally:
        here.send("stop")
        process.join()


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def after(seconds: float) -> Callable[[], bool]:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() > until


def rss_mb() -> float:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    return 0.0


def read(mailboxes: int, messages: int, *, rate: float, project: float, slice_seconds: float = 60.0) -> Run:
    """Read mailboxes from the start, all at once, in slices as the server does, and measure it."""
    with gmail(mailboxes, messages) as (address, granted, counts), tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "w.duckdb")
        vault = Vault([new_key()])
        client = {"client_id": "client-1", "client_secret": "secret-1"}
        with store.transaction():
            for account, token in granted.items():
                links.add(
                    store,
                    vault,
                    Change(NOW, "benchmark"),
                    provider="gmail",
                    account=account,
                    way="consent",
                    secret=json.dumps({"refresh_token": token, **client}),
                )
        writer = threading.RLock()
        settings = Gmail(
            api_endpoint=address,
            token_uri=f"{address}/token",
            units_per_second=rate,
            project_units_per_second=project,
        )
        paces = Paces()

        @contextmanager
        def writing():
            with writer:
                yield store

        def connected(link: links.Link):
            with writer:
                secret = links.secret(store, vault, link.mailbox)
            return connect(
                Linked(
                    mailbox=link.mailbox,
                    account=link.account,
                    way="consent",
                    options={},
                    horizon_at=None,
                    secret=secret,
                    save_secret=lambda _: None,
                    holdings=StoredCopies(store, link.mailbox, "gmail"),
                    providers=Providers(gmail=settings),
                    paces=paces,
                    now=now,
                )
            )

        def passes(link: links.Link) -> None:
            while True:
                is_over = after(slice_seconds)
                outcome = Reader(writing, connected, now).read(link, is_over=is_over)
                if outcome.error is not None:
                    raise outcome.error
                if outcome.is_caught_up:
                    return

        threads = [threading.Thread(target=passes, args=(link,)) for link in links.listed(store)]
        begun = time.monotonic()
        most = 0.0
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(0.2)
            most = max(most, rss_mb())
        seconds = time.monotonic() - begun
        spent = [mailbox_pace(paces, settings, account).spent for account in granted]
        requests, violations = counts()
        stored = sum(link.stored_count for link in links.listed(store))
        store.close()
        assert violations == [], violations
        assert stored == mailboxes * messages, stored
        expected = max((max(spent) - rate) / rate, (sum(spent) - project) / project)
        return Run(stored, seconds, sum(spent), expected, requests, most)


def quiet() -> tuple[float, float]:
    """Return requests and units that a quiet mailbox takes in an hour of polls."""
    with gmail(1, 50) as (address, granted, counts):
        (account, token), *_ = granted.items()
        settings = Providers(gmail=Gmail(api_endpoint=address, token_uri=f"{address}/token"))
        from tests.holdings import MemoryHoldings

        holdings, paces = MemoryHoldings(), Paces(wait=lambda _: None)
        secret = json.dumps({"refresh_token": token, "client_id": "client-1", "client_secret": "secret-1"})
        cursor = None
        before = (0, 0.0)
        for poll in range(1 + 60 // settings.syncing.every_minutes):
            connector = connect(
                Linked(
                    account,
                    account,
                    "consent",
                    {},
                    None,
                    secret,
                    lambda _: None,
                    holdings,
                    settings,
                    paces,
                    now,
                )
            )
            for batch in connector.changes(cursor):
                holdings.keep([batch])
                cursor = batch.cursor
            connector.close()
            if poll == 0:
                before = counts()[0], mailbox_pace(paces, settings.gmail, account).spent
        return counts()[0] - before[0], mailbox_pace(paces, settings.gmail, account).spent - before[1]


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    print(f"stand-in with {LATENCY_SECONDS * 1000:.0f} ms an answer; about {seconds:.0f} s a line")
    print(
        "| mailboxes | pace, units/s each | project, units/s | messages | messages/s | share of the pace "
        "| units/message | requests | RSS, MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for mailboxes, rate, project in [
        (1, 80.0, 16_000.0),
        (1, 800.0, 16_000.0),
        (5, 80.0, 16_000.0),
        (20, 80.0, 16_000.0),
        (20, 80.0, 800.0),
    ]:
        messages = int(seconds * min(rate, project / mailboxes) / 20)
        run = read(mailboxes, messages, rate=rate, project=project)
        print(
            f"| {mailboxes} | {rate:.0f} | {project:.0f} | {run.messages} | {run.messages / run.seconds:.2f} "
            f"| {run.expected_seconds / run.seconds:.1%} | {run.units / run.messages:.2f} | {run.requests} "
            f"| {run.rss_mb:.0f} |",
            flush=True,
        )
    requests, units = quiet()
    print(f"\na quiet mailbox polled every 5 minutes: {requests:.0f} requests and {units:.0f} units an hour")


if __name__ == "__main__":
    main()
