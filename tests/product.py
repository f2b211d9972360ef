"""The real derivation behind the same rows as the oracle's: facts in, `refresh`, tables out."""

from __future__ import annotations

import dataclasses
import itertools
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from emailresponse import derive as product_derive
from emailresponse import sync
from emailresponse.copies import Batch, Copy, Cursor
from emailresponse.derive import runs, touched
from emailresponse.store import Store
from tests import oracle
from tests.story import Derivation, MessageRow, WaitRow

Fact = Copy | oracle.Placement | oracle.Override
UNANSWERED = {"due_soon": "open", "overdue": "open"}
SCHEDULED = ("scope", "scope_id", "zone", "from_day", "until_day", "country", "region")
ROLES = "SELECT opened_by, message_key, role, count(*) FROM wait_message GROUP BY ALL"
VERDICTS = "SELECT message_key, verdict, rule FROM verdict JOIN message USING (message_no)"
VOLUMES = "SELECT day, hour, weekday, mailbox, team_id, person_id, direction, messages FROM volume"


def derive(workspace: oracle.Workspace) -> Derivation:
    """Return what the product says after one batch and one refresh."""
    store = workspace_store(workspace)
    try:
        keep(store, workspace, workspace.copies)
        observe(store, workspace, workspace.placements)
        product_derive.rebuild(store)
        if workspace.as_of is None:
            return rows(store)
        past = product_derive.as_of(store, workspace.as_of)
        try:
            return rows(past)
        finally:
            past.close()
    finally:
        store.close()


@dataclass
class Refreshes:
    """How many refreshes a derivation in pieces took, and how many of them were incremental."""

    all: int = 0
    incremental: int = 0

    def run(self, store: Store) -> None:
        """Refresh what is derived and count how."""
        if product_derive.is_stale(store):
            self.all += 1
            self.incremental += runs.is_derived(store) and touched.is_small(store)
        product_derive.refresh(store)


def derive_piecemeal(
    workspace: oracle.Workspace, seed: int, counted: Refreshes | None = None, pieces: int = 6
) -> Derivation:
    """Return what the product says after facts in any order and batches, with a refresh after each.

    Copies, later labels and decisions come shuffled among one another, save that what is said of a copy comes
    after it, in its own order. An early and a late draft come first, so that no opening period is missing.
    """
    chance = random.Random(seed)
    facts = shuffled(workspace, chance)
    cuts = sorted(chance.sample(range(1, len(facts)), min(len(facts) - 1, pieces - 1)))
    told = [facts[start:end] for start, end in itertools.pairwise([0, *cuts, len(facts)])]
    return derive_told(workspace, told, counted)


def derive_told(
    workspace: oracle.Workspace, told: Sequence[Sequence[Fact]], counted: Refreshes | None = None
) -> Derivation:
    """Return what the product says after a refresh for each of several lists of facts."""
    counted = counted or Refreshes()
    store = workspace_store(workspace, with_overrides=False)
    try:
        keep(store, workspace, GROUND)
        counted.run(store)
        for facts in told:
            tell(store, workspace, facts)
            counted.run(store)
        return rows(store)
    finally:
        store.close()


def shuffled(workspace: oracle.Workspace, chance: random.Random) -> list[Fact]:
    """Return the facts about copies in any order in which each can be told."""
    said: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for placement in sorted(workspace.placements, key=lambda one: one.observed_at):
        said[placement.mailbox, placement.provider_id].append(placement)
    facts: list[Fact] = list(workspace.copies)
    chance.shuffle(facts)
    for copy in list(facts):
        place = facts.index(copy)
        for placement in said[copy.mailbox, copy.provider_id]:
            place = chance.randint(place + 1, len(facts))
            facts.insert(place, placement)
    # Decisions are numbered as they come: those made before come before.
    place = 0
    for override in sorted(workspace.overrides, key=lambda one: one.decided_at):
        copy = next(
            number
            for number, fact in enumerate(facts)
            if isinstance(fact, Copy)
            and (fact.mailbox, fact.provider_id) == (override.mailbox, override.provider_id)
        )
        place = chance.randint(max(place, copy) + 1, len(facts))
        facts.insert(place, override)
    return facts


