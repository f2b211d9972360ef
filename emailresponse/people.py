"""Who answers: people, dated, with every address of theirs and their leave.

Every change runs inside the caller's transaction, leaves an audit row and asks for a rebuild.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from emailresponse import audit, domains, versions
from emailresponse.audit import Change
from emailresponse.errors import NotFound, SettingsError
from emailresponse.store import Store


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the team; the id is the first address. Both days are local and inclusive."""

    person_id: str
    name: str
    addresses: tuple[str, ...]
    from_day: date | None = None
    until_day: date | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """A person's days away; both local days inclusive."""

    person_id: str
    from_day: date
    until_day: date
    name: str | None = None


def listed(store: Store) -> list[Person]:
    """Return everybody, by id."""
    return [
        Person(person_id, name, tuple(found), from_day, until_day)
        for person_id, name, found, from_day, until_day in store.tuples("store/people")
    ]


def person(store: Store, word: str) -> Person:
    """Return the person that an address or a name means.

    Raises:
        NotFound: nobody is called that.
        SettingsError: several are.
    """
    everybody = listed(store)
    wanted = domains.address(word) if "@" in word else word.strip().casefold()
    found = [one for one in everybody if wanted in one.addresses or one.name.casefold() == wanted]
    if not found:
        raise NotFound("person", word)
    if len(found) > 1:
        raise SettingsError(
            f"{word!r} may be {' or '.join(one.person_id for one in found)}; give the address"
        )
    return found[0]


def add(
    store: Store,
    change: Change,
    *,
    name: str,
    addresses: Sequence[str],
    from_day: date | None = None,
    until_day: date | None = None,
) -> Person:
    """Add a person under the first of the addresses; a personal mailbox of theirs without owner is theirs.

    Raises:
        SettingsError: no name, no address, an address that is none or somebody's already, or days in the
            wrong order.
    """
    if not addresses:
        raise SettingsError(f"{name or 'a person'} has no address; give at least one")
    held = tuple(dict.fromkeys(domains.address(text) for text in addresses))
    added = Person(held[0], name.strip(), held, from_day, until_day)
    if any(one.person_id == added.person_id for one in listed(store)):
        raise SettingsError(f"{added.person_id} is there already; change it instead")
    _check(store, added)
    _put(store, added)
    for address in held:
        _give(store, address, added.person_id)
    audit.record(store, change, "person added", added.person_id, _detail(added))
    return added


def change(
    store: Store,
    by: Change,
    person_id: str,
    *,
    name: str | None = None,
    addresses: Sequence[str] = (),
    removed: Sequence[str] = (),
    from_day: date | None = None,
    until_day: date | None = None,
) -> Person:
    """Change what is given and leave the rest; `addresses` are added, `removed` taken away.

    Raises:
        NotFound: there is no such person.
        SettingsError: the person cannot be so.
    """
    before = person(store, person_id)
    gone = {domains.address(text) for text in removed}
    if before.person_id in gone:
        raise SettingsError(f"{before.person_id} is the person's id and stays; end the person instead")
    kept = [address for address in before.addresses if address not in gone]
    held = tuple(dict.fromkeys([*kept, *(domains.address(text) for text in addresses)]))
    after = replace(
        before,
        name=(name or before.name).strip(),
        addresses=(held[0], *sorted(held[1:])),
        from_day=from_day or before.from_day,
        until_day=until_day or before.until_day,
    )
    if after == before:
        return before
    _check(store, after)
    _put(store, after)
    for address in set(before.addresses) - set(held):
        store.run("store/remove_person_address", address=address, person_id=before.person_id)
    for address in sorted(set(held) - set(before.addresses)):
        _give(store, address, before.person_id)
    audit.record(
        store, by, "person changed", before.person_id, {"before": _detail(before), "after": _detail(after)}
    )
    return after


def end(store: Store, by: Change, person_id: str, until_day: date) -> Person:
    """Say on which day a person works with us for the last time; open memberships end with it.

    Raises:
        NotFound: there is no such person.
        SettingsError: the day is before the first one.
    """
    after = change(store, by, person_id, until_day=until_day)
    for member, team_id, from_day, last in store.tuples("store/memberships"):
        if member == after.person_id and (last is None or last > until_day):
            store.run(
                "store/end_membership",
                person_id=member,
                team_id=team_id,
                from_day=from_day,
                until_day=max(until_day, from_day or until_day),
            )
    return after


def leaves(store: Store) -> list[Leave]:
    """Return everybody's leave."""
    return store.rows("store/leaves", Leave)


def add_leave(
    store: Store, change: Change, person_id: str, from_day: date, until_day: date, name: str | None = None
) -> bool:
    """Note a person's leave; returns whether that is new.

    Raises:
        NotFound: there is no such person.
        SettingsError: it ends before it begins, or another leave begins the same day.
    """
    versions.check_order(from_day, until_day)
    added = Leave(person(store, person_id).person_id, from_day, until_day, name)
    same = [
        leave for leave in leaves(store) if (leave.person_id, leave.from_day) == (added.person_id, from_day)
    ]
    if added in same:
        return False
    if same:
        store.run("store/remove_leave", person_id=added.person_id, from_day=from_day)
    store.run("store/add_leave", person_id=added.person_id, from_day=from_day, until_day=until_day, name=name)
    detail = {"from": from_day, "until": until_day, "before": same[0].until_day if same else None}
    audit.record(store, change, "leave added", added.person_id, detail)
    return True


def end_leave(store: Store, change: Change, person_id: str, from_day: date) -> None:
    """Take back the leave that begins on a day.

    Raises:
        NotFound: there is no such person or leave.
    """
    found = person(store, person_id).person_id
    if not any((leave.person_id, leave.from_day) == (found, from_day) for leave in leaves(store)):
        raise NotFound("leave", f"of {found} from {from_day}")
    store.run("store/remove_leave", person_id=found, from_day=from_day)
    audit.record(store, change, "leave removed", found, {"from": from_day})


def _check(store: Store, checked: Person) -> None:
    if not checked.name:
        raise SettingsError(f"{checked.person_id} has no name")
    versions.check_order(checked.from_day, checked.until_day)
    owners = dict(store.tuples("store/person_addresses"))
    groups = {group.address for group in domains.groups(store)}
    shared = {row[0] for row in store.tuples("store/mailboxes") if row[2] == "shared"}
    for address in checked.addresses:
        if owners.get(address, checked.person_id) != checked.person_id:
            raise SettingsError(f"{address} belongs to {owners[address]}; an address has one person only")
        if address in groups:
            raise SettingsError(f"{address} is a listed group; a person has an address of their own")
        if address in shared:
            raise SettingsError(f"{address} is a shared mailbox; make the person one of its members instead")


def _give(store: Store, address: str, person_id: str) -> None:
    store.run("store/add_person_address", address=address, person_id=person_id)
    store.run("store/own_mailbox", mailbox=address, person_id=person_id)


def _put(store: Store, held: Person) -> None:
    store.run(
        "store/put_person",
        person_id=held.person_id,
        name=held.name,
        from_day=held.from_day,
        until_day=held.until_day,
    )


def _detail(held: Person) -> dict[str, object]:
    return {
        "name": held.name,
        "addresses": list(held.addresses),
        "from": held.from_day,
        "until": held.until_day,
    }
