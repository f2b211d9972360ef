"""The numbers the rules run on, the workspace's zone and its privacy: defaults, limits, what was stored."""

from __future__ import annotations

import difflib
import functools
import json
import zoneinfo
from dataclasses import dataclass, field, fields
from typing import Any

from emailresponse import audit
from emailresponse.audit import Change
from emailresponse.errors import SettingsError
from emailresponse.store import Store

DIGEST = "configuration.digest"


def _rule(default: float, least: float, most: float, meaning: str) -> Any:
    return field(default=default, metadata={"least": least, "most": most, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the workspace with its default; `meaning` says what each does."""

    zone: str = field(
        default="UTC", metadata={"meaning": "IANA zone of days, weeks and the default schedule"}
    )
    privacy_subjects: bool = field(
        default=True, metadata={"name": "privacy.subjects", "meaning": "store subjects (no: they are erased)"}
    )
    segment_days: int = _rule(30, 1, 3650, "silence of this many days cuts a conversation into segments")
    inferred_days: int = _rule(
        7, 0, 365, "a new conversation to the lead within these days is an inferred reply"
    )
    inferred_recipients: int = _rule(3, 1, 1000, "an inferred reply has at most so many external recipients")
    supersede_days: int = _rule(3, 1, 365, "after so many days a follow-up's chaser opens a new wait")
    lapse_days: int = _rule(14, 1, 365, "a wait without an answer lapses after so many days")
    lead_memory_days: int = _rule(365, 1, 36500, "a company written to within these days is a known lead")
    skew_seconds: int = _rule(120, 0, 86400, "a reply before the receipt by less than this counts as 0")
    due_soon_share: float = _rule(0.8, 0.01, 1.0, "share of the goal after which an open wait is due soon")
    suspected_seconds: int = _rule(
        20, 0, 3600, "a reply sent within this time may be automatic (headers hidden)"
    )
    suspected_repeats: int = _rule(5, 2, 10000, "same subject and size so often in a day may be automatic")
    hidden_share_warning: float = _rule(
        0.15, 0.0, 1.0, "a share of dismissed above this is shown beside the name"
    )
    restricted_mean_business_days: int = _rule(5, 1, 365, "horizon of the restricted mean, in business days")


@functools.cache
def meanings() -> dict[str, str]:
    """Return every setting's name and what it does, in their order."""
    return {_name(entry): entry.metadata["meaning"] for entry in fields(Settings)}


def load(store: Store) -> Settings:
    """Return the settings in force: what was stored, else the defaults."""
    stored = dict(store.tuples("store/settings"))
    values = {
        entry.name: json.loads(stored[_name(entry)]) for entry in fields(Settings) if _name(entry) in stored
    }
    return Settings(**values)


def values(store: Store) -> dict[str, Any]:
    """Return every setting's name and value in force, in their order."""
    held = load(store)
    return {_name(entry): getattr(held, entry.name) for entry in fields(Settings)}


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
    audit.record(store, by, "setting changed", name, {"before": before, "after": checked})
    return True


def check(name: str, value: Any) -> Any:
    """Return the value as the setting's own type.

    Raises:
        SettingsError: there is no such setting, or it cannot have this value.
    """
    found = {_name(entry): entry for entry in fields(Settings)}.get(name)
    if found is None:
        raise SettingsError(f"there is no such setting{_nearest(name, list(meanings()))}", name)
    if name == "zone":
        return check_zone(value)
    if isinstance(found.default, bool):
        return _switch(name, value)
    return _number(name, value, found)


def check_zone(zone: Any) -> str:
    """Return the zone if it is an IANA name.

    Raises:
        SettingsError: it is not; the reason names the nearest ones.
    """
    if isinstance(zone, str) and zone in _zones():
        return zone
    raise SettingsError(f"{zone!r} is no IANA zone{_nearest(str(zone), sorted(_zones()))}", "zone")


def _switch(name: str, value: Any) -> bool:
    words = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    known = words.get(str(value).lower())
    if known is None:
        raise SettingsError(f"{value!r} is neither true nor false", name)
    return known


def _number(name: str, value: Any, entry: Any) -> int | float:
    least, most = entry.metadata["least"], entry.metadata["most"]
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise SettingsError(f"{value!r} is no number", name) from None
    if isinstance(value, bool) or not least <= number <= most:
        raise SettingsError(f"{value} is not between {least} and {most}", name)
    if isinstance(entry.default, int):
        if number != int(number):
            raise SettingsError(f"{value} is no whole number", name)
        return int(number)
    return number


def _name(entry: Any) -> str:
    name: str = entry.metadata.get("name", entry.name)
    return name


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - {"localtime", "posixrules", "Factory"})


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else ""
