"""A process that reads the stand-in Graph into a database file, over and over, and can be killed anywhere.

It is told on its standard input what to do, a JSON object a line, and answers with a word a line. Each pass
runs in a fork of a process that has loaded everything and opened nothing, so that it begins at once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors import graph
from connectors.linked import Linked
from connectors.pacing import Paces
from emailresponse import links
from emailresponse.audit import Change
from emailresponse.holdings import StoredCopies
from emailresponse.passes import Reader
from emailresponse.providers import Microsoft, Providers
from emailresponse.store import Store
from emailresponse.vault import Vault

ADA = "ada@acme.com"
NOW = datetime(2026, 6, 1, 12)


def prepare(path: Path, vault: Vault, secret: str) -> None:
    """Link the mailbox in a new database."""
    store = Store.open(path)
    with store.transaction():
        links.add(
            store, vault, Change(NOW, "tester"), provider="graph", account=ADA, way="consent", secret=secret
        )
    store.close()


def read(told: dict[str, Any]) -> str:
    """Run one pass and return how it ended."""
    store = Store.open(Path(told["db"]))
    vault = Vault([told["key"]])
    settings = Providers(microsoft=Microsoft(**told["microsoft"]))

    @contextmanager
    def writing():
        yield store

    def save(secret: str) -> None:
        with store.transaction():
            links.keep_secret(store, vault, ADA, secret, NOW)

    def connect(link: links.Link):
        return graph.connect(
            Linked(
                mailbox=ADA,
                account=ADA,
                way=link.way,
                options={},
                horizon_at=link.horizon_at,
                secret=links.secret(store, vault, ADA),
                save_secret=save,
                holdings=StoredCopies(store, ADA, "graph"),
                providers=settings,
                paces=Paces(wait=lambda _: None),
                now=lambda: NOW,
            )
        )

    outcome = Reader(writing, connect, lambda: NOW).read(links.link(store, ADA))
    store.close()
    return type(outcome.error).__name__ if outcome.error else "done"


def main() -> None:
    """Do as told until the input ends; `kill_after` are the seconds after which the pass is killed."""
    print("ready", flush=True)
    for line in sys.stdin:
        told = json.loads(line)
        child = os.fork()
        if child == 0:
            word = read(told)
            os._exit(0 if word == "done" else 1)
        if told["kill_after"] is not None:
            time.sleep(told["kill_after"])
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        said = {0: "done"}.get(status, "killed" if os.WIFSIGNALED(status) else "failed")
        print(said, flush=True)


if __name__ == "__main__":
    main()
