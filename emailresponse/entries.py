"""How a setting is declared: a dataclass field that says its default, its limits and what it does.

Every setting of the workspace is one such field; commands, `config.toml` and the methodology page read them.
"""

from __future__ import annotations

import difflib
import functools
import ipaddress
import zoneinfo
from collections.abc import Callable, Iterable
from dataclasses import Field, field
from typing import Any
from urllib.parse import urlsplit

from emailresponse.errors import SettingsError

Entry = Field[Any]


def number(default: float, least: float, most: float, meaning: str, name: str | None = None) -> Any:
    """Declare a number between two limits; a whole default allows whole numbers only."""

    def checked(value: Any, where: str) -> int | float:
        return _number(value, where, default, least, most)

    return _declared(default, meaning, name, checked)


def switch(default: bool, meaning: str, name: str | None = None) -> Any:
    """Declare a yes or no."""
    return _declared(default, meaning, name, _switch)


def zone(default: str, meaning: str, name: str | None = None) -> Any:
    """Declare an IANA zone."""
    return _declared(default, meaning, name, lambda value, _: check_zone(value))


def text(default: str, meaning: str, name: str | None = None) -> Any:
    """Declare a text of one line."""
    return _declared(default, meaning, name, _text)


def texts(meaning: str, name: str | None = None) -> Any:
    """Declare a list of texts, empty by default."""
    return _declared((), meaning, name, _texts)


def endpoint(default: str, meaning: str, name: str | None = None) -> Any:
    """Declare an https address; plain http is for this machine alone."""
    return _declared(default, meaning, name, _endpoint)


def name_of(entry: Entry) -> str:
    """Return the name that people write."""
    name: str = entry.metadata["name"] or entry.name
    return name


def check(entry: Entry, value: Any) -> Any:
    """Return the value as the setting's own type.

    Raises:
        SettingsError: it cannot have this value.
    """
    return entry.metadata["check"](value, name_of(entry))


def check_zone(value: Any) -> str:
    """Return the zone if it is an IANA name.

    Raises:
        SettingsError: it is not; the reason names the nearest ones.
    """
    if isinstance(value, str) and value in _zones():
        return value
    raise SettingsError(f"{value!r} is no IANA zone{nearest(str(value), sorted(_zones()))}", "zone")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a question that offers the most similar word, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else ""


def _declared(default: Any, meaning: str, name: str | None, checked: Callable[[Any, str], Any]) -> Any:
    return field(default=default, metadata={"name": name, "meaning": meaning, "check": checked})


def _switch(value: Any, where: str) -> bool:
    words = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    known = words.get(str(value).lower())
    if known is None:
        raise SettingsError(f"{value!r} is neither true nor false", where)
    return known


def _number(value: Any, where: str, default: float, least: float, most: float) -> int | float:
    try:
        found = float(value)
    except (TypeError, ValueError):
        raise SettingsError(f"{value!r} is no number", where) from None
    if isinstance(value, bool) or not least <= found <= most:
        raise SettingsError(f"{value} is not between {least} and {most}", where)
    if isinstance(default, int):
        if found != int(found):
            raise SettingsError(f"{value} is no whole number", where)
        return int(found)
    return found


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise SettingsError(f"{value!r} is no text of one line", where)
    return value.strip()


def _texts(value: Any, where: str) -> list[str]:
    listed = [part for part in value.replace(",", " ").split() if part] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple):
        raise SettingsError(f"{value!r} is no list of texts", where)
    return [_text(one, where) for one in listed]


def _endpoint(value: Any, where: str) -> str:
    written = _text(value, where).rstrip("/")
    parts = urlsplit(written)
    try:
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        host = ""
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not host or not is_safe or parts.query or parts.fragment or parts.username:
        raise SettingsError(
            f"{value!r} is no https address (plain http is for this machine alone, e.g. http://127.0.0.1:8080)",
            where,
        )
    return written


def is_loopback(host: str) -> bool:
    """Say whether a host name or address is this machine itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - {"localtime", "posixrules", "Factory"})
