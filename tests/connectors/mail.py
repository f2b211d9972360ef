"""Messages for the connectors' tests, written as files."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

IMPORTED_AT = datetime(2026, 6, 1, 12)
BEGIN = datetime(2026, 3, 2, 9)


def message(number: int = 1, *, body: str = "Hello.\n", **fields: str | None) -> bytes:
    """Return a message; a field given as None is left out."""
    at = (BEGIN + timedelta(minutes=number)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    defaults: dict[str, str | None] = {
        "From": f"Lee <lee{number}@client.example>",
        "To": "Ada <ada@acme.com>",
        "Subject": f"Question {number}",
        "Date": at,
        "Message-ID": f"<{number}@client.example>",
    }
    said = defaults | {name.replace("_", "-"): value for name, value in fields.items()}
    head = "".join(f"{name}: {value}\n" for name, value in said.items() if value is not None)
    return (head + "\n" + body).encode()


def mbox(*messages: bytes) -> bytes:
    """Return messages as an mbox."""
    envelope = b"From lee@client.example Mon Mar  2 09:00:00 2026\n"
    return b"".join(envelope + one + (b"\n" if one.endswith(b"\n") else b"\n\n") for one in messages)


def messages(count: int) -> list[bytes]:
    """Return so many different messages."""
    return [message(number) for number in range(1, count + 1)]


def written(path: Path, data: bytes) -> Path:
    """Write bytes and return where."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
