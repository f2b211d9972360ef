"""metrics.md section 6: what is no person's mail, and which rule says so."""

from __future__ import annotations

import pytest

from tests.story import ADA, BEN, BOB

GROUP = "sales@acme.com"
HUMAN = ("human", None)


@pytest.mark.parametrize(
    ("mark", "verdict"),
    [
        ("delivery_status", ("bounce", "bounce")),
        ("failed_recipients", ("bounce", "bounce")),
        ("daemon", ("bounce", "bounce")),
        ("report", ("automated", "report")),
        ("calendar", ("calendar", "calendar")),
        ("auto_submitted", ("automated", "auto_submitted")),
        ("null_return_path", ("automated", "null_sender")),
        ("auto_header", ("automated", "auto_header")),
        ("out_of_office", ("automated", "out_of_office")),
        ("no_reply", ("automated", "no_reply_address")),
        ("precedence_bulk", ("bulk", "bulk")),
        ("precedence_list", ("bulk", "bulk")),
        ("list_id", ("bulk", "bulk")),
        ("list_unsubscribe", ("bulk", "bulk")),
        ("list_post", ("bulk", "bulk")),
    ],
)
def test_mark_of_an_inbound_message(story, mark, verdict):
    """Each sender's mark has its rule and verdict."""
    story.inbound("09:00", marks=mark)

    assert story.verdict() == verdict
    assert story.waits() == []


@pytest.mark.parametrize("label", ["CATEGORY_PROMOTIONS", "CATEGORY_SOCIAL", "CATEGORY_FORUMS"])
def test_category_is_bulk(story, label):
    """Gmail's categories of bulk mail count."""
    story.inbound("09:00", labels=("INBOX", label))

    assert story.verdict() == ("bulk", "bulk")


def test_category_updates_is_nothing(story):
    """Other categories say nothing."""
    story.inbound("09:00", labels=("INBOX", "CATEGORY_UPDATES"))

    assert story.verdict() == HUMAN


@pytest.mark.parametrize(
    ("marks", "rule"),
    [
        (("report", "daemon"), "bounce"),
        (("calendar", "report"), "report"),
        (("auto_submitted", "calendar"), "calendar"),
        (("null_return_path", "auto_submitted"), "auto_submitted"),
        (("auto_header", "null_return_path"), "null_sender"),
        (("out_of_office", "auto_header"), "auto_header"),
        (("no_reply", "out_of_office"), "out_of_office"),
        (("list_id", "no_reply"), "no_reply_address"),
    ],
)
def test_first_rule_that_fires_is_stored(story, marks, rule):
    """The rules have an order; the first says why."""
    story.inbound("09:00", marks=marks)

    assert story.verdict()[1] == rule


def test_allowed_form_sender_overrides_automation(story):
    """A form sender's mail is human whatever automation marks it bears."""
    story.form("f@site.com").inbound("09:00", "f@site.com", reply_to=BOB, marks=("auto_submitted", "list_id"))

    assert story.verdict() == ("human", "form_sender")


def test_form_senders_bounce_is_a_bounce(story):
    """Bounce, report and calendar come before the form sender."""
    story.form("f@site.com").inbound("09:00", "f@site.com", reply_to=BOB, marks="delivery_status")

    assert story.verdict() == ("bounce", "bounce")


def test_reply_to_ours_is_human(story):
    """What names one of ours is human though it looks like bulk or comes from a no-reply address."""
    story.outbound("08:00").inbound("09:00", marks=("no_reply", "list_unsubscribe", "precedence_bulk"))

    assert story.verdict() == ("human", "answers_ours")


def test_auto_reply_to_ours_is_automated(story):
    """The marks of an automatic reply come before naming one of ours."""
    story.outbound("08:00").inbound("08:01", marks="auto_submitted")

    assert story.verdict() == ("automated", "auto_submitted")


