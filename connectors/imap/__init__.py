"""Mailboxes on any IMAP server, read by header fields alone."""

from connectors.imap.connector import ImapConnector
from connectors.imap.linking import NO_SENT, check, connect, password, revoke

__all__ = ["NO_SENT", "ImapConnector", "check", "connect", "password", "revoke"]
