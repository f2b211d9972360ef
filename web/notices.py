"""The one line that every page says of mailboxes in trouble, until somebody hides it or it changes."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Flask, redirect, request, session, url_for
from werkzeug.wrappers import Response

from emailresponse import links
from emailresponse.errors import EmailResponseError
from emailresponse.links import Link
from web import current
from web.telling import PROVIDERS, roughly
from web.wording import moment

blueprint = Blueprint("notices", __name__, url_prefix="/notices")

LATE = timedelta(hours=1)
"""A mailbox that was not caught up for so long, though it should be, is worth a line."""

HIDDEN = "hidden_notice"


def register(app: Flask) -> None:
    """Let every template ask for the line."""
    app.jinja_env.globals["mailbox_trouble"] = trouble


def trouble() -> tuple[str, str] | None:
    """Return the line and what it is known by; None where all is well, or it was hidden."""
    try:
        found = said(current.ask(links.listed), current.now(), current.known().zone)
    except EmailResponseError:
        return None  # the page itself says what is wrong
    if found is None or session.get(HIDDEN) == found[1]:
        return None
    return found


def said(listed: list[Link], now: datetime, zone: str) -> tuple[str, str] | None:
    """Return the line about the worst trouble, and a mark of whose trouble it is."""
    lost = [one for one in listed if one.is_lost]
    late = [one for one in listed if _is_late(one, now)]
    if not lost and not late:
        return None
    words = _lost(lost) if lost else _late(late, now, zone)
    names = "\n".join(f"{one.mailbox} {one.is_lost}" for one in [*lost, *late])
    return words, hashlib.blake2b(names.encode(), digest_size=8).hexdigest()


def _is_late(link: Link, now: datetime) -> bool:
    is_expected = not link.is_paused and not link.is_lost and not link.is_first_read
    return is_expected and link.synced_at is not None and now - link.synced_at > LATE


def _lost(lost: list[Link]) -> str:
    if len(lost) == 1:
        return f"{lost[0].mailbox} has to be linked again"
    return f"{len(lost)} mailboxes have to be linked again"


def _late(late: list[Link], now: datetime, zone: str) -> str:
    oldest = min(late, key=lambda one: one.synced_at or now)
    assert oldest.synced_at is not None
    silence = roughly((now - oldest.synced_at).total_seconds())
    whose = f"{PROVIDERS[oldest.provider]} of {oldest.mailbox} has"
    if len(late) > 1:
        whose = f"{len(late)} mailboxes have"
    return f"{whose} not synced for {silence}: figures as of {moment(oldest.synced_at, zone)}"


@blueprint.post("/hide")
def hide() -> Response:
    """Say the line no more until other mailboxes are in trouble, and go back."""
    session[HIDDEN] = request.form.get("mark", "")
    back = urlsplit(request.form.get("back", ""))
    # Only a path of ours: an address that begins with two slashes is somebody else's.
    is_ours = back.path.startswith("/") and not back.path.startswith(("//", "/\\"))
    return redirect(f"{back.path}?{back.query}" if is_ours else url_for("team.show"), 303)
