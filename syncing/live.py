"""Everything that linked mailboxes take, put together once for a server or a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connectors.opening import Packages, package
from emailresponse.passes import Reader, Writing
from emailresponse.store import Store
from emailresponse.vault import Vault
from syncing.assembly import Assembly
from syncing.linking import Linking
from syncing.rota import Rota


@dataclass(frozen=True)
class Live:
    """The parts that read linked mailboxes, over one workspace.

    Attributes:
        vault: seals and opens tokens and passwords.
        assembly: makes connectors for links.
        linking: links and unlinks mailboxes.
        reader: runs single passes.
        rota: reads all of them by itself, once it is started.
    """

    vault: Vault
    assembly: Assembly
    linking: Linking
    reader: Reader
    rota: Rota


def live(
    store: Store,
    db: Path,
    environment: Mapping[str, str],
    writing: Writing,
    now: Callable[[], datetime],
    *,
    changed: Callable[[], None] = lambda: None,
    packages: Packages = package,
) -> Live:
    """Return the parts that read the linked mailboxes of a workspace; nothing is read yet.

    Args:
        store: the workspace.
        db: its file; the key file lies beside it.
        environment: where EMAILRESPONSE_KEY may stand.
        writing: gives the store to one writer at a time.
        now: the moment in naive UTC.
        changed: called when facts or figures may be others.
        packages: returns the package of a provider.

    Raises:
        SettingsError: a key is none, or others than its owner may read the key file.
    """
    vault = Vault.of(db, environment)
    assembly = Assembly(store, vault, writing, now, packages=packages)
    reader = Reader(writing, assembly.connect, now)
    return Live(
        vault,
        assembly,
        Linking(assembly, vault, writing, now),
        reader,
        Rota(store, reader, changed=changed),
    )
