"""Which mailboxes are ours: personal ones with an owner, shared ones with the people who work them.

Every change runs inside the caller's transaction, leaves an audit row and asks for a rebuild.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from emailresponse import audit, domains, people, teams
from emailresponse.audit import Change
from emailresponse.errors import NotFound, SettingsError
from emailresponse.store import Store

KINDS = ("personal", "shared")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A linked account of ours.

    Attributes:
        backfill_from: UTC; messages before it open no wait.
        synced_at: UTC of the last successful sync.
        members: ids of the persons who work a shared mailbox; none: its team's people.
    """

    mailbox: str
    name: str | None
    kind: str
    owner_id: str | None
    team_id: str | None
    backfill_from: datetime | None
    synced_at: datetime | None
    members: tuple[str, ...]


def listed(store: Store) -> list[Mailbox]:
    """Return the mailboxes, by address."""
    return [replace(held, members=tuple(held.members)) for held in store.rows("store/mailboxes", Mailbox)]


def mailbox(store: Store, text: str) -> Mailbox:
    """Return the mailbox of an address.

    Raises:
        NotFound: it is none of ours.
        SettingsError: it is no address.
    """
    wanted = domains.address(text)
    for known in listed(store):
        if known.mailbox == wanted:
            return known
    raise NotFound("mailbox", wanted)


def add(
    store: Store,
    change: Change,
    address: str,
    *,
    name: str | None = None,
    kind: str = "personal",
    owner: str | None = None,
    team: str | None = None,
    members: Sequence[str] = (),
    backfill_from: datetime | None = None,
) -> Mailbox:
    """Add a mailbox; a personal one without an owner gets the person whose address it is.

    Raises:
        NotFound: there is no such owner, team or member.
        SettingsError: it is there already, or cannot be so.
    """
    found = domains.address(address)
    if any(known.mailbox == found for known in listed(store)):
        raise SettingsError(f"{found} is there already; change it instead")
    added = Mailbox(
        found,
        name,
        kind,
        people.person(store, owner).person_id if owner else None,
        teams.team(store, team).team_id if team else None,
        backfill_from,
        None,
        tuple(sorted({people.person(store, member).person_id for member in members})),
    )
    added = _owned(store, added)
    _store(store, None, added)
    audit.record(store, change, "mailbox added", added.mailbox, _detail(added))
    return added


def change(
    store: Store,
    by: Change,
    address: str,
    *,
    name: str | None = None,
    kind: str | None = None,
    owner: str | None = None,
    team: str | None = None,
    members: Sequence[str] = (),
    backfill_from: datetime | None = None,
) -> Mailbox:
    """Change what is given and leave the rest; `members` are added.

    Raises:
        NotFound: there is no such mailbox, owner, team or member.
        SettingsError: it cannot be so.
    """
    before = mailbox(store, address)
    joined = {people.person(store, member).person_id for member in members}
    is_shared = (kind or before.kind) == "shared"
    kept_owner = None if is_shared else before.owner_id
    after = replace(
        before,
        name=name or before.name,
        kind=kind or before.kind,
        owner_id=people.person(store, owner).person_id if owner else kept_owner,
        team_id=teams.team(store, team).team_id if team else before.team_id,
        backfill_from=backfill_from or before.backfill_from,
        members=tuple(sorted({*before.members, *joined})) if is_shared or joined else (),
    )
    after = _owned(store, after)
    if after == before:
        return before
    _store(store, before, after)
    detail = {"before": _detail(before), "after": _detail(after)}
    audit.record(store, by, "mailbox changed", after.mailbox, detail)
    return after


def end(store: Store, by: Change, address: str, members: Sequence[str]) -> Mailbox:
    """Say that persons no longer work a shared mailbox.

    Raises:
        NotFound: there is no such mailbox, or one of them does not work it.
    """
    before = mailbox(store, address)
    gone = {people.person(store, member).person_id for member in members}
    for member in sorted(gone - set(before.members)):
        raise NotFound("member", f"{member} of {before.mailbox}")
    after = replace(before, members=tuple(member for member in before.members if member not in gone))
    _store(store, before, after)
    audit.record(store, by, "mailbox members ended", after.mailbox, {"members": sorted(gone)})
    return after


def _owned(store: Store, held: Mailbox) -> Mailbox:
    """Return a personal mailbox with the person whose address it is, where no owner is given."""
    if held.kind != "personal" or held.owner_id:
        return held
    return replace(held, owner_id=dict(store.tuples("store/person_addresses")).get(held.mailbox))


def _check(store: Store, held: Mailbox) -> None:
    if held.kind not in KINDS:
        raise SettingsError(f"{held.kind!r} is no kind of mailbox; write personal or shared")
    address_owner = dict(store.tuples("store/person_addresses")).get(held.mailbox)
    if held.kind == "shared":
        if held.owner_id:
            raise SettingsError(f"{held.mailbox} is shared and has no owner; name its members instead")
        if address_owner:
            raise SettingsError(
                f"{held.mailbox} is an address of {address_owner}, so it is a personal mailbox"
            )
        return
    if held.members:
        raise SettingsError(f"{held.mailbox} is personal and has no members; name its owner instead")
    if held.owner_id and address_owner not in {None, held.owner_id}:
        raise SettingsError(f"{held.mailbox} is an address of {address_owner}, not of {held.owner_id}")


def _store(store: Store, before: Mailbox | None, after: Mailbox) -> None:
    _check(store, after)
    store.run(
        "store/put_mailbox",
        mailbox=after.mailbox,
        name=after.name,
        kind=after.kind,
        owner_id=after.owner_id,
        team_id=after.team_id,
        backfill_from=after.backfill_from,
    )
    held = set(before.members) if before else set()
    for member in sorted(held - set(after.members)):
        store.run("store/remove_mailbox_member", mailbox=after.mailbox, person_id=member)
    for member in sorted(set(after.members) - held):
        store.run("store/add_mailbox_member", mailbox=after.mailbox, person_id=member)
    if after.owner_id and after.mailbox not in dict(store.tuples("store/person_addresses")):
        store.run("store/add_person_address", address=after.mailbox, person_id=after.owner_id)


def _detail(held: Mailbox) -> dict[str, object]:
    return {
        "name": held.name,
        "kind": held.kind,
        "owner": held.owner_id,
        "team": held.team_id,
        "backfill_from": held.backfill_from,
        "members": list(held.members),
    }
