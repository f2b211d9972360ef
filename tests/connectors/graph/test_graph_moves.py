"""Moved, deleted, junked and returned messages: what is held ends equal to what the mailbox holds."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest

from emailresponse.errors import MailboxEmptied
from tests.connectors.graph.reading import ADA, with_pages


@pytest.fixture
def known(reading):
    """Return the ids of six messages in the inbox that are held already."""
    ids = [reading.server.exchange.put() for _ in range(6)]
    reading.read()
    return ids


def test_a_moved_message_is_seen_in_its_new_folder(reading, known):
    """Inbox to a folder of one's own: the same copy, labelled anew, and nothing is asked by its id."""
    exchange = reading.server.exchange
    folder = exchange.make("Kunden")
    exchange.move(known[0], folder)
    reading.read()

    assert reading.labels(known[0]) == {folder.upper()}
    assert reading.wrong() == []
    assert len(reading.holdings.copies) == 6
    assert [copy for copy in reading.came() if copy.message_id] == []


def test_a_message_that_came_back_is_found_where_it_is(reading, known):
    """There and back: Graph tells the removal and forgets the return; the lasting id tells the truth."""
    exchange = reading.server.exchange
    exchange.forgets_returns = True
    folder = exchange.make("Kunden")
    exchange.move(known[0], folder)
    exchange.move(known[0], "inbox")
    reading.read()

    assert reading.labels(known[0]) == {"INBOX"}
    assert reading.wrong() == []


def test_a_return_between_two_passes_is_found_at_once(reading, known):
    """Seen in another folder, then back: the other folder's removal leads to the question where it is."""
    exchange = reading.server.exchange
    exchange.forgets_returns = True
    folder = exchange.make("Kunden")
    exchange.move(known[0], folder)
    reading.read()
    assert reading.labels(known[0]) == {folder.upper()}
    exchange.move(known[0], "inbox")
    reading.read()

    assert reading.labels(known[0]) == {"INBOX"}


def test_the_weekly_comparison_finds_what_graph_never_told(reading, known):
    """Messages whose return from the bin, or whose arrival, no folder tells are found within a week."""
    exchange = reading.server.exchange
    folder = exchange.make("Kunden")
    exchange.move(known[0], "deleteditems")
    reading.read()
    assert reading.labels(known[0]) == {"TRASH"}
    exchange.forgets_returns = True
    exchange.move(known[0], "inbox")
    exchange.hides_arrivals = True
    hidden = exchange.put()
    exchange.move(hidden, folder)
    exchange.hides_arrivals = False
    reading.read()
    assert len(reading.wrong()) == 2

    reading.server.time.wait(7 * 86400)
    reading.read()

    assert reading.wrong() == []
    assert reading.labels(hidden) == {folder.upper()}
    assert reading.holdings.copies[hidden].from_address


def test_a_comparison_is_done_once_a_week(reading, known):
    """Between two comparisons no plain list is asked for."""
    lists = reading.server.count("messages?")
    reading.read()
    reading.server.time.wait(7 * 86400)
    assert reading.server.count("messages?") == lists
    reading.read()
    compared = reading.server.count("messages?")
    assert compared == lists + 2
    reading.read()

    assert reading.server.count("messages?") == compared


@pytest.mark.parametrize(
    ("target", "label"),
    [("deleteditems", "TRASH"), ("junkemail", "SPAM"), ("recoverableitemsdeletions", "TRASH")],
)
def test_trashed_junked_and_soft_deleted_messages_are_labelled_so(reading, known, target, label):
    """Into the bin, the junk folder, or where only recovery sees it: labelled, never erased."""
    reading.server.exchange.move(known[0], target)
    reading.read()

    assert reading.labels(known[0]) == {label}
    assert reading.wrong() == []
    assert known[0] in reading.holdings.copies


def test_a_message_deleted_for_good_is_ended(reading, known):
    """What the mailbox holds no more at all is told as ended, and stays a fact."""
    reading.server.exchange.delete(known[0])
    reading.read()

    assert [one for batch in reading.batches for one in batch.ended] == [(ADA, known[0])]
    assert reading.labels(known[0]) == {"INBOX", "TRASH"}


def test_a_message_in_a_folder_inside_the_bin_is_trashed(reading, known):
    """A folder below Deleted Items is Deleted Items."""
    exchange = reading.server.exchange
    inside = exchange.make("weg", parent=exchange.named("deleteditems"))
    exchange.move(known[0], inside)
    reading.read()

    assert reading.labels(known[0]) == {"TRASH"}


def test_junk_that_is_moved_out_comes(reading, known):
    """A lead that lay in the junk folder when it came is brought once somebody moves it out."""
    exchange = reading.server.exchange
    lead = exchange.put("junkemail")
    reading.read()
    assert lead not in reading.holdings.last
    exchange.move(lead, "inbox")
    reading.read()

    assert reading.labels(lead) == {"INBOX"}
    assert reading.holdings.copies[lead].from_address