def tell(store: Store, workspace: oracle.Workspace, facts: Sequence[Fact]) -> None:
    """Store facts, those of one kind that follow one another at once."""
    for kind, run in itertools.groupby(facts, key=type):
        its: list[Any] = list(run)
        if kind is Copy:
            keep(store, workspace, its)
        elif kind is oracle.Placement:
            observe(store, workspace, its)
        else:
            add_overrides(store, its)


GROUND = [
    Copy(
        mailbox="ground@acme.com",
        provider="file",
        provider_id=f"ground{place}",
        copied_at=moment,
        labels=("DRAFT",),
    )
    for place, moment in enumerate((datetime(2020, 1, 1), datetime(2035, 1, 1)))
]


def workspace_store(workspace: oracle.Workspace, *, with_overrides: bool = True) -> Store:
    """Return a store in memory that knows who is ours."""
    store = Store.open(None)
    people = [{"person_id": one, "name": one} for one in workspace.people]
    addresses = [
        {"address": address, "person_id": person}
        for person, its in workspace.people.items()
        for address in its
    ]
    mailboxes = [
        {
            "mailbox": one.address,
            "kind": "personal" if one.owner else "shared",
            "owner_id": one.owner,
            "team_id": one.team,
            "backfill_from": one.backfill_from,
            "synced_at": one.synced_at,
        }
        for one in workspace.mailboxes.values()
    ]
    domains = [{"domain": name, "has_subdomains": below} for name, below in workspace.domains.items()]
    settings = [{"name": "zone", "value": f'"{workspace.zone}"'}]
    insert(store, "person", people)
    insert(store, "person_address", addresses)
    insert(store, "mailbox", mailboxes)
    insert(store, "internal_domain", domains)
    insert(store, "setting", settings)
    insert(store, "internal_group", [{"address": one} for one in sorted(workspace.groups)])
    insert(store, "form_sender", [{"address": one} for one in sorted(workspace.form_senders)])
    dismissed = [{"pattern": one, "reason": why} for one, why in workspace.dismissed_senders.items()]
    insert(store, "dismissed_sender", dismissed)
    add_teams(store, workspace)
    add_schedules(store, workspace)
    if with_overrides:
        add_overrides(store, workspace.overrides, is_pending=False)
    return store


def add_teams(store: Store, workspace: oracle.Workspace) -> None:
    """Store who is in which team, who works which shared mailbox, who is away, and the goals."""
    teams = {stay.team_id for stay in workspace.stays} | {one.team for one in workspace.mailboxes.values()}
    insert(store, "team", [{"team_id": one, "name": one} for one in sorted(teams - {None})])
    members = [
        {"mailbox": one.address, "person_id": person}
        for one in workspace.mailboxes.values()
        for person in one.members
    ]
    insert(store, "mailbox_member", members)
    insert(store, "membership", [dataclasses.asdict(stay) for stay in workspace.stays])
    insert(store, "leave", [dataclasses.asdict(leave) for leave in workspace.leaves])
    goals = [dataclasses.asdict(one) | {"goal_id": number} for number, one in enumerate(workspace.goals)]
    insert(
        store,
        "goal",
        [
            {name: goal[name] for name in goal if name != "wait_class"} | {"class": goal["wait_class"]}
            for goal in goals
        ],
    )


def add_schedules(store: Store, workspace: oracle.Workspace) -> None:
    """Store the schedules with their weekly openings and days off."""
    for number, one in enumerate(workspace.schedules, 1):
        facts = {name: getattr(one, name) for name in SCHEDULED}
        insert(store, "schedule", [facts | {"schedule_id": number}])
        weekly = [dataclasses.asdict(opening) | {"schedule_id": number} for opening in one.hours]
        insert(store, "weekly_opening", weekly)
        insert(store, "day_off", [dataclasses.asdict(off) | {"schedule_id": number} for off in one.days_off])


