"""Measure the server's time for the team page, as the browser would wait for it, without a network.

The last rows are what `emailresponse report` asks, without the start of Python: of 90 days, and of all.

    python -m benchmarks.page 100000 1000000
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from flask.testing import FlaskClient

from benchmarks import generate
from emailresponse import derive, reports
from emailresponse.filter import Filter
from emailresponse.store import Store

REQUESTS = 40
HEADINGS = ("messages", "page", "first ms", "p50 ms", "p95 ms", "asked again ms", "kB")
PAGES = ("/", "/waits", "/charts/trend.svg", "/charts/survival.svg", "/charts/hours.svg")


def measure(messages: int, folder: Path) -> list[tuple[str, ...]]:
    """Return a row for each page of one size; every request asks about other days: no answer is kept."""
    from web import create_app

    store = Store.open(folder / "bench.duckdb")
    generate.fill(store, messages)
    derive.rebuild(store)
    client = create_app(store, now=lambda: generate.AFTER).test_client()
    rows = []
    for page in PAGES:
        addresses = [f"{page}?since={day}&until={day + timedelta(days=90)}" for day in _days()]
        taken = [_request(client, address) for address in addresses]
        again = statistics.median(_request(client, address) for address in addresses)
        later = statistics.quantiles(taken[1:], n=20)
        size = len(client.get(addresses[0]).data) / 1000
        figures = (taken[0], later[9], later[18], again, size)
        rows.append((f"{messages:,}", page, *(f"{figure:,.0f}" for figure in figures)))
    for name, questions in (
        ("report, 90 days", [Filter(since=day, until=day + timedelta(days=90)) for day in _days()]),
        ("report, all days", [Filter()] * 10),
    ):
        taken = [_report(store, asked) for asked in questions]
        later = statistics.quantiles(taken[1:], n=20)
        figures = (taken[0], later[9], later[18])
        rows.append((f"{messages:,}", name, *(f"{figure:,.0f}" for figure in figures), "", ""))
    store.close()
    return rows


def _report(store: Store, asked: Filter) -> float:
    """Return the milliseconds that the figures of one report took."""
    begun = time.perf_counter()
    reports.compared(store, asked)
    reports.people(store, asked)
    return (time.perf_counter() - begun) * 1000


def _days() -> list[date]:
    first = generate.BEGINS.date() + timedelta(days=365)
    return [first + timedelta(days=number * 25) for number in range(REQUESTS)]


def _request(client: FlaskClient, address: str) -> float:
    """Return the milliseconds that one answer took."""
    begun = time.perf_counter()
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    return (time.perf_counter() - begun) * 1000


def main() -> None:
    """Print rows of a table for each size named; each size runs in a process of its own."""
    if sys.argv[1] == "--one":
        with tempfile.TemporaryDirectory() as folder:
            for row in measure(int(sys.argv[2]), Path(folder)):
                print(f"| {' | '.join(row)} |", flush=True)
        return
    print(f"| {' | '.join(HEADINGS)} |\n|---:|---|{'---:|' * (len(HEADINGS) - 2)}", flush=True)
    for size in sys.argv[1:]:
        subprocess.run([sys.executable, "-m", "benchmarks.page", "--one", size], check=True)


if __name__ == "__main__":
    main()
