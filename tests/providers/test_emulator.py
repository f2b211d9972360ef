"""The emulator is the right package, and lets people sign in by plain requests."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.providers.emulator import emulating, signed_in

pytestmark = pytest.mark.emulator

BACK = "http://127.0.0.1:8765/callback"
CLIENT = {"client_id": "rt", "client_secret": "s", "name": "RT", "redirect_uris": [BACK]}
SEED = {
    "google": {"users": [{"email": "ada@acme.test", "name": "Ada"}], "oauth_clients": [CLIENT]},
    "microsoft": {"users": [{"email": "erin@contoso.test", "name": "Erin"}], "oauth_clients": [CLIENT]},
}
PAGES = {"google": "/o/oauth2/v2/auth", "microsoft": "/oauth2/v2.0/authorize"}


@pytest.mark.parametrize(
    ("service", "person"), [("google", "ada@acme.test"), ("microsoft", "erin@contoso.test")]
)
def test_person_comes_back_with_a_code(service, person):
    """Who is chosen on the sign-in page comes back with a code and the state that was sent along."""
    asked = {
        "client_id": "rt",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "openid",
        "state": "x",
    }
    with emulating(SEED) as addresses:
        back = signed_in(f"{addresses[service]}{PAGES[service]}?{urlencode(asked)}", person)

    said = parse_qs(urlsplit(back).query)
    assert back.startswith(BACK)
    assert said["state"] == ["x"]
    assert said["code"]