def add_overrides(store: Store, overrides: Sequence[oracle.Override], *, is_pending: bool = True) -> None:
    """Store the decisions by hand; `is_pending` also says that their copies are to be derived again."""
    ranked = sorted(overrides, key=lambda one: one.decided_at)
    ((known,),) = store._connection.execute("SELECT count(*) FROM override").fetchall()
    decided = [
        {
            "override_no": number,
            "mailbox": one.mailbox,
            "provider_id": one.provider_id,
            "kind": one.kind,
            "decided_at": one.decided_at,
            "effective_at": one.effective_at,
            "decided_by": one.decided_by,
            "person_id": one.person,
            "reason": one.reason,
        }
        for number, one in enumerate(ranked, known + 1)
    ]
    insert(store, "override", decided)
    if is_pending and decided:
        keys = {(one.mailbox, one.provider_id) for one in ranked}
        for mailbox, provider_id in sorted(keys):
            store._connection.execute(
                "INSERT INTO pending_copy SELECT copy_key FROM copy WHERE mailbox = ? AND provider_id = ?",
                [mailbox, provider_id],
            ).fetchall()


def insert(store: Store, table: str, facts: Sequence[dict[str, Any]]) -> None:
    """Insert facts about ourselves."""
    if not facts:
        return
    names = ", ".join(facts[0])
    with store.table("incoming_facts", pa.Table.from_pylist(list(facts))):
        store._connection.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming_facts"
        ).fetchall()


def keep(store: Store, workspace: oracle.Workspace, copies: Sequence[Copy]) -> None:
    """Store copies as one or two batches: those imported with --merge-copies apart."""
    for merging in (False, True):
        chosen = tuple(
            copy for copy in copies if ((copy.mailbox, copy.provider_id) in workspace.merging) == merging
        )
        if chosen:
            batch = Batch(Cursor("1"), chosen)
            sync.store_batch(store, batch, imported_at=workspace.imported_at, merging=merging)


def observe(store: Store, workspace: oracle.Workspace, placements: Sequence[oracle.Placement]) -> None:
    """Store later observations of labels, oldest first."""
    by_copy = {(copy.mailbox, copy.provider_id): copy for copy in workspace.copies}
    for one in sorted(placements, key=lambda one: one.observed_at):
        copy = dataclasses.replace(by_copy[one.mailbox, one.provider_id], labels=one.labels)
        sync.store_batch(store, Batch(Cursor("1"), (copy,)), imported_at=one.observed_at, merging=False)


def rows(store: Store) -> Derivation:
    """Return the derived tables as rows that compare with the oracle's."""

    def read(text: str) -> list[dict[str, Any]]:
        result = store._connection.execute(text)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    messages = {
        row["message_key"]: MessageRow(
            **{field.name: row[field.name] for field in dataclasses.fields(MessageRow)}
        )
        for row in read("SELECT * FROM message")
    }
    verdicts = {row["message_key"]: (row["verdict"], row["rule"]) for row in read(VERDICTS)}
    lines = defaultdict(list)
    placed = read("SELECT * FROM conversation ORDER BY position")
    for row in placed:
        lines[row["conversation"]].append(row["message_key"])
    conversations = {
        row["message_key"]: (
            row["conversation"],
            row["segment"],
            lines[row["conversation"]].index(row["message_key"]) + 1,
        )
        for row in placed
    }
    roles = {(*row[:3],): row[3] for row in store._connection.execute(ROLES).fetchall()}
    volumes = {(*row[:-1],): row[-1] for row in store._connection.execute(VOLUMES).fetchall()}
    waits = sorted((_wait(row) for row in read("FROM standing()")), key=WaitRow.key)
    return Derivation(messages, verdicts, conversations, waits, roles, volumes)


def _wait(row: dict[str, Any]) -> WaitRow:
    facts = {field.name: row.get(field.name) for field in dataclasses.fields(WaitRow)}
    facts["klass"] = row["class"]
    facts["seconds"] = row["calendar_seconds"]
    facts["addressees"] = tuple(sorted(row["addressees"] or ()))
    facts["state"] = UNANSWERED.get(row["state"], row["state"])
    facts["stands"] = row["state"]
    facts["flags"] = tuple(sorted(row["flags"]))
    return WaitRow(**facts)
