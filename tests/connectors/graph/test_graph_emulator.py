"""Sign-in against an emulator of Microsoft's that nobody here wrote; the mail behind it is our stand-in's."""

from __future__ import annotations

import dataclasses

import pytest

from connectors import graph
from connectors.graph.tokens import Tokens
from emailresponse.errors import AuthorizationLost
from tests.connectors.graph.reading import ADA, BACK, Reading, providers
from tests.providers.emulator import emulating, signed_in

pytestmark = pytest.mark.emulator

CLIENT = {"client_id": "app", "client_secret": "s3cret", "name": "App", "redirect_uris": [BACK]}
SEED = {"microsoft": {"users": [{"email": ADA, "name": "Ada"}], "oauth_clients": [CLIENT]}}


@pytest.fixture
def settings(server, base, tmp_path):
    """Return settings that sign in at the emulator and read mail at the stand-in."""
    server.trusted = ADA
    with emulating(SEED, ["microsoft"]) as addresses:
        made = providers(base, tmp_path)
        yield dataclasses.replace(
            made,
            microsoft=dataclasses.replace(
                made.microsoft, authority=addresses["microsoft"], mailboxes=("@acme.com",)
            ),
        )


def linked_by(settings, server) -> Reading:
    """Return a mailbox whose owner consented on the emulator's page."""
    begun = graph.begin(settings, BACK)
    granted = graph.finish(settings, begun.kept, signed_in(begun.address, ADA))
    assert (granted.account, granted.way) == (ADA, "consent")
    return Reading(server, settings, secret=granted.secret, options=granted.options)


def test_a_person_consents_and_the_mailbox_is_read(settings, server):
    """Code with PKCE by our own code; then a whole pass with the token that came of it."""
    server.exchange.put()
    reading = linked_by(settings, server)
    reading.read()

    assert reading.wrong() == []
    assert reading.saved == 0


def test_a_refused_token_is_renewed_and_the_cache_kept(settings, server):
    """A silent refresh gives another token, and the changed cache is saved before it is used."""
    reading = linked_by(settings, server)
    tokens = Tokens(reading.linked())
    first = tokens.access()
    second = tokens.renewed(first)

    assert second != first
    assert reading.saved == 1
    assert Tokens(reading.linked()).access() == second
    assert tokens.renewed(first) == second


def test_an_application_gets_its_token(settings, server, tmp_path):
    """Client credentials open a listed mailbox; a wrong secret opens none."""
    server.exchange.put()
    granted = graph.application(settings, ADA)
    reading = Reading(server, settings, way=granted.way)
    reading.read()
    assert reading.wrong() == []

    guessed = tmp_path / "guessed"
    guessed.write_text("guessed", "utf-8")
    wrong = dataclasses.replace(settings.microsoft, secret_file=str(guessed))
    reading.settings = dataclasses.replace(settings, microsoft=wrong)
    with pytest.raises(AuthorizationLost):
        reading.read()
