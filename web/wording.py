"""Say numbers, times and names as people read them: the pages' Jinja filters.

Absent is not zero: None is a dash, and never 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from emailresponse import durations
from emailresponse.reports.figures import Quantile

ABSENT = "\u2013"

CLASSES = {
    "lead_new": "New lead",
    "lead_known": "Known company",
    "prospect_reply": "Prospect's reply",
    "follow_up": "Follow-up",
    "cc_only": "Only in Cc",
}
STATES = {
    "open": "Open",
    "due_soon": "Due soon",
    "overdue": "Overdue",
    "lapsed": "Lapsed",
    "answered": "Answered",
    "closed_by_hand": "Closed by hand",
    "superseded": "Superseded",
    "dismissed": "Dismissed",
}
VERDICTS = {
    "human": "a person wrote it",
    "automated": "automatic",
    "bounce": "bounce",
    "calendar": "calendar",
    "bulk": "bulk",
    "suspected_automatic": "suspected automatic",
}
ROLES = {
    "opener": "opens the wait",
    "chaser": "chaser",
    "closer": "closes the wait",
    "handoff": "hand-off",
}
FLAGS = {
    "inferred": "reply inferred",
    "late": "late reply",
    "skew": "clocks disagree",
    "off_hours": "wholly out of hours",
    "trashed": "trashed",
    "spam": "marked as spam",
    "form": "web form",
    "assigned": "assigned",
    "call": "answered by phone",
    "handoff": "handed on",
}
OVERRIDES = {
    "dismiss": "Dismissed",
    "call": "Answered by phone",
    "by_hand": "Closed by hand",
    "human": "Not automatic",
    "automated": "Automatic",
    "assign": "Assigned",
    "withdraw": "Withdrawn",
}
JOBS = {
    "waiting": "Waiting for its turn",
    "reading": "Reading",
    "deriving": "Working out who waited for whom",
    "done": "Imported",
    "failed": "Not imported",
}
WORDS = {
    "class": CLASSES,
    "state": STATES,
    "verdict": VERDICTS,
    "role": ROLES,
    "flag": FLAGS,
    "override": OVERRIDES,
    "job": JOBS,
}


def number(value: float | None) -> str:
    """Return `12 345`, thousands set apart by a thin blank."""
    return ABSENT if value is None else f"{value:,.0f}".replace(",", "\u202f")


def decimal(value: float | None) -> str:
    """Return a small number with the digits that say something."""
    if value is None:
        return ABSENT
    return number(value) if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def share(value: float | None) -> str:
    """Return `82 %`; only all is 100 %, only none 0 %."""
    return ABSENT if value is None else _tied(durations.spoken_share(value))


def interval(low: float | None, high: float | None) -> str:
    """Return both ends of an interval in percent."""
    if low is None or high is None:
        return ABSENT
    return f"{low * 100:.0f}\u2009\u2013\u2009{high * 100:.0f}\u00a0%"


def duration(seconds: float | None, clock: str = "calendar") -> str:
    """Return a time in its two largest units."""
    return ABSENT if seconds is None else _tied(durations.spoken(seconds, clock))


def goal(seconds: int | None) -> str:
    """Return a goal exactly."""
    return ABSENT if seconds is None else _tied(durations.spoken_goal(seconds))


def quantile(value: Quantile | None, clock: str = "calendar") -> str:
    """Return the time; `> X` where the curve never falls that far; `no data` without waits."""
    if value is None or (value.seconds is None and value.beyond_seconds is None):
        return durations.NO_DATA
    if value.seconds is None:
        return f">\u00a0{duration(value.beyond_seconds, clock)}"
    return duration(value.seconds, clock)


def band(value: Quantile | None, clock: str = "calendar") -> str:
    """Return the 95 % band of a time in words, empty where there is none."""
    return "" if value is None else _tied(durations.spoken_band(value, clock))


def _tied(words: str) -> str:
    return words.replace(" ", "\u00a0").replace("\u00a0to\u00a0", " to ")


def day(value: date | None) -> str:
    """Return `3 Mar 2026`."""
    return ABSENT if value is None else f"{value.day}\u00a0{value:%b}\u00a0{value.year}"


def moment(value: datetime | None, zone: str = "UTC") -> str:
    """Return a UTC moment in a zone: `Tue 3 Mar 2026, 14:05`."""
    if value is None:
        return ABSENT
    local = value.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return f"{local:%a} {day(local.date())}, {local:%H:%M}"


def iso(value: datetime | date | None) -> str:
    """Return ISO 8601, moments with Z."""
    if value is None:
        return ""
    return value.isoformat(timespec="seconds") + "Z" if isinstance(value, datetime) else value.isoformat()


def ago(value: datetime | None, now: datetime) -> str:
    """Return how long ago a moment is, roughly."""
    return ABSENT if value is None else f"{duration(max((now - value).total_seconds(), 0))} ago"


def size(count: float | None) -> str:
    """Return bytes as `3.4 MB`."""
    if count is None:
        return ABSENT
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.0f}\u00a0{unit}" if unit == "B" else f"{count:.1f}\u00a0{unit}"
        count /= 1000
    raise AssertionError


def word(value: str | None, kind: str) -> str:
    """Return what people call a class, state, verdict, role, flag or override."""
    return (
        ABSENT
        if value is None
        else WORDS.get(kind, {}).get(value, value if kind == "sender" else value.replace("_", " "))
    )


_MOMENT = re.compile(r"\b(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d+)? UTC\b")
_WAIT = re.compile(r"\b(w[0-9a-f]{12})\b")


def told(sentence: str, zone: str) -> Markup:
    """Return a reason with its moments in a zone and its waits as links within the page."""

    def local(found: re.Match[str]) -> str:
        return moment(datetime.fromisoformat(found[1]), zone)

    return Markup(_WAIT.sub(r'<a href="#\1">\1</a>', str(escape(_MOMENT.sub(local, sentence)))))  # noqa: S704


def share_change(now: float | None, before: float | None) -> str:
    """Return how a share moved, in percentage points; empty where either is absent."""
    if now is None or before is None:
        return ""
    points = round(now * 100) - round(before * 100)
    return "as before" if not points else f"{abs(points)}\u00a0points {'higher' if points > 0 else 'lower'}"


def time_change(now: Quantile | None, before: Quantile | None, clock: str = "calendar") -> str:
    """Return how a time moved; empty where either is not reached."""
    if now is None or before is None or now.seconds is None or before.seconds is None:
        return ""
    moved = now.seconds - before.seconds
    if abs(moved) < 30:
        return "as before"
    return f"{duration(abs(moved), clock)} {'slower' if moved > 0 else 'faster'}"


def direction(change: str) -> str:
    """Return `better`, `worse` or `same` for the words of a change."""
    if change.endswith(("higher", "faster", "fewer")):
        return "better"
    return "worse" if change.endswith(("lower", "slower", "more")) else "same"


def address(arguments: Mapping[str, Any]) -> str:
    """Return arguments as the query of an address, absent and empty ones left out."""
    kept = {name: value for name, value in arguments.items() if value not in (None, "", (), [])}
    return "?" + urlencode(kept, doseq=True) if kept else "?"


FILTERS = {
    "number": number,
    "decimal": decimal,
    "share": share,
    "duration": duration,
    "goal": goal,
    "quantile": quantile,
    "band": band,
    "day": day,
    "moment": moment,
    "iso": iso,
    "ago": ago,
    "bytes": size,
    "word": word,
    "told": told,
    "direction": direction,
    "address": address,
}
GLOBALS = {"interval": interval, "share_change": share_change, "time_change": time_change}
