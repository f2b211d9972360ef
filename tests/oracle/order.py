"""Section 9 and section 1, segment: the order inside a conversation and where it is cut."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

from tests.oracle.identity import Message
from tests.oracle.workspace import LONG_AGO


def ordered(
    messages: Mapping[str, Message], label: Mapping[str, str], conflicted: set[str]
) -> dict[str, list[str]]:
    """Return by conversation its keys: nothing before a message it names, then by time, then by key."""
    named = {name: key for key, message in messages.items() for name in message.ids}
    members: dict[str, set[str]] = defaultdict(set)
    for key, conversation in label.items():
        members[conversation].add(key)
    found = {}
    for conversation, keys in members.items():
        waits_for = {
            key: {named[name] for name in messages[key].named() - conflicted if name in named} & keys - {key}
            for key in keys
        }
        line: list[str] = []
        remaining = set(keys)
        while remaining:
            reached = {key: _reached(key, waits_for, remaining) for key in remaining}
            # Who names nobody left, or only those who name it in turn.
            free = {key for key in remaining if all(key in reached[name] for name in reached[key])}
            line.append(min(free, key=lambda key: (messages[key].at or LONG_AGO, key)))
            remaining.discard(line[-1])
        found[conversation] = line
    return found


def _reached(key: str, waits_for: Mapping[str, set[str]], remaining: set[str]) -> set[str]:
    """Return every remaining key that a key names, directly or through others."""
    found: set[str] = set()
    ahead = [key]
    while ahead:
        fresh = (waits_for[ahead.pop()] & remaining) - found
        found |= fresh
        ahead += fresh
    return found


def segments(
    messages: Mapping[str, Message], lines: Mapping[str, list[str]], gap: timedelta
) -> dict[str, int | None]:
    """Return by message key its segment, counted from 1; a message without a time has none."""
    found: dict[str, int | None] = {}
    for line in lines.values():
        number, latest = 1, None
        for key in line:
            at = messages[key].at
            if at is None:
                found[key] = None
                continue
            if latest is not None and at - latest >= gap:
                number += 1
            latest = at if latest is None else max(latest, at)
            found[key] = number
    return found
