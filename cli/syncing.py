"""`emailresponse sync`: linked mailboxes are read, once for cron or again and again until it is stopped."""

from __future__ import annotations

import itertools
import signal
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import click

from cli import bars, live, troubles, workspace
from emailresponse.errors import EmailResponseError, SettingsError, StoreFull

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from cli.live import Reading
    from emailresponse.links import Link
    from emailresponse.passes import Outcome

LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a linked mailbox: what its pass came to, or why there was none."""

    link: Link
    outcome: Outcome | None = None
    why_not: str | None = None

    @property
    def is_in_trouble(self) -> bool:
        """Say whether somebody has to know."""
        return self.outcome.error is not None if self.outcome else not self.link.is_paused

    @property
    def was_read(self) -> bool:
        """Say whether its provider answered."""
        return self.outcome is not None and (
            self.outcome.error is None or bool(self.outcome.progress.read_count)
        )


@click.command("sync")
@click.option("--mailbox", "addresses", multiple=True, help="Only this one; may be given again.")
@click.option("--once", is_flag=True, help="Read until all are caught up, and end: for cron.")
@click.pass_obj
def command(obj: dict[str, Any], addresses: tuple[str, ...], once: bool) -> None:
    """Read the linked mailboxes, and work what came into the figures.

    Without --once they are read again and again, as `serve` does beside its pages, until Ctrl-C. With it the
    exit status is 0, 1 if a mailbox met trouble, 2 if none could be read. Stopped at any time it finishes
    the batch at hand; the next run goes on behind it.

    \b
    Example:
      emailresponse sync --once
      emailresponse sync --mailbox ada@acme.com --once
    """
    if addresses and not once:
        raise click.UsageError("Give --once with --mailbox; without it all linked mailboxes are read.")
    signal.signal(signal.SIGTERM, _stop)
    with live.opened(obj) as reading:
        chosen = _chosen(reading, addresses)
        if not chosen:
            click.echo("No mailbox is linked yet: emailresponse link gmail, microsoft or imap", err=True)
            sys.exit(2)
        if not once:
            _keep_reading(reading, len(chosen))
            return
        reads = _read_once(reading, chosen, is_wished=bool(addresses))
        _sum_up(reads)
        _derive(reading)
    sys.exit(_status(reads))


def _chosen(reading: Reading, addresses: tuple[str, ...]) -> list[Link]:
    """Return the links to read.

    Raises:
        NotFound: a mailbox that was asked for is not linked.
    """
    from emailresponse import links

    if not addresses:
        return links.listed(reading.store)
    named = [links.link(reading.store, address) for address in addresses]
    return list({one.mailbox: one for one in named}.values())


def _keep_reading(reading: Reading, count: int) -> None:
    """Run the rota until somebody stops this process."""
    reading.live.rota.start()
    click.echo(f"Reading {count} linked mailbox{'' if count == 1 else 'es'}. Stop with Ctrl-C.")
    try:
        with bars.shown() as bar:
            _watch_on(reading, bar)
    except KeyboardInterrupt:
        click.echo("Stopping after the batches at hand.", err=True)
    finally:
        reading.live.rota.stop()
    click.echo("Stopped; what was read is stored.", err=True)


def _watch_on(reading: Reading, bar: Bar) -> NoReturn:
    """Show how far each mailbox is until somebody stops this process."""
    tasks: dict[str, TaskID] = {}
    while True:
        bars.look(reading.store, bar, tasks)
        time.sleep(LOOK_SECONDS)


def _read_once(reading: Reading, chosen: list[Link], *, is_wished: bool) -> list[Read]:
    """Read mailboxes side by side until each is caught up or meets trouble.

    Raises:
        KeyboardInterrupt: somebody stopped this process; every batch at hand is stored.
    """
    from emailresponse import settings

    workers = settings.providers(reading.store).syncing.workers
    stopping = threading.Event()
    skipped = {link.mailbox: why for link in chosen if (why := _why_not(link, is_wished=is_wished))}
    with ThreadPoolExecutor(workers) as pool, bars.shown() as bar:
        passes: dict[str, Future[Outcome]] = {
            link.mailbox: pool.submit(_read, reading, link, stopping)
            for link in chosen
            if link.mailbox not in skipped
        }
        try:
            _watch(reading, bar, passes)
        except KeyboardInterrupt:
            stopping.set()
            click.echo("Stopping after the batches at hand.", err=True)
            raise
    return [
        Read(link, why_not=skipped[link.mailbox])
        if link.mailbox in skipped
        else Read(link, passes[link.mailbox].result())
        for link in chosen
    ]


def _why_not(link: Link, *, is_wished: bool) -> str | None:
    """Return why a mailbox is not read now; None: it is."""
    if link.is_lost:
        return f"has to be linked again ({link.reason})"
    if link.is_paused:
        return f"paused: emailresponse link resume {link.mailbox}"
    if link.trouble == "limited" and not is_wished and link.retry_at and link.retry_at > workspace.now():
        return f"the provider asked to wait until {link.retry_at:%H:%M} UTC"
    return None


def _read(reading: Reading, link: Link, stopping: threading.Event) -> Outcome:
    """Run a pass; whatever it meets ends in its outcome."""
    from emailresponse.copies import Progress
    from emailresponse.passes import Outcome

    reader = reading.live.reader
    if stopping.is_set():
        return Outcome(link.mailbox, Progress(), is_caught_up=False)
    try:
        return reader.read(link, is_over=stopping.is_set)
    except StoreFull as error:  # not even that could be noted
        return Outcome(link.mailbox, Progress(), is_caught_up=False, error=error)
    except SettingsError as error:
        noted = reader.give_up(link, str(error))
        return Outcome(link.mailbox, noted.progress, is_caught_up=False, error=error)
    except Exception as error:  # noqa: BLE001 - one mailbox's failure must not stop the others
        return reader.give_up(link, type(error).__name__)


def _watch(reading: Reading, bar: Bar, passes: dict[str, Future[Outcome]]) -> None:
    """Show how far each mailbox is until all have ended."""
    tasks: dict[str, TaskID] = {}
    while True:
        _, still = wait(passes.values(), timeout=LOOK_SECONDS)
        if not still:
            return
        bars.look(reading.store, bar, tasks, [name for name, one in passes.items() if not one.done()])


def _sum_up(reads: list[Read]) -> None:
    """Print a line a mailbox, what to do about trouble, and the sum."""
    total = [0, 0, 0, 0]
    for read in reads:
        error = read.outcome.error if read.outcome else None
        if read.outcome:
            came = read.outcome.progress
            counts = (came.read_count, came.stored_count, came.known_count, came.refused_count)
            total = [before + more for before, more in zip(total, counts, strict=True)]
            click.echo(f"{read.link.mailbox}: {_counted(counts)}{'' if error is None else '; trouble'}")
            for refusal in itertools.islice(came.refused, 5):
                click.echo(f"  refused at {refusal.position}: {refusal.reason}")
        else:
            click.echo(troubles.folded(f"{read.link.mailbox}: not read, {read.why_not}"))
        if error is not None:
            reason = getattr(error, "reason", str(error))
            where = getattr(error, "where", None)
            said = f"{where} {reason}" if where else reason
            click.echo(troubles.folded(f"{said}. {troubles.remedy(read.link, error)}", "  "))
        elif read.why_not and read.link.trouble:
            click.echo(troubles.folded(troubles.remedy(read.link), "  "))
    plural = "mailbox" if len(reads) == 1 else "mailboxes"
    click.echo(f"{len(reads)} {plural}: {_counted(total)}")


def _counted(counts: Sequence[int]) -> str:
    read, stored, known, refused = counts
    return f"read {read:,}, stored {stored:,}, already known {known:,}, refused {refused:,}"


def _derive(reading: Reading) -> None:
    """Work what came into the figures."""
    from emailresponse import derive

    if not derive.is_stale(reading.store):
        return
    try:
        derive.refresh(reading.store)
    except EmailResponseError as error:
        error.add_note("What was read is stored; the next report works it into the figures.")
        raise


def _status(reads: list[Read]) -> int:
    """Return 0, 1 with trouble, 2 if nothing could be read though something should be."""
    if not any(read.is_in_trouble for read in reads):
        return 0
    return 1 if any(read.was_read for read in reads) else 2


def _stop(signal_number: int, frame: object) -> NoReturn:  # noqa: ARG001 - signal's signature
    raise KeyboardInterrupt
