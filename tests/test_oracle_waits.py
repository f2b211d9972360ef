"""metrics.md sections 2 and 3: what opens a wait, of which class, and what closes it."""

from __future__ import annotations

import pytest

from tests.story import ADA, BEN, BOB, at

EVE, FORM, SALES = "eve@other.com", "forms@site.com", "sales@acme.com"


# Opening


def test_chaser_does_not_restart_the_clock(story):
    """The wait is counted from the first unanswered message, however often the sender writes again."""
    story.inbound("09:00").inbound("09:30").outbound("10:00")

    assert story.response_times() == [3600]
    assert story.wait().chasers == 1


def test_internal_author_opens_nothing(story):
    """A message among us opens no wait."""
    story.note("09:00")

    assert story.waits() == []


def test_bcc_to_us_opens(story):
    """A tracked address in Bcc is addressed directly."""
    story.inbound("09:00", to="x@else.com", bcc=ADA)

    assert story.classes() == ["lead_new"]


def test_nobody_of_ours_named_opens_for_the_holder(story):
    """Where no tracked address is named, the mailbox that holds the copy is the addressee, as if in To."""
    story.inbound("09:00", to="x@else.com", held=BEN)

    assert story.wait().mailbox == BEN
    assert story.wait().addressees == (BEN,)
    assert story.wait().klass == "lead_new"


def test_unlisted_alias_opens_for_the_holder(story):
    """An address of our domain that is no mailbox's is like none at all."""
    story.inbound("09:00", to="info@acme.com", cc="else@acme.com", held=BEN)

    assert story.classes() == ["lead_new"]


def test_cc_only_is_a_lane_of_its_own(story):
    """Tracked in Cc only is class cc_only."""
    story.inbound("09:00", to="x@else.com", cc=ADA)

    assert story.classes() == ["cc_only"]
    assert story.wait().lane == "cc"


def test_reply_closes_cc_only_too(story):
    """A reply closes a wait of the Cc lane."""
    story.inbound("09:00", to="x@else.com", cc=ADA).outbound("10:00")

    assert story.response_times() == [3600]


def test_direct_mail_after_cc_only_opens_in_the_main_lane(story):
    """A later direct mail opens a wait beside the one in the Cc lane, and is a lead."""
    story.inbound("09:00", to="x@else.com", cc=ADA).inbound("09:30")

    assert story.classes() == ["cc_only", "lead_new"]


def test_one_reply_closes_both_lanes(story):
    """One reply answers the company in both lanes."""
    story.inbound("09:00", to="x@else.com", cc=ADA).inbound("09:30").outbound("10:00")

    assert story.response_times() == [3600, 1800]


def test_group_in_to_is_the_main_lane(story):
    """A listed group of ours in To with a person in Cc is addressed directly."""
    story.group(SALES).inbound("09:00", to=SALES, cc=ADA)

    assert story.wait().lane == "main"


def test_backfill_opens_nothing_before_its_start(story):
    """A message before the start of the mailbox's backfill opens no wait; one at its start does."""
    story.mailbox(ADA, backfill_from="2026-03-02 10:00").inbound("09:59").inbound("10:00", replies=None)

    assert story.opened() == ["m2"]


def test_automatic_mail_opens_nothing(story):
    """What no person wrote opens no wait and chases nobody."""
    story.inbound("09:00", marks="auto_submitted").inbound("09:30").inbound("09:40", marks="calendar")

    assert story.opened() == ["m2"]
    assert story.wait().chasers == 0


def test_message_without_time_opens_nothing(story):
    """A message without a credible time starts no clock."""
    story.inbound(None)

    assert story.waits() == []


# Classes


def test_first_contact_is_lead_new(story):
    """Nobody had written to the company before."""
    story.inbound("09:00")

    assert story.classes() == ["lead_new"]


@pytest.mark.parametrize(
    ("written", "klass"),
    [("2025-03-02 09:00", "lead_known"), ("2025-03-02 08:59", "lead_new")],
)
def test_lead_known_looks_back_365_days(story, written, klass):
    """A company we wrote to within the 365 days before is a known lead."""
    story.outbound(written, to="someone@client.com").inbound("2026-03-02 09:00", replies=None)

    assert story.classes() == [klass]


