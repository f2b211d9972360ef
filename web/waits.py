"""The waits behind the figures, and why each counts as it does."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from emailresponse.reports.listing import waits
from emailresponse.reports.trace import why
from web import asking, current, deciding
from web.ordering import chosen_order

blueprint = Blueprint("waits", __name__, url_prefix="/waits")

PAGE_LENGTH = 50
ORDERS = {"oldest": "Oldest first", "newest": "Newest first", "longest": "Longest first", "due": "Due first"}


@blueprint.get("")
def index() -> str:
    """List the chosen waits, a page at a time."""
    chosen = current.asking()
    order = chosen_order(request.args.get("order"), ORDERS)
    after = asking.whole(request.args, "after")
    page = current.ask(waits, chosen.asked, order=order, limit=PAGE_LENGTH, after=after)
    return render_template(
        "waits/index.html",
        asking=chosen,
        asked=chosen.asked,
        known=current.known(),
        page=page,
        order=order,
        orders=ORDERS,
        after=after,
        states=asking.STATE_CHOICES,
        presets=asking.PRESETS,
        kinds=asking.CLASS_CHOICES,
    )


@blueprint.get("/find")
def find() -> Response:
    """Go to the wait or message whose id was typed."""
    return redirect(url_for("waits.show", name=request.args.get("name", "").strip() or "-"))


@blueprint.get("/<path:name>")
def show(name: str) -> str:
    """Show why a wait, or a message, counts as it does."""
    trace = why(current.db(), name)
    return render_template(
        "waits/show.html",
        trace=trace,
        name=name,
        who=session.get("who", ""),
        decisions=deciding.CHOICES,
        in_force=deciding.in_force(trace.overrides),
    )


@blueprint.post("/<path:name>")
def decide(name: str) -> Response:
    """Note a decision by hand about a wait or one of its messages, and show what follows from it."""
    session["who"] = request.form.get("who", "").strip()
    with current.workspace().writing() as store:
        flash(deciding.decide(store, request.form, current.now()))
    return redirect(url_for("waits.show", name=name))
