"""A program that runs passes over a linked Gmail mailbox and a database file, to be killed in the middle.

Each line on its standard input starts a pass in a child of its own; it prints the child's id, and then how
the child ended. Forked, so that everything is imported once.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import stamina

from connectors.gmail import connect, fetching
from connectors.linked import Linked
from connectors.pacing import Paces
from emailresponse import links
from emailresponse.audit import Change
from emailresponse.holdings import StoredCopies
from emailresponse.passes import Reader
from emailresponse.providers import Gmail, Providers
from emailresponse.store import Store
from emailresponse.vault import Vault

ADA = "ada@acme.com"
KEY = "cGFzc3dvcmRwYXNzd29yZHBhc3N3b3JkcGFzc3dvcmQ="
LINKED_AT = datetime(2026, 11, 20, 12)


def make(path: Path, secret: str) -> None:
    """Make a database in which Ada's mailbox is linked."""
    store = Store.open(path)
    try:
        with store.transaction():
            links.add(
                store,
                Vault([KEY]),
                Change(LINKED_AT, "tester"),
                provider="gmail",
                account=ADA,
                way="consent",
                secret=secret,
            )
    finally:
        store.close()


def read(path: Path, address: str) -> int:
    """Run one pass and return 0 if everything that lay there is stored."""
    store = Store.open(path)
    try:
        link = links.link(store, ADA)

        @contextmanager
        def writing():
            yield store

        def save_secret(secret: str) -> None:
            with store.transaction():
                links.keep_secret(store, Vault([KEY]), ADA, secret, LINKED_AT)

        def connected(_: links.Link):
            gmail = Gmail(
                api_endpoint=address,
                token_uri=f"{address}/token",
                units_per_second=10_000.0,
                project_units_per_second=1_000_000.0,
            )
            return connect(
                Linked(
                    mailbox=ADA,
                    account=ADA,
                    way="consent",
                    options={},
                    horizon_at=link.horizon_at,
                    secret=links.secret(store, Vault([KEY]), ADA),
                    save_secret=save_secret,
                    holdings=StoredCopies(store, ADA, "gmail"),
                    providers=Providers(gmail=gmail),
                    paces=Paces(),
                    now=lambda: datetime.now(UTC).replace(tzinfo=None),
                )
            )

        reader = Reader(writing, connected, lambda: datetime.now(UTC).replace(tzinfo=None))
        outcome = reader.read(replace(link))
        if outcome.error is not None:
            print(f"error {outcome.error!r}", file=sys.stderr)
        return 0 if outcome.is_caught_up else 1
    finally:
        store.close()


def main() -> None:
    """Run a pass for every line that comes in."""
    said = json.loads(sys.argv[1])
    fetching._BATCH_SECONDS = 0.016  # eight messages a batch: many places to be killed at
    stamina.set_testing(True, attempts=6)
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(read(Path(said["path"]), said["address"]))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(status, flush=True)


if __name__ == "__main__":
    main()
