"""Graph's faults: each ends with what the mailbox really holds, or with the one error that names it."""

from __future__ import annotations

import dataclasses
import json

import pytest

from connectors import graph
from connectors.graph import requests
from emailresponse.errors import (
    AuthorizationLost,
    EmailResponseError,
    ProviderDown,
    ProviderWrong,
    RateLimited,
)
from tests.connectors.graph.reading import with_pages
from tests.providers.graph import Fault

PLACES = ["mailFolders/delta", "inbox?", "messages/delta?$select", "token="]


@pytest.fixture
def full(reading):
    """Return a mailbox of some folders, of which nothing was read yet."""
    exchange = reading.server.exchange
    folder = exchange.make("Kunden")
    for number in range(24):
        exchange.put(["inbox", "sentitems", folder][number % 3])
    return reading


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize(
    "fault",
    [
        Fault(429, 3, retry_after=17),
        Fault(429, 3, code="ApplicationThrottled"),
        Fault(503, 3, retry_after=5),
        Fault(503, 4),
        Fault(504, 3, retry_after=3),
        Fault(500, 5),
        Fault(502, 2),
        Fault("broken", 2),
        Fault("truncated", 2),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.retry_after}",
)
def test_what_passes_by_itself_is_sat_out(full, fault, where):
    """Throttled, down, cut off: the pass waits as long as Graph says and ends with everything."""
    full.server.faults.append(dataclasses.replace(fault, where=where))
    full.read()

    assert full.server.faults[0].count == 0
    assert full.wrong() == []
    assert full.server.time.at >= (fault.retry_after or 0)


def test_a_time_out_is_asked_again(full, monkeypatch):
    """A request that gets no answer is given up and asked again."""
    monkeypatch.setattr(requests, "TIMEOUT_SECONDS", 0.15)
    full.server.faults.append(Fault("hang", 2, "messages/delta"))
    full.server.allowed = 4  # the stand-in still counts those that nobody waits for any more
    full.read()

    assert full.wrong() == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(429, 99, "messages/delta?$skip", retry_after=2), RateLimited),
        (Fault(429, 99, "messages/delta?$skip"), RateLimited),
        (Fault(503, 99, "messages/delta?$skip"), ProviderDown),
        (Fault(500, 99, "messages/delta?$skip"), ProviderDown),
        (Fault("broken", 99, "messages/delta?$skip"), ProviderDown),
        (Fault("truncated", 99, "messages/delta?$skip"), ProviderDown),
        (Fault(418, 99, "messages/delta?$skip"), ProviderWrong),
        (Fault(302, 99, "messages/delta?$skip"), ProviderWrong),
    ],
    ids=lambda one: str(getattr(one, "kind", "")),
)
def test_what_does_not_pass_ends_the_pass_and_the_next_goes_on(full, fault, error):
    """After six attempts the error says what it was; what was stored stays, the next pass brings the rest."""
    full.server.faults.append(fault)
    with pytest.raises(error):
        full.read()
    stored = len(full.holdings.last)
    full.server.faults.clear()
    full.server.time.wait(60)
    full.read()

    assert 0 < stored < len(full.holdings.last)
    assert full.wrong() == []


def test_a_long_wait_is_left_to_whoever_asked(full):
    """Ten minutes are not sat out inside a pass: the error says how long."""
    full.server.faults.append(Fault(429, 99, retry_after=600))
    with pytest.raises(RateLimited) as caught:
        full.read()

    assert caught.value.retry_after == 600
    assert full.server.time.at < 60


