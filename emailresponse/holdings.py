"""What is stored of a mailbox, for its connector to ask before it spends quota on what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import pyarrow as pa

from emailresponse.copies import copy_key
from emailresponse.store import Store


class StoredCopies:
    """The copies that one mailbox has from one provider (`emailresponse.copies.Holdings`).

    Every question takes a cursor of its own, so it may come from any thread.
    """

    def __init__(self, store: Store, mailbox: str, provider: str) -> None:
        self._store = store
        self._mailbox = mailbox
        self._provider = provider

    def labels(self, provider_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the labels that each of the copies was last seen with; those not stored are left out."""
        if not provider_ids:
            return {}
        keys = pa.array([copy_key(self._mailbox, one) for one in provider_ids], pa.uint64())
        cursor = self._store.cursor()
        try:
            with cursor.table("asked_key", pa.table({"copy_key": keys})):
                return _labels(cursor.tuples("store/held_labels"))
        finally:
            cursor.close()

    def since(self, moment: datetime | None) -> Mapping[str, tuple[str, ...]]:
        """Return the last labels of every copy received at `moment` (naive UTC) or later; None: of all."""
        cursor = self._store.cursor()
        try:
            rows = cursor.tuples(
                "store/held_since", mailbox=self._mailbox, provider=self._provider, moment=moment
            )
            return _labels(rows)
        finally:
            cursor.close()


def _labels(rows: list[tuple[str, list[str]]]) -> dict[str, tuple[str, ...]]:
    return {provider_id: tuple(labels) for provider_id, labels in rows}
