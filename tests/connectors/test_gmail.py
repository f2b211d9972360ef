"""The Gmail connector keeps the contract, and brings exactly what Gmail holds."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from contract import ConnectorContract
from gmail_linked import HORIZON, STARTED, Link, Time

from connectors.gmail import connect, mailbox_pace
from emailresponse.errors import CursorExpired, MailboxEmptied
from emailresponse.fields import WANTED
from tests.providers.gmail import StandIn, serving

DAY = timedelta(days=1)


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def standin(time):
    """Serve a stand-in that shares the connectors' clock; a violation of Gmail's rules fails the test."""
    with serving(StandIn(clock=time.clock, rate=100.0)) as served:
        yield served
        assert served.violations == []


@pytest.fixture
def mailbox(standin):
    return standin.mailbox()


@pytest.fixture
def link(standin, mailbox, time):
    return Link(standin, time)


class TestGmailConnector(ConnectorContract):
    """Gmail keeps the contract of every connector."""

    @pytest.fixture
    def make(self, link, mailbox):
        for _ in range(70):
            mailbox.add()
        return lambda: connect(link.linked())

    @pytest.fixture
    def make_empty(self, link):
        return lambda: connect(link.linked())


def test_a_message_comes_with_its_headers_and_nothing_else(link, mailbox):
    """A copy has Gmail's receipt, thread, labels and the headers that say who answered whom."""
    at = datetime(2026, 11, 3, 8, 30, 15, 250_000)
    one = mailbox.add(
        "Prices",
        at=at,
        labels=["INBOX", "UNREAD", "IMPORTANT", "Label_7", "CATEGORY_UPDATES"],
        author="Zoë <ZOE@client.example>",
        headers=[("in-reply-to", "<q@acme.com>"), ("X-Gmail-Labels", "Spam"), ("AUTO-SUBMITTED", "no")],
        thread="t1",
        message_id="<p@client.example>",
    )

    link.read()

    (copy,) = link.holdings.copies.values()
    assert (copy.mailbox, copy.provider, copy.provider_id) == ("ada@acme.com", "gmail", one)
    assert (copy.copied_at, copy.provider_thread, copy.size_bytes) == (at, "t1", 4321)
    assert copy.labels == ("INBOX", "CATEGORY_UPDATES")
    assert (copy.from_address, copy.message_id) == ("zoe@client.example", "p@client.example")
    assert copy.reply_ids == ("q@acme.com",)


def test_only_headers_that_figures_need_are_asked_for(link, mailbox, standin):
    """No header is asked for that the product does not keep, nor those that only an archive writes."""
    mailbox.add()

    link.read()

    assert standin.asked_headers == WANTED - {"x-gmail-labels", "x-gm-thrid"}


def test_what_is_not_mail_between_people_is_not_brought(link, mailbox):
    """Drafts, chats, spam and others' mail in the trash stay away; our own sent mail in the trash comes."""
    for labels in (["DRAFT"], ["CHAT"], ["SPAM"], ["TRASH"], ["DRAFT", "TRASH"]):
        mailbox.add(labels=labels)
    kept = {mailbox.add(), mailbox.add(labels=["SENT"]), mailbox.add(labels=["SENT", "TRASH"])}

    link.read()

    assert set(link.holdings.copies) == kept
    assert link.stored() == link.truth()


def test_drafts_cost_no_message_quota(link, mailbox, standin):
    """Drafts and chats are listed to be passed over, not fetched to be dropped."""
    for _ in range(40):
        mailbox.add(labels=["DRAFT"])
        mailbox.add(labels=["CHAT"])
    mailbox.add()

    link.read()

    assert standin.count("get") == 1


def test_newest_messages_come_first(link, mailbox):
    """The first read goes back in time, and says how far it is."""
    for _ in range(60):
        mailbox.add()

    batches = link.read()

    times = [copy.copied_at for batch in batches for copy in batch.added]
    assert times == sorted(times, reverse=True)
    told = [(batch.done_count, batch.total_count) for batch in batches if batch.done_count]
    assert told[-1] == (60, 60)
    assert all(done <= total for done, total in told)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_messages_before_the_horizon_are_not_brought(link, mailbox, standin):
    """Of a long past little more than a hundred messages are looked at to be sure where the horizon is."""
    for day in range(400):
        mailbox.add(at=HORIZON - DAY * (day + 1))
    for day in range(30):
        mailbox.add(at=HORIZON + DAY * day)

    link.read()

    assert link.stored() == link.truth()
    assert len(link.holdings.copies) == 30
    assert standin.count("get") <= 30 + 100 + 24


