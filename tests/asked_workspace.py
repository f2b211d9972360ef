"""A small workspace on disk, made of messages by the real import, and the command line in this process."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.main import main

CONFIG = """[workspace]
zone = "Europe/Berlin"

[internal]
domains = ["acme.com"]
"""


@dataclass
class Desk:
    """The command line on one workspace."""

    folder: Path
    capture: pytest.CaptureFixture
    patch: pytest.MonkeyPatch

    def run(self, *words: str) -> tuple[int, str, str]:
        """Run a command; returns exit status, output and error output."""
        self.patch.chdir(self.folder)
        self.patch.setattr(sys, "argv", ["emailresponse", "--db", str(self.folder / "acme.duckdb"), *words])
        status = 0
        try:
            main()
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        out, err = self.capture.readouterr()
        return status, out, err

    def ask(self, *words: str):
        """Run a command with `--format json` and return what it printed."""
        status, out, err = self.run(*words, "--format", "json")
        assert status == 0, err
        return json.loads(out)


def line(number: int, at: str, sender: str, to: str, *, answers: int | None = None, **more) -> dict:
    """Return one copy as a line of .jsonl, in Ada's mailbox."""
    headers = {
        "Message-ID": f"<m{number}@{sender.partition('@')[2]}>",
        "From": sender,
        "To": to,
        "Date": at,
        "Subject": more.pop("subject", "=2+5 machines?"),
        **more.pop("headers", {}),
    }
    if answers:
        headers["In-Reply-To"] = f"<m{answers}@{more.pop('of', 'client.example')}>"
    return {
        "provider": "gmail",
        "mailbox": "ada@acme.com",
        "id": f"g{number}",
        "thread": more.pop("thread", f"t{number}"),
        "labels": ["SENT"] if sender.endswith("acme.com") else ["INBOX"],
        "at": at,
        "headers": headers,
    }


ADA, KIM, LEE = "ada@acme.com", "kim@client.example", "lee@other.example"
LINES = (
    line(1, "2026-03-02T08:00:00Z", KIM, ADA, thread="a"),
    line(2, "2026-03-02T08:30:00Z", KIM, ADA, answers=1, thread="a"),
    line(3, "2026-03-02T09:00:00Z", ADA, KIM, answers=2, thread="a"),
    line(4, "2026-03-03T08:00:00Z", LEE, ADA, subject="Prices"),
    line(
        5,
        "2026-03-04T08:00:00Z",
        "news@shop.example",
        ADA,
        headers={"List-Unsubscribe": "<https://shop.example>"},
    ),
    line(6, "2026-03-06T16:00:00Z", "max@third.example", ADA),
)


@pytest.fixture(scope="session")
def imported(tmp_path_factory) -> Path:
    """Return a folder with the workspace, imported once."""
    folder = tmp_path_factory.mktemp("asked")
    (folder / "config.toml").write_text(CONFIG, "utf-8")
    (folder / "mail.jsonl").write_text("".join(json.dumps(one) + "\n" for one in LINES), "utf-8")
    for words in (("people", "add", "Ada", "ada@acme.com"), ("import", "mail.jsonl")):
        with pytest.MonkeyPatch.context() as patch, contextlib.suppress(SystemExit):
            patch.chdir(folder)
            patch.setattr(sys, "argv", ["emailresponse", "--db", "acme.duckdb", *words])
            main()
    return folder


@pytest.fixture
def desk(imported, tmp_path, capsys, monkeypatch) -> Desk:
    """Return the command line on a workspace with six messages to and from Ada."""
    shutil.copytree(imported, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("COLUMNS", "80")
    return Desk(tmp_path, capsys, monkeypatch)
