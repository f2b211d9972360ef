"""Who changed what, and when: every change of people, schedules, goals and settings leaves a row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from emailresponse.store import Store


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes something and when.

    Attributes:
        at: naive UTC, given by the edge.
        by: a person's or system user's name.
    """

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Audit:
    """One change that was made."""

    audit_no: int
    changed_at: datetime
    changed_by: str
    action: str
    subject_of: str
    detail: str | None


def record(
    store: Store,
    change: Change,
    action: str,
    subject: str,
    detail: Mapping[str, Any] | None = None,
    *,
    is_rebuild: bool = True,
) -> None:
    """Log a change and, unless it touches no figure, ask the next refresh to derive everything again.

    Args:
        store: inside the transaction that makes the change.
        change: who and when.
        action: what was done, e.g. `schedule added`.
        subject: to what, e.g. `team sales`.
        detail: what it says now (and what it said before), kept as JSON.
        is_rebuild: whether derived rows may be different now.
    """
    text = json.dumps(detail, default=_plain, ensure_ascii=False, sort_keys=True) if detail else None
    store.run(
        "store/add_audit",
        changed_at=change.at,
        changed_by=change.by,
        action=action,
        subject_of=subject,
        detail=text,
    )
    if is_rebuild:
        store.run("store/add_pending_rebuild", reason=action)


def listed(store: Store, at_most: int = 100) -> list[Audit]:
    """Return the latest changes, the newest first."""
    return store.rows("store/audits", Audit, at_most=at_most)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
