"""Section 1, conversation: the connected components, Graph threads and threads with form mail split."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from tests.oracle.identity import Message
from tests.oracle.unions import components
from tests.oracle.workspace import compared


def data_addresses(messages: Mapping[str, Message]) -> set[str]:
    """Return every e-mail address that a copy in the data names."""
    found: set[str] = set()
    for message in messages.values():
        for held in message.held:
            copy = held.copy
            found |= {one for one in (copy.from_address, copy.sender_address, copy.original_from) if one}
            found |= {*copy.reply_to, *copy.to_addresses, *copy.cc_addresses}
            found |= {*copy.bcc_addresses, *copy.delivered_to}
    return found


def joining_tokens(messages: Mapping[str, Message], conflicted: set[str]) -> dict[str, set[Hashable]]:
    """Return by message key what it shares with the other messages of its conversation."""
    addresses = data_addresses(messages)
    known = {name for message in messages.values() for name in message.ids}
    tokens: dict[str, set[Hashable]] = {}
    for key, message in messages.items():
        its: set[Hashable] = {("id", name) for name in message.ids}
        for name in message.named():
            is_address = compared(name) in addresses and name not in known
            if name not in conflicted and not is_address:
                its.add(("id", name))
        for held in message.held:
            copy = held.copy
            if copy.provider_thread is None:
                continue
            thread = (copy.mailbox, copy.provider_thread)
            if copy.provider == "graph":
                its |= {("graph", *thread, outsider) for outsider in message.external}
            else:
                its.add(("thread", *thread))
        tokens[key] = its
    return tokens


def conversations(
    messages: Mapping[str, Message], tokens: Mapping[str, set[Hashable]], leads: Mapping[str, str]
) -> dict[str, str]:
    """Return by message key its conversation: the least key in it; `leads` gives the lead of form mail."""
    named = {name: key for key, message in messages.items() for name in message.ids}
    label = {}
    for component in components(tokens):
        parts = [component]
        if component & leads.keys():
            qualified: dict[str, set[Hashable]] = {}
            for key in component:
                outsiders = {leads[key]} if key in leads else messages[key].external
                qualified[key] = {(token, outsider) for token in tokens[key] for outsider in outsiders}
            among_us = sorted(key for key in component if not qualified[key])
            for key in among_us:
                target = _answered(messages[key], named)
                if target in qualified:
                    # A token that only these two share.
                    qualified[key].add(("joins", key))
                    qualified[target].add(("joins", key))
            parts = components(qualified)
        for part in parts:
            for key in part:
                label[key] = min(part)
    return label


def _answered(message: Message, named: Mapping[str, str]) -> str | None:
    """Return the message that a note among us answers: its last In-Reply-To, else its last reference."""
    names = message.first.reply_ids or message.first.reference_ids
    return named.get(names[-1]) if names else None
