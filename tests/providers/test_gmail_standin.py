"""The stand-in for Gmail refuses and notes what Gmail forbids, and keeps to Google's own schemas."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import jsonschema
import pytest

from tests.providers.gmail import StandIn, serving
from tests.providers.gmail_contract import document, methods, picked, wrong_answer

USER = "/gmail/v1/users/me"
ADA = "ada@acme.com"


@pytest.fixture
def standin():
    now = [0.0]
    with serving(StandIn(clock=lambda: now[0], rate=100.0)) as served:
        served.now = now
        yield served


@pytest.fixture
def ask(standin):
    """Return a function that asks as Ada and returns status and answer."""
    mailbox = standin.mailbox(ADA)
    mailbox.add()
    refresh = standin.signin.grant(ADA)
    said = {"grant_type": "refresh_token", "refresh_token": refresh}
    _, token = standin.signin.token(said | {"client_id": "client-1", "client_secret": "secret-1"})

    def asked(path):
        headers = {"authorization": f"Bearer {token['access_token']}", "connection": "close"}
        request = urllib.request.Request(f"{standin.address}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    return asked


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{USER}/messages?q=in:inbox", 403),
        (f"{USER}/messages?q=", 403),
        (f"{USER}/messages/ID?format=full", 403),
        (f"{USER}/messages/ID?format=raw", 403),
        (f"{USER}/messages/ID", 403),
        (f"{USER}/messages/ID?format=metadata", 200),  # without fields the snippet comes along
        (f"{USER}/messages/ID?format=minimal", 200),
        (f"{USER}/messages?unknown=1", 400),
        (f"{USER}/messages?maxResults=many", 400),
        (f"{USER}/history?startHistoryId=1&historyTypes=everything", 400),
        (f"{USER}/threads", 404),
    ],
)
def test_what_must_not_be_asked_is_noted(standin, ask, path, status):
    """A body, a snippet, a search, a parameter that there is none: noted, and refused as Gmail does."""
    (message_id,) = standin.mailboxes[ADA].messages

    assert ask(path.replace("ID", message_id))[0] == status
    assert standin.violations


def test_what_may_be_asked_is_not_noted(standin, ask):
    """The calls that the product makes are no violation, and cost what Gmail says."""
    (message_id,) = standin.mailboxes[ADA].messages

    assert ask(f"{USER}/profile")[1]["emailAddress"] == ADA
    assert ask(f"{USER}/messages?labelIds=INBOX&includeSpamTrash=true")[1]["messages"][0]["id"] == message_id
    status, said = ask(
        f"{USER}/messages/{message_id}?format=metadata&metadataHeaders=FROM&fields=id,payload/headers"
    )
    assert (status, [one["name"] for one in said["payload"]["headers"]]) == (200, ["From"])
    assert len(ask(f"{USER}/history?startHistoryId=1")[1]["history"]) == 1
    assert standin.units[ADA] == 1 + 5 + 20 + 2
    assert standin.violations == []


def test_quota_is_a_rate(standin, ask):
    """A hundred units at once, then a hundred a second; above it 403 rateLimitExceeded."""
    path = f"{USER}/messages"
    statuses = [ask(path)[0] for _ in range(21)]
    assert statuses == [200] * 20 + [403]
    assert standin.violations == ["list was over the quota"]
    standin.now[0] += 0.1
    assert [ask(path)[0] for _ in range(3)] == [200, 200, 403]


def test_an_expired_history_is_not_found(standin, ask):
    """A start that Gmail has forgotten is 404; one of today is not."""
    mailbox = standin.mailboxes[ADA]
    mailbox.expire_history()

    assert ask(f"{USER}/history?startHistoryId=987001")[0] == 404
    assert ask(f"{USER}/history?startHistoryId={mailbox.history_id}")[1].get("history") is None


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("gmail.users.getProfile", {"historyId": 7}),
        ("gmail.users.messages.get", {"id": "1", "body": {}}),
        ("gmail.users.messages.get", {"internalDate": "yesterday"}),
        ("gmail.users.history.list", {"history": [{"messagesAdded": [{"id": "1"}]}]}),
    ],
)
def test_an_answer_that_google_would_not_give_is_found(method, said):
    """The discovery document's schemas reject wrong types and unknown properties."""
    assert wrong_answer(method, said)


def test_schemas_of_the_discovery_document_are_schemas():
    """What the document is turned into is valid JSON Schema, for every method that is stood in for."""
    assert len(document()["schemas"]) > 50
    assert wrong_answer("gmail.users.messages.list", {"messages": [{"id": "1", "threadId": "1"}]}) is None
    assert "gmail.users.history.list" in methods()
    assert jsonschema.__name__


def test_fields_pick_what_they_name():
    """`a,b/c,d(e,f/g)` keeps these and nothing else, in lists too."""
    said = {"a": 1, "b": {"c": 2, "x": 3}, "d": [{"e": 4, "f": {"g": 5, "x": 6}, "x": 7}], "x": 8}

    assert picked(said, "a,b/c,d(e,f/g)") == {"a": 1, "b": {"c": 2}, "d": [{"e": 4, "f": {"g": 5}}]}
    assert picked(said, None) == said


def test_paging_ends():
    """A page holds no more than was asked, and its token leads to the next."""
    with serving(StandIn()) as served:
        mailbox = served.mailbox(ADA)
        ids = [mailbox.add() for _ in range(7)]
        status, said = served._list(mailbox, "", {"maxResults": ["3"]})
        token = [said["nextPageToken"]]
        _, following = served._list(mailbox, "", {"maxResults": ["30"], "pageToken": token})

    assert (status, [one["id"] for one in said["messages"]]) == (200, ids[:3:-1])
    assert [one["id"] for one in following["messages"]] == ids[3::-1]
    assert "nextPageToken" not in following
