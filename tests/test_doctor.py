"""`emailresponse doctor`: each thing that is wrong is named, with a command that mends it."""

from __future__ import annotations

import json
import re
import shlex
from datetime import date, datetime, timedelta

import pytest
from click.testing import CliRunner

from cli.doctor import SENTENCES
from cli.main import COMMANDS, group
from emailresponse import (
    derive,
    doctor,
    domains,
    goals,
    links,
    mailboxes,
    overrides,
    people,
    schedules,
    sync,
    teams,
)
from emailresponse.audit import Change
from emailresponse.copies import Batch, Copy, Progress, Refusal
from emailresponse.store import Store
from emailresponse.vault import Vault

pytest_plugins = ["tests.asked_workspace"]

ADA, BOB, SALES = "ada@acme.com", "bob@client.com", "sales@acme.com"
NOW = datetime(2026, 3, 6, 12)
TODAY = date(2026, 3, 6)
BY = Change(NOW, "test")
TYPED = sorted(kind for kind, (_, mend) in SENTENCES.items() if (mend or "").startswith("emailresponse "))


def copy(number: int, sender: str = BOB, **said) -> Copy:
    """Return a message to Ada, an hour after the one before."""
    fields = {
        "mailbox": ADA,
        "provider": "file",
        "provider_id": f"c{number}",
        "message_id": f"m{number}@client.com",
        "copied_at": datetime(2026, 3, 2, 8) + timedelta(hours=number),
        "from_address": sender,
        "to_addresses": (ADA,),
        "labels": ("SENT",) if sender == ADA else ("INBOX",),
    }
    return Copy(**(fields | said))


def store_copies(store: Store, *copies: Copy) -> None:
    """Store copies as an import does, and derive what follows."""
    sync.store_batch(
        store, Batch(cursor="end", added=copies), imported_at=NOW, merging=False, mailbox=ADA, source="test"
    )
    derive.refresh(store)


def settle(store: Store) -> None:
    """Say everything that ought to be said of a team of one."""
    with store.transaction():
        domains.add(store, BY, "acme.com")
        teams.add(store, BY, "Sales")
        people.add(store, BY, name="Ada", addresses=[ADA])
        teams.join(store, BY, "sales", ADA)
        mailboxes.add(store, BY, ADA, owner=ADA)
        schedules.add(store, BY, hours="mon-fri 09:00-17:00", zone="Europe/Berlin", country="DE")
        goals.put(store, BY, wait_class="lead", seconds=3600, clock="business", share=0.9)


@pytest.fixture
def settled(store) -> Store:
    """Return a workspace in which all is well: one lead, answered."""
    settle(store)
    store_copies(
        store,
        copy(1),
        copy(2, ADA, to_addresses=(BOB,), reply_ids=("m1@client.com",), message_id="m2@acme.com"),
    )
    return store


def found(store: Store) -> dict[str, doctor.Finding]:
    """Return the findings by kind."""
    return {finding.kind: finding for finding in doctor.examine(store, TODAY)}


def test_nothing_is_wrong_where_all_is_said(settled):
    """A workspace with people, mailboxes, a schedule, a goal and good mail has no finding."""
    assert found(settled) == {}


def test_empty_workspace_lacks_everything(store):
    """Nobody, no mailbox, no goal, nothing derived: each is a fault."""
    assert {"no_people", "no_mailbox", "no_goal", "not_derived"} == found(store).keys()


def test_doctor_changes_nothing(settled):
    """Asking what is wrong leaves every pending change pending."""
    settled.run("store/add_pending_rebuild", reason="test")
    doctor.examine(settled, TODAY)

    assert found(settled)["stale"].count == 1
    assert derive.is_stale(settled)


def test_faults_come_first(settled):
    """What keeps figures from being right stands before what is good to know."""
    with settled.transaction():
        people.add(settled, BY, name="Ben", addresses=["ben@acme.com"])
    order = [finding.is_fault for finding in doctor.examine(settled, TODAY)]

    assert order == sorted(order, reverse=True)
    assert set(order) == {True, False}


