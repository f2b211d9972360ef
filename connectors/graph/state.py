"""What a Graph cursor says: the folders, how far each was read, and what is still to be asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from emailresponse.copies import Batch, Copy, Cursor, Refusal
from emailresponse.errors import CursorExpired

_FORM = 1


@dataclass(slots=True)
class Folder:
    """A mail folder as it was last seen.

    Attributes:
        parent: the id of the folder it lies in.
        labels: what its copies are labelled with.
        link: Graph's link to its changes since the last round that was read to its end.
        following: Graph's link to the next page of a round that was not.
        is_gone: whether Graph has said that it is there no more.
    """

    parent: str | None = None
    labels: tuple[str, ...] = ()
    link: str | None = None
    following: str | None = None
    is_gone: bool = False


@dataclass(slots=True)
class State:
    """Where the reading of a mailbox stands.

    Attributes:
        names: ids of the folders that Microsoft names, by name; empty where the mailbox has none such.
        tree: Graph's link to changes of the folders themselves.
        folders: by id.
        has_headers: whether internet headers can be asked for; absent where that is not known.
        pending: ids of copies that left a folder, and nobody knows yet where to.
        stale: ids of folders whose copies have to be compared with what is stored.
        compared_at: when all folders were last put on that list, naive UTC.
        peeked_at: up to when new messages of folders that are not read yet were looked for, naive UTC.
        done_count, total_count: messages of the first read; the total is absent behind it.
        aliases: addresses by X.500 name, as they were learnt.
    """

    names: dict[str, str] = field(default_factory=dict)
    tree: str | None = None
    folders: dict[str, Folder] = field(default_factory=dict)
    has_headers: bool | None = None
    pending: dict[str, None] = field(default_factory=dict)
    stale: dict[str, None] = field(default_factory=dict)
    compared_at: datetime | None = None
    peeked_at: datetime | None = None
    done_count: int = 0
    total_count: int | None = 0
    aliases: dict[str, str] = field(default_factory=dict)

    def cursor(self) -> Cursor:
        """Return the state as the text that is stored with a batch."""
        said: dict[str, Any] = {
            "form": _FORM,
            "names": self.names,
            "tree": self.tree,
            "folders": [
                [id_, one.parent, list(one.labels), one.link, one.following, int(one.is_gone)]
                for id_, one in self.folders.items()
            ],
            "headers": self.has_headers,
            "pending": list(self.pending),
            "stale": list(self.stale),
            "compared_at": _written(self.compared_at),
            "peeked_at": _written(self.peeked_at),
            "done": self.done_count,
            "total": self.total_count,
            "aliases": self.aliases,
        }
        return Cursor(json.dumps(said, separators=(",", ":")))


def read(cursor: Cursor | None) -> State:
    """Return the state that a cursor says; a new one where there is none.

    Raises:
        CursorExpired: the text is no cursor of this version.
    """
    if cursor is None:
        return State()
    try:
        said = json.loads(cursor)
        if said["form"] != _FORM:
            raise CursorExpired("another form of cursor")
        return State(
            names=said["names"],
            tree=said["tree"],
            folders={
                id_: Folder(parent, tuple(labels), link, following, bool(is_gone))
                for id_, parent, labels, link, following, is_gone in said["folders"]
            },
            has_headers=said["headers"],
            pending=dict.fromkeys(said["pending"]),
            stale=dict.fromkeys(said["stale"]),
            compared_at=_moment(said["compared_at"]),
            peeked_at=_moment(said["peeked_at"]),
            done_count=said["done"],
            total_count=said["total"],
            aliases=said["aliases"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CursorExpired("no cursor of this mailbox") from error


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def batch(
    state: State,
    added: Sequence[Copy],
    refused: Sequence[Refusal] = (),
    ended: Sequence[tuple[str, str]] = (),
) -> Batch:
    """Return a batch that is followed by the state as it is now."""
    is_first_read = state.total_count is not None
    return Batch(
        cursor=state.cursor(),
        added=tuple(added),
        ended=tuple(ended),
        refused=tuple(refused),
        read_count=len(added) + len(refused),
        done_count=state.done_count if is_first_read else None,
        total_count=max(state.total_count or 0, state.done_count) if is_first_read else None,
    )