def test_a_known_message_junked_and_taken_back_is_seen_again(reading, known):
    """SPAM, then INBOX again: two sightings of one copy."""
    exchange = reading.server.exchange
    exchange.move(known[0], "junkemail")
    reading.read()
    exchange.move(known[0], "inbox")
    reading.read()

    assert reading.labels(known[0]) == {"INBOX"}


def test_a_read_mark_changes_nothing(reading, known):
    """A change of what is no fact brings neither a copy nor a question, however little its row says."""
    reading.server.exchange.change(known[0], isRead=True)
    asked = reading.server.count("/messages/A")
    reading.read()

    assert reading.came() == []
    assert reading.server.count("/messages/A") == asked


def test_a_partial_row_of_a_message_not_held_is_fetched(reading, known):
    """Of an unknown message a row of three properties is no copy: the message is asked for by its id."""
    exchange = reading.server.exchange
    exchange.hides_arrivals = True
    folder = exchange.make("Kunden")
    hidden = exchange.put("junkemail")
    exchange.move(hidden, folder)
    exchange.change(hidden, isRead=True)
    reading.read()

    copy = reading.holdings.copies[hidden]
    assert copy.from_address
    assert copy.subject
    assert reading.wrong() == []


def test_partial_rows_of_drafts_and_old_messages_bring_nothing(reading):
    """What is asked for by its id keeps to the same rules: no drafts, nothing beyond the horizon."""
    exchange = reading.server.exchange
    reading.horizon_at = datetime(2026, 5, 1)
    old = exchange.put(at=datetime(2026, 4, 1))
    draft = exchange.put(isDraft=True)
    reading.read()
    exchange.change(old, isRead=True)
    exchange.change(draft, isRead=True)
    reading.read()

    assert reading.holdings.last == {}


def test_a_replayed_page_is_no_news(reading, known):
    """Rows that come again change nothing."""
    exchange = reading.server.exchange
    for one in known:
        exchange.change(one, subject="x")
    reading.server.has_partial_rows = False
    reading.read()

    assert reading.came() == []
    assert reading.holdings.copies[known[0]].subject != "x"


def test_a_new_folder_is_read_from_its_start(reading, known):
    """A folder that appears later is picked up with everything in it."""
    exchange = reading.server.exchange
    folder = exchange.make("Neu", parent=exchange.make("Oben"))
    for _ in range(5):
        exchange.put(folder)
    reading.read()

    assert len(reading.holdings.last) == 11
    assert reading.wrong() == []


def test_an_archive_made_later_is_known_by_its_name(reading, known):
    """Microsoft makes some folders when they are first used; their names are asked for then."""
    exchange = reading.server.exchange
    archive = exchange.make("Archiv", name="archive")
    exchange.move(known[0], archive)
    reading.read()

    assert reading.labels(known[0]) == {"ARCHIVE"}


def test_a_folder_thrown_away_takes_its_messages_along(reading, known):
    """A folder moved into Deleted Items tells nothing of its messages: they are compared, and trashed."""
    exchange = reading.server.exchange
    folder = exchange.make("Kunden")
    inside = [exchange.put(folder) for _ in range(5)]
    reading.read()
    exchange.place_folder(folder, "deleteditems")
    reading.read()
    assert {frozenset(reading.labels(one)) for one in inside} == {frozenset({"TRASH"})}

    exchange.place_folder(folder, "root==")
    reading.read()

    assert reading.wrong() == []
    assert reading.labels(inside[0]) == {folder.upper()}


def test_a_folder_deleted_for_good_ends_its_messages(reading, known):
    """All that a vanished folder held is asked for by its id, and ended."""
    exchange = reading.server.exchange
    folder = exchange.make("Kunden")
    inside = [exchange.put(folder) for _ in range(3)]
    reading.read()
    exchange.remove_folder(folder)
    reading.read()

    assert all("TRASH" in reading.labels(one) for one in inside)
    assert reading.wrong() == []
    asked = len(reading.server.asked)
    reading.read()
    assert len(reading.server.asked) - asked == 3


def test_a_folder_moved_below_sent_is_sent(reading, known):
    """Where a folder's meaning changes, the copies in it are labelled anew."""
    exchange = reading.server.exchange
    folder = exchange.make("2025")
    exchange.move(known[0], folder)
    reading.read()
    exchange.place_folder(folder, "sentitems")
    reading.read()

    assert reading.labels(known[0]) == {"SENT", folder.upper()}
    assert reading.wrong() == []


def test_new_messages_during_the_first_read_are_not_lost(reading):
    """Messages that come, move and go while pages are read end as they are, whichever page was read when."""
    exchange = reading.server.exchange
    ids = [exchange.put() for _ in range(30)]
    folder = exchange.make("Kunden")
    chosen = random.Random(3)

    def disturb(number: int) -> None:
        if number % 2:
            exchange.put(chosen.choice(["inbox", "sentitems", folder]))
        elif ids:
            exchange.move(
                ids.pop(chosen.randrange(len(ids))), chosen.choice([folder, "deleteditems", "inbox"])
            )

    reading.server.on_request = lambda number: disturb(number) if 20 < number < 60 else None
    reading.read()
    reading.server.on_request = None
    reading.read()

    assert reading.wrong() == []


