"""An incremental run: derive again only the conversations and companies that pending copies touch.

Three widening circles, each closed under what its derivations read: the copies of the same messages; the
components that these messages were in or are joined to now; the companies that those components speak with.
In each circle the rows of a full run are made from fewer rows, and take the place of the old ones.
"""

from __future__ import annotations

from typing import Any

from emailresponse.derive.conversing import join, turn
from emailresponse.derive.parts import make
from emailresponse.derive.steps import DESCRIBED, JUDGED, NAMED, WAITED, Step
from emailresponse.store import Store, statement

#: What the messages of a touched conversation say, kept from when they were described.
HELD = ("message", "identity", "recipient", "naming", "decision")


#: What the waits of a company read of its messages.
SHOWN = ("message", "conversation", "verdict", "recipient", "identity")

#: Above so many blocks of the table of copies one scan of all, on all processors, is quicker.
SPANS = 20


def is_small(store: Store) -> bool:
    """Tell whether what is pending is worth an incremental run, and can be told by one."""
    return not store.value("touched/pending_share")


def derive(run: Store, values: dict[str, Any]) -> None:
    """Bring every derived table up to date with the pending copies, inside the caller's transaction."""
    make(run, "touched_copy", "touched/copy_pending")
    make(run, "restless", "touched/no_message")
    make(run, "old_company", "touched/no_company")
    make(run, "old_counted", "touched/no_counted")
    make(run, "seen_message", "touched/no_message")
    make(run, "met_address", "touched/no_address")
    _find_copies(run, values)
    _find_conversations(run)
    _describe(run, values)
    while True:
        _derive_conversations(run, values)
        make(run, "restless", "touched/restless")
        if not run.value("touched/restless_count"):
            break
        _find_conversations(run)
    make(run, "new_counted", "touched/new_counted")
    _derive_waits(run, values)


def count_days(run: Store, values: dict[str, Any]) -> None:
    """Count the messages again of the days whose messages are others now."""
    make(run, "gone_day", "touched/touched_day", zone=values["zone"])
    make(run, "message", "touched/message_of_day", zone=values["zone"])
    _replace(run, Step("volume", kept=True, key="day", parameters=("zone",)), values)


def _find_copies(run: Store, values: dict[str, Any]) -> None:
    """Make the parts up to `keyed` from the pending copies and all that are copies of the same messages."""
    while True:
        _read_copies(run)
        make(run, "placement", "touched/placement")
        make(run, "override", "touched/override")
        for step in NAMED:
            make(run, step.name, **step.given(values))
            make(run, f"new_{step.name}", f"touched/new_{step.name}")
            _add(run, step.name, f"part_new_{step.name}")
        make(run, "met_address", "touched/met_address")
        make(run, "present")
        make(run, "shared_id")
        make(run, "conflicted_id")
        make(run, "touched_id", "touched/touched_id")
        run.run("touched/old_conflicted_id")
        _add(run, "conflicted_id", "part_conflicted_id")
        make(run, "keyed")
        make(run, "also_copy", "touched/copy_also")
        make(run, "touched_copy", "touched/copy_grown")
        if not run.value("touched/also_count"):
            break
    make(run, "touched_hash", "touched/touched_hash")


def _read_copies(run: Store) -> None:
    """Make the part `copy` of the touched copies and those alike, reading few blocks of the wide table."""
    make(run, "copy", "touched/no_copy")
    make(run, "read_copy", "FROM part_touched_copy")
    _read_spans(run)
    make(run, "alike_copy", "touched/alike_copy")
    make(run, "read_copy", "FROM part_alike_copy")
    _read_spans(run)


def _read_spans(run: Store) -> None:
    spans = run.tuples("touched/copy_span")
    if len(spans) > SPANS:
        spans = [(min(first for first, _ in spans), max(last for _, last in spans))]
    for first, last in spans:
        run.execute("INSERT INTO ", "part_copy ", statement("touched/copy_in_span"), first=first, last=last)


def _find_conversations(run: Store) -> None:
    """Make the parts that say what the touched conversations were."""
    make(run, "old_component", "touched/old_component")
    make(run, "old_message", "touched/old_message")
    make(run, "old_company", "touched/old_company")
    make(run, "old_counted", "touched/old_counted")


def _describe(run: Store, values: dict[str, Any]) -> None:
    """Describe the messages of the touched copies again, and put their rows in place of the old ones."""
    make(run, "named_copy")
    make(run, "identity")
    make(run, "gone_copy_key", "touched/gone_copy_key")
    make(run, "described_message_no", "touched/described_message_no")
    make(run, "gone_message_no", "touched/described_message_no")
    _put(run, Step("identity", kept=True, key="copy_key"))
    for step in DESCRIBED:
        _replace(run, step, values)


def _derive_conversations(run: Store, values: dict[str, Any]) -> None:
    """Derive the touched components again, and put their rows in place of the old ones."""
    make(run, "gone_message_no", "touched/gone_message_no")
    make(run, "seen_message", "touched/seen_message")
    make(run, "gone_component", "FROM part_old_component")
    make(run, "repeated_before", "touched/repeated_before")
    for name in HELD:
        make(run, name, f"touched/{name}")
    join(run)
    run.execute("DELETE FROM ", "repeated")
    chosen = {"zone": values["zone"], "suspected_repeats": values["suspected_repeats"]}
    make(run, "repeated", **chosen)
    _add(run, "repeated", "part_repeated")
    for step in JUDGED:
        _replace(run, step, values)


def _derive_waits(run: Store, values: dict[str, Any]) -> None:
    """Derive the waits of the touched companies again, and put them in place of the old ones."""
    make(run, "gone_company_no", "touched/touched_company")
    make(run, "touch", "touched/touch_of_company")
    make(run, "note", "touched/note_of_company")
    make(run, "passed", "touched/passed")
    for name in SHOWN:
        make(run, name, f"touched/shown_{name}")
    turn(run, values)
    for step in WAITED:
        _replace(run, step, values)


def _replace(run: Store, step: Step, values: dict[str, Any]) -> None:
    """Make a part; where its table is kept, put its rows in place of those of the same keys."""
    make(run, step.name, **step.given(values))
    if step.kept and step.key:
        _put(run, step)


def _put(run: Store, step: Step) -> None:
    """Put the rows of a part in place of its table's rows of the same keys."""
    gone = f"part_gone_{step.key}"
    run.execute("DELETE FROM ", step.name, " WHERE ", f"{step.key}", " IN (FROM ", gone, ")")
    _add(run, step.name, f"part_{step.name}")


def _add(run: Store, table: str, part: str) -> None:
    run.execute("INSERT INTO ", table, " BY NAME FROM ", part)
