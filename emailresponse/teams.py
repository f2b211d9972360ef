"""Who works with whom: teams and the dated stays of people in them.

Every change runs inside the caller's transaction, leaves an audit row and asks for a rebuild.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from emailresponse import audit, people, versions
from emailresponse.audit import Change
from emailresponse.errors import NotFound, SettingsError
from emailresponse.store import Store


@dataclass(frozen=True, slots=True)
class Team:
    """A group of persons."""

    team_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A stay of a person in a team; both local days inclusive, open where absent."""

    person_id: str
    team_id: str
    from_day: date | None = None
    until_day: date | None = None


def listed(store: Store) -> list[Team]:
    """Return the teams, by id."""
    return store.rows("store/teams", Team)


def memberships(store: Store) -> list[Membership]:
    """Return every stay, ended ones too."""
    return store.rows("store/memberships", Membership)


def team(store: Store, word: str) -> Team:
    """Return the team that an id or a name means.

    Raises:
        NotFound: no team is called that.
    """
    wanted = word.strip().casefold()
    for known in listed(store):
        if wanted in {known.team_id, known.name.casefold()}:
            return known
    raise NotFound("team", word)


def slug(name: str) -> str:
    """Return the id a team gets from its name, e.g. `inside-sales`."""
    return re.sub(r"[^\w]+", "-", name.strip().casefold()).strip("-")


def add(store: Store, change: Change, name: str, team_id: str | None = None) -> Team:
    """Add a team; its id is made from the name where none is given.

    Raises:
        SettingsError: no name, an id that is none, or a team of that id or name is there already.
    """
    added = Team(team_id or slug(name), name.strip())
    if not added.name:
        raise SettingsError("a team needs a name")
    if added.team_id != slug(added.team_id) or not added.team_id:
        raise SettingsError(f"{added.team_id!r} is no id; write {slug(added.team_id) or 'sales'!r}")
    for known in listed(store):
        if added.team_id == known.team_id or added.name.casefold() == known.name.casefold():
            raise SettingsError(f"team {known.name} ({known.team_id}) is there already")
    store.run("store/put_team", team_id=added.team_id, name=added.name)
    audit.record(store, change, "team added", added.team_id, {"name": added.name})
    return added


def change(store: Store, by: Change, team_id: str, name: str) -> Team:
    """Give a team another name; its id stays.

    Raises:
        NotFound: there is no such team.
        SettingsError: another team has that name.
    """
    before = team(store, team_id)
    after = Team(before.team_id, name.strip())
    if after == before:
        return before
    for known in listed(store):
        if known.team_id != after.team_id and known.name.casefold() == after.name.casefold():
            raise SettingsError(f"team {known.team_id} is called {known.name} already")
    store.run("store/put_team", team_id=after.team_id, name=after.name)
    audit.record(store, by, "team changed", after.team_id, {"before": before.name, "after": after.name})
    return after


def join(
    store: Store,
    change: Change,
    team_id: str,
    person_id: str,
    *,
    from_day: date | None = None,
    until_day: date | None = None,
) -> bool:
    """Make a person a member for these days; returns whether that is new.

    Raises:
        NotFound: there is no such team or person.
        SettingsError: it ends before it begins, or overlaps an earlier stay.
    """
    versions.check_order(from_day, until_day)
    added = Membership(
        people.person(store, person_id).person_id, team(store, team_id).team_id, from_day, until_day
    )
    same = [stay for stay in memberships(store) if _key(stay) == _key(added)]
    if added in same:
        return False
    for stay in same:
        if stay.from_day == from_day:
            _set_end(store, stay, until_day)
            audit.record(store, change, "membership changed", added.team_id, _detail(added))
            return True
        _check_apart(stay, added)
    store.run(
        "store/add_membership",
        person_id=added.person_id,
        team_id=added.team_id,
        from_day=from_day,
        until_day=until_day,
    )
    audit.record(store, change, "membership added", added.team_id, _detail(added))
    return True


def end(store: Store, change: Change, team_id: str, until_day: date, person_id: str | None = None) -> int:
    """End the open stays of a person (None: of everybody) in a team; returns how many ended.

    Raises:
        NotFound: there is no such team or person, or no stay that is open on that day.
    """
    found = team(store, team_id)
    who = people.person(store, person_id).person_id if person_id else None
    ended = 0
    for stay in memberships(store):
        is_meant = stay.team_id == found.team_id and who in {None, stay.person_id}
        is_open = versions.begin(stay) <= until_day and (stay.until_day or date.max) > until_day
        if is_meant and is_open:
            _set_end(store, stay, until_day)
            audit.record(
                store,
                change,
                "membership ended",
                found.team_id,
                {"person": stay.person_id, "until": until_day},
            )
            ended += 1
    if not ended:
        raise NotFound("open membership", f"of {who or 'anybody'} in {found.team_id} on {until_day}")
    return ended


def _check_apart(stay: Membership, added: Membership) -> None:
    first, second = sorted((stay, added), key=versions.begin)
    if (first.until_day or date.max) >= versions.begin(second):
        raise SettingsError(
            f"{added.person_id} is in {added.team_id} already from {stay.from_day or 'the beginning'} until"
            f" {stay.until_day or 'now'}; end that first"
        )


def _set_end(store: Store, stay: Membership, until_day: date | None) -> None:
    store.run(
        "store/end_membership",
        person_id=stay.person_id,
        team_id=stay.team_id,
        from_day=stay.from_day,
        until_day=until_day,
    )


def _key(stay: Membership) -> tuple[str, str]:
    return stay.person_id, stay.team_id


def _detail(stay: Membership) -> dict[str, object]:
    return {"person": stay.person_id, "from": stay.from_day, "until": stay.until_day}
