"""Copies that a folder holds no more: found by comparing what is stored with what lies there.

IMAP tells at most the UIDs of what was expunged (VANISHED, RFC 7162), and a UID says nothing of a copy once
the message is gone. That something vanished is told exactly by counting, on every server: messages known
below UIDNEXT, less those that lie there now. Which ones is asked of recent messages first, since most mail
is thrown away or moved while it is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from connectors.imap.folders import Folder, is_away
from connectors.imap.messages import observation
from connectors.imap.reading import Reading
from connectors.imap.sessions import Session
from connectors.imap.states import Place
from connectors.linked import Linked
from emailresponse.copies import Copy

WINDOWS: tuple[int | None, ...] = (2, 14, 90, None)
"""Days that are compared, until as many copies are missing as have vanished; None: all."""

HASTY = WINDOWS[:2]
"""The days that are compared while the first read is under way; the rest is made up for behind it."""

BLOCK = 500
_ZONES = timedelta(days=1)  # SEARCH SINCE names a day in the server's zone


@dataclass(frozen=True, slots=True)
class Group:
    """The folders that give one label, and what vanished from them.

    Attributes:
        label: the label; empty for all mail.
        folders: those of them that are there, each with its UIDVALIDITY.
        vanished: how many messages vanished; None: nobody knows.
        is_hasty: whether only recent messages are compared.
    """

    label: str
    folders: tuple[tuple[Folder, int], ...]
    vanished: int | None
    is_hasty: bool = False


@dataclass(slots=True)
class Missing:
    """Stored copies that a group's folders hold no more, and whether there may be others."""

    label: str
    provider_ids: set[str] = field(default_factory=set)
    is_unsure: bool = False


@dataclass(slots=True)
class Verdict:
    """What becomes of missing copies: seen elsewhere, gone for good, or too early to say."""

    seen: list[Copy] = field(default_factory=list)
    ended: list[tuple[str, str]] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)


class Vanishing:
    """Finds what vanished, and where it went."""

    def __init__(self, linked: Linked, session: Session, reading: Reading) -> None:
        self._linked = linked
        self._session = session
        self._reading = reading

    def missing(self, group: Group) -> Missing:
        """Return the stored copies that a group's folders hold no more."""
        windows = HASTY if group.is_hasty else (None,) if group.vanished is None else WINDOWS
        present: dict[tuple[str, int], str] = {}
        result = Missing(group.label)
        for days in windows:
            moment = None if days is None else self._linked.now() - timedelta(days=days)
            held = self._linked.holdings.since(moment)
            stored = {one for one, labels in held.items() if _lies(labels, group.label)}
            if stored:
                since = None if moment is None else (moment - _ZONES).date()
                for folder, validity in group.folders:
                    self._add_present(folder, validity, since, present)
            result.provider_ids = stored - set(present.values())
            if group.vanished is not None and len(result.provider_ids) >= group.vanished:
                return result
        result.is_unsure = group.is_hasty
        return result

    def _add_present(
        self, folder: Folder, validity: int, since: date | None, present: dict[tuple[str, int], str]
    ) -> None:
        uids = self._session.search(folder.name, validity, () if since is None else ("SINCE", since))
        asked = [uid for uid in uids if (folder.name, uid) not in present]
        for start in range(0, len(asked), BLOCK):
            found, _ = self._reading.found(folder, validity, asked[start : start + BLOCK])
            present.update({(folder.name, uid): one.provider_id for uid, one in found.items()})

    def verdict(
        self, missing: Sequence[Missing], aside: Mapping[Folder, Place], *, is_reading_back: bool
    ) -> Verdict:
        """Return what becomes of missing copies, after everything new was read.

        Args:
            missing: what was found missing before everything new was read, so that nothing lies in between.
            aside: trash and junk, and how far they were looked into.
            is_reading_back: whether a message may lie in a part of a folder that was not read yet.
        """
        lacking: dict[str, set[str]] = {}
        for one in missing:
            for provider_id in one.provider_ids:
                lacking.setdefault(provider_id, set()).add(one.label)
        result = Verdict()
        lost: dict[str, tuple[str, ...]] = {}
        for provider_id, before in self._linked.holdings.labels(list(lacking)).items():
            rest = tuple(one for one in before if one == "SENT" or one not in lacking[provider_id])
            if is_away(before):
                continue
            if "" in lacking[provider_id] or not set(rest) - lacking[provider_id]:
                lost[provider_id] = before
            else:
                result.seen.append(observation(self._linked.mailbox, provider_id, rest))
        where = self._aside(aside) if lost else {}
        for provider_id, before in lost.items():
            if provider_id in where:
                labels = (*(one for one in before if one == "SENT"), where[provider_id])
                result.seen.append(observation(self._linked.mailbox, provider_id, labels))
            elif is_reading_back:
                result.unsure |= lacking[provider_id]
            else:
                result.ended.append((self._linked.mailbox, provider_id))
        return result

    def _aside(self, aside: Mapping[Folder, Place]) -> dict[str, str]:
        """Return the label of every copy that came into the trash or junk since they were looked into."""
        found: dict[str, str] = {}
        for folder, place in aside.items():
            uids = self._session.search(folder.name, place.validity, ("UID", f"{place.following}:*"))
            fresh = [uid for uid in uids if uid >= place.following]
            for start in range(0, len(fresh), BLOCK):
                messages, _ = self._reading.found(folder, place.validity, fresh[start : start + BLOCK])
                found.update({one.provider_id: folder.label for one in messages.values()})
        return found


def _lies(labels: Iterable[str], label: str) -> bool:
    """Return whether a copy was last seen in the folders of a label, and in none beside where it was sent.

    What was sent stays sent wherever it is moved, so that this label tells a place only where it is alone.
    """
    if is_away(labels):
        return False
    if label in {"", "SENT"}:
        return not label or set(labels) == {"SENT"}
    return label in labels
