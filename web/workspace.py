"""What the pages share between requests: the store, the clock on the wall, answers already given, imports."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar, cast

from emailresponse.store import Store
from syncing.live import Live
from web.charts.bundle import Bundle
from web.worker import Worker

Answer = TypeVar("Answer")

KEPT_ANSWERS = 512


class Workspace:
    """One per application. This process alone writes to the file, so it knows when answers change.

    Attributes:
        live: what reads linked mailboxes; None where this program reads none.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self.store = store
        self.now = now
        self.bundle = Bundle()
        self.worker = Worker(self)
        self.live: Live | None = None
        self._writing = threading.RLock()
        self._answers: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._keeping = threading.Lock()
        self._start = secrets.token_hex(4)
        self._writes = 0

    @property
    def version(self) -> str:
        """Return what changes whenever the data may have."""
        return f"{self._start}-{self._writes}"

    @contextmanager
    def writing(self) -> Iterator[Store]:
        """Give the store to one writer at a time; answers kept so far count no more afterwards."""
        with self._writing:
            cursor = self.store.cursor()
            try:
                yield cursor
            finally:
                cursor.close()
                self.changed()

    def changed(self) -> None:
        """Forget the answers given so far."""
        with self._keeping:
            self._writes += 1
            self._answers.clear()

    def answer(self, question: tuple[Any, ...], find: Callable[[], Answer]) -> Answer:
        """Return the answer to a question about the data as it is, found once."""
        key = (self._writes, *question)
        with self._keeping:
            if key in self._answers:
                self._answers.move_to_end(key)
                return cast("Answer", self._answers[key])
        found = find()
        with self._keeping:
            if key[0] == self._writes:
                self._answers[key] = found
                if len(self._answers) > KEPT_ANSWERS:
                    self._answers.popitem(last=False)
        return found
