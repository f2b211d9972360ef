"""Decisions by hand: dismiss a wait, note a call, close it, assign it, correct a verdict, withdraw all that.

A decision is a fact about every copy of one message, so that it survives a rebuild and a changed message key.
"""

from __future__ import annotations

from datetime import datetime

from emailresponse import audit, people
from emailresponse.audit import Change
from emailresponse.errors import SettingsError
from emailresponse.reports.figures import OverrideRow
from emailresponse.reports.trace import named
from emailresponse.store import Store

KINDS = ("dismiss", "call", "by_hand", "human", "automated", "assign", "withdraw")
NEED_REASON = ("dismiss", "by_hand")
NEED_PERSON = ("assign",)
TIMED = ("call", "by_hand")
"""Kinds that take place at a moment of their own, which cannot be before what they answer."""


def decide(
    store: Store,
    change: Change,
    name: str,
    kind: str,
    *,
    reason: str | None = None,
    person: str | None = None,
    effective_at: datetime | None = None,
) -> str:
    """Store a decision about a wait (its opener) or a message, on all its copies, and log it.

    Args:
        store: the workspace; derivations follow at the next refresh.
        change: who decides, and when.
        name: a wait's id, or a message key with or without <>.
        kind: one of KINDS; `withdraw` undoes every earlier decision about the message.
        reason: why; dismissing and closing by hand need one.
        person: address or name of who called or to whom it is assigned.
        effective_at: UTC, when the call or closing took place; absent: now.

    Returns: the key of the message decided about.

    Raises:
        NotFound: no such wait, message or person.
        SettingsError: the decision lacks its reason or person, or takes place before the message or in the
            future.
    """
    if kind not in KINDS:
        raise SettingsError(f"{kind!r} is none of {', '.join(KINDS)}", "decision")
    told = (reason or "").strip()
    if kind in NEED_REASON and not told:
        raise SettingsError("say why", kind)
    if kind in NEED_PERSON and not person:
        raise SettingsError("say to whom", kind)
    moment = effective_at or change.at
    if moment > change.at:
        raise SettingsError("it has not taken place yet", kind)
    person_id = people.person(store, person).person_id if person else None
    message_key, _, wait_id = named(store, name)
    written_at = store.value("store/message_moment", message_key=message_key)
    if kind in TIMED and written_at and moment < written_at:
        raise SettingsError("it would be before the message itself", kind)
    with store.transaction():
        store.run(
            "store/add_override",
            message_key=message_key,
            kind=kind,
            decided_at=change.at,
            effective_at=moment,
            decided_by=change.by,
            person_id=person_id,
            reason=told or None,
        )
        store.run("store/add_pending_message", message_key=message_key)
        detail = {"message": message_key, "reason": told or None, "person": person_id, "at": moment}
        audit.record(store, change, f"override {kind}", wait_id or message_key, detail, is_rebuild=False)
    return message_key


def listed(store: Store) -> list[OverrideRow]:
    """Return every decision, the newest first; of equal ones about several copies one."""
    return store.rows("report/overrides", OverrideRow)
