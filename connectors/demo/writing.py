"""Write the invented team's mail as the files that real mailboxes are exported to, with a config.toml."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.header import Header
from pathlib import Path
from random import Random

from connectors.demo import noise, people
from connectors.demo.messages import Headers, Held, Post, token
from connectors.demo.settings import config
from connectors.demo.stories import Stories

DEFAULT_SEED = 7
DEFAULT_DAYS = 182
DEFAULT_UNTIL = date(2026, 6, 30)

_GMAIL = ("mara.feldkamp", "jonas.reuterwall", "ilse.okonwerth")
_GRAPH = ("dana.whitlocke", "reggie.amarison", "priya.castellane")
_TAKEOUT = "tomasz.brandovic"
_TAKEOUT_LABELS = {
    "INBOX": "Inbox",
    "SENT": "Sent",
    "SPAM": "Spam",
    "CATEGORY_PROMOTIONS": "Category Promotions",
    "CATEGORY_UPDATES": "Category Updates",
}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: files with the mailbox each holds (None: the file says so), and the settings."""

    files: tuple[tuple[Path, str | None], ...]
    config: Path
    messages: int
    copies: int


def write(
    folder: Path, *, seed: int = DEFAULT_SEED, days: int = DEFAULT_DAYS, until: date = DEFAULT_UNTIL
) -> Written:
    """Write `days` days of mail that end on `until` into a folder; the same arguments write the same bytes.

    Args:
        folder: made where it is absent; an earlier demo's `mail` in it is replaced.
        seed: other numbers give another half year of the same team.
        days: 14 or more.
        until: the last day of mail (UTC).
    """
    held = imagine(seed, days, until)
    mail = folder / "mail"
    shutil.rmtree(mail, ignore_errors=True)
    mail.mkdir(parents=True)
    by_mailbox: dict[str, list[Held]] = {}
    for copy in held:
        by_mailbox.setdefault(copy.mailbox, []).append(copy)

    def of(names: Iterable[str]) -> list[Held]:
        return [copy for name in names for copy in by_mailbox.get(f"{name}@{people.DOMAIN}", [])]

    _write_lines(mail / "gmail-1.jsonl", of(_GMAIL), "gmail")
    _write_lines(mail / "gmail-2.jsonl", _later_trashed(of(_GMAIL)), "gmail")
    _write_lines(mail / "microsoft.jsonl", of(_GRAPH), "graph")
    takeout = mail / f"{_TAKEOUT}@{people.DOMAIN}.zip"
    _write_takeout(takeout, of((_TAKEOUT,)))
    mbox = mail / f"{people.STALE_MAILBOX}.mbox"
    mbox.write_bytes(
        b"".join(_mbox_entry(copy, copy.headers) for copy in by_mailbox.get(people.STALE_MAILBOX, []))
    )
    maildir = mail / f"{people.SUPPORT}.maildir"
    _write_maildir(maildir, by_mailbox.get(people.SUPPORT, []))
    settings = folder / "config.toml"
    settings.write_text(config(until), "utf-8")
    files = (
        (mail / "gmail-1.jsonl", None),
        (mail / "gmail-2.jsonl", None),
        (mail / "microsoft.jsonl", None),
        (takeout, f"{_TAKEOUT}@{people.DOMAIN}"),
        (mbox, people.STALE_MAILBOX),
        (maildir, people.SUPPORT),
    )
    return Written(files, settings, len({copy.message.message_id for copy in held}), len(held))


