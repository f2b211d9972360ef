"""A process that is killed anywhere while it reads Gmail ends, run again, in exactly what Gmail holds."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

import gmail_passes
import pytest

from emailresponse.store import Store
from tests.conftest import ROOT
from tests.providers.gmail import StandIn, serving
from tests.providers.gmail_mailbox import GmailMailbox

POINTS = 25
DAY = datetime(2026, 11, 1)


class Passes:
    """Runs passes in children of one program, and kills them."""

    def __init__(self, standin: StandIn, path: Path) -> None:
        self.standin = standin
        command = json.dumps({"path": str(path), "address": standin.address})
        self.program = subprocess.Popen(
            [sys.executable, gmail_passes.__file__, command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    def run(self, kill_at: int | None = None, delay: float = 0.0) -> int:
        """Run a pass; kill it so many seconds after its `kill_at`th request. Return how it ended."""
        started = threading.Event()
        child = 0
        calls = 0

        def kill() -> None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

        def on_call(_mailbox: str, _call: str) -> None:
            nonlocal calls
            calls += 1
            if calls == kill_at:
                assert started.wait(10)
                threading.Timer(delay, kill).start() if delay else kill()

        self.standin.on_call = on_call
        assert self.program.stdin and self.program.stdout
        self.program.stdin.write("read\n")
        self.program.stdin.flush()
        child = int(self.program.stdout.readline())
        started.set()
        return int(self.program.stdout.readline())

    def close(self) -> None:
        self.standin.on_call = lambda _mailbox, _call: None
        self.program.communicate(timeout=20)


@pytest.fixture
def standin():
    with serving(StandIn()) as served:
        yield served
        assert served.violations == []


@pytest.fixture
def path(standin, tmp_path):
    refresh = standin.signin.grant("ada@acme.com")
    client = {"client_id": "client-1", "client_secret": "secret-1"}
    gmail_passes.make(tmp_path / "w.duckdb", json.dumps({"refresh_token": refresh, **client}))
    return tmp_path / "w.duckdb"


@pytest.fixture
def passes(standin, path):
    made = Passes(standin, path)
    yield made
    made.close()


def stored(path: Path, mailbox: GmailMailbox) -> dict[str, tuple[str, ...]]:
    """Return the labels of what is stored, in the form of the mailbox's truth; what is gone is trash."""
    store = Store.open(path)
    try:
        held = gmail_passes.StoredCopies(store, "ada@acme.com", "gmail").since(None)
    finally:
        store.close()
    assert all("TRASH" in labels for one, labels in held.items() if one not in mailbox.messages)
    return {
        one: tuple(sorted(labels))
        for one, labels in held.items()
        if one in mailbox.messages and "SPAM" not in labels and ("TRASH" not in labels or "SENT" in labels)
    }


def happen(mailbox: GmailMailbox, chance: random.Random, ids: list[str], *, fresh: int) -> None:
    """Let things happen in the mailbox: mail comes, and some of it moves, goes or returns."""
    for number in range(fresh):
        at = DAY + timedelta(days=18, minutes=len(ids) + number)
        ids.append(mailbox.add(at=at, labels=[chance.choice(["INBOX", "SENT", "SPAM", "INBOX", "DRAFT"])]))
    for one in chance.sample([one for one in ids if one in mailbox.messages], 3):
        if "DRAFT" in mailbox.messages[one].labels:
            mailbox.label(one, add=["SENT"], remove=["DRAFT"])
            continue
        what = chance.choice(["trash", "restore", "spam", "file", "delete"])
        if what == "file":
            mailbox.label(one, add=["CATEGORY_FORUMS"], remove=["INBOX"])
        else:
            getattr(mailbox, what)(one)


def test_killed_in_the_middle_of_a_first_read(standin, passes, path):
    """Killed at twenty-five random points of a first read, while mail comes and moves, nothing is lost."""
    chance = random.Random(2026)
    standin.page_limit = 60
    mailbox = standin.mailbox()
    ids = [
        mailbox.add(at=DAY + timedelta(minutes=number), labels=[chance.choice(["INBOX", "SENT"])])
        for number in range(420)
    ]
    killed = 0
    for _ in range(POINTS):
        status = passes.run(kill_at=chance.randint(1, 28), delay=chance.choice([0, chance.random() * 0.06]))
        killed += status == signal.SIGKILL
        happen(mailbox, chance, ids, fresh=1)

    assert passes.run() == 0
    assert passes.run() == 0

    passes.close()
    assert killed >= POINTS - 3
    assert stored(path, mailbox) == mailbox.truth()


def test_killed_while_following(standin, passes, path):
    """Killed at twenty-five random points while changes are followed, nothing is lost."""
    chance = random.Random(1971)
    standin.page_limit = 15
    mailbox = standin.mailbox()
    ids = [mailbox.add(at=DAY + timedelta(minutes=number)) for number in range(40)]
    assert passes.run() == 0
    killed = 0
    for _ in range(POINTS):
        happen(mailbox, chance, ids, fresh=24)
        status = passes.run(kill_at=chance.randint(1, 20), delay=chance.choice([0, chance.random() * 0.05]))
        killed += status == signal.SIGKILL

    assert passes.run() == 0
    assert passes.run() == 0

    passes.close()
    assert killed >= POINTS - 3
    assert stored(path, mailbox) == mailbox.truth()
