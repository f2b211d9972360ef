"""A Gmail mailbox of the stand-in server, linked: what its connector is given, and a pass over it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import stamina

from connectors.gmail import connect
from connectors.linked import Linked
from connectors.pacing import Paces
from connectors.retrying import ATTEMPTS
from emailresponse.copies import Batch, Cursor
from emailresponse.errors import CursorExpired
from emailresponse.providers import Gmail, Providers
from tests.holdings import MemoryHoldings
from tests.providers.gmail import StandIn

STARTED = datetime(2026, 11, 20, 12)
HORIZON = datetime(2025, 1, 1)


class Time:
    """A clock that goes on only when somebody waits; the date may be set to anything beside it."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.ahead = timedelta()
        self.longest = 0.0
        self._changing = threading.Lock()

    def clock(self) -> float:
        return self.at

    def wait(self, seconds: float) -> None:
        with self._changing:
            self.at += seconds
            self.longest = max(self.longest, seconds)

    def now(self) -> datetime:
        return STARTED + timedelta(seconds=self.at - 1000) + self.ahead


def settings(standin: StandIn, **said) -> Providers:
    """Return settings that lead to the stand-in."""
    at = standin.address
    gmail = Gmail(
        api_endpoint=at, auth_uri=f"{at}/o/oauth2/v2/auth", token_uri=f"{at}/token", revoke_uri=f"{at}/revoke"
    )
    return Providers(gmail=replace(gmail, **said))


@contextmanager
def at_once() -> Iterator[None]:
    """Let retries inside wait by the paces' clock alone, never really."""
    with stamina.set_testing(True, attempts=ATTEMPTS):
        yield


@dataclass
class Link:
    """A mailbox of the stand-in that is linked, with what is stored of it."""

    standin: StandIn
    time: Time
    address: str = "ada@acme.com"
    horizon_at: datetime | None = HORIZON
    holdings: MemoryHoldings = field(default_factory=MemoryHoldings)
    cursor: Cursor | None = None
    secrets: list[str] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    providers: Providers | None = None

    def __post_init__(self) -> None:
        refresh = self.standin.signin.grant(self.address)
        client = {"client_id": "client-1", "client_secret": "secret-1"}
        self.secrets.append(json.dumps({"refresh_token": refresh, **client}))
        self.paces = Paces(clock=self.time.clock, wait=self.time.wait)

    def linked(self, **said) -> Linked:
        """Return what a connector is given."""
        made = Linked(
            mailbox=self.address,
            account=self.address,
            way="consent",
            options={},
            horizon_at=self.horizon_at,
            secret=self.secrets[-1],
            save_secret=self.secrets.append,
            holdings=self.holdings,
            providers=self.providers or settings(self.standin),
            paces=self.paces,
            now=self.time.now,
        )
        return replace(made, **said)

    def read(self, *, batches: int | None = None, **said) -> list[Batch]:
        """Run a pass, store each batch with its cursor, and stop after so many; return the batches."""
        connector = connect(self.linked(**said))
        came: list[Batch] = []
        try:
            for batch in connector.changes(self.cursor):
                self.holdings.keep([batch])
                self.cursor = batch.cursor
                came.append(batch)
                self.batches.append(batch)
                if batches is not None and len(came) >= batches:
                    break
        except CursorExpired:
            self.cursor = None
            return came + self.read(**said)
        finally:
            connector.close()
        return came

    def stored(self) -> dict[str, tuple[str, ...]]:
        """Return the labels of what is stored and not thrown away, in the form of the mailbox's truth."""
        return {
            one: tuple(sorted(labels))
            for one, labels in self.holdings.last.items()
            if "SPAM" not in labels and ("TRASH" not in labels or "SENT" in labels)
        }

    def truth(self) -> dict[str, tuple[str, ...]]:
        """Return what must be stored."""
        return self.standin.mailboxes[self.address].truth(self.horizon_at)
