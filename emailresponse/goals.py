"""How fast is fast enough: goals of the workspace, a team, a mailbox or a person, dated, by class.

Every change runs inside the caller's transaction, leaves an audit row and asks for a rebuild.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import pyarrow as pa

from emailresponse import audit, mailboxes, people, teams, versions
from emailresponse.audit import Change
from emailresponse.errors import NotFound, SettingsError
from emailresponse.filter import CLASSES, CLOCKS, LEAD_CLASSES
from emailresponse.store import Store

SCOPES = ("workspace", "team", "mailbox", "person")
CLASS_GROUPS = {"lead": LEAD_CLASSES, "all": CLASSES}
HOUR_SECONDS = 3600
RESOLVED = pa.schema(
    [
        ("scope", pa.string()),
        ("scope_id", pa.string()),
        ("class", pa.string()),
        ("clock", pa.string()),
        ("seconds", pa.int64()),
        ("share", pa.float64()),
        ("from_day", pa.date32()),
        ("until_day", pa.date32()),
    ]
)


@dataclass(frozen=True, slots=True)
class Goal:
    """Within `seconds` on `clock` for `share` (in [0, 1]) of the waits of a class; local days inclusive."""

    goal_id: int
    scope: str
    scope_id: str
    wait_class: str
    clock: str
    seconds: int
    share: float
    from_day: date | None = None
    until_day: date | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Whose goal for which class this is a version of."""
        return self.scope, self.scope_id, self.wait_class


def default(wait_class: str) -> Goal:
    """Return the goal of a workspace that has none: leads 1 business hour, others 4; 90 % each."""
    hours = 1 if wait_class in LEAD_CLASSES else 4
    return Goal(0, "workspace", "", wait_class, "business", hours * HOUR_SECONDS, 0.9)


def classes(word: str) -> tuple[str, ...]:
    """Return the classes that a class or a group of them (`lead`, `all`) means.

    Raises:
        SettingsError: there is none of that name.
    """
    if word in CLASSES:
        return (word,)
    if word in CLASS_GROUPS:
        return CLASS_GROUPS[word]
    raise SettingsError(f"{word!r} is no class; write {', '.join([*CLASS_GROUPS, *CLASSES])}")


def listed(store: Store) -> list[Goal]:
    """Return every stored version, by whose and which class it is and from when."""
    return store.rows("store/goals", Goal)


def put(
    store: Store,
    change: Change,
    *,
    wait_class: str,
    seconds: int,
    scope: str = "workspace",
    scope_id: str = "",
    clock: str = "business",
    share: float = 0.9,
    from_day: date | None = None,
    until_day: date | None = None,
    is_new: bool = False,
) -> list[Goal]:
    """Set a goal from a day on for a class or group of classes; returns those that were not so before.

    One that begins the same day is changed, or with `is_new` refused.

    Raises:
        NotFound: there is no such team, mailbox or person.
        SettingsError: the goal cannot be.
    """
    held = scope_of(store, scope, scope_id)
    wanted = [
        _check(Goal(0, scope, held, one, clock, seconds, share, from_day, until_day))
        for one in classes(wait_class)
    ]
    return [one for one in wanted if _put(store, change, one, is_new=is_new)]


def end(
    store: Store,
    change: Change,
    *,
    wait_class: str,
    until_day: date,
    scope: str = "workspace",
    scope_id: str = "",
) -> list[Goal]:
    """End the goals in force on a day with that day; from then on the next wider goal counts.

    Raises:
        NotFound: none is in force that day.
    """
    held = scope_of(store, scope, scope_id)
    known = listed(store)
    ended = []
    for one in classes(wait_class):
        found = versions.at([goal for goal in known if goal.key == (scope, held, one)], until_day)
        if found is not None:
            ended.append(replace(found, until_day=until_day))
            _update(store, change, found, ended[-1])
    if not ended:
        raise NotFound("goal", f"of {scope} {held}".rstrip() + f" for {wait_class} on {until_day}")
    return ended


def of(
    store: Store,
    *,
    wait_class: str,
    day: date,
    person: str | None = None,
    mailbox: str | None = None,
    team: str | None = None,
) -> Goal:
    """Return the goal in force for a wait: of the person, else mailbox, else team, else workspace.

    Args:
        store: where goals are kept.
        wait_class: one of the classes, no group.
        day: local day on which the wait opened.
        person: id, if any.
        mailbox: address, if any.
        team: id, if any.
    """
    known = listed(store)
    for scope, scope_id in (("person", person), ("mailbox", mailbox), ("team", team)):
        found = versions.at([one for one in known if one.key == (scope, scope_id, wait_class)], day)
        if found is not None:
            return found
    return of_workspace(known, wait_class, day)


