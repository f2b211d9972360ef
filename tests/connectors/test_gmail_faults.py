"""Whatever Gmail does wrong, the facts end up equal to what lies there, or the error says what to do."""

from __future__ import annotations

import logging

import pytest
from gmail_linked import Link, Time, at_once, settings

from connectors.gmail import calls, connect
from connectors.gmail.faults import translated
from emailresponse.errors import AuthorizationLost, ProviderDown, ProviderWrong, RateLimited, SettingsError
from tests.providers.gmail import StandIn, serving

COUNT = 30


@pytest.fixture(autouse=True)
def without_waiting():
    """Nothing really sleeps."""
    with at_once():
        yield


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
    made = standin.mailbox()
    for number in range(COUNT):
        made.add(labels=["SENT"] if number % 3 else ["INBOX"])
    return made


@pytest.fixture
def link(standin, mailbox, time):
    return Link(standin, time)


PASSING = {
    "500": {"status": 500, "times": 4},
    "503": {"status": 503, "reason": "backendError", "times": 4},
    "503 with Retry-After": {"status": 503, "retry_after": "7", "times": 2},
    "403 rateLimitExceeded": {"status": 403, "reason": "rateLimitExceeded", "times": 3},
    "403 userRateLimitExceeded": {"status": 403, "reason": "userRateLimitExceeded", "times": 3},
    "429": {"status": 429, "reason": "rateLimitExceeded", "times": 3},
    "429 with Retry-After": {"status": 429, "reason": "rateLimitExceeded", "retry_after": "30", "times": 3},
    "429 with a date": {
        "status": 429,
        "reason": "rateLimitExceeded",
        "retry_after": "Fri, 20 Nov 2026 12:00:40 GMT",
        "times": 1,
    },
    "a closed connection": {"status": 0, "times": 2},
    "broken JSON": {"kind": "broken", "times": 4},
    "a truncated answer": {"kind": "truncated", "times": 4},
    "another message": {"kind": "other", "calls": ("get",), "times": 4},
    "one 401": {"status": 401, "reason": "authError", "times": 1},
}


@pytest.mark.parametrize("after", [0, 1, 4, 12])
@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_leaves_no_trace(link, standin, fault, after):
    """A short fault anywhere in a first read is sat out: no message is missing, none is refused."""
    standin.fail(**{"after": after} | PASSING[fault])

    batches = link.read()

    assert link.stored() == link.truth()
    assert standin.faults[0].happened
    assert not any(batch.refused for batch in batches)


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_while_following_leaves_no_trace(link, standin, mailbox, fault):
    """The same for the changes after the first read."""
    link.read()
    standin.fail(**{"calls": ("history", "get")} | PASSING[fault])
    ids = [mailbox.add() for _ in range(12)]
    mailbox.trash(ids[0])
    mailbox.delete(ids[1])

    link.read()

    assert link.stored() == link.truth()
    assert standin.faults[0].happened


def test_a_time_out_is_sat_out(link, standin, monkeypatch):
    """An answer that does not come is asked for again."""
    monkeypatch.setattr(calls, "TIMEOUT_SECONDS", 0.2)
    standin.fail(kind="slow", slow_seconds=0.5, calls=("get",), times=2, after=3)

    link.read()

    assert link.stored() == link.truth()


def test_a_server_that_cannot_be_reached_is_down(standin, time):
    """Nobody listens: the error says that the provider is down."""
    standin.mailbox()
    link = Link(standin, time, providers=settings(standin, api_endpoint="http://127.0.0.1:9"))

    with pytest.raises(ProviderDown):
        link.read()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 503, "times": None}, ProviderDown),
        ({"status": 429, "reason": "rateLimitExceeded", "times": None}, RateLimited),
        ({"status": 429, "reason": "rateLimitExceeded", "retry_after": "900", "times": None}, RateLimited),
        ({"status": 403, "reason": "dailyLimitExceeded", "times": None}, RateLimited),
        ({"status": 403, "reason": "domainPolicy", "times": None}, AuthorizationLost),
        ({"status": 403, "reason": "insufficientPermissions", "times": None}, AuthorizationLost),
        ({"status": 400, "reason": "failedPrecondition", "times": None}, AuthorizationLost),
        ({"status": 401, "reason": "authError", "times": None}, AuthorizationLost),
        ({"status": 403, "reason": "accessNotConfigured", "times": None}, ProviderWrong),
    ],
)
@pytest.mark.parametrize("after", [0, 10])
def test_a_fault_that_stays_is_said_and_made_good_later(link, standin, fault, error, after):
    """The error tells what to do; once the fault is gone the next pass brings all the rest."""
    standin.fail(**{"after": after} | fault)

    with pytest.raises(error):
        link.read()
    standin.faults.clear()
    link.time.wait(1000)
    link.read()

    assert link.stored() == link.truth()


def test_what_was_fetched_before_a_fault_is_kept(link, standin):
    """Messages that came before a mailbox ran into a limit are not asked for again."""
    standin.fail(
        calls=("get",), status=429, reason="rateLimitExceeded", retry_after="900", times=None, after=10
    )

    with pytest.raises(RateLimited) as limited:
        link.read()
    assert limited.value.retry_after == 900
    assert len(link.holdings.copies) == 10
    standin.faults.clear()
    link.time.wait(901)
    link.read()

    assert link.stored() == link.truth()


