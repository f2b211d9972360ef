"""Dated versions of one thing: local days, both inclusive, open where absent.

A version without an end is in force until the day before the next one begins. Two versions overlap, and are
refused, where they begin on the same day or where one's stated end reaches into the next.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar

from emailresponse.errors import SettingsError


class Dated(Protocol):
    """Something in force from a local day until another."""

    @property
    def from_day(self) -> date | None:
        """First day in force; absent: since ever."""
        ...

    @property
    def until_day(self) -> date | None:
        """Last day in force; absent: until the next version begins."""
        ...


Version = TypeVar("Version", bound=Dated)


def check_order(from_day: date | None, until_day: date | None) -> None:
    """Let a stretch of days pass.

    Raises:
        SettingsError: it ends before it begins.
    """
    if from_day and until_day and until_day < from_day:
        raise SettingsError(f"the last day {until_day} is before the first day {from_day}")


def check_overlap(versions: Sequence[Dated]) -> None:
    """Let versions of one thing pass where no day has two of them.

    Raises:
        SettingsError: two of them overlap.
    """
    ordered = sorted(versions, key=begin)
    for earlier, later in itertools.pairwise(ordered):
        if begin(earlier) == begin(later):
            raise SettingsError(f"two versions begin on the same day ({_day(later.from_day)})")
        if earlier.until_day and earlier.until_day >= begin(later):
            raise SettingsError(
                f"the version from {_day(earlier.from_day)} until {earlier.until_day} overlaps the one from"
                f" {later.from_day}; end it on {begin(later) - timedelta(days=1)} or begin later"
            )


def begin(version: Dated) -> date:
    """Return the first day in force; `date.min` where it is since ever."""
    return version.from_day or date.min


def stretches(versions: Sequence[Version]) -> list[tuple[Version, date, date]]:
    """Return each version with its first and last day in force (`date.min`, `date.max` where open)."""
    ordered = sorted(versions, key=begin)
    lasts = [*(begin(later) - timedelta(days=1) for later in ordered[1:]), date.max]
    return [
        (version, begin(version), min(version.until_day or date.max, last))
        for version, last in zip(ordered, lasts, strict=False)
    ]


def at(versions: Sequence[Version], day: date) -> Version | None:
    """Return the version in force on a day, or None."""
    return next((version for version, first, last in stretches(versions) if first <= day <= last), None)


def _day(day: date | None) -> str:
    return str(day) if day else "the beginning"
