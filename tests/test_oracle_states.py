"""metrics.md sections 4 and 5: the calendar clock, states, dismissals and the as-of."""

from __future__ import annotations

import pytest

from tests.story import ADA, BEN, BOB

SALES = "sales@acme.com"


@pytest.mark.parametrize(("sent", "seconds"), [("08:59:59", 0), ("08:58:01", 0), ("08:57:59", None)])
def test_reply_before_the_receipt(story, sent, seconds):
    """A reply up to 120 s before the receipt counts as 0; an earlier one is flagged and has no time."""
    story.inbound("09:00").outbound(sent)

    assert story.response_times() == [seconds]
    assert story.wait().is_skewed == (seconds is None)
    assert story.states() == ["answered"]


def test_reply_without_time_stops_no_clock(story):
    """A reply without a credible time threads, and closes nothing."""
    story.inbound("09:00").outbound(None)

    assert story.states() == ["open"]
    assert len(story.conversations()) == 1


def test_microseconds_count(story):
    """Times are kept in microseconds."""
    story.inbound("09:00:00.000001").outbound("09:00:01")

    assert story.response_times() == [0.999999]


@pytest.mark.parametrize(("synced", "state"), [("2026-03-16 08:59", "open"), ("2026-03-16 09:00", "lapsed")])
def test_lapsed_after_14_days_without_an_answer(story, synced, state):
    """Fourteen days without an answer are a failure for good."""
    story.mailbox(ADA, synced_at=synced).inbound("09:00")

    assert story.states() == [state]


def test_reply_after_14_days_is_late(story):
    """A reply after the lapse is an event at its own time, flagged late; the state stays lapsed."""
    story.inbound("09:00").day(14).outbound("09:00")

    assert story.states() == ["lapsed"]
    assert story.wait().is_late
    assert story.response_times() == [14 * 86400]


def test_reply_just_before_14_days_is_an_answer(story):
    """A reply within 14 days is no late one."""
    story.inbound("09:00").day(14).outbound("08:59")

    assert story.states() == ["answered"]
    assert not story.wait().is_late


def test_inbound_after_a_lapse_is_a_chaser(story):
    """A lead that lapsed stays one wait, however late its sender asks again."""
    story.inbound("09:00").day(20).inbound("09:00")

    assert story.states() == ["lapsed"]
    assert story.wait().chasers == 1


def test_open_wait_is_censored_at_the_last_sync(story):
    """An open wait is known to be open only up to the last sync of its mailbox."""
    story.mailbox(ADA, synced_at="2026-03-02 12:00").inbound("09:00")

    assert story.wait().seconds == 3 * 3600


def test_open_wait_of_an_archive_is_censored_at_its_newest_message(story):
    """An archive is known up to the newest credible message of the mailbox."""
    story.inbound("09:00").inbound("10:00", "x@else.com", replies=None).inbound("12:00", "y@else.com", to=BEN)

    assert story.waits()[0].seconds == 3600


def test_as_of_in_the_past_knows_no_later_copies(story):
    """With an as-of in the past, copies received later do not exist."""
    story.inbound("09:00").outbound("10:00").as_of("09:30")

    assert story.states() == ["open"]
    assert story.wait().seconds == 1800


def test_as_of_in_the_past_knows_no_later_labels(story):
    """With an as-of in the past, what was trashed later is not yet dismissed."""
    story.inbound("09:00").relabel("2027-02-01 11:00", "TRASH").as_of("2027-01-15 10:00")

    assert story.states() == ["lapsed"]


@pytest.mark.parametrize(("label", "kind"), [("TRASH", "trashed"), ("SPAM", "spam")])
def test_trashed_or_spam_since_is_dismissed(story, label, kind):
    """A lead whose every inbound copy has since been trashed or marked as spam is dismissed, in sight."""
    story.inbound("09:00", to=(ADA, BEN)).relabel("11:00", label)

    assert story.states() == ["dismissed"]
    assert story.wait().dismissed_kind == kind


def test_one_copy_left_keeps_the_wait_open(story):
    """As long as one inbound copy stays, the wait does."""
    story.inbound("09:00", to=(ADA, BEN)).relabel("11:00", "TRASH", mailbox=ADA)

    assert story.states() == ["open"]


def test_chaser_that_stays_keeps_the_wait_open(story):
    """A chaser that nobody trashed reopens the wait, from its first message."""
    story.inbound("09:00").relabel("09:10", "TRASH").inbound("10:00").outbound("11:00", BEN)

    assert story.response_times() == [7200]


def test_trash_and_spam_together_are_dismissed(story):
    """Copies trashed here and marked as spam there have all vanished."""
    story.inbound("09:00", to=(ADA, BEN))
    story.relabel("11:00", "TRASH", mailbox=ADA).relabel("11:00", "SPAM", mailbox=BEN)

    assert story.states() == ["dismissed"]


