"""A mailbox on a real Dovecot: what comes, moves, goes and comes back, as its owner does it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from emailresponse.errors import MailboxEmptied
from tests.connectors.contract import ConnectorContract
from tests.connectors.imap_mailbox import NOW, Mailbox, letter
from tests.providers.dovecot import PLAIN_CAPABILITIES, running


@pytest.fixture(scope="module", params=["", PLAIN_CAPABILITIES], ids=["condstore", "plain"])
def dovecot(request):
    """A server with all that Dovecot can, and one with no more than RFC 3501 and special uses."""
    with running(capability=request.param) as server:
        yield server


@pytest.fixture
def mailbox(dovecot):
    """A new mailbox."""
    box = Mailbox(dovecot)
    yield box
    box.leave()


@pytest.fixture
def known(mailbox):
    """A mailbox with three messages in the inbox and one reply, all of which we hold."""
    for number in (1, 2, 3):
        mailbox.put(number, days=number)
    mailbox.put(4, "Sent", days=1)
    mailbox.sync()
    assert mailbox.seen() == {"1": {"INBOX"}, "2": {"INBOX"}, "3": {"INBOX"}, "4": {"SENT"}}
    return mailbox


class TestContract(ConnectorContract):
    """The IMAP connector keeps to the contract of all connectors."""

    @pytest.fixture
    def make(self, mailbox):
        for number in range(1, 10):
            mailbox.put(number, days=number)
        for number in range(10, 13):
            mailbox.put(number, "Sent", days=number - 9)
        return mailbox.connector

    @pytest.fixture
    def make_empty(self, mailbox):
        return mailbox.connector


def test_the_first_read_goes_from_the_newest_back_over_all_folders(mailbox):
    """The figures of the last weeks are there first, whatever folder a message lies in."""
    for day in range(12, 0, -1):
        mailbox.put(day, "Sent" if day % 2 else "INBOX", days=day)

    batches = mailbox.sync()

    days = [{(NOW - copy.copied_at).days for copy in batch.added} for batch in batches if batch.added]
    assert len(days) == 4
    assert days[0] | days[1] == set(range(1, 9))
    assert days[2] | days[3] == set(range(9, 13))


def test_progress_counts_what_is_dealt_with(mailbox):
    """A progress bar grows to its end and is absent behind it."""
    for number in range(1, 11):
        mailbox.put(number, days=number)

    batches = mailbox.sync()
    mailbox.put(11, days=0)
    later = mailbox.sync()

    assert [batch.done_count for batch in batches if batch.added] == [4, 8, 10]
    assert {batch.total_count for batch in batches if batch.added} == {10}
    assert {batch.done_count for batch in later} == {None}


def test_what_lies_before_the_horizon_is_not_read(dovecot):
    """To the second, although SEARCH SINCE knows days of the server's zone alone."""
    box = Mailbox(dovecot, horizon_at=NOW - timedelta(days=30))
    box.put("new", days=1)
    box.put("just-in", days=29.99)
    box.put("just-out", days=30.01)
    box.put("old", days=300)

    box.sync()
    box.leave()

    assert box.seen().keys() == {"new", "just-in"}


def test_a_quiet_mailbox_brings_nothing(known):
    """Nothing came and nothing went: no batch, and the cursor stays."""
    known.sync()

    assert known.sync() == []


def test_new_mail_comes_and_nothing_else(known):
    """Only what is new is brought; the last message, which `n:*` always names, is not brought again."""
    known.put(5, days=0)
    known.put(6, "Sent", days=0)

    batches = known.sync()

    assert sorted(copy.message_id for batch in batches for copy in batch.added) == [
        "5@client.example",
        "6@client.example",
    ]
    assert known.seen() == known.truth()


def test_new_mail_comes_before_an_unfinished_first_read_goes_on(mailbox):
    """A slice of the first read that was cut short does not keep fresh mail waiting."""
    for number in range(1, 21):
        mailbox.put(number, days=number)
    mailbox.sync(stop_after=2)
    mailbox.put("fresh", days=0)

    batches = mailbox.sync()

    assert [copy.message_id for copy in batches[0].added] == ["fresh@client.example"]
    assert mailbox.seen() == mailbox.truth()


