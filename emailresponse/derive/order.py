"""The order inside a conversation: nothing before a message it names; then by time, then by key.

Time and key alone are that order almost always; only components in which they put a message before one it
names come here (Kahn 1962: always take the first message, by time and key, of those whose named ones are
out). Names that run in a circle cannot all be kept: there the first message of the circle goes first, once
all that the circle names outside itself is out.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

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
    """Yield the messages: always the first one that names nobody left outside its own circle."""
    message_of = {place: message for _, message, place, _ in members}
    place_of = {message: place for place, message in message_of.items()}
    named = {
        place: {place_of[name] for name in names or () if name in place_of and name != message}
        for _, message, place, names in members
    }
    return (message_of[place] for place in _Remaining(named))


class _Remaining:
    """The places of a component that are still to come, in circles of those that name one another."""

    def __init__(self, named: dict[int, set[int]]) -> None:
        self._named = named
        self._named_by: dict[int, list[int]] = {place: [] for place in named}
        for place, names in named.items():
            for name in names:
                self._named_by[name].append(place)
        self._circle_of: dict[int, frozenset[int]] = {}
        self._left_out: dict[frozenset[int], int] = {}
        self._ready: list[int] = []
        self._lay(named)

    def __iter__(self) -> Iterator[int]:
        """Yield every place: always the first of those whose circle names nobody left outside it."""
        while self._ready:
            place = heapq.heappop(self._ready)
            circle = self._circle_of.get(place)
            if circle is None or self._left_out[circle]:
                continue
            del self._circle_of[place]
            yield place
            self._free(place, circle)
            if len(circle) > 1:
                self._lay(circle - {place})

    def _lay(self, places: Iterable[int]) -> None:
        """Note the circles among places of which no name outside them is left, and which are ready."""
        among = set(places)
        for circle in _circles(among, self._named):
            self._left_out[circle] = sum(len((self._named[place] & among) - circle) for place in circle)
            self._circle_of.update(dict.fromkeys(circle, circle))
            if not self._left_out[circle]:
                self._ready.extend(circle)
        heapq.heapify(self._ready)

    def _free(self, place: int, circle: frozenset[int]) -> None:
        """Let every circle that names the place wait for one fewer."""
        for namer in self._named_by[place]:
            other = self._circle_of.get(namer)
            if other is not None and other is not circle:
                self._left_out[other] -= 1
                if not self._left_out[other]:
                    for waiting in other:
                        heapq.heappush(self._ready, waiting)


def _circles(places: set[int], named: dict[int, set[int]]) -> Iterator[frozenset[int]]:
    """Yield the sets of places that name one another, directly or through others; most are of one."""
    if len(places) == 1:
        yield frozenset(places)
        return
    listed = sorted(places)
    number = {place: index for index, place in enumerate(listed)}
    pairs = [(number[place], number[name]) for place in listed for name in named[place] & places]
    graph = coo_array(
        ([True] * len(pairs), ([one for one, _ in pairs], [other for _, other in pairs])),
        shape=(len(listed), len(listed)),
    )
    _, group = connected_components(graph, directed=True, connection="strong")
    circles: dict[int, set[int]] = {}
    for place, label in zip(listed, group.tolist(), strict=True):
        circles.setdefault(label, set()).add(place)
    yield from map(frozenset, circles.values())
