"""The stand-in for Graph gives only what Microsoft's own description of its types allows."""

from __future__ import annotations

import pytest

from tests.providers.csdl import DESCRIBED, Types
from tests.providers.exchange import Exchange

pytestmark = pytest.mark.skipif(
    not DESCRIBED.is_file(), reason=f"no description of Graph's types at {DESCRIBED}"
)


def test_a_message_of_the_stand_in_fits_its_type():
    """Every property of a message is described, and of the described type."""
    exchange = Exchange()
    message = exchange.messages[exchange.put()]

    assert Types().wrongs(message, "message") == []


@pytest.mark.parametrize(
    "said",
    [
        {"receivedDateTime": "yesterday"},
        {"isDraft": "no"},
        {"toRecipients": {"emailAddress": {}}},
        {"from": {"emailAddress": {"address": 5}}},
        {"inferenceClassification": "neither"},
        {"conversationIndex": "no base64!"},
        {"snippet": "x"},
        {"id": None},
        {"@odata.type": "#microsoft.graph.mailFolder"},
    ],
)
def test_what_does_not_fit_is_found(said):
    """Another type, an unknown property, an unknown member of an enumeration: each is named."""
    assert Types().wrongs(said, "message")


def test_a_derived_type_has_its_own_properties():
    """An invitation may bear what a plain message may not."""
    said = {"meetingMessageType": "meetingRequest"}

    assert Types().wrongs(said, "message")
    assert not Types().wrongs({"@odata.type": "#microsoft.graph.eventMessageRequest", **said}, "message")
