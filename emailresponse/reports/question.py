"""A filter made ready for SQL: the workspace's settings, and the goals the waits are judged by."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from emailresponse import goals, settings
from emailresponse.filter import CLASSES, Filter
from emailresponse.goals import Goal
from emailresponse.reports.figures import ClassGoal, StaleMailbox
from emailresponse.settings import Settings
from emailresponse.store import Store

LATEST = date(9000, 1, 1)
"""A day after every goal's first."""

STALE_AFTER = timedelta(days=1)
"""A mailbox this far behind the latest one is listed beside the figures."""


@dataclass(frozen=True, slots=True)
class Question:
    """A filter, maybe with the one about the days before, and everything its SQL is given.

    Attributes:
        parameters: what `chosen` is asked.
    """

    asked: Filter
    before: Filter | None
    rules: Settings
    goals: tuple[ClassGoal, ...]
    goals_before: tuple[ClassGoal, ...]
    parameters: dict[str, Any]

    @property
    def zone(self) -> str:
        """The workspace's zone."""
        return self.rules.zone

    @property
    def scope(self) -> dict[str, Any]:
        """The mailboxes and teams asked about."""
        return {name: self.parameters[name] for name in ("teams", "mailboxes")}


def question(store: Store, asked: Filter, before: Filter | None = None) -> Question:
    """Return a filter ready for SQL; with `before`, the same about the days just before is asked as well."""
    rules = settings.load(store)
    known = goals.listed(store)
    judged_by = class_goals(known, asked)
    judged_before = class_goals(known, before) if before else ()
    starts_at, until_at = asked.bounds(rules.zone)
    parameters = {
        **{name: _given(getattr(asked, name)) for name in _NAMES},
        "zone": rules.zone,
        "since_at": before.bounds(rules.zone)[0] if before else starts_at,
        "starts_at": starts_at if before else None,
        "until_at": until_at,
        "goal_classes": [goal.class_ for goal in judged_by],
        "goal_values": [goal.seconds for goal in judged_by],
        "goal_values_before": [goal.seconds for goal in judged_before] or None,
    }
    return Question(asked, before, rules, judged_by, judged_before, parameters)


_NAMES = tuple(field.name for field in fields(Filter) if field.name not in {"since", "until", "goal_seconds"})


def _given(value: Any) -> Any:
    """Return a condition as SQL takes it: None where all are meant."""
    return (list(value) or None) if isinstance(value, tuple) else value


def zone(store: Store) -> str:
    """Return the IANA zone of the workspace's days."""
    return settings.load(store).zone


def class_goals(known: list[Goal], asked: Filter) -> tuple[ClassGoal, ...]:
    """Return the goal each asked class is judged by: the asked one, else the workspace's, else the default.

    The goal in force on the last asked day counts (without one, the latest). Where it was set on the other
    clock, the same seconds are read on the asked one, and `set_clock` says so.
    """
    found = []
    for name in asked.classes or CLASSES:
        if asked.goal_seconds is not None:
            found.append(ClassGoal(name, asked.goal_seconds, asked.clock, asked.clock, None, "asked"))
            continue
        held = goals.of_workspace(known, name, asked.until or LATEST)
        source = "workspace" if held.goal_id else "default"
        found.append(ClassGoal(name, held.seconds, asked.clock, held.clock, held.share, source))
    return tuple(found)


def goal_seconds(store: Store, asked: Filter) -> int | None:
    """Return the goal in seconds where all asked classes have the same; None where they differ."""
    return same_seconds(class_goals(goals.listed(store), asked))


def same_seconds(found: tuple[ClassGoal, ...]) -> int | None:
    """Return the seconds of goals that are all the same; None where they differ."""
    seconds = {goal.seconds for goal in found}
    return seconds.pop() if len(seconds) == 1 else None


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
