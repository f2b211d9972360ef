"""The facts an oracle starts from: who is ours, which copies there are, what was decided by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from emailresponse.copies import Copy
from emailresponse.goals import Goal
from emailresponse.people import Leave
from emailresponse.schedules import Schedule
from emailresponse.teams import Membership

# Enough of the published list for tests; a free-mail domain is never internal and no company.
FREE_MAIL = frozenset({"gmail.com", "yahoo.com", "hotmail.com", "web.de"})
LATE = datetime.fromisoformat("2100-01-01")
LONG_AGO = datetime.fromisoformat("0001-01-01")
IMPORTED = datetime.fromisoformat("2027-01-01")


@dataclass(frozen=True)
class Mailbox:
    """A mailbox of ours: personal with an owner, or shared."""

    address: str
    owner: str | None = None
    backfill_from: datetime | None = None
    synced_at: datetime | None = None
    team: str | None = None
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Placement:
    """A later observation of a copy's labels."""

    mailbox: str
    provider_id: str
    observed_at: datetime
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Override:
    """A decision by hand about a copy; kinds as in the fact table."""

    mailbox: str
    provider_id: str
    kind: str
    decided_at: datetime
    effective_at: datetime
    decided_by: str = "manager"
    person: str | None = None
    reason: str | None = None


@dataclass
class Workspace:
    """Everything the derivations may read."""

    zone: str = "UTC"
    domains: dict[str, bool] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)
    mailboxes: dict[str, Mailbox] = field(default_factory=dict)
    form_senders: set[str] = field(default_factory=set)
    dismissed_senders: dict[str, str] = field(default_factory=dict)
    stays: list[Membership] = field(default_factory=list)
    leaves: list[Leave] = field(default_factory=list)
    schedules: list[Schedule] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    merging: set[tuple[str, str]] = field(default_factory=set)
    placements: list[Placement] = field(default_factory=list)
    overrides: list[Override] = field(default_factory=list)
    as_of: datetime | None = None
    imported_at: datetime = IMPORTED
    segment: timedelta = timedelta(days=30)
    lapse: timedelta = timedelta(days=14)
    burst: timedelta = timedelta(days=3)
    inferred: timedelta = timedelta(days=7)
    known: timedelta = timedelta(days=365)

    def person_of(self, address: str | None) -> str | None:
        """Return the person an address belongs to."""
        for person, addresses in self.people.items():
            if address is not None and address in addresses:
                return person
        return None

    def is_internal_domain(self, domain: str) -> bool:
        """Say whether a whole domain is ours."""
        if domain in FREE_MAIL:
            return False
        return any(
            domain == ours or (below and domain.endswith("." + ours)) for ours, below in self.domains.items()
        )

    def is_internal(self, address: str) -> bool:
        """Say whether an address is ours: a person's, mailbox's, group's or of an internal domain."""
        if self.person_of(address) or address in self.mailboxes or address in self.groups:
            return True
        return self.is_internal_domain(domain_of(address))

    def is_tracked(self, address: str) -> bool:
        """Say whether an address is a mailbox's, a person's or a listed group's."""
        return self.person_of(address) is not None or address in self.mailboxes or address in self.groups

    def company(self, address: str) -> str:
        """Return an external address's domain; a free-mail address is its own company."""
        domain = domain_of(address)
        return address if domain in FREE_MAIL or not domain else domain

    def exists(self, copy: Copy) -> bool:
        """Say whether a copy had been received by the as-of; one without a time always had."""
        return self.as_of is None or copy.copied_at is None or copy.copied_at <= self.as_of

    def observations(self, copy: Copy) -> list[tuple[str, ...]]:
        """Return every known label set of a copy, oldest first."""
        later = [
            (placement.observed_at, number, placement.labels)
            for number, placement in enumerate(self.placements)
            if (placement.mailbox, placement.provider_id) == (copy.mailbox, copy.provider_id)
            and (self.as_of is None or placement.observed_at <= self.as_of)
        ]
        return [copy.labels, *(labels for _, _, labels in sorted(later))]


def domain_of(address: str) -> str:
    """Return what stands after the last @ ("" without one)."""
    return address.rpartition("@")[2] if "@" in address else ""


def compared(address: str) -> str:
    """Return an address as addresses are compared: lower case, no +tag, Gmail's dots gone."""
    local, at, domain = address.strip().lower().rpartition("@")
    if not at:
        return domain
    local = local.partition("+")[0]
    if domain in {"gmail.com", "googlemail.com"}:
        return local.replace(".", "") + "@gmail.com"
    return f"{local}@{domain}"
