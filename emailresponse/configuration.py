"""`config.toml` for a start: checked as a whole, then stored as if each entry had been given by a command.

Entries are added, or changed under their natural key; what the file no longer says is never removed. It is
applied again only when it, or an .ics file it names, has changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from emailresponse import (
    audit,
    configured,
    days_off,
    domains,
    goals,
    mailboxes,
    people,
    schedules,
    senders,
    settings,
    teams,
)
from emailresponse import hours as weekly_hours
from emailresponse.audit import Change
from emailresponse.configured import (
    Configured,
    GoalEntry,
    MailboxEntry,
    PersonEntry,
    ScheduleEntry,
    TeamEntry,
)
from emailresponse.errors import NotFound, SettingsError
from emailresponse.filter import parse_seconds
from emailresponse.store import Store


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a configuration came to: how many entries were new or different, and remarks."""

    changed_count: int
    remarks: tuple[str, ...] = ()


def apply_changed(store: Store, path: Path, change: Change) -> Applied | None:
    """Apply the file if it differs from when it was last applied; returns None where it does not.

    Raises:
        SettingsError: something in it cannot be; nothing of it is kept.
    """
    found = configured.digest(path)
    stored = dict(store.tuples("store/settings")).get(settings.DIGEST)
    if stored is not None and json.loads(stored) == found:
        return None
    return apply(store, path, change)


def apply(store: Store, path: Path, change: Change) -> Applied:
    """Store what the file says in one transaction, whole or not at all.

    Raises:
        SettingsError: something in it cannot be; the place is named and nothing is kept.
    """
    said = configured.read(path)
    with store.transaction():
        work = _Work(store, change, path)
        work.everything(said)
        store.run("store/put_setting", name=settings.DIGEST, value=json.dumps(configured.digest(path)))
        audit.record(
            store,
            change,
            "configuration applied",
            path.name,
            {"changed": work.changed_count},
            is_rebuild=False,
        )
    return Applied(work.changed_count, tuple(work.remarks))