def test_moved_back_from_trash_is_open(story):
    """A lead taken out of the trash is open again."""
    story.inbound("09:00").relabel("11:00", "TRASH").relabel("12:00", "INBOX")

    assert story.states() == ["open"]


def test_trashed_after_the_reply_stays_answered(story):
    """What was answered may be thrown away."""
    story.inbound("09:00").relabel("12:00", "TRASH").outbound("10:00")

    assert story.states() == ["answered"]


def test_dismissed_by_hand(story):
    """A wait that somebody says needs no reply is dismissed."""
    story.inbound("09:00").decide("dismiss", "10:00")

    assert story.states() == ["dismissed"]
    assert story.wait().dismissed_kind == "hand"


def test_a_dismissal_is_not_undone_by_an_earlier_one(story):
    """Of several dismissals the latest to take effect counts, in whatever order they were noted."""
    story.inbound("09:00").inbound("09:05").decide("dismiss", "10:00").decide("dismiss", "09:02")

    assert story.states() == ["dismissed"]


def test_chaser_reopens_what_was_dismissed(story):
    """A chaser after the dismissal reopens the wait, from its first message."""
    story.inbound("09:00").decide("dismiss", "10:00").inbound("11:00").outbound("12:00")

    assert story.response_times() == [3 * 3600]
    assert story.states() == ["answered"]


def test_chaser_before_the_dismissal_does_not_reopen(story):
    """The dismissal of a wait speaks of all that had been written."""
    story.inbound("09:00").decide("dismiss", "12:00").inbound("11:00")

    assert story.states() == ["dismissed"]


def test_reply_answers_what_was_dismissed(story):
    """A reply makes a dismissed wait answered after all, at its time."""
    story.inbound("09:00").decide("dismiss", "10:00").outbound("11:00")

    assert story.states() == ["answered"]
    assert story.response_times() == [7200]


def test_dismissal_can_be_withdrawn(story):
    """A dismissal that was withdrawn says nothing."""
    story.inbound("09:00").decide("dismiss", "10:00").decide("withdraw", "11:00")

    assert story.states() == ["open"]


@pytest.mark.parametrize("pattern", [BOB, "client.com"])
def test_dismissed_by_a_rule(story, pattern):
    """A sender or a domain whose messages need no reply is dismissed by rule."""
    story.dismissed_sender(pattern).inbound("09:00")

    assert story.states() == ["dismissed"]
    assert story.wait().dismissed_kind == "rule"


def test_assigned_to_a_person(story):
    """A wait may be assigned; the last word counts."""
    story.inbound("09:00").decide("assign", "10:00", person=BEN).decide("assign", "11:00", person=ADA)

    assert story.wait().assigned_to == ADA


# Whose mailbox


def test_mailbox_first_named_in_to(story):
    """Where several mailboxes hold copies, the first named in To counts."""
    story.inbound("09:00", to=(BEN, ADA))

    assert story.wait().mailbox == BEN


def test_mailbox_named_by_another_address_of_its_owner(story):
    """A personal mailbox is named by any address of its owner."""
    story.person("cy@acme.com", "cyril@acme.com").inbound(
        "09:00", to="cyril@acme.com", held=(ADA, "cy@acme.com")
    )

    assert story.wait().mailbox == "cy@acme.com"


def test_mailbox_bcc_before_delivered_to_before_cc(story):
    """Without To the first in Bcc, then Delivered-To, then Cc counts."""
    story.mailbox(SALES)
    held = {"held": (ADA, BEN, SALES), "replies": None}
    story.inbound("09:00", to="x@else.com", bcc=BEN, delivered_to=SALES, cc=ADA, **held)
    story.inbound("10:00", "x@else.com", to="x@else.com", delivered_to=SALES, cc=ADA, **held)
    story.inbound("11:00", "y@some.com", to="x@else.com", cc=ADA, **held)

    assert [wait.mailbox for wait in story.waits()] == [BEN, SALES, ADA]


def test_mailbox_of_the_first_copy_else(story):
    """Where none is named, the mailbox of the earliest copy counts."""
    story.group(SALES).inbound("09:10", to=SALES, held=ADA).also(BEN, copied_at="09:00")

    assert story.wait().mailbox == BEN


def test_addressees_are_all_persons_in_to(story):
    """Each person named in To is an addressee."""
    story.inbound("09:00", to=(BEN, ADA))

    assert story.wait().addressees == (ADA, BEN)


def test_one_person_by_delivered_to_is_the_addressee(story):
    """By Delivered-To a person is the addressee only if there is one."""
    story.group(SALES).inbound("09:00", to=SALES, held=BEN, delivered_to=BEN)
    story.inbound("10:00", "x@else.com", to=SALES, held=BEN, delivered_to=(ADA, BEN), replies=None)

    assert [wait.addressees for wait in story.waits()] == [(BEN,), ()]


def test_persons_in_cc_are_no_addressees(story):
    """Cc addresses nobody."""
    story.group(SALES).inbound("09:00", to=SALES, cc=ADA, held=ADA)

    assert story.wait().addressees == ()
