"""Upload files and watch them being imported."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from emailresponse import mailboxes
from emailresponse.errors import SettingsError
from web import current, uploads
from web.worker import Job

blueprint = Blueprint("imports", __name__, url_prefix="/import")

REFUSALS_SHOWN = 100


@blueprint.get("")
def index() -> str:
    """Show the form and what was imported."""
    return render_template(
        "imports/index.html",
        jobs=current.workspace().worker.jobs(),
        mailboxes=mailboxes.listed(current.db()),
        trouble=None,
        typed=request.form,
    )


@blueprint.post("")
def create() -> Response | tuple[str, int]:
    """Keep what was sent, and go and watch it being imported."""
    try:
        job = current.workspace().worker.add(uploads.check(request.files, request.form, current.now()))
    except SettingsError as error:
        listed = mailboxes.listed(current.db())
        page = render_template(
            "imports/index.html", jobs=[], mailboxes=listed, trouble=error, typed=request.form
        )
        return page, 400
    return redirect(url_for("imports.show", job_id=job.job_id), 303)


@blueprint.get("/<job_id>")
def show(job_id: str) -> str:
    """Show how far an import is, and in the end what came of it."""
    return render_template("imports/show.html", job=_find(job_id), refusals_shown=REFUSALS_SHOWN)


@blueprint.get("/<job_id>.json")
def state(job_id: str) -> Response:
    """Send how far an import is, as the page's own words."""
    job = _find(job_id)
    return jsonify(
        is_ended=job.is_ended,
        words=render_template("imports/progress.html", job=job, refusals_shown=REFUSALS_SHOWN),
    )


def _find(job_id: str) -> Job:
    return current.workspace().worker.job(job_id) or abort(404)
