"""How a Gmail mailbox is linked: its owner's consent, or a service account that the team's admin trusts.

https://developers.google.com/identity/protocols/oauth2/web-server (consent, PKCE) and …/service-account.
"""

from __future__ import annotations

import hmac
import json
import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httplib2
import requests
from google.auth.exceptions import RefreshError
from google_auth_httplib2 import AuthorizedHttp, Request
from google_auth_oauthlib.flow import Flow
from oauthlib.oauth2 import OAuth2Error

from connectors.gmail.access import SCOPE, client, delegate, is_delegated
from connectors.gmail.calls import TIMEOUT_SECONDS, service
from connectors.gmail.faults import Gone, translated, word_of
from connectors.granting import Begun, Granted
from connectors.linked import Linked
from connectors.retrying import patiently
from emailresponse.errors import (
    AuthorizationLost,
    ConsentRefused,
    ProviderDown,
    ProviderWrong,
)
from emailresponse.providers import Providers

_INSECURE = "OAUTHLIB_INSECURE_TRANSPORT"
_changing_environment = threading.Lock()


def begin(providers: Providers, redirect_uri: str, login_hint: str | None = None) -> Begun:
    """Return where a person's browser goes to let us read the mailbox, and what is kept until it comes back.

    Args:
        providers: the settings; the OAuth client's file must be there.
        redirect_uri: the address to which Google sends the browser back.
        login_hint: the address that Google shall offer.

    Raises:
        SettingsError: the OAuth client's file is missing or none.
    """
    flow = Flow.from_client_config(
        client(providers.gmail), [SCOPE], redirect_uri=redirect_uri, autogenerate_code_verifier=True
    )
    with closing(flow.oauth2session), _plain_http_allowed(providers.gmail.auth_uri):
        # Never include_granted_scopes: a wider grant of before would come along.
        asked = {"access_type": "offline", "prompt": "consent"}
        address, state = flow.authorization_url(**asked, **({"login_hint": login_hint} if login_hint else {}))
    kept = {"state": state, "verifier": flow.code_verifier, "redirect_uri": redirect_uri}
    return Begun(str(address), json.dumps(kept))


def finish(providers: Providers, kept: str, response_url: str) -> Granted:
    """Return the mailbox that its owner, back from Google, lets us read.

    Args:
        providers: the settings.
        kept: what `begin` gave to be kept.
        response_url: the address with which the browser came back; its host does not matter.

    Raises:
        ConsentRefused: denied, unticked, stale or wrong.
        ProviderDown, ProviderWrong, RateLimited: Google does not answer as it should.
        SettingsError: the OAuth client's file is missing or none.
    """
    held = json.loads(kept)
    said = {name: values[0] for name, values in parse_qs(urlsplit(response_url).query).items()}
    if not hmac.compare_digest(said.get("state", "").encode(), str(held["state"]).encode()):
        raise ConsentRefused("stale", "the state is another")
    if "error" in said:
        kind = {"access_denied": "denied", "admin_policy_enforced": "admin"}.get(said["error"], "wrong")
        raise ConsentRefused(kind, _plain(said["error"]))
    if "code" not in said:
        raise ConsentRefused("stale", "no code")
    configured = client(providers.gmail)
    # Without scopes of its own the library compares none: which were granted is looked at here.
    flow = Flow.from_client_config(configured, None, redirect_uri=held["redirect_uri"])
    with closing(flow.oauth2session):
        flow.code_verifier = held["verifier"]
        token = _fetched(flow, said["code"], providers.gmail.token_uri)
        granted = token.get("scope") or ""
        if SCOPE not in (granted.split() if isinstance(granted, str) else granted):
            raise ConsentRefused("unticked", "the right to read message headers was not granted")
        if not token.get("refresh_token"):
            raise ProviderWrong("no refresh token")
        account = _account(providers, flow.credentials)
    (of_client,) = configured.values()
    secret = {
        "refresh_token": token["refresh_token"],
        "client_id": of_client["client_id"],
        "client_secret": of_client["client_secret"],
    }
    return Granted(account, "consent", json.dumps(secret))