def test_people_without_team_or_mailbox_are_named(settled):
    """Who is in no team, and whose mailbox nobody brought, is named; who has left is not."""
    with settled.transaction():
        people.add(settled, BY, name="Ben", addresses=["ben@acme.com"])
        people.add(settled, BY, name="Eve", addresses=["eve@acme.com"], until_day=date(2026, 1, 31))
    findings = found(settled)

    assert [one.name for one in findings["person_without_team"].named] == ["ben@acme.com"]
    assert [one.name for one in findings["person_without_mailbox"].named] == ["ben@acme.com"]


def test_mailboxes_that_are_nobodys_are_named(settled):
    """A personal mailbox without owner and a shared one without members are faults."""
    with settled.transaction():
        mailboxes.add(settled, BY, "old@acme.com")
        mailboxes.add(settled, BY, SALES, kind="shared")
    findings = found(settled)

    assert [one.name for one in findings["mailbox_without_owner"].named] == ["old@acme.com"]
    assert [one.name for one in findings["shared_mailbox_without_members"].named] == [SALES]
    assert findings["mailbox_without_team"].count == 2


def test_schedule_of_the_team_is_enough(store):
    """Without the workspace's schedule a mailbox has its own or its team's, its owner's team counting."""
    with store.transaction():
        teams.add(store, BY, "Sales")
        people.add(store, BY, name="Ada", addresses=[ADA])
        mailboxes.add(store, BY, ADA, owner=ADA)
    assert found(store)["mailbox_without_schedule"].count == 1
    with store.transaction():
        teams.join(store, BY, "sales", ADA)
        schedules.add(store, BY, scope="team", scope_id="sales", hours="mon-fri 09:00-17:00", country="DE")

    assert "mailbox_without_schedule" not in found(store)


def test_schedule_without_holidays_is_told(settled):
    """A schedule that is open on every public holiday is good to know."""
    with settled.transaction():
        schedules.add(settled, BY, scope="mailbox", scope_id=ADA, hours="24/7")

    assert not found(settled)["schedule_without_holidays"].is_fault


def test_domain_of_sent_mail_is_asked_for(store):
    """The domain our mail is sent from is named where it is not internal, with how much comes from it."""
    with store.transaction():
        mailboxes.add(store, BY, ADA)
    store_copies(store, copy(1, ADA, to_addresses=(BOB,)), copy(2, ADA, to_addresses=(BOB,)), copy(3))
    finding = found(store)["domain_not_internal"]

    assert finding.named == (doctor.Named("acme.com", 2),)
    assert finding.is_fault


def test_free_mail_is_never_offered_as_internal(store):
    """Mailboxes at a free-mail provider are told, and their domain is not proposed."""
    with store.transaction():
        mailboxes.add(store, BY, "ada@gmail.com")
    findings = found(store)

    assert "domain_not_internal" not in findings
    assert [one.name for one in findings["free_mail_mailbox"].named] == ["ada@gmail.com"]


def test_unlisted_colleague_is_named(settled):
    """Who writes outside from an internal domain and is nobody is named, with how often."""
    mate = "zoe@acme.com"
    store_copies(settled, *(copy(n, mate, to_addresses=(BOB,), cc_addresses=(ADA,)) for n in (5, 6)))
    store_copies(settled, copy(7, "news@acme.com"))

    assert found(settled)["unlisted_author"].named == (doctor.Named(mate, 2),)


def test_unknown_authors_have_a_share(settled):
    """A message over a list that hides who wrote it counts among all messages."""
    store_copies(settled, copy(5, "list@lists.example", is_from_list=True))
    finding = found(settled)["unknown_author"]

    assert (finding.count, finding.share, finding.is_fault) == (1, 1 / 3, False)


