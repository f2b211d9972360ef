"""A pass reads a linked mailbox from where the last one stopped, and its failure is noted with the link."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from emailresponse import derive, links, mailboxes, people, sync
from emailresponse.audit import Change
from emailresponse.copies import Batch, Copy, Cursor, Refusal
from emailresponse.errors import (
    AuthorizationLost,
    CursorExpired,
    MailboxEmptied,
    NotFound,
    ProviderDown,
    ProviderWrong,
    RateLimited,
    SettingsError,
)
from emailresponse.holdings import StoredCopies
from emailresponse.passes import Reader
from emailresponse.store import Store
from emailresponse.vault import Vault, new_key

NOW = datetime(2026, 6, 1, 12)
ADA = "ada@acme.com"
BY = Change(NOW, "tester")


def copy(number: int, *labels: str) -> Copy:
    """Return a copy received so many minutes after nine."""
    return Copy(
        ADA,
        "gmail",
        str(number),
        copied_at=datetime(2026, 5, 4, 9) + timedelta(minutes=number),
        labels=labels or ("INBOX",),
        message_id=f"{number}@client.example",
        from_address="lee@client.example",
        to_addresses=(ADA,),
    )


class Source:
    """A provider in memory: its cursor is the number of batches that were read."""

    def __init__(self, *batches: Batch | Exception) -> None:
        self.batches = list(batches)
        self.asked: list[Cursor | None] = []
        self.is_closed = False

    def addresses(self) -> tuple[str, ...]:
        return (ADA,)

    def changes(self, since: Cursor | None) -> Iterator[Batch]:
        self.asked.append(since)
        for batch in self.batches[int(since or 0) :]:
            if isinstance(batch, Exception):
                self.batches.remove(batch)
                raise batch
            yield batch

    def close(self) -> None:
        self.is_closed = True


def batches(*copies: Copy) -> list[Batch]:
    """Return a batch for every copy."""
    return [
        Batch(Cursor(str(number)), (one,), read_count=1, done_count=number, total_count=len(copies))
        for number, one in enumerate(copies, 1)
    ]


@pytest.fixture
def vault():
    """Return a vault with a key."""
    return Vault([new_key()])


@pytest.fixture
def linked(store, vault):
    """Return a workspace in which Ada's mailbox is linked."""
    with store.transaction():
        links.add(store, vault, BY, provider="gmail", account="Ada@acme.com", way="consent", secret="token")
    return store


def read(store, source, at=NOW, **options):
    """Run a pass over Ada's mailbox."""

    @contextmanager
    def writing():
        yield store

    reader = Reader(writing, lambda link: source, lambda: at)
    return reader.read(links.link(store, ADA), **options)


def test_a_pass_stores_every_batch_and_knows_the_mailbox_up_to_its_beginning(linked):
    """What lay there when the pass began is stored; the mailbox is known as far as that."""
    source = Source(*batches(copy(1), copy(2), copy(3)))

    outcome = read(linked, source)

    link = links.link(linked, ADA)
    assert outcome.is_caught_up
    assert outcome.progress.stored_count == link.stored_count == 3
    assert link.synced_at == link.ended_at == link.first_ended_at == NOW
    assert (link.first_done, link.first_total) == (3, 3)
    assert source.is_closed


def test_a_pass_gives_way_between_batches_and_the_next_goes_on(linked):
    """A pass that is over early is not caught up: the mailbox is known no further, nothing is read twice."""
    source = Source(*batches(copy(1), copy(2), copy(3)))

    first = read(linked, source, is_over=lambda: True)
    assert not first.is_caught_up
    assert links.link(linked, ADA).synced_at is None
    assert links.link(linked, ADA).is_first_read
    second = read(linked, source)

    assert source.asked == [None, "1"]
    assert (first.progress.stored_count, second.progress.stored_count) == (1, 2)
    assert links.link(linked, ADA).synced_at == NOW


def test_an_expired_cursor_reads_again_from_the_start_and_keeps_what_is_stored(linked):
    """After an expiry everything is upserted: known copies are known, nothing is lost, nothing doubled."""
    read(linked, Source(*batches(copy(1), copy(2))))
    source = Source(*batches(copy(1), copy(2), copy(3)))
    source.batches.insert(2, CursorExpired("404"))

    outcome = read(linked, source, at=NOW + timedelta(hours=1))

    assert source.asked == ["2", None]
    assert (outcome.progress.known_count, outcome.progress.stored_count) == (2, 1)
    assert links.link(linked, ADA).synced_at == NOW + timedelta(hours=1)


