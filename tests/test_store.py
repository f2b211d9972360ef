"""The store: many threads, one file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.conftest import ROOT


def test_threads_may_ask_for_cursors_at_once(store):
    """A request that begins while another begins waits its turn; none is refused."""

    def ask(_: int) -> int:
        cursor = store.cursor()
        try:
            return len(cursor.tuples("store/migrations"))
        finally:
            cursor.close()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(ask, range(400)))

    assert found == {len(list((ROOT / "migrations").glob("*.sql")))}
