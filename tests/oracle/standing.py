"""Section 5: how each wait stands at the as-of, its flags, and its seconds on both clocks."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.oracle.business import Business
from tests.oracle.clocks import calendar_seconds
from tests.oracle.teams import goal
from tests.oracle.waits import Wait
from tests.oracle.workspace import LONG_AGO, Workspace

DUE_SOON = 0.8


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


def ended_at(workspace: Workspace, wait: Wait) -> datetime:
    """Return when a wait was answered or superseded, or is censored."""
    return wait.closed_at or wait.superseded_at or max(wait.opened_at, horizon(workspace, wait.mailbox))


def state(  # noqa: PLR0911  the table of section 5, row by row
    workspace: Workspace, wait: Wait, business: Business
) -> str:
    """Return the state of a wait."""
    if wait.close_kind == "by_hand":
        return "closed_by_hand"
    if wait.closed_at is not None:
        is_lapsed = wait.is_late or wait.closed_at - wait.opened_at >= workspace.lapse
        return "lapsed" if is_lapsed else "answered"
    if wait.dismissed_kind is not None:
        return "dismissed"
    if wait.superseded_at is not None:
        return "superseded"
    until = ended_at(workspace, wait)
    age = until - wait.opened_at
    if age >= workspace.lapse:
        return "lapsed"
    its = goal(workspace, wait)
    if its.clock == "business":
        age = business.length(wait.mailbox, wait.opened_at, until)
    if age > timedelta(seconds=its.seconds):
        return "overdue"
    return "due_soon" if age.total_seconds() >= its.seconds * DUE_SOON else "open"


def seconds(workspace: Workspace, wait: Wait) -> float | None:
    """Return the calendar seconds to the reply, or an unanswered wait's age when censored."""
    return calendar_seconds(wait.opened_at, ended_at(workspace, wait))


def business_seconds(workspace: Workspace, wait: Wait, business: Business) -> float | None:
    """Return the business seconds to the reply, or the age when censored; None for a skew."""
    if wait.is_skewed:
        return None
    return business.length(wait.mailbox, wait.opened_at, ended_at(workspace, wait)).total_seconds()


def flags(workspace: Workspace, wait: Wait, business: Business) -> set[str]:
    """Return what is to be said beside a wait's times."""
    ends = (wait.opened_at, ended_at(workspace, wait))
    is_outside = not any(business.is_open(wait.mailbox, end) for end in ends)
    is_dismissed = state(workspace, wait, business) == "dismissed"
    said = {
        wait.close_kind or "": wait.close_kind in {"inferred", "call"},
        "late": wait.is_late,
        "skew": wait.is_skewed,
        "off_hours": is_outside and business_seconds(workspace, wait, business) == 0,
        wait.dismissed_kind or "-": is_dismissed and wait.dismissed_kind in {"trashed", "spam"},
        "form": wait.is_form,
        "handoff": wait.handoff_by is not None,
        "assigned": wait.assigned_to is not None,
    }
    return {flag for flag, is_so in said.items() if is_so}
