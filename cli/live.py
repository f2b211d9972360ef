"""The parts that read linked mailboxes, for one command: over its own database, with one writer at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli import workspace

if TYPE_CHECKING:
    from emailresponse.passes import Writing
    from emailresponse.store import Store
    from syncing.live import Live


@dataclass(frozen=True)
class Reading:
    """A workspace that is open, and what reads its linked mailboxes.

    Attributes:
        store: the workspace, for the thread that opened it.
        writing: gives the store to one writer at a time.
        live: the parts that link and read.
    """

    store: Store
    writing: Writing
    live: Live


@contextmanager
def opened(obj: Mapping[str, Any]) -> Iterator[Reading]:
    """Open the workspace's database for a command that links or reads mailboxes.

    Args:
        obj: `context.obj`; `packages` in it returns other packages of providers than those that are shipped.

    Raises:
        SettingsError: the configuration or a key cannot be, or the database cannot be opened.
        StoreInUse: another process holds the database; the error says which.
    """
    from connectors.opening import package
    from syncing.live import live

    with workspace.opened(obj) as store:
        turn = threading.RLock()

        @contextmanager
        def writing() -> Iterator[Store]:
            with turn:
                cursor = store.cursor()
                try:
                    yield cursor
                finally:
                    cursor.close()

        parts = live(
            store,
            Path(obj["db"]),
            os.environ,
            writing,
            workspace.now,
            packages=obj.get("packages") or package,
        )
        yield Reading(store, writing, parts)
