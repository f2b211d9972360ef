"""The rota reads every linked mailbox by itself; what one meets never reaches another."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from emailresponse import derive, links, people, settings
from emailresponse.audit import Change
from emailresponse.copies import Batch, Copy, Cursor
from emailresponse.errors import AuthorizationLost, NotFound
from emailresponse.holdings import StoredCopies
from emailresponse.passes import Reader
from emailresponse.vault import Vault, new_key
from syncing.rota import Rota

BEGAN = datetime.now(UTC).replace(tzinfo=None)
BY = Change(BEGAN, "tester")
PATIENCE_SECONDS = 20


def message(mailbox: str, number: int) -> Copy:
    """Return a copy received a little while ago."""
    return Copy(
        mailbox,
        "gmail",
        str(number),
        copied_at=BEGAN - timedelta(hours=1, seconds=number),
        labels=("INBOX",),
        message_id=f"{number}.{mailbox}",
        from_address="lee@client.example",
        to_addresses=(mailbox,),
    )


class Provider:
    """Every mailbox in memory: what lies there, what goes wrong, how often it was read."""

    def __init__(self) -> None:
        self.mail: dict[str, int] = {}
        self.faults: dict[str, Exception] = {}
        self.passes: list[str] = []
        self.slow = 0.0
        self.running = 0
        self.most_running = 0

    def connect(self, link: links.Link) -> Reading:
        return Reading(self, link.mailbox)


class Reading:
    """A connector on one of the mailboxes; its cursor is the number of messages read."""

    def __init__(self, provider: Provider, mailbox: str) -> None:
        self.provider = provider
        self.mailbox = mailbox

    def addresses(self) -> tuple[str, ...]:
        return (self.mailbox,)

    def changes(self, since: Cursor | None) -> Iterator[Batch]:
        self.provider.passes.append(self.mailbox)
        self.provider.running += 1
        self.provider.most_running = max(self.provider.most_running, self.provider.running)
        try:
            for number in range(int(since or 0), self.provider.mail.get(self.mailbox, 0)):
                time.sleep(self.provider.slow)
                yield Batch(Cursor(str(number + 1)), (message(self.mailbox, number),), read_count=1)
            if self.mailbox in self.provider.faults:
                raise self.provider.faults[self.mailbox]
        finally:
            self.provider.running -= 1

    def close(self) -> None:
        return


class Office:
    """A workspace with its rota."""

    def __init__(self, store) -> None:
        self.store = store
        self.vault = Vault([new_key()])
        self.provider = Provider()
        self.changes = 0
        self._turn = threading.RLock()
        self.rota: Rota | None = None

    @contextmanager
    def writing(self):
        with self._turn:
            cursor = self.store.cursor()
            try:
                yield cursor
            finally:
                cursor.close()

    def link(self, mailbox: str, messages: int = 1) -> None:
        self.provider.mail[mailbox] = messages
        with self.writing() as store, store.transaction():
            links.add(store, self.vault, Change(now(), "x"), provider="gmail", account=mailbox, way="consent")

    def start(self) -> Rota:
        reader = Reader(self.writing, self.provider.connect, now)
        self.rota = Rota(self.store, reader, changed=self._count, spread_seconds=0)
        self.rota.start()
        return self.rota

    def stored(self, mailbox: str) -> int:
        return len(StoredCopies(self.store, mailbox, "gmail").since(None))

    def about(self, mailbox: str) -> links.Link:
        with self.writing() as store:
            return links.link(store, mailbox)

    def _count(self) -> None:
        self.changes += 1


def now() -> datetime:
    """Return the present moment in naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def wait_for(is_so: Callable[[], bool]) -> None:
    """Return when it is so; fail when it is not after a while."""
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < ends_at, "it never came to it"
        time.sleep(0.02)


@pytest.fixture
def office(store):
    """Return an office whose rota is stopped in the end."""
    place = Office(store)
    yield place
    if place.rota:
        place.rota.stop()


def test_every_linked_mailbox_is_read_and_its_mail_in_the_figures(office):
    """Without anybody asking, the mail of all mailboxes is stored and derived soon after."""
    with office.writing() as store, store.transaction():
        people.add(store, BY, name="Ada", addresses=["ada@acme.com"])
    office.link("ada@acme.com", 3)
    office.link("bob@acme.com", 2)

    office.start()

    wait_for(lambda: office.stored("ada@acme.com") == 3 and office.stored("bob@acme.com") == 2)
    wait_for(lambda: not derive.is_stale(office.store.cursor()))
    assert office.about("ada@acme.com").synced_at >= BEGAN
    assert office.changes


