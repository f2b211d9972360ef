"""What opens a Gmail mailbox: an access token that its threads share, made anew from what was granted.

A refresh happens once, however many threads meet the same refused token, and a refresh token that Google has
changed is kept before the new access token is used.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from google.auth.transport import Request
from google.oauth2 import credentials as consented
from google.oauth2 import service_account

from connectors.linked import Linked
from emailresponse.errors import AuthorizationLost, SettingsError
from emailresponse.providers import Gmail

SCOPE = "https://www.googleapis.com/auth/gmail.metadata"
"""The only right that is asked for: headers and labels, never what a message says."""


class _Shared:
    """Mixed into credentials: threads that meet the same refused token refresh it once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._refreshing = threading.Lock()
        self._used = threading.local()
        self.renewed: Callable[[], None] = lambda: None
        super().__init__(*args, **kwargs)

    def apply(self, headers: dict[str, str], token: str | None = None) -> None:
        """Put the token into a request, and remember in this thread which it was."""
        self._used.token = token or self.token  # type: ignore[attr-defined]
        super().apply(headers, token)  # type: ignore[misc]

    def refresh(self, request: Request) -> None:
        """Make a new token, unless another thread has made one since this one was last used here."""
        seen = getattr(self._used, "token", None)
        with self._refreshing:
            if self.valid and self.token != seen:  # type: ignore[attr-defined]
                return
            super().refresh(request)  # type: ignore[misc]
            self.renewed()


class _Consented(_Shared, consented.Credentials):
    """A person's consent."""


class _Delegated(_Shared, service_account.Credentials):
    """A service account that reads in a person's name."""


def client(settings: Gmail) -> dict[str, Any]:
    """Return the OAuth client as Google Cloud gives it for download, its endpoints as the settings say.

    Raises:
        SettingsError: there is no such file, or it is no client's.
    """
    said = _file(settings.client_file, "gmail.client_file")
    kind = next((kind for kind in ("web", "installed") if isinstance(said.get(kind), dict)), None)
    if kind is None or not said[kind].get("client_id"):
        raise SettingsError("is no OAuth client of type web or desktop", "gmail.client_file")
    endpoints = {"auth_uri": settings.auth_uri, "token_uri": settings.token_uri}
    return {kind: {"client_secret": ""} | said[kind] | endpoints}


def credentials(linked: Linked) -> Any:
    """Return what opens a linked mailbox.

    Raises:
        AuthorizationLost: what was granted cannot be read any more, or the settings no longer allow it.
    """
    settings = linked.providers.gmail
    if linked.way == "delegation":
        if not is_delegated(settings, linked.account):
            raise AuthorizationLost(linked.mailbox, "not in gmail.delegated")
        return delegate(settings, linked.account)
    try:
        secret = json.loads(linked.secret or "")
        made = _Consented(
            None,
            refresh_token=secret["refresh_token"],
            token_uri=settings.token_uri,
            client_id=secret["client_id"],
            client_secret=_client_secret(settings, secret),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise AuthorizationLost(linked.mailbox, "no_grant") from error
    kept = secret["refresh_token"]

    def renewed() -> None:
        nonlocal kept
        if made.refresh_token != kept:
            linked.save_secret(json.dumps(secret | {"refresh_token": made.refresh_token}))
            kept = made.refresh_token

    made.renewed = renewed
    return made


def delegate(settings: Gmail, account: str) -> Any:
    """Return the service account's right to read one mailbox.

    Raises:
        SettingsError: there is no such file, or it is no service account's key.
    """
    said = _file(settings.service_account_file, "gmail.service_account_file")
    try:
        make: Callable[..., Any] = _Delegated.from_service_account_info
        return make(said | {"token_uri": settings.token_uri}, scopes=[SCOPE], subject=account)
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError("is no service account's key", "gmail.service_account_file") from error


def is_delegated(settings: Gmail, account: str) -> bool:
    """Say whether the settings let the service account read a mailbox (Google cannot narrow it down)."""
    address = account.strip().lower()
    listed = {one.strip().lower() for one in settings.delegated}
    return "@" in address and (address in listed or f"@{address.rpartition('@')[2]}" in listed)


def _client_secret(settings: Gmail, secret: dict[str, Any]) -> str:
    """Return the client's secret: the file's while it is the same client, whose secret may have changed."""
    if settings.client_file:
        try:
            (said,) = client(settings).values()
        except SettingsError:
            said = {}
        if said.get("client_id") == secret["client_id"]:
            return str(said["client_secret"])
    return str(secret.get("client_secret", ""))


def _file(path: str, setting: str) -> dict[str, Any]:
    if not path:
        raise SettingsError("is not set", setting)
    try:
        said = json.loads(Path(path).expanduser().read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"cannot be read: {type(error).__name__}", setting) from error
    if not isinstance(said, dict):
        raise SettingsError("is no JSON object", setting)
    return said
