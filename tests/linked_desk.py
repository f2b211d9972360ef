"""The command line in this process, on an empty workspace whose mailboxes lie at providers in memory."""

from __future__ import annotations

import io
import sys

import pytest

from cli.main import main
from tests.asked_workspace import Desk
from tests.memory_providers import ADA, Providers


class LinkedDesk(Desk):
    """The command line on a workspace whose providers lie in memory."""

    providers: Providers

    def run(self, *words: str, typed: str = "") -> tuple[int, str, str]:
        """Run a command; `typed` is its standard input."""
        self.patch.chdir(self.folder)
        self.patch.setattr(sys, "argv", ["emailresponse", "--db", str(self.folder / "acme.duckdb"), *words])
        self.patch.setattr(sys, "stdin", io.StringIO(typed))
        status = 0
        try:
            main(self.providers.package)
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        out, err = self.capture.readouterr()
        return status, out, err

    def about(self, mailbox: str = ADA) -> dict:
        """Return what `link list` says of a mailbox."""
        (found,) = [one for one in self.ask("link", "list") if one["mailbox"] == mailbox]
        return found


@pytest.fixture
def linked(tmp_path, capsys, monkeypatch) -> LinkedDesk:
    """Return the command line on an empty workspace."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("EMAILRESPONSE_KEY", raising=False)
    desk = LinkedDesk(tmp_path, capsys, monkeypatch)
    desk.providers = Providers()
    return desk
