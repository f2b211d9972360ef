"""Turn an address into a question and a question into an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from emailresponse.errors import SettingsError
from emailresponse.filter import CLASSES, LEAD_CLASSES, STATES, Filter, parse_seconds
from emailresponse.reports.choices import Choices
from web import wording

PRESETS = {"7d": ("7 days", 7), "28d": ("28 days", 28), "90d": ("90 days", 90), "12m": ("12 months", 365)}
DEFAULT_PERIOD = "28d"
EVERYTHING = "all"
CHOSEN_DAYS = "days"
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2200, 1, 1)
CLASS_CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "leads": ("Leads", LEAD_CLASSES),
    "follow_up": ("Follow-ups", ("follow_up",)),
    "prospect_reply": ("Prospects' replies", ("prospect_reply",)),
    "lead_new": ("New leads alone", ("lead_new",)),
    "lead_known": ("Known companies alone", ("lead_known",)),
    "direct": ("All direct messages", tuple(name for name in CLASSES if name != "cc_only")),
    "cc_only": ("Cc only", ("cc_only",)),
}
STATE_CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("All", ()),
    "unanswered": ("Unanswered", ("open", "due_soon", "overdue", "lapsed")),
    "open": ("Open", ("open", "due_soon", "overdue")),
    "due_soon": ("Due soon", ("due_soon",)),
    "overdue": ("Overdue", ("overdue",)),
    "lapsed": ("Lapsed", ("lapsed",)),
    "answered": ("Answered", ("answered",)),
    "hidden": ("Dismissed or closed by hand", ("dismissed", "closed_by_hand")),
}

FIGURE_WORDS = {
    "counted": "in the figures",
    "judged": "judged",
    "met": "answered within goal",
    "missed": "missed the goal",
    "answered": "answered",
    "unanswered": "not answered",
    "hidden": "dismissed or closed by hand",
    "chased": "wrote again before an answer",
    "handed": "handed to a colleague",
    "late": "answered after lapsing",
}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Asking:
    """A question with the words of the address it came in.

    Attributes:
        asked: the question.
        period: a preset's name, `all`, or `days` where both days were typed.
        goal: the goal as typed, empty for the workspace's.
        kind: name of the choice of classes.
        state: name of the choice of states.
    """

    asked: Filter
    period: str
    goal: str
    kind: str
    state: str

    @property
    def is_narrowed(self) -> bool:
        """Say whether anything but the days is asked."""
        names = {"team", "person", "class", "clock", "goal", "since", "until"}
        return bool(names & set(self.arguments()))

    @property
    def narrowings(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return each condition that the form does not show: its words, and the arguments that make it."""
        asked = self.asked
        found: list[tuple[str, tuple[str, ...]]] = []
        if asked.figure:
            found.append((FIGURE_WORDS[asked.figure], ("figure",)))
        found += [(wording.word(flag, "flag"), ("flag",)) for flag in asked.flags]
        if asked.from_seconds is not None or asked.below_seconds is not None:
            found.append((_range(asked.from_seconds, asked.below_seconds, asked.clock), ("from", "below")))
        if asked.weekday is not None or asked.hour is not None:
            found.append((_week_hour(asked.weekday, asked.hour), ("weekday", "hour")))
        for name, values in (
            ("mailbox", asked.mailboxes),
            ("company", asked.companies),
            ("contact", asked.contacts),
        ):
            found += [(value, (name,)) for value in values]
        return found

    def without(self, names: tuple[str, ...]) -> Mapping[str, Any]:
        """Return the address's arguments without some of them."""
        return {name: value for name, value in self.arguments().items() if name not in names}

    def arguments(self, **changes: Any) -> Mapping[str, Any]:
        """Return the address's arguments with changes; what equals the default is left out."""
        asked = self.asked
        typed = self.period == CHOSEN_DAYS
        given: dict[str, Any] = {
            "period": None if typed or self.period == DEFAULT_PERIOD else self.period,
            "since": asked.since if typed else None,
            "until": asked.until if typed else None,
            "team": asked.teams,
            "person": asked.people,
            "mailbox": asked.mailboxes,
            "company": asked.companies,
            "contact": asked.contacts,
            "class": None if self.kind == "leads" else self.kind,
            "clock": None if asked.clock == "business" else asked.clock,
            "goal": self.goal or None,
            "state": self.state or None,
            "figure": asked.figure,
            "flag": asked.flags,
            "from": asked.from_seconds,
            "below": asked.below_seconds,
            "weekday": asked.weekday,
            "hour": asked.hour,
        }
        return {
            name: value
            for name, value in (given | changes).items()
            if value is not None and value not in ("", ())
        }


