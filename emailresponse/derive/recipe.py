"""The recipe: what makes derived rows out of facts and settings, told apart by a digest.

Rows made by another recipe (an older version of this program, other public holidays) are derived again.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.resources
from collections.abc import Iterator

from emailresponse.addresses import FREE_MAIL
from emailresponse.derive import steps

#: Local parts, without dots, dashes and underscores, that nobody reads (metrics.md 6, no_reply_address).
NO_REPLY = r"^(noreply|donotreply|dontreply)|^notifications?$"

#: What brings holidays and clock changes; another version may lay out other opening periods.
CALENDARS = ("holidays", "tzdata")


@functools.cache
def digest() -> str:
    """Return the SHA-256 (hex) of every derive statement, their order, the lists and the calendars.

    Settings are no part of it: a changed one asks for a rebuild by itself.
    """
    said = hashlib.sha256()
    for part in _parts():
        said.update(part.encode())
        said.update(b"\0")
    return said.hexdigest()


def _parts() -> Iterator[str]:
    for area in ("derive", "touched"):
        folder = importlib.resources.files("emailresponse").joinpath("sql", area)
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
            yield entry.name
            yield entry.read_text("utf-8")
    yield repr((steps.SETTLED, steps.NAMED, steps.IDENTIFIED, steps.DESCRIBED))
    yield repr((steps.JUDGED, steps.TURNED, steps.WAITED))
    yield repr((sorted(FREE_MAIL), NO_REPLY))
    for package in CALENDARS:
        yield importlib.metadata.version(package)
