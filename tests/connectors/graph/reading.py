"""A mailbox on the stand-in Graph, linked as a person or an administrator links one."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors import graph
from connectors.linked import Linked
from connectors.pacing import Paces
from emailresponse.copies import Batch, Copy, Cursor
from emailresponse.providers import Microsoft, Providers
from tests.holdings import MemoryHoldings
from tests.providers.exchange import difference
from tests.providers.graph import Graph

ADA = "ada@acme.com"
BACK = "http://127.0.0.1:8765/callback"


def providers(base: str, folder: Path, **said: Any) -> Providers:
    """Return settings that lead to a stand-in."""
    secret = folder / "secret"
    if not secret.exists():
        secret.write_text("s3cret\n", "utf-8")
    microsoft = Microsoft(
        authority=base, graph_url=f"{base}/v1.0", tenant="acme", client_id="app", secret_file=str(secret)
    )
    return Providers(microsoft=dataclasses.replace(microsoft, **said))


def consented(server: Graph, settings: Providers) -> Any:
    """Return what is granted when the person consents."""
    begun = graph.begin(settings, BACK)
    return graph.finish(settings, begun.kept, server.entra.consented(begun.address))


def with_pages(reading: Reading, messages: int) -> Providers:
    """Return a mailbox's settings with pages of so many messages."""
    microsoft = dataclasses.replace(reading.settings.microsoft, page_messages=messages)
    return dataclasses.replace(reading.settings, microsoft=microsoft)


@dataclass
class Reading:
    """Reads a mailbox on the stand-in as passes do: every batch is kept with its cursor.

    Attributes:
        holdings: what is stored.
        cursor: the last one stored.
        secret: the sealed secret, as it was last saved.
        batches: what the last pass brought.
    """

    server: Graph
    settings: Providers
    horizon_at: datetime | None = None
    way: str = "consent"
    options: dict[str, Any] = field(default_factory=dict)
    holdings: MemoryHoldings = field(default_factory=MemoryHoldings)
    cursor: Cursor | None = None
    secret: str | None = None
    batches: list[Batch] = field(default_factory=list)
    saved: int = 0

    def linked(self) -> Linked:
        """Return the mailbox as a connector is given it."""
        time = self.server.time
        if self.secret is None and self.way == "consent":
            self.secret = consented(self.server, self.settings).secret
        return Linked(
            mailbox=ADA,
            account="Ada@acme.com",
            way=self.way,
            options=self.options,
            horizon_at=self.horizon_at,
            secret=self.secret,
            save_secret=self._save,
            holdings=self.holdings,
            providers=self.settings,
            paces=Paces(clock=time.clock, wait=time.wait),
            now=time.now,
        )

    def _save(self, secret: str) -> None:
        self.secret = secret
        self.saved += 1

    def read(self, batches: int | None = None) -> list[Batch]:
        """Run a pass, to its end or for so many batches, and return what came."""
        connector = graph.connect(self.linked())
        self.batches = []
        try:
            for batch in connector.changes(self.cursor):
                self.holdings.keep([batch])
                self.cursor = batch.cursor
                self.batches.append(batch)
                if batches is not None and len(self.batches) >= batches:
                    break
        finally:
            connector.close()
        return self.batches

    def came(self) -> list[Copy]:
        """Return the copies of the last pass."""
        return [copy for batch in self.batches for copy in batch.added]

    def labels(self, id_: str) -> set[str]:
        """Return the labels a copy was last seen with."""
        return set(self.holdings.last[id_])

    def wrong(self) -> list[str]:
        """Return in what the stored copies are not the mailbox's truth."""
        return difference(self.server.exchange, self.holdings.last, self.horizon_at)
