"""What is wrong with a workspace: what is not said yet, what could not be kept, what the figures may lack.

Each check asks one question and changes nothing. A finding says what and how much; cli says it in a sentence
with the command that mends it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from emailresponse import derive, domains, goals, mailboxes, people, reports, schedules, teams
from emailresponse.addresses import FREE_MAIL, domain
from emailresponse.derive.runs import is_derived
from emailresponse.filter import Filter
from emailresponse.store import Store

MOST = 5
"""So many of each are named."""

FORM_LEADS = 2
"""A sender whose Reply-To names so many different addresses outside may be a web form's."""

MEASURED = ("no_time", "incredible_time")
"""The problems for which a message starts and stops no clock."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something of which there are so many; None: there is one."""

    name: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer that needs attention.

    Attributes:
        kind: which check found it.
        count: how many mailboxes, persons, messages … it is about.
        named: the first of them.
        share: of the whole, in [0, 1], where that matters.
        is_fault: whether figures are wrong or missing until it is mended; else it is good to know.
    """

    kind: str
    count: int
    named: tuple[Named, ...] = ()
    share: float | None = None
    is_fault: bool = True


def examine(store: Store, today: date) -> list[Finding]:
    """Return what is wrong, what keeps figures from being right first.

    Args:
        store: the workspace; it stays as it is.
        today: the local day on which people and schedules are looked at.
    """
    checks = [_ours(store), _persons(store, today), _mailboxes(store), _rules(store), _imports(store)]
    found = [*itertools.chain(*checks), *_derivations(store)]
    return sorted(found, key=lambda finding: not finding.is_fault)


def _ours(store: Store) -> Iterator[Finding]:
    """Find what is ours and not said to be."""
    listed = [one.mailbox for one in mailboxes.listed(store)]
    internal = domains.listed(store)
    free = [address for address in listed if domain(address) in FREE_MAIL]
    if free and not internal:
        yield _of("free_mail_mailbox", free, is_fault=False)
    home = _rows(store, "doctor/home_domains", free_mail=sorted(FREE_MAIL), most=MOST)
    if home:
        yield Finding("domain_not_internal", home[0].count or 0, home, is_fault=not internal)


def _persons(store: Store, today: date) -> Iterator[Finding]:
    """Find people missing, and people of whom nothing is known."""
    current = [one for one in people.listed(store) if one.until_day is None or one.until_day >= today]
    if not current:
        yield Finding("no_people", 0)
        return
    members = {stay.person_id for stay in teams.memberships(store)}
    if not members:
        yield Finding("no_team", 0)
    elif alone := [one.person_id for one in current if one.person_id not in members]:
        yield _of("person_without_team", alone, is_fault=False)
    held = mailboxes.listed(store)
    watched = {one.owner_id for one in held} | {member for one in held for member in one.members}
    unseen = [one.person_id for one in current if one.person_id not in watched]
    if held and unseen:
        yield _of("person_without_mailbox", unseen, is_fault=False)


def _mailboxes(store: Store) -> Iterator[Finding]:
    """Find mailboxes that belong to nobody."""
    held = mailboxes.listed(store)
    if not held:
        yield Finding("no_mailbox", 0)
        return
    if bare := [one.mailbox for one in held if one.kind == "personal" and not one.owner_id]:
        yield _of("mailbox_without_owner", bare)
    if bare := [one.mailbox for one in held if one.kind == "shared" and not (one.members or one.team_id)]:
        yield _of("shared_mailbox_without_members", bare)
    stays = {stay.person_id for stay in teams.memberships(store)}
    if bare := [one.mailbox for one in held if not one.team_id and one.owner_id not in stays]:
        yield _of("mailbox_without_team", bare, is_fault=False)
    keys = {one.key for one in schedules.listed(store)}
    if ("workspace", "") not in keys:
        teams_of = {stay.person_id: stay.team_id for stay in teams.memberships(store)}
        bare = [
            one.mailbox
            for one in held
            if ("mailbox", one.mailbox) not in keys
            and ("team", one.team_id or teams_of.get(one.owner_id or "", "")) not in keys
            and not one.members
        ]
        if bare:
            yield _of("mailbox_without_schedule", bare)


def _rules(store: Store) -> Iterator[Finding]:
    """Find defaults where somebody should have decided."""
    if not goals.listed(store):
        yield Finding("no_goal", 0)
    held = [one for one in schedules.listed(store) if not one.country and not one.days_off]
    if held:
        yield _of("schedule_without_holidays", [schedules.subject(one) for one in held], is_fault=False)


def _imports(store: Store) -> Iterator[Finding]:
    """Find what could not be kept, or is kept with a problem."""
    if refused := _rows(store, "doctor/refusals"):
        yield Finding("refused", sum(one.count or 0 for one in refused), refused[:MOST])
    if unfinished := _rows(store, "doctor/unfinished"):
        yield _of("unfinished_import", [one.name for one in unfinished])
    problems = _rows(store, "doctor/problems")
    for kind, is_asked in (("without_time", True), ("problem", False)):
        named = tuple(one for one in problems if (one.name in MEASURED) == is_asked)
        if named:
            yield Finding(kind, sum(one.count or 0 for one in named), named, is_fault=False)


def _derivations(store: Store) -> Iterator[Finding]:
    """Find what derived rows say, if they are there at all."""
    if not is_derived(store):
        yield Finding("not_derived", 0)
        return
    if derive.is_stale(store):
        copies, reasons = store.tuples("doctor/pending")[0]
        yield Finding("stale", copies + reasons)
    if authors := _rows(store, "doctor/unlisted_authors", most=MOST):
        yield Finding("unlisted_author", store.value("doctor/unlisted_author_count"), authors)
    unknown, messages = store.tuples("doctor/unknown_authors")[0]
    if unknown:
        yield Finding("unknown_author", unknown, share=unknown / messages, is_fault=False)
    if forms := _rows(store, "doctor/likely_forms", least=FORM_LEADS, most=MOST):
        yield Finding("likely_form", len(forms), forms, is_fault=False)
    yield from _figures(store)


def _figures(store: Store) -> Iterator[Finding]:
    """Find figures that stand on old or hidden waits."""
    summary = reports.summary(store, Filter())
    if summary.stale:
        yield _of("behind", [box.mailbox for box in summary.stale], is_fault=False)
    hidden = [one for one in reports.people(store, Filter()) if one.key and one.is_hidden_high]
    if summary.is_hidden_high or hidden:
        count = summary.dismissed + summary.by_hand
        named = tuple(Named(one.key, one.hidden) for one in hidden[:MOST])
        yield Finding("hidden", count, named, share=summary.hidden_share, is_fault=False)


def _rows(store: Store, name: str, **parameters: object) -> tuple[Named, ...]:
    return tuple(store.rows(name, Named, **parameters))


def _of(kind: str, names: list[str], *, is_fault: bool = True) -> Finding:
    return Finding(kind, len(names), tuple(Named(name) for name in names[:MOST]), is_fault=is_fault)
