"""The workspace a command works on: its database opened, its configuration applied."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from emailresponse.audit import Change
from emailresponse.errors import SettingsError
from emailresponse.store import Store

if TYPE_CHECKING:
    from emailresponse.configuration import Applied

DEFAULT_CONFIG = Path("config.toml")


@contextmanager
def opened(obj: Mapping[str, Any], *, is_applying: bool = True) -> Iterator[Store]:
    """Open the workspace's database for a command, with the configuration as it is now.

    Args:
        obj: `context.obj`, with the paths `db` and `config`.
        is_applying: whether a configuration that has changed is applied first.

    Raises:
        SettingsError: the configuration cannot be, or the database cannot be opened.
        StoreInUse: another process holds the database; the error says which.
    """
    db, config = Path(obj["db"]), Path(obj["config"])
    if not config.exists() and config != DEFAULT_CONFIG:
        raise SettingsError("there is no such file; write one after config.example.toml", str(config))
    if not db.parent.is_dir():
        raise SettingsError("its folder is not there; make it, or give another --db", str(db))
    store = Store.open(db)
    try:
        if is_applying and config.exists():
            from emailresponse import configuration  # it loads calendars and schemas: 13 MB

            applied = configuration.apply_changed(store, config, change())
            if applied is not None:
                click.echo(f"Applied {config}: {said(applied)}", err=True)
        yield store
    finally:
        store.close()


def change() -> Change:
    """Return who changes something, and when: the user of this process, now in UTC."""
    return Change(now(), user())


def now() -> datetime:
    """Return the present moment in naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def user() -> str:
    """Return the name of this process's user."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def said(applied: Applied) -> str:
    """Return what applying a configuration came to, in a sentence."""
    count = applied.changed_count
    entries = "nothing new" if not count else f"{count} {'entry' if count == 1 else 'entries'} new or changed"
    return "; ".join([entries, *applied.remarks])
