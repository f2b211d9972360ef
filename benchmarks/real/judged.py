"""Verdicts on mail that other people labelled: single hard messages, and Enron's machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.real import merging
from benchmarks.real.archives import CORPORA, Imported, names, rows, workspace
from emailresponse.fields import message_id

MACHINES = frozenset({"bounce", "automated", "bulk", "calendar", "suspected_automatic"})
#: The verdict that each label asks for; labels that say only "malformed" ask for none.
WANTED = {
    "bounce": "bounce",
    "auto_reply": "automated",
    "feedback_report": "automated",
    "read_receipt": "automated",
    "recall_notice": "automated",
    "newsletter_or_bulk": "bulk",
    "calendar_entry": "calendar",
    "meeting_response": "calendar",
    "human": "human",
    "human_about_absence": "human",
    "human_forward_of_bounce": "human",
}


@dataclass(frozen=True)
class Judged:
    """A message with somebody's label, our verdict and rule, and the machine's marks in its headers."""

    name: str
    label: str
    verdict: str
    rule: str | None
    marks: tuple[str, ...]


def hard() -> list[Judged]:
    """Return the single messages of `hard/` that are labelled, each judged as a stranger's message to us."""
    labels = {row["path"]: row["label"] for row in rows(CORPORA / "hard" / "labels.csv")}
    found = workspace()
    found.read(CORPORA / "hard", "ada@acme.example")
    found.derived()
    return _judged(found, [_path(name) for name in names(CORPORA / "hard")], labels)


def enron(found: Imported | None = None) -> list[Judged]:
    """Return every message of the twelve mailboxes; those nobody labelled have the label ``."""
    labels = {
        message_id([row["message_id"]]) or "": row["label"]
        for row in rows(merging.FOLDER / "enron-dev.auto_mail_labels.csv.gz")
    }
    found = found or merging.imported()
    return _judged(found, [copy.message_id or "" for copy in found.copies], labels)


def _judged(found: Imported, called: list[str], labels: dict[str, str]) -> list[Judged]:
    return [
        Judged(name, labels.get(name, ""), verdict, rule, copy.marks)
        for name, copy, (verdict, rule) in zip(called, found.copies, found.verdicts(), strict=True)
    ]


def _path(name: str) -> str:
    """Return a message's path as the labels have it: archives as unpacked."""
    archive, _, member = name.partition("!")
    path = Path(archive).relative_to(CORPORA)
    return (path.parent / member if member else path).as_posix()


@dataclass(frozen=True)
class Recall:
    """Of the messages with a label: how many got the verdict it asks for, and how many count as machines'."""

    label: str
    n: int
    exact: int
    machine: int


def recall(messages: Iterable[Judged]) -> list[Recall]:
    """Return one row per label that asks for a verdict, in the order of `WANTED`."""
    by_label: dict[str, list[Judged]] = {}
    for one in messages:
        by_label.setdefault(one.label, []).append(one)
    return [
        Recall(
            label,
            len(found),
            sum(one.verdict == wanted for one in found),
            sum(one.verdict in MACHINES for one in found),
        )
        for label, wanted in WANTED.items()
        if (found := by_label.get(label))
    ]


@dataclass(frozen=True)
class Precision:
    """Of the labelled messages with a verdict: how many were to get it, and the labels of the others."""

    verdict: str
    n: int
    exact: int
    others: dict[str, int]


def precision(messages: Iterable[Judged]) -> list[Precision]:
    """Return one row per verdict."""
    by_verdict: dict[str, list[Judged]] = {}
    for one in messages:
        if one.label in WANTED:
            by_verdict.setdefault(one.verdict, []).append(one)
    return [
        Precision(
            verdict,
            len(found),
            sum(WANTED[one.label] == verdict for one in found),
            dict(Counter(one.label for one in found if WANTED[one.label] != verdict).most_common()),
        )
        for verdict, found in sorted(by_verdict.items())
    ]
