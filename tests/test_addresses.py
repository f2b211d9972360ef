"""Addresses are compared, and told companies apart, as metrics.md section 1 says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emailresponse.addresses import FREE_MAIL, company, compared, domain
from emailresponse.words import addresses, decoded, named


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("Ada@Acme.COM", "ada@acme.com"),
        (" <ada+lists@acme.com> ", "ada@acme.com"),
        ("a.d.a+x@gmail.com", "ada@gmail.com"),
        ("a.d.a@googlemail.com", "ada@gmail.com"),
        ("a.d.a@acme.com", "a.d.a@acme.com"),
        ("lee@client.example.invalid", "lee@client.example"),
        ("mailto:ada@acme.com", "ada@acme.com"),
        ("/O=ENRON/OU=NA/CN=RECIPIENTS/CN=JSMITH", "/o=enron/ou=na/cn=recipients/cn=jsmith"),
        ("k..allen@enron.com", "k..allen@enron.com"),
        ('"ada"@acme.com', "ada@acme.com"),
        ("ada@acme.com.", "ada@acme.com"),
        ("lee@[192.0.2.1]", "lee@[192.0.2.1]"),
        ("undisclosed-recipients:;", None),
        ("@acme.com", None),
        ("ada@", None),
        ("", None),
    ],
)
def test_address_is_compared_lower_case_without_tag(raw, wanted):
    """Lower case, `+tag` removed; for gmail.com and googlemail.com dots too, and the two domains are one."""
    assert compared(raw) == wanted


@given(st.text(max_size=60))
def test_comparing_twice_changes_nothing(raw):
    """What is in compared form stays as it is."""
    once = compared(raw)
    assert once is None or compared(once) == once or "+" in once or '"' in once or " " in once


def test_company_is_the_domain_but_free_mail_is_its_own():
    """An external address's domain; a free-mail address is its own company."""
    assert company("lee@client.example") == "client.example"
    assert company("lee@gmail.com") == "lee@gmail.com"
    assert company("/o=enron/cn=x") == "/o=enron/cn=x"
    assert company(None) is None
    assert domain("/o=enron/cn=x") is None
    assert {"gmail.com", "web.de", "outlook.com", "qq.com"} <= FREE_MAIL
    assert all(name == name.lower() and "." in name for name in FREE_MAIL)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("ada@acme.com", [("", "ada@acme.com")]),
        ("Ada Byron <ada@acme.com>", [("Ada Byron", "ada@acme.com")]),
        ('"Byron, Ada" <ada@acme.com>, bo@acme.com', [("Byron, Ada", "ada@acme.com"), ("", "bo@acme.com")]),
        ("Byron, Ada <ada@acme.com>", [("Byron, Ada", "ada@acme.com")]),
        ("ada@acme.com (Ada Byron)", [("Ada Byron", "ada@acme.com")]),
        ("Team: ada@acme.com, Bo <bo@acme.com>;", [("", "ada@acme.com"), ("Bo", "bo@acme.com")]),
        ("undisclosed-recipients:;", []),
        ("Undisclosed recipients:", []),
        ("=?utf-8?Q?Z=C3=BCrich?= <z@acme.com>", [("Zürich", "z@acme.com")]),
        ("=?utf-8?B?IkxlZSwgQSIgPGxlZUBjLmV4YW1wbGU+?=", [("Lee, A", "lee@c.example")]),
        ("ada at acme.com (Ada)", [("Ada", "ada@acme.com")]),
        ("Ada <ada@acme.com", [("Ada", "ada@acme.com")]),
        ('"Ada \\"A\\" Byron" <ada@acme.com>', [('Ada "A" Byron', "ada@acme.com")]),
        ("</O=ENRON/CN=JSMITH>", [("", "/o=enron/cn=jsmith")]),
        ("Ada <>, bo@acme.com", [("", "bo@acme.com")]),
        ("MAILER-DAEMON", []),
        ("a@x.example;b@x.example", [("", "a@x.example"), ("", "b@x.example")]),
        ("'Ada' <ada@acme.com>", [("Ada", "ada@acme.com")]),
        ("", []),
    ],
)
def test_address_lists_are_read_as_people_write_them(value, wanted):
    """Quotes, comments, groups, encoded words, archives' " at ", and what is broken."""
    assert list(named(value)) == wanted


def test_addresses_come_once_in_order():
    """The same address in two spellings is one recipient."""
    values = ["B@x.example, a@x.example", "a+tag@x.example, c@x.example"]

    assert addresses(values) == ("b@x.example", "a@x.example", "c@x.example")
    assert addresses(None) == ()


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("=?iso-8859-1?q?Gr=FC=DFe?=", "Grüße"),
        ("=?utf-8?b?R3LDvA==?=\n =?utf-8?b?w59l?=", "Grüße"),
        ("=?utf-8?b?4oI=?= =?utf-8?b?rA==?=", "€"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("=?no-such?q?a=FC?=", "a\ufffd"),
        ("=?utf-8?b?R3L?=", "Gr"),
        ("=?hex?q?a?=", "a"),
        ("plain\n\tfolded  text ", "plain folded  text"),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
    ],
)
def test_encoded_words_are_read(value, wanted):
    """RFC 2047, also where a letter is cut between two words or the charset is none."""
    assert decoded(value) == wanted


@given(st.text(max_size=200))
def test_nothing_makes_reading_fail(value):
    """Any text whatever gives something or nothing, and can be stored as UTF-8."""
    for name, address in named(value):
        (name + address).encode()
    decoded(value).encode()
