"""A stand-in for Microsoft's sign-in: codes with PKCE, rotating refresh tokens, applications, devices."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

SCOPE = "https://graph.microsoft.com/Mail.ReadBasic"
Answer = tuple[int, dict[str, Any]]


@dataclass
class Entra:
    """A directory with one application and one person.

    Attributes:
        person: who consents.
        secret: the application's; empty where it has none.
        granted: the scopes that are granted.
        bearers: access tokens that are good, each with the mailbox it opens; empty for every mailbox.
        refusing: the error that refresh tokens meet.
        device: what the device flow answers: pending, done or declined.
        requests: the grant types asked for, in order.
    """

    person: str = "Ada@acme.com"
    secret: str = "s3cret"
    granted: str = SCOPE
    bearers: dict[str, str] = field(default_factory=dict)
    refusing: tuple[str, int] | None = None
    device: str = "pending"
    requests: list[str] = field(default_factory=list)
    base: str = ""
    lifetime: int = 3600

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._codes: dict[str, dict[str, str]] = {}
        self._refreshing: set[str] = set()
        self.changing = threading.Lock()

    def discovery(self, tenant: str) -> dict[str, Any]:
        """Return what the directory says of itself."""
        base = f"{self.base}/{tenant}/oauth2/v2.0"
        return {
            "issuer": f"{self.base}/{tenant}/v2.0",
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "device_authorization_endpoint": f"{base}/devicecode",
        }

    def consented(self, address: str, **refused: str) -> str:
        """Return where the browser goes back to, after the person consented, or did not."""
        asked = {name: values[0] for name, values in parse_qs(address.partition("?")[2]).items()}
        if refused:
            return f"{asked['redirect_uri']}?{urlencode({'state': asked['state']} | refused)}"
        code = f"code{next(self._numbers)}"
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def revoke(self) -> None:
        """End every token, as when the person's grant is taken back."""
        with self.changing:
            self._refreshing.clear()
            self.bearers.clear()

    def expire_bearers(self) -> None:
        """End every access token; refresh tokens stay good."""
        with self.changing:
            self.bearers.clear()

    def device_code(self, form: dict[str, str]) -> Answer:
        """Answer a device that asks for a code."""
        assert form["scope"]
        return 200, {
            "device_code": "device",
            "user_code": "AB12CD",
            "verification_uri": "https://microsoft.com/devicelogin",
            "expires_in": 3,
            "interval": 1,
            "message": "",
        }

    def token(self, form: dict[str, str], authorization: str) -> Answer:
        """Answer a request for tokens."""
        with self.changing:
            kind = form.get("grant_type", "")
            self.requests.append(kind)
            if kind == "client_credentials":
                return self._of_application(form)
            if kind == "authorization_code":
                return self._of_code(form)
            if kind == "refresh_token":
                return self._of_refresh(form)
            if "device_code" in kind:
                return self._of_device(form)
            return _error("unsupported_grant_type", 70003)

    def _is_application(self, form: dict[str, str]) -> bool:
        return form.get("client_secret", "") == self.secret or "client_assertion" in form

    def _of_application(self, form: dict[str, str]) -> Answer:
        if not self._is_application(form):
            return _error("invalid_client", 7000215)
        token = f"app{next(self._numbers)}"
        self.bearers[token] = ""
        return 200, {"token_type": "Bearer", "expires_in": self.lifetime, "access_token": token}

    def _of_code(self, form: dict[str, str]) -> Answer:
        asked = self._codes.pop(form.get("code", ""), None)
        if asked is None:
            return _error("invalid_grant", 54005)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked["code_challenge"]:
            return _error("invalid_grant", 50148)
        if self.secret and not self._is_application(form):
            return _error("invalid_client", 7000215)
        return self._tokens(asked.get("nonce"))

    def _of_refresh(self, form: dict[str, str]) -> Answer:
        if self.refusing is not None:
            return _error(*self.refusing)
        held = form.get("refresh_token", "")
        if held not in self._refreshing:
            return _error("invalid_grant", 70008)
        self._refreshing.discard(held)  # rotation: a refresh token is good once
        return self._tokens(None)

    def _of_device(self, form: dict[str, str]) -> Answer:
        if self.device == "pending":
            return _error("authorization_pending", 70016)
        if self.device == "declined":
            return _error("authorization_declined", 70018)
        return self._tokens(None)

    def _tokens(self, nonce: str | None) -> Answer:
        number = next(self._numbers)
        access, refresh = f"access{number}", f"refresh{number}"
        self.bearers[access] = self.person.lower()
        self._refreshing.add(refresh)
        claims = {
            "iss": self.base,
            "aud": "app",
            "sub": "sub",
            "oid": "oid",
            "tid": "tid",
            "exp": 4102444800,
            "iat": 1700000000,
            "preferred_username": self.person,
        } | ({"nonce": nonce} if nonce else {})
        return 200, {
            "token_type": "Bearer",
            "scope": f"{self.granted} openid profile offline_access".strip(),
            "expires_in": self.lifetime,
            "access_token": access,
            "refresh_token": refresh,
            "id_token": f"{_part({'alg': 'none'})}.{_part(claims)}.",
            "client_info": _part({"uid": "oid", "utid": "tid"}),
        }


def _part(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def _error(word: str, code: int) -> Answer:
    text = f"AADSTS{code}: User 'somebody@acme.com' met trouble."
    return 400 if word != "invalid_client" else 401, {
        "error": word,
        "error_description": text,
        "error_codes": [code],
    }
