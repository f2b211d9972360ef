"""When we are open: dated versions of the schedules of the workspace, of teams and of mailboxes.

A schedule that cannot be is refused with the reason. Every change runs inside the caller's transaction,
leaves an audit row and asks for a rebuild.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import holidays

from emailresponse import audit, entries, mailboxes, settings, teams, versions
from emailresponse import hours as weekly_hours
from emailresponse.audit import Change
from emailresponse.days_off import DayOff
from emailresponse.errors import NotFound, SettingsError
from emailresponse.hours import Weekly
from emailresponse.store import Store

SCOPES = ("workspace", "team", "mailbox")
DEFAULT_HOURS = "mon-fri 09:00-17:00"


@dataclass(frozen=True, slots=True)
class Schedule:
    """One version: weekly hours in a zone, less public holidays and days off, from a local day on."""

    schedule_id: int
    scope: str
    scope_id: str
    zone: str
    from_day: date | None = None
    until_day: date | None = None
    country: str | None = None
    region: str | None = None
    hours: tuple[Weekly, ...] = ()
    days_off: tuple[DayOff, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Whose schedule this is a version of."""
        return self.scope, self.scope_id


def default(zone: str) -> Schedule:
    """Return the schedule of a workspace that has none: Monday to Friday, 09:00 to 17:00, no holidays."""
    return Schedule(0, "workspace", "", zone, hours=weekly_hours.parse(DEFAULT_HOURS))


def listed(store: Store) -> list[Schedule]:
    """Return every version, by whose it is and from when."""
    return [
        replace(
            Schedule(*row),
            hours=tuple(Weekly(*weekly) for weekly in row[8]),
            days_off=tuple(DayOff(**absent) for absent in row[9]),
        )
        for row in store.tuples("store/schedules")
    ]


def add(
    store: Store,
    change: Change,
    *,
    scope: str = "workspace",
    scope_id: str = "",
    hours: weekly_hours.Hours,
    zone: str | None = None,
    from_day: date | None = None,
    until_day: date | None = None,
    country: str | None = None,
    region: str | None = None,
    days_off: Sequence[DayOff] = (),
) -> Schedule:
    """Add a version; a version before it without an end is in force until the day before.

    Raises:
        NotFound: there is no such team or mailbox.
        SettingsError: the schedule cannot be; the reason says why.
    """
    added = Schedule(
        0,
        scope,
        scope_of(store, scope, scope_id),
        zone or settings.load(store).zone,
        from_day,
        until_day,
        country.strip().upper() if country else None,
        region.strip() if region else None,
        weekly_hours.parse(hours),
        tuple(sorted(set(days_off))),
    )
    return _insert(store, change, added)


def put(store: Store, by: Change, wanted: Schedule) -> bool:
    """Say what the version of that id is from now on, also for the past; returns whether it differs.

    The past is counted again under it: an explicit act, logged with what it said before.

    Raises:
        NotFound: there is no version of that id.
        SettingsError: the schedule cannot be.
    """
    known = listed(store)
    before = next((one for one in known if one.schedule_id == wanted.schedule_id), None)
    if before is None:
        raise NotFound("schedule", str(wanted.schedule_id))
    if wanted == before:
        return False
    _check(wanted, [one for one in known if one is not before])
    columns = _columns(wanted)
    del columns["scope"], columns["scope_id"]
    store.run("store/update_schedule", schedule_id=wanted.schedule_id, **columns)
    store.run("store/remove_weekly_openings", schedule_id=wanted.schedule_id)
    store.run("store/remove_days_off", schedule_id=wanted.schedule_id)
    _fill(store, wanted)
    said = {"before": detail(before), "after": detail(wanted)}
    audit.record(store, by, "schedule changed", subject(wanted), said)
    return True


def succeed(store: Store, by: Change, wanted: Schedule, from_day: date) -> Schedule:
    """Begin a version on a day; the one in force until then ends the day before and hands its end on.

    Raises:
        SettingsError: the schedule cannot be.
    """
    before = in_force(store, wanted.scope, wanted.scope_id, from_day)
    if before.until_day:
        put(store, by, replace(before, until_day=from_day - timedelta(days=1)))
    return _insert(store, by, replace(wanted, from_day=from_day, until_day=before.until_day))


