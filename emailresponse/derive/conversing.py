"""Conversations and turns: the two derivations that take more than one statement."""

from __future__ import annotations

from typing import Any

from emailresponse.derive import components, order
from emailresponse.derive.parts import forget, make
from emailresponse.derive.steps import TURNED
from emailresponse.store import Store


def join(run: Store) -> None:
    """Make the parts `component` and `mended_place` from the messages and what they name."""
    make(run, "barred_id")
    make(run, "token")
    components.label(run, "part_token", "part_message", "joined_component")
    make(run, "form_component")
    make(run, "token_by_lead")
    components.label(run, "part_token_by_lead", "part_form_component", "lead_component")
    make(run, "component", "derive/split_component")
    forget(run, "barred_id", "token", "form_component", "token_by_lead")
    make(run, "named_message")
    make(run, "timed_order")
    with run.table("mended_rows", order.mended(run)):
        make(run, "mended_place", "derive/mended_place")


def turn(run: Store, values: dict[str, Any]) -> None:
    """Make the part `turn`: first without closings by hand, then with those that meet their wait open."""
    for step in TURNED:
        make(run, step.name, **step.given(values))
    make(run, "closed_by_hand")
    if run.value("derive/closed_by_hand_count"):
        make(run, "answer_event")
        make(run, "event", "derive/event_with_hand")
        make(run, "turn", supersede_days=values["supersede_days"])
