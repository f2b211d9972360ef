"""All steps in their order: from facts to messages, conversations, verdicts and waits."""

from __future__ import annotations

from dataclasses import dataclass

from tests.oracle.conversations import conversations, joining_tokens
from tests.oracle.identity import Message, messages
from tests.oracle.order import ordered, segments
from tests.oracle.verdicts import Verdict, overridden, rules, suspected
from tests.oracle.waits import Sweep, Wait, waits
from tests.oracle.workspace import Workspace


@dataclass(frozen=True)
class Derived:
    """What the text says follows from the facts."""

    messages: dict[str, Message]
    verdicts: dict[str, Verdict]
    conversation: dict[str, str]
    lines: dict[str, list[str]]
    segment: dict[str, int | None]
    waits: list[Wait]


def derive(workspace: Workspace) -> Derived:
    """Return everything that metrics.md derives from a workspace's facts."""
    found, conflicted = messages(workspace)
    tokens = joining_tokens(found, conflicted)
    verdicts = rules(workspace, found, conflicted)
    leads = {key: found[key].lead or "" for key, verdict in verdicts.items() if verdict[1] == "form_sender"}
    conversation = conversations(found, tokens, leads)
    for key in suspected(workspace, found, conversation, verdicts):
        verdicts[key] = ("suspected_automatic", "suspected_automatic")
    for key, message in found.items():
        said = overridden(workspace, message)
        if said is not None:
            verdicts[key] = (said, "override")
    lines = ordered(found, conversation, conflicted)
    segment = segments(found, lines, workspace.segment)
    sweep = Sweep(workspace, found, verdicts, lines, segment)
    every = sorted(waits(sweep), key=lambda wait: (wait.opened_at, wait.opened_by))
    return Derived(found, verdicts, conversation, lines, segment, every)
