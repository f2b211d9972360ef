"""The pages' application: its blueprints, its words, its guards."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from emailresponse.store import Store
from syncing.live import Live
from web import (
    current,
    drawings,
    guards,
    imports,
    linking,
    mailboxes,
    methodology,
    notices,
    problems,
    team,
    telling,
    waits,
    wording,
)
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
    live: Callable[[Workspace], Live] | None = None,
) -> Flask:
    """Return the pages over a store.

    Args:
        store: the workspace's database; every request takes a cursor of its own.
        now: the moment in naive UTC.
        uploads: folder that uploads wait in; absent: the system's temporary folder.
        upload_limit: bytes of one upload.
        secret: key of the session cookie; absent: a new one, so that forms of before a restart are refused.
        live: puts together what reads linked mailboxes; absent: nothing reads them.
    """
    app = Flask(__name__)
    app.request_class = UploadRequest
    app.config.update(
        SECRET_KEY=secret or secrets.token_hex(32),
        SESSION_COOKIE_NAME="emailresponse",
        SESSION_COOKIE_HTTPONLY=True,
        # Strict would keep it from people who come back from consenting at a provider. Forms are protected by
        # tokens of their own, and nothing is changed by a GET but what the session itself began.
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=upload_limit,
        WTF_CSRF_TIME_LIMIT=None,
        UPLOADS=uploads,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    for words in (wording, telling):
        app.jinja_env.filters.update(words.FILTERS)
        app.jinja_env.globals.update(words.GLOBALS)
    shared = app.extensions["workspace"] = Workspace(store, now)
    shared.live = live(shared) if live else None
    CSRFProtect(app)
    for part in (guards, current, notices, problems):
        part.register(app)
    for noun in (team, waits, methodology, mailboxes, linking, imports, notices, drawings):
        app.register_blueprint(noun.blueprint)
    return app
