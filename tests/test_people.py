"""People, teams, mailboxes, and what else is ours: what can be, what is refused, what is logged."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from click.testing import CliRunner

from cli.main import group
from emailresponse import audit, domains, mailboxes, people, senders, teams
from emailresponse.audit import Change
from emailresponse.errors import NotFound, SettingsError

CHANGE = Change(datetime(2026, 1, 1, 9), "ada")
ADA, BOB = "ada@acme.com", "bob@acme.com"


@pytest.fixture
def team(store):
    """Return a store with Ada and Bob in Sales."""
    with store.transaction():
        teams.add(store, CHANGE, "Sales")
        for address in (ADA, BOB):
            people.add(store, CHANGE, name=address[:3].title(), addresses=[address])
            teams.join(store, CHANGE, "sales", address)
    return store


def test_a_persons_addresses_are_compared(store):
    """Case, +tags and gmail's dots make no other address; the first is the person's id."""
    with store.transaction():
        added = people.add(
            store, CHANGE, name="Ada", addresses=["Ada+x@Acme.com", "a.da@googlemail.com", "ADA@acme.com"]
        )

    assert added.person_id == ADA
    assert people.listed(store)[0].addresses == (ADA, "ada@gmail.com")


def test_a_mailbox_without_owner_is_the_later_persons(team):
    """An archive imported before its person was listed is theirs from then on."""
    late, alias = "late@acme.com", "sales-eve@acme.com"
    with team.transaction():
        for address, facts in {late: {}, alias: {"owner": ADA}, "all@acme.com": {"kind": "shared"}}.items():
            mailboxes.add(team, CHANGE, address, **facts)
        people.add(team, CHANGE, name="Late", addresses=[late])
        people.change(team, CHANGE, ADA, addresses=[alias])

    assert {one.mailbox: one.owner_id for one in mailboxes.listed(team)} == {
        late: late,
        alias: ADA,
        "all@acme.com": None,
    }


def test_an_address_has_one_person_only(team):
    """An address that is somebody's already is refused, in whatever form it is written."""
    with pytest.raises(SettingsError, match=r"ada@acme.com belongs to ada@acme.com"):
        people.add(team, CHANGE, name="Eve", addresses=["eve@acme.com", "Ada+eve@ACME.com"])
    with pytest.raises(SettingsError, match="belongs to"):
        people.change(team, CHANGE, BOB, addresses=[ADA])


@pytest.mark.parametrize("address", ["", "ada", "@acme.com", "ada@", "ada lovelace@acme.com"])
def test_what_is_no_address_is_refused(store, address):
    """A person has real addresses."""
    with pytest.raises(SettingsError, match="is no e-mail address"):
        people.add(store, CHANGE, name="Ada", addresses=[address])


def test_a_person_may_change_and_keeps_the_id(team):
    """Addresses come and go, the id stays; nothing changes and nothing is logged where nothing differs."""
    with team.transaction():
        people.change(team, CHANGE, "Ada", name="Ada L.", addresses=["al@acme.com"])
        people.change(team, CHANGE, ADA, removed=["al@acme.com"], addresses=["lovelace@acme.com"])
        before = len(audit.listed(team))
        people.change(team, CHANGE, ADA, name="Ada L.")

    assert people.person(team, "ada l.").addresses == (ADA, "lovelace@acme.com")
    assert len(audit.listed(team)) == before
    with pytest.raises(SettingsError, match="is the person's id and stays"):
        people.change(team, CHANGE, ADA, removed=[ADA])


def test_who_leaves_leaves_the_teams(team):
    """A person's last day ends open memberships too."""
    with team.transaction():
        people.end(team, CHANGE, BOB, date(2026, 3, 31))

    assert people.person(team, BOB).until_day == date(2026, 3, 31)
    assert [stay.until_day for stay in teams.memberships(team)] == [None, date(2026, 3, 31)]
    with pytest.raises(SettingsError, match="is before the first day"):
        people.change(team, CHANGE, BOB, from_day=date(2026, 4, 1))


def test_leave_is_dated_and_can_be_taken_back(team):
    """Leave ends after it begins; the same again is nothing new; it can be corrected and taken back."""
    with team.transaction():
        assert people.add_leave(team, CHANGE, ADA, date(2026, 7, 1), date(2026, 7, 14), "summer")
        assert not people.add_leave(team, CHANGE, ADA, date(2026, 7, 1), date(2026, 7, 14), "summer")
        people.add_leave(team, CHANGE, ADA, date(2026, 7, 1), date(2026, 7, 7))
        assert [leave.until_day for leave in people.leaves(team)] == [date(2026, 7, 7)]
        people.end_leave(team, CHANGE, ADA, date(2026, 7, 1))

    assert people.leaves(team) == []
    with pytest.raises(SettingsError, match="is before the first day"):
        people.add_leave(team, CHANGE, ADA, date(2026, 7, 2), date(2026, 7, 1))
    with pytest.raises(NotFound):
        people.add_leave(team, CHANGE, "eve@acme.com", date(2026, 7, 1), date(2026, 7, 1))