def test_form_is_guessed_from_different_leads(settled):
    """A no-reply sender whose Reply-To names two people outside looks like a form; one alone does not."""
    for number, sender, lead in (
        (5, "noreply@forms.example", "kim@one.example"),
        (6, "noreply@forms.example", "lee@two.example"),
        (7, "noreply@tickets.example", "help@desk.example"),
    ):
        store_copies(settled, copy(number, sender, marks=("no_reply",), reply_to=(lead,)))

    assert found(settled)["likely_form"].named == (doctor.Named("noreply@forms.example", 2),)


def test_problems_are_counted_by_kind(settled):
    """Messages without a time are told apart from other faults of headers."""
    store_copies(
        settled,
        copy(5, copied_at=None, problems=("no_time",)),
        copy(6, problems=("no_message_id", "nul_bytes")),
        copy(7, problems=("no_message_id",)),
    )
    findings = found(settled)

    assert findings["without_time"].named == (doctor.Named("no_time", 1),)
    assert findings["problem"].named == (doctor.Named("no_message_id", 2), doctor.Named("nul_bytes", 1))


def test_refused_parts_are_named_until_the_source_is_read_whole(settled):
    """What the latest run of a source refused is a fault; a later run without refusals mends it."""
    refusal = Refusal("a.mbox", 120, "no message")
    for refused, count in (((refusal,), 1), ((), 0)):
        run = sync.begin_run(settled, "a.mbox", started_at=NOW)
        so_far = Progress(read_count=3, stored_count=3 - count, refused_count=count)
        sync.end_run(settled, run, so_far, refused, ended_at=NOW)
        finding = found(settled).get("refused")
        assert (finding.named if finding else ()) == (
            (doctor.Named("a.mbox at 120: no message", 1),) if refused else ()
        )


def test_unfinished_import_is_named_until_it_is_done(settled):
    """A run that was killed, or stopped halfway, is a fault; running it again to its end mends it."""
    sync.begin_run(settled, "killed.mbox", started_at=NOW)
    sync.begin_run(settled, "upload 1", started_at=NOW)
    stopped = sync.begin_run(settled, "stopped.mbox", started_at=NOW)
    sync.end_run(settled, stopped, Progress(), (), ended_at=None)
    unfinished = [one.name for one in found(settled)["unfinished_import"].named]
    assert unfinished == ["an upload", "killed.mbox", "stopped.mbox"]
    for source in ("killed.mbox", "stopped.mbox", "upload 2"):
        sync.end_run(settled, sync.begin_run(settled, source, started_at=NOW), Progress(), (), ended_at=NOW)

    assert "unfinished_import" not in found(settled)


def test_tables_of_another_version_are_told(settled, monkeypatch):
    """Derived tables that other statements made are not asked, but told."""
    monkeypatch.setattr(derive.runs, "digest", lambda: "of a later version")

    assert found(settled)["not_derived"].is_fault


def test_mailbox_that_stays_behind_is_named(settled):
    """A mailbox known more than a day less far than the latest one is good to know."""
    with settled.transaction():
        people.add(settled, BY, name="Ben", addresses=["ben@acme.com"])
        teams.join(settled, BY, "sales", "ben@acme.com")
        mailboxes.add(settled, BY, "ben@acme.com", owner="ben@acme.com")
    late = copy(5, mailbox="ben@acme.com", to_addresses=("ben@acme.com",), copied_at=datetime(2026, 3, 5, 9))
    store_copies(settled, late)

    assert [one.name for one in found(settled)["behind"].named] == [ADA]


def test_many_dismissed_leads_are_told(settled):
    """More than 15 % dismissed or closed by hand stands here too, with the person whose they are."""
    store_copies(settled, copy(5, "kim@one.example"))
    overrides.decide(settled, BY, "m5@client.com", "dismiss", reason="wrong address")
    derive.refresh(settled)
    finding = found(settled)["hidden"]

    assert (finding.count, finding.share, finding.is_fault) == (1, 0.5, False)
    assert finding.named == (doctor.Named(ADA, 1),)


# The command


