"""The order inside a conversation: nothing before a message it names; then by time, then by key.

Time and key alone are that order almost always; only components in which they put a message before one it
names come here (Kahn 1962: always take the first message, by time and key, of those whose named ones are out).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

import pyarrow as pa

from emailresponse.store import Store

Row = tuple[int, int, int, list[int] | None]


def mended(store: Store) -> pa.Table:
    """Return (message_no, place) for every message of a component that time alone would order wrongly."""
    messages: list[int] = []
    places: list[int] = []
    rows: list[Row] = [(row[0], row[1], row[2], row[3]) for row in store.tuples("derive/disordered")]
    for _, members in groupby(rows, key=itemgetter(0)):
        for place, message in enumerate(_ordered(list(members)), start=1):
            messages.append(message)
            places.append(place)
    return pa.table({"message_no": pa.array(messages, pa.uint64()), "place": pa.array(places, pa.int64())})


def _ordered(members: list[Row]) -> Iterator[int]:
    """Yield the messages; where names run in a circle, the first of those left breaks it."""
    by_place = {place: message for _, message, place, _ in members}
    place_of = {message: place for place, message in by_place.items()}
    open_names = {
        message: {place_of[name] for name in named or () if name in place_of} for _, message, _, named in members
    }
    named_by: dict[int, list[int]] = {}
    for message, names in open_names.items():
        for name in names:
            named_by.setdefault(name, []).append(message)
    ready = [place_of[message] for message, names in open_names.items() if not names]
    heapq.heapify(ready)
    left = set(by_place)
    waiting = sorted(left)
    cut = 0
    while left:
        if not ready:
            while waiting[cut] not in left:
                cut += 1
            heapq.heappush(ready, waiting[cut])
        place = heapq.heappop(ready)
        if place not in left:
            continue
        left.remove(place)
        yield by_place[place]
        for message in named_by.get(place, ()):
            open_names[message].discard(place)
            if not open_names[message] and place_of[message] in left:
                heapq.heappush(ready, place_of[message])
