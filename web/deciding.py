"""Decisions by hand as the pages offer them, and what is said once they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from emailresponse import derive, overrides, settings
from emailresponse.audit import Change
from emailresponse.errors import SettingsError
from emailresponse.reports.figures import OverrideRow
from emailresponse.store import Store

CHOICES = (
    ("dismiss", "Dismiss", "It needs no reply. It leaves the denominators, and is counted in sight."),
    ("call", "Answered by phone", "A call answered it, at the time you say."),
    (
        "by_hand",
        "Close by hand",
        "It was settled elsewhere. It leaves the denominators, and is counted in sight.",
    ),
)
DONE = {
    "dismiss": "Dismissed. It is counted in sight beside the figures, and can be undone below.",
    "call": "Noted as answered by phone. It can be undone below.",
    "by_hand": "Closed by hand. It is counted in sight beside the figures, and can be undone below.",
    "human": "Noted: a person wrote it. It can be undone below.",
    "automated": "Noted: it is automatic. It can be undone below.",
    "withdraw": "Undone: the rules decide again.",
}


def decide(store: Store, typed: Mapping[str, str], now: datetime) -> str:
    """Store a decision, derive what follows from it, and return what to say.

    Raises:
        NotFound: there is no such message.
        SettingsError: it lacks a name or a reason, or cannot be.
    """
    kind, who = typed.get("kind", ""), typed.get("who", "").strip()
    if not who:
        raise SettingsError("say who decides", "decision")
    overrides.decide(
        store,
        Change(now, who),
        typed.get("message_key", ""),
        kind,
        reason=typed.get("reason"),
        effective_at=_moment(typed.get("at", ""), settings.load(store).zone),
    )
    derive.refresh(store)
    return DONE.get(kind, "Noted.")


def in_force(decisions: Iterable[OverrideRow]) -> set[int]:
    """Return the numbers of the decisions that nothing later withdrew."""
    held: dict[str, set[int]] = {}
    for one in sorted(decisions, key=lambda decision: decision.override_no):
        about = held.setdefault(one.message_key, set())
        if one.kind == "withdraw":
            about.clear()
        else:
            about.add(one.override_no)
    return set().union(*held.values())


def _moment(typed: str, zone: str) -> datetime | None:
    """Return the UTC moment of a local time as a form sends it; None where nothing was typed."""
    if not typed:
        return None
    try:
        local = datetime.fromisoformat(typed)
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise SettingsError(f"{typed!r} is no time", "when") from error
