"""The derivations in the order in which they are made, each one statement of `sql/derive/`.

A derive file reads what it divides by its partition key from tables named `part_…`: everything in a full
rebuild, the touched keys in an incremental one. So both runs are the same statements on more or fewer rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Step:
    """One derivation: its name is its table and its file; `kept` ones stay in the database.

    `key` is the column by which an incremental run replaces rows; None replaces the whole (small) table.
    """

    name: str
    kept: bool = False
    key: str | None = None
    parameters: tuple[str, ...] = ()

    def given(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of the values that its file is given."""
        return {name: values[name] for name in self.parameters}


#: What settings alone decide; made anew in every run, for it is small.
SETTLED = (
    Step("known_address", kept=True),
    Step("mailbox_name", kept=True),
    Step("mailbox_team", kept=True, parameters=("zone",)),
    Step("goal_in_force", kept=True, parameters=("zone",)),
    Step("limit_in_force", kept=True, parameters=("lapse_days", "due_soon_share")),
)

#: What the headers name.
NAMED = (
    Step("address", kept=True, key="address", parameters=("free_mail", "no_reply")),
    Step("own_list", kept=True, key="list_id"),
    Step("own_host", kept=True, key="host"),
)

#: Which message each copy is a copy of.
IDENTIFIED = (
    Step("present"),
    Step("shared_id"),
    Step("conflicted_id", kept=True, key="message_id"),
    Step("keyed"),
    Step("named_copy"),
    Step("identity", kept=True, key="copy_key"),
)

#: What each message says, and what it names.
DESCRIBED = (
    Step("speaker"),
    Step("spoken"),
    Step("recipient", kept=True, key="message_no"),
    Step("form_lead"),
    Step("addressed_mailbox"),
    Step("sender_credit"),
    Step("answered"),
    Step("message", kept=True, key="message_no"),
    Step("decision", kept=True, key="message_no"),
    Step("gone", kept=True, key="message_no"),
    Step("naming", kept=True, key="message_no"),
)

#: What joining the messages leaves for the conversations to be made of.
JOINED = ("joined_component", "lead_component", "component", "named_message", "timed_order", "mended_place")

#: What a conversation makes of its messages.
JUDGED = (
    Step("torn_component", kept=True, key="component"),
    Step("conversation", kept=True, key="message_no", parameters=("segment_days",)),
    Step("verdict", kept=True, key="message_no", parameters=("suspected_seconds",)),
    Step("touch", kept=True, key="component"),
    Step("note", kept=True, key="component"),
)

#: What a company's messages make of waits, up to the first pass over closings by hand.
TURNED = (
    Step("called"),
    Step("inferred", parameters=("inferred_recipients", "inferred_days")),
    Step("event"),
    Step("turn", parameters=("supersede_days",)),
)

#: The waits.
WAITED = (
    Step("wait_part"),
    Step("wait_sum"),
    Step("late_answer"),
    Step("closed_wait"),
    Step("wait_class", parameters=("lead_memory_days",)),
    Step("wait_handoff"),
    Step("addressee"),
    Step("wait_place"),
    Step("wait_goal"),
    Step("wait_clock"),
    Step("wait", kept=True, key="company_no", parameters=("lapse_days", "skew_seconds")),
    Step("wait_message", kept=True, key="company_no"),
)
