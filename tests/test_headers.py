"""A header block says who wrote to whom, when, and what it answers."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emailresponse import fields
from emailresponse.fields import identifiers, message_id, moment, split
from emailresponse.headers import Origin, copy_of, looks_like_message, subject_digest
from emailresponse.marks import unsubscribe_hosts

NOW = datetime(2026, 6, 1, 12)
BASE = (
    "From: Lee <lee@client.example>\nMessage-ID: <1@client.example>\nDate: Mon, 2 Mar 2026 10:00:00 +0100\n"
)


def read(block, **origin):
    """Return the copy of a header block."""
    fields, problems = split(block if isinstance(block, bytes) else block.encode())
    return copy_of(fields, Origin("ada@acme.com", **origin), NOW, problems)


def marks(block):
    """Return the marks of a block beside the plain ones."""
    return set(read(BASE + block).marks)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("Mon, 2 Mar 2026 10:00:00 +0100", datetime(2026, 3, 2, 9)),
        ("2 Mar 2026 10:00 -0800 (PST)", datetime(2026, 3, 2, 18)),
        ("Mon, 02 Mar 2026 10:00:00 GMT", datetime(2026, 3, 2, 10)),
        ("Mon, 2 Mar 2026 10:00:00 EST", datetime(2026, 3, 2, 15)),
        ("Mon,  2 Mar 2026 10:00:00", datetime(2026, 3, 2, 10)),
        ("Mon Mar  2 10:00:00 2026", datetime(2026, 3, 2, 10)),
        ("Thu, 1 Jan 1970 00:00:00 +0000", datetime(1970, 1, 1)),
        ("Sat, 1 Jan 2107 00:00:00 +0000", datetime(2107, 1, 1)),
        ("Mon, 2 Mar 26 10:00:00 +0000", datetime(2026, 3, 2, 10)),
        ("Sat, 31 Dec 2016 23:59:60 +0000", datetime(2016, 12, 31, 23, 59, 59)),
        ("Mon, 30 Feb 2026 10:00:00 +0000", None),
        ("Sat, 1 Jan 0000 00:00:00 +0000", None),
        ("Sat, 31 Dec 9999 23:59:59 -1200", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_dates_become_utc(value, wanted):
    """However incredible; what is unreadable is nothing."""
    assert moment(value) == wanted


def test_receipt_of_a_file_is_the_topmost_credible_received_else_date():
    """A Received of 1980 or 2043 is passed over; Date is the last resort."""
    hops = "Received: by a; Tue, 1 Jan 1980 00:00:00 +0000\n"
    hops += "Received: by b\n\tfor x; Mon, 2 Mar 2026 11:00:00 +0100\n"

    assert read(BASE + hops).copied_at == datetime(2026, 3, 2, 10)
    assert read(BASE).copied_at == datetime(2026, 3, 2, 9)
    assert read(BASE).sent_at == datetime(2026, 3, 2, 9)


@pytest.mark.parametrize(
    ("date", "problems", "sent_at"),
    [
        ("Thu, 1 Jan 1970 00:00:00 +0000", ("incredible_time",), datetime(1970, 1, 1)),
        ("Sat, 1 Jan 2107 00:00:00 +0000", ("incredible_time",), datetime(2107, 1, 1)),
        ("Wed, 3 Jun 2026 12:00:00 +0000", ("incredible_time",), datetime(2026, 6, 3, 12)),
        ("sometime", ("bad_date", "no_time"), None),
        ("", ("no_time",), None),
    ],
)
def test_a_time_before_1990_or_a_day_after_the_import_is_no_time(date, problems, sent_at):
    """The message is kept with its problem; sent_at keeps what was said."""
    copy = read(f"From: lee@client.example\nMessage-ID: <1@x>\nDate: {date}\n")

    assert (copy.copied_at, copy.problems, copy.sent_at) == (None, problems, sent_at)


def test_what_is_missing_is_a_problem():
    """No From, no Message-ID, no time: kept and said."""
    assert read("Subject: x\n").problems == ("no_time", "no_from", "no_message_id")


def test_nuls_wrong_encoding_and_stray_lines_are_problems():
    """The message is kept; what can be read is read."""
    copy = read(BASE.encode() + b"Subject: a\0b\nTo: Gr\xfc\xdfe <ada@acme.com>\nno field at all\n")

    assert copy.subject == "ab"
    assert copy.to_addresses == ("ada@acme.com",)
    assert set(copy.problems) == {"nul_bytes", "bad_encoding", "bad_header"}


def test_field_names_have_no_case_and_may_have_blanks_before_the_colon():
    """As RFC 5322 section 4.5 allows."""
    copy = read("FROM : lee@client.example\nmessage-id:<1@x>\nsubject\t: Hi\n")

    assert (copy.from_address, copy.message_id, copy.subject) == ("lee@client.example", "1@x", "Hi")


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("<1@Client.Example>", "1@client.example"),
        (" <A B@Client.\n Example> (x)", "AB@client.example"),
        ("1@Client.Example", "1@client.example"),
        ("<no at sign>", "noatsign"),
        ("<>", None),
        ("", None),
    ],
)
def test_message_id_is_normalised(value, wanted):
    """Without <> and white space, domain part lower-cased."""
    assert message_id([value]) == wanted


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("<1@x.example> <2@X.example>\n\t<1@x.example>", ("1@x.example", "2@x.example")),
        ("1@x.example", ("1@x.example",)),
        ("1@x.example, 2@x.example", ("1@x.example", "2@x.example")),
        ("Your message of Monday", ()),
        ("Message from lee@x.example of Monday", ()),
        ('Message from Lee <lee@x.example> of "Thu" <1@x.example>', ("lee@x.example", "1@x.example")),
        ("", ()),
        ("<>", ()),
    ],
)
def test_named_ids_are_the_bracketed_or_a_value_of_ids_alone(value, wanted):
    """In-Reply-To without angle brackets counts if the whole value is ids; prose does not."""
    assert identifiers([value]) == wanted


def test_from_of_a_list_is_told():
    """By List-Id, List-Post or X-BeenThere."""
    via = "From: Lee via sales <sales@lists.acme.com>\n"

    assert read(via + "List-Id: Sales <sales.lists.acme.com>\n").is_from_list
    assert read(via + "List-Post: <mailto:sales@lists.acme.com>\n").is_from_list
    assert read(via + "X-BeenThere: Sales@lists.acme.com\n").is_from_list
    assert not read(BASE + "List-Id: <sales.lists.acme.com>\n").is_from_list
    assert not read(via).is_from_list


def test_other_addresses_and_hosts_are_kept():
    """Sender, X-Original-From, Reply-To, Delivered-To, X-Original-To, List-Id, List-Unsubscribe's hosts."""
    copy = read(
        BASE + "Sender: s@x.example\nX-Original-From: O <o@x.example>\nReply-To: r@x.example\n"
        "Delivered-To: ada@acme.com\nX-Original-To: Sales@acme.com\nList-Id: Acme News <news.acme.com>\n"
        "List-Unsubscribe: <https://u.Mail.example/x?y>,\n <mailto:leave@acme.com?subject=x>\n"
    )

    assert (copy.sender_address, copy.original_from, copy.reply_to) == (
        "s@x.example",
        "o@x.example",
        ("r@x.example",),
    )
    assert copy.delivered_to == ("ada@acme.com", "sales@acme.com")
    assert (copy.list_id, copy.unsubscribe_hosts) == ("news.acme.com", ("u.mail.example", "acme.com"))


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        ("Return-Path: <>\n", {"null_return_path"}),
        ("Return-Path: <MAILER-DAEMON@x.example>\n", {"daemon"}),
        ("Content-Type: multipart/report;\n report-type=delivery-status; boundary=x\n", {"delivery_status"}),
        ('Content-Type: multipart/report; report-type="disposition-notification"\n', {"report"}),
        ("X-Failed-Recipients: a@x.example\n", {"failed_recipients"}),
        ("Content-Type: text/calendar; charset=utf-8; method=REPLY\n", {"calendar"}),
        ("Content-Type: text/calendar; charset=utf-8\n", set()),
        ("Content-Class: urn:content-classes:calendarmessage\n", {"calendar"}),
        ("Auto-Submitted: auto-replied; owner=x\n", {"auto_submitted"}),
        ("Auto-Submitted: No\n", set()),
        ("X-Autoreply: yes\n", {"auto_header"}),
        ("X-Precedence: auto_reply\n", {"auto_header"}),
        ("Precedence: list\n", {"precedence_list"}),
        ("Precedence: Junk\n", {"precedence_bulk"}),
        ("List-Id: <a.b>\nList-Post: <mailto:a@b.example>\n", {"list_id", "list_post"}),
        ("List-Unsubscribe: <https://x.example>\n", {"list_unsubscribe"}),
        ("X-Auto-Response-Suppress: All\n", set()),
        ("X-Auto-Response-Suppress: All\nSubject: Automatic reply: your question\n", {"out_of_office"}),
        ("Subject: Automatic reply: your question\n", set()),
        (
            "Precedence: bulk\nSubject: =?utf-8?q?Abwesenheitsnotiz=3A?= x\n",
            {"precedence_bulk", "out_of_office"},
        ),
    ],
)
def test_marks_of_machines_are_noted(block, wanted):
    """Each header that a rule of metrics.md section 6 looks at leaves its mark."""
    assert marks(block) == wanted