def test_cursors_that_always_expire_are_the_providers_fault(linked):
    """A read that starts over and over ends with an error that is shown, not in a circle."""
    outcome = read(linked, Source(*[CursorExpired("404") for _ in range(5)]))

    assert isinstance(outcome.error, ProviderWrong)
    assert links.link(linked, ADA).trouble == "wrong"


@pytest.mark.parametrize(
    ("error", "trouble", "seconds"),
    [
        (AuthorizationLost(ADA, "invalid_grant"), "reconnect", None),
        (RateLimited("429", retry_after=17), "limited", 17),
        (RateLimited("429"), "limited", 60),
        (ProviderDown("503"), "down", 60),
        (ProviderWrong("no JSON"), "wrong", 900),
        (MailboxEmptied(ADA), "emptied", 3600),
    ],
)
def test_trouble_is_noted_with_when_to_try_again(linked, error, trouble, seconds):
    """What a pass stored before the trouble stays, its cursor too; the next attempt goes on there."""
    source = Source(*batches(copy(1), copy(2)))
    source.batches.insert(1, error)

    outcome = read(linked, source)
    link = links.link(linked, ADA)

    assert outcome.error is error
    assert (link.trouble, link.failures) == (trouble, 1)
    assert link.retry_at == (None if seconds is None else NOW + timedelta(seconds=seconds))
    assert link.synced_at is None
    assert read(linked, source).is_caught_up
    assert source.asked == [None, "1"]
    assert links.link(linked, ADA).trouble is None


def test_failures_in_a_row_wait_longer_up_to_an_hour(linked):
    """The wait doubles with every failure and never exceeds an hour."""
    waits = []
    for _ in range(9):
        read(linked, Source(ProviderDown("503")))
        waits.append((links.link(linked, ADA).retry_at - NOW).total_seconds())

    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_what_a_pass_refuses_is_counted_and_named(linked):
    """A message that the provider cannot give is a refusal of the run, which the doctor names."""
    refused = Refusal("gmail", 0, "message 7: 500 again and again")
    read(linked, Source(Batch(Cursor("1"), (), refused=(refused,), read_count=1)))

    assert [row[-1] for row in linked.tuples("doctor/refusals")] == [1]


def test_linking_makes_a_mailbox_ours_from_its_horizon_on(linked):
    """A new mailbox is ours, its backfill begins at the horizon, its secret is stored sealed."""
    link = links.link(linked, "ADA@acme.com")
    mailbox = mailboxes.mailbox(linked, ADA)

    assert mailbox.backfill_from == link.horizon_at == datetime(2024, 6, 1)
    assert [sealed for _, sealed in linked.tuples("store/secrets") if "token" in sealed] == []


def test_linking_again_goes_on_where_reading_stopped(linked, vault):
    """After a lost grant the cursor, the horizon and the counts stay; the trouble is gone."""
    source = Source(*batches(copy(1), copy(2)))
    source.batches.insert(1, AuthorizationLost(ADA, "invalid_grant"))
    read(linked, source)
    assert links.link(linked, ADA).is_lost

    later = Change(NOW + timedelta(days=9), "tester")
    with linked.transaction():
        links.add(linked, vault, later, provider="gmail", account=ADA, way="consent", secret="new")
    link = links.link(linked, ADA)

    assert not link.is_lost
    assert link.horizon_at == datetime(2024, 6, 1)
    assert links.secret(linked, vault, ADA) == "new"
    assert read(linked, source).progress.stored_count == 1


def test_linking_to_another_provider_reads_from_the_start(linked, vault):
    """A mailbox that moved to Microsoft is read anew there; what Gmail gave stays."""
    read(linked, Source(*batches(copy(1))))
    with linked.transaction():
        links.add(linked, vault, BY, provider="graph", account=ADA, way="consent", secret="new")

    link = links.link(linked, ADA)
    assert link.is_first_read
    assert sync.cursor(linked, ADA, link.source) is None
    assert StoredCopies(linked, ADA, "gmail").labels(["1"]) == {"1": ("INBOX",)}


def test_no_address_is_no_mailbox(linked, vault):
    """What is no address cannot be linked."""
    with pytest.raises(SettingsError), linked.transaction():
        links.add(linked, vault, BY, provider="imap", account="ada", way="password", secret="x")


def test_unlinking_keeps_the_messages_or_erases_them(linked, vault):
    """Asked to keep, only the link goes; asked to erase, messages, observations and decisions go too."""
    read(linked, Source(*batches(copy(1), copy(2))))
    with linked.transaction():
        links.remove(linked, BY, ADA, is_erasing=False)
    assert links.secret(linked, vault, ADA) is None
    assert set(StoredCopies(linked, ADA, "gmail").since(None)) == {"1", "2"}
    with pytest.raises(NotFound):
        links.link(linked, ADA)

    with linked.transaction():
        links.add(linked, vault, BY, provider="gmail", account=ADA, way="consent", secret="token")
        links.remove(linked, BY, ADA, is_erasing=True)
    assert StoredCopies(linked, ADA, "gmail").since(None) == {}
    derive.refresh(linked)