def end(store: Store, by: Change, scope: str, scope_id: str, until_day: date) -> Schedule:
    """End the version in force on a day with that day; from then on the next wider schedule counts.

    Raises:
        NotFound: no version of that scope is in force that day.
    """
    found = in_force(store, scope, scope_id, until_day)
    ended = replace(found, until_day=until_day)
    put(store, by, ended)
    return ended


def in_force(store: Store, scope: str, scope_id: str, day: date) -> Schedule:
    """Return the version of a scope in force on a local day.

    Raises:
        NotFound: there is none.
    """
    held = scope_of(store, scope, scope_id)
    found = versions.at([one for one in listed(store) if one.key == (scope, held)], day)
    if found is None:
        raise NotFound("schedule", f"of {scope} {held}".rstrip() + f" on {day}")
    return found


def scope_of(store: Store, scope: str, scope_id: str) -> str:
    """Return the id that a team's or mailbox's name means; empty for the workspace.

    Raises:
        NotFound: there is no such team or mailbox.
        SettingsError: the scope is none.
    """
    if scope == "workspace":
        return ""
    if scope == "team":
        return teams.team(store, scope_id).team_id
    if scope == "mailbox":
        return mailboxes.mailbox(store, scope_id).mailbox
    raise SettingsError(f"{scope!r} is no scope; write {', '.join(SCOPES)}")


def public_holidays(country: str, region: str | None, first: date, last: date) -> dict[date, str]:
    """Return the public holidays of a country (and region) between two days, both inclusive.

    Raises:
        SettingsError: the country or region is unknown to `holidays`.
    """
    try:
        found = holidays.country_holidays(country, subdiv=region, years=range(first.year, last.year + 1))
    except NotImplementedError:
        raise SettingsError(_unknown(country, region)) from None
    return {day: name for day, name in found.items() if first <= day <= last}


def subject(one: Schedule) -> str:
    """Return whose schedule it is and from when, in words."""
    whose = f"{one.scope} {one.scope_id}".rstrip()
    return f"{whose} from {one.from_day}" if one.from_day else whose


def detail(one: Schedule) -> dict[str, Any]:
    """Return what the version says, as plain values."""
    return {
        "zone": one.zone,
        "hours": weekly_hours.text(one.hours),
        "from": one.from_day,
        "until": one.until_day,
        "country": one.country,
        "region": one.region,
        "days_off": len(one.days_off),
    }


def _insert(store: Store, change: Change, wanted: Schedule) -> Schedule:
    _check(wanted, listed(store))
    added = replace(wanted, schedule_id=store.value("store/add_schedule", **_columns(wanted)))
    _fill(store, added)
    audit.record(store, change, "schedule added", subject(added), detail(added))
    return added


def _check(wanted: Schedule, known: Sequence[Schedule]) -> None:
    entries.check_zone(wanted.zone)
    weekly_hours.check(wanted.hours)
    versions.check_order(wanted.from_day, wanted.until_day)
    if wanted.region and not wanted.country:
        raise SettingsError(f"region {wanted.region} needs its country")
    if wanted.country:
        public_holidays(wanted.country, wanted.region, date(2020, 1, 1), date(2020, 12, 31))
    versions.check_overlap([wanted, *(one for one in known if one.key == wanted.key)])


def _unknown(country: str, region: str | None) -> str:
    try:
        regions = list(holidays.country_holidays(country).subdivisions)
    except NotImplementedError:
        return f"{country} is no country whose holidays are known; write its ISO 3166 code, e.g. DE"
    if not regions:
        return f"{country} has no regions with holidays of their own; leave the region out"
    near = difflib.get_close_matches(str(region), regions, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    return f"{region} is no region of {country}; {hint}Known: {', '.join(regions)}"


def _columns(one: Schedule) -> dict[str, Any]:
    return {
        "scope": one.scope,
        "scope_id": one.scope_id,
        "zone": one.zone,
        "from_day": one.from_day,
        "until_day": one.until_day,
        "country": one.country,
        "region": one.region,
    }


def _fill(store: Store, one: Schedule) -> None:
    for weekly in one.hours:
        store.run(
            "store/add_weekly_opening",
            schedule_id=one.schedule_id,
            weekday=weekly.weekday,
            opens_minute=weekly.opens_minute,
            closes_minute=weekly.closes_minute,
        )
    if one.days_off:
        store.run(
            "store/add_days_off",
            schedule_id=one.schedule_id,
            days=[entry.day for entry in one.days_off],
            names=[entry.name for entry in one.days_off],
        )
