"""Lists as teams: a company's engineers answer the outsiders who write to a list of theirs."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.real.archives import CHANGE, CORPORA, Imported, workspace
from emailresponse import mailboxes


@dataclass(frozen=True)
class Setting:
    """Whose list it is: its archive and address, the company's domains, and people with private addresses."""

    stem: str
    address: str
    domains: tuple[str, ...]
    persons: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def path(self) -> Path:
        """The archive."""
        return CORPORA / "lists" / f"{self.stem}.mbox.xz"

    @property
    def private(self) -> frozenset[str]:
        """Every address that people are listed with."""
        return frozenset(address for _, addresses in self.persons for address in addresses)


USRP = Setting(
    "usrp-users-2019-2022",
    "usrp-users@lists.ettus.com",
    ("ettus.com", "ni.com"),
    (
        ("Marcus Leech", ("patchvonbraun@gmail.com",)),
        ("Sam Reiter", ("sam.reiter@ettus.com", "samreiter8@gmail.com")),
        ("Robin Coxe", ("robin.coxe@ettus.com", "coxe@quanttux.com")),
        ("Martin Braun", ("martin.braun@ettus.com", "martin@gnuradio.org")),
        ("Aaron Rossetto", ("aaron.rossetto@ettus.com", "aaron.rossetto@ni.com")),
    ),
)
SETTINGS = {
    "usrp-users": USRP,
    "usrp-users, domains alone": replace(USRP, persons=()),
    "jailhouse-dev": Setting(
        "jailhouse-dev-2019-2024",
        "jailhouse-dev@googlegroups.com",
        ("siemens.com",),
        (("Jan Kiszka", ("jan.kiszka@siemens.com", "jan.kiszka@web.de")),),
    ),
    "samba-technical": Setting(
        "samba-technical-2019-2026", "samba-technical@lists.samba.org", ("samba.org",)
    ),
}


def imported(setting: Setting) -> Imported:
    """Return a list as a workspace: the archive is the list's shared mailbox, the list a group of ours."""
    found = workspace(internal=setting.domains, groups=[setting.address], persons=setting.persons)
    mailboxes.add(found.store, CHANGE, setting.address, kind="shared")
    found.read(setting.path, setting.address)
    return found.derived()


@dataclass(frozen=True)
class Lead:
    """A lead's wait: what opened and closed it, how, and its length on the calendar."""

    opened_by: str
    closed_by: str | None
    close_kind: str | None
    seconds: float | None
    credit: str | None


def leads(found: Imported) -> list[Lead]:
    """Return the waits of class lead_new and lead_known on the main lane."""
    waits = found.store.arrow("export/waits").to_pylist()
    return [
        Lead(wait["opened_by"], wait["closed_by"], wait["close_kind"], _seconds(wait), wait["credit"])
        for wait in waits
        if wait["lane"] == "main" and wait["class"] in {"lead_new", "lead_known"}
    ]


def _seconds(wait: dict[str, Any]) -> float | None:
    return wait["calendar_seconds"] if wait["is_event"] else None


@dataclass(frozen=True)
class Thread:
    """A conversation that an outsider began, and the first message of ours after it, whoever it addressed."""

    begun_by: str
    answered_by: str | None
    seconds: float | None


def threads(found: Imported) -> list[Thread]:
    """Return the conversations that outsiders began: the README's loose measure, on our conversations."""
    about = {row["message_key"]: row for row in found.store.arrow("export/messages").to_pylist()}
    lines: dict[str, list[str]] = {}
    for key, conversation, *_ in found.store.tuples("export/conversations"):
        lines.setdefault(conversation, []).append(key)
    return [_thread(line, about) for line in lines.values() if about[line[0]]["direction"] == "inbound"]


def _thread(line: list[str], about: dict[str, dict[str, Any]]) -> Thread:
    ours = next((key for key in line[1:] if about[key]["direction"] in {"outbound", "internal"}), None)
    begun_at: datetime = about[line[0]]["message_at"]
    seconds = (about[ours]["message_at"] - begun_at).total_seconds() if ours else None
    return Thread(line[0], ours, seconds)


def median_hours(seconds: Iterable[float | None]) -> float:
    """Return the median of what is known, in hours."""
    return statistics.median(one for one in seconds if one is not None) / 3600


def credits_of(found: Imported) -> Counter[str]:
    """Count the answered leads by who has the credit."""
    return Counter(lead.credit or "" for lead in leads(found) if lead.closed_by)


def loose_only(found: Imported) -> Iterator[str]:
    """Yield the answers that the loose measure finds and that address no company, only the list itself."""
    inward = {
        row["message_key"]
        for row in found.store.arrow("export/messages").to_pylist()
        if row["direction"] == "internal"
    }
    yield from (thread.answered_by for thread in threads(found) if thread.answered_by in inward)
