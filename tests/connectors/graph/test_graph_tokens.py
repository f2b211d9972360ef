"""Tokens are renewed once, kept before they are used, and their end is told as what it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from connectors import graph
from emailresponse.errors import AuthorizationLost, ConsentRefused, ProviderDown, RateLimited, SettingsError
from tests.connectors.graph.reading import BACK, consented, providers
from tests.providers.graph import Fault


def test_a_token_that_is_good_is_not_asked_for_again(reading):
    """Between two passes the access token in the sealed cache serves: nobody is asked."""
    reading.server.exchange.put()
    reading.read()
    reading.read()

    assert reading.server.entra.requests == ["authorization_code"]
    assert reading.saved == 0


def test_a_refused_token_is_renewed_once_and_kept_first(reading):
    """401: one refresh, whose rotated token is sealed before the new one is used; then everything comes."""
    exchange = reading.server.exchange
    for _ in range(8):
        exchange.put()
    reading.linked()
    reading.server.entra.expire_bearers()
    first = reading.secret
    reading.read()

    assert reading.server.entra.requests == ["authorization_code", "refresh_token"]
    assert reading.saved == 1
    assert reading.secret != first
    assert reading.wrong() == []


def test_refresh_tokens_rotate_within_a_pass_and_between(reading):
    """Each refresh token is good once: the saved cache always holds the last one."""
    for _ in range(3):
        reading.server.entra.expire_bearers()
        reading.server.exchange.put()
        reading.server.on_request = lambda number: (
            reading.server.entra.expire_bearers() if number % 13 == 0 else None
        )
        reading.read()
        reading.server.on_request = None

    assert reading.wrong() == []
    assert reading.saved == reading.server.entra.requests.count("refresh_token") >= 3


def test_a_revoked_grant_is_lost_with_microsofts_own_code(reading):
    """invalid_grant is no matter of patience; the code says why."""
    reading.linked()
    reading.server.entra.revoke()
    with pytest.raises(AuthorizationLost) as caught:
        reading.read()

    assert caught.value.reason == "AADSTS70008"
    assert reading.server.entra.requests.count("refresh_token") == 1


@pytest.mark.parametrize(("word", "code"), [("invalid_grant", 50173), ("interaction_required", 50076)])
def test_a_grant_that_needs_its_owner_is_lost(reading, word, code):
    """A changed password or a second factor: only the owner can mend it."""
    reading.linked()
    reading.server.entra.expire_bearers()
    reading.server.entra.refusing = (word, code)
    with pytest.raises(AuthorizationLost) as caught:
        reading.read()

    assert caught.value.reason == f"AADSTS{code}"


def test_a_token_that_stays_refused_is_lost(reading):
    """401 also after a refresh: no circle."""
    reading.linked()
    reading.server.faults.append(Fault(401, 99, "/v1.0", code="InvalidAuthenticationToken"))
    with pytest.raises(AuthorizationLost):
        reading.read()

    assert reading.server.entra.requests.count("refresh_token") == 1


@pytest.mark.parametrize("secret", ["", "{}", "no JSON", None])
def test_no_token_kept_means_reconnect(reading, secret):
    """An empty or spoilt cache is as good as none."""
    reading.linked()
    reading.secret = secret or "{}"
    with pytest.raises(AuthorizationLost):
        reading.read()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(503, 99, "/token"), ProviderDown),
        (Fault("broken", 99, "/token"), ProviderDown),
        (Fault("truncated", 99, "/token"), ProviderDown),
        (Fault(429, 99, "/token", retry_after=90), RateLimited),
    ],
    ids=lambda one: str(getattr(one, "kind", "")),
)
def test_a_sign_in_that_is_down_is_no_lost_grant(reading, fault, error):
    """When tokens cannot be had now, the mailbox waits; it is not to be linked again."""
    reading.server.exchange.put()
    reading.linked()
    reading.server.entra.expire_bearers()
    reading.server.faults.append(fault)
    with pytest.raises(error):
        reading.read()
    reading.server.faults.clear()
    reading.read()

    assert reading.wrong() == []


def test_a_sign_in_that_is_down_for_a_moment_is_sat_out(reading):
    """A 503 of the sign-in in the middle of a pass is asked again."""
    reading.server.exchange.put()
    reading.linked()
    reading.server.entra.expire_bearers()
    reading.server.faults.append(Fault(503, 2, "/token"))
    reading.read()

    assert reading.wrong() == []


# consent


def test_a_person_links_a_mailbox_by_consent(server, base, tmp_path):
    """Code and PKCE, query mode, Mail.ReadBasic alone; the mailbox is looked at once."""
    settings = providers(base, tmp_path)
    begun = graph.begin(settings, BACK, login_hint="ada@acme.com")
    granted = graph.finish(settings, begun.kept, server.entra.consented(begun.address))

    assert begun.address.startswith(f"{base}/acme/oauth2/v2.0/authorize?")
    assert "response_mode=query" in begun.address
    assert "code_challenge_method=S256" in begun.address
    assert "Mail.ReadBasic" in begun.address and "Mail.Read+" not in begun.address
    assert "code_verifier" not in begun.address and "code_verifier" in begun.kept
    assert (granted.account, granted.way) == ("Ada@acme.com", "consent")
    assert "refresh2" in granted.secret
    assert server.count("/me/messages?$select=id&$top=1") == 1


@pytest.mark.parametrize(
    ("refused", "kind"),
    [
        ({"error": "access_denied", "error_description": "AADSTS65004: User declined."}, "denied"),
        ({"error": "access_denied", "error_description": "AADSTS90094: An admin has to consent."}, "admin"),
        ({"error": "consent_required", "error_description": "AADSTS65001: nobody consented"}, "admin"),
        ({"error": "access_denied"}, "denied"),
        ({"error": "server_oddity", "error_description": "of ada@acme.com"}, "wrong"),
    ],
)
def test_a_refused_consent_says_what_to_do(server, base, tmp_path, refused, kind):
    """Declined, or an administrator's matter: told apart, and naming nobody."""
    settings = providers(base, tmp_path)
    begun = graph.begin(settings, BACK)
    with pytest.raises(ConsentRefused) as caught:
        graph.finish(settings, begun.kept, server.entra.consented(begun.address, **refused))

    assert caught.value.kind == kind
    assert "@" not in caught.value.reason