def test_what_one_mailbox_meets_never_reaches_another(office):
    """A fault that nobody foresaw ends one pass, is noted with its mailbox, and the others are read."""
    office.link("ada@acme.com")
    office.link("bob@acme.com")
    office.provider.faults["ada@acme.com"] = ZeroDivisionError("secret of ada@acme.com")

    office.start()

    wait_for(lambda: office.about("bob@acme.com").synced_at is not None)
    wait_for(lambda: office.about("ada@acme.com").trouble == "wrong")
    assert office.about("ada@acme.com").reason == "ZeroDivisionError"
    assert office.rota.next_at("ada@acme.com") > now() + timedelta(minutes=10)


def test_a_lost_mailbox_is_not_asked_again_until_it_is_linked_again(office):
    """After a revoked grant polling stops; a new link begins it again at once."""
    office.link("ada@acme.com")
    office.provider.faults["ada@acme.com"] = AuthorizationLost("ada@acme.com", "invalid_grant")
    rota = office.start()
    wait_for(lambda: office.about("ada@acme.com").is_lost)
    wait_for(lambda: rota.next_at("ada@acme.com") is None)
    with pytest.raises(NotFound):
        rota.read_now("ada@acme.com")
    assert office.provider.passes.count("ada@acme.com") == 1

    del office.provider.faults["ada@acme.com"]
    office.link("ada@acme.com", 2)
    rota.look()

    wait_for(lambda: office.stored("ada@acme.com") == 2)


def test_a_paused_mailbox_is_not_read_and_a_resumed_one_is(office):
    """Pausing takes a mailbox out of the rota, resuming puts it in again."""
    office.link("ada@acme.com")
    with office.writing() as store, store.transaction():
        links.pause(store, BY, "ada@acme.com", is_paused=True)
    rota = office.start()
    assert rota.next_at("ada@acme.com") is None

    with office.writing() as store, store.transaction():
        links.pause(store, BY, "ada@acme.com", is_paused=False)
    rota.look()

    wait_for(lambda: office.stored("ada@acme.com") == 1)


def test_sync_now_reads_what_came_since(office):
    """Whoever does not want to wait for the next turn gets the new mail at once."""
    office.link("ada@acme.com", 1)
    rota = office.start()
    wait_for(lambda: office.about("ada@acme.com").synced_at is not None)

    office.provider.mail["ada@acme.com"] = 4
    rota.read_now("ada@acme.com")

    wait_for(lambda: office.stored("ada@acme.com") == 4)


def test_long_first_reads_do_not_keep_new_mail_waiting(office):
    """While more first reads than workers are under way, a caught-up mailbox is still read at once."""
    with office.writing() as store, store.transaction():
        settings.change(store, BY, "sync.workers", 1)
        settings.change(store, BY, "sync.slice_seconds", 1)
    office.link("ada@acme.com", 1)
    rota = office.start()
    wait_for(lambda: office.about("ada@acme.com").synced_at is not None)
    office.provider.slow = 0.1
    for number in range(3):
        office.link(f"long{number}@acme.com", 15)
    rota.look()
    wait_for(lambda: office.stored("long0@acme.com") > 0)

    office.provider.mail["ada@acme.com"] = 2
    rota.read_now("ada@acme.com")

    wait_for(lambda: office.stored("ada@acme.com") == 2)
    assert any(office.about(f"long{number}@acme.com").is_first_read for number in range(3))
    # A slice gives way: all first reads go on in turns, and end.
    wait_for(lambda: all(office.stored(f"long{number}@acme.com") for number in range(3)))
    wait_for(lambda: all(office.stored(f"long{number}@acme.com") == 15 for number in range(3)))
    assert office.provider.most_running == 2


def test_stopping_finishes_the_batch_at_hand(office):
    """What was read of a batch when the program stops is stored; the next start goes on behind it."""
    office.link("ada@acme.com", 1000)
    office.provider.slow = 0.01
    rota = office.start()
    wait_for(lambda: office.stored("ada@acme.com") > 2)

    rota.stop()

    stored = office.stored("ada@acme.com")
    link = office.about("ada@acme.com")
    assert 2 < stored < 1000
    assert link.synced_at is None
    assert link.stored_count == stored