def test_nothing_is_stored_of_a_mailbox_that_was_unlinked_meanwhile(linked):
    """A pass that is under way when the mailbox is erased stores nothing after that."""
    source = Source(*batches(copy(1), copy(2)))

    def erase():
        with linked.transaction():
            links.remove(linked, BY, ADA, is_erasing=True)
        return False

    outcome = read(linked, source, is_over=erase)

    assert not outcome.is_caught_up
    assert StoredCopies(linked, ADA, "gmail").since(None) == {}


def test_holdings_tell_the_last_labels(linked):
    """What is held is told with the labels last seen, by id or from a moment on."""
    read(linked, Source(*batches(copy(1), copy(2)), *batches(copy(1, "SPAM"))))
    held = StoredCopies(linked, ADA, "gmail")

    assert held.labels(["1", "2", "3"]) == {"1": ("SPAM",), "2": ("INBOX",)}
    assert held.since(copy(2).copied_at) == {"2": ("INBOX",)}
    assert StoredCopies(linked, ADA, "imap").since(None) == {}


def test_rotation_seals_every_secret_again(linked, vault):
    """After a rotation the old key opens nothing, and a secret whose key is lost is named."""
    old = links.secret(linked, vault, ADA)
    new = Vault([new_key()])
    assert links.seal_again(linked, new, BY) == (0, (ADA,))

    both = Vault([new._keys[0], vault._keys[0]])
    assert links.seal_again(linked, both, BY) == (1, ())
    assert links.secret(linked, new, ADA) == old
    assert links.secret(linked, vault, ADA) is None


def test_a_sync_without_mail_still_moves_how_far_waits_are_known(linked):
    """An open wait is known to be open up to the last sync, also when that brought nothing (metrics.md 5)."""
    with linked.transaction():
        people.add(linked, BY, name="Ada", addresses=[ADA])
    source = Source(*batches(copy(1)))
    read(linked, source)
    derive.refresh(linked)
    later = NOW + timedelta(hours=3)
    assert not derive.is_stale(linked)

    read(linked, source, at=later)
    assert derive.is_stale(linked)
    derive.refresh(linked)

    assert [as_of for _, as_of, *_ in linked.tuples("report/horizons", teams=None, mailboxes=None)] == [later]
    assert not derive.is_stale(linked)


def test_a_first_read_under_way_says_nothing_of_what_is_unanswered(linked):
    """Until the first read is done answers may be missing, so nothing is known to be open."""
    source = Source(*batches(copy(1), copy(2)))
    read(linked, source, is_over=lambda: True)
    derive.refresh(linked)
    assert linked.tuples("report/horizons", teams=None, mailboxes=None) == []

    read(linked, source)
    derive.refresh(linked)

    assert linked.tuples("report/horizons", teams=None, mailboxes=None) == [(ADA, NOW)]


FULL = """
import sys
from pathlib import Path
from datetime import datetime
from emailresponse.store import Store
from emailresponse import sync
from emailresponse.copies import Batch, Copy, Cursor
from emailresponse.errors import StoreFull
store = Store.open(Path(sys.argv[1]))
for number in range(1000):
    copies = tuple(
        Copy("ada@acme.com", "gmail", f"{number}-{one}", message_id=f"{one}@{'x' * 200}", subject="y" * 300)
        for one in range(500)
    )
    try:
        sync.store_batch(
            store, Batch(Cursor(str(number)), copies), imported_at=datetime(2026, 6, 1), merging=False,
            mailbox="ada@acme.com", source="link gmail",
        )
    except StoreFull:
        print(number, int(sync.cursor(store, "ada@acme.com", "link gmail")))
        break
"""


def test_a_full_disk_keeps_whole_batches_only(tmp_path):
    """On a full disk the batch at hand is not stored, its cursor neither; all before it is there."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk takes the right to mount one")
    try:
        command = [sys.executable, "-c", FULL, str(disk / "team.duckdb")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        number, cursor = map(int, done.stdout.split())
        (tmp_path / "team.duckdb").write_bytes((disk / "team.duckdb").read_bytes())
        (tmp_path / "team.duckdb.wal").write_bytes((disk / "team.duckdb.wal").read_bytes())
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    store = Store.open(tmp_path / "team.duckdb")

    assert cursor == number - 1
    assert len(StoredCopies(store, ADA, "gmail").since(None)) == number * 500
    store.close()
