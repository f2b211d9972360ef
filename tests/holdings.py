"""What is stored of a mailbox, kept in memory: a real implementation of `emailresponse.copies.Holdings`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from emailresponse.copies import Batch, Copy


class MemoryHoldings:
    """Keeps every copy that it is given, and the labels each was last seen with."""

    def __init__(self) -> None:
        self.copies: dict[str, Copy] = {}
        self.last: dict[str, tuple[str, ...]] = {}

    def keep(self, batches: Iterable[Batch]) -> None:
        """Take in what batches bring, as a sync stores it."""
        for batch in batches:
            for copy in batch.added:
                self.copies.setdefault(copy.provider_id, copy)
                self.last[copy.provider_id] = copy.labels
            for _, provider_id in batch.ended:
                if provider_id in self.last and "TRASH" not in self.last[provider_id]:
                    self.last[provider_id] = (*self.last[provider_id], "TRASH")

    def labels(self, provider_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the last labels of those that are stored."""
        return {one: self.last[one] for one in provider_ids if one in self.last}

    def since(self, moment: datetime | None) -> Mapping[str, tuple[str, ...]]:
        """Return the last labels of every copy received at the moment or later."""
        return {
            one: labels
            for one, labels in self.last.items()
            if moment is None or (self.copies[one].copied_at or moment) >= moment
        }
