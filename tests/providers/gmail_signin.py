"""Google's sign-in, as far as linking needs it: consent with PKCE, tokens, revocation, delegation."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jwt

METADATA = "https://www.googleapis.com/auth/gmail.metadata"
LIFE_SECONDS = 3599
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass
class Grant:
    """What a person has granted to a client."""

    address: str
    scopes: tuple[str, ...]


@dataclass
class SignIn:
    """The accounts, the clients and the tokens.

    Attributes:
        clients: secrets by client id.
        addresses: the accounts there are.
        service_keys: public keys by the service account's address.
        delegated: service accounts that the Workspace's admin trusts.
        rotates: whether a refresh gives a new refresh token, which ends the old one.
        unticked: whether people leave the box for mail empty.
        refreshes: how often a refresh token was used.
    """

    clock: Callable[[], float]
    violations: list[str]
    clients: dict[str, str] = field(default_factory=lambda: {"client-1": "secret-1"})
    addresses: set[str] = field(default_factory=set)
    service_keys: dict[str, str] = field(default_factory=dict)
    delegated: set[str] = field(default_factory=set)
    rotates: bool = False
    unticked: bool = False
    refreshes: int = 0
    codes: dict[str, tuple[dict[str, str], Grant]] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    tokens: dict[str, tuple[Grant, float]] = field(default_factory=dict)

    def grant(self, address: str) -> str:
        """Return a refresh token for a mailbox, as a consent gives it."""
        self.addresses.add(address)
        token = f"1//{secrets.token_urlsafe(24)}"
        self.grants[token] = Grant(address, (METADATA,))
        return token

    def withdraw(self, address: str) -> None:
        """Let a person take every consent back."""
        self.grants = {token: grant for token, grant in self.grants.items() if grant.address != address}
        self.expire(address)

    def expire(self, address: str) -> None:
        """Let the access tokens of a mailbox end, but not the consent."""
        self.tokens = {token: held for token, held in self.tokens.items() if held[0].address != address}

    def holder(self, token: str) -> Grant | None:
        """Return whose access token it is, while it lives."""
        grant, until = self.tokens.get(token, (None, 0.0))
        return grant if grant is not None and self.clock() < until else None

    def consent(self, asked: dict[str, str], person: str, *, denies: bool = False) -> dict[str, str]:
        """Return what the browser takes back to the redirect address once a person has chosen."""
        if "include_granted_scopes" in asked:
            self.violations.append("include_granted_scopes")
        if asked.get("scope") != METADATA:
            self.violations.append(f"scope {asked.get('scope')}")
        if asked.get("access_type") != "offline" or asked.get("prompt") != "consent":
            self.violations.append("no refresh token was asked for")
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            self.violations.append("no PKCE")
        if asked.get("client_id") not in self.clients or asked.get("response_type") != "code":
            self.violations.append("unknown client")
        if denies:
            return {"error": "access_denied", "state": asked["state"]}
        code = f"4/{secrets.token_urlsafe(16)}"
        scopes = ("openid",) if self.unticked else (METADATA,)
        self.codes[code] = asked, Grant(person, scopes)
        return {"code": code, "state": asked["state"], "scope": " ".join(scopes)}

    def token(self, said: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Return what the token endpoint answers."""
        answer = {
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh,
            JWT_BEARER: self._by_assertion,
        }.get(said.get("grant_type", ""))
        return answer(said) if answer else (400, {"error": "unsupported_grant_type"})

    def revoke(self, said: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Return what the revocation endpoint answers."""
        grant = self.grants.pop(said.get("token", ""), None)
        if grant is None:
            return 400, {"error": "invalid_token"}
        self.expire(grant.address)
        return 200, {}

    def _by_code(self, said: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.clients.get(said.get("client_id", "")) != said.get("client_secret"):
            return 401, {"error": "invalid_client"}
        asked, grant = self.codes.pop(said.get("code", ""), ({}, None))
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            grant is None
            or challenge != asked["code_challenge"]
            or asked["redirect_uri"] != said.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant", "error_description": "Malformed auth code."}
        refresh = self.grant(grant.address)
        self.grants[refresh] = grant
        return 200, self._issued(grant) | {"refresh_token": refresh}

    def _by_refresh(self, said: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.refreshes += 1
        if self.clients.get(said.get("client_id", "")) != said.get("client_secret"):
            return 401, {"error": "invalid_client", "error_description": "Unauthorized"}
        grant = self.grants.get(said.get("refresh_token", ""))
        if grant is None:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        if not self.rotates:
            return 200, self._issued(grant)
        del self.grants[said["refresh_token"]]
        return 200, self._issued(grant) | {"refresh_token": self.grant(grant.address)}

    def _by_assertion(self, said: dict[str, str]) -> tuple[int, dict[str, Any]]:
        assertion = said.get("assertion", "")
        claims = jwt.decode(assertion, options={"verify_signature": False})
        key = self.service_keys.get(claims["iss"])
        if key is None:
            return 401, {"error": "invalid_client"}
        jwt.decode(assertion, key, algorithms=["RS256"], audience="https://oauth2.googleapis.com/token")
        if claims["iss"] not in self.delegated or claims["scope"] != METADATA:
            return 401, {
                "error": "unauthorized_client",
                "error_description": "Client is unauthorized to retrieve access tokens using this method.",
            }
        if claims.get("sub") not in self.addresses:
            return 400, {"error": "invalid_grant", "error_description": "Invalid email or User ID"}
        return 200, self._issued(Grant(claims["sub"], (METADATA,)))

    def _issued(self, grant: Grant) -> dict[str, Any]:
        token = f"ya29.{secrets.token_urlsafe(24)}"
        self.tokens[token] = grant, self.clock() + LIFE_SECONDS
        return {
            "access_token": token,
            "expires_in": LIFE_SECONDS,
            "token_type": "Bearer",
            "scope": " ".join(grant.scopes),
        }
