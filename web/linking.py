"""Link a mailbox: by its owner's consent, by a password, or a whole team at once."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from emailresponse import links
from emailresponse.errors import ConsentRefused, EmailResponseError, SettingsError
from emailresponse.links import Link
from syncing.ways import TEAM_WAYS, lacking
from web import asked_links, current, reading, telling

blueprint = Blueprint("linking", __name__, url_prefix="/mailboxes")

BY = "mailboxes page"
CONSENTING = ("gmail", "graph")
UNDER_WAY = "consent"


@blueprint.get("/link")
def index() -> str:
    """Show the ways in which a mailbox can be linked, and what each still lacks."""
    providers = current.live().linking.providers()
    return render_template(
        "linking/index.html",
        lacking={name: lacking(providers, name, "consent") for name in CONSENTING},
        callbacks={name: _callback_address(name) for name in CONSENTING},
    )


@blueprint.get("/link/<any(gmail, graph):provider>")
def begin(provider: str) -> Response:
    """Send a person to the provider to consent."""
    # Pages of elsewhere have no business in beginning this; browsers say where a request comes from.
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        abort(403)
    again = _again()
    try:
        name, begun = current.live().linking.begin(
            provider, _callback_address(provider), account=again.account if again else None
        )
    except EmailResponseError as error:
        flash(telling.refused(error))
        return redirect(url_for("linking.index"))
    session[UNDER_WAY] = {
        "name": name,
        "provider": provider,
        "again": reading.key_of(again.mailbox) if again else None,
    }
    return redirect(begun.address)


@blueprint.get("/callback/<any(gmail, graph):provider>")
def finish(provider: str) -> Response:
    """Link the mailbox of a person who came back, and leave this address at once: a code is in it."""
    under_way = session.pop(UNDER_WAY, None) or {}
    try:
        if under_way.get("provider") != provider:
            raise ConsentRefused("stale", "it was not begun here")
        link = current.live().linking.finish(under_way["name"], request.url, BY)
    except EmailResponseError as error:
        flash(telling.refused(error))
        return _left("linking.index")
    current.live().rota.look()
    flash(_linked(link))
    if under_way.get("again") not in {None, reading.key_of(link.mailbox)}:
        flash("That is another mailbox than the one to be linked again: choose its account at the provider.")
    return _left("mailboxes.index")


@blueprint.get("/link/imap")
def ask_password() -> str:
    """Show the form of an IMAP mailbox; one that is linked again is filled in but for its password."""
    return _password_form(asked_links.typed_of(_again()))


@blueprint.post("/link/imap")
def password() -> Response | tuple[str, int]:
    """Sign in once with what was typed, and link the mailbox."""
    try:
        asked = asked_links.asked_password(request.form)
        link = current.live().linking.password(
            asked.address, asked.options, asked.password, BY, name=asked.name
        )
    except EmailResponseError as error:
        return _password_form(request.form, telling.refused(error)), 400
    current.live().rota.look()
    flash(_linked(link))
    for warning in link.options.get("warnings", ()):
        flash(telling.WARNINGS.get(warning, warning))
    return redirect(url_for("mailboxes.index"), 303)


@blueprint.get("/link/team")
def ask_team() -> str:
    """Show the form of a whole team."""
    return _team_form()


@blueprint.post("/link/team")
def team() -> str | tuple[str, int]:
    """Link the mailboxes that were listed, and say of each what came of it."""
    provider = request.form.get("provider", "")
    try:
        addresses = asked_links.asked_team(provider, request.form.get("addresses", ""))
    except SettingsError as error:
        return _team_form(trouble=error.reason), 400
    outcomes = asked_links.link_all(current.live().linking, provider, addresses, BY)
    current.live().rota.look()
    return _team_form(outcomes=outcomes)


def _team_form(*, trouble: str | None = None, outcomes: list[asked_links.Outcome] | None = None) -> str:
    providers = current.live().linking.providers()
    return render_template(
        "linking/team.html",
        lacking={name: lacking(providers, name, way) for name, way in TEAM_WAYS.items()},
        typed=request.form,
        trouble=trouble,
        outcomes=outcomes,
    )


def _password_form(typed: object, trouble: str | None = None) -> str:
    return render_template("linking/imap.html", typed=typed, trouble=trouble)


def _again() -> Link | None:
    """Return the mailbox that is to be linked again, if the address says so."""
    key = request.args.get("again")
    if key is None:
        return None
    found = (one for one in links.listed(current.db()) if reading.key_of(one.mailbox) == key)
    return next(found, None) or abort(404)


def _callback_address(provider: str) -> str:
    """Return where the provider sends people back to: this machine, under the name they came by."""
    return url_for("linking.finish", provider=provider, _external=True)


def _linked(link: Link) -> str:
    return f"{link.mailbox} is linked. Its mail of now is read first, then the past."


def _left(endpoint: str) -> Response:
    answer = redirect(url_for(endpoint), 303)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
