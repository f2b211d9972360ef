"""metrics.md sections 1 and 9: conversations, segments and the order inside them."""

from __future__ import annotations

import pytest

from tests.story import ADA, BEN, BOB

FORM = "forms@site.com"


def test_references_join(story):
    """A reference to a message's id joins."""
    story.inbound("09:00").outbound("10:00", replies=None, references="m1")

    assert story.conversations() == [{"m1", "m2"}]


def test_subject_alone_never_joins(story):
    """Two messages of one subject are two conversations."""
    story.inbound("09:00", subject="Prices").inbound("09:30", subject="Re: Prices", replies=None)

    assert story.conversations() == [{"m1"}, {"m2"}]


def test_unknown_id_that_two_name_joins(story):
    """An id of no message in the data joins the messages that name it."""
    story.inbound("09:00", replies="gone@x").inbound("09:30", replies=None, references="gone@x")

    assert story.conversations() == [{"m1", "m2"}]


def test_every_id_named_joins(story):
    """A message that names two conversations makes them one."""
    story.inbound("09:00").inbound("09:30", replies=None).outbound("10:00", references=("m1", "m2"))

    assert story.conversations() == [{"m1", "m2", "m3"}]


def test_providers_thread_joins_within_one_mailbox(story):
    """Messages of one provider thread in one mailbox are one conversation."""
    story.inbound("09:00", provider_thread="t").inbound("09:30", provider_thread="t", replies=None)

    assert story.conversations() == [{"m1", "m2"}]


def test_providers_thread_never_joins_mailboxes(story):
    """The same thread id in two mailboxes joins nothing."""
    story.inbound("09:00", provider_thread="t").inbound("09:30", to=BEN, provider_thread="t", replies=None)

    assert story.conversations() == [{"m1"}, {"m2"}]


def test_address_as_id_does_not_join(story):
    """An id that is an e-mail address of the data and no message's id joins nobody."""
    story.inbound("09:00", replies=ADA).inbound("09:30", "eve@other.com", replies=ADA)

    assert story.conversations() == [{"m1"}, {"m2"}]


def test_address_as_id_is_compared_as_addresses_are(story):
    """A +tag or upper case does not make an address an id."""
    story.inbound("09:00", replies="Ada+x@ACME.com").inbound(
        "09:30", "eve@other.com", replies="Ada+x@ACME.com"
    )

    assert story.conversations() == [{"m1"}, {"m2"}]


def test_address_that_is_a_messages_id_joins(story):
    """An id that looks like an address of the data still joins if a message bears it."""
    story.inbound("09:00", id=BOB).outbound("10:00", replies=BOB)

    assert story.conversations() == [{BOB, "m2"}]


def test_graph_thread_is_split_without_a_common_outsider(story):
    """Messages of one Graph conversation are split where they share no external participant."""
    graph = {"provider": "graph", "provider_thread": "t"}
    story.inbound("09:00", **graph).inbound("09:30", "eve@other.com", replies=None, **graph)

    assert story.conversations() == [{"m1"}, {"m2"}]


def test_graph_thread_is_split_transitively(story):
    """Two outsiders whom a third message shares stay together."""
    graph = {"provider": "graph", "provider_thread": "t", "replies": None}
    story.inbound("09:00", **graph).inbound("09:30", "eve@other.com", **graph)
    story.outbound("10:00", to=(BOB, "eve@other.com"), **graph)

    assert story.conversations() == [{"m1", "m2", "m3"}]


def test_graph_thread_keeps_a_common_outsider(story):
    """Messages of one Graph conversation with one outsider stay together."""
    graph = {"provider": "graph", "provider_thread": "t", "replies": None}
    story.inbound("09:00", **graph).outbound("10:00", **graph)

    assert story.conversations() == [{"m1", "m2"}]


def test_graph_split_does_not_cut_references(story):
    """A Graph message that names another stays with it, whoever takes part."""
    graph = {"provider": "graph", "provider_thread": "t"}
    story.inbound("09:00", **graph).note("09:30", **graph)

    assert story.conversations() == [{"m1", "m2"}]


def test_thread_of_form_mail_is_split_by_lead(story):
    """A provider's thread that gathers form notifications is as many conversations as leads."""
    story.form(FORM)
    form = {"provider_thread": "t", "replies": None}
    story.inbound("09:00", FORM, reply_to="a@one.com", **form).inbound(
        "09:30", FORM, reply_to="b@two.com", **form
    )

    assert story.conversations() == [{"m1"}, {"m2"}]
    assert [wait.contact for wait in story.waits()] == ["a@one.com", "b@two.com"]


def test_reply_stays_with_its_lead(story):
    """A reply to one lead of a split thread closes only that lead's wait."""
    story.form(FORM)
    form = {"provider_thread": "t", "replies": None}
    story.inbound("09:00", FORM, reply_to="a@one.com", **form).inbound(
        "09:30", FORM, reply_to="b@two.com", **form
    )
    story.outbound("10:00", to="b@two.com", provider_thread="t")

    assert story.conversations() == [{"m1"}, {"m2", "m3"}]
    assert story.states() == ["open", "answered"]


def test_form_takes_its_lead_alone_into_a_graph_thread(story):
    """A form's lead is its only participant: whom the form itself names joins nothing."""
    story.form(FORM)
    graph = {"provider": "graph", "provider_thread": "t", "replies": None}
    story.inbound("09:00", "eve@other.com", **graph)
    story.inbound("09:30", FORM, reply_to="a@one.com", cc="eve@other.com", **graph)
    story.outbound("10:00", to="a@one.com", **graph)

    assert story.conversations() == [{"m1"}, {"m2", "m3"}]


