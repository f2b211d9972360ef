"""How far linked mailboxes are, shown while they are read: a line for each, on a terminal alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli import links as telling
from cli import workspace

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from emailresponse.links import Link
    from emailresponse.store import Store


@contextmanager
def shown() -> Iterator[Progress]:
    """Show lines while inside; nothing where standard error is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=10), TextColumn("{task.fields[said]}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield bar


def look(store: Store, bar: Progress, tasks: dict[str, TaskID], names: Sequence[str] | None = None) -> None:
    """Show the mailboxes of these names as they are now, and no others; None: those that are being read."""
    from emailresponse import links

    if bar.disable:
        return
    now, cursor = workspace.now(), store.cursor()
    try:
        held = {one.mailbox: one for one in links.listed(cursor)}
    finally:
        cursor.close()
    wanted = {
        name: one for name, one in held.items() if (_is_at_work(one) if names is None else name in names)
    }
    for name in set(tasks) - set(wanted):
        bar.remove_task(tasks.pop(name))
    for name, link in wanted.items():
        if name not in tasks:
            tasks[name] = bar.add_task(name, total=None, said="")
        said = telling.progress(link, now) if link.is_first_read else f"{link.stored_count:,} stored"
        total = link.first_total if link.is_first_read else None
        bar.update(tasks[name], completed=link.first_done or 0, total=total, said=said)


def _is_at_work(link: Link) -> bool:
    return link.begun_at is not None and (link.ended_at is None or link.begun_at > link.ended_at)
