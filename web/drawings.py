"""Charts as pictures, as specifications for the browser, and as tables: each in a request of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request

from emailresponse.reports.curve import distribution as find_distribution
from emailresponse.reports.curve import survival as find_survival
from emailresponse.reports.groups import trend as find_trend
from emailresponse.reports.question import goal_seconds
from emailresponse.reports.traffic import busiest_hours
from emailresponse.reports.traffic import volumes as find_volumes
from web import current
from web.asking import Asking, trend_period
from web.charts.chart import WIDTHS, Chart, svg
from web.charts.distribution import distribution
from web.charts.hours import hours, hours_goal
from web.charts.survival import survival
from web.charts.theme import THEMES
from web.charts.trend import trend
from web.charts.volumes import volumes

blueprint = Blueprint("charts", __name__, url_prefix="/charts")


def _trend(chosen: Asking) -> Chart:
    return trend(current.ask(find_trend, chosen.asked, trend_period(chosen.asked)), chosen.asked)


def _survival(chosen: Asking) -> Chart:
    curve = current.ask(find_survival, chosen.asked)
    return survival(curve, chosen.asked.clock, current.ask(goal_seconds, chosen.asked))


def _distribution(chosen: Asking) -> Chart:
    return distribution(current.ask(find_distribution, chosen.asked))


def _hours(chosen: Asking) -> Chart:
    return hours(current.ask(busiest_hours, chosen.asked))


def _hours_goal(chosen: Asking) -> Chart:
    return hours_goal(current.ask(busiest_hours, chosen.asked))


def _volumes(chosen: Asking) -> Chart:
    return volumes(current.ask(find_volumes, chosen.asked).days)


CHARTS: dict[str, Callable[[Asking], Chart]] = {
    "trend": _trend,
    "survival": _survival,
    "distribution": _distribution,
    "hours": _hours,
    "hours-goal": _hours_goal,
    "volumes": _volumes,
}


@blueprint.get("/<name>")
def show(name: str) -> str:
    """Show one chart large, with its numbers as a table."""
    chosen = current.asking()
    return render_template(
        "charts/show.html", asking=chosen, chart=_chart(name, chosen), known=current.known()
    )


@blueprint.get("/<name>/numbers")
def numbers(name: str) -> str:
    """Show a chart's table alone, for the page that opens it in place."""
    chosen = current.asking()
    return render_template("charts/numbers.html", asking=chosen, chart=_chart(name, chosen))


@blueprint.get("/<name>.svg")
def picture(name: str) -> Response:
    """Send the drawing of a chart."""
    return _kept(lambda: _drawing(name), "image/svg+xml")


@blueprint.get("/<name>.json")
def specification(name: str) -> Response:
    """Send what the browser draws the same chart from, with its hover values."""
    return _fresh(jsonify(_specification(name)))


@blueprint.get("/vega.js")
def script() -> Response:
    """Send the script that draws in the browser; it changes with its version alone."""
    response = Response(current.workspace().bundle.content(), mimetype="text/javascript")
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _chart(name: str, chosen: Asking) -> Chart:
    if name not in CHARTS:
        abort(404)
    return CHARTS[name](chosen)


def _look() -> tuple[str, str]:
    theme, width = request.args.get("theme", "light"), request.args.get("width", "wide")
    if theme not in THEMES or width not in WIDTHS:
        abort(404)
    return theme, width


def _specification(name: str) -> dict[str, Any]:
    chosen, look = current.asking(), _look()
    question = ("specification", name, chosen.asked, *look)
    return current.workspace().answer(question, lambda: _chart(name, chosen).specification(*look))


def _drawing(name: str) -> str:
    question = ("drawing", name, current.asking().asked, *_look())
    return current.workspace().answer(question, lambda: svg(_specification(name)))


def _kept(make: Callable[[], str], kind: str) -> Response:
    return _fresh(Response(make(), mimetype=kind))


def _fresh(response: Response) -> Response:
    """Let the browser keep an answer and ask whether it still holds."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(f"{current.workspace().version}")
    response.make_conditional(request.environ)
    return response
