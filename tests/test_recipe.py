"""Rows that were derived in another way than now are derived again."""

from __future__ import annotations

import pytest

from emailresponse import derive
from emailresponse.derive import recipe


def made_by(store) -> str:
    """Return the digest of what made the derived tables."""
    return store.value("store/derived_by")


def test_derived_tables_say_what_made_them(store):
    """A rebuild keeps the digest of the statements it ran, and nothing is stale after it."""
    derive.rebuild(store)

    assert made_by(store) == recipe.digest()
    assert not derive.is_stale(store)


def test_tables_of_older_statements_are_stale(store):
    """Tables made by other statements than today's are stale, and a refresh makes all of them again."""
    derive.rebuild(store)
    store.run("store/put_derived_by", digest="made long ago")
    assert derive.is_stale(store)

    steps: list[str] = []
    derive.refresh(store, steps.append)

    assert "reading settings" in steps
    assert made_by(store) == recipe.digest()


def test_tables_of_unknown_statements_are_stale(store):
    """Tables that do not say what made them are derived again."""
    derive.rebuild(store)
    store.execute("DROP TABLE ", "derived_by")
    assert derive.is_stale(store)

    derive.refresh(store)

    assert not derive.is_stale(store)


def test_failed_rebuild_stays_stale(store):
    """A rebuild that ended halfway leaves the tables, and what is said of their making, as they were."""

    def stop(step: str) -> None:
        if step == "finding waits":
            raise KeyboardInterrupt

    derive.rebuild(store)
    store.run("store/put_derived_by", digest="made long ago")
    with pytest.raises(KeyboardInterrupt):
        derive.rebuild(store, stop)

    assert made_by(store) == "made long ago"
    assert derive.is_stale(store)


@pytest.mark.parametrize("part", ["NO_REPLY", "FREE_MAIL"])
def test_lists_are_part_of_what_makes_rows(monkeypatch, part):
    """Another list of free-mail domains or of senders nobody reads is another recipe."""
    before = recipe.digest.__wrapped__()
    monkeypatch.setattr(recipe, part, {"NO_REPLY": "^robot", "FREE_MAIL": frozenset({"free.example"})}[part])

    assert recipe.digest.__wrapped__() != before