def test_naming_another_outsiders_message_is_no_answer_to_ours(story):
    """Only a message of ours makes an answer human."""
    story.inbound("08:00").inbound("09:00", "x@else.com", marks="list_id")

    assert story.verdict() == ("bulk", "bulk")


def test_naming_ours_in_references_suffices(story):
    """References counts like In-Reply-To."""
    story.outbound("08:00").inbound("09:00", marks="no_reply", replies=None, references="m1")

    assert story.verdict() == ("human", "answers_ours")


def test_senders_mark_on_any_copy_counts(story):
    """One copy that bears a sender's mark suffices."""
    story.inbound("09:00", to=(ADA, BEN)).also("x@acme.com", marks=("auto_submitted",))

    assert story.verdict() == ("automated", "auto_submitted")


def test_list_mark_counts_only_on_every_copy(story):
    """A human who wrote to us and to a list is no bulk mail: the direct copy bears no mark."""
    story.inbound("09:00").also(BEN, marks=("list_id", "precedence_list"), list_id="talk.lists.org")

    assert story.verdict() == HUMAN


def test_every_copy_may_bear_another_bulk_mark(story):
    """Bulk mail need not bear the same mark on each copy."""
    story.inbound("09:00", labels=("CATEGORY_SOCIAL",)).also(BEN, labels=(), marks=("precedence_bulk",))

    assert story.verdict() == ("bulk", "bulk")


@pytest.mark.parametrize("mark", ["precedence_list", "list_id", "list_post"])
def test_stamps_of_our_group_say_nothing(story, mark):
    """What a listed group of ours put there is no mark of bulk mail."""
    story.group(GROUP).inbound("09:00", to=GROUP, marks=mark, list_id="sales.acme.com")

    assert story.verdict() == ("human", "own_group")
    assert story.classes() == ["lead_new"]


def test_forums_category_of_our_group_says_nothing(story):
    """Gmail files a group's mail under forums."""
    story.group(GROUP).inbound("09:00", to=GROUP, labels=("CATEGORY_FORUMS",), list_id="sales.acme.com")

    assert story.verdict() == ("human", "own_group")


@pytest.mark.parametrize("mark", ["precedence_bulk", "list_unsubscribe"])
def test_other_marks_of_our_group_stay(story, mark):
    """A newsletter sent to our group stays bulk mail."""
    story.group(GROUP).inbound("09:00", to=GROUP, marks=(mark, "list_id"), list_id="sales.acme.com")

    assert story.verdict() == ("bulk", "bulk")


def test_promotions_through_our_group_stay_bulk(story):
    """Other categories are not the group's stamps."""
    story.group(GROUP).inbound("09:00", to=GROUP, labels=("CATEGORY_PROMOTIONS",), list_id="sales.acme.com")

    assert story.verdict() == ("bulk", "bulk")


@pytest.mark.parametrize(
    ("host", "verdict"),
    [
        ("googlegroups.com", "human"),
        ("acme.com", "human"),
        ("sales.acme.com", "human"),
        ("news.shop.com", "bulk"),
    ],
)
def test_unsubscribe_of_our_group_is_a_stamp_if_it_is_the_groups(story, host, verdict):
    """A List-Unsubscribe says nothing only if it names our domain, the List-Id's own or googlegroups.com."""
    marks = ("list_id", "list_unsubscribe")
    story.group(GROUP).inbound("09:00", marks=marks, list_id="sales.acme.com", unsubscribe_hosts=host)

    assert story.verdict()[0] == verdict


def test_group_outside_our_domains_is_ours_when_listed(story):
    """A List-Id that is a listed group's address with a dot for the @ is ours."""
    story.group("acme@googlegroups.com")
    story.inbound("09:00", marks="list_id", list_id="acme.googlegroups.com")

    assert story.verdict() == ("human", "own_group")


def test_list_of_a_foreign_domain_that_ends_alike_is_bulk(story):
    """sales.notacme.com is no list of acme.com."""
    story.inbound("09:00", marks="list_id", list_id="sales.notacme.com")

    assert story.verdict() == ("bulk", "bulk")


