"""Enron's twelve mailboxes: what `--merge-copies` makes of copies that the exporter gave ids of their own."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.real.archives import CORPORA, Imported, rows, unpacked, workspace
from emailresponse.copies import Copy
from emailresponse.fields import message_id

FOLDER = CORPORA / "enron"
DOMAIN = "enron.com"
OWNERS = {
    "blair-l": "lynn.blair",
    "corman-s": "shelley.corman",
    "donoho-l": "lindy.donoho",
    "fossum-d": "drew.fossum",
    "horton-s": "stanley.horton",
    "hyatt-k": "kevin.hyatt",
    "lokay-m": "michelle.lokay",
    "lokey-t": "teb.lokey",
    "mccarty-d": "danny.mccarty",
    "schoolcraft-d": "darrell.schoolcraft",
    "watson-k": "kimberly.watson",
    "ybarbo-p": "paul.y'barbo",
}


def imported(*, merging: bool = True) -> Imported:
    """Return the twelve mailboxes as a workspace, each its owner's."""
    persons = [
        (f"{address.replace('.', ' ').title()}", (f"{address}@{DOMAIN}",)) for address in OWNERS.values()
    ]
    found = workspace(internal=[DOMAIN], persons=persons)
    with tempfile.TemporaryDirectory() as folder:
        for mailbox in unpacked(FOLDER / "enron-dev-mailboxes.tar.xz", Path(folder)):
            found.read(mailbox, f"{OWNERS[mailbox.name]}@{DOMAIN}", merging=merging)
    return found.derived()


@dataclass(frozen=True)
class Merged:
    """Our messages against the README's groups of copies, which were found by comparing bodies too.

    Attributes:
        copies, messages, groups: how many copies; messages of ours; groups of theirs.
        split: how many messages too many we make of their groups, by what tells the copies apart.
        joined: the groups that a message of ours holds where it holds several.
    """

    copies: int
    messages: int
    groups: int
    split: dict[str, int]
    joined: tuple[int, ...]

    @property
    def is_explained(self) -> bool:
        """Whether groups, splits and joins give exactly our number of messages."""
        return self.groups + sum(self.split.values()) - sum(one - 1 for one in self.joined) == self.messages


def compared(found: Imported) -> Merged:
    """Return how merged copies compare with the README's groups."""
    told = {
        message_id([row["message_id"]]): row["duplicate_group"]
        for row in rows(FOLDER / "enron-dev.messages.csv.gz")
    }
    keys = found.keys()
    by_group: dict[str, list[int]] = {}
    by_key: dict[str, set[str]] = {}
    for at, copy in enumerate(found.copies):
        group = told[copy.message_id]
        by_group.setdefault(group, []).append(at)
        by_key.setdefault(keys[at], set()).add(group)
    split: Counter[str] = Counter()
    for members in by_group.values():
        extra = len({keys[at] for at in members}) - 1
        if extra:
            split[_apart([found.copies[at] for at in members])] += extra
    return Merged(
        copies=len(found.copies),
        messages=len(by_key),
        groups=len(by_group),
        split=dict(split.most_common()),
        joined=tuple(sorted((len(groups) for groups in by_key.values() if len(groups) > 1), reverse=True)),
    )


def _apart(copies: Sequence[Copy]) -> str:
    """Say what keeps copies of one group from being one message."""
    if not any(copy.to_addresses or copy.cc_addresses for copy in copies):
        return "no recipient"
    names = ("from_address", "sent_at", "subject", "to_addresses", "cc_addresses")
    return ", ".join(name for name in names if len({getattr(copy, name) for copy in copies}) > 1)