def test_a_long_limit_is_not_hammered(link, standin):
    """After an answer that asks for a quarter of an hour no thread asks again, nor sits it out."""
    standin.fail(calls=("get",), status=429, reason="rateLimitExceeded", retry_after="900", times=None)

    with pytest.raises(RateLimited):
        link.read()

    assert standin.count("get") <= 4
    assert link.time.longest <= 60


@pytest.mark.parametrize("call", ["profile", "list"])
def test_an_endpoint_that_is_none_is_wrong(link, standin, call):
    """404 where no message is asked for: the settings lead somewhere else."""
    standin.fail(status=404, reason="notFound", calls=(call,), times=None)

    with pytest.raises(ProviderWrong):
        link.read()


def test_a_listed_message_that_is_gone_is_no_failure(link, standin, mailbox):
    """404 on a listed message: somebody deleted it meanwhile."""
    gone = list(mailbox.messages)[7]
    standin.fail(status=404, reason="notFound", calls=("get",), ids=(gone,), times=None)

    batches = link.read()

    assert set(link.holdings.copies) == set(mailbox.messages) - {gone}
    assert not any(batch.refused for batch in batches)


@pytest.mark.parametrize(
    "fault",
    [{"status": 500}, {"kind": "broken"}, {"kind": "other"}, {"status": 400, "reason": "invalidArgument"}],
)
def test_one_message_that_gmail_never_gives_is_refused(link, standin, mailbox, fault):
    """A message that fails for good is counted and named, and holds nothing up; it comes once it can."""
    bad = list(mailbox.messages)[7]
    standin.fail(calls=("get",), ids=(bad,), times=None, **fault)

    batches = link.read()

    assert set(link.holdings.copies) == set(mailbox.messages) - {bad}
    refused = [refusal for batch in batches for refusal in batch.refused]
    assert {refusal.source for refusal in refused} == {f"gmail ada@acme.com {bad}"}
    standin.faults.clear()
    mailbox.label(bad, add=["INBOX"], remove=["SENT"])
    mailbox.label(bad, remove=["INBOX"])
    mailbox.label(bad, add=["INBOX", "SENT"])
    link.read()
    assert link.stored() == link.truth()


def test_a_token_that_ends_is_renewed_once(link, standin):
    """However many threads meet an ended token, one refresh is made, and a changed refresh token is kept."""
    standin.signin.rotates = True
    ended = []

    def end(address, call):
        if call == "get" and not ended and standin.count("get") == 12:
            ended.append(1)
            standin.signin.expire(address)

    standin.on_call = end

    link.read()

    assert link.stored() == link.truth()
    assert standin.signin.refreshes == 2
    assert len(link.secrets) == 3
    assert len(standin.signin.grants) == 1
    link.read()
    assert standin.signin.refreshes == 3


@pytest.mark.parametrize("after_reads", [0, 1])
def test_a_revoked_grant_is_said_so(link, standin, after_reads):
    """A consent that was taken back ends in an error that names Google's word, and never an address."""
    for _ in range(after_reads):
        link.read()
    standin.signin.withdraw("ada@acme.com")

    with pytest.raises(AuthorizationLost) as lost:
        link.read()

    assert lost.value.mailbox == "ada@acme.com"
    assert lost.value.reason == "invalid_grant"
    assert standin.signin.refreshes <= after_reads + 1


@pytest.mark.parametrize("secret", [None, "", "[]", "{}", "nonsense"])
def test_an_unreadable_secret_has_to_be_linked_again(link, secret):
    """A secret that says nothing is a lost authorization, not a crash."""
    with pytest.raises(AuthorizationLost):
        connect(link.linked(secret=secret))


def test_a_delegation_without_its_key_is_a_matter_of_settings(link):
    """Without a service account's key the settings are said to be wrong, or not to allow the mailbox."""
    with pytest.raises(AuthorizationLost):
        connect(link.linked(way="delegation"))
    with pytest.raises(SettingsError):
        connect(link.linked(way="delegation", providers=settings(link.standin, delegated=("@acme.com",))))


def test_no_reason_and_no_log_names_anybody(link, standin, caplog):
    """Neither errors nor log lines hold addresses, subjects or tokens."""
    caplog.set_level(logging.INFO)
    reasons = []
    for fault in [*PASSING.values(), {"status": 403, "reason": "ada@acme.com is not allowed"}]:
        standin.faults.clear()
        standin.fail(**fault | {"times": None})
        try:
            link.read()
        except (AuthorizationLost, ProviderDown, ProviderWrong, RateLimited) as error:
            reasons.append(error.reason)
        link.time.wait(100)

    told = " ".join([*reasons, *(record.getMessage() for record in caplog.records)])
    assert len(reasons) >= 10
    for secret in ("acme.com", "Question", "client.example", "ya29.", "1//"):
        assert secret not in told


def test_requests_are_never_all_at_once(link, standin):
    """At most eight requests of one mailbox are open at a time."""
    link.read()

    assert 1 <= standin.most_concurrent <= 8


def test_an_answer_that_is_no_json_object_is_a_fault_of_the_provider():
    """Whatever the library stumbles over is translated."""
    with pytest.raises(ProviderDown), translated("ada@acme.com"):
        raise ValueError("broken")
