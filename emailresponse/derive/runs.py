"""Runs: a rebuild derives everything, a refresh what is pending, an as-of run a past state beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from emailresponse import goals, openings, settings
from emailresponse.addresses import FREE_MAIL
from emailresponse.derive import touched
from emailresponse.derive.conversing import join, turn
from emailresponse.derive.parts import forget, keep, make
from emailresponse.derive.recipe import NO_REPLY, digest
from emailresponse.derive.steps import (
    DESCRIBED,
    IDENTIFIED,
    JOINED,
    JUDGED,
    NAMED,
    SETTLED,
    TURNED,
    WAITED,
    Step,
)
from emailresponse.store import Store, statement

Notice = Callable[[str], None]

#: The facts that a past moment knows fewer of.
FACTS_AS_OF = (
    ("copy", "derive/copy_as_of"),
    ("placement", "derive/placement_as_of"),
    ("override", "derive/override_as_of"),
)


def _silent(_: str) -> None:
    """Say nothing about the progress."""


def is_derived(store: Store) -> bool:
    """Tell whether everything was ever derived in the way it is now."""
    return bool(store.value("store/is_derived")) and store.value("store/derived_by") == digest()


def is_stale(store: Store) -> bool:
    """Tell whether facts came in that are not derived yet, or all was derived in another way than now."""
    return not is_derived(store) or bool(store.value("store/is_pending")) or is_behind(store)


def is_behind(store: Store) -> bool:
    """Tell whether a sync of a mailbox went further than its waits are known."""
    return bool(store.value("touched/is_behind"))


def rebuild(store: Store, notice: Notice = _silent) -> None:
    """Derive everything from the facts; readers see the old rows until all is done."""
    run = store.cursor()
    with run.transaction():
        make(run, "copy", "FROM copy")
        make(run, "placement", "FROM placement")
        make(run, "override", "FROM override")
        _derive_all(run, None, notice)
        run.run("store/clear_pending_copy")
        run.run("store/clear_pending_rebuild")
        _sign(run)
    run.close()


def refresh(store: Store, notice: Notice = _silent) -> None:
    """Bring the derivations up to date with the facts; the rows are those a rebuild would give."""
    if not is_stale(store):
        return
    if not is_derived(store) or not touched.is_small(store):
        rebuild(store, notice)
        return
    run = store.cursor()
    if not store.value("store/is_pending"):
        # A sync without new messages: the waits stay, only how far they are known has moved.
        with run.transaction():
            keep(run, "horizon", as_of=None)
            _sign(run)
        run.close()
        return
    with run.transaction():
        values = _parameters(run)
        notice("deriving what is new")
        touched.derive(run, values)
        keep(run, "horizon", as_of=None)
        touched.count_days(run, values)
        run.run("store/clear_pending_copy")
        _sign(run)
    run.close()


def _sign(run: Store) -> None:
    """Say by what the tables were derived."""
    run.run("store/put_derived_by", digest=digest())


def as_of(store: Store, moment: datetime) -> Store:
    """Return a store that answers as of `moment` (UTC): what was received or decided later does not exist.

    The workspace's own derivations stay as they are; close the returned store when done.
    """
    run = store.beside()
    with run.transaction():
        for name, source in FACTS_AS_OF:
            # Tables beside the workspace's hide them: whatever asks for copies sees those of the moment.
            run.execute("CREATE TABLE ", name, " AS ", statement(source), as_of=moment)
            make(run, name, f"FROM {name}")
        _derive_all(run, moment, _silent)
    return run


def _derive_all(run: Store, moment: datetime | None, notice: Notice) -> None:
    """Make every derived table in the current catalog from the parts copy, placement and override."""
    values = _parameters(run)
    notice("reading settings")
    with run.table("goal_rows", goals.resolved(run)):
        _keep(run, SETTLED, values)
    notice("matching messages")
    _keep(run, (*NAMED, *IDENTIFIED, *DESCRIBED), values)
    _forget(run, (*IDENTIFIED, *DESCRIBED))
    notice("joining conversations")
    join(run)
    keep(run, "repeated", zone=values["zone"], suspected_repeats=values["suspected_repeats"])
    _keep(run, JUDGED, values)
    forget(run, *JOINED)
    notice("laying out schedules")
    first, last = run.tuples("derive/copied_range")[0]
    if first is not None:
        openings.lay_out(run, first, max(last, moment) if moment else last)
    else:
        run.run("derive/no_calendar")
        run.run("derive/no_opening")
    notice("finding waits")
    turn(run, values)
    _keep(run, WAITED, values)
    _forget(run, (*TURNED, *WAITED))
    keep(run, "horizon", as_of=moment)
    keep(run, "volume", zone=values["zone"])
    run.run("derive/standing")
    run.run("derive/chosen")


def _keep(run: Store, steps: Iterable[Step], values: dict[str, Any]) -> None:
    for step in steps:
        (keep if step.kept else make)(run, step.name, **step.given(values))


def _forget(run: Store, steps: Iterable[Step]) -> None:
    forget(run, *(step.name for step in steps if not step.kept))


def _parameters(store: Store) -> dict[str, Any]:
    """Return every value that derive files are given, by name."""
    rules = settings.load(store)
    return {
        "free_mail": sorted(FREE_MAIL),
        "no_reply": NO_REPLY,
        "zone": rules.zone,
        "segment_days": rules.segment_days,
        "inferred_days": rules.inferred_days,
        "inferred_recipients": rules.inferred_recipients,
        "supersede_days": rules.supersede_days,
        "lapse_days": rules.lapse_days,
        "lead_memory_days": rules.lead_memory_days,
        "skew_seconds": rules.skew_seconds,
        "due_soon_share": rules.due_soon_share,
        "suspected_seconds": rules.suspected_seconds,
        "suspected_repeats": rules.suspected_repeats,
    }
