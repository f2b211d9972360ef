"""A Microsoft 365 mailbox is read through Graph: what comes, how it is labelled, and what never comes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from connectors import graph
from emailresponse.copies import Refusal
from emailresponse.errors import CursorExpired
from tests.connectors.contract import ConnectorContract
from tests.connectors.graph.reading import ADA, with_pages
from tests.providers.exchange import person

HEADERS = [
    {"name": "Message-Id", "value": "<Raw@Client.Example>"},
    {"name": "In-Reply-To", "value": "<ours@acme.com>"},
    {"name": "References", "value": "<first@acme.com> <ours@acme.com>"},
    {"name": "Auto-Submitted", "value": "auto-replied"},
    {"name": "List-Id", "value": "News <news.client.example>"},
    {"name": "X-Mailer", "value": "kept by nobody"},
]


class TestContract(ConnectorContract):
    """Graph keeps to what every connector keeps to."""

    @pytest.fixture
    def make(self, reading):
        exchange = reading.server.exchange
        for number in range(9):
            exchange.put("inbox" if number % 3 else "sentitems")
        return lambda: graph.connect(reading.linked())

    @pytest.fixture
    def make_empty(self, reading):
        return lambda: graph.connect(reading.linked())


def test_every_folder_is_read_but_those_without_mail_of_ours(reading):
    """Inbox, sent, archive and people's own folders come; drafts, deleted, junk and search folders do not."""
    exchange = reading.server.exchange
    customers = exchange.make("Kunden")
    deep = exchange.make("Acme", parent=customers)
    exchange.make("Suche", parent=exchange.named("searchfolders"), type_="#microsoft.graph.mailSearchFolder")
    archive = exchange.make("Archiv", name="archive")
    brought = {exchange.put(where) for where in ("inbox", "sentitems", archive, customers, deep)}
    for where in ("drafts", "deleteditems", "junkemail", "outbox", "conversationhistory", "syncissues"):
        exchange.put(where)
        exchange.put(exchange.make("darunter", parent=exchange.named(where)))
    reading.read()

    assert set(reading.holdings.last) == brought
    assert reading.wrong() == []


def test_folders_are_labelled_in_gmails_words(reading):
    """SENT, INBOX and ARCHIVE by Microsoft's own names; others by their ids; what is below Sent is SENT."""
    exchange = reading.server.exchange
    below = exchange.make("2025", parent=exchange.named("sentitems"))
    own = exchange.make("Posteingang")
    archive = exchange.make("Archiv", name="archive")
    where = {name: exchange.put(name) for name in ("inbox", "sentitems", archive, below, own)}
    reading.read()

    assert reading.labels(where["inbox"]) == {"INBOX"}
    assert reading.labels(where["sentitems"]) == {"SENT"}
    assert reading.labels(where[archive]) == {"ARCHIVE"}
    assert reading.labels(where[below]) == {"SENT", below.upper()}
    assert reading.labels(where[own]) == {own.upper()}


def test_a_copy_says_what_the_message_says(reading):
    """Addresses, ids, times, the thread and the marks of machines come as from any other provider."""
    id_ = reading.server.exchange.put(
        at=datetime(2026, 5, 1, 9, 30),
        author=('Lee "the" Müller', "Lee+x@Client.example"),
        replyTo=[person("", "desk@client.example")],
        ccRecipients=[person("Bob, Jr.", "bob@acme.com"), person("Zoë", "zoe@acme.com")],
        internetMessageHeaders=HEADERS,
        subject="Re: Ünicode",
        conversationId="AAQkThread=",
    )
    reading.read()
    copy = reading.holdings.copies[id_]

    assert copy.mailbox == ADA and copy.provider == "graph"
    assert copy.provider_thread == "AAQkThread="
    assert copy.copied_at == datetime(2026, 5, 1, 9, 30)
    assert copy.sent_at == datetime(2026, 5, 1, 9, 29, 57)
    assert copy.from_address == "lee@client.example"
    assert copy.from_name == "Lee 'the' Müller"
    assert copy.sender_address is None
    assert copy.reply_to == ("desk@client.example",)
    assert copy.to_addresses == (ADA,)
    assert copy.cc_addresses == ("bob@acme.com", "zoe@acme.com")
    assert copy.reply_ids == ("ours@acme.com",)
    assert copy.reference_ids == ("first@acme.com", "ours@acme.com")
    assert copy.list_id == "news.client.example"
    assert {"auto_submitted", "list_id"} <= set(copy.marks)
    assert copy.subject == "Re: Ünicode"
    assert not copy.is_hidden