def parse(arguments: MultiDict[str, str], known: Choices) -> Asking:
    """Return the question of an address's arguments; presets count back from the last day of the data.

    Raises:
        SettingsError: the address asks what cannot be.
    """
    period, since, until = _days(arguments, known)
    kind = arguments.get("class") or "leads"
    state = arguments.get("state", "")
    goal = arguments.get("goal", "").strip()
    if kind not in CLASS_CHOICES:
        raise SettingsError(f"{kind!r} is none of {', '.join(CLASS_CHOICES)}", "class")
    if state not in STATE_CHOICES and state not in STATES:
        raise SettingsError(f"{state!r} is none of {', '.join(filter(None, STATE_CHOICES))}", "state")
    asked = Filter(
        since=since,
        until=until,
        teams=_several(arguments, "team"),
        people=_several(arguments, "person"),
        mailboxes=_several(arguments, "mailbox"),
        companies=_several(arguments, "company"),
        contacts=_several(arguments, "contact"),
        classes=CLASS_CHOICES[kind][1],
        clock=arguments.get("clock") or "business",
        goal_seconds=_goal(goal),
        states=STATE_CHOICES[state][1] if state in STATE_CHOICES else (state,),
        flags=_several(arguments, "flag"),
        figure=arguments.get("figure") or None,
        from_seconds=whole(arguments, "from"),
        below_seconds=whole(arguments, "below"),
        weekday=whole(arguments, "weekday", 1, 7),
        hour=whole(arguments, "hour", 0, 23),
    )
    return Asking(asked=asked, period=period, goal=goal, kind=kind, state=state)


def _range(low: int | None, high: int | None, clock: str) -> str:
    if low and high is not None:
        return f"{wording.duration(low, clock)} to {wording.duration(high, clock)}"
    return (
        f"over {wording.duration(low, clock)}" if high is None else f"under {wording.duration(high, clock)}"
    )


def _week_hour(weekday: int | None, hour: int | None) -> str:
    day = WEEKDAYS[weekday - 1] if weekday else "any day"
    return day if hour is None else f"{day} {hour:02d}:00"


def _several(arguments: MultiDict[str, str], name: str) -> tuple[str, ...]:
    return tuple(sorted({value for value in arguments.getlist(name) if value}))


def whole(arguments: MultiDict[str, str], name: str, least: int = 0, most: int = 10**9) -> int | None:
    """Return an argument that is a whole number; None where it is absent.

    Raises:
        SettingsError: it is none, or out of range.
    """
    typed = arguments.get(name, "").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 10 and least <= int(typed) <= most):
        raise SettingsError(f"{typed!r} is no whole number from {least} to {most}", name)
    return int(typed)


def _days(arguments: MultiDict[str, str], known: Choices) -> tuple[str, date | None, date | None]:
    period = arguments.get("period", "")
    if period and period not in {*PRESETS, EVERYTHING, CHOSEN_DAYS}:
        raise SettingsError(f"{period!r} is none of {', '.join(PRESETS)}, all", "period")
    since, until = _day(arguments, "since"), _day(arguments, "until")
    if (since or until) and period in {"", CHOSEN_DAYS}:
        since, until = since or known.first_day, until or known.last_day
        named = [name for name in (*PRESETS, EVERYTHING) if _preset(name, known) == (since, until)]
        return (named or [CHOSEN_DAYS])[0], since, until
    period = period if period in {*PRESETS, EVERYTHING} else DEFAULT_PERIOD
    return period, *_preset(period, known)


def _preset(period: str, known: Choices) -> tuple[date | None, date | None]:
    """Return the days of a preset, counted back from the last day of the data."""
    if period == EVERYTHING or known.last_day is None:
        return known.first_day, known.last_day
    return known.last_day - timedelta(days=PRESETS[period][1] - 1), known.last_day


def _day(arguments: MultiDict[str, str], name: str) -> date | None:
    typed = arguments.get(name, "").strip()
    try:
        day = date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise SettingsError(f"{typed!r} is no day; write it like 2026-03-01", name) from error
    if day and not FIRST_DAY <= day <= LAST_DAY:
        raise SettingsError(f"{typed} is no day of any mailbox", name)
    return day


def _goal(typed: str) -> int | None:
    return parse_seconds(typed) if typed else None


def trend_period(asked: Filter) -> str:
    """Return day, week or month: what makes a readable trend of the days asked about."""
    if asked.since is None or asked.until is None:
        return "month"
    days = (asked.until - asked.since).days + 1
    return "day" if days <= 31 else "week" if days <= 200 else "month"