def test_internal_person_of_another_mailbox_makes_a_lead_known(story):
    """Whoever of ours wrote to the company, in whatever conversation, makes it known."""
    story.day(-3).outbound("09:00", BEN, to=("x@else.com",), cc="y@client.com")
    story.day(0).inbound("09:00", replies=None)

    assert story.classes() == ["lead_known"]


def test_automatic_mail_of_ours_makes_no_lead_known(story):
    """An automatic message of ours is no contact."""
    story.day(-3).outbound("09:00", marks="auto_submitted").day(0).inbound("09:00", replies=None)

    assert story.classes() == ["lead_new"]


def test_earlier_inbound_of_the_company_leaves_it_new(story):
    """A company that wrote before, and that nobody ever answered, is still a new lead elsewhere."""
    story.inbound("09:00").day(1).inbound("09:00", replies=None)

    assert story.classes() == ["lead_new", "lead_new"]


def test_reply_dated_before_its_lead_does_not_make_it_known(story):
    """A reply whose clock is a minute early is no earlier contact: it names the lead."""
    story.inbound("09:00").outbound("08:59")

    assert story.classes() == ["lead_new"]
    assert story.response_times() == [0]


def test_answer_to_our_outreach_is_prospect_reply(story):
    """Where our own outbound came first in the segment, the first wait is a prospect's reply."""
    story.outbound("08:00").inbound("09:00")

    assert story.classes() == ["prospect_reply"]


def test_outreach_in_an_earlier_segment_makes_a_lead_known(story):
    """Our outbound of an earlier segment is contact within 365 days, no outreach of this segment."""
    story.outbound("08:00").day(40).inbound("09:00")

    assert story.classes() == ["lead_known"]


def test_second_wait_is_follow_up(story):
    """After our reply the next inbound opens a follow_up, and never touches the lead's own wait."""
    story.inbound("09:00").outbound("10:00").inbound("10:30")

    assert story.classes() == ["lead_new", "follow_up"]
    assert story.response_times() == [3600]


def test_wait_after_a_prospects_reply_is_follow_up(story):
    """Only the first wait after our outreach is a prospect's reply."""
    story.outbound("08:00").inbound("09:00").outbound("10:00").inbound("11:00")

    assert story.classes() == ["prospect_reply", "follow_up"]


def test_internal_note_before_leaves_a_lead(story):
    """An internal note is no mail between us and the company."""
    story.note("08:00").inbound("09:00")

    assert story.classes() == ["lead_new"]


def test_automatic_outbound_before_leaves_a_lead(story):
    """An automatic message of ours earlier in the segment is no outreach."""
    story.outbound("08:00", marks="auto_submitted").inbound("09:00")

    assert story.classes() == ["lead_new"]


def test_company_introduced_in_a_running_conversation_is_a_lead(story):
    """A company that writes first in a conversation with another is a lead of its own."""
    story.inbound("09:00").outbound("10:00").inbound("11:00", EVE)

    assert story.classes() == ["lead_new", "lead_new"]
    assert story.waits()[1].company == "other.com"


def test_company_we_wrote_to_in_a_running_conversation_is_a_prospect(story):
    """A company that our reply had in Cc came second: its first message is a prospect's reply."""
    story.inbound("09:00").outbound("10:00", cc=EVE).inbound("11:00", EVE)

    assert story.classes() == ["lead_new", "prospect_reply"]


def test_lead_of_a_new_segment_is_known(story):
    """After 30 days of silence an answered company is a known lead again."""
    story.inbound("09:00").outbound("10:00").day(40).inbound("09:00")

    assert story.classes() == ["lead_new", "lead_known"]


# Web forms


def test_form_mail_is_the_leads(story):
    """An allowed form sender's automated mail opens the wait of its Reply-To."""
    story.form(FORM).inbound("09:00", FORM, reply_to=BOB, marks="auto_submitted")

    assert story.wait().contact == BOB
    assert story.wait().company == "client.com"
    assert story.wait().is_form


