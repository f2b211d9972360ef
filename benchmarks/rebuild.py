"""Measure the derivations: a full rebuild, and how soon 1,000 new messages are in every figure.

    python -m benchmarks.rebuild 100000 1000000 10000000

Each size runs in a process of its own, on a database file, so that its peak memory is its own; 10 million
messages take about 10 GB in the folder for temporary files. Processor seconds are those of all threads, user
and system.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import generate
from emailresponse import derive, sync
from emailresponse.copies import Batch, Cursor
from emailresponse.filter import Filter
from emailresponse.reports.summary import summary
from emailresponse.store import Store

HEADINGS = (
    "messages",
    "copies",
    "rebuild s",
    "s per million",
    "processor s",
    "peak MB",
    "1,000 new: stored s",
    "fresh s",
    "processor s",
    "report s",
)


def measure(messages: int, folder: Path) -> tuple[str, ...]:
    """Return the row of one size."""
    store = Store.open(folder / "bench.duckdb")
    copies = generate.fill(store, messages)
    before = _peak()
    rebuild, rebuild_work = _timed(lambda: derive.rebuild(store))
    peak = _peak()
    batch = Batch(Cursor("1"), generate.fresh(messages), read_count=1_000)
    moment = generate.AFTER
    stored, _ = _timed(lambda: sync.store_batch(store, batch, imported_at=moment, merging=False))
    refreshed, refresh_work = _timed(lambda: derive.refresh(store))
    asked, _ = _timed(lambda: summary(store, Filter(since=None, until=None)))
    store.close()
    note = "" if peak > before else " (of the generator)"
    return (
        f"{messages:,}",
        f"{copies:,}",
        f"{rebuild:.2f}",
        f"{rebuild / messages * 1e6:.2f}",
        f"{rebuild_work:.2f}",
        f"{peak:,.0f}{note}",
        f"{stored:.2f}",
        f"{refreshed:.2f}",
        f"{refresh_work:.2f}",
        f"{asked:.2f}",
    )


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds by the clock and those of processor time that an act takes."""
    begun, worked = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - begun, time.process_time() - worked


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print one row of a table for each size named."""
    if sys.argv[1] == "--one":
        with tempfile.TemporaryDirectory() as folder:
            print(f"| {' | '.join(measure(int(sys.argv[2]), Path(folder)))} |")
        return
    print(f"| {' | '.join(HEADINGS)} |\n|{'---:|' * len(HEADINGS)}", flush=True)
    for size in sys.argv[1:]:
        subprocess.run([sys.executable, "-m", "benchmarks.rebuild", "--one", size], check=True)


if __name__ == "__main__":
    main()
