"""One look at a mailbox: which folders there are and how they stand, what came, and what went.

Three steps keep a moved message from being taken for a deleted one: what is missing is found first, then
everything new is read from every folder, and only then is decided what became of the missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from connectors.imap.failures import Unreadable
from connectors.imap.folders import ASIDE, EVERYTHING, UNREAD, Folder, folders, is_away
from connectors.imap.reading import Reading, Taken
from connectors.imap.sessions import Session, Standing
from connectors.imap.states import Place, State
from connectors.imap.vanishing import Group, Missing, Vanishing
from connectors.linked import Linked
from emailresponse.copies import Copy, Refusal
from emailresponse.errors import MailboxEmptied, ProviderWrong

GRACE = timedelta(days=1)
"""A folder that the server does not list any more counts as removed after so long: it may be a mishap."""

ENDED = 1_000
"""Vanished copies that one batch tells of."""

Part = tuple[tuple[Copy, ...], tuple[Refusal, ...], tuple[tuple[str, str], ...]]
"""Copies, refusals and ended copies that make a batch with the state of that moment."""


class Look:
    """A look at a mailbox; the state goes with it, and fits what was yielded so far at every moment."""

    def __init__(self, linked: Linked, session: Session, state: State, block: int) -> None:
        self._linked = linked
        self._session = session
        self._state = state
        self._block = block
        self._is_gmail = session.has("X-GM-EXT-1")
        self._refused: list[Refusal] = []
        self.reading = Reading(linked, session, is_gmail=self._is_gmail)
        self.folders: dict[str, Folder] = {}
        self._standings: dict[str, Standing] = {}

    def parts(self) -> Iterator[Part]:
        """Yield what came and what went.

        Raises:
            MailboxEmptied: there is no message at all any more.
        """
        self._list()
        self._refuse_if_emptied()
        self._settle()
        vanishing = Vanishing(self._linked, self._session, self.reading)
        vanished = self._vanished()
        missing = [vanishing.missing(group) for group in self._groups(vanished)]
        if self._refused:
            yield (), tuple(self._refused), ()
        yield from self._new(is_anywhere=any(one.provider_ids for one in missing))
        yield from self._gone(vanishing, missing)
        self._note(vanished, missing)

    def _list(self) -> None:
        """Learn which folders there are and how they stand."""
        known = self._state.places
        for folder in folders(self._session.listed(), is_gmail=self._is_gmail):
            if folder.kind == UNREAD:
                continue
            try:
                standing = self._session.standing(folder.name)
            except Unreadable as error:
                if folder.label == "INBOX":
                    raise ProviderWrong("the inbox cannot be opened") from error
                self._refuse(folder)
                continue
            if folder.name in known:
                known[folder.name].is_refused = False
            self.folders[folder.name] = folder
            self._standings[folder.name] = standing

    def _refuse(self, folder: Folder) -> None:
        """Say once that a folder cannot be opened."""
        place = self._state.places.setdefault(folder.name, Place(0, 1, folder.label))
        if not place.is_refused:
            place.is_refused = True
            self._refused.append(Refusal(f"imap {folder.label}", 0, "the server does not open this folder"))

    def _refuse_if_emptied(self) -> None:
        if any(standing.count for standing in self._standings.values()):
            return
        held = self._linked.holdings.since(None)
        if any(not is_away(labels) for labels in held.values()):
            raise MailboxEmptied(self._linked.mailbox)

    def _settle(self) -> None:
        """Give every folder a place; what is new or was made anew is read from the start."""
        state = self._state
        was_reading_back = state.is_reading_back
        # Without a state, what is stored comes from an earlier one, and may have vanished meanwhile.
        is_held = not state.places and bool(self._linked.holdings.since(None))
        for name, folder in self.folders.items():
            standing, place = self._standings[name], state.places.get(name)
            if place is not None and place.validity == standing.validity:
                place.gone_at = ""
                continue
            state.places[name] = fresh = Place(
                standing.validity, standing.following, folder.label, modseq=standing.modseq
            )
            if folder.kind == ASIDE:
                continue
            fresh.count = standing.count
            fresh.before = standing.following if standing.count else 0
            fresh.is_unsure = is_held or (place is not None and place.validity != 0)
        for name in state.places.keys() - self.folders.keys():
            self._miss(name, state.places[name])
        if not was_reading_back:
            state.done = state.total = 0

    def _miss(self, name: str, place: Place) -> None:
        """Note since when a folder is not listed; trash and junk are missed by nobody."""
        if is_away([place.label]):
            del self._state.places[name]
        elif not place.is_refused and not place.gone_at:
            place.gone_at = self._linked.now().isoformat()

    def _is_removed(self, place: Place) -> bool:
        return bool(place.gone_at) and self._linked.now() - datetime.fromisoformat(place.gone_at) >= GRACE

    def _vanished(self) -> dict[str, int | None]:
        """Return how many messages vanished from each folder that lost some; None: nobody knows."""
        vanished: dict[str, int | None] = {}
        for name, place in self._state.places.items():
            if name not in self.folders:
                if self._is_removed(place) and not self._state.is_reading_back:
                    vanished[name] = None
                continue
            folder, standing = self.folders[name], self._standings[name]
            if folder.kind == ASIDE:
                continue
            if place.is_unsure and not self._state.is_reading_back:
                vanished[name] = None
            elif (standing.count, standing.following) != (place.count, place.following):
                came = sum(uid < standing.following for uid in self._uids(folder, place))
                lost = place.count + came - standing.count
                if lost:
                    vanished[name] = lost
        return vanished

    def _groups(self, vanished: dict[str, int | None]) -> Iterator[Group]:
        """Yield the folders from which something vanished, together with those of the same label."""
        by_label: dict[str, list[int | None]] = {}
        for name, lost in vanished.items():
            if lost is None or lost > 0:
                by_label.setdefault(self._state.places[name].label, []).append(lost)
        for label, losses in by_label.items():
            alike = [one for one in self.folders.values() if one.label == label and one.kind != ASIDE]
            places = [(one, self._state.places[one.name].validity) for one in alike]
            known = [lost for lost in losses if lost is not None]
            total = sum(known) if len(known) == len(losses) else None
            yield Group(label, tuple(places), total, is_hasty=self._state.is_reading_back)

    def _uids(self, folder: Folder, place: Place) -> list[int]:
        """Return the UIDs that are new to a place; `n:*` names the last message too, however old."""
        found = self._session.search(folder.name, place.validity, ("UID", f"{place.following}:*"))
        return [uid for uid in found if uid >= place.following]

    def _new(self, *, is_anywhere: bool) -> Iterator[Part]:
        """Yield what came into the folders; anywhere: also where nothing came when they were looked at."""
        for name, folder in self.folders.items():
            place, standing = self._state.places[name], self._standings[name]
            if folder.kind == ASIDE:
                continue
            if folder.kind == EVERYTHING:
                yield from self._relabelled(folder, place, standing)
            if standing.following <= place.following and not is_anywhere:
                continue
            uids = self._uids(folder, place)
            for start in range(0, len(uids), self._block):
                block = uids[start : start + self._block]
                taken = self.reading.taken(folder, place.validity, block)
                place.following = block[-1] + 1
                place.count += len(block)
                yield _part(taken)
            place.following = max(place.following, standing.following)

    def _relabelled(self, folder: Folder, place: Place, standing: Standing) -> Iterator[Part]:
        """Yield what Gmail labels otherwise than before, among it drafts that were sent."""
        if place.following <= 1 or (place.modseq is not None and place.modseq == standing.modseq):
            return
        changed: tuple[str | int | date, ...]
        if place.modseq is not None and standing.modseq is not None:
            changed = ("MODSEQ", place.modseq + 1)
        else:
            days = timedelta(days=self._linked.providers.syncing.reconcile_days)
            changed = ("SINCE", (self._linked.now() - days).date())
        known = ("UID", f"1:{place.following - 1}")
        uids = self._session.search(folder.name, place.validity, (*known, *changed))
        for start in range(0, len(uids), self._block):
            taken = self.reading.taken(folder, place.validity, uids[start : start + self._block])
            if taken.added or taken.refused:
                yield _part(taken)
        place.modseq = standing.modseq

    def _gone(self, vanishing: Vanishing, missing: list[Missing]) -> Iterator[Part]:
        """Yield what became of the missing copies."""
        if not any(one.provider_ids for one in missing):
            return
        aside = {
            folder: self._state.places[name] for name, folder in self.folders.items() if folder.kind == ASIDE
        }
        verdict = vanishing.verdict(missing, aside, is_reading_back=self._state.is_reading_back)
        for one in missing:
            one.is_unsure = one.is_unsure or one.label in verdict.unsure
        for start in range(0, len(verdict.seen), ENDED):
            yield tuple(verdict.seen[start : start + ENDED]), (), ()
        for start in range(0, len(verdict.ended), ENDED):
            yield (), (), tuple(verdict.ended[start : start + ENDED])

    def _note(self, vanished: dict[str, int | None], missing: Iterable[Missing]) -> None:
        """Note what was looked for, so that it is not looked for again."""
        places = self._state.places
        unsure = {one.label: one.is_unsure for one in missing}
        is_reading_back = self._state.is_reading_back
        for name, lost in vanished.items():
            place = places[name]
            if name not in self.folders:
                del places[name]
                continue
            was_unsure = place.is_unsure
            place.is_unsure = unsure.get(place.label, was_unsure) or (was_unsure and is_reading_back)
            place.count = place.count - lost if lost is not None else self._counted(name, place)
        if is_reading_back or any(place.is_unsure for place in places.values()):
            return  # what is still to be decided may have gone to the trash or junk
        for name, folder in self.folders.items():
            if folder.kind == ASIDE:
                places[name].following = self._standings[name].following

    def _counted(self, name: str, place: Place) -> int:
        """Return how many messages lay in a folder when it was looked at, below what is new to it by now."""
        found = self._session.search(name, place.validity, ("UID", f"1:{max(1, place.following - 1)}"))
        return sum(uid < place.following for uid in found)


def _part(taken: Taken) -> Part:
    return taken.added, taken.refused, ()
