"""How a Microsoft 365 mailbox is linked: by its owner's consent, with a device code, or by an administrator.

Only `Mail.ReadBasic` is asked for. Microsoft has no way for an application to give one grant back: it ends
when its owner removes the application at https://myapps.microsoft.com, or an administrator does in Entra.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import msal

from connectors.granting import Begun, Granted
from connectors.graph import signin
from connectors.graph.connector import is_listed
from connectors.graph.faults import fault
from connectors.linked import Linked
from emailresponse.entries import is_loopback
from emailresponse.errors import (
    AuthorizationLost,
    ConsentRefused,
    NotFound,
    ProviderDown,
    SettingsError,
)
from emailresponse.providers import Microsoft, Providers

_ADMIN = frozenset(
    {
        "consent_required",
        "AADSTS50105",  # the person is not assigned to the application
        "AADSTS65001",  # nobody has consented, and this person may not
        "AADSTS90008",
        "AADSTS90094",  # an administrator's consent is needed
        "AADSTS90095",
        "AADSTS650052",
        "AADSTS650056",
        "AADSTS7000218",  # a device code needs "allow public client flows"
        "AADSTS53000",  # Conditional Access, this code and the next
        "AADSTS53001",
        "AADSTS53002",
        "AADSTS53003",
    }
)
_DENIED = frozenset({"access_denied", "authorization_declined", "AADSTS65004"})
_STALE = frozenset(
    {
        "expired_token",
        "code_expired",
        "bad_verification_code",
        "authorization_pending",
        "invalid_grant",
        "AADSTS50148",  # the PKCE verifier is another attempt's
        "AADSTS501481",
        "AADSTS54005",  # the code was used before
        "AADSTS70000",
        "AADSTS70008",
        "AADSTS70019",
        "AADSTS70020",
    }
)


def begin(providers: Providers, redirect_uri: str, login_hint: str | None = None) -> Begun:
    """Return where a person consents; they come back to `redirect_uri`.

    Raises:
        SettingsError, ProviderDown, ProviderWrong, RateLimited.
    """
    microsoft = providers.microsoft
    client = signin.client(microsoft, is_public=not signin.has_credential(microsoft))
    with warnings.catch_warnings():
        # MSAL recommends form_post, which browsers send without the session's SameSite=Lax cookie.
        warnings.filterwarnings("ignore", message="response_mode='form_post'")
        flow = client.initiate_auth_code_flow(
            [signin.scope(microsoft)],
            redirect_uri=redirect_uri,
            login_hint=login_hint,
            response_mode="query",
        )
    return Begun(address=signin.Door(microsoft.authority).plain(flow["auth_uri"]), kept=json.dumps(flow))


def finish(providers: Providers, kept: str, response_url: str) -> Granted:
    """Return the mailbox of the person who came back.

    Args:
        providers: who we are.
        kept: what `begin` gave, used once.
        response_url: the whole address to which the browser came back.

    Raises:
        ConsentRefused: with what is not as it should be.
        SettingsError, ProviderDown, ProviderWrong, RateLimited.
    """
    microsoft = providers.microsoft
    said = {name: values[0] for name, values in parse_qs(urlsplit(response_url).query).items()}
    flow = _flow(kept)
    if said.get("state") != flow.get("state") or not flow.get("state"):
        raise ConsentRefused("stale", "another attempt was begun since, or this one was used")
    if "error" in said:
        raise _refused(said)
    cache = msal.SerializableTokenCache()
    is_public = not signin.has_credential(microsoft)
    client = signin.client(microsoft, cache, is_public=is_public)
    try:
        with signin.translated():
            result = client.acquire_token_by_auth_code_flow(flow, said)
    except RuntimeError as error:  # MSAL's own check of what came back
        raise ConsentRefused("stale", "not what was begun") from error
    return _granted(microsoft, result, cache, is_public=is_public)


def begin_device(providers: Providers) -> Begun:
    """Return a code and the page on which a person types it, where no browser can come back here.

    Raises:
        ConsentRefused: the directory allows no device codes.
        SettingsError, ProviderDown, ProviderWrong, RateLimited.
    """
    client = signin.client(providers.microsoft, is_public=True)
    with signin.translated():
        flow = client.initiate_device_flow([signin.scope(providers.microsoft)])
    if "user_code" not in flow:
        raise _refused(flow)
    return Begun(address=flow["verification_uri"], kept=json.dumps(flow), code=flow["user_code"])


def finish_device(
    providers: Providers, kept: str, is_given_up: Callable[[], bool] = lambda: False
) -> Granted:
    """Wait until the code was typed and return the mailbox of the person who did.

    Asks every few seconds until the code has run out, or until `is_given_up` says so (asked each second).

    Raises:
        ConsentRefused: declined, run out or given up.
        SettingsError, ProviderDown, ProviderWrong, RateLimited.
    """
    microsoft = providers.microsoft
    cache = msal.SerializableTokenCache()
    client = signin.client(microsoft, cache, is_public=True)
    flow = _flow(kept)
    has_run_out = _RunOut(flow, is_given_up)
    with signin.translated():
        result = client.acquire_token_by_device_flow(flow, exit_condition=has_run_out)
    return _granted(microsoft, result, cache, is_public=True)


class _RunOut:
    """Says whether a device code is past its time, in seconds counted by how often one asks."""

    def __init__(self, flow: Mapping[str, Any], is_given_up: Callable[[], bool]) -> None:
        self._left = int(flow.get("expires_in", 900))
        self._is_given_up = is_given_up

    def __call__(self, _: Any) -> bool:
        self._left -= 1
        return self._left < 0 or self._is_given_up()


def application(providers: Providers, address: str) -> Granted:
    """Return a mailbox that our application may read by an administrator's leave, after looking at it.

    Raises:
        SettingsError: the mailbox is not among `microsoft.mailboxes`, or we have no secret or certificate.
        ConsentRefused: Microsoft does not let us.
        ProviderDown, ProviderWrong, RateLimited.
    """
    microsoft = providers.microsoft
    if not is_listed(address, microsoft.mailboxes):
        raise SettingsError("does not list this mailbox", "microsoft.mailboxes")
    if not signin.has_credential(microsoft):
        raise SettingsError("is not set, nor is microsoft.certificate_file", "microsoft.secret_file")
    client = signin.client(microsoft)
    with signin.translated():
        result = client.acquire_token_for_client([signin.application_scope(microsoft)])
    if "access_token" not in result:
        raise ConsentRefused("wrong", signin.refusal(result))
    _look(microsoft, f"/users/{quote(address.strip(), safe='@')}", result["access_token"])
    return Granted(account=address.strip(), way="application")


def revoke(linked: Linked) -> None:
    """Forget our tokens of a mailbox; the grant stays until its owner or an administrator ends it."""
    if linked.way == "consent":
        linked.save_secret(msal.SerializableTokenCache().serialize() or "{}")


def _flow(kept: str) -> dict[str, Any]:
    try:
        flow = json.loads(kept)
    except ValueError:
        flow = None
    if not isinstance(flow, dict):
        raise ConsentRefused("stale", "nothing is kept of this attempt")
    return flow


def _granted(microsoft: Microsoft, result: Mapping[str, Any], cache: Any, *, is_public: bool) -> Granted:
    if "access_token" not in result:
        raise _refused(result)
    given = {one.rpartition("/")[2].lower() for one in str(result.get("scope", "")).split()}
    if result.get("scope") and signin.PERMISSION.lower() not in given:
        raise ConsentRefused("unticked", f"{signin.PERMISSION} was not granted")
    claims = result.get("id_token_claims") or {}
    account = claims.get("preferred_username") or claims.get("email") or claims.get("upn")
    if not isinstance(account, str) or "@" not in account:
        raise ConsentRefused("wrong", "the account has no address")
    _look(microsoft, "/me", result["access_token"])
    options = {"client": "public"} if is_public else {}
    return Granted(account=account, way="consent", secret=cache.serialize(), options=options)


def _look(microsoft: Microsoft, mailbox: str, token: str) -> None:
    """Ask for one id, so that a mailbox that cannot be read is not linked."""
    host = urlsplit(microsoft.graph_url).hostname or ""
    headers = {"Authorization": f"Bearer {token}", "Prefer": 'IdType="ImmutableId"'}
    try:
        with httpx.Client(timeout=signin.TIMEOUT_SECONDS, trust_env=not is_loopback(host)) as graph:
            answer = graph.get(f"{microsoft.graph_url}{mailbox}/messages?$select=id&$top=1", headers=headers)
    except httpx.HTTPError as error:
        raise ProviderDown(type(error).__name__) from error
    if answer.status_code == httpx.codes.OK:
        return
    refused = fault(answer, "", is_link=False)
    if isinstance(refused, AuthorizationLost):
        is_missing = answer.status_code == httpx.codes.NOT_FOUND
        raise ConsentRefused("wrong" if is_missing else "admin", refused.reason)
    if isinstance(refused, NotFound):
        raise ConsentRefused("wrong", refused.name)
    raise refused


def _refused(result: Mapping[str, Any]) -> ConsentRefused:
    word = signin.refusal(result)
    said = {word, str(result.get("error"))}
    for kind, words in (("admin", _ADMIN), ("denied", _DENIED), ("stale", _STALE)):
        if said & words:
            return ConsentRefused(kind, word)
    return ConsentRefused("wrong", word)
