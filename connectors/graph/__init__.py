"""Microsoft 365 through Graph: how a mailbox is linked, and the connector that reads it."""

from connectors.graph.connector import GraphConnector
from connectors.graph.linking import application, begin, begin_device, finish, finish_device, revoke
from connectors.linked import Linked
from emailresponse.copies import Connector

__all__ = ["application", "begin", "begin_device", "connect", "finish", "finish_device", "revoke"]


def connect(linked: Linked) -> Connector:
    """Return the connector of a linked mailbox."""
    return GraphConnector(linked)