def test_command_says_what_to_type(desk):
    """Each finding has its command under it, and the exit status is 1 as long as something is to mend."""
    status, out, _ = desk.run("doctor")

    assert status == 1
    assert "No goal is set" in out
    assert "\n      emailresponse goals add --class lead --within 1h --share 0.9\n" in out
    assert re.search(r"duckdb \d.*zone Europe/Berlin", out, re.DOTALL)
    assert max(len(one) for one in out.splitlines() if not one.startswith("      ")) <= 80


def test_command_ends_with_0_when_all_is_mended(desk):
    """Doing what it says makes it content."""
    for words in (
        "goals add --class lead --within 1h --share 0.9",
        "teams add Sales --person ada@acme.com",
        'schedules add --hours "mon-fri 09:00-17:00" --zone Europe/Berlin --country DE',
        "rebuild",
    ):
        assert desk.run(*shlex.split(words))[0] == 0
    status, out, _ = desk.run("doctor")

    assert "Nothing has to be mended." in out
    assert status == 0


def test_command_in_json(desk):
    """A program gets the kinds, the counts and the versions."""
    status, out, _ = desk.run("doctor", "--format", "json")
    said = json.loads(out)

    assert (status, said["status"]) == (1, 1)
    assert "no_goal" in {one["kind"] for one in said["findings"]}
    assert {"duckdb", "holidays", "tzdata", "zone"} <= said["running"].keys()


def test_faulty_configuration_is_a_finding(desk):
    """An error in config.toml is named with its place, and the rest is looked at anyhow."""
    (desk.folder / "config.toml").write_text('[workspace]\nzone = "Europe/Berlyn"\n', "utf-8")
    status, out, _ = desk.run("doctor")

    assert status == 1
    assert "did you mean Europe/Berlin?" in " ".join(out.split())
    assert "No goal is set" in out


