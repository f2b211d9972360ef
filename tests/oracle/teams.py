"""Sections 4, 5 and 7: whose team a mailbox is of, which goal counts, how many messages passed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from emailresponse.goals import Goal
from tests.oracle.identity import Message
from tests.oracle.verdicts import Verdict
from tests.oracle.waits import LEADS, Wait
from tests.oracle.workspace import Workspace

Volume = tuple[date, int, int, str, str | None, str | None, str]


def local(workspace: Workspace, moment: datetime) -> datetime:
    """Return a UTC moment as the workspace's clocks show it."""
    return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(workspace.zone))


def team(workspace: Workspace, mailbox: str, moment: datetime) -> str | None:
    """Return a mailbox's own team, else the one its owner joined last of those they are in that day."""
    held = workspace.mailboxes.get(mailbox)
    if held is None:
        return None
    if held.team is not None:
        return held.team
    day = local(workspace, moment).date()
    stays = [one for one in workspace.stays if one.person_id == held.owner and _holds(one, day)]
    if not stays:
        return None
    latest = max(one.from_day or date.min for one in stays)
    return min(one.team_id for one in stays if (one.from_day or date.min) == latest)


def _holds(dated: object, day: date) -> bool:
    first, last = dated.from_day, dated.until_day
    return (first is None or first <= day) and (last is None or day <= last)


def goal(workspace: Workspace, wait: Wait) -> Goal:
    """Return the goal of the wait's person, else mailbox, else team, else workspace on the day it opened."""
    day = local(workspace, wait.opened_at).date()
    held = workspace.mailboxes.get(wait.mailbox)
    person = held.owner if held else None
    if len(wait.addressees) == 1:
        person = wait.addressees[0]
    person = wait.assigned_to or person
    scopes = (
        ("person", person),
        ("mailbox", wait.mailbox),
        ("team", team(workspace, wait.mailbox, wait.opened_at)),
        ("workspace", ""),
    )
    for key in scopes:
        begun = [
            one
            for one in workspace.goals
            if (one.scope, one.scope_id) == key
            and one.wait_class == wait.klass
            and (one.from_day is None or one.from_day <= day)
        ]
        if begun:
            latest = max(begun, key=lambda one: one.from_day or date.min)
            if _holds(latest, day):
                return latest
    hours = 1 if wait.klass in LEADS else 4
    return Goal(0, "workspace", "", wait.klass, "business", hours * 3600, 0.9)


def volumes(
    workspace: Workspace, messages: Mapping[str, Message], verdicts: Mapping[str, Verdict]
) -> Counter[Volume]:
    """Return how many messages people wrote, by local day and hour, mailbox, team, person and direction."""
    found: Counter[Volume] = Counter()
    for key, message in messages.items():
        if verdicts[key][0] != "human" or message.at is None or message.direction == "unknown":
            continue
        at = local(workspace, message.at)
        person = message.credit if message.is_ours else None
        its = team(workspace, message.mailbox, message.at)
        found[at.date(), at.hour, at.isoweekday(), message.mailbox, its, person, message.direction] += 1
    return found
