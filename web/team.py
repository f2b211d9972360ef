"""The team page: how fast, and how reliably, the chosen days' leads were answered."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from emailresponse.reports import benchmarks
from emailresponse.reports.groups import people
from emailresponse.reports.summary import compared
from emailresponse.reports.traffic import volumes
from web import asking, current
from web.ordering import SMALL_N, ordered

blueprint = Blueprint("team", __name__)

PEOPLE_SHOWN = 200


@blueprint.get("/")
def show() -> str:
    """Show how fast, and how reliably, the chosen days' leads were answered."""
    chosen = current.asking()
    if not current.known().has_messages:
        return render_template("team/empty.html")
    summary, before = current.ask(compared, chosen.asked)
    return render_template(
        "team/show.html",
        asking=chosen,
        asked=chosen.asked,
        known=current.known(),
        summary=summary,
        before=before,
        volumes=current.ask(volumes, chosen.asked),
        people=ordered(current.ask(people, chosen.asked, PEOPLE_SHOWN), request.args.get("sort")),
        sort=request.args.get("sort"),
        benchmarks=benchmarks.PUBLISHED,
        presets=asking.PRESETS,
        kinds=asking.CLASS_CHOICES,
        small_n=SMALL_N,
    )
