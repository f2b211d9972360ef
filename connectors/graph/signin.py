"""How we sign in to Microsoft: MSAL's client, the HTTP it speaks over, and what its refusals mean."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import msal
from msal.exceptions import MsalError

from connectors.graph.faults import retry_seconds
from emailresponse.entries import is_loopback
from emailresponse.errors import ProviderDown, ProviderWrong, RateLimited, SettingsError
from emailresponse.providers import Microsoft

PERMISSION = "Mail.ReadBasic"
"""The one permission: messages without body, preview and attachments."""

TIMEOUT_SECONDS = 10.0
_PASSING = frozenset({"temporarily_unavailable", "server_error"})
_CODE = re.compile(r"AADSTS\d+")
_WORD = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.+?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def scope(microsoft: Microsoft) -> str:
    """Return the delegated permission as the cloud that holds Graph names it."""
    return f"{_resource(microsoft)}/{PERMISSION}"


def application_scope(microsoft: Microsoft) -> str:
    """Return what an application asks for: whatever an administrator granted it."""
    return f"{_resource(microsoft)}/.default"


def _resource(microsoft: Microsoft) -> str:
    parts = urlsplit(microsoft.graph_url)
    is_public = parts.scheme == "http"  # a stand-in on this machine stands for the public cloud
    return "https://graph.microsoft.com" if is_public else f"https://{parts.netloc}"


def client(microsoft: Microsoft, cache: Any = None, *, is_public: bool = False) -> Any:
    """Return MSAL's client of our application; with a secret or certificate unless it is to be public.

    Raises:
        SettingsError: the settings do not say who we are.
        ProviderDown, RateLimited, ProviderWrong: the directory cannot be asked.
    """
    for name in ("client_id", "tenant"):
        if not getattr(microsoft, name):
            raise SettingsError("is not set", f"microsoft.{name}")
    credential = None if is_public else _credential(microsoft)
    kind = msal.PublicClientApplication if credential is None else msal.ConfidentialClientApplication
    door = Door(microsoft.authority)
    with translated():
        return kind(
            microsoft.client_id,
            authority=f"{door.secure}/{microsoft.tenant}",
            token_cache=cache,
            http_client=door,
            # Only Microsoft's own hosts are known to Microsoft's directory of hosts.
            instance_discovery=None if door.is_microsoft else False,
            **({} if credential is None else {"client_credential": credential}),
        )


def has_credential(microsoft: Microsoft) -> bool:
    """Say whether our application has a secret or a certificate of its own."""
    return bool(microsoft.secret_file or microsoft.certificate_file)


def _credential(microsoft: Microsoft) -> str | dict[str, str] | None:
    if microsoft.certificate_file:
        pem = _read(microsoft.certificate_file, "microsoft.certificate_file")
        key, certificate = _KEY.search(pem), _CERTIFICATE.search(pem)
        if not key or not certificate:
            raise SettingsError("holds no certificate with its private key", "microsoft.certificate_file")
        return {"private_key": key[0], "public_certificate": certificate[0]}
    if microsoft.secret_file:
        return _read(microsoft.secret_file, "microsoft.secret_file").strip()
    return None


def _read(path: str, where: str) -> str:
    try:
        return Path(path).expanduser().read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("the file cannot be read", where) from error


@contextmanager
def translated() -> Iterator[None]:
    """Turn what MSAL and the network raise inside into this program's errors.

    Raises:
        ProviderDown, ProviderWrong: instead.
    """
    try:
        yield
    except httpx.HTTPError as error:
        raise ProviderDown(type(error).__name__) from error
    except MsalError as error:
        raise ProviderDown("the sign-in does not answer") from error
    except ValueError as error:  # MSAL's text holds addresses of the directory, so it is left out
        raise ProviderWrong("the directory (tenant) is not known, or is no address") from error


def refusal(result: Mapping[str, Any]) -> str:
    """Return why a token was refused: the AADSTS code, else OAuth's word; never the text, which names people.

    Raises:
        ProviderDown: it was not refused, only not given now.
    """
    word = str(result.get("error") or "")
    if word in _PASSING:
        raise ProviderDown(word)
    codes = result.get("error_codes")
    if isinstance(codes, list) and codes and isinstance(codes[0], int):
        return f"AADSTS{codes[0]}"
    found = _CODE.search(str(result.get("error_description") or ""))
    if found:
        return found[0]
    return word if _WORD.fullmatch(word) else "no token"


@dataclass(frozen=True, slots=True)
class _Reply:
    """An answer as MSAL reads it."""

    status_code: int
    text: str
    headers: Mapping[str, str]


class Door:
    """The HTTP client that MSAL is given: never without a time-out, and plain http on this machine alone.

    MSAL takes https addresses only. Where the authority stands on loopback in plain http (a test, a proxy),
    MSAL is told https, and the scheme is turned here, on the way out and in what the directory advertises.
    """

    def __init__(self, authority: str) -> None:
        parts = urlsplit(authority)
        is_local = is_loopback(parts.hostname or "")
        self.secure = f"https://{parts.netloc}{parts.path}".rstrip("/")
        self.is_microsoft = not is_local and (parts.hostname or "").startswith("login.")
        self._origin = f"https://{parts.netloc}"
        self._plain = f"http://{parts.netloc}" if parts.scheme == "http" and is_local else None
        self._is_local = is_local
        hosts = ("127.0.0.1", "localhost", "[::1]") if self._plain else ()
        self._spelled = [f"http://{host}:{parts.port}" for host in hosts]

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> _Reply:
        """Return what lies at an address."""
        with self._client() as client:
            answer = client.get(self.plain(url), params=params, headers=headers)
        text = answer.text
        for spelled in self._spelled:
            text = text.replace(spelled, self._origin)
        return _Reply(answer.status_code, text, answer.headers)

    def post(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> _Reply:
        """Return the answer to a form.

        Raises:
            RateLimited, ProviderDown: there is none now. MSAL is not told: it would write a broken answer,
                tokens and all, into its log.
        """
        with self._client() as client:
            answer = client.post(self.plain(url), params=params, data=data, headers=headers)
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise RateLimited("the sign-in asks for patience", retry_seconds(answer.headers))
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise ProviderDown(f"the sign-in answers {answer.status_code}")
        try:
            json.loads(answer.text)
        except ValueError as error:
            raise ProviderDown("the sign-in's answer is broken") from error
        return _Reply(answer.status_code, answer.text, answer.headers)

    def close(self) -> None:
        """Keep no connection: a sign-in is a matter of one or two requests an hour."""

    def _client(self) -> httpx.Client:
        return httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=not self._is_local, verify=self._plain is None)

    def plain(self, url: str) -> str:
        """Return an address as it is really asked."""
        return (
            self._plain + url.removeprefix(self._origin)
            if self._plain and url.startswith(self._origin)
            else url
        )
