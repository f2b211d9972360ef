"""`emailresponse import`: files on disk become facts, and what could not be kept is named."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from cli import workspace
from connectors.file import FileConnector
from emailresponse import mailboxes, people, sync
from emailresponse.addresses import compared
from emailresponse.copies import Batch, Refusal
from emailresponse.copies import Progress as Counts
from emailresponse.errors import CursorExpired, SettingsError, SourceUnreadable
from emailresponse.packed import Packed
from emailresponse.store import Store

NAMED_REFUSALS = 20
MERGING_SHARE = 0.05


@dataclass
class Tally:
    """What the import has come to so far, over all paths."""

    counts: Counts = field(default_factory=Counts)
    refused: list[Refusal] = field(default_factory=list)

    def add(self, more: Counts) -> None:
        """Count a batch."""
        self.counts = dataclasses.replace(
            self.counts,
            read_count=self.counts.read_count + more.read_count,
            stored_count=self.counts.stored_count + more.stored_count,
            known_count=self.counts.known_count + more.known_count,
            refused_count=self.counts.refused_count + more.refused_count,
        )
        self.refused += more.refused[: max(0, NAMED_REFUSALS - len(self.refused))]

    @property
    def exit_status(self) -> int:
        """Return 0, 1 with refusals, 2 if nothing could be read."""
        if not self.counts.stored_count + self.counts.known_count:
            return 2
        return 1 if self.counts.refused_count else 0


@dataclass(frozen=True)
class Importing:
    """How paths are imported: into which store, as whose, when, and how the progress is shown."""

    store: Store
    mailbox: str | None
    name: str | None
    is_merging: bool
    at: datetime
    bar: Progress
    tally: Tally


@click.command("import")
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False)
)
@click.option("--mailbox", metavar="ADDRESS", help="Whose messages these are; .jsonl may say so itself.")
@click.option("--name", help="The name of the person whose mailbox it is; added if nobody has the address.")
@click.option(
    "--merge-copies",
    "is_merging",
    is_flag=True,
    help="Take copies equal in From, Date, Subject, To and Cc as one message, whatever their ids.",
)
@click.option(
    "--no-derive", "is_deriving", is_flag=True, default=True, flag_value=False, help="Store facts only."
)
@click.pass_obj
def command(
    obj: dict[str, Path],
    paths: tuple[Path, ...],
    mailbox: str | None,
    name: str | None,
    is_merging: bool,
    is_deriving: bool,
) -> None:
    """Read messages from files on disk: headers only, never a body.

    PATH is an mbox (.gz, .xz and .zst too), a Maildir, a folder of messages, a Google Takeout archive
    (.zip or .tgz), a mailing list's archive, or .jsonl. Importing a file again adds nothing; an import that
    was stopped goes on where it stopped. The exit status is 1 if something was refused, 2 if nothing could
    be read.

    \b
    Example:
      emailresponse import Takeout.zip --mailbox ada@acme.com --name "Ada Byron"
    """
    address = _address(mailbox)
    if name and not address:
        raise SettingsError("--name says whose mailbox it is; give --mailbox too")
    console = Console(stderr=True)
    with workspace.opened(obj) as store, _bar(console) as bar:
        importing = Importing(store, address, name, is_merging, workspace.now(), bar, Tally())
        if address:
            _admit(importing, {address})
        with sync.in_little_memory(store):
            for path in paths:
                _import_path(importing, path)
            bar.stop()
            _sum_up(importing)
        if is_deriving and importing.tally.exit_status != 2:
            _derive(store, console)
    sys.exit(importing.tally.exit_status)


def _address(mailbox: str | None) -> str | None:
    if mailbox is None:
        return None
    address = compared(mailbox)
    if address is None or "@" not in address:
        raise SettingsError(f"{mailbox!r} is no e-mail address", "--mailbox")
    return address


@contextmanager
def _bar(console: Console) -> Iterator[Progress]:
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        yield bar


def _import_path(importing: Importing, path: Path) -> None:
    """Store what a path holds, batch by batch; a path that cannot be read is a refusal."""
    connector = FileConnector(path, mailbox=importing.mailbox, imported_at=importing.at)
    try:
        total = connector.total_bytes()
    except SourceUnreadable as error:
        _refuse(importing, Refusal(error.source, 0, error.reason))
        return
    task = importing.bar.add_task(path.name or str(path), total=total, rate="")
    run_id = sync.begin_run(importing.store, connector.source, started_at=workspace.now())
    mine = Tally()
    refused: list[Refusal] = []
    is_whole = False
    try:
        for batch, is_replay in _batches(importing, connector):
            _admit(importing, set(Packed.of(batch.added).values("mailbox")))
            counts = sync.store_batch(
                importing.store,
                batch,
                imported_at=importing.at,
                merging=importing.is_merging,
                mailbox=importing.mailbox or "",
                source=connector.source,
                is_replay=is_replay,
            )
            mine.add(counts)
            importing.tally.add(counts)
            refused += batch.refused
            _show(importing, task, batch, mine)
        is_whole = True
    finally:
        connector.close()
        ended_at = workspace.now() if is_whole else None
        sync.end_run(importing.store, run_id, mine.counts, refused, ended_at=ended_at)


def _batches(importing: Importing, connector: FileConnector) -> Iterator[tuple[Batch, bool]]:
    """Yield the batches that are still to be stored, and whether all was stored once already."""
    since = sync.cursor(importing.store, importing.mailbox or "", connector.source)
    is_replay = since is not None and connector.is_finished(since)
    try:
        for batch in connector.changes(None if is_replay else since):
            yield batch, is_replay
    except CursorExpired:
        for batch in connector.changes(None):
            yield batch, False


def _refuse(importing: Importing, refusal: Refusal) -> None:
    importing.tally.add(Counts(read_count=1, refused_count=1, refused=(refusal,)))


def _show(importing: Importing, task: TaskID, batch: Batch, so_far: Tally) -> None:
    elapsed = importing.bar.tasks[task].elapsed
    rate = f"{so_far.counts.read_count / elapsed:,.0f} messages/s" if elapsed else ""
    importing.bar.update(task, completed=batch.read_bytes, rate=rate)


def _admit(importing: Importing, named: set[str]) -> None:
    """Make mailboxes ours that are not yet; the person with the address owns it."""
    store = importing.store
    unknown = named - {known.mailbox for known in mailboxes.listed(store)}
    if not unknown:
        return
    change = workspace.change()
    with store.transaction():
        for address in sorted(unknown):
            owned = {held for person in people.listed(store) for held in person.addresses}
            if importing.name and address == importing.mailbox and address not in owned:
                people.add(store, change, name=importing.name, addresses=[address])
            mailboxes.add(
                store, change, address, name=importing.name if address == importing.mailbox else None
            )


def _sum_up(importing: Importing) -> None:
    counts = importing.tally.counts
    click.echo(
        f"read {counts.read_count:,}  stored {counts.stored_count:,}  "
        f"already known {counts.known_count:,}  refused {counts.refused_count:,}"
    )
    for refusal in importing.tally.refused:
        click.echo(f"  refused {refusal.source} at {refusal.position}: {refusal.reason}")
    if counts.refused_count > len(importing.tally.refused):
        click.echo(f"  and {counts.refused_count - len(importing.tally.refused):,} more")
    copies, merged = sync.mergeable(importing.store, imported_at=importing.at)
    if copies and merged / copies > MERGING_SHARE:
        click.echo(
            f"{merged:,} of {copies:,} copies ({merged / copies:.0%}) would merge under --merge-copies:"
        )
        click.echo(
            "  equal in From, Date, Subject, To and Cc, under another Message-ID. If the exporter made"
        )
        click.echo("  these ids, import again with --merge-copies.")
    if not counts.stored_count + counts.known_count:
        click.echo("nothing could be read", err=True)


def _derive(store: Store, console: Console) -> None:
    """Bring the derived tables up to date."""
    from emailresponse import derive

    with console.status("Deriving"):
        derive.refresh(store)
