"""The pages' application: its blueprints, its words, its guards."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from emailresponse.store import Store
from web import current, drawings, guards, imports, methodology, problems, team, waits, wording
from web.uploads import UploadRequest
from web.workspace import Workspace

UPLOAD_LIMIT = 32 * 1024**3
"""Bytes of one upload; larger archives are read from disk by `emailresponse import`."""


def create_app(
    store: Store,
    *,
    now: Callable[[], datetime],
    uploads: Path | None = None,
    upload_limit: int = UPLOAD_LIMIT,
    secret: str | None = None,
) -> Flask:
    """Return the pages over a store.

    Args:
        store: the workspace's database; every request takes a cursor of its own.
        now: the moment in naive UTC.
        uploads: folder that uploads wait in; absent: the system's temporary folder.
        upload_limit: bytes of one upload.
        secret: key of the session cookie; absent: a new one, so that forms of before a restart are refused.
    """
    app = Flask(__name__)
    app.request_class = UploadRequest
    app.config.update(
        SECRET_KEY=secret or secrets.token_hex(32),
        SESSION_COOKIE_NAME="emailresponse",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=upload_limit,
        WTF_CSRF_TIME_LIMIT=None,
        UPLOADS=uploads,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(wording.FILTERS)
    app.jinja_env.globals.update(wording.GLOBALS)
    app.extensions["workspace"] = Workspace(store, now)
    CSRFProtect(app)
    for part in (guards, current, problems):
        part.register(app)
    for noun in (team, waits, methodology, imports, drawings):
        app.register_blueprint(noun.blueprint)
    return app