def test_mail_that_comes_during_the_first_read_is_not_lost(mailbox):
    """What comes while a pass runs comes with the next one."""
    for number in range(1, 13):
        mailbox.put(number, days=number)
    mailbox.sync(between=lambda batch: mailbox.put(f"during-{batch}", days=0))

    mailbox.sync()

    assert {"during-1", "during-2", "during-3"} <= mailbox.seen().keys()
    assert mailbox.seen() == mailbox.truth()


def test_a_moved_message_is_the_same_copy_in_another_folder(known):
    """A move changes labels, ends nothing and doubles nothing."""
    known.put(9, "Projects/Acme", days=5)
    known.sync()
    known.move(1, "INBOX", "Projects/Acme")

    batches = known.sync()

    assert known.seen()["1"] == {"PROJECTS/ACME"}
    assert not [batch for batch in batches if batch.ended]
    assert len(known.holdings.copies) == 5


def test_a_message_moved_into_a_new_folder_has_not_ended(known):
    """The folder is read before anything is taken for deleted."""
    known.put(9, "Brand new", days=300)
    known.move(1, "INBOX", "Brand new")

    batches = known.sync()

    assert known.seen()["1"] == {"BRAND NEW"}
    assert not [batch for batch in batches if batch.ended]
    assert known.seen() == known.truth()


def test_a_message_in_two_folders_is_one_copy_with_two_labels(known):
    """And when it is deleted from one of them, it is still there."""
    known.put(9, "Projects", days=5)
    known.owner.select_folder("INBOX")
    known.owner.copy(known.find(1), "Projects")
    known.owner.unselect_folder()

    known.sync()
    both = known.seen()["1"]
    known.delete(1)
    known.sync()

    assert both == {"INBOX", "PROJECTS"}
    assert known.seen()["1"] == {"PROJECTS"}
    assert len(known.holdings.copies) == 5


def test_a_deleted_message_ends(known):
    """Expunged everywhere: the mailbox holds it no more; the copy stays, as trash."""
    known.delete(2)

    batches = known.sync()

    assert [len(batch.ended) for batch in batches if batch.ended] == [1]
    assert known.held()["2"] == {"INBOX", "TRASH"}
    assert known.seen() == known.truth()
    assert known.sync() == []


def test_an_old_deleted_message_ends_too(mailbox):
    """However long ago it came."""
    for days in (1, 10, 60, 400):
        mailbox.put(days, days=days)
    mailbox.sync()
    mailbox.delete(400)
    mailbox.delete(10)

    mailbox.sync()

    assert mailbox.seen().keys() == {"1", "60"}


def test_trashed_mail_is_seen_in_the_trash_and_comes_back(known):
    """Into the trash is trash, out of it is what the folder says."""
    known.move(1, "INBOX", "Trash")
    known.move(4, "Sent", "Trash")
    batches = known.sync()
    trashed = known.held()
    known.move(1, "Trash", "INBOX")
    known.sync()

    assert trashed["1"] == {"TRASH"}
    assert trashed["4"] == {"SENT", "TRASH"}
    assert not [batch for batch in batches if batch.ended]
    assert known.held()["1"] == {"INBOX"}


def test_junk_is_seen_as_spam_and_comes_back(known):
    """A lead that somebody marked as junk by mistake counts again when it is moved back."""
    known.move(1, "INBOX", "Junk")
    known.sync()
    spam = known.held()["1"]
    known.move(1, "Junk", "INBOX")
    known.sync()

    assert spam == {"SPAM"}
    assert known.held()["1"] == {"INBOX"}


def test_mail_first_seen_in_junk_comes_when_it_is_moved_out(known):
    """A lead in the junk folder is not read there, and is read as new mail when somebody finds it."""
    known.put("lead", "Junk", days=1)
    known.put("thrown", "Trash", days=1)
    known.sync()
    before = known.held().keys() & {"lead", "thrown"}
    known.move("lead", "Junk", "INBOX")

    known.sync()

    assert not before
    assert known.seen()["lead"] == {"INBOX"}


