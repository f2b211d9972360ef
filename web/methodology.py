"""What is measured and how, generated from the configuration in force."""

from __future__ import annotations

from flask import Blueprint, render_template

from emailresponse.reports import benchmarks
from emailresponse.reports.methodology import methodology
from web import current

blueprint = Blueprint("methodology", __name__)


@blueprint.get("/methodology")
def show() -> str:
    """Show what is measured and how."""
    running = methodology(current.db())
    held = {setting.name: setting.value for setting in running.settings}
    return render_template(
        "methodology/show.html", running=running, held=held, benchmarks=benchmarks.PUBLISHED
    )
