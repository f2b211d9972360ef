"""Measure the server's time for the team page, as the browser would wait for it, without a network.

python -m benchmarks.page 100000 1000000
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import generate
from emailresponse import derive
from emailresponse.store import Store

REQUESTS = 60
HEADINGS = ("messages", "page", "first ms", "p50 ms", "p95 ms", "kB")
PAGES = ("/", "/waits")


def measure(messages: int, folder: Path) -> list[tuple[str, ...]]:
    """Return a row for each page of one size."""
    from web import create_app

    path = folder / "bench.duckdb"
    store = Store.open(path)
    generate.fill(store, messages)
    derive.rebuild(store)
    client = create_app(store, now=lambda: generate.AFTER).test_client()
    rows = []
    for page in PAGES:
        taken = []
        size = 0
        for _ in range(REQUESTS):
            begun = time.perf_counter()
            answer = client.get(page)
            taken.append((time.perf_counter() - begun) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{page} answered {answer.status_code}")
            size = len(answer.data)
        later = statistics.quantiles(taken[1:], n=20)
        rows.append(
            (
                f"{messages:,}",
                page,
                f"{taken[0]:.0f}",
                f"{later[9]:.0f}",
                f"{later[18]:.0f}",
                f"{size / 1000:,.0f}",
            )
        )
    store.close()
    return rows


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
