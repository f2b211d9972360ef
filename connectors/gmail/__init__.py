"""Gmail: mailboxes read by Google's API with the right to metadata alone, by consent or by delegation."""

from connectors.gmail.access import SCOPE, is_delegated
from connectors.gmail.calls import mailbox_pace, project_pace
from connectors.gmail.connector import GmailConnector, connect
from connectors.gmail.consent import begin, delegated, finish, revoke

__all__ = [
    "SCOPE",
    "GmailConnector",
    "begin",
    "connect",
    "delegated",
    "finish",
    "is_delegated",
    "mailbox_pace",
    "project_pace",
    "revoke",
]
