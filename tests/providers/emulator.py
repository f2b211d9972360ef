"""The npm package `emulate`: sign-in with Google and Microsoft, and a Gmail, that nobody here wrote.

`make emulators` brings it. A test that starts it is marked `emulator`: it is skipped where the package is
absent, and fails under CI=true.
"""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx

FOLDER = Path(__file__).parent / "emulate"
NODE = FOLDER / "node_modules" / ".bin" / "node"
PROGRAM = FOLDER / "node_modules" / "emulate" / "dist" / "index.js"
PATIENCE_SECONDS = 30.0
ATTEMPTS = 3


def is_there() -> bool:
    """Say whether the package is installed."""
    return NODE.exists() and PROGRAM.exists()


@contextmanager
def emulating(
    seed: Mapping[str, Any], services: Sequence[str] = ("google", "microsoft"), base_url: str | None = None
) -> Iterator[dict[str, str]]:
    """Run the services on free ports of 127.0.0.1 and give their addresses by name.

    Args:
        seed: users, OAuth clients and messages, as emulate's seed file says them.
        services: which are started, in the order of their ports.
        base_url: the address that they say they have, e.g. https://login.microsoftonline.com.
    """
    with tempfile.TemporaryDirectory(prefix="emulate-") as folder:
        seeded = Path(folder) / "seed.json"
        seeded.write_text(json.dumps(seed), "utf-8")
        log = Path(folder) / "log"
        for attempt in range(1, ATTEMPTS + 1):  # somebody else may take a port between search and start
            first = _free_ports(len(services))
            command = [str(NODE), str(PROGRAM), "start", "--service", ",".join(services)]
            command += ["--port", str(first), "--seed", str(seeded)]
            command += ["--base-url", base_url] if base_url else []
            with log.open("wb") as out:
                running = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder
                )
            try:
                if _answers(running, range(first, first + len(services))):
                    yield {name: f"http://127.0.0.1:{first + no}" for no, name in enumerate(services)}
                    return
                assert attempt < ATTEMPTS, f"emulate did not start: {log.read_text('utf-8')}"
            finally:
                running.terminate()
                running.wait(10)


def signed_in(address: str, person: str) -> str:
    """Return the address to which a browser comes back after `person` was chosen on the sign-in page."""
    with httpx.Client(trust_env=False, timeout=PATIENCE_SECONDS) as browser:
        page = browser.get(address)
        assert page.status_code == 200, page.text
        forms = _Forms()
        forms.feed(page.text)
        action, fields = next(form for form in forms.found if person in form[1].values())
        back = browser.post(urljoin(address, action), data=fields)
        assert back.is_redirect, back.text
        return back.headers["location"]


class _Forms(HTMLParser):
    """The forms of a page: where each is sent, and its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.found.append((said.get("action") or "", {}))
        elif tag == "input" and self.found and said.get("name"):
            self.found[-1][1][str(said["name"])] = said.get("value") or ""


def _free_ports(count: int) -> int:
    """Return the first of so many free ports in a row."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            first: int = probe.getsockname()[1]
        if all(_is_free(port) for port in range(first, first + count)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def _answers(running: subprocess.Popen[bytes], ports: Sequence[int]) -> bool:
    """Wait until every port listens; False where the program ended before."""
    for port in ports:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            if running.poll() is not None or time.monotonic() > until:
                return False
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
    return True
