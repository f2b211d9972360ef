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
            free = {key for key in remaining if not waits_for[key] & remaining}
            line.append(min(free or remaining, key=lambda key: (messages[key].at or LONG_AGO, key)))
            remaining.discard(line[-1])
        found[conversation] = line
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