def test_a_message_out_of_order_is_found(link, mailbox):
    """A few old messages among new ones (imported mail) do not end the read."""
    for day in range(60):
        mailbox.add(at=HORIZON - DAY * (day + 1))
    late = mailbox.add(at=HORIZON + DAY)
    listed = mailbox.ids([], everywhere=False)
    listed.remove(late)
    listed.append(late)

    link.read()

    assert late in link.holdings.copies


def test_total_is_estimated_from_the_days_gone_through(link, mailbox):
    """Gmail counts what lies behind the horizon too; the days gone through tell what is to come."""
    link.horizon_at = STARTED - 10 * DAY
    for hour in range(480):
        mailbox.add(at=STARTED - timedelta(hours=hour))

    batches = link.read()

    told = [batch.total_count for batch in batches if 60 < (batch.done_count or 0)]
    assert len(told) > 8
    assert all(200 <= total <= 360 for total in told)


def test_new_mail_comes_before_the_rest_of_a_first_read(link, mailbox):
    """A first read that goes on brings fresh mail first, then continues where it stopped."""
    for _ in range(80):
        mailbox.add()
    link.read(batches=2)
    fresh = mailbox.add(labels=["SENT"])

    rest = link.read()

    assert [copy.provider_id for copy in rest[0].added] == [fresh]
    assert link.stored() == link.truth()


def test_a_first_read_in_slices_asks_for_no_message_twice(link, mailbox, standin):
    """However often a first read stops, each message is fetched once, for about 20 units."""
    for _ in range(130):
        mailbox.add()

    for _ in range(12):
        link.read(batches=3)

    assert link.stored() == link.truth()
    assert standin.count("get") == 130


def test_mail_that_moves_during_the_first_read_ends_where_it_lies(link, mailbox):
    """What comes, goes, is marked, thrown away or restored while the first read lasts is right in the end."""
    ids = [mailbox.add() for _ in range(120)]
    spam = mailbox.add(labels=["SPAM"])
    link.read(batches=3)
    for one in ids[-20:]:  # pages shift under the reader
        mailbox.trash(one)
    mailbox.delete(ids[2])
    mailbox.delete(ids[110])
    mailbox.spam(ids[5])
    mailbox.spam(ids[95])
    mailbox.label(ids[50], add=["CATEGORY_PROMOTIONS"], remove=["INBOX"])
    mailbox.restore(spam)
    mailbox.add(labels=["SENT"])

    link.read()
    link.read()

    assert link.stored() == link.truth()


def test_pages_that_shift_lose_nothing(link, mailbox, standin):
    """Messages that a list skips, because newer ones were thrown away between two pages, are still found."""
    standin.page_limit = 50
    ids = [mailbox.add() for _ in range(200)]
    seen = []

    def shift(_address, call):
        if call == "list" and not seen and standin.count("get") >= 50:
            seen.append(1)
            for one in ids[-30:]:
                mailbox.trash(one)

    standin.on_call = shift

    link.read()
    link.read()

    assert seen
    assert link.stored() == link.truth()


@pytest.mark.parametrize("tells_labels", [True, False])
def test_every_change_is_followed(link, mailbox, tells_labels):
    """Archived, filed, trashed, restored, marked, un-marked and deleted: labels follow at no quota."""
    mailbox.tells_labels = tells_labels
    ids = [mailbox.add() for _ in range(8)]
    sent = mailbox.add(labels=["SENT"])
    link.read()
    mailbox.label(ids[0], remove=["INBOX", "UNREAD"], add=["Label_9"])
    mailbox.label(ids[1], add=["CATEGORY_FORUMS"])
    mailbox.trash(ids[2])
    mailbox.spam(ids[3])
    mailbox.spam(ids[4])
    mailbox.restore(ids[4])
    mailbox.delete(ids[5])
    mailbox.trash(sent)

    batches = link.read()

    assert link.stored() == link.truth()
    assert link.holdings.last[ids[2]] == ("TRASH",)
    assert link.holdings.last[ids[3]] == ("SPAM",)
    assert link.holdings.last[ids[5]] == ("INBOX", "TRASH")
    assert link.holdings.last[sent] == ("SENT", "TRASH")
    assert sum(len(batch.added) for batch in batches) == 5


