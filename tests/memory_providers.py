"""Providers in memory, whole and working, for the command line.

Every provider holds numbered messages a mailbox. People consent as they were told to; faults are raised where
a real provider would raise them. Run as a program, it is the command line over such providers, told by the
environment how many messages there are and where it kills itself.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

from cli.main import main
from connectors.granting import Begun, Granted
from emailresponse.copies import Batch, Copy, Cursor
from emailresponse.errors import ConsentRefused, SettingsError

ADA, BEN = "ada@acme.com", "ben@acme.com"
GOOD = "correct horse"


@dataclass
class Providers:
    """All of them: what lies there, who consents how, what goes wrong."""

    mail: dict[str, int] = field(default_factory=dict)
    faults: dict[str, Exception] = field(default_factory=dict)
    refusal: Exception | None = None
    person: str = ADA
    revoked: list[str] = field(default_factory=list)
    is_agreeing: bool = True
    asked: list[dict] = field(default_factory=list)
    slow: float = 0.0
    killed_at: int | None = None

    def package(self, name: str) -> Package:
        """Return the package of a provider."""
        return Package(self, name)


class Package:
    """What a connector package offers."""

    def __init__(self, providers: Providers, name: str) -> None:
        self.all = providers
        self.name = name

    def connect(self, linked) -> Reading:
        return Reading(self.all, self.name, linked)

    def revoke(self, linked) -> None:
        if "revoke" in self.all.faults:
            raise self.all.faults["revoke"]
        self.all.revoked.append(linked.mailbox)

    def begin(self, providers, redirect_uri: str, login_hint: str | None = None) -> Begun:
        if isinstance(self.all.refusal, SettingsError):
            raise self.all.refusal
        self.all.asked.append({"redirect_uri": redirect_uri, "login_hint": login_hint})
        address = f"https://provider.example/consent?{urlencode({'state': 's1', 'back': redirect_uri})}"
        if self.all.is_agreeing:
            threading.Thread(target=agree, args=(address,)).start()
        return Begun(address, "s1")

    def finish(self, providers, kept: str, response_url: str) -> Granted:
        if self.all.refusal:
            raise self.all.refusal
        said = parse_qs(urlsplit(response_url).query)
        if said["state"] != [kept] or said["code"] != ["c1"]:
            raise ConsentRefused("stale", "the state is another")
        return Granted(self.all.person, "consent", "refresh-token-xyz")

    def begin_device(self, providers) -> Begun:
        return Begun("https://provider.example/device", "s1", "ABCD-EFGH")

    def finish_device(self, providers, kept: str) -> Granted:
        return Granted(self.all.person, "consent", "refresh-token-xyz")

    def delegated(self, providers, address: str) -> Granted:
        if not address.endswith("@acme.com"):
            raise ConsentRefused("admin", "the mailbox is not listed in gmail.delegated")
        return Granted(address, "delegation")

    def application(self, providers, address: str) -> Granted:
        return Granted(address, "application")

    def password(self, text: str) -> str:
        return json.dumps({"password": text})

    def check(self, options, user: str, secret: str, now: datetime) -> Granted:
        if json.loads(secret) != {"password": GOOD}:
            raise ConsentRefused("wrong", "wrong user or password")
        return Granted(user, "password", secret, {**options, "user": user, "warnings": ["no_sent_folder"]})


class Reading:
    """A connector on a mailbox; its cursor is the number of messages read."""

    def __init__(self, providers: Providers, name: str, linked) -> None:
        self.all = providers
        self.name = name
        self.mailbox = linked.mailbox

    def addresses(self) -> tuple[str, ...]:
        return (self.mailbox,)

    def changes(self, since: Cursor | None) -> Iterator[Batch]:
        total = self.all.mail.get(self.mailbox, 0)
        for number in range(int(since or 0), total):
            time.sleep(self.all.slow)
            copy = message(self.mailbox, self.name, number)
            yield Batch(
                Cursor(str(number + 1)), (copy,), read_count=1, done_count=number + 1, total_count=total
            )
            if number == self.all.killed_at:
                os.kill(os.getpid(), signal.SIGKILL)
            if number == 2:
                print("reading", file=sys.stderr, flush=True)
        if self.mailbox in self.all.faults:
            raise self.all.faults[self.mailbox]

    def close(self) -> None:
        return


def message(mailbox: str, provider: str, number: int) -> Copy:
    """Return one of a mailbox's messages."""
    return Copy(
        mailbox,
        provider,
        str(number),
        copied_at=datetime.now(UTC).replace(tzinfo=None) - timedelta(days=1, seconds=number),
        labels=("INBOX",),
        message_id=f"{number}.{mailbox}",
        from_address="lee@client.example",
        to_addresses=(mailbox,),
    )


def agree(address: str, **more: str) -> int:
    """Come back as a person's browser does, and return the status of the page."""
    said = parse_qs(urlsplit(address).query)
    back = f"{said['back'][0]}?{urlencode({'state': said['state'][0], 'code': 'c1', **more})}"
    try:
        with urllib.request.urlopen(back.replace("localhost", "127.0.0.1"), timeout=10) as page:
            page.read()
            return page.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


if __name__ == "__main__":
    told = json.loads(os.environ["TOLD"])
    main(Providers(**told).package)
