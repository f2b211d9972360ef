"""A real IMAP server for tests: Dovecot on a free port of the loopback interface, in a folder of its own.

Anybody who knows the password has a mailbox there, so each test takes a user of its own.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from imapclient import IMAPClient

PASSWORD = "secret-of-tests"
PLAIN_CAPABILITIES = "IMAP4rev1 LITERAL+ ID NAMESPACE SPECIAL-USE UIDPLUS MOVE UNSELECT"
"""What a server without CONDSTORE and QRESYNC offers."""

_CONFIG = """\
base_dir = {folder}/run
state_dir = {folder}/state
instance_name = emailresponse-tests
log_path = {folder}/log/dovecot.log
protocols = imap
listen = 127.0.0.1
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 0
mail_fsync = never
mail_location = maildir:{folder}/mail/%u
mail_max_userip_connections = {connections}
imap_logout_format = body_count=%{{fetch_body_count}} hdr_count=%{{fetch_hdr_count}}
{settings}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
  process_min_avail = 1
  {chroot}
}}
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  {chroot}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  prefix = {prefix}
{mailboxes}
}}
"""

_TLS = """\
ssl = {ssl}
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
"""

SPECIAL = (
    ("Sent", "Sent"),
    ("Drafts", "Drafts"),
    ("Junk", "Junk"),
    ("Trash", "Trash"),
    ("Archive", "Archive"),
)


class Dovecot:
    """A Dovecot that can be stopped, killed and started again on the same mail.

    Args:
        folder: where everything lies.
        special: names of folders and their special use; a folder without one has an empty use.
        capability: what the server offers, in place of all it can.
        ssl: `no`, `yes` or `required`.
        host: the name in its certificate.
        prefix: what every folder's name begins with.
        connections: connections that one user may have.
    """

    def __init__(
        self,
        folder: Path,
        *,
        special: tuple[tuple[str, str], ...] = SPECIAL,
        capability: str = "",
        ssl: str = "no",
        host: str = "localhost",
        prefix: str = "",
        connections: int = 50,
    ) -> None:
        self.folder = folder
        self.port, self.tls_port = _free_ports() if ssl != "no" else (_free_ports()[0], 0)
        for name in ("run", "state", "log", "mail"):
            (folder / name).mkdir()
        is_root = os.getuid() == 0
        owner = "mail" if is_root else pwd.getpwuid(os.getuid()).pw_name
        if is_root:
            shutil.chown(folder / "mail", "mail", "mail")
        settings = "ssl = no\n"
        if ssl != "no":
            certify(folder, host)
            settings = _TLS.format(folder=folder, ssl=ssl)
        if capability:
            settings += f"imap_capability = {capability}\n"
        if not is_root:
            settings += f"default_login_user = {owner}\ndefault_internal_user = {owner}\n"
        mailboxes = "\n".join(
            f'  mailbox "{name}" {{\n    auto = subscribe\n'
            + (f"    special_use = \\{use}\n" if use else "")
            + "  }"
            for name, use in special
        )
        self._config = folder / "dovecot.conf"
        self._config.write_text(
            _CONFIG.format(
                folder=folder,
                port=self.port,
                tls_port=self.tls_port,
                settings=settings,
                password=PASSWORD,
                owner=owner,
                group=pwd.getpwnam(owner).pw_gid,
                mailboxes=mailboxes,
                prefix=prefix,
                connections=connections,
                chroot="" if is_root else "chroot =",
            )
        )

    @property
    def log(self) -> str:
        """What it has written so far."""
        return (self.folder / "log" / "dovecot.log").read_text()

    def start(self) -> None:
        """Start it and wait until it answers."""
        # The daemon keeps what it was started with open, so a pipe would never end.
        with (self.folder / "log" / "start").open("w") as told:
            subprocess.run(["dovecot", "-c", str(self._config)], check=True, stdout=told, stderr=told)
        for _ in range(200):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("Dovecot does not answer")

    def _pid(self) -> int:
        return int((self.folder / "run" / "master.pid").read_text())

    def kill(self) -> None:
        """Kill it and every process of it at once, as a power cut does."""
        try:
            master = self._pid()
        except FileNotFoundError:
            return
        pids = [master, *(int(pid) for pid in _children(master))]
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._wait_for_end(master)
        (self.folder / "run" / "master.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop it as an administrator does."""
        try:
            master = self._pid()
            os.kill(master, signal.SIGTERM)
        except (FileNotFoundError, ProcessLookupError):
            return
        self._wait_for_end(master)

    @staticmethod
    def _wait_for_end(pid: int) -> None:
        for _ in range(500):
            state = Path(f"/proc/{pid}/stat")
            if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
                return
            time.sleep(0.01)
        raise AssertionError("Dovecot does not end")

    def person(self, user: str) -> IMAPClient:
        """Return a client of the mailbox's owner, who may change everything."""
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=20)
        client.normalise_times = False
        client.login(user, PASSWORD)
        return client


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def certify(folder: Path, host: str) -> None:
    """Write a certificate for a host that nobody but its own file vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def need_dovecot() -> None:
    """Skip a test where there is no Dovecot; under CI=true it fails instead."""
    if shutil.which("dovecot"):
        return
    reason = "there is no Dovecot: run `make system-deps` (Debian: dovecot-imapd)"
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def running(**options: object) -> Iterator[Dovecot]:
    """Give a running Dovecot, and leave nothing of it behind."""
    need_dovecot()
    # Its processes run as other users, who may not look into pytest's own temporary folders.
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    folder.chmod(0o755)
    server = Dovecot(folder, **options)  # type: ignore[arg-type]
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