def test_a_message_that_fled_to_a_folder_read_before_comes_in_the_same_pass(reading):
    """What lay there when the pass began is brought by it, though it moved to a folder that was done."""
    exchange = reading.server.exchange
    folder = exchange.make("Spät")
    fleeing = exchange.put(folder)

    def flee(_: int) -> None:
        where = quote(folder, safe="")
        if reading.server.asked[-1].startswith(f"/v1.0/me/mailFolders/{where}/messages/delta"):
            exchange.move(fleeing, "inbox")
            reading.server.on_request = None

    reading.settings = with_pages(reading, 200)
    reading.server.on_request = flee
    reading.read()

    assert exchange.messages[fleeing]["parentFolderId"] == exchange.named("inbox")
    assert reading.wrong() == []


def test_an_emptied_mailbox_is_refused(reading, known):
    """A mailbox that held messages and holds none at all, not even deleted ones, changes nothing."""
    exchange = reading.server.exchange
    for one in known:
        exchange.delete(one)
    before = dict(reading.holdings.last)
    with pytest.raises(MailboxEmptied):
        reading.read()
    with pytest.raises(MailboxEmptied):
        reading.read()
    assert reading.holdings.last == before

    exchange.put()
    reading.read()
    assert reading.wrong() == []


def test_an_emptied_mailbox_is_refused_also_when_its_links_have_expired(reading, known):
    """Read again from the start, an empty mailbox is as suspect."""
    exchange = reading.server.exchange
    for one in known:
        exchange.delete(one)
    reading.server.expire()
    with pytest.raises(MailboxEmptied):
        reading.read()
    reading.cursor = None
    with pytest.raises(MailboxEmptied):
        reading.read()


def test_linked_again_without_its_cursor_the_mailbox_ends_as_it_is(reading, known):
    """After a lost cursor everything is compared: moved, deleted and new messages alike."""
    exchange = reading.server.exchange
    exchange.move(known[0], "deleteditems")
    exchange.delete(known[1])
    exchange.put()
    reading.cursor = None
    reading.read()

    assert reading.wrong() == []


def test_many_messages_moved_at_once_keep_the_cursor_small(reading, monkeypatch):
    """A cursor never carries more than so many open questions."""
    from connectors.graph import walk

    monkeypatch.setattr(walk, "PENDING_COUNT", 8)
    exchange = reading.server.exchange
    ids = [exchange.put() for _ in range(40)]
    reading.read()
    for one in ids:
        exchange.move(one, "deleteditems")
    reading.read()

    assert reading.wrong() == []
    assert max(len(batch.cursor) for batch in reading.batches) < 8_000


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_the_facts_end_as_the_mailbox(reading, seed):
    """Random mail, moves, deletions and folders between and during passes, with every fault of Graph's."""
    chosen = random.Random(seed)
    server, exchange = reading.server, reading.server.exchange
    exchange.forgets_returns = seed % 2 == 0
    server.has_empty_pages = seed % 3 == 0
    server.has_partial_rows = seed % 4 != 0
    reading.horizon_at = datetime(2026, 4, 30)
    folders = [
        "inbox",
        "sentitems",
        "deleteditems",
        "junkemail",
        exchange.make("eins"),
        exchange.make("zwei"),
    ]

    def happen() -> None:
        kind = chosen.random()
        ids = list(exchange.messages)
        if kind < 0.45 or not ids:
            age = timedelta(days=chosen.choice([0, 0, 0, 60]))
            exchange.put(
                chosen.choice(folders), at=datetime(2026, 5, 20, 9) - age, isDraft=chosen.random() < 0.1
            )
        elif kind < 0.75:
            exchange.move(chosen.choice(ids), chosen.choice(folders))
        elif kind < 0.85:
            exchange.delete(chosen.choice(ids))
        elif kind < 0.95:
            exchange.change(chosen.choice(ids), isRead=True)
        elif kind < 0.97:
            folders.append(exchange.make("neu", parent=chosen.choice(folders[4:])))
        else:
            exchange.place_folder(folders[4], chosen.choice(["root==", "deleteditems", "sentitems"]))

    live(reading, chosen, happen)
    server.time.wait(8 * 86400)
    reading.read()
    reading.read()

    assert reading.wrong() == []


def live(reading, chosen, happen):
    """Let things happen between and during eight passes, some of them stopped, some after an expiry."""
    server = reading.server
    for _ in range(20):
        happen()
    for step in range(8):
        server.on_request = lambda number: happen() if number % 7 == 0 else None
        if step % 3 == 2:
            server.expire()
        reading.read(batches=chosen.choice([None, 1, 3]))
        server.on_request = None
        for _ in range(chosen.randrange(12)):
            happen()
