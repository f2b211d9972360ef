"""Every setting of the workspace: what figures depend on, and how providers are reached."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from emailresponse import audit, entries
from emailresponse.audit import Change
from emailresponse.errors import SettingsError
from emailresponse.providers import Gmail, Microsoft, Providers, Syncing
from emailresponse.store import Store

DIGEST = "configuration.digest"
Group = TypeVar("Group")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the figures depend on, each with its default; `meaning` says what each does."""

    zone: str = entries.zone("UTC", "IANA zone of days, weeks and the default schedule")
    privacy_subjects: bool = entries.switch(
        True, "store subjects (no: they are erased)", name="privacy.subjects"
    )
    segment_days: int = entries.number(
        30, 1, 3650, "silence of this many days cuts a conversation into segments"
    )
    inferred_days: int = entries.number(
        7, 0, 365, "a new conversation to the lead within these days is an inferred reply"
    )
    inferred_recipients: int = entries.number(
        3, 1, 1000, "an inferred reply has at most so many external recipients"
    )
    supersede_days: int = entries.number(
        3, 1, 365, "after so many days a follow-up's chaser opens a new wait"
    )
    lapse_days: int = entries.number(14, 1, 365, "a wait without an answer lapses after so many days")
    lead_memory_days: int = entries.number(
        365, 1, 36500, "a company written to within these days is a known lead"
    )
    skew_seconds: int = entries.number(
        120, 0, 86400, "a reply before the receipt by less than this counts as 0"
    )
    due_soon_share: float = entries.number(
        0.8, 0.01, 1.0, "share of the goal after which an open wait is due soon"
    )
    suspected_seconds: int = entries.number(
        20, 0, 3600, "a reply sent within this time may be automatic (headers hidden)"
    )
    suspected_repeats: int = entries.number(
        5, 2, 10000, "same subject and size so often in a day may be automatic"
    )
    hidden_share_warning: float = entries.number(
        0.15, 0.0, 1.0, "a share of dismissed above this is shown beside the name"
    )
    restricted_mean_business_days: int = entries.number(
        5, 1, 365, "horizon of the restricted mean, in business days"
    )


#: Settings that no figure depends on: changing one derives nothing again.
CONNECTING = (Gmail, Microsoft, Syncing)


@functools.cache
def meanings() -> dict[str, str]:
    """Return every setting's name and what it does, in their order."""
    return {name: entry.metadata["meaning"] for name, entry in declared().items()}


@functools.cache
def decisive() -> frozenset[str]:
    """Return the names of the settings that figures depend on."""
    return frozenset(map(entries.name_of, fields(Settings)))


@functools.cache
def declared() -> dict[str, entries.Entry]:
    """Return every setting's declaration by name, those that figures depend on first."""
    return {entries.name_of(entry): entry for group in (Settings, *CONNECTING) for entry in fields(group)}


def load(store: Store) -> Settings:
    """Return the settings in force that figures depend on: what was stored, else the defaults."""
    return _loaded(store, Settings)


def providers(store: Store) -> Providers:
    """Return the settings of live mailboxes that are in force."""
    return Providers(_loaded(store, Gmail), _loaded(store, Microsoft), _loaded(store, Syncing))


def values(store: Store) -> dict[str, Any]:
    """Return every setting's name and value in force, in their order."""
    stored = _stored(store)
    return {
        name: json.loads(stored.get(name) or json.dumps(entry.default)) for name, entry in declared().items()
    }


def change(store: Store, by: Change, name: str, value: Any) -> bool:
    """Put a setting in force; turning `privacy.subjects` off erases every stored subject.

    Returns: whether it was different before.

    Raises:
        SettingsError: there is no such setting, or it cannot have this value.
    """
    checked = check(name, value)
    before = values(store)[name]
    if checked == before:
        return False
    store.run("store/put_setting", name=name, value=json.dumps(checked))
    if name == "privacy.subjects" and not checked:
        store.run("store/erase_subjects")
    detail = {"before": before, "after": checked}
    audit.record(store, by, "setting changed", name, detail, is_rebuild=name in decisive())
    return True


def check(name: str, value: Any) -> Any:
    """Return the value as the setting's own type.

    Raises:
        SettingsError: there is no such setting, or it cannot have this value.
    """
    found = declared().get(name)
    if found is None:
        raise SettingsError(f"there is no such setting{entries.nearest(name, declared())}", name)
    return entries.check(found, value)


def _stored(store: Store) -> dict[str, str]:
    return dict(store.tuples("store/settings"))


def _loaded(store: Store, group: type[Group]) -> Group:
    stored = _stored(store)
    found = {
        entry.name: json.loads(stored[entries.name_of(entry)])
        for entry in fields(group)  # type: ignore[arg-type]
        if entries.name_of(entry) in stored
    }
    held = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
    return group(**held)
