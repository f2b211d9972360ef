"""What is stored is compared with what Gmail lists; only ids are listed, and only the difference is fetched.

After a first read, or one after an expired history, down to the horizon; once a day for the newest days.
Whatever the history did not tell (Gmail promises little) is found here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from connectors.gmail.calls import PAGE, Calls
from connectors.gmail.fetching import Fetching
from connectors.gmail.first import MARGIN, never_brought, refuse_emptied
from connectors.gmail.messages import FOLLOWED, followed, relabelled
from connectors.linked import Linked
from emailresponse.copies import Copy

_THROWN = frozenset({"SPAM", "TRASH"})
_THROWN_PAGES = 40


@dataclass(frozen=True, slots=True)
class Difference:
    """Where what is stored differs from what Gmail lists.

    Attributes:
        missing: ids that are listed and not stored, newest first.
        relabelled: stored copies with the labels under which they are listed now.
        vanished: ids that are stored and listed nowhere.
    """

    missing: tuple[str, ...]
    relabelled: tuple[Copy, ...]
    vanished: tuple[str, ...]


@dataclass
class Reconciling:
    """Compares one mailbox."""

    linked: Linked
    calls: Calls
    fetching: Fetching

    def difference(self, *, is_whole: bool) -> Difference:
        """Return the difference: down to the horizon, or of the days that the settings name.

        Raises:
            MailboxEmptied: Gmail lists nothing, though copies are stored.
        """
        days = timedelta(days=self.linked.providers.syncing.reconcile_days)
        since = self.linked.horizon_at if is_whole else self.linked.now() - days
        stored = self.linked.holdings.since(since)
        mail = self._mail(stored)
        if not mail:
            refuse_emptied(self.linked, self.calls)
        here = frozenset(mail)
        under = self.fetching.each(lambda label: self._labelled(label, here), FOLLOWED) if stored else {}
        missing = self._missing(mail, under)
        if not stored:
            return Difference(missing, (), ())
        relabels: list[Copy] = []
        vanished: list[str] = []
        listed = here | under["SPAM"] | under["TRASH"]
        for one, labels in stored.items():
            if one in listed:
                now = followed(label for label in FOLLOWED if one in under[label])
                if "SENT" in labels and "SENT" not in now:  # what was sent stays so
                    now = followed((*now, "SENT"))
                if now != followed(labels):
                    relabels.append(relabelled(self.linked, one, now))
            elif not _THROWN & set(labels):  # what was thrown away is purged after a month
                vanished.append(one)
        return Difference(missing, tuple(relabels), tuple(vanished))

    def looked_after(
        self, vanished: tuple[str, ...]
    ) -> Iterator[tuple[tuple[Copy, ...], tuple[tuple[str, str], ...]]]:
        """Ask for each message that is listed nowhere, and yield those that are there and those that are not.

        A list that shrinks while it is paged skips messages, so being unlisted proves nothing.
        """
        size = self.fetching.batch_count
        for start in range(0, len(vanished), size):
            labels = self.fetching.labels(vanished[start : start + size])
            seen = tuple(
                relabelled(self.linked, one, there) for one, there in labels.items() if there is not None
            )
            ended = tuple((self.linked.mailbox, one) for one, there in labels.items() if there is None)
            yield seen, ended

    def _missing(self, mail: list[str], under: Mapping[str, set[str]]) -> tuple[str, ...]:
        """Return what is listed and not stored; behind the last stored message lies what is too old."""
        known = self._known(mail)
        last = max((no for no, one in enumerate(mail) if one in known), default=-1)
        missing = [one for one in mail[: max(last, 0)] if one not in known]
        if missing:
            passed_over = never_brought(self.calls)
            missing = [one for one in missing if one not in passed_over]
        trashed = sorted(under.get("SENT", set()) & under.get("TRASH", set()))
        stored = self._known(trashed)
        return (*missing, *(one for one in trashed if one not in stored))

    def _mail(self, stored: Mapping[str, tuple[str, ...]]) -> list[str]:
        """Return ids newest first, until a long row is none of the stored ones and older ones are among it.

        Where no older ones are stored the row has to be very long.
        """
        found: list[str] = []
        page: str | None = None
        row: list[str] = []
        while True:
            listed = self.calls.messages(page=page)
            found += listed.ids
            for one in listed.ids:
                if one in stored:
                    row = []
                else:
                    row.append(one)
            page = listed.following
            if page is None or len(row) >= 2 * PAGE or (len(row) >= MARGIN and self._known(row)):
                return found

    def _labelled(self, label: str, mail: frozenset[str]) -> set[str]:
        """Return the ids under a label, as far back as mail was listed.

        Of spam and trash, which lie beside the mail, all is listed: Gmail empties them every month.
        """
        found: set[str] = set()
        page: str | None = None
        row = 0
        for _ in range(_THROWN_PAGES if label in _THROWN else 1 << 30):
            listed = self.calls.messages(labels=[label], page=page, everywhere=True)
            found.update(listed.ids)
            for one in listed.ids:
                row = 0 if one in mail else row + 1
            page = listed.following
            if page is None or (row >= MARGIN and label not in _THROWN):
                break
        return found

    def _known(self, ids: list[str]) -> set[str]:
        return {
            one
            for start in range(0, len(ids), 1000)
            for one in self.linked.holdings.labels(ids[start : start + 1000])
        }
