"""metrics.md section 1, what a message is: keys, authors, addresses, copies."""

from __future__ import annotations

import hashlib

from tests.story import ADA, BEN, BOB, at


def hashed(*lines: str) -> str:
    return "x-" + hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def test_one_message_many_copies(story):
    """The copies of one Message-ID are one message."""
    story.inbound("09:00", to=(ADA, BEN))

    assert list(story.messages()) == ["m1"]
    assert story.message().copies == 2


def test_missing_id_is_a_hash_of_author_time_subject_and_to(story):
    """Without a Message-ID the key is x- and a hash over author, sent time, subject and sorted To."""
    story.inbound("09:00", id=None, to=(BEN, ADA), subject="Prices")

    assert list(story.messages()) == [hashed(BOB, "2026-03-02T09:00:00Z", "Prices", f"{ADA},{BEN}")]


def test_missing_date_is_an_empty_line_of_the_hash(story):
    """A message without a Date has an empty second line in its key."""
    story.inbound("09:00", id=None, sent_at=None, subject="Prices")

    assert list(story.messages()) == [hashed(BOB, "", "Prices", ADA)]


def test_unknown_author_is_an_empty_line_of_the_hash(story):
    """A message without a From has an empty first line in its key."""
    story.inbound("09:00", sender=None, id=None, subject="Prices")

    assert list(story.messages()) == [hashed("", "2026-03-02T09:00:00Z", "Prices", ADA)]


def test_date_of_the_year_33_has_four_digits_in_the_hash(story):
    """However incredible the Date is, it is written with four digits of year."""
    story.inbound("09:00", id=None, sent_at=at("0033-04-03 15:00"), subject="")

    assert list(story.messages()) == [hashed(BOB, "0033-04-03T15:00:00Z", "", ADA)]


def test_subject_of_the_hash_is_trimmed(story):
    """White space around the subject does not change the key."""
    story.inbound("09:00", id=None, subject="  Prices ")

    assert list(story.messages()) == [hashed(BOB, "2026-03-02T09:00:00Z", "Prices", ADA)]


def test_id_on_different_mails_is_no_key(story):
    """An id whose copies differ in From, Date and Subject is two messages with hashed keys."""
    story.inbound("09:00", id="same", subject="One")
    story.inbound("10:00", "eve@other.com", id="same", subject="Two", replies=None)

    assert set(story.messages()) == {
        hashed(BOB, "2026-03-02T09:00:00Z", "One", ADA),
        hashed("eve@other.com", "2026-03-02T10:00:00Z", "Two", ADA),
    }


def test_id_on_different_mails_joins_nothing(story):
    """What answers an id that different mails carry is joined with neither."""
    story.inbound("09:00", id="same", subject="One")
    story.inbound("10:00", "eve@other.com", id="same", subject="Two", replies=None)
    story.outbound("11:00", id="answer", replies="same")

    assert len(story.conversations()) == 3


def test_copies_that_differ_in_two_of_three_are_one_mail(story):
    """A list that rewrites From and Subject does not make a second mail of one Date."""
    story.inbound("09:00", id="same", subject="One")
    story.also(BEN, from_address="list@acme.com", subject="[list] One")

    assert set(story.messages()) == {"same"}


def test_list_author_is_reply_to(story):
    """Where From is the list's own address and X-Original-From is absent, Reply-To is the author."""
    story.inbound("09:00", "talk@lists.org", is_from_list=True, reply_to=("talk@lists.org", BOB))

    assert story.message().author == BOB


def test_list_author_is_original_from_first(story):
    """X-Original-From goes before Reply-To."""
    story.inbound("09:00", "talk@lists.org", is_from_list=True, reply_to=BOB, original_from="eve@other.com")

    assert story.message().author == "eve@other.com"


def test_list_author_without_either_is_unknown_and_never_guessed(story):
    """A list's mail that names nobody has no author and opens no wait."""
    story.inbound("09:00", "talk@lists.org", is_from_list=True)

    assert story.message().author is None
    assert story.message().direction == "unknown"
    assert story.waits() == []


def test_group_that_says_via_is_not_the_author(story):
    """From ours, no person's and named "X via Sales": the author is in Reply-To."""
    story.group("sales@acme.com")
    story.inbound("09:00", "sales@acme.com", from_name="Bob via Sales", reply_to=BOB)

    assert story.message().author == BOB
    assert story.wait().contact == BOB


def test_group_that_does_not_say_via_is_the_author(story):
    """From ours without a sign of rewriting stays the author, whatever Reply-To says."""
    story.group("sales@acme.com")
    story.inbound("09:00", "sales@acme.com", from_name="Sales", reply_to=BOB)

    assert story.message().author == "sales@acme.com"