def test_unmarked_is_human_without_a_rule(story):
    """What no rule speaks of is human."""
    story.inbound("09:00")

    assert story.verdict() == HUMAN


# Our own


@pytest.mark.parametrize(
    ("mark", "verdict"),
    [
        ("report", ("automated", "report")),
        ("calendar", ("calendar", "calendar")),
        ("auto_submitted", ("automated", "auto_submitted")),
        ("auto_header", ("automated", "auto_header")),
        ("no_reply", ("automated", "no_reply_address")),
        ("list_unsubscribe", HUMAN),
        ("precedence_bulk", HUMAN),
        ("null_return_path", HUMAN),
        ("out_of_office", HUMAN),
        ("daemon", HUMAN),
    ],
)
def test_our_own_is_judged_by_five_rules_alone(story, mark, verdict):
    """Our own outbound is automatic only by the rules for it."""
    story.outbound("09:00", marks=mark)

    assert story.verdict() == verdict


@pytest.mark.parametrize(
    ("when", "verdict"),
    [("09:00:00", "suspected_automatic"), ("09:00:20", "suspected_automatic"), ("09:00:21", "human")],
)
def test_hidden_reply_within_20_seconds_is_suspected(story, when, verdict):
    """Where headers are hidden, sent within 20 s of the receipt is suspected, and stops no clock."""
    story.inbound("09:00:00").outbound(when, is_hidden=True)

    assert story.verdict()[0] == verdict
    assert story.states() == ["open" if verdict == "suspected_automatic" else "answered"]


def test_quick_reply_with_headers_is_not_suspected(story):
    """Where the provider shows sent headers, a quick reply is a reply."""
    story.inbound("09:00:00").outbound("09:00:10")

    assert story.verdict() == HUMAN


@pytest.mark.parametrize(("times", "verdict"), [(4, "human"), (5, "suspected_automatic")])
def test_same_subject_and_size_five_times_a_day_is_suspected(story, times, verdict):
    """The same subject and size five times in a mailbox's day: all five are suspected."""
    for number in range(times):
        story.outbound(f"1{number}:00", is_hidden=True, subject="Hello", size_bytes=900, replies=None)

    assert {one for one, _ in story.derived().verdicts.values()} == {verdict}


def test_five_sizes_are_not_suspected(story):
    """The same subject with different sizes is no series."""
    for number in range(5):
        story.outbound(
            f"1{number}:00", is_hidden=True, subject="Hello", size_bytes=900 + number, replies=None
        )

    assert {one for one, _ in story.derived().verdicts.values()} == {"human"}


def test_five_on_two_days_are_not_suspected(story):
    """A series is counted within a day."""
    for number in range(5):
        story.day(number // 3)
        story.outbound(f"1{number}:00", is_hidden=True, subject="Hello", size_bytes=900, replies=None)

    assert {one for one, _ in story.derived().verdicts.values()} == {"human"}


def test_suspected_can_be_refused(story):
    """Somebody who says that a person wrote it makes the reply count."""
    story.inbound("09:00:00").outbound("09:00:10", is_hidden=True).decide("human", "12:00")

    assert story.verdict()[0] == "human"
    assert story.response_times() == [10]


def test_verdict_can_be_overridden(story):
    """A message that somebody says is automatic opens nothing."""
    story.inbound("09:00").decide("automated", "12:00")

    assert story.verdict()[0] == "automated"
    assert story.waits() == []


def test_last_override_counts(story):
    """Of two decisions the later counts, and one that is withdrawn says nothing."""
    story.inbound("09:00", marks="auto_submitted").decide("human", "12:00").decide("withdraw", "13:00")

    assert story.verdict() == ("automated", "auto_submitted")


def test_override_survives_a_changed_key(story):
    """A decision refers to the copy, not to the key: a second copy that merges changes nothing."""
    story.inbound("09:00", id="b").decide("human", "12:00").also(BEN, message_id="a").merging()

    assert story.verdict("a")[0] == "human"
