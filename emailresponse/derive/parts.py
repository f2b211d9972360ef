"""Parts: the rows of each derivation that a run works on, as `part_…` tables of the running connection."""

from __future__ import annotations

from typing import Any

from emailresponse.store import Store, statement


def make(store: Store, name: str, source: str | None = None, **parameters: Any) -> None:
    """Fill the part `name` from its derive file, another derive file, or another part ("FROM …")."""
    if source is not None and source.startswith("FROM "):
        store.execute("CREATE OR REPLACE TEMP VIEW ", f"part_{name}", " AS ", source)
        return
    text = statement(source or f"derive/{name}")
    store.execute("CREATE OR REPLACE TEMP TABLE ", f"part_{name}", " AS ", text, **parameters)


def keep(store: Store, name: str, **parameters: Any) -> None:
    """Make the table `name` from its derive file, and let the part of that name be all of it."""
    store.execute("CREATE OR REPLACE TABLE ", name, " AS ", statement(f"derive/{name}"), **parameters)
    make(store, name, f"FROM {name}")


def forget(store: Store, *names: str) -> None:
    """Let go of parts that nothing reads any more, and of the memory and disk that they take."""
    for name in names:
        store.execute("DROP TABLE IF EXISTS temp.", f"part_{name}")