def test_person_of_ours_who_says_via_is_the_author(story):
    """A person's own address is never taken as rewritten by a group."""
    story.note("09:00", ADA, to=(BEN,), sent=(), from_name="Ada via Sales", reply_to=BOB)

    assert story.message().author == ADA


def test_stranger_who_says_via_is_the_author(story):
    """Only an address of ours can be one that a group of ours rewrote."""
    story.inbound("09:00", "robot@shop.com", from_name="Bob via Shop", reply_to=BOB)

    assert story.message().author == "robot@shop.com"


def test_copy_filed_as_sent_is_ours_whatever_from_says(story):
    """What the provider files as sent is outbound, also from an address nobody listed."""
    story.inbound("09:00")
    story.outbound("10:00", "ada.private@web.de", sent=(ADA,))

    assert story.messages()["m2"].direction == "outbound"
    assert story.response_times() == [3600]


def test_received_with_the_earliest_inbound_copy(story):
    """A message is received with its earliest copy."""
    story.inbound("09:10").also(BEN, copied_at="09:05")

    assert story.message().message_at == at("2026-03-02 09:05")


def test_sent_copy_tells_when_a_reply_was_sent(story):
    """A reply is sent at its sent copy's time, also where another copy is earlier."""
    story.inbound("09:00")
    story.outbound("10:00").also(BEN, labels=(), copied_at="09:50")

    assert story.response_times() == [3600]


def test_reply_without_a_sent_copy_is_sent_at_its_earliest_copy(story):
    """Where no mailbox holds the sent copy, the earliest copy's time counts."""
    story.inbound("09:00", to=(ADA, BEN))
    story.outbound("10:00", cc=(BEN,), sent=()).also(ADA, copied_at="10:20")

    assert story.response_times() == [3600]


def test_date_header_is_no_time_of_a_clock(story):
    """Start and end are the provider's times, whatever Date says."""
    story.inbound("09:00", sent_at="03:00").outbound("10:00", sent_at="23:00")

    assert story.response_times() == [3600]


def test_internal_domain_does_not_cover_its_subdomains(story):
    """acme.com alone does not make mail.acme.com ours."""
    story.inbound("09:00", "x@mail.acme.com")

    assert story.message().direction == "inbound"


def test_starred_domain_covers_its_subdomains(story):
    """`*.acme.com` adds the subdomains of acme.com."""
    story.domain("acme.com", subdomains=True).inbound("09:00", "x@mail.acme.com")

    assert story.message().direction == "internal"


def test_domain_that_only_ends_alike_is_external(story):
    """notacme.com is no subdomain of acme.com."""
    story.domain("acme.com", subdomains=True).inbound("09:00", "x@notacme.com")

    assert story.message().direction == "inbound"


def test_free_mail_is_external_unless_the_address_is_listed(story):
    """A private address is internal only when listed as a person's."""
    story.person("cy@acme.com", "cy@gmail.com")
    story.inbound("09:00", "cy@gmail.com").inbound("09:30", "dan@gmail.com", replies=None)

    assert [row.direction for row in story.messages().values()].count("inbound") == 1
    assert [wait.contact for wait in story.waits()] == ["dan@gmail.com"]


def test_group_of_ours_outside_our_domains_is_internal(story):
    """A listed group is internal whatever its domain."""
    story.group("acme-sales@googlegroups.com").note("09:00", to=("acme-sales@googlegroups.com",))

    assert story.message().direction == "internal"


def test_company_is_the_domain(story):
    """Two people of one domain are one company and one wait."""
    story.inbound("09:00").inbound("09:30", "eve@client.com")

    assert story.wait().company == "client.com"
    assert story.wait().chasers == 1


def test_free_mail_address_is_its_own_company(story):
    """Two addresses of a free-mail provider are two companies."""
    story.inbound("09:00", "a@gmail.com").inbound("09:30", "b@gmail.com")

    assert [wait.company for wait in story.waits()] == ["a@gmail.com", "b@gmail.com"]


def test_draft_is_not_in_the_data(story):
    """A draft is no message until it is sent."""
    story.inbound("09:00").outbound("10:00", sent=(), held=(ADA,), labels=("DRAFT",))

    assert list(story.messages()) == ["m1"]


def test_draft_that_was_sent_later_is_in_the_data(story):
    """Once the provider files a draft as sent it is a reply."""
    story.inbound("09:00").outbound("10:00", sent=(), held=(ADA,), labels=("DRAFT",))
    story.relabel("10:01", "SENT")

    assert story.response_times() == [3600]


def test_chat_is_not_in_the_data(story):
    """A chat is no message."""
    story.inbound("09:00", labels=("CHAT",))

    assert story.messages() == {}


