"""Our process is killed at any moment of a pass: the next pass ends in what the server holds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.connectors.imap_mailbox import Mailbox
from tests.providers.dovecot import running

ROOT = Path(__file__).resolve().parents[2]

KILLING = """
import json, os, random, signal, sys, threading
from contextlib import contextmanager
from datetime import datetime
from connectors.imap import connect
from connectors.linked import Linked
from connectors.pacing import Paces
from emailresponse import links
from emailresponse.audit import Change
from emailresponse.holdings import StoredCopies
from emailresponse.passes import Reader
from emailresponse.providers import Providers
from emailresponse.store import Store
from emailresponse.vault import Vault, new_key

path, user, secret, port, seed, kills = sys.argv[1:]
now = lambda: datetime(2026, 6, 1, 12)
options = {"host": "127.0.0.1", "port": int(port), "security": "none"}

def read(writings=None):
    left = [writings]
    store = Store.open(path)
    if not links.listed(store):
        with store.transaction():
            links.add(store, Vault([new_key()]), Change(now(), "test"), provider="imap", account=user,
                      way="password", options=options)

    @contextmanager
    def writing():
        if left[0] is not None:
            left[0] -= 1
            if left[0] == 0:
                threading.Timer(random.uniform(0, 0.02), os.kill, (os.getpid(), signal.SIGKILL)).start()
        yield store

    def connector(link):
        held = StoredCopies(store, link.mailbox, "imap")
        return connect(Linked(link.mailbox, link.account, link.way, link.options, None, secret, print, held,
                              Providers(), Paces(), now), block=3)

    outcome = Reader(writing, connector, now).read(links.link(store, user))
    assert outcome.is_caught_up, outcome.error
    return store, outcome

random.seed(int(seed))
interrupted = 0
for _ in range(int(kills)):
    writings = random.randint(2, 4)
    child = os.fork()
    if child == 0:
        random.seed(int(seed) * 1000 + _)
        read(writings)
        os._exit(0)
    interrupted += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) < 0
store, outcome = read()
held = StoredCopies(store, user, "imap").since(None)
print(json.dumps({"interrupted": interrupted, "held": held, "stored": outcome.progress.stored_count}))
"""


def killed(mailbox, path, seed, kills=25):
    """Run passes that are killed, then one that is not, and return what the database holds."""
    command = [sys.executable, "-c", KILLING, str(path), mailbox.user, mailbox.secret]
    command += [str(mailbox.server.port), str(seed), str(kills)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def shape(labels):
    """Return sets of labels as a sorted list, for comparing without ids."""
    return sorted(sorted(one) for one in labels if not {"TRASH", "SPAM"} & set(one))


@pytest.fixture
def mailbox():
    """A mailbox with 120 messages in two folders."""
    with running() as server:
        box = Mailbox(server)
        for number in range(120, 0, -1):
            box.put(number, "Sent" if number % 4 == 0 else "INBOX", days=number)
        yield box
        box.leave()


def test_killed_at_fifty_points_the_facts_are_the_servers(mailbox, tmp_path):
    """25 kills in the first read, 25 while new, moved, junked and deleted mail is followed."""
    first = killed(mailbox, tmp_path / "team.duckdb", seed=1)
    after_first = mailbox.truth()
    for number in range(201, 260):
        mailbox.put(number, days=0)
    for number in range(1, 40, 2):
        mailbox.delete(number)
    for number in range(41, 80, 2):
        mailbox.move(number, "INBOX", "Archive")
    for number in range(81, 100, 2):
        mailbox.move(number, "INBOX", "Junk")

    second = killed(mailbox, tmp_path / "team.duckdb", seed=2)

    assert len(first["held"]) == 120
    assert shape(first["held"].values()) == shape(after_first.values())
    assert shape(second["held"].values()) == shape(mailbox.truth().values())
    assert len(second["held"]) == 179
    assert sum("SPAM" in labels for labels in second["held"].values()) == 10
    assert first["interrupted"] + second["interrupted"] >= 40
