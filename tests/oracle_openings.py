"""When a mailbox is open, minute by minute: slow, obvious, and written apart from the product."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays

MINUTE = timedelta(minutes=1)


def open_minutes(roster, mailbox, first: date, last: date) -> set[datetime]:
    """Return every UTC minute of the local days between two, inclusive, at which the mailbox is open."""
    minutes: set[datetime] = set()
    day = first
    while day <= last:
        for schedule in schedules_on(roster, mailbox, day):
            minutes |= minutes_on(schedule, day)
        day += timedelta(days=1)
    return minutes


def minutes_on(schedule, day: date) -> set[datetime]:
    """Return the UTC minutes at which a schedule is open on one local day."""
    if day in {entry.day for entry in schedule.days_off}:
        return set()
    if schedule.country and day in holidays.country_holidays(schedule.country, subdiv=schedule.region):
        return set()
    minutes: set[datetime] = set()
    for weekly in schedule.hours:
        if weekly.weekday == day.isoweekday():
            moment = utc(schedule.zone, day, weekly.opens_minute)
            closes = utc(schedule.zone, day, weekly.closes_minute)
            while moment < closes:
                minutes.add(moment)
                moment += MINUTE
    return minutes


def utc(zone: str, day: date, minute: int) -> datetime:
    """Return a local time in naive UTC: the first of two, and a missing one by the offset before."""
    midnight = datetime(day.year, day.month, day.day)
    local = (midnight + timedelta(minutes=minute)).replace(tzinfo=ZoneInfo(zone), fold=0)
    return local.astimezone(UTC).replace(tzinfo=None)


def schedules_on(roster, mailbox, day: date) -> list:
    """Return the schedules whose union a mailbox follows on a local day."""
    own = in_force(roster, "mailbox", mailbox.mailbox, day)
    if mailbox.kind == "personal":
        if away(roster, mailbox.owner_id, day):
            return []
        return [own or wider(roster, [mailbox.team_id], mailbox.owner_id, day)]
    if own:
        return [own]
    members = members_on(roster, mailbox, day)
    if not members:
        return [wider(roster, [mailbox.team_id], None, day)]
    return [of_person(roster, member, day) for member in members if not away(roster, member, day)]


def of_person(roster, person_id: str, day: date):
    """Return the schedule a person follows on a local day."""
    held = [one for one in roster.mailboxes if one.kind == "personal" and one.owner_id == person_id]
    for one in held:
        if own := in_force(roster, "mailbox", one.mailbox, day):
            return own
    return wider(roster, [one.team_id for one in held], person_id, day)


def wider(roster, team_ids: list, person_id: str | None, day: date):
    """Return the first schedule of these teams, of the person's teams, of the workspace, or the default."""
    stays = [stay for stay in roster.memberships if stay.person_id == person_id and holds(stay, day)]
    for team_id in [*team_ids, *sorted(stay.team_id for stay in stays)]:
        if team_id and (found := in_force(roster, "team", team_id, day)):
            return found
    from emailresponse import schedules

    return in_force(roster, "workspace", "", day) or schedules.default(roster.zone)


def members_on(roster, mailbox, day: date) -> list[str]:
    """Return who works a shared mailbox on a local day."""
    people = {one.person_id: one for one in roster.people}
    if mailbox.members:
        return [member for member in mailbox.members if holds(people[member], day)]
    return [
        stay.person_id
        for stay in roster.memberships
        if stay.team_id == mailbox.team_id and holds(stay, day) and holds(people[stay.person_id], day)
    ]


def in_force(roster, scope: str, scope_id: str, day: date):
    """Return the version of a scope in force on a local day: the latest begun, unless it has ended."""
    begun = [
        one
        for one in roster.schedules
        if (one.scope, one.scope_id) == (scope, scope_id) and (one.from_day is None or one.from_day <= day)
    ]
    if not begun:
        return None
    latest = max(begun, key=lambda one: one.from_day or date.min)
    return latest if holds(latest, day) else None


def away(roster, person_id: str | None, day: date) -> bool:
    """Say whether a person is on leave on a local day."""
    return any(one.person_id == person_id and holds(one, day) for one in roster.leaves)


def holds(dated, day: date) -> bool:
    """Say whether something dated holds on a day."""
    return (dated.from_day is None or dated.from_day <= day) and (
        dated.until_day is None or day <= dated.until_day
    )
