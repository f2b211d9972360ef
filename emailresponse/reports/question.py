"""A filter made ready for SQL: the workspace's zone, the goals it is judged by, the waits it chooses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from emailresponse import goals, settings
from emailresponse.filter import CLASSES, Filter
from emailresponse.reports.figures import ClassGoal, StaleMailbox
from emailresponse.store import Store

LATEST = date(9000, 1, 1)
"""A day after every goal's first."""

STALE_AFTER = timedelta(days=1)
"""A mailbox this far behind the latest one is listed beside the figures."""


@dataclass(frozen=True, slots=True)
class Question:
    """A filter with everything its SQL is given."""

    asked: Filter
    zone: str
    goals: tuple[ClassGoal, ...]
    parameters: dict[str, Any]

    @property
    def scope(self) -> dict[str, Any]:
        """The mailboxes and teams asked about."""
        return {name: self.parameters[name] for name in ("teams", "mailboxes")}

    @property
    def goal_seconds(self) -> int | None:
        """The goal in seconds where all asked classes have the same."""
        found = {goal.seconds for goal in self.goals}
        return found.pop() if len(found) == 1 else None


_put: WeakKeyDictionary[Store, tuple[Filter, object, Question]] = WeakKeyDictionary()
"""What each store was asked last, and of which run's rows: reports on the same filter share its waits."""


def question(store: Store, asked: Filter) -> Question:
    """Return a filter ready for SQL; afterwards the store knows `chosen` and holds `chosen_wait`."""
    run = store.value("store/derived_run")
    last = _put.get(store)
    if last and last[:2] == (asked, run):
        return last[2]
    put = _question(store, asked)
    store.run("filter/chosen_wait", **put.parameters)
    _put[store] = (asked, run, put)
    return put


def _question(store: Store, asked: Filter) -> Question:
    workspace_zone = zone(store)
    judged_by = class_goals(store, asked)
    since_at, until_at = asked.bounds(workspace_zone)
    store.run("filter/chosen")
    parameters = {
        "since_at": since_at,
        "until_at": until_at,
        "zone": workspace_zone,
        "clock": asked.clock,
        "goal_classes": [goal.class_ for goal in judged_by],
        "goal_values": [goal.seconds for goal in judged_by],
        "teams": list(asked.teams) or None,
        "people": list(asked.people) or None,
        "mailboxes": list(asked.mailboxes) or None,
        "companies": list(asked.companies) or None,
        "contacts": list(asked.contacts) or None,
        "classes": list(asked.classes) or None,
        "states": list(asked.states) or None,
        "flags": list(asked.flags) or None,
        "figure": asked.figure,
        "from_seconds": asked.from_seconds,
        "below_seconds": asked.below_seconds,
        "weekday": asked.weekday,
        "hour": asked.hour,
    }
    return Question(asked, workspace_zone, judged_by, parameters)


def zone(store: Store) -> str:
    """Return the IANA zone of the workspace's days."""
    return settings.load(store).zone


def class_goals(store: Store, asked: Filter) -> tuple[ClassGoal, ...]:
    """Return the goal each asked class is judged by: the asked one, else the workspace's, else the default.

    The goal in force on the last asked day counts (without one, the latest). Where it was set on the other
    clock, the same seconds are read on the asked one, and `set_clock` says so.
    """
    on_day = asked.until or LATEST
    found = []
    for name in asked.classes or CLASSES:
        if asked.goal_seconds is not None:
            found.append(ClassGoal(name, asked.goal_seconds, asked.clock, asked.clock, None, "asked"))
            continue
        held = goals.of(store, wait_class=name, day=on_day)
        source = "workspace" if held.goal_id else "default"
        found.append(ClassGoal(name, held.seconds, asked.clock, held.clock, held.share, source))
    return tuple(found)


def is_derived(store: Store) -> bool:
    """Return whether anything was ever derived, so that there are figures."""
    return bool(store.value("report/is_derived"))


def horizons(store: Store, question: Question) -> list[StaleMailbox]:
    """Return how far each asked mailbox is known."""
    return [StaleMailbox(*row) for row in store.tuples("report/horizons", **question.scope)]


def asked_days(store: Store, question: Question) -> tuple[date, date] | None:
    """Return the first and last asked day; open ends are the days with mail; None without mail."""
    first, last = store.tuples("report/volume_days")[0]
    if first is None:
        return None
    asked = question.asked
    since, until = asked.since or first, asked.until or last
    return (since, until) if since <= until else None