def test_new_mail_to_a_forms_lead_closes(story):
    """A new conversation to the form's lead answers it, inferred."""
    story.form(FORM).inbound("09:00", FORM, reply_to=BOB).outbound("10:00", replies=None)

    assert story.wait().close_kind == "inferred"
    assert story.response_times() == [3600]


def test_form_sender_of_ours_is_the_leads_too(story):
    """A form that our own site sends is the lead's, though From is ours."""
    story.form("web@acme.com").inbound("09:00", "web@acme.com", reply_to=BOB)

    assert [wait.contact for wait in story.waits()] == [BOB]


def test_form_mail_without_a_reply_to_is_no_lead(story):
    """A form notification that names no lead is like any mail."""
    story.form(FORM).inbound("09:00", FORM, marks="auto_submitted")

    assert story.waits() == []


# Closing


def test_team_mates_reply_closes(story):
    """The team has one answer; the credit is the author's."""
    story.inbound("09:00").outbound("10:00", BEN)

    assert story.response_times() == [3600]
    assert story.wait().credit == BEN
    assert story.wait().addressees == (ADA,)


def test_reply_to_a_colleague_of_the_sender_closes(story):
    """One address of the company suffices, in To, Cc or Bcc."""
    story.inbound("09:00").outbound("10:00", to="x@else.com", bcc="boss@client.com")

    assert story.response_times() == [3600]


def test_reply_to_another_company_closes_nothing(story):
    """A message to somebody else is no answer."""
    story.inbound("09:00").outbound("10:00", to=EVE)

    assert story.states() == ["open"]


def test_one_reply_closes_each_company_it_addresses(story):
    """A reply to two companies closes both waits."""
    story.inbound("09:00", cc=EVE).inbound("09:30", EVE).outbound("10:00", to=(BOB, EVE))

    assert story.response_times() == [3600, 1800]


def test_of_two_outbound_only_the_first_closes(story):
    """A second outbound in a row closes nothing."""
    story.inbound("09:00").outbound("10:00").outbound("11:00")

    assert story.response_times() == [3600]


def test_automatic_reply_closes_nothing(story):
    """Our own out-of-office is no answer."""
    story.inbound("09:00").outbound("09:01", marks="auto_submitted").outbound("10:00")

    assert story.response_times() == [3600]


def test_forward_to_a_colleague_is_a_handoff(story):
    """A note among us is no reply; it is a hand-off with its own time."""
    story.inbound("09:00").note("09:20").outbound("10:00", BEN)

    assert story.response_times() == [3600]
    assert story.wait().handoff_at == at("2026-03-02 09:20")


def test_note_to_a_group_of_ours_is_a_handoff(story):
    """A note to a group of ours alone is no reply either, whatever the group's domain."""
    story.group("acme-sales@googlegroups.com").inbound("09:00").note(
        "09:20", to="acme-sales@googlegroups.com"
    )

    assert story.states() == ["open"]
    assert story.wait().handoff_by == "m2"


def test_note_after_the_reply_is_no_handoff(story):
    """Only what comes before the close hands off."""
    story.inbound("09:00").outbound("10:00").note("10:20")

    assert story.wait().handoff_by is None


def test_note_to_nobody_is_no_handoff(story):
    """A note that names no colleague and no group hands nothing off."""
    story.inbound("09:00").note("09:20", to=())

    assert story.wait().handoff_by is None


def test_automatic_note_is_no_handoff(story):
    """An automatic message among us hands nothing off."""
    story.inbound("09:00").note("09:20", marks="auto_submitted")

    assert story.wait().handoff_by is None


def test_reply_in_a_later_segment_closes_late(story):
    """A reply of a later segment closes what earlier segments left open, as late."""
    story.inbound("09:00").day(40).outbound("09:00")

    assert story.wait().is_late
    assert story.wait().closed_by == "m2"
    assert story.states() == ["lapsed"]
    assert story.response_times() == [40 * 86400]


