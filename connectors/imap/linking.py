"""How an IMAP mailbox is linked: its server is tried once, and says at once what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from connectors.granting import Granted
from connectors.imap.connector import BLOCK, ImapConnector
from connectors.imap.failures import FOREIGN, Broken, translated
from connectors.imap.folders import folders
from connectors.imap.servers import server
from connectors.imap.sessions import Session
from connectors.linked import Linked
from connectors.pacing import Pace
from emailresponse.errors import (
    AuthorizationLost,
    ConsentRefused,
    ProviderDown,
    ProviderWrong,
    RateLimited,
    SettingsError,
)

COMMANDS_PER_SECOND = 20.0
COMMANDS_AT_ONCE = 40.0

NO_SENT = "no_sent_folder"
"""A warning: no folder is known as that of sent mail, so that replies sent from there may not be seen."""

Renew = Callable[[str], str]


def connect(linked: Linked, *, renew: Renew | None = None, block: int = BLOCK) -> ImapConnector:
    """Return a connector on a linked mailbox.

    Args:
        linked: with host, port, security, user, ca_file and is_plain_allowed in its options.
        renew: returns a secret with a new `access_token` for one that the server takes no more (XOAUTH2).
        block: messages of a batch.

    Raises:
        SettingsError: an option is missing or cannot be.
        AuthorizationLost: there is no password.
    """
    where = server(linked.options, linked.account)
    pace = linked.paces.of(f"imap {linked.mailbox}", COMMANDS_PER_SECOND, COMMANDS_AT_ONCE)

    def renewed(secret: str) -> str:
        fresh = "" if renew is None else renew(secret)
        linked.save_secret(fresh)
        return fresh

    refresh = None if renew is None else renewed
    session = Session(where, linked.mailbox, linked.secret or "", pace, refresh=refresh)
    return ImapConnector(linked, session, block=block)


def password(text: str) -> str:
    """Return a password as the secret that is sealed."""
    return json.dumps({"password": text})


def check(options: Mapping[str, Any], user: str, secret: str, now: datetime) -> Granted:
    """Sign in once and return what is to be kept of a mailbox that may be read.

    The options that come back name host, port, security and user in full, when they were tried, and
    `warnings` where something will be missing.

    Args:
        options: host, and port, security, user, ca_file or is_plain_allowed where they differ from the usual.
        user: who signs in.
        secret: see `password`, or JSON with an `access_token`.
        now: the moment in naive UTC.

    Raises:
        ConsentRefused: `wrong`, with what is wrong in words.
    """
    try:
        where = server(options, user)
        session = Session(where, user, secret, Pace(COMMANDS_PER_SECOND, COMMANDS_AT_ONCE))
        try:
            session.connected()
            found = folders(session.listed(), is_gmail=session.has("X-GM-EXT-1"))
        finally:
            session.close()
    except SettingsError as error:
        raise ConsentRefused("wrong", str(error)) from error
    except (AuthorizationLost, RateLimited, ProviderDown, ProviderWrong) as error:
        raise ConsentRefused("wrong", error.reason) from error
    except FOREIGN as error:
        raise ConsentRefused("wrong", _words(error, user)) from error
    warnings = [] if any(folder.label == "SENT" for folder in found) else [NO_SENT]
    kept = {
        **options,
        "host": where.host,
        "port": where.port,
        "security": where.security,
        "user": where.user,
        "checked_at": now.isoformat(timespec="seconds"),
        "warnings": warnings,
    }
    return Granted(account=user, way="password", secret=secret, options=kept)


def revoke(linked: Linked) -> None:
    """Do nothing at the server: passwords are not given back; whoever made an app password removes it."""


def _words(error: BaseException, user: str) -> str:
    told = translated(error, user, "LOGIN")
    if isinstance(told, Broken):
        return "what answers there is no IMAP server"
    return str(getattr(told, "reason", told))