def delegated(providers: Providers, address: str) -> Granted:
    """Return a mailbox that the service account may read in its owner's name.

    Raises:
        ConsentRefused: admin (the settings do not list it, or the Workspace's admin has not allowed the
            service account) or wrong (there is no such mailbox).
        ProviderDown, ProviderWrong, RateLimited: Google does not answer as it should.
        SettingsError: the service account's key is missing or none.
    """
    if not is_delegated(providers.gmail, address):
        raise ConsentRefused("admin", "the mailbox is not listed in gmail.delegated")
    credentials = delegate(providers.gmail, address.strip())
    with closing(httplib2.Http(timeout=TIMEOUT_SECONDS)) as http, translated(address):
        try:
            credentials.refresh(Request(http))
        except RefreshError as error:
            if error.retryable:
                raise
            word = word_of(error)
            kind = "admin" if word in {"unauthorized_client", "access_denied"} else "wrong"
            raise ConsentRefused(kind, word) from error
    return Granted(_account(providers, credentials), "delegation")


def revoke(linked: Linked) -> None:
    """Give a consent back, so that nobody can read the mailbox with it; a delegation has none of its own.

    Raises:
        ProviderDown, ProviderWrong, RateLimited: Google does not answer as it should.
    """
    if linked.way != "consent" or not linked.secret:
        return
    token = str(json.loads(linked.secret).get("refresh_token", ""))

    def ask() -> None:
        with translated(linked.mailbox), closing(httplib2.Http(timeout=TIMEOUT_SECONDS)) as http:
            answer, _ = http.request(
                linked.providers.gmail.revoke_uri,
                "POST",
                body=urlencode({"token": token}),
                headers={"content-type": "application/x-www-form-urlencoded"},
            )
            if answer.status == 429 or answer.status >= 500:
                raise ProviderDown(f"{answer.status}")

    patiently(ask)  # 400: it knows the token no more, which is as good


def _fetched(flow: Flow, code: str, token_uri: str) -> dict[str, Any]:
    """Return the token that a code is exchanged for."""
    try:
        with _plain_http_allowed(token_uri):
            # The client in the body as well as in the header: some servers read only one of them.
            return dict(flow.fetch_token(code=code, include_client_id=True, timeout=TIMEOUT_SECONDS))
    except OAuth2Error as error:
        word = _plain(str(error.error))
        raise ConsentRefused("stale" if word == "invalid_grant" else "wrong", word) from error
    except (requests.RequestException, ValueError) as error:
        raise ProviderDown(type(error).__name__) from error


@contextmanager
def _plain_http_allowed(endpoint: str) -> Iterator[None]:
    """Let the library talk plain http to this machine inside; settings allow it nowhere else."""
    if urlsplit(endpoint).scheme == "https":
        yield
        return
    with _changing_environment:
        before = os.environ.get(_INSECURE)
        os.environ[_INSECURE] = "1"
        try:
            yield
        finally:
            if before is None:
                del os.environ[_INSECURE]
            else:
                os.environ[_INSECURE] = before


def _account(providers: Providers, credentials: Any) -> str:
    """Return whose mailbox it is; the right to metadata tells that too, so no other is asked for."""

    def ask() -> str:
        with closing(AuthorizedHttp(credentials, http=httplib2.Http(timeout=TIMEOUT_SECONDS))) as http:
            try:
                with translated(""):
                    asked = service(providers.gmail.api_endpoint).getProfile(
                        userId="me", fields="emailAddress"
                    )
                    said = asked.execute(http=http)
            except AuthorizationLost as error:
                raise ConsentRefused("wrong", error.reason) from error
            except Gone as error:
                raise ProviderWrong("tells no address") from error
        if not isinstance(said, dict) or not said.get("emailAddress"):
            raise ProviderDown("answered without an address")
        return str(said["emailAddress"])

    return patiently(ask)


def _plain(word: str) -> str:
    return word if word.isidentifier() and len(word) <= 60 else "refused"