def test_drafts_are_never_brought_until_they_are_sent(known):
    """Neither from the folder of drafts nor from another one that holds a message marked as draft."""
    known.put("draft", "Drafts", days=0, flags=[b"\\Draft"])
    known.put("stray", "INBOX", days=0, flags=[b"\\Draft"])
    known.sync()
    before = known.held().keys() & {"draft", "stray"}
    known.put("draft", "Sent", days=0)
    known.delete("draft", "Drafts")

    known.sync()

    assert not before
    assert known.seen()["draft"] == {"SENT"}


def test_a_sent_message_stays_sent_wherever_it_is_moved(known):
    """What we sent is ours from whatever folder it is read."""
    known.put(9, "Projects", days=5)
    known.move(4, "Sent", "Projects")

    known.sync()

    assert known.seen()["4"] == {"SENT", "PROJECTS"}


def test_a_mail_to_oneself_is_two_copies(mailbox):
    """The sent one has no Received; each has its own label."""
    delivered = letter("self", NOW - timedelta(days=1))
    mailbox.put("self", raw=delivered)
    mailbox.put("self", "Sent", raw=delivered.partition(b"\r\n")[2])

    mailbox.sync()

    assert sorted(copy.labels for copy in mailbox.holdings.copies.values()) == [("INBOX",), ("SENT",)]


def test_changes_during_the_first_read_are_made_up_for(mailbox):
    """Deleted, moved and junked while only half is read: in the end we hold what the server holds."""
    for number in range(30, 0, -1):
        mailbox.put(number, days=number * 5)
    mailbox.sync(stop_after=4)
    mailbox.put("other", "Projects", days=500)
    mailbox.delete(1)
    mailbox.delete(29)
    mailbox.move(2, "INBOX", "Projects")
    mailbox.move(3, "INBOX", "Junk")
    mailbox.move(30, "INBOX", "Projects")
    mailbox.sync(stop_after=2)
    mailbox.move(4, "INBOX", "Trash")

    mailbox.sync()

    assert mailbox.seen() == mailbox.truth()
    assert mailbox.held()["3"] == {"SPAM"}
    assert mailbox.held()["4"] == {"TRASH"}
    assert mailbox.held()["1"] == {"INBOX", "TRASH"}


def test_many_changes_at_once_end_in_what_the_server_holds(mailbox):
    """Weeks without a sync: everything that happened meanwhile is found."""
    for number in range(1, 41):
        mailbox.put(number, "Sent" if number % 3 == 0 else "INBOX", days=number * 10)
    mailbox.sync()
    for number in (1, 7, 22, 40):
        mailbox.delete(number)
    for number in (2, 8, 38):
        mailbox.move(number, "INBOX", "Archive")
    mailbox.move(10, "INBOX", "Junk")
    mailbox.delete(39, "Sent")
    for number in range(41, 50):
        mailbox.put(number, days=0)

    mailbox.sync()

    assert mailbox.seen() == mailbox.truth()
    assert mailbox.held()["10"] == {"SPAM"}


def recreate(mailbox, folder, numbers):
    """Make a folder anew with the same messages, as a restored backup or a moved server has it."""
    mailbox.owner.delete_folder(folder)
    mailbox.owner.create_folder(folder)
    for number, days in numbers.items():
        mailbox.put(number, folder, days=days)


def test_a_new_uidvalidity_reads_the_folder_again_and_doubles_nothing(mailbox):
    """The UIDs mean nothing any more; the copies are the same, and what is not there any more has ended."""
    for number in range(1, 10):
        mailbox.put(number, "Projects", days=number)
    mailbox.put("anchor", days=1)
    mailbox.sync()
    ids = set(mailbox.holdings.copies)
    recreate(mailbox, "Projects", {number: number for number in range(1, 9)} | {"new": 0.5})

    batches = mailbox.sync()

    assert mailbox.seen() == mailbox.truth()
    assert len(mailbox.holdings.copies) == len(ids) + 1
    assert ("9", {"PROJECTS", "TRASH"}) in mailbox.held().items()
    assert [copy.message_id for batch in batches for copy in batch.added] == ["new@client.example"]


