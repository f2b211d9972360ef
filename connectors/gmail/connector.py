"""The connector of one Gmail mailbox: what is new, then the read from the start, then the comparison."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from connectors.gmail import history, position
from connectors.gmail.access import credentials
from connectors.gmail.calls import Calls
from connectors.gmail.fetching import Fetching
from connectors.gmail.first import FirstReading
from connectors.gmail.messages import followed, relabelled
from connectors.gmail.position import FirstRead, Position
from connectors.gmail.reconciling import Reconciling
from connectors.linked import Linked
from emailresponse.copies import Batch, Connector, Copy, Cursor


def connect(linked: Linked) -> Connector:
    """Return a connector of a linked Gmail mailbox.

    Raises:
        AuthorizationLost: what was granted cannot be read, or the settings no longer allow it.
        SettingsError: the service account's key is missing or none.
    """
    return GmailConnector(linked)


class GmailConnector:
    """Reads one mailbox by Gmail's API with the right to metadata alone.

    The history's position is taken before the first read begins and is part of every cursor, so what comes,
    goes or moves while the first read lasts is brought by the next call of `changes`.
    """

    def __init__(self, linked: Linked) -> None:
        self._linked = linked
        self._calls = Calls(linked, credentials(linked))
        self._fetching = Fetching(linked, self._calls)

    def addresses(self) -> tuple[str, ...]:
        """Return the mailbox."""
        return (self._linked.mailbox,)

    def changes(self, since: Cursor | None) -> Iterator[Batch]:
        """Yield what came after the cursor.

        Raises:
            CursorExpired: Gmail no longer knows the history from there on.
            MailboxEmptied: the mailbox holds nothing, though copies of it are stored.
            AuthorizationLost, RateLimited, ProviderDown, ProviderWrong: as Gmail answers.
        """
        if since is None:
            at = self._begun()
            yield Batch(at.cursor(), ())
        else:
            at = position.read(since)
            at = yield from self._new(at)
        if at.first is not None and at.first.stage != position.SETTLING:
            at = yield from FirstReading(self._linked, self._calls, self._fetching).read(at)
        if at.first is not None:
            at = yield from self._reconciled(at, is_whole=True)
        elif not at.is_reconciled(self._linked.now()):
            at = yield from self._reconciled(at, is_whole=False)

    def close(self) -> None:
        """End threads and connections."""
        self._fetching.close()
        self._calls.close()

    def _begun(self) -> Position:
        """Return the position before the first read: the history's place before anything is listed."""
        profile = self._calls.profile()
        now = self._linked.now()
        return Position(profile.history_id, FirstRead(total=profile.message_count, begun_at=now.isoformat()))

    def _new(self, at: Position) -> Generator[Batch, None, Position]:
        """Bring what happened since the position and return the position behind it."""
        changes, history_id = history.read(self._calls, at.history_id)
        known = self._linked.holdings.labels(list(changes)) if changes else {}
        seen: list[Copy] = []
        ended: list[tuple[str, str]] = []
        for message_id, change in changes.items():
            if message_id not in known:
                continue
            labels = followed(known[message_id])
            if change.is_deleted:
                if "TRASH" not in labels:
                    ended.append((self._linked.mailbox, message_id))
            elif followed(change.applied(labels)) != labels:
                seen.append(relabelled(self._linked, message_id, change.applied(labels)))
        fresh = [
            message_id
            for message_id, change in changes.items()
            if message_id not in known and change.may_be_new
        ]
        fresh.reverse()  # the newest first: they are what a person waits for
        yield from self._fetched(at.cursor(), fresh)
        behind = replace(at, history_id=history_id)
        if behind != at or seen or ended:
            yield Batch(behind.cursor(), tuple(seen), tuple(ended), read_count=len(seen))
        return behind

    def _fetched(self, cursor: Cursor, ids: Sequence[str]) -> Iterator[Batch]:
        """Bring messages by their ids; the cursor stays, so that whoever stops asks for the rest again."""
        size = self._fetching.batch_count
        for start in range(0, len(ids), size):
            got = self._fetching.fetch(ids[start : start + size])
            count = len(got.copies) + len(got.refused)
            yield Batch(cursor, got.copies, refused=got.refused, read_count=count)
            if got.failure is not None:
                raise got.failure

    def _reconciled(self, at: Position, *, is_whole: bool) -> Generator[Batch, None, Position]:
        """Bring where what is stored differs from what Gmail lists and return the position behind it."""
        reconciling = Reconciling(self._linked, self._calls, self._fetching)
        begun_at = self._linked.now()
        difference = reconciling.difference(is_whole=is_whole)
        yield from self._fetched(at.cursor(), difference.missing)
        for seen, ended in reconciling.looked_after(difference.vanished):
            yield Batch(at.cursor(), seen, ended, read_count=len(seen))
        behind = replace(at, first=None, reconciled_at=begun_at.isoformat())
        relabels = difference.relabelled
        yield Batch(behind.cursor(), relabels, read_count=len(relabels))
        return behind