def test_a_code_is_good_once(server, base, tmp_path):
    """Who comes back twice, with another attempt's answer, or with nothing kept, is stale."""
    settings = providers(base, tmp_path)
    begun = graph.begin(settings, BACK)
    back = server.entra.consented(begun.address)
    graph.finish(settings, begun.kept, back)
    other = graph.begin(settings, BACK)

    for kept, address in ((begun.kept, back), (other.kept, back), ("", back), ("[]", back), ("{}", BACK)):
        with pytest.raises(ConsentRefused) as caught:
            graph.finish(settings, kept, address)
        assert caught.value.kind == "stale"


def test_another_verifier_opens_nothing(server, base, tmp_path):
    """A code that somebody else caught is worth nothing without what was kept (RFC 7636)."""
    settings = providers(base, tmp_path)
    begun = graph.begin(settings, BACK)
    kept = json.dumps(json.loads(begun.kept) | {"code_verifier": "x" * 43})
    with pytest.raises(ConsentRefused) as caught:
        graph.finish(settings, kept, server.entra.consented(begun.address))

    assert caught.value.kind == "stale"


def test_a_half_ticked_consent_is_found_out(server, base, tmp_path):
    """Signed in, but mail was not granted."""
    server.entra.granted = ""
    with pytest.raises(ConsentRefused) as caught:
        consented(server, providers(base, tmp_path))

    assert caught.value.kind == "unticked"


def test_a_mailbox_that_cannot_be_read_is_not_linked(server, base, tmp_path):
    """A grant that opens nothing is refused at once, as an administrator's matter."""
    server.forbidden_code = "ErrorAccessDenied"
    with pytest.raises(ConsentRefused) as caught:
        consented(server, providers(base, tmp_path))

    assert caught.value.kind == "admin"


def test_without_an_application_nothing_is_begun(base, tmp_path):
    """Settings that do not say who we are are wrong settings, each by its name."""
    for name in ("client_id", "tenant"):
        with pytest.raises(SettingsError, match=name):
            graph.begin(providers(base, tmp_path, **{name: ""}), BACK)
    with pytest.raises(SettingsError, match="secret_file"):
        graph.begin(providers(base, tmp_path, secret_file=str(tmp_path / "none")), BACK)


def test_revoking_forgets_our_tokens(reading):
    """Microsoft lets no application give a grant back: what is ours to forget is forgotten."""
    linked = reading.linked()
    graph.revoke(linked)

    assert "refresh1" not in reading.secret
    with pytest.raises(AuthorizationLost):
        reading.read()


# a device code


