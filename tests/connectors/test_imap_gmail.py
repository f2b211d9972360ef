"""Gmail over IMAP: one folder holds everything, labels are Gmail's own, and ids are those of its API."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.connectors.imap_mailbox import NOW, Mailbox
from tests.providers.gmail_imap import ALL, SPAM, TRASH, serving


@pytest.fixture
def gmail():
    """Gmail's IMAP server as it is documented; a test fails on any request for more than header fields."""
    with serving() as server:
        yield server
        assert server.violations == []


@pytest.fixture
def mailbox(gmail):
    """A mailbox there."""
    return Mailbox(gmail)


def day(number: float) -> datetime:
    """Return the moment so many days ago."""
    return NOW - timedelta(days=number)


def labels(mailbox):
    """Return the labels of every copy that we hold."""
    return {number: set(seen) for number, seen in mailbox.held().items()}


def test_all_mail_alone_is_read_with_its_labels(gmail, mailbox):
    """Each message once, whatever labels it has; ids and threads in hexadecimal, as Gmail's API has them."""
    gmail.put(
        1278455344230334865, day(2), "\\Inbox", "\\Important", "Kunden &- Co", thread=1266894439832287888
    )
    gmail.put(2, day(1), "\\Sent")
    gmail.put(3, day(3))

    mailbox.sync()

    assert labels(mailbox) == {
        "1278455344230334865": {"INBOX", "IMPORTANT", "KUNDEN & CO"},
        "2": {"SENT"},
        "3": set(),
    }
    copy = mailbox.holdings.copies[f"{1278455344230334865:x}"]
    assert copy.provider_thread == f"{1266894439832287888:x}"
    assert copy.copied_at == day(2)
    opened = {command for command in gmail.commands if command.startswith("EXAMINE")}
    assert opened == {f'EXAMINE "{ALL}"'}


def test_a_label_of_ones_own_never_means_one_of_gmails(gmail, mailbox):
    """Somebody's label `Bin` is no trash, and a header field named like a Takeout's says nothing at all."""
    gmail.put(1, day(1), "\\Inbox", "Bin", "Sent")

    mailbox.sync()

    assert labels(mailbox)["1"] == {"INBOX", "FOLDER BIN", "FOLDER SENT"}


def test_changed_labels_are_followed(gmail, mailbox):
    """Archived is not in the inbox any more; nothing else is fetched for it."""
    mail = gmail.put(1, day(1), "\\Inbox")
    gmail.put(2, day(2), "\\Inbox")
    mailbox.sync()
    gmail.commands.clear()
    gmail.label(mail, "Acme")

    mailbox.sync()

    assert labels(mailbox) == {"1": {"ACME"}, "2": {"INBOX"}}
    assert not [command for command in gmail.commands if "HEADER" in command]


def test_a_draft_comes_when_it_is_sent(gmail, mailbox):
    """Also where it keeps its id."""
    mail = gmail.put(1, day(1), "\\Draft")
    gmail.put(2, day(1), "\\Inbox")
    mailbox.sync()
    before = labels(mailbox)
    gmail.label(mail, "\\Sent")

    mailbox.sync()

    assert before == {"2": {"INBOX"}}
    assert labels(mailbox)["1"] == {"SENT"}


def test_spam_and_trash_are_followed_both_ways(gmail, mailbox):
    """All Mail has neither; what vanishes from it is looked for there, and found again when it is back."""
    lead, sent, gone = gmail.put(1, day(1), "\\Inbox"), gmail.put(2, day(1), "\\Sent"), gmail.put(3, day(1))
    spam = gmail.put(4, day(1), folder=SPAM)
    gmail.put(5, day(1), "\\Inbox")
    mailbox.sync()
    gmail.move(lead, ALL, SPAM)
    gmail.move(sent, ALL, TRASH)
    gmail.folders[ALL].remove(gone)
    mailbox.sync()
    away = labels(mailbox)
    gmail.move(lead, SPAM, ALL)
    gmail.move(spam, SPAM, ALL)
    mailbox.sync()

    assert away == {"1": {"SPAM"}, "2": {"SENT", "TRASH"}, "3": {"TRASH"}, "5": {"INBOX"}}
    assert labels(mailbox)["1"] == {"INBOX"}
    assert "4" in labels(mailbox)


def test_a_quiet_mailbox_is_not_even_opened(gmail, mailbox):
    """Three answers about how folders stand are all it costs."""
    gmail.put(1, day(1), "\\Inbox")
    mailbox.sync()
    gmail.commands.clear()

    mailbox.sync()

    words = [command.split(" ")[0] for command in gmail.commands]
    assert words.count("STATUS") == 3
    assert not {"EXAMINE", "UID"} & set(words)


def test_an_access_token_signs_in_and_a_new_one_is_kept_first(gmail, mailbox):
    """XOAUTH2: the token that is taken no more is renewed once, and kept before anything is read with it."""
    from connectors.imap import connect

    gmail.put(1, day(1), "\\Inbox")
    gmail.token = "new"
    mailbox.secret = '{"access_token": "old"}'
    connector = connect(mailbox.linked(), renew=lambda secret: '{"access_token": "new"}')

    batches = list(connector.changes(None))
    connector.close()

    assert [copy.message_id for batch in batches for copy in batch.added] == ["1@client.example"]
    assert mailbox.secret == '{"access_token": "new"}'