@pytest.mark.parametrize(
    ("address", "is_marked"),
    [
        ("no-reply@x.example", True),
        ("No.Reply+7@x.example", True),
        ("do_not_reply@x.example", True),
        ("noreply-invoices@x.example", True),
        ("notifications@x.example", True),
        ("notify@x.example", False),
        ("nora@x.example", False),
    ],
)
def test_no_reply_addresses_are_marked(address, is_marked):
    """Dots, dashes and underscores are ignored."""
    assert ("no_reply" in read(f"From: {address}\n").marks) == is_marked


def test_daemon_without_a_domain_is_marked():
    """Some mail systems write From: MAILER-DAEMON and nothing else."""
    assert "daemon" in read("From: MAILER-DAEMON (Mail Delivery System)\n").marks


def test_copies_of_a_file_are_known_by_their_headers():
    """Line folds and labels make no other copy; another delivery does."""
    one = read(BASE + "To: ada@acme.com,\n bo@acme.com\nX-Gmail-Labels: Inbox\n")

    assert one.provider_id == read(BASE + "To: ada@acme.com, bo@acme.com\n").provider_id
    assert (
        one.provider_id
        != read(BASE + "To: ada@acme.com, bo@acme.com\nDelivered-To: x@acme.com\n").provider_id
    )
    assert len(one.provider_id) == 32