def test_a_device_code_links_a_mailbox(reading, server, base, tmp_path):
    """The code is typed elsewhere; the mailbox is then read as a public client, without our secret."""
    server.entra.secret = ""
    server.exchange.put()
    begun = graph.begin_device(reading.settings)
    assert (begun.code, begun.address) == ("AB12CD", "https://microsoft.com/devicelogin")
    server.entra.device = "done"
    granted = graph.finish_device(reading.settings, begun.kept)
    reading.secret, reading.options = granted.secret, granted.options
    server.entra.expire_bearers()
    reading.read()

    assert granted.options == {"client": "public"}
    assert reading.wrong() == []


@pytest.mark.parametrize(("state", "kind"), [("declined", "denied"), ("pending", "stale")])
def test_a_device_code_that_comes_to_nothing(server, base, tmp_path, state, kind):
    """Declined by the person, or given up before it was typed."""
    settings = providers(base, tmp_path)
    begun = graph.begin_device(settings)
    server.entra.device = state
    with pytest.raises(ConsentRefused) as caught:
        graph.finish_device(settings, begun.kept, is_given_up=lambda: True)

    assert caught.value.kind == kind


# an application's permission


def test_an_application_reads_listed_mailboxes(reading, server):
    """With an administrator's leave no person consents; the token is asked for once for all mailboxes."""
    server.exchange.put()
    reading.settings = _listing(reading, "@acme.com")
    granted = graph.application(reading.settings, "Ada@acme.com")
    reading.way = granted.way
    reading.read()
    reading.read()

    assert (granted.account, granted.way, granted.secret) == ("Ada@acme.com", "application", None)
    assert server.entra.requests == ["client_credentials", "client_credentials"]
    assert server.count("/users/Ada@acme.com/") == len(server.asked)
    assert reading.wrong() == []


def _listing(reading, *mailboxes):
    import dataclasses

    microsoft = dataclasses.replace(reading.settings.microsoft, mailboxes=mailboxes)
    return dataclasses.replace(reading.settings, microsoft=microsoft)


@pytest.mark.parametrize("listed", [(), ("bob@acme.com",), ("@other.com", "acme.com"), ("@cme.com",)])
def test_an_application_keeps_to_its_list(reading, server, listed):
    """A mailbox that is not listed is neither linked nor read, although the token would open it."""
    reading.settings, reading.way = _listing(reading, *listed), "application"
    with pytest.raises(SettingsError, match=r"microsoft\.mailboxes"):
        graph.application(reading.settings, "ada@acme.com")
    with pytest.raises(AuthorizationLost, match="mailboxes"):
        reading.read()

    assert server.asked == []


def test_an_application_without_the_permission_is_told_so(reading, server):
    """403: an administrator has to grant it; 404: there is no such mailbox; a wrong secret is named."""
    reading.settings = _listing(reading, "@acme.com")
    server.forbidden_code = "ErrorAccessDenied"
    with pytest.raises(ConsentRefused) as caught:
        graph.application(reading.settings, "ada@acme.com")
    assert caught.value.kind == "admin"
    server.forbidden_code = ""
    with pytest.raises(ConsentRefused) as caught:
        graph.application(reading.settings, "nobody@acme.com")
    assert caught.value.kind == "wrong"
    server.entra.secret = "another"
    with pytest.raises(ConsentRefused) as caught:
        graph.application(reading.settings, "ada@acme.com")
    assert caught.value.reason == "AADSTS7000215"


def test_an_application_renews_a_refused_token(reading, server):
    """401 in the middle: one new token, and on it goes."""
    for _ in range(6):
        server.exchange.put()
    reading.settings, reading.way = _listing(reading, "ada@acme.com"), "application"
    server.on_request = lambda number: server.entra.expire_bearers() if number == 20 else None
    reading.read()

    assert server.entra.requests == ["client_credentials", "client_credentials"]
    assert reading.wrong() == []


def test_an_application_signs_in_with_a_certificate(reading, server, tmp_path):
    """A PEM file with key and certificate stands for the secret, which is then never sent."""
    import dataclasses

    path = tmp_path / "both.pem"
    path.write_bytes(_certificate())
    server.entra.secret = "never sent"
    settings = _listing(reading, "@acme.com")
    microsoft = dataclasses.replace(settings.microsoft, certificate_file=str(path), secret_file="")
    granted = graph.application(dataclasses.replace(settings, microsoft=microsoft), "ada@acme.com")

    assert granted.way == "application"


def _certificate() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "app")])
    at = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(at)
        .not_valid_after(at + timedelta(days=900))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)