def test_stays_in_a_team_do_not_overlap(team):
    """Somebody who left may join again, not twice at a time."""
    with team.transaction():
        assert teams.end(team, CHANGE, "Sales", date(2026, 1, 31), ADA) == 1
        assert teams.join(team, CHANGE, "sales", ADA, from_day=date(2026, 3, 1))

    with pytest.raises(SettingsError, match="is in sales already"):
        teams.join(team, CHANGE, "sales", ADA, from_day=date(2026, 5, 1))
    with pytest.raises(SettingsError, match="is in sales already"):
        teams.join(team, CHANGE, "sales", ADA, from_day=date(2026, 1, 31), until_day=date(2026, 2, 1))
    with pytest.raises(NotFound):
        teams.end(team, CHANGE, "sales", date(2026, 2, 10), ADA)


def test_a_team_has_one_name(team):
    """Two teams are never called the same; a name may change, the id stays."""
    with pytest.raises(SettingsError, match="is there already"):
        teams.add(team, CHANGE, "sales")
    with team.transaction():
        teams.change(team, CHANGE, "sales", "Inside sales")

    assert teams.team(team, "inside sales").team_id == "sales"


def test_a_personal_mailbox_belongs_to_whose_address_it_is(team):
    """The owner is the person of the address; another owner's mailbox becomes that owner's address."""
    with team.transaction():
        assert mailboxes.add(team, CHANGE, ADA).owner_id == ADA
        mailboxes.add(team, CHANGE, "lovelace@acme.com", owner=ADA)

    assert "lovelace@acme.com" in people.person(team, ADA).addresses
    with pytest.raises(SettingsError, match=r"is an address of bob@acme.com, not of ada@acme.com"):
        mailboxes.add(team, CHANGE, BOB, owner=ADA)


def test_a_shared_mailbox_is_nobodys_address(team):
    """A shared mailbox has members and no owner, and is no person's address, whichever came first."""
    with team.transaction():
        mailboxes.add(team, CHANGE, "sales@acme.com", kind="shared", team="sales", members=[BOB, ADA])

    assert mailboxes.mailbox(team, "Sales@acme.com").members == (ADA, BOB)
    with pytest.raises(SettingsError, match="is a shared mailbox"):
        people.change(team, CHANGE, ADA, addresses=["sales@acme.com"])
    with pytest.raises(SettingsError, match="so it is a personal mailbox"):
        mailboxes.add(team, CHANGE, ADA, kind="shared")
    with pytest.raises(SettingsError, match="is shared and has no owner"):
        mailboxes.add(team, CHANGE, "info@acme.com", kind="shared", owner=ADA)
    with pytest.raises(SettingsError, match="is personal and has no members"):
        mailboxes.add(team, CHANGE, "eve@acme.com", members=[ADA])


def test_a_mailbox_changes_and_keeps_when_it_was_synced(team):
    """Members come and go; what is not given stays as it was."""
    with team.transaction():
        mailboxes.add(team, CHANGE, "sales@acme.com", kind="shared", members=[BOB])
        team._connection.execute("UPDATE mailbox SET synced_at = TIMESTAMP '2026-01-01'")
        mailboxes.change(team, CHANGE, "sales@acme.com", name="Sales", members=[ADA])
        after = mailboxes.end(team, CHANGE, "sales@acme.com", [BOB])

    assert mailboxes.listed(team) == [after]
    assert (after.name, after.members, after.synced_at) == ("Sales", (ADA,), datetime(2026, 1, 1))


@pytest.mark.parametrize(
    "domain", ["gmail.com", "@GMAIL.com", "*.gmail.com", "googlemail.com", "outlook.com"]
)
def test_free_mail_domains_are_never_internal(store, domain):
    """Anybody may have an address at a free-mail provider."""
    with pytest.raises(SettingsError, match="is a free-mail domain"):
        domains.add(store, CHANGE, domain)


@pytest.mark.parametrize(
    "domain", ["", "acme", "acme com", "ada@acme.com", "*.", "*acme.com", "acme..com", "https://acme.com/"]
)
def test_what_is_no_domain_is_refused(store, domain):
    """An internal domain is one, or one with its subdomains."""
    with pytest.raises(SettingsError, match="is no domain"):
        domains.add(store, CHANGE, domain)


