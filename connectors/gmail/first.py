"""The read from the start: every message from the newest back to the horizon, page by page.

What is stored already is passed over, so that beginning again, also after an expired history, costs little.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.gmail.calls import Calls, Listed
from connectors.gmail.fetching import Fetching
from connectors.gmail.messages import NEVER
from connectors.gmail.position import MAIL, SETTLING, TRASHED, FirstRead, Position
from connectors.linked import Linked
from emailresponse.copies import Batch, Copy
from emailresponse.errors import MailboxEmptied, ProviderWrong

MARGIN = 100
"""So many messages in a row before the horizon end the read: Gmail promises no order."""

_NEVER_PAGES = 20


@dataclass
class FirstReading:
    """The read from the start, which may stop after any batch and go on later."""

    linked: Linked
    calls: Calls
    fetching: Fetching

    def read(self, at: Position) -> Generator[Batch, None, Position]:
        """Bring all mail, then our own sent mail in the trash; return the position behind it.

        Raises:
            MailboxEmptied: Gmail lists nothing, though copies are stored.
        """
        first = at.first or FirstRead()
        passed_over = never_brought(self.calls)
        while first.stage != SETTLING:
            listed, first = self._listed(first)
            first = yield from self._page(at, first, listed.ids, passed_over)
            if listed.following is None or first.older >= MARGIN:
                stage = TRASHED if first.stage == MAIL else SETTLING
                first = replace(first, stage=stage, page=None, older=0)
            else:
                first = replace(first, page=listed.following)
            done, total = self._progress(first)
            yield Batch(replace(at, first=first).cursor(), (), done_count=done, total_count=total)
        return replace(at, first=first)

    def _listed(self, first: FirstRead) -> tuple[Listed, FirstRead]:
        """Return the page at hand; the first one again where Gmail no longer knows the page's token."""
        labels = ("SENT", "TRASH") if first.stage == TRASHED else ()
        everywhere = first.stage == TRASHED
        try:
            listed = self.calls.messages(labels=labels, page=first.page, everywhere=everywhere)
        except ProviderWrong:
            if first.page is None:
                raise
            first = replace(first, page=None, done=0, older=0)
            listed = self.calls.messages(labels=labels, everywhere=everywhere)
        if first.stage == MAIL and first.page is None and not listed.ids:
            refuse_emptied(self.linked, self.calls)
        return listed, first

    def _page(
        self, at: Position, first: FirstRead, ids: list[str], passed_over: frozenset[str]
    ) -> Generator[Batch, None, FirstRead]:
        """Bring one page's messages; their cursor names the page, so that it is listed again if need be."""
        known = self.linked.holdings.labels(ids) if ids else {}
        cursor = replace(at, first=first).cursor()
        wanted = [no for no, one in enumerate(ids) if one not in known and one not in passed_over]
        size = self.fetching.batch_count
        begun, at_page = 0, first
        for start in range(0, len(wanted), size):
            places = wanted[start : start + size]
            got = self.fetching.fetch([ids[no] for no in places])
            until = places[-1] + 1
            first = replace(
                first,
                done=at_page.done + until,
                older=_run(first.older, ids[begun:until], got.older, passed_over - set(known)),
                oldest_at=_oldest(got.copies, first.oldest_at),
            )
            begun = until
            done, total = self._progress(first)
            yield Batch(
                cursor,
                got.copies,
                refused=got.refused,
                read_count=len(got.copies) + len(got.refused),
                done_count=done,
                total_count=total,
            )
            if got.failure is not None:
                raise got.failure
            if first.older >= MARGIN:
                return first
        older = _run(first.older, ids[begun:], frozenset(), passed_over - set(known))
        return replace(first, done=at_page.done + len(ids), older=older)

    def _progress(self, first: FirstRead) -> tuple[int, int]:
        """Return how many messages are dealt with, and how many there will be, as far as can be told.

        Gmail counts what it holds, not what lies behind the horizon; the days gone through tell the rest.
        """
        if first.stage != MAIL:
            return first.done, first.done
        total = max(first.total, first.done)
        if first.oldest_at and self.linked.horizon_at is not None:
            begun_at = datetime.fromisoformat(first.begun_at)
            gone = (begun_at - datetime.fromisoformat(first.oldest_at)).total_seconds()
            whole = (begun_at - self.linked.horizon_at).total_seconds()
            if 0 < gone <= whole:
                total = min(total, max(first.done, round(first.done * whole / gone)))
        return first.done, total


def never_brought(calls: Calls) -> frozenset[str]:
    """Return the ids of drafts and chats, which are listed cheaply and need not be fetched to be dropped."""
    found: set[str] = set()
    for label in NEVER:
        page: str | None = None
        for _ in range(_NEVER_PAGES):
            listed = calls.messages(labels=[label], page=page, everywhere=True)
            found.update(listed.ids)
            page = listed.following
            if page is None:
                break
    return frozenset(found)


def refuse_emptied(linked: Linked, calls: Calls) -> None:
    """Let a mailbox that lists no mail pass only if it never held any, or holds the rest in spam or trash.

    Raises:
        MailboxEmptied: copies are stored that nobody threw away, and Gmail lists nothing at all.
    """
    is_stored = any(not {"TRASH", "SPAM"} & set(labels) for labels in linked.holdings.since(None).values())
    if is_stored and not calls.messages(everywhere=True).ids:
        raise MailboxEmptied(linked.mailbox)


def _run(before: int, ids: list[str], older: frozenset[str], ignored: frozenset[str]) -> int:
    """Return how many of the messages listed last lie before the horizon, one after the other."""
    for one in ids:
        if one in older:
            before += 1
        elif one not in ignored:
            before = 0
    return before


def _oldest(copies: tuple[Copy, ...], before: str) -> str:
    times = [copy.copied_at.isoformat() for copy in copies if copy.copied_at is not None]
    return min([*times, *([before] if before else [])], default="")
