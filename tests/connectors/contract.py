"""What every connector keeps to; its own test file inherits `ConnectorContract` and says how to make one."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from emailresponse.copies import Batch, Connector, Cursor

Key = tuple[str, str]


def keys(batches: list[Batch]) -> list[Key]:
    """Return the (mailbox, provider id) of every copy in batches, in order."""
    return [(copy.mailbox, copy.provider_id) for batch in batches for copy in batch.added]


class ConnectorContract:
    """The contract of `emailresponse.copies.Connector`.

    A subclass gives two fixtures: `make`, which returns a new connector on a source of five copies or more
    in three batches or more, and `make_empty`, which returns one on a source that never held a message.
    """

    @pytest.fixture
    def make(self) -> Callable[[], Connector]:
        raise NotImplementedError

    @pytest.fixture
    def make_empty(self) -> Callable[[], Connector]:
        raise NotImplementedError

    def everything(self, make: Callable[[], Connector]) -> list[Batch]:
        connector = make()
        try:
            return list(connector.changes(None))
        finally:
            connector.close()

    def test_source_comes_in_several_batches(self, make):
        """The fixture is worth something: there are cursors in the middle."""
        batches = self.everything(make)

        assert len(batches) >= 3
        assert len(keys(batches)) >= 5

    def test_two_reads_from_the_start_are_equal(self, make):
        """The same source gives the same copies in the same order, in every process and at any time."""
        first = [copy for batch in self.everything(make) for copy in batch.added]
        second = [copy for batch in self.everything(make) for copy in batch.added]

        assert first == second

    def test_resuming_at_any_cursor_loses_nothing(self, make):
        """Stopped after any batch, a new connector with that batch's cursor brings all the rest."""
        batches = self.everything(make)
        wanted = set(keys(batches))

        for stopped in range(len(batches)):
            connector = make()
            rest = list(connector.changes(batches[stopped].cursor))
            connector.close()

            assert set(keys(batches[: stopped + 1])) | set(keys(rest)) == wanted

    def test_the_last_cursor_brings_nothing_new(self, make):
        """Behind the last batch of an unchanged source there is no copy that was not stored."""
        batches = self.everything(make)
        connector = make()
        rest = list(connector.changes(batches[-1].cursor))
        connector.close()

        assert set(keys(rest)) <= set(keys(batches))

    def test_cursor_is_text_that_survives_a_database(self, make):
        """A cursor is opaque text without NULs."""
        for batch in self.everything(make):
            assert isinstance(batch.cursor, str)
            assert "\0" not in batch.cursor
            assert Cursor(json.loads(json.dumps(batch.cursor))) == batch.cursor

    def test_copies_are_of_the_connectors_mailboxes(self, make):
        """A connector brings copies of the mailboxes it names, each with an id and a provider."""
        connector = make()
        batches = list(connector.changes(None))
        addresses = set(connector.addresses())
        connector.close()

        for mailbox, provider_id in keys(batches):
            assert provider_id
            assert not addresses or mailbox in addresses

    def test_counts_cover_what_was_looked_at(self, make):
        """What was read is what was added and what was refused; the bytes never shrink."""
        batches = self.everything(make)

        for batch in batches:
            assert batch.read_count == len(batch.added) + len(batch.refused)
        assert [batch.read_bytes for batch in batches] == sorted(batch.read_bytes for batch in batches)

    def test_an_empty_source_has_no_copies(self, make_empty):
        """A source that never held a message gives none, and no error."""
        connector = make_empty()
        batches = list(connector.changes(None))
        connector.close()

        assert keys(batches) == []

    def test_closing_in_the_middle_and_twice_is_no_error(self, make):
        """A connector can be closed at any time, also before it was read and more than once."""
        unread = make()
        unread.close()
        connector = make()
        running = iter(connector.changes(None))
        next(running)
        connector.close()
        connector.close()

    def test_times_are_naive_utc(self, make):
        """Every moment is a naive UTC datetime."""
        for batch in self.everything(make):
            for copy in batch.added:
                assert copy.copied_at is None or copy.copied_at.tzinfo is None
                assert copy.sent_at is None or copy.sent_at.tzinfo is None
