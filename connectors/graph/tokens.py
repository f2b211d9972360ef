"""The access tokens of one mailbox: from its sealed cache or from our application's own right."""

from __future__ import annotations

import functools
import threading
from typing import Any

import msal

from connectors.graph import signin
from connectors.linked import Linked
from emailresponse.errors import AuthorizationLost
from emailresponse.providers import Microsoft


class Tokens:
    """Gives access tokens of a linked mailbox to any thread.

    A cache that MSAL has changed is kept through `save_secret` before a token of it is used, since a refresh
    token that was rotated and lost cannot be had again.
    """

    def __init__(self, linked: Linked) -> None:
        self._linked = linked
        self._microsoft = linked.providers.microsoft
        self._cache = _cache(linked.secret)
        self._token: str | None = None
        self._changing = threading.Lock()

    def access(self) -> str:
        """Return a token that was good when it was last looked at.

        Raises:
            AuthorizationLost: Microsoft gives none any more.
            ProviderDown, RateLimited, ProviderWrong: not now.
        """
        with self._changing:
            if self._token is None:
                self._token = self._kept() or self._acquired(is_renewal=False)
            return self._token

    def renewed(self, refused: str) -> str:
        """Return another token than the one that Graph refused; asked for once, however many threads want it.

        Raises:
            AuthorizationLost: Microsoft gives none any more.
            ProviderDown, RateLimited, ProviderWrong: not now.
        """
        with self._changing:
            if self._token is None or self._token == refused:
                self._token = None
                self._token = self._acquired(is_renewal=True)
            return self._token

    def _kept(self) -> str | None:
        """Return a token that lies in the cache and has not run out, without asking anybody."""
        if self._linked.way == "application":
            return None
        found = self._cache.search(
            self._cache.CredentialType.ACCESS_TOKEN,
            target=[signin.scope(self._microsoft)],
            query={"client_id": self._microsoft.client_id},
        )
        return next((str(entry["secret"]) for entry in found), None)

    def _acquired(self, *, is_renewal: bool) -> str:
        if self._linked.way == "application":
            return self._judged(self._of_application(is_renewal=is_renewal))
        is_public = self._linked.options.get("client") == "public"
        client = signin.client(self._microsoft, self._cache, is_public=is_public)
        accounts = client.get_accounts()
        if not accounts:
            raise AuthorizationLost(self._linked.mailbox, "no token is kept")
        with signin.translated():
            result = client.acquire_token_silent_with_error(
                [signin.scope(self._microsoft)], accounts[0], force_refresh=True
            )
        if self._cache.has_state_changed:
            self._linked.save_secret(self._cache.serialize())
        return self._judged(result)

    def _of_application(self, *, is_renewal: bool) -> Any:
        client = _application(self._microsoft)
        if is_renewal:
            client.remove_tokens_for_client()
        with signin.translated():
            result = client.acquire_token_for_client([signin.application_scope(self._microsoft)])
        if "access_token" not in result:
            forget()  # the secret's file may hold another one by now
        return result

    def _judged(self, result: Any) -> str:
        if result and "access_token" in result:
            return str(result["access_token"])
        raise AuthorizationLost(self._linked.mailbox, signin.refusal(result or {}))


def _cache(secret: str | None) -> Any:
    cache = msal.SerializableTokenCache()
    try:
        cache.deserialize(secret or None)
    except ValueError:  # not what was saved: as if nothing were kept
        cache.deserialize(None)
    return cache


def forget() -> None:
    """Keep no client of our application: the next token is asked for anew."""
    _application.cache_clear()


@functools.lru_cache(maxsize=8)
def _application(microsoft: Microsoft) -> Any:
    """Return the one client of our application: its token opens every mailbox, so all of them share it."""
    return signin.client(microsoft)