def test_reply_in_a_later_segment_closes_both(story):
    """A late reply closes the wait of its own segment and the open one before."""
    story.inbound("09:00").day(40).inbound("09:00").outbound("10:00")

    assert story.response_times() == [40 * 86400 + 3600, 3600]
    assert [wait.is_late for wait in story.waits()] == [True, False]


def test_inferred_reply_closes_a_lead(story):
    """The first mail of a conversation of its own to the lead's very address within 7 days closes."""
    story.inbound("09:00").outbound("10:00", id="new", replies=None)

    assert story.wait().close_kind == "inferred"
    assert story.wait().closed_by == "new"
    assert story.wait().credit == ADA


@pytest.mark.parametrize(("when", "kind"), [("2026-03-09 09:00", "inferred"), ("2026-03-09 09:01", None)])
def test_inferred_reply_has_7_days(story, when, kind):
    """After seven days a new conversation answers nothing."""
    story.inbound("09:00").outbound(when, replies=None)

    assert story.wait().close_kind == kind


def test_inferred_reply_needs_the_very_address(story):
    """A new conversation with a colleague of the lead answers nothing."""
    story.inbound("09:00").outbound("10:00", to="boss@client.com", replies=None)

    assert story.states() == ["open"]


@pytest.mark.parametrize(("others", "state"), [(2, "answered"), (3, "open")])
def test_inferred_reply_has_at_most_three_recipients(story, others, state):
    """A mailing to many is no answer; recipients of ours do not count."""
    to = (BOB, BEN, *(f"x{number}@else.com" for number in range(others)))
    story.inbound("09:00").outbound("10:00", to=to, replies=None)

    assert story.states() == [state]


def test_inferred_reply_bears_no_mark_of_bulk_mail(story):
    """A newsletter to the lead answers nothing."""
    story.inbound("09:00").outbound("10:00", replies=None, marks="list_unsubscribe")

    assert story.states() == ["open"]


def test_inferred_reply_is_the_first_of_its_conversation(story):
    """A later message of another running conversation answers nothing."""
    story.day(-1).outbound("09:00", to=EVE, id="old", replies=None)
    story.day(0).inbound("09:00", replies=None).outbound("10:00", replies="old")

    assert story.states() == ["open"]


def test_inferred_reply_closes_no_follow_up(story):
    """Only a lead is answered by a new conversation."""
    story.inbound("09:00").outbound("10:00").inbound("11:00").outbound("12:00", replies=None)

    assert story.states() == ["answered", "open"]


def test_earlier_of_reply_and_inferred_counts(story):
    """A reply in the conversation before the inferred one is the answer."""
    story.inbound("09:00").outbound("10:00", replies=None).outbound("09:30", replies="m1")

    assert story.wait().close_kind == "reply"
    assert story.response_times() == [1800]


def test_message_after_an_inferred_reply_opens_a_follow_up(story):
    """An inferred reply is an answer of ours: what comes later is a follow_up."""
    story.inbound("09:00").outbound("10:00", replies=None).inbound("11:00", replies="m1")

    assert story.classes() == ["lead_new", "follow_up"]


def test_call_is_an_answer(story):
    """A call record answers at the call's time."""
    story.inbound("09:00").decide("call", "09:15", person=BEN)

    assert story.wait().close_kind == "call"
    assert story.states() == ["answered"]
    assert story.response_times() == [900]


def test_by_hand_is_closed_by_hand(story):
    """Closing by hand is logged and no answer."""
    story.inbound("09:00").decide("by_hand", "09:15")

    assert story.states() == ["closed_by_hand"]


def test_call_before_the_reply_counts(story):
    """The earlier of call and reply closes."""
    story.inbound("09:00").decide("call", "09:15").outbound("10:00")

    assert story.wait().close_kind == "call"


def test_reply_before_the_call_counts(story):
    """A call after the reply changes nothing."""
    story.inbound("09:00").decide("call", "10:15").outbound("10:00")

    assert story.wait().close_kind == "reply"


# Bursts


def test_lead_is_never_superseded(story):
    """A lead who writes again after a week is still one wait, from the first message."""
    story.inbound("09:00").day(7).inbound("09:00").outbound("10:00")

    assert story.response_times() == [7 * 86400 + 3600]


