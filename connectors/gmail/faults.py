"""What Google's libraries raise becomes this product's errors, here and nowhere else.

No address, subject or token is taken over into a reason: only statuses, Google's own reason words and the
names of exceptions.
"""

from __future__ import annotations

import http.client
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httplib2
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from googleapiclient.errors import HttpError

from emailresponse.errors import (
    AuthorizationLost,
    EmailResponseError,
    ProviderDown,
    ProviderWrong,
    RateLimited,
)

# It would write answers that it cannot read into the log.
logging.getLogger("googleapiclient.http").setLevel(logging.ERROR)

_LIMITED = {"rateLimitExceeded", "userRateLimitExceeded"}
_USED_UP = {"dailyLimitExceeded", "quotaExceeded"}
_FORBIDDEN = {"domainPolicy", "insufficientPermissions", "forbidden", "authError", "delegationDenied"}
DAY_SECONDS = 3600.0
"""Seconds before a used-up daily quota is tried again."""


class Gone(Exception):  # noqa: N818 - what became of it
    """What was asked for is not there any more."""


@contextmanager
def translated(mailbox: str, now: datetime | None = None) -> Iterator[None]:
    """Raise what Google's libraries raise inside as an error of this product.

    Raises:
        AuthorizationLost, RateLimited, ProviderDown, ProviderWrong: as the answer says.
        Gone: the answer was 404 (or 410).
    """
    try:
        yield
    except HttpError as error:
        raise _answered(mailbox, error, now) from error
    except RefreshError as error:
        raise refused(mailbox, error) from error
    except (TransportError, GoogleAuthError) as error:
        raise ProviderDown(type(error).__name__) from error
    except (OSError, httplib2.HttpLib2Error, http.client.HTTPException) as error:
        raise ProviderDown(type(error).__name__) from error
    except ValueError as error:  # a broken or cut-off answer
        raise ProviderDown(f"unreadable answer ({type(error).__name__})") from error


def refused(mailbox: str, error: RefreshError) -> EmailResponseError:
    """Return what a refused token comes to; only Google's own word of it is kept."""
    if error.retryable:
        return ProviderDown("no token now")
    return AuthorizationLost(mailbox, word_of(error))


def word_of(error: RefreshError) -> str:
    """Return Google's word for why there is no token, e.g. `invalid_grant`."""
    said = error.args[1] if len(error.args) > 1 else None
    word = said.get("error") if isinstance(said, dict) else None
    return _word(word, "no_token")


def _answered(mailbox: str, error: HttpError, now: datetime | None) -> EmailResponseError | Gone:
    status = int(error.resp.status)
    reason = _reason(error.content)
    said = f"{status} {reason}".strip()
    wait = _retry_after(error.resp.get("retry-after"), now)
    if status in {404, 410}:
        return Gone(said)
    if status == 429 or reason in _LIMITED:
        return RateLimited(said, wait)
    if reason in _USED_UP:
        return RateLimited(said, wait or DAY_SECONDS)
    if status == 408 or status >= 500:
        return ProviderDown(said) if wait is None else RateLimited(said, wait)
    if status == 401 or (status == 403 and reason in _FORBIDDEN) or reason == "failedPrecondition":
        return AuthorizationLost(mailbox, said)
    return ProviderWrong(said)


def _reason(content: bytes | str | None) -> str:
    """Return Google's reason word in an answer, or nothing."""
    try:
        said: Any = json.loads(content or b"")["error"]
        if not isinstance(said, dict):
            return _word(said, "")
        errors = said.get("errors") or [{}]
        return _word(errors[0].get("reason") or said.get("status"), "")
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return ""


def _word(value: Any, otherwise: str) -> str:
    """Return a value if it is one plain word, as reasons are; anything else might hold an address."""
    return value if isinstance(value, str) and value.isidentifier() and len(value) <= 60 else otherwise


def _retry_after(value: str | None, now: datetime | None) -> float | None:
    """Return the seconds that a Retry-After asks for, given as seconds or as a date (RFC 9110 §10.2.3)."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    if now is None:
        return None
    return max(0.0, (at.replace(tzinfo=None) - (at.utcoffset() or at - at) - now).total_seconds())
