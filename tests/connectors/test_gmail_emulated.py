"""The Gmail connector against a Gmail and a sign-in with Google that nobody here wrote.

The emulator lacks `getProfile`, so a gateway stands before it: it answers that one call from what the
emulator says of the account and its history, and passes all else on untouched.
"""

from __future__ import annotations

import base64
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from gmail_linked import Link, Time, at_once

from connectors.gmail import begin, finish, revoke
from emailresponse.errors import AuthorizationLost
from emailresponse.providers import Gmail, Providers
from tests.providers.emulator import emulating, signed_in
from tests.providers.gmail import StandIn

pytestmark = pytest.mark.emulator

ADA = "ada@acme.test"
BACK = "http://127.0.0.1:8765/callback"
MAIL = "/gmail/v1/users/me"


def message(number: int, *labels: str) -> dict[str, object]:
    """Return a message of the seed."""
    return {
        "id": f"m{number}",
        "thread_id": f"t{number % 7}",
        "user_email": ADA,
        "from": ADA if "SENT" in labels else "Lee <lee@client.example>",
        "to": "lee@client.example" if "SENT" in labels else ADA,
        "subject": f"Question {number}",
        "label_ids": list(labels),
        "date": f"2026-11-{1 + number // 24:02}T{number % 24:02}:00:00.000Z",
        "message_id": f"<{number}@client.example>",
        "in_reply_to": f"<{number - 1}@client.example>",
    }


SEED = {
    "tokens": {"tok_ada": {"login": ADA, "scopes": []}},
    "google": {
        "users": [{"email": ADA, "name": "Ada", "hd": "acme.test"}],
        "oauth_clients": [
            {"client_id": "client-1", "client_secret": "secret-1", "name": "E", "redirect_uris": [BACK]}
        ],
        "messages": [
            *(message(number, "INBOX", "UNREAD") for number in range(60)),
            *(message(number, "SENT") for number in range(60, 80)),
            message(80, "SPAM"),
            message(81, "TRASH"),
            message(82, "SENT", "TRASH"),
            message(83, "DRAFT"),
        ],
    },
}


@pytest.fixture(scope="module")
def emulator():
    with emulating(SEED, ["google"]) as addresses:
        yield addresses["google"]


@pytest.fixture
def gateway(emulator):
    with _gateway(emulator) as address:
        yield address


@pytest.fixture
def providers(gateway, emulator, tmp_path):
    path = tmp_path / "client.json"
    client = {
        "client_id": "client-1",
        "client_secret": "secret-1",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    path.write_text(json.dumps({"web": client}), "utf-8")
    return Providers(
        gmail=Gmail(
            api_endpoint=gateway,
            auth_uri=f"{emulator}/o/oauth2/v2/auth",
            token_uri=f"{emulator}/oauth2/token",
            revoke_uri=f"{emulator}/oauth2/revoke",
            client_file=str(path),
        )
    )


@pytest.fixture
def link(providers):
    """Link Ada's mailbox through the sign-in page."""
    begun = begin(providers, BACK)
    with at_once():
        granted = finish(providers, begun.kept, signed_in(begun.address, ADA))
        assert granted.account == ADA
        made = Link(StandIn(), Time(), address=ADA, horizon_at=None, providers=providers)
        made.secrets.append(granted.secret)
        yield made


@pytest.fixture
def client(emulator):
    """Return somebody who works in the mailbox by the emulator's own API."""
    headers = {"authorization": "Bearer tok_ada"}
    with httpx.Client(base_url=emulator, headers=headers, trust_env=False) as made:
        yield made


def truth(client) -> dict[str, set[str]]:
    """Return what the emulator holds, by its own answers: ids and labels of what is to be stored."""
    held, page = {}, ""
    while True:
        said = client.get(f"{MAIL}/messages?includeSpamTrash=true&maxResults=50{page}").json()
        for one in said.get("messages", []):
            labels = client.get(f"{MAIL}/messages/{one['id']}?format=minimal").json().get("labelIds", [])
            held[one["id"]] = {label for label in labels if label in {"INBOX", "SENT", "SPAM", "TRASH"}}
            if {"DRAFT", "SPAM"} & set(labels) or ("TRASH" in labels and "SENT" not in labels):
                del held[one["id"]]
        if "nextPageToken" not in said:
            return held
        page = f"&pageToken={said['nextPageToken']}"


def stored(link) -> dict[str, set[str]]:
    """Return what is stored and not thrown away."""
    return {one: set(labels) for one, labels in link.stored().items()}


def test_a_consented_mailbox_is_read_and_followed(link, client):
    """Linked through the sign-in page, read from the start, refreshed, followed and given back."""
    link.read()

    assert stored(link) == truth(client)
    assert len(link.holdings.copies) == 81
    first = link.holdings.copies["m5"]
    assert (first.from_address, first.message_id) == ("lee@client.example", "5@client.example")
    assert first.reply_ids == ("4@client.example",)

    raw = base64.urlsafe_b64encode(
        b"From: Max <max@lead.example>\r\nTo: ada@acme.test\r\nSubject: Lead\r\n"
        b"Message-ID: <n@lead.example>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nThe body\r\n"
    ).decode()
    new = client.post(f"{MAIL}/messages", json={"raw": raw, "labelIds": ["INBOX"]}).json()["id"]
    client.post(f"{MAIL}/messages/m1/modify", json={"removeLabelIds": ["INBOX"]}).raise_for_status()
    client.post(f"{MAIL}/messages/m2/trash").raise_for_status()
    client.post(f"{MAIL}/messages/m80/modify", json={"removeLabelIds": ["SPAM"], "addLabelIds": ["INBOX"]})
    client.delete(f"{MAIL}/messages/m3").raise_for_status()
    link.read()

    assert new in link.holdings.copies
    assert "m80" in link.holdings.copies
    assert "TRASH" in link.holdings.last["m3"]
    assert stored(link) == truth(client)

    revoke(link.linked())
    with pytest.raises(AuthorizationLost) as lost:
        link.read()
    assert lost.value.reason == "invalid_grant"


@contextmanager
def _gateway(emulator):
    """Serve the emulator's Gmail with the call that it lacks."""
    upstream = httpx.Client(base_url=emulator, trust_env=False)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {"authorization": self.headers.get("authorization", "")}
            if self.path.startswith(f"{MAIL}/profile"):
                account = upstream.get("/oauth2/v2/userinfo", headers=headers).json()
                history = upstream.get(f"{MAIL}/history?startHistoryId=1", headers=headers).json()
                self._send(
                    200,
                    json.dumps(
                        {
                            "emailAddress": account.get("email", ADA),
                            "historyId": history["historyId"],
                            "messagesTotal": 84,
                        }
                    ).encode(),
                )
                return
            came = upstream.get(self.path, headers=headers)
            self._send(came.status_code, came.content)

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        upstream.close()
