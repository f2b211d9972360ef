"""The question every report, page, export and command asks: which waits, on which clock, against which goal.

A filter's days are local days of the workspace's zone, both inclusive. The same frozen filter always gives
the same answer of the same data, so it can be kept, compared and put into a link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from emailresponse.errors import SettingsError

CLASSES = ("lead_new", "lead_known", "prospect_reply", "follow_up", "cc_only")
LEAD_CLASSES = ("lead_new", "lead_known")
STATES = (
    "open",
    "due_soon",
    "overdue",
    "lapsed",
    "answered",
    "closed_by_hand",
    "superseded",
    "dismissed",
)
FIGURES = (
    "counted",
    "judged",
    "met",
    "missed",
    "answered",
    "unanswered",
    "hidden",
    "chased",
    "handed",
    "late",
)
CLOCKS = ("business", "calendar")
PERIODS = ("day", "week", "month")

_EARLIEST = datetime(1900, 1, 1)  # noqa: DTZ001 - naive UTC, as everything below the edge
_LATEST = datetime(9000, 1, 1)  # noqa: DTZ001
_MIDDLE = 5000  # a year far from both ends of the calendar
LONGEST_SECONDS = 366 * 86400
"""The longest time that a goal or a filter may name."""
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_PART = re.compile(
    r"(\d+(?:\.\d+)?)\s*(weeks?|w|days?|d|hours?|h|minutes?|min|m|seconds?|sec|s)\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which waits are asked about, and how they are judged.

    Attributes:
        since: first local day of opening; absent: from the beginning.
        until: last local day of opening, inclusive; absent: to the end.
        teams: team ids; empty: all, as in every tuple below.
        people: person ids. A person's set is what they answered, and the unanswered addressed or
            assigned to them.
        mailboxes: addressed mailboxes.
        companies: companies that waited.
        contacts: addresses that waited.
        classes: classes of wait; empty: all.
        clock: `business` or `calendar`.
        goal_seconds: the goal on that clock; absent: the workspace's goal of each wait's class.
        states: states of wait; empty: all.
        flags: waits that bear one of these flags; empty: all.
        figure: only the waits behind a figure (one of FIGURES).
        from_seconds: waits of at least this time on the clock; below_seconds: of less.
        weekday: waits opened on this local weekday (1 Monday to 7); hour: in this local hour.
    """

    since: date | None = None
    until: date | None = None
    teams: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    mailboxes: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    classes: tuple[str, ...] = LEAD_CLASSES
    clock: str = "business"
    goal_seconds: int | None = None
    states: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    figure: str | None = None
    from_seconds: int | None = None
    below_seconds: int | None = None
    weekday: int | None = None
    hour: int | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise SettingsError(f"{self.since} comes after {self.until}", "days")
        for given, known, where in (
            (self.classes, CLASSES, "class"),
            (self.states, STATES, "state"),
            ((self.clock,), CLOCKS, "clock"),
            ((self.figure,) if self.figure else (), FIGURES, "figure"),
        ):
            for name in given:
                if name not in known:
                    raise SettingsError(f"{name!r} is none of {', '.join(known)}", where)
        if self.goal_seconds is not None and self.goal_seconds <= 0:
            raise SettingsError("a goal is longer than 0 s", "goal")

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """Return the half-open range of UTC moments that the days cover in a zone."""
        since = midnight(self.since, zone) if self.since else _EARLIEST
        until = midnight(day_after(self.until), zone) if self.until else _LATEST
        return since, until


def day_after(day: date) -> date:
    """Return the next day; the last day there is has none and stands for itself."""
    return day if day == date.max else day + timedelta(days=1)


def midnight(day: date, zone: str) -> datetime:
    """Return the UTC moment a local day begins; where midnight is skipped, the first moment there is."""
    local = datetime.combine(day, time(), ZoneInfo(zone))
    try:
        return local.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return _EARLIEST if day.year < _MIDDLE else _LATEST


def previous(asked: Filter) -> Filter | None:
    """Return the same question about as many days just before; absent where the days are open-ended."""
    if asked.since is None or asked.until is None:
        return None
    length = asked.until - asked.since + timedelta(days=1)
    try:
        return replace(asked, since=asked.since - length, until=asked.since - timedelta(days=1))
    except OverflowError:
        return None


def parse_seconds(text: str) -> int:
    """Return the seconds a duration like `1h`, `90m`, `1 h 30 min`, `2d` or `45` (minutes) names.

    Raises:
        SettingsError: the text is no duration, 0, or longer than LONGEST_SECONDS.
    """
    trimmed = text.strip()
    if re.fullmatch(r"\d+(\.\d+)?", trimmed):
        trimmed += "m"
    total, position = 0.0, 0
    while position < len(trimmed):
        part = _PART.match(trimmed, position)
        if not part:
            break
        total += float(part[1]) * _UNITS[part[2][0].lower()]
        position = part.end()
    if total > LONGEST_SECONDS:
        raise SettingsError(f"{text!r} is longer than a year", "duration")
    if position < len(trimmed) or total < 1:
        raise SettingsError(f"{text!r} is no duration; write 1h, 90m or 1 h 30 min", "duration")
    return round(total)


def parse_day(text: str, today: date) -> date:
    """Return the day of `2026-03-01`, `today`, `yesterday` or `30d` (so many days before today).

    Raises:
        SettingsError: the text is no day.
    """
    trimmed = text.strip().lower()
    if trimmed in {"today", "yesterday"}:
        return today - timedelta(days=trimmed == "yesterday")
    try:
        if ago := re.fullmatch(r"(\d{1,5})\s*d", trimmed):
            return today - timedelta(days=int(ago[1]))
        return date.fromisoformat(trimmed)
    except (ValueError, OverflowError) as error:
        raise SettingsError(f"{text!r} is no day; write 2026-03-01, today or 30d", "day") from error