def of_workspace(known: Sequence[Goal], wait_class: str, day: date) -> Goal:
    """Return the workspace's goal for a class on a local day, of those known; the default without one."""
    key = ("workspace", "", wait_class)
    return versions.at([one for one in known if one.key == key], day) or default(wait_class)


def resolved(store: Store) -> pa.Table:
    """Return every goal with the days it is in force, the defaults of the workspace among them.

    At most one row of a (scope, scope_id, class) holds on any day, and exactly one of the workspace does.

    Returns: a table of schema `RESOLVED`; both local days inclusive, null where open.
    """
    stored = listed(store)
    workspace = [one for one in stored if one.scope == "workspace"]
    rows = [
        *_stretches(stored),
        *(
            gap
            for one in CLASSES
            for gap in _gaps(default(one), [goal for goal in workspace if goal.wait_class == one])
        ),
    ]
    columns = {
        name: [getattr(row, "wait_class" if name == "class" else name) for row in rows]
        for name in RESOLVED.names
    }
    return pa.table(columns, schema=RESOLVED)


def scope_of(store: Store, scope: str, scope_id: str) -> str:
    """Return the id that a team's, mailbox's or person's name means; empty for the workspace.

    Raises:
        NotFound: there is no such team, mailbox or person.
        SettingsError: the scope is none.
    """
    if scope == "workspace":
        return ""
    if scope == "team":
        return teams.team(store, scope_id).team_id
    if scope == "mailbox":
        return mailboxes.mailbox(store, scope_id).mailbox
    if scope == "person":
        return people.person(store, scope_id).person_id
    raise SettingsError(f"{scope!r} is no scope; write {', '.join(SCOPES)}")


def subject(one: Goal) -> str:
    """Return whose goal it is for what, in words."""
    return f"{one.scope} {one.scope_id}".rstrip() + f" {one.wait_class}"


def _check(wanted: Goal) -> Goal:
    if wanted.clock not in CLOCKS:
        raise SettingsError(f"{wanted.clock!r} is no clock; write {' or '.join(CLOCKS)}")
    if wanted.seconds <= 0:
        raise SettingsError("the time of a goal is longer than 0")
    if not 0 < wanted.share <= 1:
        raise SettingsError(f"the share {wanted.share:g} is not above 0 and at most 1; 90 % is 0.9")
    versions.check_order(wanted.from_day, wanted.until_day)
    return wanted


def _put(store: Store, change: Change, wanted: Goal, *, is_new: bool) -> bool:
    same_key = [one for one in listed(store) if one.key == wanted.key]
    before = next((one for one in same_key if one.from_day == wanted.from_day), None)
    if before is not None and is_new:
        raise SettingsError(f"{subject(wanted)} has a goal from that day already; change it instead")
    if before is not None and replace(wanted, goal_id=before.goal_id) == before:
        return False
    versions.check_overlap([wanted, *(one for one in same_key if one is not before)])
    if before is not None:
        _update(store, change, before, replace(wanted, goal_id=before.goal_id))
        return True
    store.value(
        "store/add_goal",
        scope=wanted.scope,
        scope_id=wanted.scope_id,
        wait_class=wanted.wait_class,
        **_columns(wanted),
    )
    audit.record(store, change, "goal added", subject(wanted), _columns(wanted))
    return True


def _update(store: Store, change: Change, before: Goal, after: Goal) -> None:
    store.run("store/update_goal", goal_id=after.goal_id, **_columns(after))
    detail = {"before": _columns(before), "after": _columns(after)}
    audit.record(store, change, "goal changed", subject(after), detail)


def _columns(one: Goal) -> dict[str, Any]:
    return {
        "clock": one.clock,
        "seconds": one.seconds,
        "share": one.share,
        "from_day": one.from_day,
        "until_day": one.until_day,
    }


def _stretches(stored: Sequence[Goal]) -> Iterator[Goal]:
    for _, same in groupby(sorted(stored, key=lambda one: one.key), key=lambda one: one.key):
        for one, first, last in versions.stretches(list(same)):
            yield _during(one, first, last)


def _gaps(filler: Goal, stored: Sequence[Goal]) -> Iterator[Goal]:
    """Yield the default for every stretch of days on which nothing stored is in force."""
    begin = date.min
    for _, first, last in versions.stretches(stored):
        if begin < first:
            yield _during(filler, begin, first - timedelta(days=1))
        if last == date.max:
            return
        begin = last + timedelta(days=1)
    yield _during(filler, begin, date.max)


def _during(one: Goal, first: date, last: date) -> Goal:
    return replace(
        one,
        from_day=None if first == date.min else first,
        until_day=None if last == date.max else last,
    )
