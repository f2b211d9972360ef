"""Union-find, the slow and obvious way of joining what shares a token."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping


def components(tokens: Mapping[str, Iterable[Hashable]]) -> list[set[str]]:
    """Return the sets of names that share tokens, directly or through others."""
    group = {name: {name} for name in tokens}
    holders: dict[Hashable, list[str]] = defaultdict(list)
    for name, its in tokens.items():
        for token in its:
            holders[token].append(name)
    for names in holders.values():
        for other in names[1:]:
            first, second = group[names[0]], group[other]
            if first is not second:
                first |= second
                for member in second:
                    group[member] = first
    return list({id(members): members for members in group.values()}.values())