def test_mail_that_was_spam_at_first_is_not_in_the_data(story):
    """Mail first seen in spam or trash does not count."""
    story.inbound("09:00", labels=("SPAM",)).inbound("09:10", labels=("TRASH",))

    assert story.messages() == {}


def test_mail_moved_out_of_spam_is_in_the_data(story):
    """Mail moved out of spam counts from its receipt on."""
    story.inbound("09:00", labels=("SPAM",)).relabel("12:00", "INBOX")

    assert story.wait().opened_at == at("2026-03-02 09:00")


def test_our_own_trashed_sent_mail_stays_sent(story):
    """A reply thrown away after it was sent still answered."""
    story.inbound("09:00").outbound("10:00", labels=("TRASH",))

    assert story.response_times() == [3600]


def test_merged_copies_are_one_message_under_the_least_id(story):
    """With --merge-copies, copies equal in From, Date, Subject, To and Cc are one message."""
    story.inbound("09:00", id="b").also(BEN, message_id="a").merging()

    assert list(story.messages()) == ["a"]


def test_merged_copies_keep_all_their_ids(story):
    """A reference to any id of merged copies finds the message."""
    story.inbound("09:00", id="b").also(BEN, message_id="a")
    story.outbound("10:00", id="c", replies="b").merging()

    assert story.conversations() == [{"a", "c"}]


def test_merging_is_off_by_default(story):
    """Without --merge-copies, equal copies with two ids are two messages."""
    story.inbound("09:00", id="b").also(BEN, message_id="a")

    assert set(story.messages()) == {"a", "b"}


def test_merging_needs_a_recipient(story):
    """Copies without To and Cc are never merged."""
    story.inbound("09:00", id="b", to=()).also(BEN, message_id="a").merging()

    assert set(story.messages()) == {"a", "b"}


def test_merging_needs_the_same_cc(story):
    """Copies that differ in Cc are two messages."""
    story.inbound("09:00", id="b").also(BEN, message_id="a", cc_addresses=(BEN,)).merging()

    assert set(story.messages()) == {"a", "b"}


def test_credit_is_the_authors(story):
    """The credit is the author's, by whichever address of the person."""
    story.person("cy@acme.com", "cyril@acme.com")
    story.inbound("09:00").outbound("10:00", "cyril@acme.com", sent=("cy@acme.com",))

    assert story.wait().credit == "cy@acme.com"


def test_credit_from_a_shared_address_is_the_senders(story):
    """From a shared address the credit is the person's in Sender."""
    story.mailbox("sales@acme.com")
    story.inbound("09:00").outbound("10:00", "sales@acme.com", sender_address=BEN)

    assert story.wait().credit == BEN


def test_credit_from_a_shared_address_is_whose_mailbox_holds_the_sent_copy(story):
    """Without a Sender the credit is the person's whose own mailbox holds the sent copy."""
    story.mailbox("sales@acme.com")
    story.inbound("09:00").outbound("10:00", "sales@acme.com", sent=("sales@acme.com", BEN))

    assert story.wait().credit == BEN


def test_unknown_credit_stays_the_mailboxs(story):
    """A reply from a shared address that tells no person is the mailbox's."""
    story.mailbox("sales@acme.com")
    story.inbound("09:00").outbound("10:00", "sales@acme.com")

    assert story.wait().credit == "sales@acme.com"


def test_credit_is_never_guessed_between_two_persons(story):
    """Two personal mailboxes that hold the sent copy leave the credit with the shared mailbox."""
    story.mailbox("sales@acme.com")
    story.inbound("09:00").outbound("10:00", "sales@acme.com", sent=("sales@acme.com", ADA, BEN))

    assert story.wait().credit == "sales@acme.com"


def test_sent_folder_left_for_the_trash_stays_ours(story):
    """A copy once filed as sent is ours whatever From says, also when the trash takes its folder's place."""
    story.inbound("09:00").outbound("10:00", "ada@home.net", sent=(ADA,))
    story.relabel("11:00", "TRASH")

    assert story.messages()["m2"].direction == "outbound"
    assert story.states() == ["answered"]


def test_credit_for_a_rewritten_list_message_is_the_authors(story):
    """A list of ours that rewrote From is no answerer: the author known from Reply-To is."""
    story.group("talk@acme.com").mailbox("talk@acme.com")
    story.inbound("09:00", to="talk@acme.com", held="talk@acme.com")
    story.outbound(
        "10:00",
        "talk@acme.com",
        cc="talk@acme.com",
        held="talk@acme.com",
        sent=(),
        is_from_list=True,
        reply_to="cyd@acme.com",
    )

    assert story.messages()["m2"].credit == "cyd@acme.com"
