"""config.toml: applied when it has changed, whole or not at all; every fault named by its place."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import group
from emailresponse import (
    audit,
    configuration,
    configured,
    domains,
    goals,
    mailboxes,
    people,
    schedules,
    senders,
    settings,
    teams,
)
from emailresponse.audit import Change
from emailresponse.errors import SettingsError, StoreDamaged
from emailresponse.store import Store
from tests.conftest import ROOT

CHANGE = Change(datetime(2026, 1, 1, 9), "ada")
WHOLE = """
[workspace]
zone = "Europe/Berlin"
[privacy]
subjects = false
[rules]
lapse_days = 10
due_soon_share = 0.5
[internal]
domains = ["*.acme.com"]
groups = ["all@acme.com", { address = "team@acme.com", name = "Team" }]
[senders]
forms = ["forms@site.example"]
dismissed = [{ sender = "news.example", reason = "newsletter" }]
[[teams]]
name = "Sales"
[[people]]
name = "Ada"
addresses = ["ada@acme.com", "al@acme.com"]
teams = ["sales"]
from = 2025-01-01
leave = [{ from = 2026-07-01, until = 2026-07-14, name = "summer" }]
[[people]]
name = "Bob"
addresses = "bob@acme.com"
teams = [{ team = "Sales", from = 2025-03-01, until = 2025-12-31 }]
[[mailboxes]]
address = "ada@acme.com"
backfill_from = 2025-01-01T02:00:00+02:00
[[mailboxes]]
address = "sales@acme.com"
kind = "shared"
members = ["Ada", "bob@acme.com"]
[[schedules]]
hours = { mon-thu = ["09:00-12:30", "13:30-18:00"], fri = "09:00-15:00" }
country = "de"
region = "BY"
days_off = [2026-12-24, { day = 2026-12-31, name = "New Year's Eve" }]
ics = ["off.ics"]
[[schedules]]
team = "sales"
hours = ["mon-fri 08:00-18:00"]
zone = "America/New_York"
from = 2026-03-01
[[goals]]
within = "1h"
[[goals]]
person = "Ada"
class = "all"
within = "2 h"
clock = "calendar"
share = 0.8
from = 2026-01-01
"""
OFF = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260105\r\n"
    "SUMMARY:Bridge\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nDTSTART:20260106T100000Z\r\nEND:VEVENT\r\n"
    "END:VCALENDAR\r\n"
)


@pytest.fixture
def config(tmp_path) -> Path:
    """Return a configuration that says something of everything."""
    path = tmp_path / "config.toml"
    path.write_text(WHOLE, "utf-8")
    (tmp_path / "off.ics").write_text(OFF, "utf-8")
    return path


def test_everything_is_stored(store, config):
    """Each table of the file ends in the facts it speaks of."""
    applied = configuration.apply(store, config, CHANGE)

    held = settings.load(store)
    assert (held.zone, held.privacy_subjects, held.lapse_days, held.due_soon_share) == (
        "Europe/Berlin",
        False,
        10,
        0.5,
    )
    assert [one.pattern for one in domains.listed(store)] == ["*.acme.com"]
    assert [one.name for one in domains.groups(store)] == [None, "Team"]
    assert [one.address for one in senders.forms(store)] == ["forms@site.example"]
    assert [one.pattern for one in senders.dismissed(store)] == ["news.example"]
    assert [one.person_id for one in people.listed(store)] == ["ada@acme.com", "bob@acme.com"]
    assert [(one.from_day, one.until_day) for one in teams.memberships(store)] == [
        (date(2025, 1, 1), None),
        (date(2025, 3, 1), date(2025, 12, 31)),
    ]
    assert people.leaves(store)[0].until_day == date(2026, 7, 14)
    ada, sales = mailboxes.listed(store)
    assert (ada.owner_id, ada.backfill_from) == ("ada@acme.com", datetime(2025, 1, 1))
    assert sales.members == ("ada@acme.com", "bob@acme.com")
    team, workspace = schedules.listed(store)
    assert (team.zone, workspace.zone, workspace.country) == ("America/New_York", "Europe/Berlin", "DE")
    assert [str(one.day) for one in workspace.days_off] == ["2026-01-05", "2026-12-24", "2026-12-31"]
    assert len(goals.listed(store)) == 7
    assert applied.remarks == ("off.ics: 1 events are no whole days and close nothing",)


def test_the_same_file_changes_nothing(store, config):
    """An unchanged file is not applied again; applied by hand it finds nothing new and logs no change."""
    assert configuration.apply_changed(store, config, CHANGE).changed_count > 0
    store._connection.execute("DELETE FROM pending_rebuild")
    logged = len(audit.listed(store, 1000))

    assert configuration.apply_changed(store, config, CHANGE) is None
    assert configuration.apply(store, config, CHANGE).changed_count == 0
    assert len(audit.listed(store, 1000)) == logged + 1
    assert store._connection.execute("FROM pending_rebuild").fetchall() == []


def test_a_changed_file_updates_and_removes_nothing(store, config):
    """Entries are updated under their natural key; what the file no longer says stays."""
    configuration.apply(store, config, CHANGE)
    config.write_text(
        '[[people]]\nname = "Ada L."\naddresses = ["Ada@acme.com"]\n'
        '[[schedules]]\nhours = "24/7"\n[[goals]]\nclass = "lead_new"\nwithin = "30m"\n'
    )

    assert configuration.apply_changed(store, config, CHANGE).changed_count == 3
    assert people.person(store, "ada@acme.com").name == "Ada L."
    assert people.person(store, "ada@acme.com").addresses == ("ada@acme.com", "al@acme.com")
    assert len(people.listed(store)) == 2
    assert len(schedules.listed(store)) == 2
    assert goals.of(store, wait_class="lead_new", day=date(2026, 1, 1)).seconds == 1800


def test_a_changed_calendar_file_counts_as_a_change(store, config):
    """The digest covers the .ics files that the configuration names."""
    configuration.apply(store, config, CHANGE)
    (config.parent / "off.ics").write_text(OFF.replace("20260105", "20260107"), "utf-8")

    assert configuration.apply_changed(store, config, CHANGE).changed_count == 1


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("[workspace", "config.toml", "is no TOML"),
        ("[workspace]\nzone = 'Mars'", "setting zone", "is no IANA zone"),
        (
            "[workspace]\ncolour = 'red'",
            "workspace.colour",
            "there is no such entry; see config.example.toml",
        ),
        ("[rules]\nlapse = 3", "setting lapse", "did you mean lapse_days?"),
        ("[rules]\nlapse_days = 0", "setting lapse_days", "0 is not between 1 and 365"),
        ("[rules]\nlapse_days = 1.5", "setting lapse_days", "is no whole number"),
        ("[internal]\ndomains = ['gmail.com']", "internal.domains", "is a free-mail domain"),
        ("[[teams]]\nid = 'x'", "[[teams]] entry 1, name", "is missing"),
        ("[[teams]]\nname = 'A'\nid = 'A B'", "[[teams]] entry 1 (A)", "is no id; write 'a-b'"),
        (
            "[[people]]\nname = 'Ada'\naddresses = []",
            "[[people]] entry 1 (Ada), addresses",
            "give at least one",
        ),
        ("[[people]]\nname = 'Ada'\naddresses = ['x']", "[[people]] entry 1 (Ada)", "is no e-mail address"),
        (
            "[[people]]\nname = 'Ada'\naddresses = ['a@b.example']\nteams = ['x']",
            "[[people]] entry 1 (Ada)",
            "no team x; list it in the file or add it by command",
        ),
        (
            "[[mailboxes]]\naddress = 'a@b.example'\nkind = 'odd'",
            "entry 1 (a@b.example), kind",
            "(it says 'odd')",
        ),
        (
            "[[schedules]]\nhours = 'mon 17:00-09:00'",
            "[[schedules]] entry 1 (workspace)",
            "closes before it opens",
        ),
        (
            "[[schedules]]\nhours = 3",
            "[[schedules]] entry 1, hours",
            "write a text, a list of texts or a table",
        ),
        ("[[schedules]]\nhours = '24/7'\nics = ['no.ics']", "no.ics", "cannot be read"),
        ("[[goals]]\nwithin = 'soon'", "[[goals]] entry 1 (workspace, lead)", "is no duration"),
        ("[[goals]]\nteam = 'a'\nperson = 'b'\nwithin = '1h'", "[[goals]] entry 1", "belongs to one only"),
    ],
)
def test_every_fault_names_its_place_and_what_to_change(store, tmp_path, text, place, reason):
    """An error says where in the file it stands and what may stand there; nothing of the file is kept."""
    path = tmp_path / "config.toml"
    path.write_text(
        "[[people]]\nname = 'Zoe'\naddresses = ['zoe@b.example']\n" * ("[[people]]" not in text) + text
    )

    with pytest.raises(SettingsError) as caught:
        configuration.apply_changed(store, path, CHANGE)

    assert place in str(caught.value)
    assert reason in str(caught.value)
    assert people.listed(store) == []
    assert audit.listed(store) == []


def test_turning_subjects_off_erases_them(store):
    """One switch erases every stored subject; its digest stays."""
    store._connection.execute(
        "INSERT INTO copy BY NAME SELECT 1 AS copy_key, 'a@b.example' AS mailbox, 'file' AS provider,"
        " '1' AS provider_id, TIMESTAMP '2025-01-01' AS imported_at, [] AS labels, false AS is_hidden,"
        " false AS is_merging, 'Secret' AS subject, 'ab' AS subject_digest, false AS is_from_list,"
        " [] AS reply_to, [] AS to_addresses, [] AS cc_addresses, [] AS bcc_addresses, [] AS delivered_to,"
        " [] AS reply_ids, [] AS reference_ids, [] AS unsubscribe_hosts, [] AS marks, [] AS problems"
    )

    with store.transaction():
        assert settings.change(store, CHANGE, "privacy.subjects", "no")

    assert store._connection.execute("SELECT subject, subject_digest FROM copy").fetchall() == [(None, "ab")]
    assert settings.load(store).privacy_subjects is False


def example(*, is_said: bool) -> str:
    """Return config.example.toml as it is, or with everything said that it shows."""
    text = (ROOT / "config.example.toml").read_text("utf-8")
    if not is_said:
        return text
    assignment = re.compile(r"^# ?((?:\[\[\w+\]\])|(?:\w+ = .*))$", re.MULTILINE)
    return assignment.sub(r"\1", text)


def test_the_example_says_nothing_until_something_is_taken_in():
    """Every line of the example but the table names is a comment, so a copy changes nothing."""
    assert configured.Configured.model_validate(tomllib.loads(example(is_said=False))).settings() == {}


def test_the_example_shows_every_setting_with_its_default(tmp_path):
    """What the example says of settings is what holds without it, and it names every setting and entry."""
    said = configured.Configured.model_validate(tomllib.loads(example(is_said=True)))
    store = Store.open(None)

    assert said.settings() == settings.values(store)
    for table in ("teams", "people", "mailboxes", "schedules", "goals"):
        shown = {name for entry in getattr(said, table) for name in entry.model_fields_set}
        text = (ROOT / "config.example.toml").read_text("utf-8")
        for name, field in type(getattr(said, table)[0]).model_fields.items():
            assert name in shown or f"{field.alias or name} = " in text, f"{table}.{name}"
    store.close()


def test_the_example_can_be_applied(store, tmp_path):
    """With everything taken in, the example is a workspace that can be."""
    (tmp_path / "config.toml").write_text(example(is_said=True), "utf-8")
    (tmp_path / "company-holidays.ics").write_text(OFF, "utf-8")

    assert configuration.apply(store, tmp_path / "config.toml", CHANGE).changed_count > 10


def run(folder: Path, *words: str):
    """Run a command on a workspace in a folder."""
    return CliRunner().invoke(group, ["--db", str(folder / "w.duckdb"), *words])


def test_a_changed_configuration_is_applied_before_a_command(config):
    """Any command works on what the file says now."""
    words = ("--config", str(config), "people", "list", "--format", "csv")

    first, second = run(config.parent, *words), run(config.parent, *words)

    assert "new or changed" in first.stderr
    assert second.stderr == ""
    assert first.stdout == second.stdout
    assert "ada@acme.com,Ada,ada@acme.com al@acme.com,sales,2025-01-01," in first.stdout


def test_a_configuration_that_is_named_must_be_there(tmp_path):
    """Only the file of the default name may be absent."""
    assert run(tmp_path, "people", "list").exception is None

    assert "there is no such file" in str(
        run(tmp_path, "--config", str(tmp_path / "x.toml"), "people", "list").exception
    )


def test_what_is_no_database_is_refused(tmp_path):
    """A file that is something else, or a folder that is not there, is named."""
    (tmp_path / "w.duckdb").write_text("hello")

    assert isinstance(run(tmp_path, "people", "list").exception, StoreDamaged)
    assert "make it, or give another --db" in str(run(tmp_path / "none", "people", "list").exception)


def test_settings_are_kept_by_command(tmp_path):
    """Settings, domains, groups and senders are added, changed, listed and ended; the log says by whom."""
    run(tmp_path, "config", "change", "lapse_days", "10")
    run(tmp_path, "config", "add", "domain", "*.acme.com")
    run(tmp_path, "config", "add", "group", "all@acme.com")
    run(tmp_path, "config", "end", "group", "all@acme.com")

    listed = run(tmp_path, "config", "list", "--format", "csv").output

    assert "setting,lapse_days,10," in listed
    assert "domain,*.acme.com,," in listed
    assert "all@acme.com" not in listed
    assert "group removed" in run(tmp_path, "config", "log").output


def test_now_is_utc():
    """A change is stamped in UTC, wherever the machine stands."""
    from cli import workspace

    assert abs(workspace.now() - datetime.now(UTC).replace(tzinfo=None)).total_seconds() < 5
