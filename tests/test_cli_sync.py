"""`emailresponse sync`: linked mailboxes are read once or in the foreground, and stopping loses nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from emailresponse import derive
from emailresponse.errors import (
    AuthorizationLost,
    MailboxEmptied,
    ProviderDown,
    ProviderWrong,
    RateLimited,
    SettingsError,
    StoreFull,
)
from emailresponse.store import Store
from tests.conftest import ROOT
from tests.memory_providers import ADA, BEN

pytest_plugins = ["tests.asked_workspace", "tests.linked_desk"]


def process(folder, *words: str, **told) -> subprocess.Popen:
    """Start the command line over providers in memory as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.memory_providers", "--db", str(folder / "acme.duckdb"), *words],
        cwd=ROOT,
        env={
            **os.environ,
            "TOLD": json.dumps(told),
            "EMAILRESPONSE_CONFIG": "config.toml",
            "PYTHONPATH": str(ROOT),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_once_reads_all_and_works_it_into_the_figures(linked):
    """Every linked mailbox is caught up, a line each and a sum are printed, and the figures know it."""
    linked.providers.mail = {ADA: 3, BEN: 2}
    linked.run("link", "gmail", "--delegated", ADA, BEN)
    status, out, _ = linked.run("sync", "--once")

    assert status == 0
    assert f"{ADA}: read 3, stored 3, already known 0, refused 0" in out
    assert "2 mailboxes: read 5, stored 5, already known 0, refused 0" in out
    assert max(map(len, out.splitlines())) <= 80
    store = Store.open(linked.folder / "acme.duckdb")
    assert not derive.is_stale(store)
    store.close()
    assert linked.about()["synced_at"]
    assert linked.run("sync", "--once")[1].endswith(
        "2 mailboxes: read 0, stored 0, already known 0, refused 0\n"
    )


def test_once_reads_the_mailbox_that_is_asked_for(linked):
    """--mailbox reads one of them; one that is not linked is an error."""
    linked.providers.mail = {ADA: 3, BEN: 2}
    linked.run("link", "gmail", "--delegated", ADA, BEN)

    assert linked.run("sync", "--once", "--mailbox", BEN)[0] == 0
    assert (linked.about(ADA)["stored_count"], linked.about(BEN)["stored_count"]) == (0, 2)
    assert linked.run("sync", "--once", "--mailbox", "eve@acme.com")[0] == 2
    assert linked.run("sync", "--mailbox", BEN)[0] == 2


def test_nothing_linked_is_said(linked):
    """Where nothing is linked it says how to begin."""
    status, _, err = linked.run("sync", "--once")

    assert status == 2
    assert "emailresponse link gmail" in err


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (AuthorizationLost(BEN, "invalid_grant"), f"emailresponse link gmail --delegated {BEN}"),
        (RateLimited("quota", 900), "asks for patience"),
        (ProviderDown("503"), "did not answer"),
        (ProviderWrong("domainPolicy"), "docs/gmail.md"),
        (MailboxEmptied(BEN), "nothing was changed"),
        (StoreFull(ROOT / "acme.duckdb", "No space left on device"), "Make room on the disk"),
        (SettingsError("is not set", "gmail.service_account_file"), "gmail.service_account_file is not set"),
        (ZeroDivisionError("of ben@acme.com"), "ZeroDivisionError"),
    ],
)
def test_trouble_of_one_says_what_to_do_and_keeps_none_from_the_others(linked, error, said):
    """Whatever one mailbox meets is told with its remedy; the others are read, and the exit status is 1."""
    linked.providers.mail = {ADA: 3}
    linked.providers.faults[BEN] = error
    linked.run("link", "gmail", "--delegated", ADA, BEN)
    status, out, err = linked.run("sync", "--once")

    assert status == 1
    assert said in " ".join(out.split())
    assert f"{ADA}: read 3, stored 3" in out
    assert "Traceback" not in out + err
    assert max(map(len, out.splitlines())) <= 80


def test_nothing_read_at_all_has_status_2(linked):
    """If every mailbox met trouble before anything came, the exit status is 2."""
    linked.providers.faults[ADA] = ProviderDown("503")
    linked.run("link", "gmail", "--delegated", ADA)

    assert linked.run("sync", "--once")[0] == 2


def test_lost_and_patient_mailboxes_are_not_asked(linked):
    """A mailbox to be linked again, or whose provider asked to wait, is left alone and told."""
    linked.providers.mail = {ADA: 1, BEN: 1}
    linked.providers.faults = {ADA: AuthorizationLost(ADA, "invalid_grant"), BEN: RateLimited("quota", 900)}
    linked.run("link", "gmail", "--delegated", ADA, BEN)
    linked.run("sync", "--once")
    linked.providers.faults.clear()
    linked.providers.mail = {ADA: 2, BEN: 2}
    status, out, _ = linked.run("sync", "--once")

    assert status == 2
    assert "has to be linked again" in out
    assert "asked to wait until" in " ".join(out.split())
    assert linked.about(BEN)["stored_count"] == 1
    assert linked.run("sync", "--once", "--mailbox", BEN)[0] == 0
    assert linked.run("link", "gmail", "--delegated", ADA)[0] == 0
    assert linked.run("sync", "--once")[0] == 0
    assert linked.about(ADA)["stored_count"] == 2


def test_killed_anywhere_the_next_run_ends_in_the_same_facts(linked):
    """Kill -9 in the middle of a first read loses nothing and doubles nothing, however often."""
    linked.run("link", "gmail", "--delegated", ADA)
    for place in (0, 7, 7, 19, 38):
        running = process(linked.folder, "sync", "--once", mail={ADA: 40}, killed_at=place)
        running.communicate(timeout=60)
    assert running.returncode in {-signal.SIGKILL, 0}
    out, err = process(linked.folder, "sync", "--once", mail={ADA: 40}).communicate(timeout=60)

    assert "refused 0" in out, err
    assert linked.about()["stored_count"] == 40
    linked.run("export", "tables", "--format", "csv")
    assert (linked.folder / "tables" / "copies.csv").read_text("utf-8").count("\n") - 1 == 40


@pytest.mark.parametrize(("words", "status"), [(("sync", "--once"), 130), (("sync",), 0)])
def test_stopping_finishes_the_batch_at_hand(linked, words, status):
    """SIGTERM ends it soon; what was read is stored with its cursor, and the next run goes on behind it."""
    linked.run("link", "gmail", "--delegated", ADA)
    running = process(linked.folder, *words, mail={ADA: 2_000}, slow=0.05)
    while "reading" not in (line := running.stderr.readline()):
        assert line, "it ended by itself"
    running.send_signal(signal.SIGTERM)
    out, err = running.communicate(timeout=60)

    assert running.returncode == status, out + err
    assert "Traceback" not in err
    assert "tored" in err
    stored = linked.about()["stored_count"]
    assert 2 <= stored < 2_000
    linked.providers.mail = {ADA: stored + 5}
    linked.run("sync", "--once")
    assert linked.about()["stored_count"] == stored + 5


def test_second_process_is_told_who_holds_the_database(linked):
    """While one process reads, another says which holds the database, and changes nothing."""
    linked.run("link", "gmail", "--delegated", ADA)
    running = process(linked.folder, "sync", mail={ADA: 2_000}, slow=0.05)
    while "reading" not in (line := running.stderr.readline()):
        assert line, "it ended by itself"
    status, _, err = linked.run("sync", "--once")
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)

    assert status == 2
    assert str(running.pid) in err