def test_on_behalf_of_keeps_both(reading):
    """Who pressed send beside a shared address is in Sender."""
    id_ = reading.server.exchange.put(
        "sentitems", author=("Desk", "desk@acme.com"), sender=person("Ada", ADA)
    )
    reading.read()

    copy = reading.holdings.copies[id_]
    assert (copy.from_address, copy.sender_address) == ("desk@acme.com", ADA)


def test_what_was_sent_rests_on_no_headers(reading):
    """Sent messages are marked as of hidden headers, and their headers are never asked for."""
    exchange = reading.server.exchange
    id_ = exchange.put("sentitems", at=datetime(2026, 5, 2, 10))
    reading.read()

    copy = reading.holdings.copies[id_]
    assert copy.is_hidden
    assert copy.copied_at == datetime(2026, 5, 2, 10)
    sent = exchange.named("sentitems")[5:9]
    assert not [one for one in reading.server.asked if sent in one and "internetMessageHeaders" in one]


def test_a_sent_message_without_a_receipt_counts_when_it_was_sent(reading):
    """Where the sent copy has no time of its own the time it was sent stands."""
    id_ = reading.server.exchange.put("sentitems", receivedDateTime=None, sentDateTime="2026-05-03T08:00:00Z")
    reading.read()

    assert reading.holdings.copies[id_].copied_at == datetime(2026, 5, 3, 8)


@pytest.mark.parametrize("refused", ["everywhere", "changes"])
def test_without_headers_the_mailbox_is_read_all_the_same(reading, refused):
    """Where headers are refused, or by changes alone, messages come and say that they are hidden."""
    reading.server.forbids_headers = refused
    reading.server.exchange.put()
    id_ = reading.server.exchange.put()
    reading.read()

    assert reading.wrong() == []
    copy = reading.holdings.copies[id_]
    assert copy.message_id
    assert copy.is_hidden is True
    assert not copy.reply_ids


def test_headers_that_are_never_given_are_not_asked_for_again(reading):
    """One probe tells; afterwards nothing asks for internet headers."""
    reading.server.exchange.has_headers = False
    id_ = reading.server.exchange.put()
    reading.read()

    assert reading.holdings.copies[id_].is_hidden
    assert reading.server.count("internetMessageHeaders") == 1


def test_calendar_and_focus_are_told(reading):
    """Invitations are kept as calendar messages; `other` makes an out-of-office subject one."""
    exchange = reading.server.exchange
    invitation = exchange.put(**{"@odata.type": "#microsoft.graph.eventMessageRequest"})
    away = exchange.put(subject="Automatic reply: away", inferenceClassification="other")
    plain = exchange.put(subject="Automatic reply: a question", inferenceClassification="focused")
    reading.read()

    copies = reading.holdings.copies
    assert "calendar" in copies[invitation].marks
    assert "out_of_office" in copies[away].marks
    assert "out_of_office" not in copies[plain].marks


def test_drafts_come_when_they_are_sent(reading):
    """A draft is never brought, wherever it lies; sent, it comes."""
    exchange = reading.server.exchange
    draft = exchange.put("drafts", isDraft=True, author=("Ada", ADA))
    exchange.put("inbox", isDraft=True)
    reading.read()
    assert reading.holdings.last == {}

    exchange.change(draft, isDraft=False)
    exchange.move(draft, "sentitems")
    reading.read()

    assert reading.labels(draft) == {"SENT"}


def test_older_messages_than_the_horizon_are_left(reading):
    """The horizon is applied to the provider's receipt, to the second."""
    exchange = reading.server.exchange
    reading.horizon_at = datetime(2026, 4, 1)
    exchange.put(at=datetime(2026, 3, 31, 23, 59, 59))
    kept = exchange.put(at=datetime(2026, 4, 1))
    reading.read()

    assert list(reading.holdings.last) == [kept]
    assert reading.wrong() == []


def test_a_shared_mailbox_meets_the_senders_copy(reading):
    """A reply from a shared mailbox lies in the sender's Sent Items: one message by its Message-ID."""
    exchange = reading.server.exchange
    asked = exchange.put("inbox", toRecipients=[person("Desk", "desk@acme.com")])
    answer = {"internetMessageId": "<Answer@ACME.com>", "toRecipients": [person("Lee", "lee@client.example")]}
    sent = exchange.put("sentitems", author=("Desk", "desk@acme.com"), sender=person("Ada", ADA), **answer)
    seen = exchange.put("inbox", author=("Desk", "desk@acme.com"), **answer, internetMessageHeaders=[])
    reading.read()

    copies = reading.holdings.copies
    assert copies[sent].message_id == copies[seen].message_id == "Answer@acme.com"
    assert copies[sent].labels == ("SENT",)
    assert copies[asked].to_addresses == ("desk@acme.com",)


