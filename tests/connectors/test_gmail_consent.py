"""A Gmail mailbox is linked by its owner's consent or by delegation, with the right to metadata alone."""

from __future__ import annotations

import json
import os
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from gmail_linked import Link, Time, at_once, settings

from connectors.gmail import SCOPE, begin, delegated, finish, revoke
from emailresponse.errors import AuthorizationLost, ConsentRefused, ProviderDown, ProviderWrong, SettingsError
from tests.providers.gmail import StandIn, came_back, serving

BACK = "http://127.0.0.1:5000/link/gmail/back"
ROBOT = "reader@project-1.iam.gserviceaccount.example"
ADA = "ada@acme.com"


@pytest.fixture
def standin():
    """Serve a stand-in; a violation of Google's rules fails the test."""
    with at_once(), serving(StandIn(clock=Time().clock)) as served:
        served.mailbox(ADA).add()
        yield served
        assert served.violations == []


@pytest.fixture(params=["web", "installed"])
def providers(request, standin, tmp_path):
    """Settings with a client's file as Google Cloud gives it, for the pages or for the command line."""
    client = {
        "client_id": "client-1",
        "client_secret": "secret-1",
        "project_id": "project-1",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "redirect_uris": [BACK],
    }
    path = tmp_path / "client.json"
    path.write_text(json.dumps({request.param: client}), "utf-8")
    return settings(standin, client_file=str(path))


def linked(standin, providers, granted):
    """Return a link on what was granted."""
    link = Link(standin, Time(), providers=providers)
    link.secrets.append(granted.secret)
    return link


def test_a_consent_opens_the_mailbox(standin, providers):
    """Sent to Google, back with a code: the account's address is known and its messages can be read."""
    begun = begin(providers, BACK)
    granted = finish(providers, begun.kept, came_back(standin, begun.address, ADA))

    assert (granted.account, granted.way, granted.options) == (ADA, "consent", {})
    link = linked(standin, providers, granted)
    link.read()
    assert link.stored() == link.truth()


def test_only_metadata_is_asked_for(providers):
    """The address asks for one right, offline, with consent, PKCE and a state, and for no earlier grants."""
    begun = begin(providers, BACK, login_hint=ADA)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begun.address).query).items()}

    assert asked.pop("state")
    assert asked.pop("code_challenge")
    assert asked == {
        "client_id": "client-1",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": SCOPE,
        "access_type": "offline",
        "prompt": "consent",
        "code_challenge_method": "S256",
        "login_hint": ADA,
    }


def test_nothing_secret_goes_into_the_address(providers):
    """The PKCE verifier stays on the server."""
    begun = begin(providers, BACK)

    assert json.loads(begun.kept)["verifier"] not in begun.address
    assert "secret-1" not in begun.address


def test_linking_leaves_the_environment_alone(standin, providers, monkeypatch):
    """The library's switches in the environment are as they were before."""
    monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT", raising=False)
    monkeypatch.delenv("OAUTHLIB_RELAX_TOKEN_SCOPE", raising=False)
    before = dict(os.environ)
    begun = begin(providers, BACK)

    finish(providers, begun.kept, came_back(standin, begun.address, ADA))

    assert dict(os.environ) == before


def test_a_denied_consent_is_said_so(standin, providers):
    """Who presses *Cancel* is told that nothing was linked."""
    begun = begin(providers, BACK)

    with pytest.raises(ConsentRefused) as refused:
        finish(providers, begun.kept, came_back(standin, begun.address, ADA, denies=True))

    assert refused.value.kind == "denied"


def test_an_unticked_box_is_said_so(standin, providers):
    """Who leaves the box for mail empty is told to tick it."""
    standin.signin.unticked = True
    begun = begin(providers, BACK)

    with pytest.raises(ConsentRefused) as refused:
        finish(providers, begun.kept, came_back(standin, begun.address, ADA))

    assert refused.value.kind == "unticked"


