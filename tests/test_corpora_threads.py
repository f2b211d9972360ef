"""Real lists: our conversations are those that two independent threaders agree on, message by message."""

from __future__ import annotations

import pytest

from benchmarks.real import archives, r_lists, threads
from emailresponse.fields import message_id

pytestmark = pytest.mark.corpus

LISTS = archives.CORPORA / "lists"


@pytest.fixture(scope="module", params=threads.LISTS)
def archive(request):
    """Return a list's name, its workspace, its truth and how our conversations compare with it."""
    path = LISTS / f"{threads.LISTS[request.param]}.mbox.xz"
    found = threads.imported(path)
    told = threads.truth(path.with_name(path.name.replace(".mbox.xz", ".truth.csv.gz")))
    yield request.param, found, told, threads.agreement(found.conversations(), told.notmuch, told.jwz)
    found.store.close()


def test_list_keeps_every_message(archive):
    """An archive loses no message on its way through connector, sync and derive."""
    _, found, told, both = archive

    assert found.refused == []
    assert len(found.copies) == both.messages == len(told.message_ids)


def test_conversation_is_what_both_threaders_agree_on(archive):
    """Where notmuch and Mail::Thread see the same thread, our conversation is that thread."""
    *_, both = archive

    assert both.kept == both.agreed
    assert both.joined == ()


def test_list_differs_from_a_threader_only_where_that_one_errs(archive):
    """Plain headers: no difference; usrp-users is Mail::Thread's, SpamAssassin notmuch's but for 26."""
    name, _, _, both = archive

    assert {
        "usrp-users": len(both.differing_other) == 0,
        "samba-technical": not both.differing_one and not both.differing_other,
        "jailhouse-dev": not both.differing_one and not both.differing_other,
        "SpamAssassin": len(both.differing_one) == 26,
    }[name]


@pytest.mark.parametrize("archive", ["SpamAssassin"], indirect=True)
def test_address_named_as_an_id_is_all_that_tells_us_from_notmuch(archive):
    """Joined through e-mail addresses that messages name as ids, the SpamAssassin list is notmuch's."""
    _, found, told, both = archive
    again = threads.agreement(threads.through_addresses(found), told.notmuch, told.jwz)

    assert again.differing_one == ()
    assert all(told.notmuch[one] == told.notmuch[other] for one, other in both.split)


def test_bare_id_is_all_that_tells_us_from_notmuch_on_usrp_users():
    """Without the ids that the web form names without angle brackets, usrp-users is notmuch's."""
    path = LISTS / f"{threads.LISTS['usrp-users']}.mbox.xz"
    told = threads.truth(path.with_name(path.name.replace(".mbox.xz", ".truth.csv.gz")))

    again = threads.agreement(threads.without_bare_ids(path), told.notmuch, told.jwz)

    assert again.differing_one == ()


def test_month_of_a_list_has_the_threads_of_both():
    """A month of maven-dev, a tenth of it without Date headers, has the threads that both threaders found."""
    path = archives.CORPORA / "ponymail" / "maven-dev-2017-11-listsao.mbox.xz"
    told = threads.truth(path.with_name("maven-dev-2017-11-listsao.mbox.truth.csv.gz"))

    both = threads.agreement(threads.imported(path).conversations(), told.notmuch, told.jwz)

    assert both.messages == both.kept == 320
    assert both.ours == both.one == both.other


def test_made_up_cases_have_the_threads_of_both():
    """The threading tests of other projects come out as both threaders say, ghosts and loops included."""
    told = archives.rows(archives.CORPORA / "threading_cases" / "truth.csv")
    for unit in sorted({row["unit"] for row in told}):
        found = threads.imported(archives.CORPORA / "threading_cases" / unit)
        ours = dict(zip((copy.message_id for copy in found.copies), found.conversations(), strict=True))
        known = [row for row in told if row["unit"] == unit and message_id([row["message_id"]]) in ours]
        found.store.close()

        both_said = threads.truth_of(known)
        both = threads.agreement(
            [ours[message_id([one])] for one in both_said.message_ids], both_said.notmuch, both_said.jwz
        )

        assert both.kept == both.agreed == both.messages, unit


def test_three_exports_of_a_month_add_nothing_to_each_other():
    """The messages of a month are those of the first export, whichever exports follow."""
    for month, count in (("maven-dev-2017-11", 317), ("maven-dev-2017-12", 221)):
        held = archives.workspace()
        for export in ("listsao", "mailarchivesao", "mboxvm"):
            held.read(archives.CORPORA / "ponymail" / f"{month}-{export}.mbox.xz", threads.MAILBOX)
            held.derived()

            assert len(set(held.keys())) == count
        held.store.close()


def test_reply_is_never_cut_from_a_message_of_the_list():
    """On an R list every reply is in its parent's conversation; the list's own project cuts at month ends."""
    said = r_lists.compared(r_lists.FOLDER / "r-help-2018.parquet")

    assert said.cut_by_us == 0
    assert (said.links, said.cut_by_them, said.at_month_end) == (3_543, 37, 35)
    assert said.same == 4_823
