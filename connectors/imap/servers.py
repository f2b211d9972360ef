"""Where a mailbox's IMAP server is and how the connection to it is kept from strangers."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from emailresponse.errors import SettingsError

PORTS = {"tls": 993, "starttls": 143, "none": 143}
"""The port by security: `tls` from the first byte, `starttls` before anything is said, or `none` at all."""


@dataclass(frozen=True, slots=True)
class Server:
    """An IMAP server as one mailbox's owner reaches it.

    Attributes:
        host: its name, which its certificate has to bear.
        port: its TCP port.
        security: tls, starttls or none.
        user: who signs in there.
        ca_file: a PEM file of the authorities to trust instead of the machine's.
    """

    host: str
    port: int
    security: str
    user: str
    ca_file: str | None = None

    def context(self) -> ssl.SSLContext:
        """Return a TLS context that checks the certificate and the host's name.

        Raises:
            SettingsError: the file of authorities cannot be read.
        """
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:
            raise SettingsError("the file of authorities cannot be read", "imap.ca_file") from error


def server(options: Mapping[str, Any], account: str) -> Server:
    """Return the server that a link's options name: host, port, security, user, ca_file and is_plain_allowed.

    Without security it is `tls`, without a port the usual one, without a user the account. A connection
    without TLS is accepted on the loopback interface, or where `is_plain_allowed` says so.

    Raises:
        SettingsError: an option is missing or cannot be.
    """
    host = str(options.get("host") or "").strip()
    if not host:
        raise SettingsError("the host is missing", "imap.host")
    security = str(options.get("security") or "tls").lower()
    if security not in PORTS:
        raise SettingsError("should be tls, starttls or none", "imap.security")
    try:
        port = int(options.get("port") or PORTS[security])
    except ValueError:
        raise SettingsError("should be a number", "imap.port") from None
    if not 0 < port < 1 << 16:
        raise SettingsError("should be between 1 and 65535", "imap.port")
    if security == "none" and not is_loopback(host) and options.get("is_plain_allowed") is not True:
        raise SettingsError("without TLS the password could be read on its way", "imap.security")
    return Server(host, port, security, str(options.get("user") or account), options.get("ca_file"))


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, spelled so that no name server has a say."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