def test_no_database_yet_is_a_finding(tmp_path, monkeypatch):
    """Where nothing was imported yet it says so, and makes no database."""
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(group, ["doctor"])

    assert (shown.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert "emailresponse import" in shown.output


@pytest.mark.parametrize("damage", ["cut", "altered", "text"])
def test_damaged_database_cannot_be_examined(desk, damage):
    """A file that is cut off, altered or no database ends with status 2 and what to do, in every command."""
    path = desk.folder / "acme.duckdb"
    whole = path.read_bytes()
    broken = {"cut": whole[: len(whole) // 2], "altered": whole[:4096] + bytes(8192) + whole[12288:]}
    path.write_bytes(broken.get(damage, b"Dear Ada,\n" * 1000))
    status, out, _ = desk.run("doctor", "--format", "json")

    assert status == 2
    assert json.loads(out)["findings"][0]["kind"] == "database_damaged"
    assert desk.run("report")[0] == 2


def test_database_of_a_newer_version_cannot_be_examined(desk):
    """A file that knows a migration from the future ends with status 2."""
    store = Store.open(desk.folder / "acme.duckdb")
    store.run("store/record_migration", name="9999_later.sql", checksum="0")
    store.close()
    status, out, _ = desk.run("doctor", "--format", "json")

    assert (status, json.loads(out)["findings"][0]["kind"]) == (2, "database_newer")


def test_database_in_use_is_named_with_its_process(desk):
    """Another process that holds the file is named, and how to go on."""
    import subprocess
    import sys

    code = (
        "import sys, duckdb\n"
        "held = duckdb.connect(sys.argv[1])\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(desk.folder / "acme.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        status, out, _ = desk.run("doctor", "--format", "json")
    finally:
        holder.communicate()
    (finding,) = json.loads(out)["findings"]

    assert (status, finding["kind"]) == (2, "database_in_use")
    assert str(holder.pid) in finding["what"]


@pytest.mark.parametrize("kind", TYPED)
def test_what_mends_is_a_command(kind):
    """Each command that the doctor gives is there, with the options it is given."""
    mend = SENTENCES[kind][1].split(", ")[0].replace(" again", "")
    words = shlex.split(mend)[1:]
    assert words[0] in COMMANDS
    verbs = [word for word in words[:2] if re.fullmatch("[a-z]+", word)]
    shown = CliRunner().invoke(group, [*verbs, "--help"])

    assert shown.exit_code == 0, shown.output
    for option in (word for word in words if word.startswith("--")):
        assert option in shown.output


# Linked mailboxes


def test_links_in_trouble_are_named_with_the_command_that_mends(linked_store, tmp_path):
    """To be linked again, silent, in trouble for long and under way are told apart; a paused one is not."""
    from emailresponse import link_findings

    store, _ = linked_store
    later = NOW + timedelta(hours=3)

    def kinds(at: datetime = later) -> list[str]:
        return [one.kind for one in link_findings.examine(store, at, tmp_path / "acme.duckdb", {})]

    assert kinds(NOW) == []
    assert kinds() == ["link_silent"]
    store.run("store/begin_reading", mailbox=ADA, begun_at=later)
    assert kinds() == ["first_read"]
    for trouble, kind in (("down", "link_down"), ("reconnect", "link_lost")):
        store.run(
            "store/fail_reading", mailbox=ADA, ended_at=later, trouble=trouble, reason="503", retry_at=None
        )
        assert kinds() == [kind]
    store.run("store/end_reading", mailbox=ADA, ended_at=later, is_caught_up=True)
    assert kinds() == []
    links.pause(store, BY, ADA, is_paused=True)
    assert kinds(later + timedelta(days=3)) == []


def test_keys_lost_or_open_to_others_are_faults(linked_store, tmp_path):
    """A sealed token that no key opens, and a key file that others may read, are found."""
    from emailresponse import link_findings

    store, _ = linked_store
    path = tmp_path / "acme.duckdb.key"
    path.chmod(0o644)
    (finding,) = link_findings.examine(store, NOW, tmp_path / "acme.duckdb", {})
    assert (finding.kind, finding.named[0].name) == ("key_open", str(path))

    path.unlink()
    (finding,) = link_findings.examine(store, NOW, tmp_path / "acme.duckdb", {})
    assert (finding.kind, finding.named[0].name) == ("key_lost", ADA)


def test_credentials_that_are_missing_or_of_another_kind_are_faults(linked_store, tmp_path):
    """A file of the settings that is not there, or is something else, is named with its setting."""
    from emailresponse import link_findings, settings

    store, _ = linked_store
    path = tmp_path / "client.json"

    def kinds() -> list[str]:
        return [one.kind for one in link_findings.examine(store, NOW, tmp_path / "acme.duckdb", {})]

    settings.change(store, BY, "gmail.client_file", str(path))
    assert kinds() == ["credential_missing"]
    path.write_text('{"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----"}', "utf-8")
    path.chmod(0o600)
    assert kinds() == ["credential_wrong"]
    settings.change(store, BY, "gmail.client_file", "")
    settings.change(store, BY, "gmail.service_account_file", str(path))
    assert kinds() == ["delegated_empty"]
    settings.change(store, BY, "gmail.delegated", ["@acme.com"])
    assert kinds() == []
    path.chmod(0o644)
    assert kinds() == ["credential_open"]


def test_lost_link_is_mended_by_the_command_it_was_made_with(desk):
    """The doctor gives the command that links a mailbox again in the way it was linked."""
    store = Store.open(desk.folder / "acme.duckdb")
    with store.transaction():
        links.add(
            store,
            Vault.of(desk.folder / "acme.duckdb", {}),
            BY,
            provider="imap",
            account=ADA,
            way="password",
            secret="x",
            options={"host": "imap.acme.com", "port": 993},
        )
        store.run(
            "store/fail_reading", mailbox=ADA, ended_at=NOW, trouble="reconnect", reason="no", retry_at=None
        )
    store.close()

    assert f"\n      emailresponse link imap {ADA} --host imap.acme.com --port 993\n" in desk.run("doctor")[1]


@pytest.fixture
def linked_store(store, tmp_path):
    """Return a workspace in which Ada's mailbox was linked now, and its vault."""
    vault = Vault.of(tmp_path / "acme.duckdb", {})
    with store.transaction():
        links.add(store, vault, BY, provider="gmail", account=ADA, way="consent", secret="x")
    return store, vault