def test_a_policy_of_the_admin_is_said_so(providers):
    """A Workspace that forbids the client sends people to their admin."""
    begun = begin(providers, BACK)
    state = json.loads(begun.kept)["state"]

    with pytest.raises(ConsentRefused) as refused:
        finish(providers, begun.kept, f"{BACK}?error=admin_policy_enforced&state={state}")

    assert refused.value.kind == "admin"


@pytest.mark.parametrize("said", [{}, {"state": "another"}, {"code": "4/x"}, {"state": "", "code": "4/x"}])
def test_an_answer_to_no_question_of_ours_is_stale(providers, said):
    """Without the state that was kept nothing is asked of Google."""
    begun = begin(providers, BACK)

    with pytest.raises(ConsentRefused) as refused:
        finish(providers, begun.kept, f"{BACK}?{urlencode(said)}")

    assert refused.value.kind == "stale"


def test_a_code_is_good_once(standin, providers):
    """Coming back a second time with the same code is stale."""
    begun = begin(providers, BACK)
    back = came_back(standin, begun.address, ADA)
    finish(providers, begun.kept, back)

    with pytest.raises(ConsentRefused) as refused:
        finish(providers, begun.kept, back)

    assert refused.value.kind == "stale"


def test_a_code_needs_the_verifier_it_was_asked_with(standin, providers):
    """Somebody else's verifier does not fit."""
    mine, other = begin(providers, BACK), begin(providers, BACK)
    kept = json.loads(mine.kept) | {"verifier": json.loads(other.kept)["verifier"]}

    with pytest.raises(ConsentRefused) as refused:
        finish(providers, json.dumps(kept), came_back(standin, mine.address, ADA))

    assert refused.value.kind == "stale"


def test_a_client_that_google_does_not_know_is_wrong(standin, providers):
    """A client secret that is not the client's is said so."""
    begun = begin(providers, BACK)
    back = came_back(standin, begun.address, ADA)
    standin.signin.clients["client-1"] = "another"

    with pytest.raises(ConsentRefused) as refused:
        finish(providers, begun.kept, back)

    assert refused.value.kind == "wrong"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 503, "times": None}, ProviderDown),
        ({"status": 403, "reason": "accessNotConfigured", "times": None}, ProviderWrong),
        ({"status": 403, "reason": "domainPolicy", "times": None}, ConsentRefused),
        ({"kind": "broken", "times": None}, ProviderDown),
        ({"status": 404, "reason": "notFound", "times": None}, ProviderWrong),
    ],
)
def test_a_fault_while_linking_is_said(standin, providers, fault, error):
    """What goes wrong at Google while a mailbox is linked ends in an error that says what to do."""
    begun = begin(providers, BACK)
    standin.fail(calls=("profile",), **fault)

    with pytest.raises(error):
        finish(providers, begun.kept, came_back(standin, begun.address, ADA))


@pytest.mark.parametrize("text", [None, "nonsense", "[]", "{}", '{"web": {}}', '{"web": 7}'])
def test_a_clients_file_that_is_none_is_a_matter_of_settings(standin, tmp_path, text):
    """A missing or wrong file names the setting."""
    path = tmp_path / "client.json"
    if text is not None:
        path.write_text(text, "utf-8")

    for file in (str(path), ""):
        with pytest.raises(SettingsError) as wrong:
            begin(settings(standin, client_file=file), BACK)
        assert wrong.value.where == "gmail.client_file"


def test_a_consent_is_given_back(standin, providers):
    """Unlinking revokes the token at Google; doing so again is no error."""
    begun = begin(providers, BACK)
    granted = finish(providers, begun.kept, came_back(standin, begun.address, ADA))
    link = linked(standin, providers, granted)
    link.read()

    revoke(link.linked())
    revoke(link.linked())

    assert json.loads(granted.secret)["refresh_token"] not in standin.signin.grants
    with pytest.raises(AuthorizationLost):
        link.read()


def test_giving_back_survives_a_fault_that_passes(standin, providers):
    """A server error on the way is tried again."""
    link = Link(standin, Time(), providers=providers)
    standin.fail(calls=("revoke",), status=503, times=2)

    revoke(link.linked())

    assert standin.signin.grants == {}


