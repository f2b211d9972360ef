"""Facts that come in pieces: what an incremental run must not miss, each once a fault."""

from __future__ import annotations

import itertools

from tests import product
from tests.story import ADA, BEN, BOB, Story, from_oracle
from tests.test_derive_properties import differences


def told(story, *cuts):
    """Derive a story's facts in pieces that end at the given places; each but the first incrementally."""
    workspace = story.workspace
    facts = [*workspace.copies, *workspace.placements, *workspace.overrides]
    bounds = [0, *cuts, len(facts)]
    pieces = [facts[start:end] for start, end in itertools.pairwise(bounds)]
    counted = product.Refreshes()
    found = product.derive_told(workspace, pieces, counted)
    assert counted.incremental == counted.all - 1
    return found


def test_freed_id_joins_again():
    """When one of two different mails under an id turns out a draft, messages that name the id join it."""
    story = Story().inbound("09:00", id="m1").outbound("09:30", replies="m1")
    story.inbound("10:00", "eve@other.com", id="m1", replies=None, to=BEN).relabel("11:00", "DRAFT")

    assert differences(told(story, 3), from_oracle(story.workspace)) == {}
    assert story.conversations() == [{"m1", "m2"}]


def test_id_that_becomes_an_address_joins_nothing_though_copies_are_found_late():
    """An id two messages name joins nothing once it is an address, also when other copies came with it."""
    address = "gone@else.com"
    story = Story().inbound("09:00", replies=address).inbound("09:30", "eve@other.com", replies=address)
    story.inbound("10:00", "dan@third.com", id=None, replies=None)
    story.also(BEN).inbound("10:30", "dan@third.com", replies=None, cc=address)

    assert differences(told(story, 3), from_oracle(story.workspace)) == {}
    assert len(story.conversations()) == 4


def test_copy_of_a_merged_message_leaves_it_whole():
    """A copy that comes later with one of a merged message's ids is a copy of that message."""
    story = Story().inbound("09:00", id="a1", held=ADA).also(BEN, message_id="b1").merging()
    story.also("cy@acme.com", message_id="b1").outbound("10:00", replies="b1")
    found = product.derive_told(story.workspace, [story.workspace.copies[:2], story.workspace.copies[2:]])

    assert differences(found, from_oracle(story.workspace)) == {}
    assert found.messages["a1"].copies == 3
    assert BOB == found.messages["a1"].author


def test_answer_into_a_thread_torn_by_forms_is_told_apart():
    """What later joins one part of a thread that form mail tore is told apart by lead, too."""
    thread = {"provider_thread": "t", "replies": None}
    story = Story().form("forms@site.com").inbound("09:00", "forms@site.com", reply_to="a@one.com", **thread)
    story.inbound("09:30", "eve@other.com", **thread).inbound("10:00", "dan@third.com", replies="m2")

    assert differences(told(story, 2), from_oracle(story.workspace)) == {}
    assert len(story.conversations()) == 3