def test_reading_and_starring_are_no_news(link, mailbox, standin):
    """Labels that say nothing about answers make no observation and no request."""
    one = mailbox.add()
    link.read()
    mailbox.label(one, remove=["UNREAD"], add=["STARRED", "Label_3"])
    gets = standin.count("get")

    batches = link.read()

    assert not any(batch.added for batch in batches)
    assert standin.count("get") == gets


@pytest.mark.parametrize("tells_labels", [True, False])
@pytest.mark.parametrize("label", ["SPAM", "TRASH"])
@pytest.mark.parametrize("place", ["INBOX", "Label_4"])
def test_a_lead_comes_back_from_the_spam_folder(link, mailbox, label, tells_labels, place):
    """Mail that was spam or trash when first seen comes once somebody takes it out, wherever it is put."""
    mailbox.tells_labels = tells_labels
    link.read()
    lead = mailbox.add("Lead", labels=[label])
    link.read()
    assert lead not in link.holdings.copies
    mailbox.label(lead, remove=[label], add=[place])

    link.read()

    assert link.holdings.last[lead] == (("INBOX",) if place == "INBOX" else ())


@pytest.mark.parametrize("tells_labels", [True, False])
def test_a_draft_comes_when_it_is_sent(link, mailbox, tells_labels):
    """Saved drafts never come; sent ones do, whether Gmail keeps the message's id or makes a new one."""
    mailbox.tells_labels = tells_labels
    draft, other = mailbox.add(labels=["DRAFT"]), mailbox.add(labels=["DRAFT"])
    link.read()
    mailbox.delete(mailbox.add(labels=["DRAFT"]))
    mailbox.label(draft, add=["SENT"], remove=["DRAFT"])
    mailbox.delete(other)
    new = mailbox.add(labels=["SENT"])

    link.read()

    assert set(link.holdings.copies) == {draft, new}


def test_tidying_up_old_mail_costs_no_message_quota(link, mailbox, standin):
    """Archiving mail from before the horizon asks for no message."""
    old = [mailbox.add(at=HORIZON - 900 * DAY) for _ in range(50)]
    mailbox.add()
    link.read()
    gets = standin.count("get")
    for one in old:
        mailbox.label(one, remove=["INBOX", "UNREAD"])

    link.read()

    assert standin.count("get") == gets


def test_history_of_many_pages_is_read_to_its_end(link, mailbox, standin):
    """Pages of a history are all read from the same start, also those without any record."""
    mailbox.add()
    link.read()
    standin.page_limit = 3
    ids = [mailbox.add() for _ in range(20)]
    mailbox.trash(ids[0])

    link.read()

    assert link.stored() == link.truth()


def test_a_quiet_mailbox_is_asked_once(link, mailbox, standin):
    """Where nothing happened one request of two units finds out, and nothing is stored."""
    mailbox.add()
    link.read()
    before = standin.calls.total(), standin.units["ada@acme.com"]

    batches = link.read()

    assert batches == []
    assert (standin.calls.total() - before[0], standin.units["ada@acme.com"] - before[1]) == (1, 2)


@pytest.mark.parametrize("passes", [1, 3])
def test_an_expired_history_is_made_good_cheaply(link, mailbox, standin, passes):
    """After a history is forgotten only what is new is fetched; what moved or went is found by lists."""
    ids = [mailbox.add() for _ in range(150)]
    link.read()
    mailbox.trash(ids[3])
    mailbox.spam(ids[4])
    mailbox.delete(ids[5])
    mailbox.label(ids[6], remove=["INBOX"], add=["CATEGORY_SOCIAL"])
    fresh = [mailbox.add() for _ in range(7)]
    mailbox.expire_history()
    gets = standin.count("get")

    for _ in range(passes):
        link.read()

    assert link.stored() == link.truth()
    assert link.holdings.last[ids[3]] == ("TRASH",)
    assert link.holdings.last[ids[4]] == ("SPAM",)
    assert "TRASH" in link.holdings.last[ids[5]]
    assert standin.count("get") - gets <= len(fresh) + 1


def test_an_expired_history_is_said_so(link, mailbox):
    """The connector itself says that its cursor has expired, before it brings anything."""
    mailbox.add()
    link.read()
    mailbox.expire_history()
    connector = connect(link.linked())

    with pytest.raises(CursorExpired):
        list(connector.changes(link.cursor))
    connector.close()