def test_a_new_secret_of_the_same_client_is_used(standin, providers, tmp_path):
    """When the client's secret changes, the file is enough: nobody links again."""
    begun = begin(providers, BACK)
    granted = finish(providers, begun.kept, came_back(standin, begun.address, ADA))
    standin.signin.clients["client-1"] = "secret-2"
    path = tmp_path / "client.json"
    path.write_text(path.read_text("utf-8").replace("secret-1", "secret-2"), "utf-8")

    link = linked(standin, providers, granted)
    link.read()

    assert link.stored() == link.truth()


@pytest.fixture(scope="session")
def key():
    """Return a service account's private key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def whole_team(standin, key, tmp_path):
    """Settings of a service account that the Workspace's admin trusts, for the addresses of acme.com."""
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    account = {
        "type": "service_account",
        "client_email": ROBOT,
        "private_key_id": "k1",
        "private_key": pem.decode(),
        "client_id": "12345",
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    path = tmp_path / "robot.json"
    path.write_text(json.dumps(account), "utf-8")
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    standin.signin.service_keys[ROBOT] = public.decode()
    standin.signin.delegated.add(ROBOT)
    return settings(standin, service_account_file=str(path), delegated=("@ACME.com", "sales@partner.example"))


@pytest.mark.parametrize("address", [ADA, "sales@partner.example"])
def test_a_delegation_opens_each_mailbox_in_its_owners_name(standin, whole_team, address):
    """The service account reads a mailbox of a listed domain, or a listed one, without any consent."""
    standin.mailbox(address).add()
    granted = delegated(whole_team, address)

    assert (granted.account, granted.way, granted.secret) == (address, "delegation", None)
    link = Link(standin, Time(), address=address, providers=whole_team)
    link.read(way="delegation", secret=None)
    assert link.stored() == link.truth()
    revoke(link.linked(way="delegation", secret=None))


@pytest.mark.parametrize(
    "address",
    ["eve@other.example", "eve@partner.example", "eve@notacme.com", "eve@sub.acme.com", "@acme.com x"],
)
def test_a_mailbox_that_is_not_listed_is_never_read(standin, whole_team, address):
    """Google cannot narrow a delegation down, so the settings do, when linking and at every read."""
    standin.mailbox(address).add()

    with pytest.raises(ConsentRefused) as refused:
        delegated(whole_team, address)
    assert refused.value.kind == "admin"
    with pytest.raises(AuthorizationLost):
        Link(standin, Time(), address=address, providers=whole_team).read(way="delegation", secret=None)
    assert standin.calls.total() == 0


def test_a_delegation_that_the_admin_has_not_given_is_said_so(standin, whole_team):
    """Without the admin's entry Google answers unauthorized_client."""
    standin.signin.delegated.clear()

    with pytest.raises(ConsentRefused) as refused:
        delegated(whole_team, ADA)

    assert (refused.value.kind, refused.value.reason) == ("admin", "unauthorized_client")


def test_a_delegation_for_nobodys_mailbox_is_wrong(whole_team):
    """An address that is no account is said so."""
    with pytest.raises(ConsentRefused) as refused:
        delegated(whole_team, "nobody@acme.com")

    assert refused.value.kind == "wrong"


def test_a_withdrawn_delegation_is_said_so(standin, whole_team):
    """An admin who takes the delegation back ends the reading."""
    link = Link(standin, Time(), providers=whole_team)
    link.read(way="delegation", secret=None)
    standin.signin.delegated.clear()

    with pytest.raises(AuthorizationLost) as lost:
        link.read(way="delegation", secret=None)

    assert lost.value.reason == "unauthorized_client"


@pytest.mark.parametrize("text", [None, "nonsense", "[]", "{}", '{"type": "service_account"}'])
def test_a_key_that_is_none_is_a_matter_of_settings(standin, tmp_path, text):
    """A missing or wrong key names the setting."""
    path = tmp_path / "robot.json"
    if text is not None:
        path.write_text(text, "utf-8")

    with pytest.raises(SettingsError) as wrong:
        delegated(settings(standin, service_account_file=str(path), delegated=(ADA,)), ADA)

    assert wrong.value.where == "gmail.service_account_file"