def imagine(seed: int, days: int, until: date) -> list[Held]:
    """Return every copy of the invented mail, oldest first."""
    random = Random(seed)  # noqa: S311 - an invented team needs no secret
    first = until - timedelta(days=days - 1)
    post = Post(random)
    stories = Stories(random, post, first, until)
    known = people.companies(random, min(440, 40 + 2 * days))
    for company in known:
        for _ in range(random.choices((1, 2, 3, 4, 5), (4, 4, 4, 3, 2))[0]):
            stories.lead(company)
    for company in random.sample(known, len(known) // 4) + people.companies(random, 20 + days // 2):
        stories.outreach(company)
    noise.newsletters(stories)
    noise.notifications(stories, days)
    noise.notes(stories, 2 * days)
    noise.spam(stories, days // 4)
    noise.welcome(stories)
    stale = datetime.combine(until - timedelta(days=min(people.STALE_BEFORE, days // 2)), datetime.min.time())
    ends = datetime.combine(until + timedelta(days=1), datetime.min.time())
    kept = [
        copy
        for copy in post.held
        if copy.held_at < ends and not (copy.mailbox == people.STALE_MAILBOX and copy.held_at >= stale)
    ]
    return sorted(kept, key=lambda copy: (copy.held_at, copy.message.message_id, copy.mailbox))


def _later_trashed(copies: list[Held]) -> list[Held]:
    """Return what a second look saw: some messages that nobody answered, since binned by their owner."""
    answered = {key for copy in copies for key in copy.message.references}
    ignored = [
        copy
        for copy in copies
        if copy.labels == ("INBOX",)
        and copy.message.message_id not in answered
        and copy.message.sender.domain != people.DOMAIN
    ]
    return [replace(copy, labels=("TRASH",)) for copy in ignored[::5]]


def _provider_id(copy: Held) -> str:
    return token(copy.mailbox, copy.message.message_id)


def _thread(copy: Held) -> str:
    return token(copy.mailbox, "thread", copy.message.conversation)


def _write_lines(path: Path, copies: list[Held], provider: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        for copy in copies:
            lines.write(json.dumps(_line(copy, provider), ensure_ascii=False) + "\n")


def _line(copy: Held, provider: str) -> dict[str, object]:
    fields = dict(copy.headers)
    line: dict[str, object] = {
        "provider": provider,
        "mailbox": copy.mailbox,
        "id": _provider_id(copy),
        "thread": _thread(copy),
        "labels": list(copy.labels),
        "at": f"{copy.held_at.isoformat()}Z",
        "headers": fields,
    }
    if provider == "graph" and copy.is_sent:
        # Microsoft shows no transport headers of sent mail.
        line["headers"] = {
            name: value
            for name, value in fields.items()
            if not name.startswith(("X-", "Auto-", "Precedence"))
        }
        line["hidden"] = True
    return line


def _write_takeout(path: Path, copies: list[Held]) -> None:
    entries = []
    for copy in copies:
        labels = ",".join(_TAKEOUT_LABELS.get(label, label) for label in copy.labels)
        own = (("X-GM-THRID", str(int(_thread(copy), 16) >> 1)), ("X-Gmail-Labels", labels))
        entries.append(_mbox_entry(copy, (*own, *copy.headers)))
    info = zipfile.ZipInfo("Takeout/Mail/All mail Including Spam and Trash.mbox", (2026, 7, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, b"".join(entries))


def _mbox_entry(copy: Held, fields: Headers) -> bytes:
    separator = f"From {_provider_id(copy)}@xxx {copy.held_at:%a %b %d %H:%M:%S +0000 %Y}\n"
    return separator.encode() + _rendered(fields) + b"(The demo's messages have no text.)\n\n"


def _write_maildir(path: Path, copies: list[Held]) -> None:
    for name in ("cur", "new", "tmp", ".Sent/cur", ".Sent/new", ".Sent/tmp"):
        (path / name).mkdir(parents=True)
    for number, copy in enumerate(copies):
        folder = path / ".Sent" / "cur" if copy.is_sent else path / "cur"
        file = folder / f"{int(copy.held_at.replace(tzinfo=UTC).timestamp())}.M{number}P1.mail:2,S"
        file.write_bytes(_rendered(copy.headers) + b"(The demo's messages have no text.)\n")


def _rendered(fields: Headers) -> bytes:
    lines = []
    for name, value in fields:
        lines.append(f"{name}: {value if value.isascii() else Header(value, 'utf-8').encode()}\n")
    return ("".join(lines) + "\n").encode()
