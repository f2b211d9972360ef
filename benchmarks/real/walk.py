"""First answers to a list's outsiders by a plain walk over the raw archive: no SQL, no code of the product.

Headers are parsed by Python's `email`, conversations joined by a loop, leads found by reading each of them
from its beginning, as metrics.md says in sections 1 to 3 and 6 as far as an archive has it. The list of
free-mail domains alone is the product's, for it is published.
"""

from __future__ import annotations

import email.parser
import email.utils
import lzma
import mailbox
import re
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path

from emailresponse.addresses import FREE_MAIL

SEGMENT = timedelta(days=30)
INFERRED = timedelta(days=7)


@dataclass
class Post:
    """A message of the list, all its deliveries together.

    `is_faceless` and `is_bulk` (a no-reply address, a mark of bulk mail) say nothing of an answer to us.
    """

    key: str
    author: str | None
    at: datetime
    to: set[str]
    cc: set[str]
    named: set[str]
    is_machine: bool
    is_faceless: bool
    is_bulk: bool
    others: list[Post] = field(default_factory=list)


@dataclass(frozen=True)
class Team:
    """Whose list it is: its address, the company's domains, and private addresses of people who answer."""

    address: str
    domains: tuple[str, ...]
    persons: frozenset[str]

    def has(self, address: str) -> bool:
        """Say whether an address is ours."""
        return address in {self.address} | self.persons or address.rpartition("@")[2] in self.domains


def first_answers(path: Path, team: Team) -> set[tuple[str, str | None]]:
    """Return (opened_by, closed_by) of every lead."""
    lines = [_in_order(members) for members in _conversations(_posts(path, team))]
    begun = [(line[0], number) for number, line in enumerate(lines)]
    written = [
        (post, number)
        for post, number in begun
        if _is_ours(post, team)
        and not post.is_machine
        and not post.is_bulk
        and 0 < len(_reached(post, team)) <= 3
    ]
    return {
        (lead.key, _first(reply, _inferred(lead, number, written)))
        for number, line in enumerate(lines)
        for lead, reply in _leads(line, team)
    }


def _leads(line: list[Post], team: Team) -> Iterator[tuple[Post, Post | None]]:
    """Read one conversation from its beginning and yield its leads with the first reply to each."""
    waiting: dict[str, list[Post]] = {}
    known: set[str] = set()
    latest = line[0].at
    for post in line:
        if post.at - latest >= SEGMENT:
            known = set()
        latest = max(latest, post.at)
        if post.is_machine or post.author is None:
            continue
        if _is_ours(post, team):
            companies = {_company(address) for address in _reached(post, team)}
            known |= companies
            yield from ((lead, post) for company in companies for lead in waiting.pop(company, ()))
        elif _is_to_us(post, team) and (company := _company(post.author)) not in known:
            known.add(company)
            waiting.setdefault(company, []).append(post)
    yield from ((lead, None) for left in waiting.values() for lead in left)


def _first(reply: Post | None, inferred: Post | None) -> str | None:
    if inferred and (reply is None or inferred.at < reply.at):
        return inferred.key
    return reply.key if reply else None


def _inferred(lead: Post, number: int, written: list[tuple[Post, int]]) -> Post | None:
    """Return the first message of another conversation that we wrote to the lead's very address in a week."""
    found = [
        post
        for post, elsewhere in written
        if elsewhere != number
        and lead.author in post.to | post.cc
        and lead.at < post.at <= lead.at + INFERRED
    ]
    return min(found, key=lambda post: (post.at, post.key), default=None)


def _is_ours(post: Post, team: Team) -> bool:
    return post.author is not None and team.has(post.author)


def _is_to_us(post: Post, team: Team) -> bool:
    """Say whether a tracked address stands in To, or none anywhere; in Cc alone is another lane."""
    tracked = {team.address} | team.persons
    return bool(post.to & tracked) or not post.cc & tracked


def _reached(post: Post, team: Team) -> set[str]:
    return {address for address in post.to | post.cc if not team.has(address)}


def _company(address: str) -> str:
    domain = address.rpartition("@")[2]
    return address if domain in FREE_MAIL else domain


def _posts(path: Path, team: Team) -> list[Post]:
    found: dict[str, Post] = {}
    with tempfile.NamedTemporaryFile(suffix=".mbox") as file:
        with lzma.open(path) as packed:
            file.write(packed.read())
        file.flush()
        with closing(mailbox.mbox(file.name, factory=email.parser.BytesHeaderParser().parse)) as archive:
            for raw in archive:
                post = _post(raw, team)
                if post.key in found:
                    found[post.key].others.append(post)
                else:
                    found[post.key] = post
    posts = [_together(post) for post in found.values()]
    ours = {post.key for post in posts if _is_ours(post, team)}
    for post in posts:
        if post.key in ours:
            post.is_machine |= post.is_faceless
        elif not post.named & ours:
            post.is_machine |= post.is_faceless or post.is_bulk
    return posts


