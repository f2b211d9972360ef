"""What belongs to the request being answered: its cursor, its moment, its question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, g, request

from emailresponse.reports.choices import Choices, choices
from emailresponse.store import Store
from syncing.live import Live
from web.asking import Asking, parse
from web.workspace import Workspace

Answer = TypeVar("Answer")


def workspace() -> Workspace:
    """Return what the pages share."""
    return cast("Workspace", current_app.extensions["workspace"])


def live() -> Live:
    """Return what reads linked mailboxes; 404 where this program reads none."""
    return workspace().live or abort(404)


def db() -> Store:
    """Return this request's cursor, closed when the request ends."""
    if "db" not in g:
        g.db = workspace().store.cursor()
    return cast("Store", g.db)


def now() -> datetime:
    """Return the moment in naive UTC."""
    return workspace().now()


def ask(report: Callable[..., Answer], *arguments: Any, **options: Any) -> Answer:
    """Return a report's answer about the data as it is; the same question is computed once."""
    question = (report.__module__, report.__name__, *arguments, *sorted(options.items()))
    return workspace().answer(question, lambda: report(db(), *arguments, **options))


def known() -> Choices:
    """Return what can be asked about: days, teams, people."""
    return ask(choices)


def asking() -> Asking:
    """Return the question of this request's address.

    Raises:
        SettingsError: the address asks what cannot be.
    """
    return parse(request.args, known())


def register(app: Flask) -> None:
    """Close each request's cursor, and tell every page what it shows of whom."""

    @app.teardown_appcontext
    def close(_: BaseException | None) -> None:
        cursor = g.pop("db", None)
        if cursor is not None:
            cursor.close()

    @app.context_processor
    def words() -> dict[str, Any]:
        return {"now": now(), "vega_version": workspace().bundle.version()}