class _Work:
    """One pass over a configuration, counting what was new or different."""

    def __init__(self, store: Store, change: Change, path: Path) -> None:
        self._store = store
        self._change = change
        self._path = path
        self.changed_count = 0
        self.remarks: list[str] = []

    def everything(self, said: Configured) -> None:
        """Store every entry, those that others name first."""
        for name, value in said.settings().items():
            with self._at(f"setting {name}"):
                self._note(settings.change(self._store, self._change, name, value))
        self._ours(said)
        for number, team in enumerate(said.teams, 1):
            with self._at(f"[[teams]] entry {number} ({team.name})"):
                self._team(team)
        for number, person in enumerate(said.people, 1):
            with self._at(f"[[people]] entry {number} ({person.name})"):
                self._person(person)
        for number, mailbox in enumerate(said.mailboxes, 1):
            with self._at(f"[[mailboxes]] entry {number} ({mailbox.address})"):
                self._mailbox(mailbox)
        for number, schedule in enumerate(said.schedules, 1):
            with self._at(f"[[schedules]] entry {number} ({schedule.whose})"):
                self._schedule(schedule)
        for number, goal in enumerate(said.goals, 1):
            with self._at(f"[[goals]] entry {number} ({goal.whose}, {goal.wait_class})"):
                self._goal(goal)

    def _ours(self, said: Configured) -> None:
        for pattern in said.internal.domains:
            with self._at("internal.domains"):
                self._note(domains.add(self._store, self._change, pattern))
        for group in said.internal.groups:
            with self._at("internal.groups"):
                self._note(domains.add_group(self._store, self._change, group.address, group.name))
        for address in said.senders.forms:
            with self._at("senders.forms"):
                self._note(senders.add_form(self._store, self._change, address))
        for sender in said.senders.dismissed:
            with self._at("senders.dismissed"):
                self._note(senders.add_dismissed(self._store, self._change, sender.sender, sender.reason))

    def _team(self, entry: TeamEntry) -> None:
        team_id = entry.id or teams.slug(entry.name)
        known = next((one for one in teams.listed(self._store) if one.team_id == team_id), None)
        if known is None:
            teams.add(self._store, self._change, entry.name, team_id)
        else:
            teams.change(self._store, self._change, team_id, entry.name)
        self._note(known is None or known.name != entry.name.strip())

    def _person(self, entry: PersonEntry) -> None:
        person_id = domains.address(entry.addresses[0])
        before = next((one for one in people.listed(self._store) if one.person_id == person_id), None)
        said: dict[str, Any] = {"name": entry.name, "addresses": entry.addresses}
        said |= {"from_day": entry.from_day, "until_day": entry.until_day}
        after = (
            people.add(self._store, self._change, **said)
            if before is None
            else people.change(self._store, self._change, person_id, **said)
        )
        self._note(after != before)
        for stay in entry.teams:
            first, last = stay.from_day or entry.from_day, stay.until_day or entry.until_day
            self._note(
                teams.join(self._store, self._change, stay.team, person_id, from_day=first, until_day=last)
            )
        for leave in entry.leave:
            self._note(
                people.add_leave(
                    self._store,
                    self._change,
                    person_id,
                    leave.from_day,
                    leave.until_day or leave.from_day,
                    leave.name,
                )
            )

    def _mailbox(self, entry: MailboxEntry) -> None:
        address = domains.address(entry.address)
        before = next((one for one in mailboxes.listed(self._store) if one.mailbox == address), None)
        put = mailboxes.add if before is None else mailboxes.change
        after = put(
            self._store,
            self._change,
            address,
            name=entry.name,
            kind=entry.kind,
            owner=entry.owner,
            team=entry.team,
            members=entry.members,
            backfill_from=entry.backfill_at(),
        )
        self._note(after != before)

    def _schedule(self, entry: ScheduleEntry) -> None:
        scope, scope_id = entry.scope()
        held = schedules.scope_of(self._store, scope, scope_id)
        absent = [days_off.DayOff(one.day, one.name) for one in entry.days_off]
        for name in entry.ics:
            calendar = days_off.read(self._path.parent / name)
            absent += calendar.days
            if calendar.ignored_count:
                self.remarks.append(
                    f"{name}: {calendar.ignored_count} events are no whole days and close nothing"
                )
        before = next(
            (
                one
                for one in schedules.listed(self._store)
                if one.key == (scope, held) and one.from_day == entry.from_day
            ),
            None,
        )
        if before is None:
            schedules.add(
                self._store,
                self._change,
                scope=scope,
                scope_id=scope_id,
                hours=entry.hours,
                zone=entry.zone,
                from_day=entry.from_day,
                until_day=entry.until_day,
                country=entry.country,
                region=entry.region,
                days_off=absent,
            )
            self._note(True)
            return
        wanted = replace(
            before,
            zone=entry.zone or settings.load(self._store).zone,
            hours=weekly_hours.parse(entry.hours),
            until_day=entry.until_day,
            country=entry.country.strip().upper() if entry.country else None,
            region=entry.region,
            days_off=tuple(sorted(set(absent))),
        )
        self._note(schedules.put(self._store, self._change, wanted))

    def _goal(self, entry: GoalEntry) -> None:
        scope, scope_id = entry.scope()
        changed = goals.put(
            self._store,
            self._change,
            wait_class=entry.wait_class,
            seconds=parse_seconds(entry.within),
            scope=scope,
            scope_id=scope_id,
            clock=entry.clock,
            share=entry.share,
            from_day=entry.from_day,
            until_day=entry.until_day,
        )
        self._note(bool(changed))

    def _note(self, is_changed: bool) -> None:
        self.changed_count += is_changed

    @contextmanager
    def _at(self, place: str) -> Iterator[None]:
        """Name the place in the file in every error that arises inside."""
        try:
            yield
        except SettingsError as error:
            is_named = error.where is None or error.where in place
            said = error.reason if is_named else f"{error.where}: {error.reason}"
            raise SettingsError(said, f"{self._path}, {place}") from error
        except NotFound as error:
            raise SettingsError(
                f"{error}; list it in the file or add it by command", f"{self._path}, {place}"
            ) from error
