"""What the value of a header field says in words and addresses.

Every function takes any text whatever and gives something or nothing; none raises.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Sequence
from functools import lru_cache

from emailresponse.addresses import compared

FOLDED = "\x01"  # stands for a line fold inside a value, so that splitting at line ends is one step
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
PLAIN_ID = re.compile(r"[^\s@\"'()<>,;:]+@[^\s@\"'()<>,;]+")
_FOLD = re.compile(r"[ \t]*[\n\x01][ \t]*")
_WORD = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(=\?)")
_SIMPLE_ADDRESS = re.compile(r'\s*(?:"([^"\\]*)"|([^"(),:;<>@\\]*?))\s*<([^\s<>@"(),]+@[^\s<>@"(),]+)>\s*\Z')
_BARE_ADDRESS = re.compile(r'\s*([^\s<>@"(),:;]+@[^\s<>@"(),:;]+)\s*\Z')
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"?|<[^<>]*>?|[,;:()]|[^",;:()<>]+|.', re.DOTALL)
_SPELLED_AT = re.compile(r"\s*(\S+) at (\S+\.\S+)\s*\Z")


_REMEMBERED = 2_000  # longer values hardly come twice


def unfolded(value: str) -> str:
    """Return a value on one line, trimmed, without control characters."""
    if value.isprintable():
        return value.strip()
    return CONTROL.sub("", _FOLD.sub(" ", value)).strip()


def decoded(value: str) -> str:
    """Return a value on one line with its encoded words read (RFC 2047)."""
    text = unfolded(value)
    if "=?" not in text:
        return text
    previous = None
    while previous != text:
        previous, text = text, _BETWEEN_WORDS.sub(r"\1\2", text)
    pieces: list[tuple[str | None, bytes | str]] = []
    end = 0
    for word in _WORD.finditer(text):
        if word.start() > end:
            pieces.append((None, text[end : word.start()]))
        charset, raw = word[1].partition("*")[0].lower(), _word_bytes(word[2], word[3])
        if pieces and pieces[-1][0] == charset:  # one letter may be cut between two words
            pieces[-1] = (charset, bytes(pieces[-1][1]) + raw)  # type: ignore[arg-type]
        else:
            pieces.append((charset, raw))
        end = word.end()
    pieces.append((None, text[end:]))
    whole = "".join(raw if isinstance(raw, str) else _in_charset(raw, charset) for charset, raw in pieces)
    return CONTROL.sub("", " ".join(whole.split("\n"))).strip()


def _word_bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return quopri.decodestring(raw.replace(b"\n", b""), header=True)
    raw = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return base64.b64decode(raw[: len(raw) // 4 * 4])


def _in_charset(raw: bytes, charset: str | None) -> str:
    try:
        codec = codecs.lookup(charset or "ascii").name
        text = raw.decode("cp1252" if codec in {"ascii", "iso8859-1"} else codec, "replace")
    except (LookupError, ValueError):  # unknown, or no charset of text
        text = raw.decode("utf-8", "replace")
    return text.encode("utf-8", "replace").decode()


def addresses(values: Sequence[str] | None) -> tuple[str, ...]:
    """Return the addresses of all values in compared form, each once, in order."""
    if not values:
        return ()
    if len(values) == 1 and len(values[0]) < _REMEMBERED:
        return _addresses(values[0])
    return tuple(dict.fromkeys(address for value in values for _, address in named(value)))


@lru_cache(maxsize=5_000)
def _addresses(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for _, address in named(value)))


def named(value: str) -> tuple[tuple[str, str], ...]:
    """Return (display name, address in compared form) of a value; groups are opened, comments are names."""
    return _named(value) if len(value) < _REMEMBERED else _named.__wrapped__(value)


@lru_cache(maxsize=5_000)
def _named(value: str) -> tuple[tuple[str, str], ...]:
    value = unfolded(value)
    found: list[tuple[str, str]] = []
    simple = _SIMPLE_ADDRESS.match(value)
    if simple:
        entries = [(simple[1] or simple[2] or "", simple[3])]
    else:
        bare = _BARE_ADDRESS.match(value)
        entries = [("", bare[1])] if bare else _scanned(value)
    for name, raw in entries:
        address = compared(raw)
        if address:
            found.append((decoded(name).strip(" \"'"), decoded_address(address)))
    return tuple(found)


def decoded_address(address: str) -> str:
    """Return an address that somebody wrongly put into an encoded word as it was meant."""
    return (compared(decoded(address)) or address) if "=?" in address else address


def _scanned(value: str) -> list[tuple[str, str]]:
    """Return (name, raw address) of any value, however it is quoted, grouped or commented."""
    if "@" not in value and "=?" in value:
        value = decoded(value)
    scanner = _Scanner()
    for piece in [*_TOKEN.findall(value), ","]:
        scanner.take(piece)
    if scanner.depth and not scanner.entries and "@" in value:  # a parenthesis that is never closed
        return [("", address) for address in PLAIN_ID.findall(value)]
    return scanner.entries


class _Scanner:
    """Collects an address list piece by piece (RFC 5322 section 3.4, and what people send)."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, str]] = []
        self.depth = 0
        self._begin()

    def _begin(self) -> None:
        self._phrase: list[str] = []
        self._comment: list[str] = []
        self._angled: str | None = None

    def take(self, piece: str) -> None:
        """Take the next piece of the value."""
        if piece in {"(", ")"}:
            self.depth = max(0, self.depth + (1 if piece == "(" else -1))
        elif self.depth:
            self._comment.append(piece)
        elif piece in {",", ";"}:
            self._end(piece)
        elif piece == ":" and self._angled is None and "@" not in "".join(self._phrase):
            self._phrase = []  # the name of a group
        elif piece.startswith("<"):
            self._angled = piece.strip("<> ") or self._angled
        else:
            self._phrase.append(piece)

    def _end(self, piece: str) -> None:
        entry = _entry(self._phrase, self._comment, self._angled)
        if entry is None and piece == "," and self._phrase and self._angled is None:
            self._phrase.append(",")  # an unquoted comma inside a name: Smith, John <john@acme.com>
            return
        if entry:
            self.entries.append(entry)
        self._begin()


def _entry(phrase: list[str], comment: list[str], angled: str | None) -> tuple[str, str] | None:
    text = "".join(phrase).strip(" ,")
    if angled is not None:
        if "@" in angled or angled.lower().startswith("/o="):
            route = angled.rpartition(":")[2] if angled.startswith("@") else angled
            return text.replace("\\", "").strip('" '), route
        return None
    spelled = _SPELLED_AT.match(text)  # archives of mailing lists hide the @
    if spelled:
        text = f"{spelled[1]}@{spelled[2]}"
    if "@" in text or text.lower().startswith("/o="):
        plain = PLAIN_ID.search(text) if " " in text else None
        return "".join(comment).strip(), plain[0] if plain else text
    return None