def test_a_cursor_of_something_else_has_expired(link, mailbox):
    """A cursor that is none of this connector's is read as expired, never as a place to go on."""
    connector = connect(link.linked())

    for text in ("", "{}", "7", '{"history_id": "1", "first": {"x": 1}, "reconciled_at": null}'):
        with pytest.raises(CursorExpired):
            list(connector.changes(text))
    connector.close()


def test_forgotten_page_tokens_begin_the_list_again(link, mailbox, standin):
    """A first read whose page token Gmail no longer knows lists again, and fetches nothing twice."""
    standin.page_limit = 40
    for _ in range(120):
        mailbox.add()
    link.read(batches=5)
    standin.forget_pages()

    link.read()

    assert link.stored() == link.truth()
    assert standin.count("get") == 120


def test_once_a_day_the_newest_messages_are_compared(link, mailbox, standin, time):
    """What a history kept silent about is found within a day, by lists of ids alone."""
    old = [mailbox.add(at=STARTED - 40 * DAY) for _ in range(200)]
    ids = [mailbox.add(at=STARTED - timedelta(hours=hour)) for hour in range(1, 30)]
    link.read()
    mailbox.trash(ids[0])
    mailbox.delete(ids[1])
    mailbox.label(ids[2], remove=["INBOX"])
    silent = mailbox.add(at=STARTED - timedelta(hours=3, minutes=5))
    mailbox.records.clear()
    time.wait(23 * 3600)
    link.read()
    assert silent not in link.holdings.copies
    gets = standin.count("get")
    time.wait(2 * 3600)

    link.read()

    assert link.stored() == link.truth()
    assert standin.count("get") - gets == 2  # the silent one, and the one that is gone
    assert set(old) <= set(link.holdings.last)
    link.read()
    assert standin.count("get") - gets == 2


def test_a_long_silence_of_the_history_is_made_good(link, mailbox, time):
    """Hundreds of messages of which the history said nothing come with the daily comparison, labels right."""
    old = [mailbox.add(at=STARTED - DAY * (20 + number)) for number in range(30)]
    before = [mailbox.add(at=STARTED - timedelta(days=3, minutes=number)) for number in range(20)]
    link.read()
    lost = [mailbox.add(at=STARTED - timedelta(days=2, minutes=number)) for number in range(350)]
    sent = mailbox.add(at=STARTED - DAY, labels=["SENT", "TRASH"])
    mailbox.records.clear()
    time.wait(25 * 3600)

    link.read()

    assert link.stored() == link.truth()
    assert {*old, *before, *lost, sent} == set(link.holdings.copies)


def test_a_clock_that_jumps_stops_nothing(link, mailbox, time):
    """A clock set back by a year, and one that was ahead, neither lose mail nor end the daily comparison."""
    mailbox.add()
    link.read()
    mailbox.add(at=STARTED - DAY)
    time.ahead = timedelta(days=-366)
    link.read()
    time.ahead = timedelta(days=434)
    mailbox.add(at=STARTED)

    link.read()

    assert link.stored() == link.truth()


def test_an_emptied_mailbox_is_refused(link, mailbox):
    """A mailbox that held messages and comes back without any changes nothing."""
    ids = [mailbox.add() for _ in range(5)]
    link.read()
    mailbox.messages.clear()
    mailbox.records.clear()
    mailbox._listed.clear()
    mailbox.expire_history()
    before = dict(link.holdings.last)

    with pytest.raises(MailboxEmptied):
        link.read()

    assert link.holdings.last == before
    assert set(before) == set(ids)


def test_a_mailbox_whose_mail_all_lies_in_the_trash_is_not_empty(link, mailbox):
    """Somebody who throws everything away does so in sight."""
    ids = [mailbox.add() for _ in range(5)]
    link.read()
    for one in ids:
        mailbox.trash(one)
    mailbox.expire_history()

    link.read()

    assert {link.holdings.last[one] for one in ids} == {("TRASH",)}


def test_quota_use_can_be_told(link, mailbox, standin):
    """The mailbox's pace knows the units that were spent."""
    mailbox.add()

    link.read()

    pace = mailbox_pace(link.paces, link.linked().providers.gmail, "ada@acme.com")
    assert pace.spent == standin.units["ada@acme.com"] > 20