@pytest.mark.parametrize(("said", "otherwise"), [("m1", "m2"), ("m2", "m1")])
def test_note_is_placed_by_the_copy_that_speaks(story, said, otherwise):
    """A note in a split thread joins what its sent copy answers, whatever a received copy says."""
    story.form(FORM)
    form = {"provider_thread": "t", "replies": None}
    story.inbound("09:00", FORM, reply_to="a@one.com", **form)
    story.inbound("09:30", FORM, reply_to="b@two.com", **form)
    story.note("10:00", held=(), provider_thread="t", replies=said).also(
        BEN, labels=(), reply_ids=(otherwise,)
    )

    assert {said, "m3"} in story.conversations()


def test_note_in_a_split_thread_stays_with_what_it_answers(story):
    """A note among us joins the message that it answers, not the whole thread."""
    story.form(FORM)
    form = {"provider_thread": "t", "replies": None}
    story.inbound("09:00", FORM, reply_to="a@one.com", **form).inbound(
        "09:30", FORM, reply_to="b@two.com", **form
    )
    story.note("09:40", replies="m1", provider_thread="t")

    assert story.conversations() == [{"m1", "m3"}, {"m2"}]


def test_note_about_a_note_in_a_split_thread_stays_too(story):
    """A note among us that answers a note follows it to the same lead."""
    story.form(FORM)
    form = {"provider_thread": "t", "replies": None}
    story.inbound("09:00", FORM, reply_to="a@one.com", **form).inbound(
        "09:30", FORM, reply_to="b@two.com", **form
    )
    story.note("09:40", replies="m1", provider_thread="t").note("09:50", BEN, to=ADA, provider_thread="t")

    assert story.conversations() == [{"m1", "m3", "m4"}, {"m2"}]


def test_order_names_before_time(story):
    """Nothing comes before a message it names, whatever the clocks say."""
    story.inbound("09:00").outbound("08:00").inbound("09:30")

    assert story.order() == ["m1", "m2", "m3"]


def test_order_by_time_then_key(story):
    """Without names the earlier message is first; at one moment the lesser key."""
    thread = {"provider_thread": "t", "replies": None}
    story.inbound("09:30", **thread).inbound("09:00", id="z", **thread).inbound("09:00", id="a", **thread)

    assert story.order() == ["a", "z", "m1"]


def test_order_survives_messages_that_name_each_other(story):
    """Two messages that name each other are ordered by time."""
    story.inbound("09:30", id="a", replies="b").inbound("09:00", id="b", replies="a")

    assert story.order() == ["b", "a"]


def test_order_survives_a_message_that_names_itself(story):
    """A message that names itself waits for nobody."""
    story.inbound("09:00", id="a", replies="a").inbound("08:00", id="b", replies="a")

    assert story.order() == ["a", "b"]


def test_message_without_time_is_first_of_what_may_come(story):
    """A message without a credible time threads, but opens nothing."""
    story.inbound(None, provider_thread="t").inbound("09:00", provider_thread="t", replies=None)

    assert story.order() == ["m1", "m2"]
    assert story.segments() == {"m1": None, "m2": 1}
    assert story.opened() == ["m2"]


@pytest.mark.parametrize(("until", "segment"), [("2026-04-01 08:59", 1), ("2026-04-01 09:00", 2)])
def test_segment_is_cut_after_30_days(story, until, segment):
    """A conversation is cut where no message arrived for 30 days or more."""
    story.inbound("09:00").inbound(until)

    assert story.segments() == {"m1": 1, "m2": segment}


def test_automatic_mail_keeps_a_segment_together(story):
    """Any message that arrives counts, not only what people wrote."""
    story.inbound("09:00").day(20).inbound("09:00", marks="auto_submitted").day(40).inbound("09:00")

    assert set(story.segments().values()) == {1}


def test_gap_is_from_the_latest_so_far(story):
    """A message with a wrong clock does not cut a running conversation."""
    story.inbound("2026-03-20 09:00").outbound("2026-02-10 09:00").inbound("2026-04-10 09:00")

    assert story.segments() == {"m1": 1, "m2": 1, "m3": 1}


def test_third_segment_counts_on(story):
    """Every silence of 30 days begins a further segment."""
    story.inbound("09:00").day(30).inbound("09:00").day(60).inbound("09:00")

    assert story.segments() == {"m1": 1, "m2": 2, "m3": 3}


def test_conversation_is_known_by_its_least_key(story):
    """The label of a conversation does not depend on the order of arrival."""
    story.inbound("09:00", id="z").outbound("10:00", id="a", author=BEN)

    assert {row[0] for row in story.derived().conversations.values()} == {"a"}


def test_circle_comes_after_what_it_names(story):
    """Of two circles of names the one that the other names comes first, however late it is."""
    story.inbound("09:00", replies=("m2", "m3")).inbound("09:10", replies="m1")
    story.inbound("10:00", replies="m4").inbound("10:10", replies="m3")

    assert story.order() == ["m3", "m1", "m2", "m4"]


def test_circle_does_not_wait_for_later_messages(story):
    """A circle that names nothing outside itself stands where its time says."""
    story.inbound("09:00", replies="m2").inbound("09:10", replies="m1").inbound("12:00", replies=None)
    story.inbound("13:00", replies=("m1", "m3"))

    assert story.order() == ["m1", "m2", "m3", "m4"]
