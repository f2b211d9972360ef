"""Archives of real mail become a workspace in memory, through the file connector, sync and derive."""

from __future__ import annotations

import csv
import gzip
import io
import os
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from connectors.file import FileConnector
from connectors.file.parts import Meter, parts
from emailresponse import derive, domains, mailboxes, people, sync
from emailresponse.audit import Change
from emailresponse.copies import Copy, Refusal
from emailresponse.store import Store

CORPORA = Path(
    os.environ.get("EMAILRESPONSE_CORPORA", Path(__file__).resolve().parents[3] / "shared" / "corpora")
)
IMPORTED_AT = datetime(2026, 6, 1)  # noqa: DTZ001 - naive UTC; no message of the lists is younger
CHANGE = Change(IMPORTED_AT, "benchmark")


@dataclass
class Imported:
    """A workspace of real mail: its store, and its copies in the order in which they were read."""

    store: Store
    copies: list[Copy] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def read(self, path: Path, mailbox: str, *, merging: bool = False) -> int:
        """Import a path as a mailbox's and return how many copies it holds."""
        if mailbox not in {known.mailbox for known in mailboxes.listed(self.store)}:
            mailboxes.add(self.store, CHANGE, mailbox)
        before = len(self.copies)
        connector = FileConnector(path, mailbox=mailbox, imported_at=IMPORTED_AT, processes=0)
        for batch in connector.changes(None):
            sync.store_batch(self.store, batch, imported_at=IMPORTED_AT, merging=merging, mailbox=mailbox)
            self.copies += batch.added
            self.refused += batch.refused
        return len(self.copies) - before

    def derived(self) -> Imported:
        """Return the workspace with everything derived anew."""
        derive.rebuild(self.store)
        return self

    def keys(self) -> list[str]:
        """Return the message key of every copy, in the order in which they were read."""
        known = {
            (mailbox, provider_id): key
            for key, mailbox, _, provider_id, *_ in self.store.tuples("export/copies")
        }
        return [known[copy.mailbox, copy.provider_id] for copy in self.copies]

    def conversations(self) -> list[str]:
        """Return the conversation of every copy, in the order in which they were read."""
        found = {key: conversation for key, conversation, *_ in self.store.tuples("export/conversations")}
        return [found[key] for key in self.keys()]

    def verdicts(self) -> list[tuple[str, str | None]]:
        """Return verdict and rule of every copy, in the order in which they were read."""
        found = {key: (verdict, rule) for key, verdict, rule in self.store.tuples("export/verdicts")}
        return [found[key] for key in self.keys()]


def workspace(
    *,
    internal: Iterable[str] = (),
    groups: Iterable[str] = (),
    persons: Iterable[tuple[str, tuple[str, ...]]] = (),
) -> Imported:
    """Return an empty workspace in memory with its domains, groups and people (name, addresses)."""
    store = Store.open(None)
    for domain in internal:
        domains.add(store, CHANGE, domain)
    for group in groups:
        domains.add_group(store, CHANGE, group)
    for name, addresses in persons:
        people.add(store, CHANGE, name=name, addresses=addresses)
    return Imported(store)


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a truth file by column."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def names(path: Path) -> list[str]:
    """Return the names of the single messages of a folder, in the order in which they are imported."""
    return [part.name for part in parts(path, Meter())]


def unpacked(path: Path, folder: Path) -> Iterator[Path]:
    """Unpack a tar archive and yield its first-level folders."""
    with tarfile.open(path) as archive:
        archive.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    yield from sorted(entry for entry in folder.iterdir() if entry.is_dir())
