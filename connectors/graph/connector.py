"""The connector for a Microsoft 365 mailbox: the changes of each folder, and what became of what left one."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import timedelta

from connectors.graph.asking import Asking
from connectors.graph.comparing import Comparison
from connectors.graph.folders import Tree
from connectors.graph.page import Pages
from connectors.graph.requests import Requests
from connectors.graph.state import State, batch, read
from connectors.graph.tokens import Tokens
from connectors.graph.walk import Walk
from connectors.linked import Linked
from emailresponse.copies import Batch, Cursor
from emailresponse.errors import AuthorizationLost, NotFound, ProviderWrong

COMPARED_EVERY = timedelta(days=7)
"""Graph forgets some moves (a message that came back to its folder), so ids are compared so often."""

ROUNDS = 3
"""How often folders are gone through again because a message moved between them meanwhile."""


class GraphConnector:
    """Reads one mailbox of Microsoft 365 (connectors protocol)."""

    def __init__(self, linked: Linked) -> None:
        self._linked = linked
        self._requests = Requests(linked, Tokens(linked))
        self._running: Generator[Batch, None, None] | None = None

    def addresses(self) -> tuple[str, ...]:
        """Return the mailbox."""
        return (self._linked.mailbox,)

    def changes(self, since: Cursor | None) -> Iterator[Batch]:
        """Yield what came after the cursor, new messages first; then what a first read has not reached yet.

        Raises:
            AuthorizationLost, CursorExpired, MailboxEmptied, ProviderDown, ProviderWrong, RateLimited.
        """
        self._stop()
        self._running = self._batches(since)
        return self._running

    def close(self) -> None:
        """Ask nothing more, and let go of connections."""
        self._stop()
        self._requests.close()

    def _stop(self) -> None:
        if self._running is not None:
            self._running.close()
            self._running = None

    def _batches(self, since: Cursor | None) -> Generator[Batch, None, None]:
        check_allowed(self._linked)
        state = read(since)
        last = since
        try:
            for one in self._steps(state, is_first=since is None):
                yield one
                last = one.cursor
        except NotFound as error:  # what every mailbox has: its folders
            raise ProviderWrong(f"404 {error.name}") from error
        if state.cursor() != last:
            yield batch(state, [])

    def _steps(self, state: State, *, is_first: bool) -> Iterator[Batch]:
        linked = self._linked
        tree = Tree(self._requests, state)
        tree.refresh()
        self._note_stale(state, tree, is_first=is_first)
        pages = Pages(linked, state, tree)
        asking = Asking(linked, self._requests, state, tree, pages)
        walk = Walk(linked, self._requests, state, tree, pages, asking)
        walk.probe()
        # During a first read a message may move from a folder not read yet into one that was; and a round
        # that an earlier pass began tells nothing of what came since it began.
        walk.has_moved = bool(walk.unread() or walk.is_halfway())
        if not is_first:
            yield from walk.news()
        yield from walk.changes(walk.read())
        yield from walk.changes(walk.unread())
        for _ in range(ROUNDS):
            if not walk.has_moved:
                break
            walk.has_moved = False
            yield from walk.changes(walk.read())
        walk.end_first_read()
        yield from Comparison(linked, self._requests, state, tree, asking).folders()
        yield from asking.pending()

    def _note_stale(self, state: State, tree: Tree, *, is_first: bool) -> None:
        """Put all folders on the list of those to compare: once a week, and where a cursor was lost."""
        now = self._linked.now()
        if is_first:
            state.compared_at = state.peeked_at = now
            is_due = bool(self._linked.holdings.since(None))
        else:
            is_due = state.compared_at is None or now >= state.compared_at + COMPARED_EVERY
        if is_due:
            state.compared_at = now
            state.stale |= dict.fromkeys(tree.read_ids())


def check_allowed(linked: Linked) -> None:
    """Raise unless our settings let the application read the mailbox; its own consent needs no list.

    Raises:
        AuthorizationLost: the mailbox is not listed.
    """
    allowed = linked.providers.microsoft.mailboxes
    if linked.way == "application" and not is_listed(linked.account, allowed):
        raise AuthorizationLost(linked.mailbox, "it is not among microsoft.mailboxes")


def is_listed(address: str, allowed: tuple[str, ...]) -> bool:
    """Say whether an address is listed, or its domain is as `@acme.com`."""
    written = address.strip().lower()
    listed = {one.strip().lower() for one in allowed}
    return "@" in written and bool({written, written[written.rfind("@") :]} & listed)
