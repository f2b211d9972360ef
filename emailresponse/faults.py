"""Faults of a `config.toml` in words: where each stands, and what is wrong with it."""

from __future__ import annotations

from typing import Any


def place(said: dict[str, Any], location: tuple[int | str, ...]) -> str:
    """Return where in the file a fault is, e.g. `[[people]] entry 2 (Ada), addresses`."""
    if len(location) < 2 or not isinstance(location[1], int):
        return ".".join(str(part) for part in location)
    table, number, *rest = location
    entry = said[str(table)][number]
    known = (
        [entry[name] for name in ("name", "address", "mailbox", "team") if entry.get(name)]
        if isinstance(entry, dict)
        else []
    )
    named = f" ({known[0]})" if known else ""
    return f"[[{table}]] entry {int(number) + 1}{named}" + "".join(f", {part}" for part in rest)


def reason(fault: Any) -> str:
    """Return what is wrong with an entry, in a sentence of ours."""
    if fault["type"] == "extra_forbidden":
        return "there is no such entry; see config.example.toml for every one"
    if fault["type"] == "missing":
        return "is missing"
    said = str(fault["msg"]).removeprefix("Value error, ")
    return f"{said} (it says {fault['input']!r})" if not isinstance(fault["input"], dict) else said
