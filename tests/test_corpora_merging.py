"""Enron's twelve mailboxes, whose exporter gave each copy an id: how they merge, and its machines."""

from __future__ import annotations

import pytest

from benchmarks.real import judged, merging

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def enron():
    """Return the merged workspace of the twelve mailboxes."""
    found = merging.imported()
    yield found
    found.store.close()


def test_merged_copies_are_the_known_mails_but_for_reasons_that_headers_hide(enron):
    """18,974 mails of 28,413 copies; each message too many or too few has its reason."""
    said = merging.compared(enron)

    assert enron.refused == []
    assert (said.copies, said.groups, said.messages) == (28_413, 18_974, 19_501)
    assert said.split == {"no recipient": 476, "to_addresses": 69, "cc_addresses": 1}
    assert said.joined == (3, 3, 3) + (2,) * 13
    assert said.is_explained


def test_merged_copy_without_recipient_stays_alone(enron):
    """A message that names nobody merges with none, whatever else is equal."""
    keys = enron.keys()
    nobody = [
        keys[at]
        for at, copy in enumerate(enron.copies)
        if not copy.to_addresses and not copy.cc_addresses and copy.from_address and copy.sent_at
    ]

    assert len(nobody) > 476
    assert len(set(nobody)) == len(nobody)


def test_machine_is_known_by_its_headers_or_not_at_all(enron):
    """Of 1,237 machine messages Enron's headers betray six bounces; the others bear no mark."""
    said = {one.label: (one.n, one.machine) for one in judged.recall(judged.enron(enron))}

    assert said == {
        "bounce": (19, 6),
        "auto_reply": (55, 0),
        "recall_notice": (1, 0),
        "calendar_entry": (1_118, 0),
        "meeting_response": (44, 0),
        "human_about_absence": (54, 0),
        "human_forward_of_bounce": (8, 0),
    }


def test_human_who_forwards_a_bounce_is_no_machine(enron):
    """Neither who forwards a bounce under its subject, nor who writes about an absence, is a machine."""
    people = [one for one in judged.enron(enron) if one.label.startswith("human")]

    assert len(people) == 62
    assert {one.verdict for one in people} == {"human"}


def test_unlabelled_message_is_nowhere_taken_for_a_machine(enron):
    """No message of Enron outside the labels is judged a machine's."""
    assert not [one for one in judged.enron(enron) if not one.label and one.verdict in judged.MACHINES]
