"""Section 4: a mailbox's business time, read off the schedules it follows day by day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

import holidays

from emailresponse import mailboxes, people
from emailresponse.schedules import Schedule
from emailresponse.timelines import Roster
from tests import oracle_openings
from tests.oracle.clocks import business_length, opening_periods, union
from tests.oracle.workspace import Workspace

Periods = list[tuple[datetime, datetime]]


class Business:
    """Answers how long, and whether, a mailbox was open."""

    def __init__(self, workspace: Workspace) -> None:
        self._roster = roster(workspace)
        self._mailboxes = {one.mailbox: one for one in self._roster.mailboxes}
        self._opened = cache(self._opened_on)

    def length(self, mailbox: str, start: datetime, end: datetime) -> timedelta:
        """Return the opening time of a mailbox in [start, end); none where the end is before the start."""
        return business_length(self._periods(mailbox, start, end), start, end)

    def is_open(self, mailbox: str, moment: datetime) -> bool:
        """Say whether a mailbox is open at a moment; at its closing time it is not."""
        return any(opens <= moment < closes for opens, closes in self._periods(mailbox, moment, moment))

    def _periods(self, mailbox: str, start: datetime, end: datetime) -> Periods:
        day, found = start.date() - timedelta(days=2), []
        while day <= end.date() + timedelta(days=2):
            found += self._opened(mailbox, day)
            day += timedelta(days=1)
        return union(found)

    def _opened_on(self, mailbox: str, day: date) -> Periods:
        found = []
        for schedule in oracle_openings.schedules_on(self._roster, self._mailboxes[mailbox], day):
            weekly: dict[int, list[tuple[int, int]]] = {}
            for one in schedule.hours:
                weekly.setdefault(one.weekday, []).append((one.opens_minute, one.closes_minute))
            found += opening_periods(weekly, schedule.zone, day, day, _off(schedule, day))
        return found


def _off(schedule: Schedule, day: date) -> set[date]:
    """Return the day itself where it is a day off of the schedule, or a public holiday."""
    off = {entry.day for entry in schedule.days_off}
    if schedule.country and day in _holidays(schedule.country, schedule.region):
        off.add(day)
    return off


@cache
def _holidays(country: str, region: str | None) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=region)


def roster(workspace: Workspace) -> Roster:
    """Return who works when, with a plain personal mailbox for each that only copies name."""
    listed = [
        mailboxes.Mailbox(
            one.address,
            None,
            "personal" if one.owner else "shared",
            one.owner,
            one.team,
            one.backfill_from,
            one.synced_at,
            one.members,
        )
        for one in workspace.mailboxes.values()
    ]
    bare = [
        mailboxes.Mailbox(address, None, "personal", workspace.person_of(address), None, None, None, ())
        for address in sorted({copy.mailbox for copy in workspace.copies} - workspace.mailboxes.keys())
    ]
    return Roster(
        workspace.zone,
        tuple(workspace.schedules),
        tuple(people.Person(one, one, its) for one, its in workspace.people.items()),
        tuple(workspace.stays),
        tuple(workspace.leaves),
        (*listed, *bare),
    )
