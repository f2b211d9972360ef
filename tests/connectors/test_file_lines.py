"""A line of .jsonl is a copy, or is refused by its number and field."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from mail import IMPORTED_AT, written
from test_file import line, read

from connectors.file.lines import LineRefused, copy_from, schema

DOCS = Path(__file__).parents[2] / "docs" / "jsonl.md"


def copy(**said):
    """Return the copy of a line."""
    return copy_from(line(1, **said), None, IMPORTED_AT)


def test_the_documented_schema_is_the_one_that_is_checked():
    """docs/jsonl.md shows the schema of the code, and its example fits it."""
    text = DOCS.read_text("utf-8")
    shown = json.loads(text.rpartition("```json\n")[2].partition("```")[0])
    example = re.search(r"^\{.*\}$", text, re.MULTILINE)[0]

    assert shown == schema()
    assert copy_from(example.encode(), None, IMPORTED_AT).provider_thread == "18c2ef"
    assert all(f"| `{name}` |" in text for name in shown["properties"])


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        ("2026-03-02T09:15:04Z", datetime(2026, 3, 2, 9, 15, 4)),
        ("2026-03-02T09:15:04.1234567+05:45", datetime(2026, 3, 2, 3, 30, 4, 123456)),
        ("2026-03-02 09:15:04", datetime(2026, 3, 2, 9, 15, 4)),
        ("2026-03-02T09:15:04-08:00", datetime(2026, 3, 2, 17, 15, 4)),
    ],
)
def test_receipt_becomes_utc(at, wanted):
    """Any offset becomes UTC; a time without one is UTC."""
    assert copy(at=at).copied_at == wanted


def test_incredible_receipt_is_no_time():
    """A provider's receipt of 1970 or 2107 is a problem, and Date does not stand in for it."""
    headers = {"From": "lee@client.example", "Message-ID": "<1@x>", "Date": "Mon, 2 Mar 2026 09:00:00 +0000"}

    for at in ("1970-01-01T00:00:00Z", "2107-01-01T00:00:00Z", "0001-01-01T00:00:00+09:00"):
        found = copy(at=at, headers=headers)
        assert found.copied_at is None
        assert found.problems == ("incredible_time",)


def test_no_receipt_of_a_provider_is_no_time_but_of_a_file_it_is_date():
    """Only a file may fall back to Date."""
    headers = {"From": "lee@client.example", "Message-ID": "<1@x>", "Date": "Mon, 2 Mar 2026 09:00:00 +0000"}

    assert copy(headers=headers).problems == ("no_time",)
    assert copy(headers=headers, provider="file").copied_at == datetime(2026, 3, 2, 9)


def test_header_names_have_no_case_and_values_may_be_lists():
    """A value is decoded or as in RFC 2047; a list is a field that stands several times."""
    headers = {
        "FROM": "=?utf-8?q?Z=C3=BCrich?= <lee@client.example>",
        "to": ["Ada <ada@acme.com>", "bo@acme.com"],
        "subject": "Grüße",
        "cc": None,
        "message-id": "<1@Client.Example>",
    }
    found = copy(headers=headers)

    assert (found.from_name, found.subject) == ("Zürich", "Grüße")
    assert found.to_addresses == ("ada@acme.com", "bo@acme.com")
    assert found.message_id == "1@client.example"


def test_what_the_provider_says_is_kept():
    """Id, thread, labels, size and whether headers are hidden."""
    found = copy(id=17, thread=4, labels=["INBOX", "Drafts"], hidden=True, size=123, snippet="no")

    assert (found.provider_id, found.provider_thread, found.labels) == ("17", "4", ("INBOX", "DRAFT"))
    assert (found.is_hidden, found.size_bytes) == (True, 123)


def test_graph_says_calendar_and_other():
    """An eventMessage is calendar mail; `other` makes an out-of-office subject a mark."""
    headers = {"From": "lee@client.example", "Subject": "Automatic reply: away"}

    assert "calendar" in copy(provider="graph", type="#microsoft.graph.eventMessageRequest").marks
    assert "out_of_office" in copy(provider="graph", inference="other", headers=headers).marks
    assert "out_of_office" not in copy(provider="graph", headers=headers).marks


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"provider": "yahoo"}, "provider: "),
        ({"id": ""}, "id: "),
        ({"id": None}, "id: "),
        ({"at": "yesterday"}, "at: 'yesterday' is no ISO 8601 time"),
        ({"at": 17}, "at: should be an ISO 8601 text"),
        ({"headers": None}, "headers: "),
        ({"headers": {"From": {"a": 1}}}, "headers.From.0: "),
        ({"labels": "INBOX"}, "labels: "),
        ({"hidden": "perhaps"}, "hidden: "),
        ({"mailbox": "ada"}, "mailbox: is no address"),
        ({"mailbox": None}, "mailbox: is missing"),
        ({"size": -1}, "size: "),
    ],
)
def test_a_wrong_line_is_refused_by_its_field(said, reason):
    """The reason begins with the field's name."""
    with pytest.raises(LineRefused, match="^" + re.escape(reason)):
        copy(**said)


@pytest.mark.parametrize("raw", [b"{", b"[]", b"17", b"nonsense", b'{"provider":' + b"[" * 100_000])
def test_a_line_that_is_no_object_is_refused(raw):
    """It ends in a reason, not in a traceback."""
    with pytest.raises(LineRefused):
        copy_from(raw, None, IMPORTED_AT)


def test_the_other_lines_are_kept(tmp_path):
    """A refusal names the file and the line; reading goes on."""
    data = line(1) + b"\n" + b"{broken\n" + line(4) + line(5, at="never") + line(6).rstrip(b"\n")

    copies, refused = read(written(tmp_path / "a.jsonl", data))

    assert [found.provider_id for found in copies] == ["1", "4", "6"]
    assert [(no.position, no.reason.split(":")[0]) for no in refused] == [(3, "no JSON"), (5, "at")]


def test_wrong_encoding_is_kept_with_its_problem():
    """A line that is no UTF-8 is read as Windows' Latin, and says so."""
    raw = line(1).replace(b"Question 1", "Grüße".encode("latin-1"))

    found = copy_from(raw, None, IMPORTED_AT)

    assert found.subject == "Grüße"
    assert "bad_encoding" in found.problems


def test_nul_surrogate_and_oversized_values_are_kept():
    """What no database holds is taken out, what is too long is cut."""
    headers = {"From": "lee@client.example", "Subject": "a\0b\ud800c", "References": "<x@y> " * 400_000}

    found = copy(headers=headers)

    assert found.subject == "ab?c"
    assert {"nul_bytes", "oversized_header"} <= set(found.problems)
    found.subject.encode()


def test_a_line_without_end_is_refused(tmp_path):
    """A line beyond all measure is not held in memory; the next one is read."""
    data = b'{"provider": "' + b"x" * (40 << 20) + b"\n" + line(2)

    copies, refused = read(written(tmp_path / "a.jsonl", data))

    assert [found.provider_id for found in copies] == ["2"]
    assert [(no.position, no.reason) for no in refused] == [(1, "line longer than 16 MiB")]
