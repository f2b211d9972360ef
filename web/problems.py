"""Pages for what went wrong: what it is and what to do, never a traceback."""

from __future__ import annotations

import structlog
from flask import Flask, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from emailresponse.errors import EmailResponseError, NotFound, SettingsError

WORDS = {
    400: ("This address asks what cannot be", "Check what was typed, or start again from the team page."),
    403: ("That begins on our own pages only", "Open the page itself and use its buttons."),
    404: (
        "Nothing is here",
        "The address may be old, or the wait may have been derived again under another id.",
    ),
    405: ("That cannot be done here", "Use the buttons of the page."),
    413: (
        "This upload is too large for the page",
        "Import it from disk instead: emailresponse import PATH --mailbox you@example.com",
    ),
    421: ("This name is not ours", "Open the address that `emailresponse serve` printed."),
    500: (
        "Something broke on our side",
        "Nothing was changed. Try again; `emailresponse doctor` says what is wrong.",
    ),
}


def register(app: Flask) -> None:
    """Answer every error with a page."""
    log = structlog.get_logger(__name__)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[str, int]:
        code = error.code or 500
        title, advice = WORDS.get(code, (error.name, "Go back and try again."))
        if isinstance(error, CSRFError):
            title, advice = "This form is too old", "Go back, reload the page and send it again."
        return render_template("problem.html", code=code, title=title, reason=None, advice=advice), code

    @app.errorhandler(EmailResponseError)
    def impossible(error: EmailResponseError) -> tuple[str, int]:
        code = 404 if isinstance(error, NotFound) else 400 if isinstance(error, SettingsError) else 503
        title, advice = WORDS.get(code, ("This cannot be answered now", "Try again in a moment."))
        return render_template("problem.html", code=code, title=title, reason=str(error), advice=advice), code

    @app.errorhandler(Exception)
    def broken(error: Exception) -> tuple[str, int]:
        log.error("page failed", error=type(error).__name__, exc_info=app.debug)
        title, advice = WORDS[500]
        return render_template("problem.html", code=500, title=title, reason=None, advice=advice), 500
