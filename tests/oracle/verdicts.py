"""Section 6: what the automation rules say of each message, and section 2's web forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.oracle.identity import Held, Message
from tests.oracle.workspace import Workspace

CATEGORIES = {"CATEGORY_PROMOTIONS", "CATEGORY_SOCIAL", "CATEGORY_FORUMS"}
BULK = {"precedence_list", "precedence_bulk", "list_id", "list_post", "list_unsubscribe"}
STAMPS = {"precedence_list", "list_id", "list_post", "CATEGORY_FORUMS"}

Verdict = tuple[str, str | None]
HUMAN: Verdict = ("human", None)


def rules(workspace: Workspace, messages: Mapping[str, Message], conflicted: set[str]) -> dict[str, Verdict]:
    """Return by message key the first rule that fires and its verdict; suspicion and overrides come later."""
    ours = {name for message in messages.values() if message.is_ours for name in message.ids} - conflicted
    found = {}
    for key, message in messages.items():
        if message.is_ours:
            found[key] = _own_rule(message.marks())
        else:
            found[key] = _rule(workspace, message, ours)
    return found


def _own_rule(marks: set[str]) -> Verdict:
    for mark, rule, verdict in (
        ("report", "report", "automated"),
        ("calendar", "calendar", "calendar"),
        ("auto_submitted", "auto_submitted", "automated"),
        ("auto_header", "auto_header", "automated"),
        ("no_reply", "no_reply_address", "automated"),
    ):
        if mark in marks:
            return verdict, rule
    return HUMAN


def _rule(  # noqa: C901, PLR0911  the table of section 6, row by row
    workspace: Workspace, message: Message, ours: set[str]
) -> Verdict:
    marks = message.marks()
    if marks & {"delivery_status", "failed_recipients", "daemon"}:
        return "bounce", "bounce"
    if "report" in marks:
        return "automated", "report"
    if "calendar" in marks:
        return "calendar", "calendar"
    if message.lead is not None:
        return "human", "form_sender"
    for mark, rule in (
        ("auto_submitted", "auto_submitted"),
        ("null_return_path", "null_sender"),
        ("auto_header", "auto_header"),
        ("out_of_office", "out_of_office"),
    ):
        if mark in marks:
            return "automated", rule
    if message.named() & ours:
        return "human", "answers_ours"
    if "no_reply" in marks:
        return "automated", "no_reply_address"
    left = [_bulk_marks(workspace, held) for held in message.held]
    if all(left):
        return "bulk", "bulk"
    if any(_is_own_group(workspace, held.copy.list_id) for held in message.held):
        return "human", "own_group"
    return HUMAN


def _bulk_marks(workspace: Workspace, held: Held) -> set[str]:
    """Return the marks of bulk mail on a copy that its group of ours did not put there."""
    copy = held.copy
    marks = (set(copy.marks) & BULK) | (set(held.labels) & CATEGORIES)
    if copy.list_id is not None and _is_own_group(workspace, copy.list_id):
        marks -= STAMPS
        if any(_is_harmless(workspace, host, copy.list_id) for host in copy.unsubscribe_hosts):
            marks -= {"list_unsubscribe"}
    return marks


def _is_own_group(workspace: Workspace, list_id: str | None) -> bool:
    if list_id is None:
        return False
    if list_id in {group.replace("@", ".") for group in workspace.groups}:
        return True
    return any(workspace.is_internal_domain(suffix) for suffix in _suffixes(list_id))


def _is_harmless(workspace: Workspace, host: str, list_id: str) -> bool:
    return host == "googlegroups.com" or workspace.is_internal_domain(host) or host in _suffixes(list_id)


def _suffixes(name: str) -> list[str]:
    labels = name.split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def suspected(
    workspace: Workspace,
    messages: Mapping[str, Message],
    conversation: Mapping[str, str],
    verdicts: Mapping[str, Verdict],
) -> set[str]:
    """Return our own messages that a machine may have sent: too quick, or the same five times in a day."""
    candidates = {
        key
        for key, message in messages.items()
        if message.is_ours and message.at is not None and all(held.copy.is_hidden for held in message.held)
    }
    found = set()
    receipts = defaultdict(list)
    for key, message in messages.items():
        if message.direction == "inbound" and message.at is not None:
            receipts[conversation[key]].append(message.at)
    for key in candidates:
        at = messages[key].at
        if at is not None and any(
            timedelta(0) <= at - seen <= timedelta(seconds=20) for seen in receipts[conversation[key]]
        ):
            found.add(key)
    days: dict[object, set[str]] = defaultdict(set)
    for key in candidates:
        at = messages[key].at
        if at is None:
            continue
        day = at.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(workspace.zone)).date()
        first = messages[key].first
        for mailbox in {held.copy.mailbox for held in messages[key].held if held.is_sent}:
            days[mailbox, day, first.subject, first.size_bytes].add(key)
    found = found.union(*(keys for keys in days.values() if len(keys) >= 5))
    return {key for key in found if verdicts[key] == HUMAN}


def overridden(workspace: Workspace, message: Message) -> str | None:
    """Return the verdict that somebody gave by hand, the last word counting."""
    copies = {(held.copy.mailbox, held.copy.provider_id) for held in message.held}
    said = None
    for override in decisions(workspace):
        is_its = (override.mailbox, override.provider_id) in copies
        if is_its and override.kind in {"human", "automated"}:
            said = override.kind
    return said


def decisions(workspace: Workspace) -> list:
    """Return what was in force at the as-of, as it was decided, less what was withdrawn.

    What a message is, human or automated, was always so.
    """
    known = [
        one
        for one in workspace.overrides
        if workspace.as_of is None
        or one.kind in {"human", "automated"}
        or one.effective_at <= workspace.as_of
    ]
    in_force: list = []
    for one in sorted(known, key=lambda one: one.decided_at):
        if one.kind == "withdraw":
            copy = (one.mailbox, one.provider_id)
            in_force = [other for other in in_force if (other.mailbox, other.provider_id) != copy]
        else:
            in_force.append(one)
    return in_force
