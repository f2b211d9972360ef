"""Mail of a large invented sales floor, made fast: rows of facts for a store, and an mbox for an import.

Fifty people, about 1.2 copies a message, a third outbound, conversations of one to thirty messages with their
References, one in seven a newsletter. The same seed and size give the same rows.

    python -m benchmarks.generate 100000 floor.mbox
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from emailresponse import configuration
from emailresponse.audit import Change
from emailresponse.copies import Copy
from emailresponse.store import Store

PEOPLE = 50
TEAMS = 5
DOMAIN = "floor.example"
BEGINS = datetime(2021, 1, 4)  # noqa: DTZ001 - naive UTC, as all facts
YEARS = 5
AFTER = BEGINS + timedelta(days=YEARS * 366)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001
_BEGINS_US = (BEGINS - _EPOCH) // timedelta(microseconds=1)
CHUNK = 250_000
REFERENCES = 20
Numbers = npt.NDArray[np.int64]

INBOUND, OUTBOUND, INTERNAL, LETTER = range(4)
_LABELS = pa.array([["INBOX"], ["SENT"], ["INBOX"], ["INBOX", "CATEGORY_PROMOTIONS"]])
_MARKS = pa.array([[], [], [], ["list_unsubscribe", "precedence_bulk"]], pa.list_(pa.string()))
_HOSTS = pa.array([[], [], [], ["letters.example"]], pa.list_(pa.string()))
_PEOPLE = pa.array([f"person{n:02d}@{DOMAIN}" for n in range(PEOPLE)])


@dataclass(frozen=True, slots=True)
class Block:
    """Some whole conversations, one entry per message, those of a conversation in a row.

    `first` is the number of the block's first message; `at` microseconds since 1970; `mate` is the person a
    message of colleagues goes to and the second holder where `is_shared`.
    """

    first: int
    position: Numbers
    conversation: Numbers
    kind: Numbers
    person: Numbers
    mate: Numbers
    contact: Numbers
    at: Numbers
    is_shared: npt.NDArray[np.bool_]


def blocks(messages: int, seed: int = 1) -> Iterator[Block]:
    """Yield about 250,000 messages at a time, `messages` in all."""
    random = np.random.default_rng(seed)
    done = 0
    while done < messages:
        count = min(CHUNK, messages - done)
        yield _block(random, done, count, contacts=max(50, messages // 12))
        done += count


def _block(random: np.random.Generator, first: int, count: int, contacts: int) -> Block:
    lengths = np.minimum(30, 1 + random.negative_binomial(0.45, 0.22, size=count))
    ends = np.cumsum(lengths)
    lengths = lengths[: int(np.searchsorted(ends, count)) + 1]
    lengths[-1] -= lengths.sum() - count
    talks = len(lengths)
    begins = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    talk = np.repeat(np.arange(talks), lengths)
    position = np.arange(count) - begins[talk]

    letter = (lengths == 1) & (random.random(talks) < 0.8)
    colleagues = ~letter & (random.random(talks) < 0.08)
    outreach = ~letter & ~colleagues & (random.random(talks) < 0.15)
    person = random.integers(0, PEOPLE, talks)
    contact = (random.random(talks) ** 1.5 * contacts).astype(np.int64)  # some write often
    turn = np.maximum(0, position - (random.random(count) < 0.25))  # a chaser repeats the turn before it
    kind = np.where((turn % 2 == 0) != outreach[talk], INBOUND, OUTBOUND)
    kind = np.where(colleagues[talk], INTERNAL, kind)
    kind = np.where(letter[talk], LETTER, kind)

    day = random.integers(0, YEARS * 365, talks)
    day -= np.where((day % 7 >= 5) & (random.random(talks) < 0.75), random.integers(2, 5, talks), 0)
    hour = np.clip(random.normal(12.5, 3.8, talks), 0, 23.9)
    start = (np.maximum(day, 0) * 86_400e6 + hour * 3_600e6).astype(np.int64)
    gap = (np.minimum(random.lognormal(1.0, 1.5, count), 900) * 3_600e6).astype(np.int64)
    gap[position == 0] = 0
    run = np.cumsum(gap)
    at = start[talk] + run - run[begins][talk] + _BEGINS_US
    person_of = np.where(kind == LETTER, random.integers(0, PEOPLE, count), person[talk])
    return Block(
        first,
        position,
        first + begins[talk],
        kind,
        person_of,
        (person_of + 1 + random.integers(0, PEOPLE - 1, count)) % PEOPLE,
        contact[talk],
        at,
        (kind == INTERNAL) | (random.random(count) < 0.13),
    )


def message_id(number: int) -> str:
    """Return the Message-ID of a message by its number."""
    return f"{number * 2_654_435_761 % 2**40:d}.{number:d}@mail.{DOMAIN}"


def tables(messages: int, seed: int = 1) -> Iterator[pa.Table]:
    """Yield rows of the table `copy` for `messages` messages."""
    for block in blocks(messages, seed):
        yield _copies(block)


def _copies(block: Block) -> pa.Table:
    count = len(block.kind)
    numbers = np.arange(block.first, block.first + count)
    ids = _ids(numbers)
    contacts = _contacts(block.contact, block.kind)
    people, mates = _PEOPLE.take(pa.array(block.person)), _PEOPLE.take(pa.array(block.mate))
    ours = pa.array((block.kind == OUTBOUND) | (block.kind == INTERNAL))
    senders = pc.if_else(ours, people, contacts)
    to = pc.if_else(ours, pc.if_else(pa.array(block.kind == INTERNAL), mates, contacts), people)
    known = np.minimum(block.position, REFERENCES)
    offsets = np.concatenate(([0], np.cumsum(known)))
    back = np.arange(offsets[-1]) - np.repeat(offsets[:-1], known)
    references = pa.ListArray.from_arrays(
        pa.array(offsets, pa.int32()), ids.take(pa.array(np.repeat(np.arange(count) - known, known) + back))
    )
    parents = ids.take(pa.array(np.maximum(np.arange(count) - 1, 0)))
    answers = pa.ListArray.from_arrays(
        pa.array(np.concatenate(([0], np.cumsum(block.position > 0))), pa.int32()),
        parents.filter(pa.array(block.position > 0)),
    )

    second = np.flatnonzero(block.is_shared)
    rows = np.concatenate((np.arange(count), second))
    is_second = np.concatenate((np.zeros(count, bool), np.ones(len(second), bool)))
    taken = pa.array(rows)
    kind = np.where(is_second & (block.kind[rows] != LETTER), INBOUND, block.kind[rows])
    label = np.where((kind == INTERNAL) & ~is_second, OUTBOUND, kind)
    holder = np.where(is_second, block.mate[rows], block.person[rows])
    keys = _mixed(rows + block.first + (is_second.astype(np.int64) << 40))
    received = block.at[rows] + np.where(label == OUTBOUND, 0, 4_000_000 + is_second * 1_500_000)
    stamps = pa.array(received, pa.timestamp("us"))
    conversations = pa.array(block.conversation[rows])
    mailboxes = _PEOPLE.take(pa.array(holder))
    empty = pa.ListArray.from_arrays(pa.array(np.zeros(len(rows) + 1), pa.int32()), pa.array([], pa.string()))
    subject = _joined("Enquiry", pc.cast(conversations, pa.string()), by=" ")
    digests = pc.utf8_slice_codeunits(
        _joined(_text(_mixed(block.conversation[rows])), "0" * 16, by=""), 0, 16
    )
    return pa.table(
        {
            "copy_key": pa.array(keys),
            "mailbox": mailboxes,
            "provider": _same("gmail", len(rows)),
            "provider_id": pc.cast(pa.array(keys), pa.string()),
            "provider_thread": pc.binary_join_element_wise("t", pc.cast(conversations, pa.string()), ""),
            "copied_at": stamps,
            "sent_at": pa.array(block.at[rows] // 1_000_000 * 1_000_000, pa.timestamp("us")),
            "imported_at": pa.array(received.max() + np.zeros(len(rows), np.int64), pa.timestamp("us")),
            "labels": _LABELS.take(pa.array(label)),
            "is_hidden": _same(False, len(rows)),
            "is_merging": _same(False, len(rows)),
            "size_bytes": pa.array(2_000 + rows * 7_919 % 60_000),
            "message_id": ids.take(taken),
            "subject": subject,
            "subject_digest": digests,
            "from_address": senders.take(taken),
            "from_name": pc.binary_join_element_wise("Name of", senders.take(taken), " "),
            "sender_address": pa.nulls(len(rows), pa.string()),
            "original_from": pa.nulls(len(rows), pa.string()),
            "is_from_list": _same(False, len(rows)),
            "reply_to": empty,
            "to_addresses": _single(to.take(taken)),
            "cc_addresses": empty,
            "bcc_addresses": empty,
            "delivered_to": _single(mailboxes),
            "reply_ids": answers.take(taken),
            "reference_ids": references.take(taken),
            "list_id": pa.nulls(len(rows), pa.string()),
            "unsubscribe_hosts": _HOSTS.take(pa.array(kind)),
            "marks": _MARKS.take(pa.array(kind)),
            "problems": empty,
        }
    )


def _text(numbers: Numbers) -> pa.Array:
    return pc.cast(pa.array(numbers), pa.string())


def _joined(*parts: pa.Array | str, by: str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, by)


def _ids(numbers: Numbers) -> pa.Array:
    behind = _joined(_text(numbers), f"mail.{DOMAIN}", by="@")
    return _joined(_text(numbers * 2_654_435_761 % 2**40), behind, by=".")


def _contacts(contact: Numbers, kind: Numbers) -> pa.Array:
    company = _joined(_joined("company", _text(contact // 2), by=""), "example", by=".")
    people = _joined(_joined("buyer", _text(contact), by=""), company, by="@")
    letters = _joined("news", _joined(_text(contact % 97), "letters.example", by="."), by="@")
    return pc.if_else(pa.array(kind == LETTER), letters, people)


def _same(value: str | bool, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(value), count)


def _single(values: pa.Array) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(np.arange(len(values) + 1), pa.int32()), values)


def _mixed(numbers: Numbers) -> npt.NDArray[np.uint64]:
    """Return 64 well-mixed bits of each number, one to one (Steele, Lea and Flood 2014, SplitMix64)."""
    mixed = numbers.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def fill(store: Store, messages: int, seed: int = 1) -> int:
    """Put people, schedules and the copies of `messages` messages into an empty store; returns the copies."""
    staff(store)
    count = 0
    for rows in tables(messages, seed):
        with store.table("generated", rows):
            store.execute("INSERT INTO copy BY NAME SELECT * FROM generated")
        count += len(rows)
    return count


def staff(store: Store) -> None:
    """Put fifty people in five teams, their mailboxes and a schedule into a store, as config.toml would."""
    parts = [
        f'workspace = {{ zone = "Europe/Berlin" }}\ninternal = {{ domains = ["{DOMAIN}"] }}',
        *(f'[[teams]]\nname = "team {team}"\nid = "team{team}"' for team in range(TEAMS)),
    ]
    for number, address in enumerate(_PEOPLE.to_pylist()):
        team = f"team{number % TEAMS}"
        parts.append(f'[[people]]\nname = "Person {number}"\naddresses = ["{address}"]\nteams = ["{team}"]')
        parts.append(f'[[mailboxes]]\naddress = "{address}"\nowner = "{address}"\nteam = "{team}"')
    parts.append('[[schedules]]\nhours = "mon-fri 09:00-17:30"\ncountry = "DE"\nregion = "BE"')
    parts.append('[[goals]]\nwithin = "4h"')
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text("\n".join(parts), "utf-8")
        configuration.apply(store, path, Change(BEGINS, "benchmark"))


def fresh(known: int, count: int = 1_000) -> tuple[Copy, ...]:
    """Return copies of `count` new messages behind `known` ones; half of them answer a known one."""
    begins = AFTER - timedelta(days=1)
    made = []
    for number in range(count):
        parent = (message_id(number * 7_919 % known),) if number % 2 else ()
        mailbox = f"person{number % PEOPLE:02d}@{DOMAIN}"
        outside = f"buyer{number}@company{number // 2}.example"
        is_ours = number % 3 == 0
        made.append(
            Copy(
                mailbox=mailbox,
                provider="gmail",
                provider_id=f"fresh{number}",
                provider_thread=f"fresh{number}",
                copied_at=begins + timedelta(seconds=number),
                sent_at=begins + timedelta(seconds=number),
                labels=("SENT",) if is_ours else ("INBOX",),
                message_id=f"fresh{number}@mail.{DOMAIN}",
                subject=f"Fresh {number}",
                from_address=mailbox if is_ours else outside,
                to_addresses=(outside,) if is_ours else (mailbox,),
                reply_ids=parent,
                reference_ids=parent,
            )
        )
    return tuple(made)


def mbox(path: Path, messages: int, seed: int = 1, body_bytes: int = 3_000) -> int:
    """Write messages with bodies of about `body_bytes` each as an mbox; returns the file's bytes."""
    line = b"Thank you for your message about the delivery of the parts we spoke about.\n"
    with path.open("wb") as file:
        for block in blocks(messages, seed):
            contacts = _contacts(block.contact, block.kind).to_pylist()
            for n in range(len(block.kind)):
                file.write(_entry(block, n, contacts[n]))
                file.write(line * (1 + (n * 7_919) % (2 * body_bytes // len(line))) + b"\n")
        return file.tell()


def _entry(block: Block, n: int, contact: str) -> bytes:
    number, kind = block.first + n, int(block.kind[n])
    person, mate = f"person{block.person[n]:02d}@{DOMAIN}", f"person{block.mate[n]:02d}@{DOMAIN}"
    is_ours = kind in {OUTBOUND, INTERNAL}
    sender, to = (
        (person if is_ours else contact),
        (mate if kind == INTERNAL else contact if is_ours else person),
    )
    there = sender.partition("@")[2]
    stamp = format_datetime(datetime.fromtimestamp(int(block.at[n]) // 1_000_000, UTC))
    known = [message_id(number - back) for back in range(min(int(block.position[n]), REFERENCES), 0, -1)]
    fields = [
        f"From {number}@xxx Mon Jan 04 00:00:00 +0000 2021",
        f"X-GM-THRID: {block.conversation[n] + 10**15}",
        f"X-Gmail-Labels: {'Sent' if is_ours else 'Inbox'}",
        f"Delivered-To: {person}",
        f"Received: by 2002:a05:6a10:{number % 9973:x} with SMTP id {number:x}; {stamp}",
        f"Received: from mail.{there} (mail [192.0.2.{number % 250}]) by mx.{DOMAIN}; {stamp}",
        f"DKIM-Signature: v=1; a=rsa-sha256; d={there}; s=one; bh={'b' * 44}; b={'s' * 172}",
        "MIME-Version: 1.0",
        f"From: Name of {sender.partition('@')[0]} <{sender}>",
        f"Date: {stamp}",
        f"Subject: {'Re: ' if known else ''}Enquiry {block.conversation[n]}",
        f"To: {to}",
        f"Message-ID: <{message_id(number)}>",
        *(
            [f"In-Reply-To: <{known[-1]}>", f"References: {' '.join(f'<{key}>' for key in known)}"]
            if known
            else ()
        ),
        *(
            ("Precedence: bulk", f"List-Unsubscribe: <https://letters.example/{number}>")
            if kind == LETTER
            else ()
        ),
        'Content-Type: text/plain; charset="UTF-8"',
    ]
    return "\n".join(fields).encode() + b"\n\n"


if __name__ == "__main__":
    print(f"{mbox(Path(sys.argv[2]), int(sys.argv[1])):,} bytes")
