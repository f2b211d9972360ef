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

#: Local parts, without dots, dashes and underscores, that nobody reads (metrics.md 6, no_reply_address).
NO_REPLY = r"^(noreply|donotreply|dontreply)|^notifications?$"

#: What brings holidays and clock changes; another version may lay out other opening periods.
CALENDARS = ("holidays", "tzdata")


@functools.cache
def digest() -> str:
    """Return the SHA-256 (hex) of every derive statement and module, the lists and the calendars.

    Settings are no part of it: a changed one asks for a rebuild by itself.
    """
    said = hashlib.sha256()
    for part in _parts():
        said.update(part.encode())
        said.update(b"\0")
    return said.hexdigest()


def _parts() -> Iterator[str]:
    home = importlib.resources.files("emailresponse")
    folders = [home.joinpath("sql", "derive"), home.joinpath("sql", "touched"), home.joinpath("derive")]
    entries = [entry for folder in folders for entry in folder.iterdir()]
    for entry in sorted([*entries, home.joinpath("openings.py")], key=lambda entry: entry.name):
        if entry.name.endswith((".sql", ".py")):
            yield entry.name
            yield entry.read_text("utf-8")
    yield repr((sorted(FREE_MAIL), NO_REPLY))
    for package in CALENDARS:
        yield importlib.metadata.version(package)
