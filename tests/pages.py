"""The pages over an invented team's two months, imported by the page's own worker."""

from __future__ import annotations

import re
import time
from datetime import datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from connectors.demo.writing import write
from connectors.file import FileConnector
from emailresponse import configuration, derive, sync
from emailresponse.audit import Change
from emailresponse.store import Store
from web import create_app

NOW = datetime(2026, 11, 2, 12, 0)
DAYS = 60


def team_store(folder: Path) -> Store:
    """Return a store of the demo's last days, derived."""
    written = write(folder, days=DAYS)
    store = Store.open(folder / "pages.duckdb")
    configuration.apply_changed(store, written.config, Change(NOW, "test"))
    for path, mailbox in written.files:
        connector = FileConnector(path, mailbox=mailbox, imported_at=NOW, processes=0)
        for batch in connector.changes(None):
            sync.store_batch(store, batch, imported_at=NOW, merging=False)
    derive.rebuild(store)
    return store


def empty_store(path: Path | None = None) -> Store:
    """Return a store without a message."""
    store = Store.open(path)
    derive.refresh(store)
    return store


def pages(store: Store, folder: Path, **options: int) -> Flask:
    """Return the pages over a store; forms are protected as in service."""
    app = create_app(store, now=lambda: NOW, uploads=folder, **options)
    app.testing = False
    return app


def token(client: FlaskClient, address: str) -> str:
    """Return the token of the first form on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)
    assert found
    return found[1]


def first_wait(client: FlaskClient, address: str = "/waits?period=all") -> str:
    """Return the id of the first wait that a page links to."""
    found = re.search(r"/waits/(w[0-9a-f]{12})", client.get(address).text)
    assert found
    return found[1]


def ended(client: FlaskClient, address: str) -> str:
    """Return an import's page once it has ended."""
    for _ in range(200):
        if client.get(f"{address}.json").json["is_ended"]:
            return client.get(address).text
        time.sleep(0.1)
    raise AssertionError("the import did not end")


MBOX = b"""From x@y Mon Jan  5 09:00:00 2026
Message-ID: <1@lead.example>
From: Lea Lead <lea@lead.example>
To: ada@acme.com
Date: Mon, 5 Jan 2026 09:00:00 +0000
Subject: A question

From x@y Mon Jan  5 10:00:00 2026
Message-ID: <2@acme.com>
In-Reply-To: <1@lead.example>
From: Ada <ada@acme.com>
To: lea@lead.example
Date: Mon, 5 Jan 2026 10:00:00 +0000
Subject: Re: A question

"""
