"""`emailresponse serve`: this machine alone, a free port, a clean stop."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import group
from cli.serve import free_ports
from emailresponse.errors import SettingsError


def test_another_address_is_refused_until_there_is_a_sign_in(tmp_path):
    """Pages without a sign-in are not shown to the network, and the refusal says what to do."""
    result = CliRunner().invoke(group, ["--db", str(tmp_path / "a.duckdb"), "serve", "--host", "0.0.0.0"])

    assert isinstance(result.exception, SettingsError)
    assert "no sign-in yet" in str(result.exception)
    assert not (tmp_path / "a.duckdb").exists()


def test_taken_port_is_passed_over_only_where_none_was_asked_for():
    """Without a port the next free one is taken; a port that was asked for is that one or a refusal."""
    assert list(free_ports(8000, is_given=True)) == [8000]
    assert list(free_ports(8000, is_given=False))[:2] == [8000, 8001]
    assert list(free_ports(65535, is_given=False)) == [65535]


def test_asked_port_that_is_taken_is_named(tmp_path):
    """A port in use is named in one sentence."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = ["--db", str(tmp_path / "a.duckdb"), "serve", "--port", str(port)]
        result = CliRunner().invoke(group, words)

    assert isinstance(result.exception, SettingsError)
    assert str(port) in str(result.exception)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_address_is_printed_and_stopping_is_clean(tmp_path, stop):
    """The last lines say where the pages are and how to stop; a stop leaves no uploads and no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "cli.main",
        "--db",
        str(tmp_path / "a.duckdb"),
        "serve",
        "--port",
        str(port),
    ]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=environment
    ) as process:
        first, last = process.stdout.readline(), process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", first)
        assert found, process.stderr.read()
        address = found[0]
        with urllib.request.urlopen(address) as answer:
            assert "No messages yet" in answer.read().decode()
        process.send_signal(stop)
        _, complaints = process.communicate(timeout=40)

    assert "Ctrl-C" in last
    assert "Traceback" not in complaints
    assert process.returncode in {0, 130}
    assert list(tmp_path.glob("*.uploads")) == []
