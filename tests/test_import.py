"""`emailresponse import`: whatever it is given, it ends in facts, named refusals and an honest status."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli import importing
from emailresponse.store import Store

sys.path.insert(0, str(Path(__file__).parent / "connectors"))
from mail import mbox, message, messages, written

COMMAND = [sys.executable, "-m", "cli.main"]


class Workspace:
    """A workspace in a folder, driven by the command line."""

    def __init__(self, folder):
        self.folder = folder
        self.db = folder / "w.duckdb"

    def command(self, *arguments):
        return [*COMMAND, "--db", str(self.db), "import", *map(str, arguments), "--no-derive"]

    def run(self, *arguments, mailbox="ada@acme.com"):
        said = ("--mailbox", mailbox) if mailbox else ()
        environment = os.environ | {"PYTHONWARNINGS": "default"}
        done = subprocess.run(
            self.command(*arguments, *said),
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr + done.stdout, done.stderr
        return done

    def facts(self):
        """Return the stored copies and observations, but for the moments of the imports."""
        store = Store.open(self.db)
        try:
            found = (
                store._connection.execute(
                    "SELECT * EXCLUDE (imported_at) FROM copy ORDER BY copy_key"
                ).fetchall()
                + store._connection.execute(
                    "SELECT copy_key, labels FROM placement ORDER BY placement_no"
                ).fetchall()
            )
        finally:
            store.close()
        return found

    def value(self, text):
        store = Store.open(self.db)
        try:
            return store._connection.execute(text).fetchall()
        finally:
            store.close()


@pytest.fixture
def workspace(tmp_path):
    """Return an empty workspace."""
    return Workspace(tmp_path)


def test_second_import_of_a_file_changes_nothing(workspace, tmp_path):
    """Everything is known; the facts are the same."""
    path = written(tmp_path / "a.mbox", mbox(*messages(20)))

    first = workspace.run(path)
    facts = workspace.facts()
    second = workspace.run(path)

    assert first.stdout.splitlines()[0] == "read 20  stored 20  already known 0  refused 0"
    assert second.stdout.splitlines()[0] == "read 20  stored 0  already known 20  refused 0"
    assert (first.returncode, second.returncode) == (0, 0)
    assert workspace.facts() == facts


def test_killed_import_ends_in_the_same_facts(workspace, tmp_path):
    """`kill -9` at any moment: the next run ends in the facts of a run that nobody stopped, once each."""
    path = written(tmp_path / "a.mbox", mbox(*messages(25_000)))
    (tmp_path / "other").mkdir()
    undisturbed = Workspace(tmp_path / "other")
    undisturbed.run(path)

    for wait in (0.9, 1.6, 2.4):
        running = subprocess.Popen(
            workspace.command(path, "--mailbox", "ada@acme.com"), cwd=tmp_path, stdout=subprocess.DEVNULL
        )
        time.sleep(wait)
        running.send_signal(signal.SIGKILL)
        running.wait()
    last = workspace.run(path)

    assert last.returncode == 0
    assert len(workspace.facts()) == 25_000
    assert workspace.facts() == undisturbed.facts()


def test_interrupted_import_says_so_and_keeps_what_was_stored(workspace, tmp_path):
    """Ctrl-C: a sentence, exit status 130, no traceback, a run without an end; the next run goes on."""
    path = written(tmp_path / "a.mbox", mbox(*messages(25_000)))
    running = subprocess.Popen(
        workspace.command(path, "--mailbox", "ada@acme.com"),
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(2)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=60)

    assert running.returncode in {130, 0}
    assert "Traceback" not in said
    whole = "(SELECT count(*) FROM copy) = 25000"
    assert workspace.value(f"SELECT count(ended_at) = 0 OR {whole} FROM import_run") == [(True,)]
    workspace.run(path)
    assert workspace.value("SELECT count(*) FROM copy") == [(25_000,)]


def test_bad_files_are_named_and_the_run_goes_on(workspace, tmp_path):
    """Refusals are counted and named with file, place and reason; the rest is stored; exit status 1."""
    good = written(tmp_path / "good.mbox", mbox(*messages(3)))
    prose = written(tmp_path / "diary.txt", b"Dear diary,\n")
    empty = written(tmp_path / "empty.mbox", b"")
    packed = gzip.compress(mbox(*messages(300)))
    cut = written(tmp_path / "cut.mbox.gz", packed[: len(packed) // 2])

    done = workspace.run(prose, empty, tmp_path / "absent", cut, good)

    assert done.returncode == 1
    assert "refused 4" in done.stdout
    assert f"refused {prose} at 0: no message, mbox, .jsonl or archive of them" in done.stdout
    assert f"refused {empty} at 0: empty" in done.stdout
    assert f"refused {tmp_path / 'absent'} at 0: no such file or folder" in done.stdout
    assert "truncated: the gzip data end early" in done.stdout


@pytest.mark.parametrize("data", [b"", b"nothing of the kind\n"])
def test_nothing_readable_is_exit_status_2(workspace, tmp_path, data):
    """An empty file, or prose: nothing could be read."""
    done = workspace.run(written(tmp_path / "x", data))

    assert done.returncode == 2
    assert "refused 1" in done.stdout
    assert "nothing could be read" in done.stderr


def test_odd_messages_are_kept_with_their_problems(workspace, tmp_path):
    """1970, 2107, no date, a 10 MB header, no From, no id, one id twice, NULs, CRLF, wrong encoding."""
    odd = [
        message(1, Date="Thu, 1 Jan 1970 00:00:00 +0000"),
        message(2, Date="Sat, 1 Jan 2107 00:00:00 +0000"),
        message(3, Date=None),
        message(4, X_Filler="y" * 10_000_000),
        message(5, From=None),
        message(6, Message_ID=None),
        message(7, Message_ID="<same@x>"),
        message(8, Message_ID="<same@x>"),
        message(9, Subject="a\0b"),
        message(10).replace(b"\n", b"\r\n"),
        message(11).replace(b"Lee", b"L\xe9e"),
        message(12, body="From here on\n\nFrom Ada\nSubject: not a message\n"),
    ]
    done = workspace.run(written(tmp_path / "odd.mbox", mbox(*odd)))

    assert done.stdout.splitlines()[0] == "read 12  stored 12  already known 0  refused 0"
    problems = dict(
        workspace.value("SELECT word, count(*) FROM (SELECT unnest(problems) AS word FROM copy) GROUP BY 1")
    )
    assert problems == {
        "incredible_time": 2,
        "no_time": 1,
        "oversized_header": 1,
        "no_from": 1,
        "no_message_id": 1,
        "nul_bytes": 1,
        "bad_encoding": 1,
    }


def test_many_refusals_are_counted_and_not_all_listed(workspace, tmp_path):
    """The list is capped, and says how many more there are."""
    done = workspace.run(written(tmp_path / "a.jsonl", b"{broken\n" * 50), mailbox=None)

    assert "refused 50" in done.stdout
    assert done.stdout.count("\n  refused ") == importing.NAMED_REFUSALS
    assert "and 30 more" in done.stdout
    assert workspace.value("SELECT count(*) FROM refusal") == [(50,)]


def line(number, mailbox, labels):
    """Return a line of .jsonl."""
    headers = {"From": "lee@client.example", "To": mailbox, "Message-ID": f"<{number}@x>"}
    copy = {"provider": "imap", "mailbox": mailbox, "id": str(number), "labels": labels, "headers": headers}
    return json.dumps(copy | {"at": "2026-03-02T09:00:00Z"}).encode() + b"\n"


def test_mailboxes_of_lines_become_ours(workspace, tmp_path):
    """Each mailbox that a file names is ours from then on; later labels of a copy are an observation."""
    lines = (
        line(1, "ada@acme.com", ["INBOX"]) + line(2, "bo@acme.com", []) + line(1, "ada@acme.com", ["TRASH"])
    )
    path = written(tmp_path / "a.jsonl", lines)

    done = workspace.run(path, mailbox=None)
    again = workspace.run(path, mailbox=None)

    assert done.stdout.splitlines()[0] == "read 3  stored 2  already known 1  refused 0"
    assert again.stdout.splitlines()[0] == "read 3  stored 0  already known 3  refused 0"
    assert workspace.value("SELECT mailbox, kind FROM mailbox ORDER BY 1") == [
        ("ada@acme.com", "personal"),
        ("bo@acme.com", "personal"),
    ]
    assert workspace.value("SELECT labels FROM placement") == [(["TRASH"],)]
    assert workspace.value("SELECT count(*) FROM internal_domain") == [(0,)]


def test_name_makes_a_person_who_owns_the_mailbox(workspace, tmp_path):
    """--name adds the person if nobody has the address."""
    path = written(tmp_path / "a.mbox", mbox(*messages(2)))

    workspace.run(path, "--name", "Ada Byron", mailbox="Ada@acme.com")
    workspace.run(path, "--name", "Ada Byron", mailbox="Ada@acme.com")

    assert workspace.value("SELECT person_id, name FROM person") == [("ada@acme.com", "Ada Byron")]
    assert workspace.value("SELECT mailbox, owner_id FROM mailbox") == [("ada@acme.com", "ada@acme.com")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--mailbox", "ada"), "'ada' is no e-mail address"), (("--name", "Ada"), "give --mailbox too")],
)
def test_wrong_options_are_a_sentence(workspace, tmp_path, arguments, said):
    """What is wrong is said; exit status 2."""
    done = workspace.run(written(tmp_path / "a.mbox", mbox(message(1))), *arguments, mailbox=None)

    assert done.returncode == 2
    assert said in done.stderr


def test_mail_without_a_mailbox_asks_for_one(workspace, tmp_path):
    """An mbox does not say whose it is."""
    done = workspace.run(written(tmp_path / "a.mbox", mbox(message(1))), mailbox=None)

    assert done.returncode == 2
    assert "whose messages? say it with --mailbox" in done.stdout


def test_exporters_that_make_new_ids_are_noticed(workspace, tmp_path):
    """More than 5 % that would merge is said, with the option; with it, nothing more is said."""
    same = [message(1, Message_ID=f"<{number}@exporter>") for number in range(3)]
    path = written(tmp_path / "a.mbox", mbox(*same, *messages(10)))

    first = workspace.run(path)
    merged = workspace.run(path, "--merge-copies")

    assert "3 of 13 copies (23%) would merge under --merge-copies" in first.stdout
    assert "would merge" not in merged.stdout
    assert workspace.value("SELECT DISTINCT is_merging FROM copy") == [(True,)]