def test_a_lost_internaldate_makes_no_other_copy(mailbox):
    """A backup that was restored without the moments of receipt doubles nothing, and moves no receipt."""
    mailbox.put(1, "Projects", days=9)
    mailbox.put("anchor", days=1)
    mailbox.sync()
    raw = letter(1, NOW - timedelta(days=9))
    mailbox.owner.delete_folder("Projects")
    mailbox.put(1, "Projects", days=0, raw=raw)

    mailbox.sync()

    assert len(mailbox.holdings.copies) == 2
    assert mailbox.seen() == mailbox.truth()
    first = next(copy for copy in mailbox.holdings.copies.values() if copy.message_id == "1@client.example")
    assert first.copied_at == NOW - timedelta(days=9)


def test_a_renamed_folder_keeps_its_messages(mailbox):
    """They have the new label at once, lose the old one after a day, and never end."""
    for number in range(1, 6):
        mailbox.put(number, "Projects", days=number)
    mailbox.put("anchor", days=1)
    mailbox.sync()
    mailbox.owner.rename_folder("Projects", "Kunden")
    first = mailbox.sync()
    early = mailbox.seen()
    mailbox.now += timedelta(days=1, minutes=1)
    later = mailbox.sync()

    assert early["1"] == {"PROJECTS", "KUNDEN"}
    assert mailbox.seen() == mailbox.truth()
    assert not [batch for batch in (*first, *later) if batch.ended]


def test_a_removed_folder_ends_its_messages_after_a_day(mailbox):
    """A folder that is missing from one listing may be a mishap; a day later it is removed."""
    mailbox.put(1, "Projects", days=1)
    mailbox.put("anchor", days=1)
    mailbox.sync()
    mailbox.owner.delete_folder("Projects")
    mailbox.sync()
    early = mailbox.seen()
    mailbox.now += timedelta(days=1, minutes=1)
    mailbox.sync()

    assert early["1"] == {"PROJECTS"}
    assert mailbox.held()["1"] == {"PROJECTS", "TRASH"}
    assert mailbox.seen() == mailbox.truth()


def test_an_emptied_mailbox_is_refused(known):
    """A mailbox that held messages and comes back empty changes nothing."""
    before, cursor = known.held(), known.cursor
    for folder, numbers in (("INBOX", (1, 2, 3)), ("Sent", (4,))):
        for number in numbers:
            known.delete(number, folder)

    with pytest.raises(MailboxEmptied):
        known.sync()

    assert known.held() == before
    assert known.cursor == cursor


def test_a_mailbox_that_was_thrown_away_by_hand_is_not_emptied(known):
    """Everything in the trash is somebody's decision."""
    for number in (1, 2, 3):
        known.move(number, "INBOX", "Trash")
    known.move(4, "Sent", "Trash")

    known.sync()

    assert known.seen() == {}


def test_a_lost_cursor_reads_again_and_finds_what_went(known):
    """Read from the start, nothing doubles, and what vanished meanwhile has ended."""
    known.cursor = None
    known.delete(3)
    known.move(2, "INBOX", "Archive")

    known.sync()

    assert known.seen() == known.truth()
    assert len(known.holdings.copies) == 4


def test_times_are_the_servers_receipt_in_utc(mailbox):
    """INTERNALDATE comes with the server's zone; a copy's moment is naive UTC."""
    at = datetime(2026, 1, 15, 23, 30, tzinfo=UTC).astimezone(datetime.now().astimezone().tzinfo)
    mailbox.owner.append("INBOX", letter(1, datetime(2026, 1, 15, 8)), (), at)

    mailbox.sync()

    (copy,) = mailbox.holdings.copies.values()
    assert copy.copied_at == datetime(2026, 1, 15, 23, 30)
    assert copy.sent_at == datetime(2026, 1, 15, 8)


def test_no_body_is_ever_asked_for(known):
    """Dovecot counts what it gave: header fields, and not one body."""
    known.leave()
    lines = []
    for _ in range(100):
        lines = [
            line for line in known.server.log.splitlines() if known.user in line and "hdr_count=" in line
        ]
        if any("hdr_count=0" not in line for line in lines):
            break
    reads = [line for line in lines if "hdr_count=0" not in line]

    assert reads
    assert all("body_count=0" in line for line in lines)


def test_nothing_is_marked_as_read(known):
    """Reading leaves no trace: messages are as unseen as they were."""
    known.owner.select_folder("INBOX", readonly=True)

    assert sorted(known.owner.search("UNSEEN")) == sorted(known.owner.search("ALL"))
    known.owner.unselect_folder()
