"""What can be asked about: the days the data spans, its teams and its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from emailresponse import people, settings, teams
from emailresponse.store import Store


@dataclass(frozen=True, slots=True)
class Choices:
    """What a page's filter offers.

    Attributes:
        zone: the workspace's IANA zone.
        as_of_at: how far the data is known; None without any.
        first_day: local day of the first wait; None without any.
        last_day: local day of as_of_at.
        has_messages: something was imported.
        has_waits: something can be measured.
        teams, people: (id, name), by name.
    """

    zone: str
    as_of_at: datetime | None
    first_day: date | None
    last_day: date | None
    has_messages: bool
    has_waits: bool
    teams: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]


def choices(store: Store) -> Choices:
    """Return what can be asked about."""
    zone = settings.load(store).zone
    as_of_at, first_at, has_messages = store.tuples("report/extent")[0]
    return Choices(
        zone=zone,
        as_of_at=as_of_at,
        first_day=_local_day(first_at, zone),
        last_day=_local_day(as_of_at, zone),
        has_messages=has_messages,
        has_waits=first_at is not None,
        teams=tuple(sorted(((team.team_id, team.name) for team in teams.listed(store)), key=_by_name)),
        people=tuple(sorted(((one.person_id, one.name) for one in people.listed(store)), key=_by_name)),
    )


def _by_name(pair: tuple[str, str]) -> tuple[str, str]:
    return pair[1].casefold(), pair[0]


def _local_day(moment: datetime | None, zone: str) -> date | None:
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date() if moment else None
