"""Killed anywhere, in the middle of a first read or of a later one, the next passes end in the same facts."""

from __future__ import annotations

import dataclasses
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from emailresponse.holdings import StoredCopies
from emailresponse.store import Store
from emailresponse.vault import Vault, new_key
from tests.conftest import ROOT
from tests.connectors.graph.killed import ADA, NOW, prepare
from tests.connectors.graph.reading import consented, providers
from tests.providers.exchange import difference

POINTS = 50
ROUNDS = 5


class Killable:
    """Passes in another process, each of which may be killed."""

    def __init__(self, microsoft, db: Path) -> None:
        self.db = db
        self.told = {"db": str(db), "key": new_key(), "microsoft": dataclasses.asdict(microsoft)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.connectors.graph.killed"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self._line() == "ready"

    def read(self, kill_after: float | None = None) -> str:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(self.told | {"kill_after": kill_after}) + "\n")
        self.process.stdin.flush()
        return self._line()

    def held(self) -> dict[str, tuple[str, ...]]:
        store = Store.open(self.db)
        held = dict(StoredCopies(store, ADA, "graph").since(None))
        store.close()
        return held

    def close(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        assert self.process.wait(30) == 0

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()


@pytest.fixture
def make(server, base, tmp_path) -> Iterator[object]:
    """Return a maker of passes that may be killed, each on a new database."""
    made: list[Killable] = []
    settings = providers(base, tmp_path, page_messages=5)

    def one(name: str) -> Killable:
        killable = Killable(settings.microsoft, tmp_path / f"{name}.duckdb")
        made.append(killable)
        prepare(killable.db, Vault([killable.told["key"]]), consented(server, settings).secret)
        return killable

    yield one
    for killable in made:
        killable.close()


def test_killed_at_fifty_points_the_facts_are_the_mailboxes(server, make):
    """50 random moments, half in first reads and half in later ones: nothing lost, nothing doubled."""
    chosen = random.Random(20261125)
    exchange = server.exchange
    server.allowed = 4  # a killed client's last requests are still open when the next one begins
    folders = ["inbox", "sentitems", exchange.make("Kunden")]
    for number in range(30):
        exchange.put(folders[number % 3], at=NOW - timedelta(days=number))
    whole = make("whole")
    begun = time.monotonic()
    assert whole.read() == "done"
    seconds = time.monotonic() - begun
    kills = 0
    for round_number in range(ROUNDS):
        killable = make(f"round{round_number}")
        for _ in range(POINTS // ROUNDS // 2):  # in the middle of the first read
            kills += killable.read(chosen.uniform(0.02, seconds)) == "killed"
        assert killable.read() == "done"
        assert difference(exchange, killable.held()) == []
        for _ in range(POINTS // ROUNDS // 2):  # in the middle of a later one
            disturb(exchange, chosen, folders)
            kills += killable.read(chosen.uniform(0.02, seconds)) == "killed"
        assert killable.read() == "done"
        assert killable.read() == "done"
        assert difference(exchange, killable.held()) == []

    assert kills >= POINTS // 2


def disturb(exchange, chosen, folders) -> None:
    """Let messages come, move and go."""
    for _ in range(8):
        exchange.put(chosen.choice(folders), at=NOW - timedelta(hours=chosen.randrange(500)))
    for _ in range(5):
        exchange.move(chosen.choice(list(exchange.messages)), chosen.choice([*folders, "deleteditems"]))
    for _ in range(3):
        exchange.delete(chosen.choice(list(exchange.messages)))