def test_retry_after_may_be_a_date(full):
    """A date in Retry-After counts from the answer's own date."""
    from connectors.graph.faults import retry_seconds

    said = {"retry-after": "Wed, 21 Oct 2026 07:28:10 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}
    assert retry_seconds(said) == 10
    assert retry_seconds({"retry-after": "soon", "date": ""}) is None


def test_never_more_than_two_requests_at_a_time(full):
    """However many folders there are, a mailbox has two requests open, and uses both."""
    for number in range(8):
        folder = full.server.exchange.make(f"Ordner {number}")
        for _ in range(9):
            full.server.exchange.put(folder)
    full.server.latency = 0.003
    full.read()

    assert full.server.most_open == 2


def test_requests_keep_below_the_allowance_of_ten_minutes(full):
    """A hundred requests take the seconds that leave 10,000 in ten minutes unreached."""
    full.settings = with_pages(full, 1)
    for _ in range(100):
        full.server.exchange.put()
    full.read()

    asked = len(full.server.asked)
    assert asked <= requests.REQUESTS_AT_ONCE + requests.REQUESTS_PER_SECOND * full.server.time.at + 1
    assert requests.REQUESTS_AT_ONCE + 600 * requests.REQUESTS_PER_SECOND < 10_000


@pytest.mark.parametrize("kind", ["next", "delta", ""])
def test_expired_links_begin_their_folder_again(full, kind):
    """410 on a next link and on a delta link alike: that folder is read again, upserted and compared."""
    exchange = full.server.exchange
    full.read()
    for _ in range(9):
        exchange.put()
    gone, moved = list(full.holdings.last)[:2]
    exchange.delete(gone)
    exchange.move(moved, "deleteditems")
    full.read(batches=1)
    full.server.expire(kind)
    full.read()

    assert full.wrong() == []
    assert "TRASH" in full.labels(gone)
    assert len(full.holdings.copies) == 24 + 9


def test_an_expired_link_in_a_first_read_begins_one_folder_again(full):
    """A next link that expires in the middle of a first read costs that folder, not the mailbox."""
    exchange = full.server.exchange
    other = exchange.make("Andere")
    exchange.put(other)
    full.read(batches=3)
    full.server.expire("next")
    full.read()

    assert full.wrong() == []


def test_links_that_always_expire_end_the_pass(full):
    """A folder that expires over and over is left for the next pass, not asked for ever."""
    full.read()
    full.server.faults.append(Fault(410, 99, "messages/delta?$", code="SyncStateNotFound"))
    full.server.exchange.put()
    with pytest.raises((ProviderDown, ProviderWrong)):
        full.read()

    full.server.faults.clear()
    full.read()
    assert full.wrong() == []


@pytest.mark.parametrize("code", ["syncStateNotFound", "resyncRequired", "SyncStateInvalid"])
def test_expiry_is_known_by_its_code_too(full, code):
    """Exchange says it with other statuses as well."""
    full.read()
    full.server.exchange.put()
    full.server.faults.append(Fault(400, 1, "messages/delta?$deltatoken", code=code))
    full.server.faults.append(Fault(404, 1, "mailFolders/delta?$deltatoken", code=code))
    full.read()

    assert full.wrong() == []


def test_expired_folder_links_list_the_folders_again(full):
    """When the link to changes of folders expires, vanished folders are found by their absence."""
    exchange = full.server.exchange
    folder = exchange.make("weg")
    inside = exchange.put(folder)
    full.read()
    exchange.remove_folder(folder)
    exchange.tree_log = [one for one in exchange.tree_log if one[1] != folder]
    full.server.faults.append(Fault(410, 1, "mailFolders/delta?$deltatoken", code="SyncStateNotFound"))
    full.read()

    assert "TRASH" in full.labels(inside)
    assert full.wrong() == []


def test_empty_pages_are_gone_through(full):
    """A page without rows that has a next link is no end."""
    full.server.has_empty_pages = True
    full.read()

    assert full.wrong() == []


def test_short_pages_are_gone_through(full):
    """Graph may give fewer rows than were asked for."""
    full.server.page_limit = 1
    full.read()

    assert full.wrong() == []


def test_links_are_followed_as_they_stand(full):
    """What a link says is not decoded, not encoded and not completed."""
    full.read()
    followed = [one for one in full.server.asked if "token=" in one]

    assert followed
    assert all("%2F%2B~%27%3D%25" in one for one in followed)
    assert not [one for one in followed if "select" in one]


@pytest.mark.parametrize(
    "link",
    [
        "http://localhost:1/v1.0/me/x",
        "https://graph.microsoft.com.evil.example/v1.0/me/x",
        "http://127.0.0.1@evil.example/x",
        "//evil.example/x",
        "http://[broken",
        17,
        None,
    ],
)
def test_the_token_goes_nowhere_else(full, link):
    """A link to another host is not followed, whoever gave it."""
    full.read()
    state = json.loads(full.cursor)
    connector = graph.connect(full.linked())
    with pytest.raises(ProviderWrong):
        connector._requests.checked(link)
    assert connector._requests.checked(state["tree"]) == state["tree"]
    connector.close()


@pytest.mark.parametrize("code", ["ErrorAccessDenied", "Authorization_RequestDenied"])
def test_forbidden_says_what_an_administrator_does(full, code):
    """403 is no matter of patience: somebody has to grant the permission."""
    full.linked()
    full.server.asked.clear()
    full.server.forbidden_code = code
    with pytest.raises(AuthorizationLost) as caught:
        full.read()

    assert code in caught.value.reason
    assert "administrator" in caught.value.reason
    assert len(full.server.asked) == 1


def test_a_mailbox_that_is_no_more_is_lost(full):
    """404 of the mailbox as a whole stops its polling."""
    full.read()
    full.server.faults.append(Fault(404, 9, code="ErrorInvalidUser"))
    with pytest.raises(AuthorizationLost):
        full.read()


def test_errors_name_nobody(full):
    """No error's text holds an address, a subject or a token, though Graph's own text does."""
    heard = []
    for fault in (Fault(403, 9), Fault(418, 9), Fault(429, 9, retry_after=900), Fault(500, 99)):
        full.server.faults[:] = [fault]
        with pytest.raises(EmailResponseError) as caught:
            full.read()
        heard.append(caught.value.reason)

    assert len(heard) == 4
    assert not [text for text in heard if "@" in text or "question" in text or "access" in text.lower()[:6]]


def test_nothing_is_logged_of_what_is_read(full, caplog):
    """Neither our log nor the libraries' names a person, a subject or a token."""
    caplog.set_level("DEBUG")
    logging_off = {"httpx", "httpcore"}
    full.server.faults.append(Fault(429, 2, "token=", retry_after=1))
    full.server.entra.expire_bearers()
    full.read()
    said = "\n".join(
        one.getMessage() for one in caplog.records if one.name.partition(".")[0] not in logging_off
    )

    assert "refresh1" not in said and "access1" not in said
    assert "A question" not in said
    assert "client.example" not in said


def test_a_client_that_misbehaves_is_found_out(full):
    """The stand-in sees what a test is to fail on: it is worth something."""
    import httpx

    linked = full.linked()
    token = next(iter(full.server.entra.bearers))
    base = linked.providers.microsoft.graph_url
    headers = {"Authorization": f"Bearer {token}"}
    for address in (
        "/me/messages?$select=id,body",
        "/me/messages?$select=id&$search=x",
        "/me/messages?$top=1",
        "/me/mailFolders/inbox/messages/delta?$select=id&$filter=receivedDateTime ge 2026-01-01T00:00:00Z",
    ):
        httpx.get(base + address, headers=headers, trust_env=False)
    found = " ".join(full.server.wrongs)
    full.server.wrongs.clear()

    assert "not to be read" in found
    assert "no immutable ids" in found
    assert "no $select" in found
    assert "filter on changes" in found
    assert "without a page size" in found
