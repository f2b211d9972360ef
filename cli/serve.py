"""`emailresponse serve`: the pages, for this machine alone."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click
from click.core import ParameterSource

from cli import workspace
from emailresponse.errors import SettingsError

LOCAL_HOSTS = ("127.0.0.1", "localhost")
TRIED_PORTS = 20
THREADS = 8


@click.command("serve")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="This machine's own address; no other yet."
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default="8000, or the next free one",
    help="Where to listen.",
)
@click.pass_context
def command(context: click.Context, host: str, port: int) -> None:
    """Serve the pages on this machine, and read the linked mailboxes as long as it runs.

    \b
    Example:
      emailresponse serve --port 8080
    """
    if host not in LOCAL_HOSTS:
        raise SettingsError(
            f"the pages have no sign-in yet, so they are served to this machine alone, not on {host};"
            " from elsewhere use a tunnel: ssh -L 8000:127.0.0.1:8000 THIS-MACHINE",
            "--host",
        )
    signal.signal(signal.SIGTERM, _stop)
    is_given = context.get_parameter_source("port") == ParameterSource.COMMANDLINE
    with workspace.opened(context.obj) as store, _upload_folder(Path(context.obj["db"])) as uploads:
        from emailresponse import derive
        from syncing.live import live
        from web import create_app

        if derive.is_stale(store):
            click.echo("Working out who waited for whom …", err=True)
            derive.refresh(store)
        db = Path(context.obj["db"])
        app = create_app(
            store,
            now=workspace.now,
            uploads=uploads,
            live=lambda pages: live(
                store, db, os.environ, pages.writing, workspace.now, changed=pages.changed
            ),
        )
        shared = app.extensions["workspace"]
        server = _listening(app, port, is_given=is_given)
        shared.bundle.warm()
        threading.Thread(target=app.test_client().get, args=("/",), name="first-page", daemon=True).start()
        click.echo(f"Serving {context.obj['db']} at http://127.0.0.1:{server.effective_port}/")
        click.echo("Stop with Ctrl-C.")
        try:
            shared.live.rota.start()
            server.run()
        finally:
            server.close()
            # Whoever reads or imports finishes the batch at hand; nothing touches the store afterwards.
            shared.live.rota.stop()
            shared.worker.stop()


def _listening(app: Any, port: int, *, is_given: bool) -> Any:
    """Return a server that listens on the port, or on the next free one where none was asked for.

    Raises:
        SettingsError: no port is free.
    """
    import waitress

    from web.app import UPLOAD_LIMIT

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    return waitress.create_server(
        app,
        sockets=[_socket(port, is_given=is_given)],
        threads=THREADS,
        ident="",
        max_request_body_size=UPLOAD_LIMIT,
        clear_untrusted_proxy_headers=True,
    )


def _socket(port: int, *, is_given: bool) -> socket.socket:
    for candidate in free_ports(port, is_given=is_given):
        try:
            return socket.create_server(("127.0.0.1", candidate))
        except OSError:
            continue
    raise SettingsError(f"port {port} is taken; give another", "--port")


def free_ports(port: int, *, is_given: bool) -> range:
    """Return the ports to try: the one that was asked for, or the default and what comes after it."""
    return range(port, port + 1 if is_given else min(port + TRIED_PORTS, 65536))


@contextmanager
def _upload_folder(db: Path) -> Iterator[Path]:
    """Give a folder beside the database, where there is room for what is uploaded; it goes at the end."""
    folder = db.with_name(f"{db.name}.uploads")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)  # the server keeps what is being sent in temporary files too
    try:
        yield folder
    finally:
        tempfile.tempdir = before
        shutil.rmtree(folder, ignore_errors=True)


def _stop(signal_number: int, frame: object) -> NoReturn:  # noqa: ARG001 - signal's signature
    raise KeyboardInterrupt
