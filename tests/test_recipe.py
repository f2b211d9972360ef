"""Rows that were derived in another way than now are derived again."""

from __future__ import annotations

import pytest

from emailresponse import derive
from emailresponse.derive import recipe, runs


def made_by(store) -> str:
    """Return the digest of what made the derived tables."""
    return store.value("store/derived_by")


@pytest.fixture
def old(store, monkeypatch):
    """Return a workspace that an older version derived."""
    with monkeypatch.context() as patch:
        patch.setattr(runs, "digest", lambda: "made long ago")
        derive.rebuild(store)
    return store


def test_derived_tables_say_what_made_them(store):
    """A rebuild keeps the digest of the statements it ran, and nothing is stale after it."""
    derive.rebuild(store)

    assert made_by(store) == recipe.digest()
    assert not derive.is_stale(store)


def test_tables_of_older_statements_are_stale(old):
    """Tables made by other statements than today's are stale, and a refresh makes all of them again."""
    assert derive.is_stale(old)

    steps: list[str] = []
    derive.refresh(old, steps.append)

    assert "reading settings" in steps
    assert made_by(old) == recipe.digest()


def test_tables_of_unknown_statements_are_stale(store):
    """Tables that do not say what made them are derived again."""
    derive.rebuild(store)
    store.execute("DROP TABLE ", "derived_by")
    assert derive.is_stale(store)

    derive.refresh(store)

    assert not derive.is_stale(store)


def test_failed_rebuild_stays_stale(old):
    """A rebuild that ended halfway leaves the tables, and what is said of their making, as they were."""

    def stop(step: str) -> None:
        if step == "finding waits":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        derive.rebuild(old, stop)

    assert made_by(old) == "made long ago"
    assert derive.is_stale(old)


@pytest.mark.parametrize("part", ["NO_REPLY", "FREE_MAIL"])
def test_lists_are_part_of_what_makes_rows(monkeypatch, part):
    """Another list of free-mail domains or of senders nobody reads is another recipe."""
    before = recipe.digest.__wrapped__()
    monkeypatch.setattr(recipe, part, {"NO_REPLY": "^robot", "FREE_MAIL": frozenset({"free.example"})}[part])

    assert recipe.digest.__wrapped__() != before
