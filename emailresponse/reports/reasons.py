"""Why: each fact behind a wait or a message as a sentence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from emailresponse.durations import spoken, spoken_goal
from emailresponse.reports.rules import CLASSES, FLAGS, RULES, STATES, VERDICTS

Values = dict[str, Any]


def wait_sentences(wait: Values) -> tuple[str, ...]:
    """Return what opened, closed, excluded and credited a wait, in that order."""
    found = [_opened(wait)]
    if wait["open_rule"]:
        found.append(f"The rule {wait['open_rule']} let it count: {RULES.get(wait['open_rule'], 'a rule')}.")
    found.append(_addressed(wait))
    if wait["chasers"]:
        found.append(f"Written again {wait['chasers']} times before the end; the clock runs from the first.")
    if wait["handoff_by"]:
        found.append(f"Handed to a colleague at {_at(wait['handoff_at'])}; that is no reply.")
    found.append(_ended(wait))
    if wait["close_kind"] in {"reply", "inferred", "call"}:
        found.append(_credited(wait))
    found += [
        f"Flag {flag}: {FLAGS[flag]}."
        for flag in wait["flags"]
        if flag in {"late", "skew", "off_hours", "inferred"}
    ]
    found.append(_measured(wait))
    return tuple(found)


def message_sentence(message: Values, parts: list[tuple[str, str]]) -> str:
    """Return why a message has, or has not, a part in a wait.

    Args:
        message: a row of report/trace_messages.sql by name.
        parts: (role, wait id) of every part it has.
    """
    elsewhere = "" if message["is_inside"] else "In another conversation: "
    if parts:
        return elsewhere + "; ".join(f"{PARTS[role]} {wait_id}" for role, wait_id in parts) + _judged(message)
    if message["verdict"] not in {"human", "suspected_automatic", None}:
        return f"{elsewhere}Counts for nothing: {_verdict(message)}"
    if message["message_at"] is None:
        return f"{elsewhere}Has no credible time: it joins the conversation and starts or stops no clock."
    return elsewhere + WITHOUT_PART[message["direction"]] + _judged(message)


PARTS = {
    "opener": "Opened wait",
    "chaser": "Chaser of wait",
    "closer": "Closed wait",
    "handoff": "Handed on, which is no reply: wait",
}

WITHOUT_PART = {
    "inbound": "Opened no wait: its addresses, labels or date do not qualify, or one was answered already.",
    "outbound": "Closed no wait: nobody it addresses was waiting.",
    "internal": "A note among us: no reply.",
    "unknown": "Nobody knows who wrote it, and nobody guesses.",
}


def _opened(wait: Values) -> str:
    return (
        f"Opened at {_at(wait['opened_at'])} by {wait['contact'] or 'an unknown contact'}"
        f" ({wait['company'] or 'no company'}). {wait['class_']}: {CLASSES.get(wait['class_'], '')}."
    )


def _addressed(wait: Values) -> str:
    named = ", ".join(wait["addressees"]) or "nobody by name"
    assigned = f"; assigned to {wait['assigned_to']} by hand" if wait["assigned_to"] else ""
    return f"Addressed to mailbox {wait['mailbox']}, persons: {named}{assigned}."


def _ended(wait: Values) -> str:
    if wait["close_kind"] == "by_hand":
        return (
            f"Closed by hand at {_at(wait['closed_at'])} by {wait['decided_by']}:"
            f" {wait['close_reason'] or 'no reason given'}. Out of the denominators."
        )
    if wait["close_kind"] == "call":
        return f"Answered by phone at {_at(wait['closed_at'])}, as recorded by {wait['decided_by']}."
    if wait["close_kind"] == "inferred":
        return (
            f"Closed at {_at(wait['closed_at'])} by inference: {wait['closed_by']} began a new conversation"
            " with the lead's own address."
        )
    if wait["close_kind"]:
        return f"Closed at {_at(wait['closed_at'])} by the reply {wait['closed_by']}."
    return _not_answered(wait)


def _not_answered(wait: Values) -> str:
    if wait["state"] == "dismissed":
        kind = wait["dismissed_kind"]
        told = FLAGS.get(kind) or (wait["dismissed_reason"] or "a rule")
        who = f" by {wait['decided_by']}" if wait["decided_by"] else ""
        return f"Dismissed ({kind}){who}: {told}. Out of the denominators."
    if wait["superseded_at"]:
        return f"Superseded at {_at(wait['superseded_at'])}: {STATES['superseded']}."
    return f"Not answered as of {_at(wait['as_of_at'])}; state {wait['state']}: {STATES[wait['state']]}."


def _credited(wait: Values) -> str:
    if wait["credit"] is None:
        return "Credited to nobody: it is not known who answered."
    if wait["credit_name"]:
        return f"Credited to {wait['credit_name']} ({wait['credit']}), who wrote it."
    return f"Credited to {wait['credit']} alone: which person wrote it is not known, and not guessed."


def _measured(wait: Values) -> str:
    if wait["calendar_seconds"] is None:
        return "Left out of times."
    so_far = "" if wait["close_kind"] else " so far"
    goal = (
        f" The goal is {spoken_goal(wait['goal_seconds'])} of {wait['goal_clock']} time."
        if wait["goal_seconds"]
        else ""
    )
    return (
        f"Business time{so_far}: {spoken(wait['business_seconds'], 'business')};"
        f" calendar time{so_far}: {spoken(wait['calendar_seconds'])}.{goal}"
    )


def _judged(message: Values) -> str:
    return f" ({_verdict(message)})" if message["rule"] else ""


def _verdict(message: Values) -> str:
    verdict = f"{message['verdict']}, {VERDICTS.get(message['verdict'], '')}"
    rule = message["rule"]
    return f"{verdict}; rule {rule}: {RULES.get(rule, 'a rule')}" if rule else verdict


def _at(moment: datetime | None) -> str:
    return "an unknown time" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC"
