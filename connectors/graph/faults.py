"""What Graph's refusals mean to us: each becomes one error of `emailresponse.errors`, once, here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from emailresponse.errors import (
    AuthorizationLost,
    CursorExpired,
    EmailResponseError,
    NotFound,
    ProviderDown,
    ProviderWrong,
    RateLimited,
)

BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})
"""Answers after which Graph wants to be left alone, whether it says how long or not."""

_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_EXPIRED = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired"})
_GONE = frozenset(
    {
        "errorinvaliduser",
        "mailboxnotenabledforrestapi",
        "mailboxnothostedinexchangeonline",
        "request_resourcenotfound",
        "resourcenotfound",
    }
)
_FORBIDDEN = frozenset({"accessdenied", "authorization_requestdenied", "erroraccessdenied"})
_WORD = re.compile(r"[A-Za-z0-9_.-]{1,80}")


def retry_seconds(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that Retry-After asks for, said as a number or as a date beside the answer's own."""
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        until, since = (parsedate_to_datetime(text) for text in (said, headers.get("date", "")))
        return max(0.0, (until.astimezone(UTC) - since.astimezone(UTC)).total_seconds())
    except (ValueError, TypeError, IndexError):
        return None


def code(response: httpx.Response) -> str:
    """Return the error's code, the only part of it that names nobody."""
    try:
        said = response.json()["error"]["code"]
    except (ValueError, KeyError, TypeError):
        said = None
    return said if isinstance(said, str) and _WORD.fullmatch(said) else str(response.status_code)


def fault(response: httpx.Response, mailbox: str, *, is_link: bool) -> EmailResponseError:
    """Return the error that a refusal is.

    Args:
        response: an answer that is no success.
        mailbox: whose it is.
        is_link: whether an opaque link was followed, so that a refusal may be the link's fault.
    """
    status, word = response.status_code, code(response)
    retry_after = retry_seconds(response.headers)
    if status == HTTPStatus.TOO_MANY_REQUESTS or (status in BUSY and retry_after is not None):
        return RateLimited(word, retry_after)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ProviderDown(word)
    if (
        status == HTTPStatus.GONE
        or word.lower() in _EXPIRED
        or (is_link and status == HTTPStatus.BAD_REQUEST)
    ):
        return CursorExpired(word)
    if status in _REFUSED or (status == HTTPStatus.NOT_FOUND and word.lower() in _GONE):
        return AuthorizationLost(mailbox, _with_advice(word))
    return NotFound("item", word) if status == HTTPStatus.NOT_FOUND else ProviderWrong(f"{status} {word}")


def _with_advice(word: str) -> str:
    if word.lower() not in _FORBIDDEN:
        return word
    return f"{word}: an administrator has to grant Mail.ReadBasic for this mailbox"