def test_a_star_adds_the_subdomains(store):
    """`*.acme.com` is acme.com with its subdomains; it may be said again otherwise, and ended."""
    with store.transaction():
        assert domains.add(store, CHANGE, "Acme.com")
        assert domains.add(store, CHANGE, "*.acme.com")
        assert not domains.add(store, CHANGE, "*.ACME.com")
        assert [one.pattern for one in domains.listed(store)] == ["*.acme.com"]
        domains.end(store, CHANGE, "acme.com")

    assert domains.listed(store) == []


def test_groups_and_senders_are_listed(team):
    """Groups are no person's address; senders have a rule of their own, dismissed ones a reason."""
    with team.transaction():
        domains.add_group(team, CHANGE, "All@acme.com", "Everybody")
        senders.add_form(team, CHANGE, "forms+web@site.example")
        senders.add_dismissed(team, CHANGE, "news.example", "newsletter")
        senders.add_dismissed(team, CHANGE, "bot@shop.example", "receipts")

    assert [one.address for one in domains.groups(team)] == ["all@acme.com"]
    assert [one.address for one in senders.forms(team)] == ["forms@site.example"]
    assert [one.pattern for one in senders.dismissed(team)] == ["bot@shop.example", "news.example"]
    with pytest.raises(SettingsError, match="is an address of"):
        domains.add_group(team, CHANGE, ADA)
    with pytest.raises(SettingsError, match="say why"):
        senders.add_dismissed(team, CHANGE, "x.example", " ")


def test_every_change_is_logged_and_asks_for_a_rebuild(team):
    """Who, when and what stands in the audit; a reason to rebuild is noted once."""
    changes = audit.listed(team)

    assert {(one.changed_at, one.changed_by) for one in changes} == {(CHANGE.at, "ada")}
    assert [one.action for one in reversed(changes)][:3] == ["team added", "person added", "membership added"]
    assert json.loads(changes[0].detail) == {"person": BOB, "from": None, "until": None}
    assert team._connection.execute("SELECT reason FROM pending_rebuild ORDER BY ALL").fetchall() == [
        ("membership added",),
        ("person added",),
        ("team added",),
    ]


def test_people_are_kept_by_command(tmp_path):
    """Add, change, leave, end and list do what they say."""

    def run(*words):
        result = CliRunner().invoke(group, ["--db", str(tmp_path / "w.duckdb"), *words])
        assert result.exception is None, result.output
        return result.output

    run("teams", "add", "Sales")
    run("people", "add", "Ada Lovelace", ADA, "ada@home.example", "--team", "sales", "--from", "2025-01-01")
    run("people", "change", "Ada Lovelace", "--remove-address", "ada@home.example")
    run("people", "leave", ADA, "--from", "2026-07-01")
    run("people", "end", ADA, "--until", "2026-12-31")

    assert json.loads(run("people", "list", "--format", "json")) == [
        {
            "person": ADA,
            "name": "Ada Lovelace",
            "addresses": [ADA],
            "teams": ["sales"],
            "from": "2025-01-01",
            "until": "2026-12-31",
        }
    ]
    assert "2026-07-01" in run("people", "leave", "--list")
    assert "2026-12-31" in run("teams", "list")


def test_many_people_come_from_a_csv_file_or_none_does(tmp_path):
    """Every faulty line is named, and one of them keeps all others out."""
    path = tmp_path / "people.csv"
    words = ["--db", str(tmp_path / "w.duckdb")]
    path.write_text("name,addresses\nAda,ada@acme.com al@acme.com\nBob,bob\nEve,AL@acme.com\n", "utf-8")
    refused = CliRunner().invoke(group, [*words, "people", "add", "--csv", str(path)])
    empty = CliRunner().invoke(group, [*words, "people", "list", "--format", "csv"])
    path.write_text("\ufeffName,Addresses\nAda,ada@acme.com al@acme.com\n", "utf-8")
    stored = CliRunner().invoke(group, [*words, "people", "add", "--csv", str(path)])

    assert str(refused.exception).splitlines()[1:] == [
        "  line 3: 'bob' is no e-mail address",
        "  line 4: al@acme.com belongs to ada@acme.com; an address has one person only",
    ]
    assert empty.output == "person,name,addresses,teams,from,until\n"
    assert stored.output == "Added 1 people.\n"


def test_a_csv_header_is_checked(tmp_path):
    """A column that is missing or means nothing is named."""
    path = tmp_path / "people.csv"
    path.write_text("name,mail\nAda,ada@acme.com\n")

    result = CliRunner().invoke(
        group, ["--db", str(tmp_path / "w.duckdb"), "people", "add", "--csv", str(path)]
    )

    assert "line 1: the header lacks addresses and has mail, which is none of name" in str(result.exception)
