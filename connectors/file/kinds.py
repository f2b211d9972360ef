"""What bytes are: an mbox, one message, lines of `.jsonl`, or no mail at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from connectors.file.mbox import is_mbox
from connectors.file.streams import Cut, Stream
from emailresponse.copies import Refusal
from emailresponse.headers import looks_like_message

Kind = Literal["mbox", "message", "lines"]
PEEK = 1 << 16
_MARK = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_COMPANIONS = frozenset(
    [
        ".csv",
        ".tsv",
        ".md",
        ".html",
        ".htm",
        ".json",
        ".ics",
        ".vcf",
        ".pdf",
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".msf",
        ".dat",
        ".db",
        ".sqlite",
        ".log",
        ".css",
        ".js",
        ".py",
        ".xml",
        ".yaml",
        ".yml",
        ".toml",
        ".parquet",
        ".sha256",
        ".sha1",
        ".md5",
        ".lock",
        ".index",
        ".cache",
    ]
)


@dataclass(frozen=True, slots=True)
class Part:
    """One file with messages.

    Attributes:
        name: the file's name as refusals say it.
        stream: its bytes.
        kind: what it is.
        labels: its folder's labels.
        size: how many bytes lie under the name on disk as they are; absent where they are packed.
    """

    name: str
    stream: Stream
    kind: Kind
    labels: tuple[str, ...] = ()
    size: int | None = None


def part(
    name: str,
    stream: Stream,
    labels: tuple[str, ...],
    *,
    is_named: bool,
    is_single: bool = False,
    size: int | None = None,
) -> Iterator[Part | Refusal]:
    """Yield what bytes are; what is no mail is refused, but for the companions that mail folders have."""
    start = stream.peek(PEEK)
    kind = _kind(start, is_single=is_single or name.lower().endswith(".eml"))
    if kind is not None:
        yield Part(name, stream, kind, labels, size)
    elif is_named or not _COMPANIONS.intersection(suffix.lower() for suffix in Path(name).suffixes[-2:]):
        yield Refusal(name, 0, _why_not(start, stream))


def _kind(start: bytes, *, is_single: bool) -> Kind | None:
    text = start.removeprefix(_MARK)
    if is_mbox(start) and not is_single:  # one message may begin with its envelope, and hold others
        return "mbox"
    if text.lstrip().startswith(b"{"):
        return "lines"
    return "message" if looks_like_message(text) else None


def _why_not(start: bytes, stream: Stream) -> str:
    if not start:
        try:
            stream.read()
        except Cut as fault:
            return str(fault)
        return "empty"
    if start.startswith(_UTF16):
        return "UTF-16 text; save it as UTF-8"
    return "no message, mbox, .jsonl or archive of them"
