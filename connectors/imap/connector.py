"""A mailbox on an IMAP server, read folder by folder: what is new first, then back to the horizon.

A pass looks at every folder's UIDNEXT and MESSAGES (STATUS, one short answer each). Where they are as they
were, nothing came and nothing went, and the folder is not opened. What came is read; what went is looked for
(`vanishing`). A message that was moved is seen in its new folder; one that lies nowhere has ended. Nothing
ends while a first read is under way, since it may lie in what was not read yet.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import date, timedelta

from connectors.imap.failures import Unreadable
from connectors.imap.folders import Folder
from connectors.imap.looking import Look, Part
from connectors.imap.sessions import Session
from connectors.imap.states import Place, State
from connectors.linked import Linked
from emailresponse.copies import Batch, Cursor
from emailresponse.errors import ProviderDown

BLOCK = 250
"""Messages of a batch."""

_ZONES = timedelta(days=1)  # SEARCH SINCE names a day in the server's zone


class ImapConnector:
    """Reads one mailbox (`emailresponse.copies.Connector`).

    Args:
        linked: the mailbox.
        session: its user's connection.
        block: messages of a batch.
    """

    def __init__(self, linked: Linked, session: Session, *, block: int = BLOCK) -> None:
        self._linked = linked
        self._session = session
        self._block = block

    def addresses(self) -> tuple[str, ...]:
        """Return the mailbox."""
        return (self._linked.mailbox,)

    def close(self) -> None:
        """Leave the server."""
        self._session.close()

    def changes(self, since: Cursor | None) -> Iterator[Batch]:
        """Yield what came after the cursor, then what the first read has not come to, newest first.

        Raises:
            AuthorizationLost, RateLimited, ProviderDown, ProviderWrong: of the server.
            CursorExpired: another version wrote the cursor.
            MailboxEmptied: there is no message at all any more.
        """
        state = State.of(since)
        last = since
        try:
            for part in self._parts(state):
                batch = _batch(state, part)
                last = batch.cursor
                yield batch
        except Unreadable as error:
            raise ProviderDown("a folder went away while it was read") from error
        if state.cursor() != last:
            yield _batch(state, ((), (), ()))

    def _parts(self, state: State) -> Iterator[Part]:
        look = Look(self._linked, self._session, state, self._block)
        yield from look.parts()
        yield from self._back(state, look)
        if any(place.is_unsure for place in state.places.values()):
            yield from Look(self._linked, self._session, state, self._block).parts()

    def _back(self, state: State, look: Look) -> Iterator[Part]:
        """Yield what the first read has not come to: of all folders the newest messages first."""
        waiting: dict[str, array[int]] = {}
        for name, folder in look.folders.items():
            if state.places[name].before:
                uids = self._older(folder, state.places[name])
                if uids:
                    waiting[name] = uids
                else:
                    state.places[name].before = 0
        state.total = state.done + sum(map(len, waiting.values()))
        while waiting:
            name = max(waiting, key=lambda one: state.places[one].reached or "~")
            place, uids = state.places[name], waiting[name]
            block = uids[-1 : -self._block - 1 : -1].tolist()
            del uids[-self._block :]
            taken = look.reading.taken(look.folders[name], place.validity, block)
            place.before = block[-1]
            place.reached = taken.reached_at.isoformat() if taken.reached_at else place.reached
            state.done += len(block)
            if not uids:
                place.before, place.reached = 0, ""
                del waiting[name]
            yield taken.added, taken.refused, ()

    def _older(self, folder: Folder, place: Place) -> array[int]:
        """Return the UIDs, ascending, that a folder's first read has not come to; none: it is done."""
        criteria: tuple[str | date, ...] = ("UID", f"1:{max(1, place.before - 1)}")
        if self._linked.horizon_at is not None:
            criteria = (*criteria, "SINCE", (self._linked.horizon_at - _ZONES).date())
        found = self._session.search(folder.name, place.validity, criteria)
        return array("I", (uid for uid in found if uid < place.before))


def _batch(state: State, part: Part) -> Batch:
    added, refused, ended = part
    is_first = state.total > 0 and (state.is_reading_back or state.done == state.total)
    return Batch(
        cursor=state.cursor(),
        added=added,
        ended=ended,
        refused=refused,
        read_count=len(added) + len(refused),
        done_count=state.done if is_first else None,
        total_count=state.total if is_first else None,
    )
