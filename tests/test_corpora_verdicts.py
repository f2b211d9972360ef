"""Hard single messages with other people's labels: who is told from a machine, and by what."""

from __future__ import annotations

import pytest

from benchmarks.real import judged, team

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def hard():
    """Return the labelled messages with our verdicts."""
    return judged.hard()


def test_hard_message_is_never_lost(hard):
    """All 702 are kept and judged."""
    assert len(hard) == 702
    assert all(one.label for one in hard)


def test_recall_per_label_is_what_headers_can_give(hard):
    """(messages, verdict asked for, judged a machine's) for each label."""
    said = {one.label: (one.n, one.exact, one.machine) for one in judged.recall(hard)}

    assert said == {
        "bounce": (389, 368, 384),
        "auto_reply": (3, 2, 2),
        "feedback_report": (13, 11, 11),
        "read_receipt": (2, 2, 2),
        "newsletter_or_bulk": (125, 40, 41),
        "human": (132, 129, 3),
    }


def test_precision_per_verdict(hard):
    """(labelled messages, right ones) for each verdict; a bounce is never anything else."""
    said = {one.verdict: (one.n, one.exact) for one in judged.precision(hard)}

    assert said == {"bounce": (368, 368), "automated": (30, 15), "bulk": (45, 40), "human": (221, 129)}


def test_machine_taken_for_a_person_bears_no_mark(hard):
    """Whatever bears a machine's mark is judged a machine's; the others cannot be known by their headers."""
    assert {one.verdict for one in hard if one.marks} <= judged.MACHINES
    assert {one.verdict for one in hard if not one.marks} == {"human"}


def test_person_taken_for_a_machine_wrote_with_bulk_precedence(hard):
    """The three people who are misjudged wrote through lists of others with `Precedence: bulk`."""
    wrong = [one for one in hard if one.label == "human" and one.verdict != "human"]

    assert [(one.verdict, one.rule) for one in wrong] == [("bulk", "bulk")] * 3
    assert all("precedence_bulk" in one.marks for one in wrong)


def test_human_post_on_a_listed_group_is_no_machine():
    """7,732 posts with `Precedence: list` and List-* fields are people's once the list is a group of ours."""
    found = team.imported(team.USRP)

    assert all("precedence_list" in copy.marks and "list_unsubscribe" in copy.marks for copy in found.copies)
    assert {verdict for verdict, _ in found.verdicts()} == {"human"}
    found.store.close()
