"""What an IMAP server or the way to it does wrong, as the errors that this program reacts to.

Reasons name the command and the server's response code (RFC 5530), never its text, which may hold an address.
"""

from __future__ import annotations

import re
import socket
import ssl

from imapclient import exceptions

from emailresponse.errors import (
    AuthorizationLost,
    EmailResponseError,
    ProviderDown,
    ProviderWrong,
    RateLimited,
)

FOREIGN = (
    exceptions.IMAPClientError,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
)
"""All that imaplib and IMAPClient raise; parsing an answer that is no IMAP ends in any of the last five."""

THROTTLED_SECONDS = 900.0
"""The wait after a server said that too much was read; none of them says for how long."""

_CODE = re.compile(r"\[([A-Z][A-Z-]+)(?=[ \]])")
_CROWDED = re.compile(r"too many .{0,40}connections|maximum number of connections", re.IGNORECASE)
_THROTTLED = re.compile(r"bandwidth limit|\[THROTTLED\]|request is throttled", re.IGNORECASE)
_APP_PASSWORD = re.compile(r"app(?:lication)?[- ](?:specific )?password", re.IGNORECASE)
_OTHER_HOST = 62  # OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH
_PASSING = {"UNAVAILABLE", "INUSE", "LIMIT", "OVERQUOTA"}
_TROUBLED = _PASSING | {"SERVERBUG", "CONTACTADMIN"}


class Broken(Exception):  # noqa: N818 - what happened to the answer
    """An answer could not be read; the connection it came on is given up."""


class Unreadable(Exception):  # noqa: N818
    """A folder cannot be opened as it was listed: it went away, or was made anew, or is not for us."""


def is_lost(error: BaseException) -> bool:
    """Return whether the connection is worth nothing after an error."""
    return not isinstance(error, exceptions.IMAPClientError) or isinstance(
        error, exceptions.IMAPClientAbortError | exceptions.ProtocolError
    )


def translated(error: BaseException, mailbox: str, command: str) -> EmailResponseError | Broken:
    """Return what an error of a command comes to."""
    text = str(error)
    found = _CODE.search(text)
    code = found[1] if found else None
    said = f"{command} [{code}]" if code else command
    if _CROWDED.search(text):
        return RateLimited(f"{command}: too many connections")
    if _THROTTLED.search(text):
        return RateLimited(f"{command}: too much was read", THROTTLED_SECONDS)
    if isinstance(error, exceptions.LoginError):
        return _refused(error, mailbox, code, said)
    if isinstance(error, OSError):
        return ProviderDown(unreachable(error))
    return _answered(error, code, said)


def _answered(error: BaseException, code: str | None, said: str) -> EmailResponseError | Broken:
    """Return what an answer to a command, or the end of the connection in place of one, comes to."""
    if isinstance(error, exceptions.ProtocolError) or not isinstance(error, exceptions.IMAPClientError):
        return Broken(said)
    if code in _PASSING:
        return ProviderDown(said)
    if isinstance(error, exceptions.IMAPClientAbortError) or "BYE" in str(error):
        return ProviderDown(f"{said}: the connection was ended")
    if isinstance(error, exceptions.CapabilityError):
        return ProviderWrong("the server offers no STARTTLS")
    return ProviderWrong(f"{said} refused")


def _refused(
    error: exceptions.LoginError, mailbox: str, code: str | None, said: str
) -> AuthorizationLost | ProviderDown:
    """Return what a failed sign-in comes to; IMAPClient turns a lost connection into one as well."""
    if isinstance(error.__context__, exceptions.IMAPClientAbortError) or code in _TROUBLED:
        return ProviderDown(said if code else "the connection was ended while signing in")
    if code == "PRIVACYREQUIRED":
        return AuthorizationLost(mailbox, "the server takes passwords over TLS only")
    if _APP_PASSWORD.search(str(error)):
        return AuthorizationLost(mailbox, "the server wants an app password")
    return AuthorizationLost(mailbox, "wrong user or password")


def unreachable(error: OSError) -> str:
    """Return in words why a connection could not be made, or broke."""
    if isinstance(error, ssl.SSLCertVerificationError) and error.verify_code == _OTHER_HOST:
        return "the server's certificate is for another host"
    for kind, words in _REASONS.items():
        if isinstance(error, kind):
            return words
    return "the connection broke"


_REASONS: dict[type[OSError], str] = {
    ssl.SSLCertVerificationError: "the server's certificate is not trusted",
    ssl.SSLError: "the server does not speak TLS there",
    socket.gaierror: "there is no host of this name",
    TimeoutError: "the server did not answer in time",
    ConnectionRefusedError: "nothing answers at this host and port",
}
