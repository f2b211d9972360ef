"""The invented team's mail: the same bytes every time, with everything that metrics.md speaks of."""

from __future__ import annotations

import json
import mailbox
import zipfile
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.demo import command
from connectors.demo.people import DOMAIN, MEMBERS, SALES, STALE_MAILBOX, SUPPORT
from connectors.demo.writing import DEFAULT_UNTIL, imagine, write
from emailresponse import configuration
from emailresponse.audit import Change

SEED, DAYS = 7, 182


@pytest.fixture(scope="module")
def held():
    """Return every copy of the default demo."""
    return imagine(SEED, DAYS, DEFAULT_UNTIL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a short demo."""
    path = tmp_path_factory.mktemp("demo")
    write(path, days=30)
    return path


def contents(path: Path) -> dict[str, bytes]:
    """Return every file below a folder by its name."""
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def test_same_seed_writes_the_same_bytes(folder, tmp_path, foreign_zone):
    """Figures of the demo are the same on every machine, wherever it stands."""
    write(tmp_path, days=30)

    assert contents(folder) == contents(tmp_path)


def test_another_seed_writes_other_mail(folder, tmp_path):
    """Another number gives another half year."""
    write(tmp_path, days=30, seed=8)

    assert contents(folder) != contents(tmp_path)


def test_writing_again_leaves_nothing_of_before(folder, tmp_path):
    """A second demo in the same folder replaces the first."""
    write(tmp_path, days=40, seed=3)
    write(tmp_path, days=30)

    assert contents(folder) == contents(tmp_path)


def test_demo_has_six_to_ten_thousand_copies(held):
    """The demo is large enough for its statistics and small enough for a minute."""
    assert 6_000 <= len(held) <= 10_000


def test_no_message_lies_behind_the_last_day(held):
    """The mail ends on the day asked for and begins half a year before."""
    days = [copy.held_at.date() for copy in held]

    assert max(days) == DEFAULT_UNTIL
    assert min(days) >= DEFAULT_UNTIL - timedelta(days=DAYS)


def test_a_mailbox_stops_syncing_early(held):
    """One mailbox is known three weeks less far than the others."""
    newest = max(copy.held_at for copy in held if copy.mailbox == STALE_MAILBOX)

    assert newest.date() < DEFAULT_UNTIL - timedelta(days=20)


def test_every_mailbox_has_mail(held):
    """Each person and the support desk receive and send."""
    kinds = {(copy.mailbox, copy.is_sent) for copy in held}

    assert kinds == {
        (box, sent) for box in (*(m.address for m in MEMBERS), SUPPORT) for sent in (True, False)
    }


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("List-ID", "<sales."),
        ("X-Original-From", "@"),
        ("Reply-To", "@"),
        ("Auto-Submitted", "auto-replied"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Failed-Recipients", "@"),
        ("List-Unsubscribe", "furnaceweekly"),
        ("Content-Type", "text/calendar"),
        ("From", "no-reply@"),
        ("Sender", f"@{DOMAIN}"),
        ("Cc", f"@{DOMAIN}"),
        ("References", "> <"),
    ],
)
def test_demo_has_what_the_rules_speak_of(held, name, words):
    """Every kind of message that a rule decides about comes several times."""
    found = {
        copy.message.message_id
        for copy in held
        if any(n == name and words in value for n, value in copy.headers)
    }

    assert len(found) >= 5


def test_group_messages_are_held_by_its_members(held):
    """What is written to sales@ lies in each member's mailbox, as a group delivers it."""
    copies = Counter(
        copy.message.message_id
        for copy in held
        if not copy.is_sent and [party.address for party in copy.message.to] == [SALES]
    )

    assert copies.most_common(1)[0][1] == 5


def test_a_sender_of_a_strict_domain_is_rewritten_by_the_group(held):
    """The group writes its own address into From and keeps the author where only care finds it."""
    rewritten = [dict(copy.headers) for copy in held if "X-Original-From" in dict(copy.headers)]

    assert rewritten
    assert all(SALES in fields["From"] and " via Sales" in fields["From"] for fields in rewritten)


def test_takeout_is_an_archive_as_google_writes_it(folder):
    """The archive holds one mbox with thread ids and labels."""
    (path,) = (folder / "mail").glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        text = archive.read(name).decode()

    assert name.startswith("Takeout/Mail/")
    assert text.count("\nX-GM-THRID: ") == text.count("\nX-Gmail-Labels: ") == text.count("\nMessage-ID: ")


def test_mbox_and_maildir_are_read_by_python(folder):
    """The files are what they say they are, to a reader nobody here wrote."""
    (mbox,) = (folder / "mail").glob("*.mbox")
    (maildir,) = (folder / "mail").glob("*.maildir")
    read = mailbox.mbox(mbox, create=False)
    desk = mailbox.Maildir(maildir, create=False)

    assert all(message["Message-ID"] for message in read)
    assert len(desk) > 0
    assert len(desk.get_folder("Sent")) > 0
    read.close()
    desk.close()


def test_second_look_sees_labels_change(folder):
    """The later file holds known copies that their owner has since put into the bin."""
    first = [json.loads(line) for line in (folder / "mail" / "gmail-1.jsonl").read_text("utf-8").splitlines()]
    later = [json.loads(line) for line in (folder / "mail" / "gmail-2.jsonl").read_text("utf-8").splitlines()]

    assert later
    assert {line["id"] for line in later} < {line["id"] for line in first}
    assert all(line["labels"] == ["TRASH"] for line in later)


def test_every_address_is_reserved(held):
    """Nobody real can be meant: every address is below .example."""
    addresses = {
        party.address for copy in held for party in (copy.message.sender, *copy.message.to, *copy.message.cc)
    }

    assert all(address.endswith(".example") for address in addresses)


def test_settings_can_be_applied(folder, store):
    """The demo's config.toml is accepted as it is."""
    applied = configuration.apply(store, folder / "config.toml", Change(datetime(2026, 7, 1), "test"))

    assert applied.changed_count > 20


def test_command_says_what_to_do_next(tmp_path):
    """The command names every import that makes the demo a workspace."""
    result = CliRunner().invoke(command, [str(tmp_path / "new"), "--days", "20", "--until", "2025-03-31"])

    assert result.exit_code == 0, result.output
    assert result.output.count(" import ") == 6
    assert (tmp_path / "new" / "config.toml").is_file()


def test_demo_of_other_days_ends_on_the_day_asked_for():
    """The last day is an option, so that a demo can be of last month."""
    until = date(2024, 3, 31)

    assert max(copy.held_at.date() for copy in imagine(1, 60, until)) == until
