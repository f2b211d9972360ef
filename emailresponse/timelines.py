"""Whose schedule a mailbox follows, day by day.

The mailbox's own, else the team's, else the workspace's, else the default. A shared mailbox without its own
follows the union of its members' (its stated members, else its team's people), each less their leave. A day
is a local date, read in the zone of the schedule that is in force on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from emailresponse import mailboxes, people, schedules, settings, teams, versions
from emailresponse.mailboxes import Mailbox
from emailresponse.people import Leave, Person
from emailresponse.schedules import Schedule
from emailresponse.store import Store
from emailresponse.teams import Membership

EPOCH = date(1970, 1, 1)
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything that decides when somebody is there to answer."""

    zone: str
    schedules: tuple[Schedule, ...] = ()
    people: tuple[Person, ...] = ()
    memberships: tuple[Membership, ...] = ()
    leaves: tuple[Leave, ...] = ()
    mailboxes: tuple[Mailbox, ...] = ()

    @classmethod
    def load(cls, store: Store) -> Roster:
        """Return what is stored, with a plain mailbox for every address that only copies know."""
        known = mailboxes.listed(store)
        owners = dict(store.tuples("store/person_addresses"))
        listed = {one.mailbox for one in known}
        bare = [
            Mailbox(address, None, "personal", owners.get(address), None, None, None, ())
            for (address,) in store.tuples("store/copy_mailboxes")
            if address not in listed
        ]
        return cls(
            settings.load(store).zone,
            tuple(schedules.listed(store)),
            tuple(people.listed(store)),
            tuple(teams.memberships(store)),
            tuple(people.leaves(store)),
            tuple(sorted([*known, *bare], key=lambda one: one.mailbox)),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """Local days (a mask over the layout's days) on which one version of a schedule counts."""

    schedule: Schedule
    days: Mask


class Timelines:
    """Answers whose schedule counts on which of the days from `first` to `last`, both inclusive."""

    def __init__(self, roster: Roster, first: date, last: date) -> None:
        self._roster = roster
        self._first = first.toordinal()
        self._count = last.toordinal() - self._first + 1
        self._default = schedules.default(roster.zone)
        self._versions: dict[tuple[str, str], list[Part]] = {}
        keys = sorted({one.key for one in roster.schedules})
        for key in keys:
            same = [one for one in roster.schedules if one.key == key]
            self._versions[key] = [
                Part(one, self._between(begin, end)) for one, begin, end in versions.stretches(same)
            ]
        self._people = {one.person_id: one for one in roster.people}
        self._person = cache(self._of_person)

    def of(self, mailbox: Mailbox) -> list[Part]:
        """Return the schedules a mailbox follows; where days of two parts meet, both are open."""
        own, rest = self._take([("mailbox", mailbox.mailbox)], self._all())
        if mailbox.kind == "shared":
            return [*own, *self._of_shared(mailbox, rest)]
        taken, rest = self._take([("team", mailbox.team_id)] if mailbox.team_id else [], rest)
        if mailbox.owner_id:
            parts, rest = self._of_memberships(mailbox.owner_id, rest)
            taken += parts
        parts = [*own, *taken, *self._of_workspace(rest)]
        return self._present(parts, mailbox.owner_id)

    def _of_shared(self, mailbox: Mailbox, rest: Mask) -> list[Part]:
        union: list[Part] = []
        staffed = np.zeros(self._count, dtype=bool)
        for person_id, days in self._members(mailbox):
            staffed |= days
            union += [Part(part.schedule, part.days & days & rest) for part in self._person(person_id)]
        scopes = [("team", mailbox.team_id)] if mailbox.team_id else []
        taken, left = self._take(scopes, rest & ~staffed)
        return [*union, *taken, *self._of_workspace(left)]

    def _members(self, mailbox: Mailbox) -> list[tuple[str, Mask]]:
        """Return who works a shared mailbox on which days."""
        if mailbox.members:
            return [(person_id, self._stay(person_id)) for person_id in mailbox.members]
        return [
            (stay.person_id, self._stay(stay.person_id) & self._during(stay))
            for stay in self._roster.memberships
            if stay.team_id == mailbox.team_id
        ]

    def _of_person(self, person_id: str) -> list[Part]:
        """Return a person's schedules: of the own mailboxes, else the teams', else the workspace's."""
        held = [one for one in self._roster.mailboxes if one.owner_id == person_id and one.kind == "personal"]
        own = [("mailbox", one.mailbox) for one in held]
        wider = [("team", one.team_id) for one in held if one.team_id]
        taken, rest = self._take([*own, *wider], self._all())
        parts, rest = self._of_memberships(person_id, rest)
        return self._present([*taken, *parts, *self._of_workspace(rest)], person_id)

    def _of_memberships(self, person_id: str, rest: Mask) -> tuple[list[Part], Mask]:
        """Take the days on which a team of the person has a schedule; of several teams the least id's."""
        taken: list[Part] = []
        stays = [stay for stay in self._roster.memberships if stay.person_id == person_id]
        for stay in sorted(stays, key=lambda one: (one.team_id, versions.begin(one))):
            days = self._during(stay)
            parts, left = self._take([("team", stay.team_id)], rest & days)
            taken += parts
            rest = left | (rest & ~days)
        return taken, rest

    def _of_workspace(self, rest: Mask) -> list[Part]:
        taken, left = self._take([("workspace", "")], rest)
        return [*taken, Part(self._default, left)]

    def _take(self, keys: Iterable[tuple[str, str]], rest: Mask) -> tuple[list[Part], Mask]:
        """Return the parts of the first scopes that have a schedule in force, and the days left over."""
        taken: list[Part] = []
        for key in keys:
            for part in self._versions.get(key, ()):
                taken.append(Part(part.schedule, part.days & rest))
                rest = rest & ~part.days
        return taken, rest

    def _present(self, parts: Sequence[Part], person_id: str | None) -> list[Part]:
        """Return the parts without the person's leave."""
        away = [leave for leave in self._roster.leaves if leave.person_id == person_id]
        present = self._all()
        for leave in away:
            present &= ~self._during(leave)
        return [Part(part.schedule, part.days & present) for part in parts] if away else list(parts)

    def _stay(self, person_id: str) -> Mask:
        person = self._people.get(person_id)
        return self._during(person) if person else self._all()

    def _during(self, dated: versions.Dated) -> Mask:
        return self._between(versions.begin(dated), dated.until_day or date.max)

    def _between(self, first: date, last: date) -> Mask:
        days = np.arange(self._first, self._first + self._count)
        mask: Mask = (days >= first.toordinal()) & (days <= last.toordinal())
        return mask

    def _all(self) -> Mask:
        return np.ones(self._count, dtype=bool)
