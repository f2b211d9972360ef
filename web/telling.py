"""What the pages say of live mailboxes: providers, ways, rough times, and what to do after a refusal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from emailresponse.errors import (
    AuthorizationLost,
    ConsentRefused,
    EmailResponseError,
    ProviderDown,
    ProviderWrong,
    RateLimited,
)
from web.wording import ABSENT, number

PROVIDERS = {"gmail": "Gmail", "graph": "Microsoft 365", "imap": "IMAP"}
UNITS = {"gmail": "quota unit", "graph": "request", "imap": "command"}
WAYS = {
    "consent": "by its owner's consent",
    "delegation": "by the team's service account",
    "application": "by the application's permission",
    "password": "by password",
}
WARNINGS = {"no_sent_folder": "No folder for sent mail was found: replies sent from there may not be seen."}

REFUSALS = {
    "denied": "Nothing was linked: the answer there was no. Begin again and choose Allow.",
    "unticked": (
        "Nothing was linked: the box for reading message headers was left empty. "
        "Begin again and tick it; without it there is nothing to measure."
    ),
    "admin": (
        "Nothing was linked: an administrator of your organisation has to agree first ({reason}). "
        "The README says what to ask them for."
    ),
    "stale": (
        "Nothing was linked: that attempt was older than ten minutes, was used already, or was begun in "
        "another browser. Begin again here."
    ),
    "wrong": "Nothing was linked: {reason}. Check what was given, and try again.",
}

AFTER_UNLINKING = {
    ("gmail", "consent"): "Its grant was given back to Google.",
    (
        "gmail",
        "delegation",
    ): "The service account stays allowed in Google's admin console until it is removed there.",
    ("graph", "consent"): (
        "Our tokens are gone. Microsoft lists the application until it is removed at https://myapps.microsoft.com."
    ),
    (
        "graph",
        "application",
    ): "The application's permission stays in Entra until an administrator removes it.",
    ("imap", "password"): "Its password was erased here; an app password can be removed at the provider.",
}
BEFORE_UNLINKING = {
    ("gmail", "consent"): "The grant is given back to Google, so that nobody can read the mailbox with it.",
    ("gmail", "delegation"): (
        "Nothing is given back to Google: the service account stays allowed in the admin console until it is "
        "removed there. This mailbox is no longer read."
    ),
    ("graph", "consent"): (
        "Our tokens are erased. Microsoft has no way for an application to give a consent back: remove it at "
        "https://myapps.microsoft.com as well."
    ),
    ("graph", "application"): (
        "Nothing is given back to Microsoft: the application's permission stays in Entra until an "
        "administrator removes it. This mailbox is no longer read."
    ),
    ("imap", "password"): (
        "The password is erased here. If it is an app password, remove it at the provider as well."
    ),
}
UNTOLD = {
    "gmail": "Google could not be told ({reason}). Remove the access at https://myaccount.google.com/permissions.",
    "graph": "Microsoft could not be told ({reason}). Remove the access at https://myapps.microsoft.com.",
    "imap": "The server was not told ({reason}).",
}


def refused(error: EmailResponseError) -> str:
    """Return what to say to the person whose mailbox was not linked, and what they can do."""
    if isinstance(error, ConsentRefused):
        return REFUSALS.get(error.kind, REFUSALS["wrong"]).format(reason=error.reason)
    if isinstance(error, AuthorizationLost):
        return REFUSALS["wrong"].format(reason=error.reason)
    if isinstance(error, RateLimited):
        return f"Nothing was linked: the provider asks for patience. Try again in {_patience(error)}."
    if isinstance(error, ProviderDown):
        return f"Nothing was linked: no answer now ({error.reason}). Try again in a few minutes."
    if isinstance(error, ProviderWrong):
        return f"Nothing was linked: the provider gave an answer that cannot be used ({error.reason})."
    return f"Nothing was linked: {error}."


def _patience(error: RateLimited) -> str:
    return roughly(error.retry_after) if error.retry_after else "a few minutes"


def unlinked(provider: str, way: str, untold: str | None) -> str:
    """Return what became of the grant at the provider."""
    return UNTOLD[provider].format(reason=untold) if untold else AFTER_UNLINKING[provider, way]


def roughly(seconds: float) -> str:
    """Return a time in its largest unit, e.g. `2 min`."""
    for size, unit, most in ((1, "s", 60), (60, "min", 60), (3600, "h", 48)):
        amount = round(seconds / size)
        if amount < most:
            return f"{amount}\u00a0{unit}"
    return f"{round(seconds / 86400)}\u00a0d"


def since(value: datetime | None, now: datetime) -> str:
    """Return roughly how long ago a moment is: `just now`, `2 min ago`."""
    if value is None:
        return ABSENT
    seconds = (now - value).total_seconds()
    return "just now" if seconds < 10 else f"{roughly(seconds)} ago"


def ahead(value: datetime | None, now: datetime) -> str:
    """Return roughly how far ahead a moment is: `in 4 min`, or `now`."""
    if value is None:
        return ABSENT
    seconds = (value - now).total_seconds()
    return "now" if seconds < 1 else f"in {roughly(seconds)}"


def counted(count: float, noun: str) -> str:
    """Return a number with its noun, plural where it is not one."""
    return f"{number(count)}\u00a0{noun}{'' if round(count) == 1 else 's'}"


def linked_how(provider: str, way: str) -> str:
    """Return how a mailbox is linked: `Gmail, by its owner's consent`."""
    return f"{PROVIDERS[provider]}, {WAYS.get(way, way)}"


FILTERS: dict[str, Callable[..., Any]] = {
    "since": since,
    "ahead": ahead,
    "roughly": roughly,
    "counted": counted,
}
GLOBALS: dict[str, Any] = {
    "linked_how": linked_how,
    "providers": PROVIDERS,
    "units": UNITS,
    "warnings": WARNINGS,
}
