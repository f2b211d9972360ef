"""Eight R lists given as rows of headers: our conversations against another project's threads."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet

from benchmarks.real.archives import CORPORA, Imported, workspace
from benchmarks.real.threads import MAILBOX, agreement

FOLDER = CORPORA / "r_lists"


@dataclass(frozen=True)
class Compared:
    """How our conversations of a list compare with its `thread_id`, which begins anew with each month's file.

    Attributes:
        messages: how many rows.
        ours, theirs: how many conversations and threads.
        same: messages whose thread is the same set for both.
        links: replies whose parent is in the file.
        cut_by_us, cut_by_them: those of them whose parent is in another conversation or thread.
        at_month_end: those they cut whose parent is of another month.
        by_subject: pairs they join and we do not, for no reply names the other: mostly equal subjects.
    """

    messages: int
    ours: int
    theirs: int
    same: int
    links: int
    cut_by_us: int
    cut_by_them: int
    at_month_end: int
    by_subject: int


def compared(path: Path) -> Compared:
    """Return the comparison of one list."""
    told = pyarrow.parquet.read_table(path).to_pylist()
    found = _imported(told)
    ours, theirs = found.conversations(), [row["thread_id"] for row in told]
    place = {copy.message_id: at for at, copy in enumerate(found.copies)}
    links = [
        (at, place[named])
        for at, copy in enumerate(found.copies)
        for named in copy.reply_ids
        if place.get(named, at) != at
    ]
    cut = [(one, other) for one, other in links if theirs[one] != theirs[other]]
    both = agreement(ours, theirs, theirs)
    found.store.close()
    return Compared(
        messages=len(told),
        ours=both.ours,
        theirs=both.one,
        same=len(told) - len(both.differing_one),
        links=len(links),
        cut_by_us=sum(ours[one] != ours[other] for one, other in links),
        cut_by_them=len(cut),
        at_month_end=sum(_month(told[one]) != _month(told[other]) for one, other in cut),
        by_subject=len(both.split),
    )


def _month(row: dict[str, Any]) -> tuple[int, int] | None:
    return (row["date"].year, row["date"].month) if row["date"] else None


def _imported(told: Iterable[dict[str, Any]]) -> Imported:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rows.jsonl")
        path.write_text("\n".join(json.dumps(_line(at, row)) for at, row in enumerate(told)), "utf-8")
        found = workspace()
        found.read(path, MAILBOX)
    return found.derived()


def _line(at: int, row: dict[str, Any]) -> dict[str, Any]:
    named = {
        "From": f"{row['from_email_hash'][:16]}@r.example",
        "To": MAILBOX,
        "Subject": row["subject"],
        "Message-ID": row["message_id"],
        "In-Reply-To": row["in_reply_to"],
    }
    headers = {name: value for name, value in named.items() if value}
    moment = row["date"].isoformat() if row["date"] else None
    return {"provider": "file", "mailbox": MAILBOX, "id": str(at), "at": moment, "headers": headers}
