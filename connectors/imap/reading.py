"""Messages are read in blocks: what is new becomes a copy, what is known is seen with its labels of now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.imap.folders import Folder, is_away
from connectors.imap.messages import (
    FIRST_BYTES,
    Found,
    copy,
    found,
    header,
    header_block,
    identifying,
    observation,
)
from connectors.imap.sessions import Session
from connectors.linked import Linked
from emailresponse.copies import Copy, Refusal
from emailresponse.errors import ProviderDown, ProviderWrong
from emailresponse.fields import HEADER_LIMIT

BREAKS = 3
"""Messages in a row on which the connection may break before it is the server that is down."""

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a block of messages came to.

    Attributes:
        added: new copies, and known ones whose labels changed.
        refused: messages that the server cannot give.
        reached_at: the receipt of the last of them, naive UTC.
    """

    added: tuple[Copy, ...]
    refused: tuple[Refusal, ...]
    reached_at: datetime | None


class Reading:
    """Reads blocks of a mailbox's messages over a session."""

    def __init__(self, linked: Linked, session: Session, *, is_gmail: bool) -> None:
        self._linked = linked
        self._session = session
        self._items = identifying(is_gmail=is_gmail)

    def taken(self, folder: Folder, validity: int, uids: Sequence[int]) -> Taken:
        """Return what messages of a folder come to; drafts and messages before the horizon are left out.

        Raises:
            Unreadable: the folder is not there as it was listed.
        """
        messages, refused = self.found(folder, validity, uids)
        known = dict(self._linked.holdings.labels([one.provider_id for one in messages.values()]))
        fresh: dict[str, tuple[int, Labels]] = {}
        seen: dict[str, Labels] = {}
        for uid, message in messages.items():
            before = known.get(message.provider_id)
            if message.is_draft or (before is None and self._is_old(message)):
                continue
            after = appeared(before, folder.label) if message.labels is None else message.labels
            if before is None:
                fresh[message.provider_id] = (uid, after)
            elif set(after) != set(before) and message.provider_id not in fresh:
                seen[message.provider_id] = after
            known[message.provider_id] = after
        copies, unread = self._copies(folder, validity, messages, fresh)
        mailbox = self._linked.mailbox
        copies += [observation(mailbox, one, labels) for one, labels in seen.items()]
        last = messages[max(messages, key=uids.index)] if messages else None
        return Taken(tuple(copies), (*refused, *unread), last.received_at if last else None)

    def _is_old(self, message: Found) -> bool:
        horizon_at, at = self._linked.horizon_at, message.received_at
        return horizon_at is not None and at is not None and at < horizon_at

    def _copies(
        self, folder: Folder, validity: int, messages: dict[int, Found], fresh: dict[str, tuple[int, Labels]]
    ) -> tuple[list[Copy], list[Refusal]]:
        """Return new messages as copies, with headers that are asked for now where they were not yet."""
        now = self._linked.now()
        bare = [uid for uid, _ in fresh.values() if messages[uid].fields is None]
        refused: list[Refusal] = []
        if bare:
            whole, refused = self._answers(folder, validity, bare, (*self._items, header()))
            messages = messages | {uid: one for uid in whole if (one := found(whole[uid])) is not None}
        copies = [
            copy(messages[uid], self._linked.mailbox, labels, now)
            for uid, labels in fresh.values()
            if messages[uid].fields is not None
        ]
        return copies, refused

    def found(
        self, folder: Folder, validity: int, uids: Sequence[int]
    ) -> tuple[dict[int, Found], list[Refusal]]:
        """Return messages of a folder by UID in the order asked for, and those that the server cannot give.

        What is not there any more is in neither.
        """
        answers, refused = self._answers(folder, validity, uids, self._items)
        messages: dict[int, Found] = {}
        for uid in uids:
            if uid not in answers:
                continue
            one = found(answers[uid])
            if one is None:
                refused.append(_refusal(folder, uid, "the server gives no header"))
            else:
                messages[uid] = one
        return messages, refused

    def _answers(
        self, folder: Folder, validity: int, uids: Sequence[int], items: Sequence[str]
    ) -> tuple[dict[int, Mapping[bytes, Any]], list[Refusal]]:
        refused: list[Refusal] = []
        try:
            answers = dict(self._session.fetch(folder.name, validity, uids, items))
        except (ProviderWrong, ProviderDown):
            answers, refused = self._singly(folder, validity, uids, items)
        for uid, answer in list(answers.items()):
            if len(header_block(answer) or b"") >= FIRST_BYTES:
                longer = (*(item for item in items if not item.startswith("BODY")), header(HEADER_LIMIT))
                again, more = self._singly(folder, validity, [uid], longer)
                answers.update(again)
                refused += more
        return answers, refused

    def _singly(
        self, folder: Folder, validity: int, uids: Sequence[int], items: Sequence[str]
    ) -> tuple[dict[int, Mapping[bytes, Any]], list[Refusal]]:
        """Return what each message alone is answered with, so that one bad message costs no other.

        Raises:
            ProviderDown: it is not a message that the server stumbles over.
        """
        answers: dict[int, Mapping[bytes, Any]] = {}
        refused: list[Refusal] = []
        breaks = 0
        for uid in uids:
            try:
                answers.update(self._patiently(folder, validity, uid, items))
            except ProviderWrong:
                refused.append(_refusal(folder, uid, "the server does not give it"))
            except ProviderDown:
                breaks += 1
                if breaks >= BREAKS:
                    raise
                self._session.standing(folder.name)
                refused.append(_refusal(folder, uid, "the connection breaks on it"))
            else:
                breaks = 0
        return answers, refused

    def _patiently(
        self, folder: Folder, validity: int, uid: int, items: Sequence[str]
    ) -> Mapping[int, Mapping[bytes, Any]]:
        """Return what one message is answered with; refused once, it is asked for on a new connection."""
        try:
            return self._session.fetch(folder.name, validity, [uid], items)
        except ProviderWrong:
            self._session.close()
        return self._session.fetch(folder.name, validity, [uid], items)


def appeared(before: Labels | None, label: str) -> Labels:
    """Return the labels of a copy that appears in a folder; out of the trash or junk it begins anew.

    What was sent stays sent, wherever it lies.
    """
    if before is None:
        return (label,)
    if is_away(before):
        before = tuple(one for one in before if one == "SENT")
    return before if label in before else (*before, label)


def _refusal(folder: Folder, uid: int, reason: str) -> Refusal:
    return Refusal(f"imap {folder.label or 'all mail'}", uid, reason)
