"""The folders of a mailbox: which are read, which are only looked into, and the label that each gives.

What a folder is for is told by its special-use flag (RFC 6154). Only a server that flags no folder at all is
judged by names. Labels are Gmail's words; a folder without a purpose gives its own name in upper case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from emailresponse.headers import label

READ, ASIDE, UNREAD, EVERYTHING = "read", "aside", "unread", "everything"
"""What becomes of a folder's messages: they are read; looked for where they vanished from a read folder
(trash and junk); never touched; or they are all messages, each with its labels (Gmail's All Mail)."""

AWAY = frozenset({"TRASH", "SPAM"})
"""Labels of copies that lie in no folder that is read."""

_USES = {
    b"\\SENT": "SENT",
    b"\\DRAFTS": "DRAFT",
    b"\\JUNK": "SPAM",
    b"\\TRASH": "TRASH",
    b"\\ARCHIVE": "ARCHIVE",
}
_VIEWS = frozenset({b"\\ALL", b"\\FLAGGED", b"\\IMPORTANT"})
_CLOSED = frozenset({b"\\NOSELECT", b"\\NONEXISTENT"})
_MEANT = frozenset({"INBOX", "SENT", "DRAFT", "SPAM", "TRASH", "CHAT", "STARRED", "IMPORTANT", "UNREAD"})
_ORDER = {"INBOX": 0, "SENT": 1}

Row = tuple[tuple[bytes, ...], str, str]


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that can be opened.

    Attributes:
        name: as the server spells it.
        label: what a copy in it is labelled with; empty for `everything`.
        kind: read, aside, unread or everything.
    """

    name: str
    label: str
    kind: str


def folders(rows: Iterable[Row], *, is_gmail: bool) -> list[Folder]:
    """Return the folders that a LIST says can be opened: inbox and sent mail first, then by name.

    Args:
        rows: flags, hierarchy delimiter and name of each.
        is_gmail: whether messages bear Gmail's labels, so that All Mail is every message.
    """
    listed = [(frozenset(map(bytes.upper, flags)), delimiter, name) for flags, delimiter, name in rows]
    is_flagged = any(flags & (_USES.keys() | _VIEWS) for flags, _, _ in listed)
    has_all = is_gmail and any(b"\\ALL" in flags for flags, _, _ in listed)
    uses = {name: _use(flags, delimiter, name, is_flagged) for flags, delimiter, name in listed}
    found = []
    for flags, delimiter, name in listed:
        if flags & _CLOSED:
            continue
        use = uses[name] or _inherited(name, delimiter, uses)
        kind = _kind(flags, use, has_all=has_all)
        found.append(Folder(name, "" if kind == EVERYTHING else use or own_label(name), kind))
    return sorted(found, key=lambda one: (_ORDER.get(one.label, 2), one.name))


def own_label(name: str) -> str:
    """Return the label of a folder or Gmail label that people made: its name, never one of Gmail's words."""
    upper = " ".join(name.split()).upper().encode("utf-8", "replace").decode()
    meant = label(upper)
    if meant in _MEANT or meant.startswith("CATEGORY_") or meant != upper:
        return label(f"FOLDER {upper}")
    return upper


def given_label(word: str) -> str:
    """Return a label of X-GM-LABELS in Gmail's words: a system label begins with a backslash."""
    return label(word) if word.startswith("\\") else own_label(word)


def is_away(labels: Iterable[str]) -> bool:
    """Return whether a copy was last seen in the trash or in junk."""
    return not AWAY.isdisjoint(labels)


def _use(flags: frozenset[bytes], delimiter: str, name: str, is_flagged: bool) -> str | None:
    if name.upper() == "INBOX":
        return "INBOX"
    for flag, use in _USES.items():
        if flag in flags:
            return use
    if is_flagged:
        return None
    # Without flags names are all there is; folders often lie below INBOX then.
    leaf = name[6:] if delimiter and name.upper().startswith("INBOX" + delimiter) else name
    meant = label(leaf)
    return meant if meant in {"SENT", "DRAFT", "SPAM", "TRASH", "CHAT"} else None


def _inherited(name: str, delimiter: str, uses: dict[str, str | None]) -> str | None:
    """Return what the folder above is for: a folder thrown away often ends below the trash."""
    if not delimiter:
        return None
    parts = name.split(delimiter)
    for length in range(len(parts) - 1, 0, -1):
        use = uses.get(delimiter.join(parts[:length]))
        if use in {"DRAFT", "SPAM", "TRASH"}:
            return use
    return None


def _kind(flags: frozenset[bytes], use: str | None, *, has_all: bool) -> str:
    if use in AWAY:
        return ASIDE
    if use in {"DRAFT", "CHAT"}:
        return UNREAD
    if has_all:
        return EVERYTHING if b"\\ALL" in flags else UNREAD
    return UNREAD if flags & _VIEWS else READ
