"""Section 5: how each wait stands at the as-of, and its seconds on the calendar clock."""

from __future__ import annotations

from datetime import datetime

from tests.oracle.clocks import calendar_seconds
from tests.oracle.waits import Wait
from tests.oracle.workspace import LONG_AGO, Workspace


def horizon(workspace: Workspace, mailbox: str) -> datetime:
    """Return how far a mailbox is known: its last sync, else its newest message; never past the as-of."""
    known = workspace.mailboxes.get(mailbox)
    synced = known.synced_at if known else None
    if synced is not None:
        return synced if workspace.as_of is None else min(synced, workspace.as_of)
    if workspace.as_of is not None:
        return workspace.as_of
    timed = [copy.copied_at for copy in workspace.copies if copy.mailbox == mailbox and copy.copied_at]
    return max(timed, default=LONG_AGO)


def state(workspace: Workspace, wait: Wait) -> str:
    """Return the state of a wait; what is open is `open` whatever part of the goal is used."""
    if wait.close_kind == "by_hand":
        return "closed_by_hand"
    if wait.closed_at is not None:
        is_lapsed = wait.is_late or wait.closed_at - wait.opened_at >= workspace.lapse
        return "lapsed" if is_lapsed else "answered"
    if wait.dismissed_kind is not None:
        return "dismissed"
    if wait.superseded_at is not None:
        return "superseded"
    age = horizon(workspace, wait.mailbox) - wait.opened_at
    return "lapsed" if age >= workspace.lapse else "open"


def seconds(workspace: Workspace, wait: Wait) -> float | None:
    """Return the calendar seconds to the reply, or an unanswered wait's age when censored."""
    end = wait.closed_at or wait.superseded_at
    if end is None:
        end = max(wait.opened_at, horizon(workspace, wait.mailbox))
    return calendar_seconds(wait.opened_at, end)
