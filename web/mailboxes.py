"""Every mailbox of ours with its state, and what can be done about it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from emailresponse import links
from emailresponse.audit import Change
from emailresponse.errors import EmailResponseError, NotFound
from emailresponse.reports.standing import Standing, standings
from web import current, reading, telling
from web.reading import Card

blueprint = Blueprint("mailboxes", __name__, url_prefix="/mailboxes")

BY = "mailboxes page"


@blueprint.get("")
def index() -> str:
    """Show every mailbox, what it waits for, and its buttons."""
    return render_template("mailboxes/index.html", **_shown(cards()))


@blueprint.get("/state.json")
def state() -> Response:
    """Send the cards as they are now."""
    found = cards()
    return jsonify(
        is_under_way=any(card.is_under_way for card in found),
        words=render_template("mailboxes/cards.html", **_shown(found)),
    )


@blueprint.post("/<key>/sync")
def sync(key: str) -> Response:
    """Let a mailbox be read next."""
    mailbox = _linked(key).mailbox
    try:
        current.live().rota.read_now(mailbox)
        flash(f"{mailbox} is read now.")
    except NotFound:
        flash(f"{mailbox} cannot be read now: resume it, or link it again.")
    return _back()


@blueprint.post("/<key>/pause")
def pause(key: str) -> Response:
    """Read a mailbox no more for now."""
    return _pause(key, is_paused=True)


@blueprint.post("/<key>/resume")
def resume(key: str) -> Response:
    """Go on reading a mailbox."""
    return _pause(key, is_paused=False)


@blueprint.post("/<key>/relink")
def relink(key: str) -> Response:
    """Link a mailbox of a whole team again; those of persons are linked again by consent or password."""
    link = _linked(key)
    try:
        current.live().linking.whole_team(link.provider, link.account, BY)
        current.live().rota.look()
        flash(f"{link.mailbox} is linked again.")
    except EmailResponseError as error:
        flash(telling.refused(error))
    return _back()


@blueprint.get("/<key>/unlink")
def ask(key: str) -> str:
    """Ask what shall become of a mailbox's messages before it is unlinked."""
    link = _linked(key)
    return render_template(
        "mailboxes/unlink.html",
        link=link,
        key=key,
        revoked=telling.BEFORE_UNLINKING[link.provider, link.way],
    )


@blueprint.post("/<key>/unlink")
def unlink(key: str) -> Response:
    """Give the grant back, read the mailbox no more, and keep or erase its messages."""
    link = _linked(key)
    if request.form.get("messages") not in {"keep", "erase"}:
        abort(400)
    is_erasing = request.form["messages"] == "erase"
    live = current.live()
    untold = live.linking.unlink(link.mailbox, BY, is_erasing=is_erasing)
    live.rota.look()
    live.rota.derive_soon()
    kept = "its messages are erased" if is_erasing else "its messages stay"
    flash(f"{link.mailbox} is no longer linked; {kept}. {telling.unlinked(link.provider, link.way, untold)}")
    return _back()


def cards() -> list[Card]:
    """Return the mailboxes as the page shows them."""
    return [_card(one) for one in standings(current.db())]


def _shown(found: list[Card]) -> dict[str, Any]:
    is_live = current.workspace().live is not None
    return {"cards": found, "is_live": is_live, "zone": current.known().zone}


def _card(standing: Standing) -> Card:
    live = current.workspace().live
    is_read = live is not None and standing.link is not None
    return reading.card(
        standing,
        now=current.now(),
        next_at=live.rota.next_at(standing.mailbox) if live and is_read else None,
        use=live.usage.of(standing.link) if live and standing.link else None,
    )


def _pause(key: str, *, is_paused: bool) -> Response:
    link = _linked(key)
    with current.workspace().writing() as store, store.transaction():
        links.pause(store, Change(current.now(), BY), link.mailbox, is_paused=is_paused)
    current.live().rota.look()
    flash(f"{link.mailbox} is paused." if is_paused else f"{link.mailbox} is read again.")
    return _back()


def _linked(key: str) -> links.Link:
    """Return the link that an address names; without one, or where nobody reads mailboxes, 404."""
    current.live()
    found = (one for one in links.listed(current.db()) if reading.key_of(one.mailbox) == key)
    return next(found, None) or abort(404)


def _back() -> Response:
    return redirect(url_for("mailboxes.index"), 303)
