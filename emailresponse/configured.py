"""The form of `config.toml`: what may be said where, each entry checked by itself, faults named by place."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from emailresponse import faults
from emailresponse.errors import SettingsError

#: Tables whose entries are settings of live mailboxes.
LIVE = ("gmail", "microsoft", "sync")


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


def _some(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise ValueError("give at least one address")
    return value


def _hours(value: Any) -> Any:
    periods = list(value.values()) if isinstance(value, dict) else [value]
    for one in periods:
        if not isinstance(one, str) and not (
            isinstance(one, list) and all(isinstance(part, str) for part in one)
        ):
            raise ValueError("write a text, a list of texts or a table by weekday; see config.example.toml")
    return value


def _as_entry(name: str) -> Any:
    def wrapped(value: Any) -> Any:
        return {name: value} if isinstance(value, str) else value

    return BeforeValidator(wrapped)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class _DatedEntry(_Entry):
    from_day: date | None = Field(None, alias="from")
    until_day: date | None = Field(None, alias="until")


class WorkspaceEntry(_Entry):
    """`[workspace]`: what holds for everything."""

    zone: str | None = None


class PrivacyEntry(_Entry):
    """`[privacy]`: what is not stored."""

    subjects: bool | None = None


class GroupEntry(_Entry):
    """A group or list of ours."""

    address: str
    name: str | None = None


class InternalEntry(_Entry):
    """`[internal]`: whose addresses are ours."""

    domains: tuple[str, ...] = ()
    groups: tuple[Annotated[GroupEntry, _as_entry("address")], ...] = ()


class DismissedEntry(_Entry):
    """A sender whose messages need no reply, and why."""

    sender: str
    reason: str


class SendersEntry(_Entry):
    """`[senders]`: senders with a rule of their own."""

    forms: tuple[str, ...] = ()
    dismissed: tuple[DismissedEntry, ...] = ()


class TeamEntry(_Entry):
    """`[[teams]]`: a group of persons."""

    name: str
    id: str | None = None


class StayEntry(_DatedEntry):
    """A stay of a person in a team."""

    team: str


class LeaveEntry(_Entry):
    """A person's days away."""

    from_day: date = Field(alias="from")
    until_day: date | None = Field(None, alias="until")
    name: str | None = None


class PersonEntry(_DatedEntry):
    """`[[people]]`: who answers."""

    name: str
    addresses: Annotated[tuple[str, ...], BeforeValidator(_one_or_many), AfterValidator(_some)]
    teams: Annotated[tuple[Annotated[StayEntry, _as_entry("team")], ...], BeforeValidator(_one_or_many)] = ()
    leave: tuple[LeaveEntry, ...] = ()


class MailboxEntry(_Entry):
    """`[[mailboxes]]`: a linked account of ours."""

    address: str
    name: str | None = None
    kind: Literal["personal", "shared"] = "personal"
    owner: str | None = None
    team: str | None = None
    members: tuple[str, ...] = ()
    backfill_from: datetime | date | None = None

    def backfill_at(self) -> datetime | None:
        """Return the start of the backfill in naive UTC; a day is its midnight UTC."""
        if self.backfill_from is None:
            return None
        if not isinstance(self.backfill_from, datetime):
            return datetime.combine(self.backfill_from, time())
        if self.backfill_from.tzinfo is None:
            return self.backfill_from
        return self.backfill_from.astimezone(UTC).replace(tzinfo=None)


class _ScopedEntry(_DatedEntry):
    team: str | None = None
    mailbox: str | None = None

    @property
    def whose(self) -> str:
        """Whose entry it is, in words."""
        return " ".join(part for part in self.scope() if part)

    def scope(self) -> tuple[str, str]:
        """Return the scope and its id; the workspace's where none is named."""
        named = [(name, getattr(self, name)) for name in self._scopes() if getattr(self, name) is not None]
        return named[0] if named else ("workspace", "")

    @model_validator(mode="after")
    def _is_of_one(self) -> _ScopedEntry:
        if sum(getattr(self, name) is not None for name in self._scopes()) > 1:
            raise ValueError(f"belongs to one only; keep one of {', '.join(self._scopes())}")
        return self

    @classmethod
    def _scopes(cls) -> tuple[str, ...]:
        return ("team", "mailbox")


class DayOffEntry(_Entry):
    """A day on which a schedule is closed."""

    day: date
    name: str = "day off"


def _as_day_off(value: Any) -> Any:
    return {"day": value} if isinstance(value, date | str) else value


class ScheduleEntry(_ScopedEntry):
    """`[[schedules]]`: weekly hours in a zone, less holidays."""

    hours: Annotated[Any, AfterValidator(_hours)]
    zone: str | None = None
    country: str | None = None
    region: str | None = None
    days_off: tuple[Annotated[DayOffEntry, BeforeValidator(_as_day_off)], ...] = ()
    ics: Annotated[tuple[str, ...], BeforeValidator(_one_or_many)] = ()


class GoalEntry(_ScopedEntry):
    """`[[goals]]`: how fast is fast enough."""

    person: str | None = None
    wait_class: str = Field("lead", alias="class")
    within: str
    clock: Literal["business", "calendar"] = "business"
    share: float = 0.9

    @classmethod
    def _scopes(cls) -> tuple[str, ...]:
        return ("team", "mailbox", "person")


class Configured(_Entry):
    """A whole `config.toml`."""

    workspace: WorkspaceEntry = WorkspaceEntry()
    privacy: PrivacyEntry = PrivacyEntry()
    rules: dict[str, int | float] = {}
    gmail: dict[str, Any] = {}
    microsoft: dict[str, Any] = {}
    sync: dict[str, Any] = {}
    internal: InternalEntry = InternalEntry()
    senders: SendersEntry = SendersEntry()
    teams: tuple[TeamEntry, ...] = ()
    people: tuple[PersonEntry, ...] = ()
    mailboxes: tuple[MailboxEntry, ...] = ()
    schedules: tuple[ScheduleEntry, ...] = ()
    goals: tuple[GoalEntry, ...] = ()

    def settings(self) -> dict[str, Any]:
        """Return the settings the file says, by name."""
        said = {
            "zone": self.workspace.zone,
            "privacy.subjects": self.privacy.subjects,
            **self.rules,
            **{f"{table}.{name}": value for table in LIVE for name, value in getattr(self, table).items()},
        }
        return {name: value for name, value in said.items() if value is not None}


def read(path: Path) -> Configured:
    """Return what a configuration file says, its form checked.

    Raises:
        SettingsError: it cannot be read, is no TOML or says something unknown; the place is named.
    """
    try:
        said = tomllib.loads(path.read_text("utf-8"))
        return Configured.model_validate(said)
    except OSError as error:
        raise SettingsError(f"cannot be read ({error.strerror})", str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"is no TOML: {error}", str(path)) from error
    except ValidationError as error:
        reasons = [f"{faults.place(said, fault['loc'])}: {faults.reason(fault)}" for fault in error.errors()]
        separator = "\n  " if len(reasons) > 1 else ""
        raise SettingsError(separator + separator.join(reasons), str(path)) from error


def digest(path: Path) -> str:
    """Return the SHA-256 of the file and of every .ics file it names.

    Raises:
        SettingsError: it cannot be read or is not well formed.
    """
    configured = read(path)
    total = hashlib.sha256(path.read_bytes())
    for entry in configured.schedules:
        for name in entry.ics:
            total.update(_bytes(path.parent / name))
    return total.hexdigest()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(f"cannot be read ({error.strerror})", str(path)) from error