def test_digest_stays_where_the_subject_is_erased():
    """16 hex digits of the decoded subject."""
    assert len(subject_digest("Hello")) == 16
    assert subject_digest(None) is None
    assert subject_digest("") is not None


LINE_PIECES = [
    "Subject",
    "x-gm-thrid",
    "Received",
    "X-Foo",
    ":",
    " ",
    "\t",
    "\n",
    "\n ",
    "From ",
    "é",
    "\x01",
]


@given(st.lists(st.sampled_from(LINE_PIECES), max_size=30).map("".join))
def test_fields_are_those_of_a_walk_through_all_lines(text):
    """Passing over the lines that nobody wants finds the same fields and problems."""
    problems = []
    wanted = fields._line_by_line(text, problems)

    found, met = split(text.encode())

    assert {name: list(values) for name, values in found.items()} == wanted
    assert list(met) == problems


def test_received_is_read_from_the_topmost_on():
    """All of them are there for who asks, in order."""
    found, _ = split(b"Received: a\nX-Foo: x\nreceived: b\n\tc\nTo: ada@acme.com\nReceived: d\n")

    assert list(found["received"]) == [" a", " b\x01c", " d"]
    assert (len(found["received"]), found["received"][0], found["received"][2]) == (3, " a", " d")


@given(st.binary(max_size=400))
def test_nothing_makes_a_header_block_fail(block):
    """Any bytes give a copy, and every text of it can be stored."""
    copy = read(block)
    for text in (copy.subject, copy.from_address, copy.from_name, copy.message_id, *copy.reference_ids):
        (text or "").encode()


def test_a_message_begins_with_a_field_that_messages_have():
    """Prose and programs are none."""
    assert looks_like_message(b"Subject: x\n\nhello")
    assert looks_like_message(b"\r\nReceived: x\r\n\r\n")
    assert looks_like_message(b"X-Foo: x\rFrom: y\r\rhello")
    assert not looks_like_message(b"Dear Ada,\nFrom: here\n")
    assert not looks_like_message(b"key: value\n\nFrom: x\n")
    assert not looks_like_message(b"")


def test_google_group_names_its_domain_in_the_path():
    """A group of acme.com at groups.google.com is left by an address that names acme.com."""
    assert unsubscribe_hosts({"list-unsubscribe": ["<https://groups.google.com/a/Acme.com/x>"]}) == (
        "groups.google.com",
        "acme.com",
    )
