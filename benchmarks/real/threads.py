"""Our conversations against the threads that two independent programs found in the same files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from benchmarks.real.archives import Imported, rows, workspace
from connectors.file.kinds import Part
from connectors.file.parsing import Piece
from connectors.file.parts import Meter, parts
from connectors.file.pieces import pieces
from emailresponse.addresses import compared
from emailresponse.copies import Copy
from emailresponse.fields import identifier, split

Labels = Sequence[Hashable]
MAILBOX = "archive@reader.example"
LISTS = {
    "usrp-users": "usrp-users-2019-2022",
    "samba-technical": "samba-technical-2019-2026",
    "jailhouse-dev": "jailhouse-dev-2019-2024",
    "SpamAssassin": "spamassassin-easy-ham-1",
}


@dataclass(frozen=True)
class Truth:
    """The threads of a file's messages, by position: notmuch's and those of Mail::Thread (JWZ)."""

    message_ids: list[str]
    notmuch: list[str]
    jwz: list[str]


def truth(path: Path) -> Truth:
    """Return the threads of a truth file."""
    return truth_of(rows(path))


def truth_of(told: Sequence[dict[str, str]]) -> Truth:
    """Return the threads of rows of truth; a second copy of an id is in its first one's JWZ thread."""
    by_id = {row["message_id"]: row["jwz_thread"] for row in told if row["jwz_thread"]}
    return Truth(
        [row["message_id"] for row in told],
        [row["notmuch_thread"] for row in told],
        [row["jwz_thread"] or by_id.get(row["message_id"], f"alone {row['message_id']}") for row in told],
    )


def imported(path: Path) -> Imported:
    """Return a list's archive as a workspace in which nobody is ours."""
    found = workspace()
    found.read(path, MAILBOX)
    return found.derived()


def clusters(labels: Labels) -> list[frozenset[int]]:
    """Return for every message the positions of the messages under its label."""
    members: dict[Hashable, list[int]] = {}
    for position, label in enumerate(labels):
        members.setdefault(label, []).append(position)
    sets = {label: frozenset(found) for label, found in members.items()}
    return [sets[label] for label in labels]


@dataclass(frozen=True)
class Agreement:
    """How our conversations compare with two partitions of the same messages.

    Attributes:
        messages: how many messages.
        ours, one, other: how many conversations and threads.
        agreed: messages whose thread is the same set in both others.
        kept: those of them for which our conversation is that set too.
        split: pairs that both join and we do not.
        joined: pairs that we join and neither of them does.
        differing_one, differing_other: messages whose set differs between us and each of them.
    """

    messages: int
    ours: int
    one: int
    other: int
    agreed: int
    kept: int
    split: tuple[tuple[int, int], ...]
    joined: tuple[tuple[int, int], ...]
    differing_one: tuple[int, ...]
    differing_other: tuple[int, ...]


def agreement(ours: Labels, one: Labels, other: Labels) -> Agreement:
    """Compare three partitions of the same messages."""
    sets = [clusters(labels) for labels in (ours, one, other)]
    everything = range(len(ours))
    agreed = [at for at in everything if sets[1][at] == sets[2][at]]
    return Agreement(
        messages=len(ours),
        ours=len(set(ours)),
        one=len(set(one)),
        other=len(set(other)),
        agreed=len(agreed),
        kept=sum(sets[0][at] == sets[1][at] for at in agreed),
        split=_pairs(list(zip(one, other, strict=True)), lambda a, b: ours[a] != ours[b]),
        joined=_pairs(ours, lambda a, b: one[a] != one[b] and other[a] != other[b]),
        differing_one=tuple(at for at in everything if sets[0][at] != sets[1][at]),
        differing_other=tuple(at for at in everything if sets[0][at] != sets[2][at]),
    )


def _pairs(labels: Labels, is_wanted: Callable[[int, int], bool]) -> tuple[tuple[int, int], ...]:
    return tuple(
        pair
        for members in dict.fromkeys(clusters(labels))
        for pair in combinations(sorted(members), 2)
        if is_wanted(*pair)
    )


def shapes(ours: Labels, theirs: Labels) -> Counter[tuple[int, int]]:
    """Count the smallest sets of messages that both partitions fill, by (our, their) number of sets."""
    parent = {("ours", label): ("ours", label) for label in ours}
    parent |= {("theirs", label): ("theirs", label) for label in theirs}

    def top(node):
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for mine, their in zip(ours, theirs, strict=True):
        parent[top(("ours", mine))] = top(("theirs", their))
    groups: dict[object, Counter[str]] = {}
    for node in parent:
        groups.setdefault(top(node), Counter())[node[0]] += 1
    return Counter((found["ours"], found["theirs"]) for found in groups.values())


def joined(tokens: Sequence[set[Hashable]]) -> list[int]:
    """Return the partition in which messages that share a token, in the end, are together."""
    label = list(range(len(tokens)))

    def top(at: int) -> int:
        while label[at] != at:
            label[at] = label[label[at]]
            at = label[at]
        return at

    first: dict[Hashable, int] = {}
    for at, mine in enumerate(tokens):
        for token in mine:
            label[top(at)] = top(first.setdefault(token, at))
    return [top(at) for at in range(len(tokens))]


def through_addresses(found: Imported) -> list[int]:
    """Return our conversations joined also through e-mail addresses that messages name as ids."""
    addresses = {
        address
        for copy in found.copies
        for address in (copy.from_address, *copy.reply_to, *copy.to_addresses, *copy.cc_addresses)
    }
    return joined(
        [
            {("ours", conversation), *(named for named in _named(copy) if compared(named) in addresses)}
            for copy, conversation in zip(found.copies, found.conversations(), strict=True)
        ]
    )


def without_bare_ids(path: Path) -> list[int]:
    """Return the messages of a list's archive joined by the ids in angle brackets alone."""
    return joined([_angled(raw) for raw in _header_blocks(path)])


def _named(copy: Copy) -> tuple[str, ...]:
    return copy.reply_ids + copy.reference_ids


def _header_blocks(path: Path) -> Iterator[bytes]:
    for part in parts(path, Meter()):
        if isinstance(part, Part):
            yield from (piece.raw for piece in pieces(part) if isinstance(piece, Piece))


def _angled(raw: bytes) -> set[Hashable]:
    fields, _ = split(raw)
    values = [value for name in ("message-id", "in-reply-to", "references") for value in fields.get(name, ())]
    return {identifier(angled) for value in values for angled in re.findall(r"<([^<>]*)>", value)} - {None}
