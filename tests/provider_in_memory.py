"""A provider whose mailboxes lie in memory: it asks consent, grants teams, checks passwords, and is read.

It stands in the place of `connectors.gmail`, `connectors.graph` and `connectors.imap` at once, and is as
strict as they are: a consent is good for one use, a revoked grant reads nothing.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask

from connectors.granting import Begun, Granted
from connectors.linked import Linked
from emailresponse import derive
from emailresponse.copies import Batch, Copy, Cursor, Refusal
from emailresponse.errors import AuthorizationLost, ConsentRefused, SettingsError
from emailresponse.store import Store
from syncing.live import live
from web import create_app

PASSWORD = "correct horse battery"
UNITS = 20


def now() -> datetime:
    """Return the present moment in naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


class Provider:
    """Every mailbox in memory.

    Attributes:
        mail: messages by mailbox.
        faults: what reading a mailbox, or revoking it, ends in.
        listed: mailboxes that a whole team's grant covers.
        consenting: who answers the next consent, and how: an address, or OAuth's error.
        sign_in: where people consent.
    """

    def __init__(self) -> None:
        self.mail: dict[str, int] = {}
        self.faults: dict[str, Exception] = {}
        self.untold: dict[str, Exception] = {}
        self.listed: set[str] = set()
        self.refusals: dict[str, int] = {}
        self.grants: set[str] = set()
        self.hints: list[str | None] = []
        self.slow = 0.0
        self.knows_total = True
        self.is_set_up = True
        self.sign_in = "https://consent.example/ask"

    def package(self, name: str) -> Package:
        """Return what stands in the place of a connector package."""
        return Package(self, name)


class Package:
    """The functions of a connector package."""

    def __init__(self, provider: Provider, name: str) -> None:
        self.provider = provider
        self.name = name

    def begin(self, providers, redirect_uri: str, login_hint: str | None = None) -> Begun:
        if not self.provider.is_set_up:
            raise SettingsError("the file is not there", "gmail.client_file")
        self.provider.hints.append(login_hint)
        state = secrets.token_hex(8)
        asked = urlencode({"state": state, "redirect_uri": redirect_uri})
        return Begun(f"{self.provider.sign_in}?{asked}", json.dumps({"state": state}))

    def finish(self, providers, kept: str, response_url: str) -> Granted:
        said = {name: values[0] for name, values in parse_qs(urlsplit(response_url).query).items()}
        if said.get("state") != json.loads(kept)["state"]:
            raise ConsentRefused("stale", "the state is another")
        if "error" in said:
            raise ConsentRefused(said["error"], "as the provider says")
        self.provider.grants.add(said["code"])
        return Granted(said["code"], "consent", json.dumps({"refresh_token": f"secret of {said['code']}"}))

    def delegated(self, providers, address: str) -> Granted:
        return self._of_team(address, "delegation")

    def application(self, providers, address: str) -> Granted:
        return self._of_team(address, "application")

    def _of_team(self, address: str, way: str) -> Granted:
        if address not in self.provider.listed:
            raise ConsentRefused("admin", "the mailbox is not listed")
        self.provider.grants.add(address)
        return Granted(address, way)

    def password(self, text: str) -> str:
        return json.dumps({"password": text})

    def check(self, options, user: str, secret: str, moment: datetime) -> Granted:
        if json.loads(secret)["password"] != PASSWORD:
            raise ConsentRefused("wrong", "wrong user or password")
        self.provider.grants.add(user)
        return Granted(user, "password", secret, {**options, "user": user, "warnings": ["no_sent_folder"]})

    def revoke(self, linked: Linked) -> None:
        if linked.mailbox in self.provider.untold:
            raise self.provider.untold[linked.mailbox]
        self.provider.grants.discard(linked.account)

    def connect(self, linked: Linked) -> Reading:
        return Reading(self.provider, self.name, linked)


class Reading:
    """A connector on one of the mailboxes; its cursor is the number of messages read."""

    def __init__(self, provider: Provider, name: str, linked: Linked) -> None:
        self.provider = provider
        self.linked = linked
        self.pace = linked.paces.of(f"{name} {linked.mailbox}", 80, 80)

    def addresses(self) -> tuple[str, ...]:
        return (self.linked.mailbox,)

    def changes(self, since: Cursor | None) -> Iterator[Batch]:
        mailbox = self.linked.mailbox
        if mailbox in self.provider.faults:
            raise self.provider.faults[mailbox]
        if self.linked.account not in self.provider.grants:
            raise AuthorizationLost(mailbox, "invalid_grant")
        total = self.provider.mail.get(mailbox, 0)
        bad = self.provider.refusals.get(mailbox, 0)
        for number in range(int(since or 0), total):
            time.sleep(self.provider.slow)
            self.pace._spent += UNITS  # counted as spent without waiting for it
            refused = (Refusal(f"memory {number}", 0, "cannot be read"),) if number < bad else ()
            yield Batch(
                Cursor(str(number + 1)),
                () if refused else (_message(mailbox, number),),
                refused=refused,
                read_count=1,
                done_count=number + 1,
                total_count=total if self.provider.knows_total else None,
            )

    def close(self) -> None:
        return


def _message(mailbox: str, number: int) -> Copy:
    return Copy(
        mailbox,
        "memory",
        str(number),
        copied_at=now() - timedelta(hours=1, seconds=number),
        labels=("INBOX",),
        message_id=f"{number}.{mailbox}",
        from_address=f"lee{number}@client.example",
        to_addresses=(mailbox,),
    )


def live_pages(store: Store, folder: Path, provider: Provider) -> Flask:
    """Return the pages over a store whose linked mailboxes lie in memory; the rota stands still."""
    derive.refresh(store)
    app = create_app(
        store,
        now=now,
        uploads=folder,
        live=lambda pages: live(
            store,
            folder / "live.duckdb",
            {},
            pages.writing,
            now,
            changed=pages.changed,
            packages=provider.package,
        ),
    )
    app.testing = False
    app.extensions["workspace"].live.rota._spread_seconds = 0
    return app
