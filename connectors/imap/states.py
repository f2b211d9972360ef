"""The cursor of an IMAP mailbox: how far each folder is read.

It grows with the folders, not with the messages. RFC 3501 §2.3.1.1 is what it rests on: within one
UIDVALIDITY, UIDs only grow and none is used twice.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from emailresponse.copies import Cursor
from emailresponse.errors import CursorExpired

VERSION = 1


@dataclass(slots=True)
class Place:
    """How far a folder is read.

    Attributes:
        validity: its UIDVALIDITY; when that changes, the UIDs mean nothing any more.
        following: the UID from which messages are new.
        label: the label it gives.
        count: messages that lay below `following`; when fewer do, some have vanished.
        before: the first read has come down to this UID; 0: it is done.
        reached: the receipt of the last message of the first read (ISO 8601, UTC), to merge folders by time.
        modseq: the HIGHESTMODSEQ up to which changed labels are known (Gmail alone).
        is_unsure: whether its stored copies have to be compared with what lies there.
        gone_at: since when the server does not list it (ISO 8601, UTC).
        is_refused: whether the server lists it and will not open it.
    """

    validity: int
    following: int
    label: str = ""
    count: int = 0
    before: int = 0
    reached: str = ""
    modseq: int | None = None
    is_unsure: bool = False
    gone_at: str = ""
    is_refused: bool = False


_DEFAULTS = {name: one.default for name, one in Place.__dataclass_fields__.items()}


@dataclass(slots=True)
class State:
    """How far a mailbox is read: a place for each folder, and the messages of the first read."""

    places: dict[str, Place] = field(default_factory=dict)
    done: int = 0
    total: int = 0

    @classmethod
    def of(cls, cursor: Cursor | None) -> State:
        """Return what a cursor says; without one nothing is read.

        Raises:
            CursorExpired: another version of this program wrote it.
        """
        if cursor is None:
            return cls()
        try:
            said = json.loads(cursor)
            if said["version"] != VERSION:
                raise CursorExpired
            places = {name: Place(**place) for name, place in said["folders"].items()}
            return cls(places, said["done"], said["total"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CursorExpired from error

    def cursor(self) -> Cursor:
        """Return this as a cursor; what is usual is left out."""
        places = {
            name: {key: value for key, value in asdict(place).items() if value != _DEFAULTS[key]}
            for name, place in self.places.items()
        }
        said = {"version": VERSION, "done": self.done, "total": self.total, "folders": places}
        return Cursor(json.dumps(said, ensure_ascii=True, separators=(",", ":")))

    @property
    def is_reading_back(self) -> bool:
        """Whether some folder's first read is not done."""
        return any(place.before for place in self.places.values() if not place.gone_at)
