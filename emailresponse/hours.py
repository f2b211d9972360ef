"""Weekly hours as people write them: `mon-fri 09:00-12:30,13:30-18:00; sat 09:00-12:00`, or `24/7`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emailresponse.errors import SettingsError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_MINUTES = 24 * 60
_TIME = re.compile(r"(\d{1,2}):(\d{2})")

Hours = str | Sequence[str] | Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True, order=True)
class Weekly:
    """One weekly opening: weekday 1 (Monday) to 7, minutes after local midnight, end exclusive."""

    weekday: int
    opens_minute: int
    closes_minute: int


def parse(hours: Hours) -> tuple[Weekly, ...]:
    """Return the weekly openings that a text, several texts or a table by weekday mean.

    Raises:
        SettingsError: a weekday or time is none, a period ends before it begins, or two overlap.
    """
    found: list[Weekly] = []
    for days, periods in _clauses(hours):
        for weekday in _weekdays(days):
            found.extend(_weekly(weekday, period) for period in periods)
    return check(found)


def check(found: Sequence[Weekly]) -> tuple[Weekly, ...]:
    """Return weekly openings in order.

    Raises:
        SettingsError: there is none, or two of a day overlap.
    """
    if not found:
        raise SettingsError("there are no opening hours; write e.g. 'mon-fri 09:00-17:00'")
    ordered = sorted(found)
    for earlier, later in itertools.pairwise(ordered):
        if earlier.weekday == later.weekday and later.opens_minute < earlier.closes_minute:
            day = WEEKDAYS[earlier.weekday - 1]
            raise SettingsError(f"{day}: {_period(earlier)} and {_period(later)} overlap; make them one")
    return tuple(ordered)


def text(weekly: Sequence[Weekly]) -> str:
    """Return weekly openings in the shortest form that `parse` reads again."""
    by_day: dict[int, list[str]] = {}
    for one in sorted(weekly):
        by_day.setdefault(one.weekday, []).append(_period(one))
    clauses: list[tuple[int, int, str]] = []
    for weekday, periods in sorted(by_day.items()):
        said = ",".join(periods)
        if clauses and clauses[-1][1] == weekday - 1 and clauses[-1][2] == said:
            clauses[-1] = (clauses[-1][0], weekday, said)
        else:
            clauses.append((weekday, weekday, said))
    if clauses == [(1, 7, "00:00-24:00")]:
        return "24/7"
    return "; ".join(f"{_days(first, last)} {said}" for first, last, said in clauses)


def _clauses(hours: Hours) -> list[tuple[str, list[str]]]:
    if isinstance(hours, Mapping):
        return [(days, _periods(periods)) for days, periods in hours.items()]
    clauses = (
        hours.split(";") if isinstance(hours, str) else [part for one in hours for part in one.split(";")]
    )
    found: list[tuple[str, list[str]]] = []
    for clause in filter(None, (clause.strip() for clause in clauses)):
        if clause == "24/7":
            found.append(("mon-sun", ["00:00-24:00"]))
            continue
        days, _, periods = clause.partition(" ")
        if not periods:
            raise SettingsError(f"{clause!r} says no days or no times; write e.g. 'mon-fri 09:00-17:00'")
        found.append((days, _periods(periods)))
    return found


def _periods(periods: str | Sequence[str]) -> list[str]:
    listed = [periods] if isinstance(periods, str) else periods
    return [part.strip() for one in listed for part in one.split(",") if part.strip()]


def _weekdays(days: str) -> list[int]:
    found: list[int] = []
    for part in days.lower().split(","):
        first, _, last = part.strip().partition("-")
        start = _weekday(first)
        end = _weekday(last) if last else start
        count = (end - start) % 7 + 1
        found.extend((start - 1 + n) % 7 + 1 for n in range(count))
    return found


def _weekday(word: str) -> int:
    name = word.strip()
    full = [day for day in _FULL if name in {day, day[:3]}]
    if not full:
        raise SettingsError(f"{word!r} is no weekday; write {', '.join(WEEKDAYS)}")
    return _FULL.index(full[0]) + 1


def _weekly(weekday: int, period: str) -> Weekly:
    opens, dash, closes = period.partition("-")
    if not dash:
        raise SettingsError(f"{period!r} is no period; write e.g. 09:00-17:00")
    first, last = _minute(opens), _minute(closes)
    if first == last:
        raise SettingsError(f"{period} opens and closes at the same time; around the clock is 00:00-24:00")
    if last < first:
        day, following = WEEKDAYS[weekday - 1], WEEKDAYS[weekday % 7]
        raise SettingsError(
            f"{day} {period} closes before it opens; over midnight, write two periods: {day}"
            f" {opens.strip()}-24:00 and {following} 00:00-{closes.strip()}"
        )
    return Weekly(weekday, first, last)


def _minute(time: str) -> int:
    matched = _TIME.fullmatch(time.strip())
    if matched:
        hour, minute = int(matched[1]), int(matched[2])
        if minute < 60 and hour * 60 + minute <= DAY_MINUTES:
            return hour * 60 + minute
    raise SettingsError(f"{time.strip()!r} is no time of day; write 00:00 to 24:00")


def _period(one: Weekly) -> str:
    return f"{_clock(one.opens_minute)}-{_clock(one.closes_minute)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _days(first: int, last: int) -> str:
    return WEEKDAYS[first - 1] if first == last else f"{WEEKDAYS[first - 1]}-{WEEKDAYS[last - 1]}"