def test_x500_senders_are_resolved_where_they_are_known(reading):
    """By the settings' table, by the header, or by rows where the one name has one address; never guessed."""
    exchange = reading.server.exchange
    stem = "/O=EXCHANGELABS/OU=EXCHANGE ADMINISTRATIVE GROUP (FYDIBOHF23SPDLT)/CN=RECIPIENTS/CN="
    reading.options = {"aliases": {f"{stem}told": "told@acme.com"}}
    header = [{"name": "From", "value": "Header <header@acme.com>"}]
    told = exchange.put(author=("Told", f"{stem}TOLD"), sender=None)
    headed = exchange.put(author=("Header", f"{stem}HEADER"), sender=None, internetMessageHeaders=header)
    learnt = exchange.put(author=("Bob Brown", f"{stem}BOB"), sender=None)
    twofold = exchange.put(author=("Jo", f"{stem}JO"), sender=None)
    stranger = exchange.put(author=("Nobody", f"{stem}NOBODY"), sender=None)
    foreign = exchange.put(author=("Lee", f"{stem}LEE"), sender=None)
    exchange.put(ccRecipients=[person("Bob Brown", "bob@acme.com"), person("Jo", "jo@acme.com")])
    exchange.put(ccRecipients=[person("Jo", "jo.other@acme.com"), person("Lee", "lee@client.example")])
    reading.settings = with_pages(reading, 50)
    reading.read()

    copies = reading.holdings.copies
    assert copies[told].from_address == "told@acme.com"
    assert copies[headed].from_address == "header@acme.com"
    assert copies[learnt].from_address == "bob@acme.com"
    assert copies[twofold].from_address == f"{stem}jo".lower()
    assert copies[stranger].from_address == f"{stem}nobody".lower()
    assert copies[foreign].from_address == f"{stem}lee".lower()


def test_a_row_that_cannot_be_read_is_refused_by_name(reading):
    """What is no message is counted and named, and stops nothing."""
    exchange = reading.server.exchange
    before, broken, after = exchange.put(), exchange.put(), exchange.put()
    exchange.messages[broken]["toRecipients"] = "everybody"
    reading.server.exchange.log.clear()
    reading.read()
    refused = [one for batch in reading.batches for one in batch.refused]

    assert set(reading.holdings.last) == {before, after}
    assert [type(one) for one in refused] == [Refusal]
    assert "toRecipients" in refused[0].reason
    reading.server.wrongs.clear()  # the stand-in rightly says that its own answer was wrong


def test_progress_of_a_first_read_is_told(reading):
    """Batches of a first read say how much is dealt with and how much there is; later ones do not."""
    for _ in range(10):
        reading.server.exchange.put()
    first = reading.read()
    reading.server.exchange.put()
    second = reading.read()

    assert [batch.done_count for batch in first if batch.added] == [4, 8, 10]
    assert {batch.total_count for batch in first if batch.added} == {10}
    assert {batch.done_count for batch in second} == {None}


def test_a_quiet_mailbox_costs_one_request_a_folder(reading):
    """Nothing new: the folders once, then each folder once; an empty batch moves the cursor."""
    reading.server.exchange.put()
    reading.read()
    asked = len(reading.server.asked)
    reading.read()

    folders = 2
    assert len(reading.server.asked) - asked == 1 + folders
    assert [len(batch.added) for batch in reading.batches] == [0]


def test_the_first_read_wastes_no_request(reading):
    """Pages come full: about as many requests as pages, beside what is asked once."""
    for _ in range(40):
        reading.server.exchange.put()
    reading.read()

    assert reading.server.count("messages/delta") <= 10 + 1 + 2


def test_a_cursor_of_another_kind_is_expired(reading):
    """A text that is no cursor of Graph's means: read again from the start."""
    reading.cursor = "12345"
    with pytest.raises(CursorExpired):
        reading.read()


def test_new_messages_come_before_the_rest_of_a_first_read(reading):
    """A first read that gave way brings what is new before it goes on."""
    exchange = reading.server.exchange
    for _ in range(20):
        exchange.put()
    reading.read(batches=2)
    new = exchange.put(at=reading.server.time.now())
    reading.server.time.wait(60)
    reading.read(batches=1)

    assert [copy.provider_id for copy in reading.came()] == [new]
    reading.read()
    assert reading.wrong() == []


def test_a_horizon_makes_a_first_read_no_longer_than_it_is(reading):
    """Messages beyond the horizon count as dealt with, so that progress ends at all of them."""
    reading.horizon_at = datetime(2026, 5, 1)
    for number in range(6):
        reading.server.exchange.put(at=datetime(2026, 4, 1) + timedelta(days=number * 10))
    batches = reading.read()

    assert batches[-2].done_count == 6 or batches[-1].done_count is None
    assert len(reading.holdings.last) == 3