def _together(post: Post) -> Post:
    for other in post.others:
        post.at = min(post.at, other.at)
        post.to |= other.to
        post.cc |= other.cc
        post.named |= other.named
        post.author = post.author or other.author
        post.is_machine |= other.is_machine
        post.is_faceless |= other.is_faceless
        post.is_bulk &= other.is_bulk
    return post


def _post(raw: Message, team: Team) -> Post:
    (author, *_) = [*_addresses(raw, "From"), ""]
    if author == team.address:
        stands_in = _addresses(raw, "X-Original-From") + _addresses(raw, "Reply-To")
        (author, *_) = [*(one for one in stands_in if one != team.address), ""]
    to, cc = set(_addresses(raw, "To")), set(_addresses(raw, "Cc"))
    named = _ids(raw, "In-Reply-To") | _ids(raw, "References")
    (key,) = _ids(raw, "Message-ID")
    local = re.sub(r"[._-]", "", author.partition("@")[0])
    is_faceless = re.match(r"(noreply|donotreply|dontreply)|notifications?$", local) is not None
    is_bulk = str(raw.get("Precedence", "")).lower() in {"bulk", "junk"}
    return Post(
        key, author or None, _moment(raw), to, cc, named, _is_machine(raw, local), is_faceless, is_bulk
    )


def _is_machine(raw: Message, local: str) -> bool:
    kind = str(raw.get("Content-Type", "")).lower()
    said = str(raw.get("Auto-Submitted", "no")).lower()
    return (
        not said.startswith("no")
        or kind.startswith("multipart/report")
        or (kind.startswith("text/calendar") and "method=" in kind)
        or str(raw.get("Return-Path", "")).strip() == "<>"
        or "X-Failed-Recipients" in raw
        or local in {"mailerdaemon", "postmaster"}
    )


def _addresses(raw: Message, name: str) -> list[str]:
    values = [str(value) for value in raw.get_all(name, [])]
    return [_same(address) for _, address in email.utils.getaddresses(values) if "@" in address]


def _same(address: str) -> str:
    local, _, domain = address.lower().rpartition("@")
    local = local.partition("+")[0]
    if domain in {"gmail.com", "googlemail.com"}:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def _ids(raw: Message, name: str) -> set[str]:
    """Return the ids that a field names; without angle brackets only if the whole value is ids."""
    found: list[str] = []
    for value in map(str, raw.get_all(name, [])):
        angled = re.findall(r"<([^<>]+)>", value)
        bare = value.split()
        found += angled or (bare if all(re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", one) for one in bare) else [])
    ids = ["".join(one.split()).rpartition("@") for one in found]
    return {f"{local}@{domain.lower()}" for local, _, domain in ids}


def _moment(raw: Message) -> datetime:
    """Return when the topmost server received it, else its Date."""
    stamps = [str(value).rpartition(";")[2] for value in raw.get_all("Received", [])]
    for stamp in [*stamps, str(raw["Date"])]:
        try:
            at = email.utils.parsedate_to_datetime(stamp.strip())
        except (TypeError, ValueError):
            continue
        return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
    raise ValueError(f"no time in {raw['Message-ID']}")


def _conversations(posts: list[Post]) -> list[list[Post]]:
    """Return the posts in groups that share an id they carry or name, in the end all of them."""
    written = {post.key for post in posts}
    people = {address for post in posts for address in (post.author, *post.to, *post.cc) if address}
    group: dict[str, list[Post]] = {}
    place: dict[str, str] = {}
    for post in posts:
        ids = {post.key} | {one for one in post.named if one in written or _same(one) not in people}
        met = {place[one] for one in ids if one in place}
        label = min(met | {post.key})
        members = [post]
        for old in met:
            members += group.pop(old)
        group[label] = members
        for one in ids:
            place[one] = label
        for one, old in place.items() if met - {label} else ():
            if old in met:
                place[one] = label
    return list(group.values())


def _in_order(members: list[Post]) -> list[Post]:
    """Return a conversation: nothing before what it names, then by time, then by key."""
    left = {post.key: post for post in members}
    line: list[Post] = []
    while left:
        ready = [post for post in left.values() if not (post.named - {post.key}) & left.keys()]
        first = min(ready or left.values(), key=lambda post: (post.at, post.key))
        line.append(left.pop(first.key))
    return line