def test_prospect_reply_is_never_superseded(story):
    """Only follow_up waits may be a mere "thanks"."""
    story.outbound("08:00").inbound("09:00").day(7).inbound("09:00")

    assert story.opened() == ["m2"]


@pytest.mark.parametrize(("gap", "waits"), [("2026-03-05 11:00", 3), ("2026-03-05 10:59", 2)])
def test_follow_up_after_an_answer_is_superseded_after_3_days(story, gap, waits):
    """Three days or more after the one before, an inbound opens a new wait and ends the old one."""
    story.inbound("09:00").outbound("10:00").inbound("11:00").inbound(gap)

    assert len(story.waits()) == waits


def test_superseded_is_censored_where_the_next_began(story):
    """The old wait is superseded at the new one's opening."""
    story.inbound("09:00").outbound("10:00").inbound("11:00").day(4).inbound("11:00")

    assert story.states() == ["answered", "superseded", "open"]
    assert story.waits()[1].superseded_at == at("2026-03-06 11:00")
    assert story.waits()[1].seconds == 4 * 86400


def test_gap_is_from_the_one_before_not_from_the_opener(story):
    """Chasers every two days keep the follow_up one wait."""
    story.inbound("09:00").outbound("10:00").inbound("11:00").day(2).inbound("11:00").day(4).inbound("11:00")

    assert story.states() == ["answered", "open"]
    assert story.waits()[1].chasers == 2


def test_lapsed_follow_up_is_superseded_too(story):
    """Also after a lapse a later inbound opens a new wait."""
    story.inbound("09:00").outbound("10:00").inbound("11:00").day(20).inbound("11:00")

    assert story.states() == ["answered", "superseded", "open"]


def test_dismissed_follow_up_is_followed_by_a_new_wait(story):
    """Also after a dismissal a later inbound opens a new wait; the old one stays dismissed."""
    story.inbound("09:00").outbound("10:00").inbound("11:00").decide("dismiss", "12:00")
    story.day(5).inbound("11:00")

    assert story.states() == ["answered", "dismissed", "open"]


def test_call_is_an_answer_that_allows_superseding(story):
    """After a call a follow_up may be superseded."""
    story.inbound("09:00").decide("call", "09:15").inbound("11:00").day(4).inbound("11:00")

    assert story.states() == ["answered", "superseded", "open"]


def test_closing_by_hand_is_no_answer_of_ours(story):
    """After a closing by hand the next wait is one, however late its chasers are; the closing stays."""
    story.inbound("09:00").decide("by_hand", "09:15").inbound("11:00").day(4).inbound("11:00")

    assert story.states() == ["closed_by_hand", "open"]
    assert story.waits()[1].chasers == 1


def test_reply_after_superseding_closes_only_the_new_wait(story):
    """What was superseded stays so."""
    story.inbound("09:00").outbound("10:00").inbound("11:00").day(4).inbound("11:00").outbound("12:00")

    assert story.states() == ["answered", "superseded", "answered"]


def test_call_answers_whatever_the_company_still_waits_for(story):
    """A call about an answered message answers the company's next wait of that segment, which is open."""
    story.inbound("09:00").outbound("09:30").inbound("10:00").decide("call", "12:00", "m1", person=ADA)

    assert [wait.close_kind for wait in story.waits()] == ["reply", "call"]
    assert story.response_times() == [1800, 7200]


def test_call_of_a_later_segment_answers_an_earlier_one_late(story):
    """A call about a message of a later segment answers what an earlier one left open, as late."""
    story.inbound("09:00").day(31).inbound("09:00").decide("call", "12:00", "m2", person=ADA)

    assert [(wait.close_kind, wait.is_late) for wait in story.waits()] == [("call", True), ("call", False)]


def test_inferred_reply_of_the_same_moment_comes_after_the_chaser(story):
    """What answers from elsewhere at the very moment of a message comes after it."""
    story.inbound("09:00").inbound("10:00").outbound("10:00", replies=None)

    assert [(wait.close_kind, wait.chasers) for wait in story.waits()] == [("inferred", 1)]
