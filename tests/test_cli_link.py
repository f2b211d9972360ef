"""`emailresponse link`: mailboxes are linked, paused and unlinked, and every refusal says what to do."""

from __future__ import annotations

import io
import json
import stat
import threading
import webbrowser

import pytest

from cli import links as telling
from cli import loopback
from emailresponse.errors import (
    AuthorizationLost,
    ConsentRefused,
    ProviderDown,
    ProviderWrong,
    RateLimited,
    SettingsError,
)
from tests.memory_providers import ADA, BEN, GOOD, agree

pytest_plugins = ["tests.asked_workspace", "tests.linked_desk"]


def test_person_consents_in_a_browser_and_is_linked(linked):
    """The browser comes back to a free port of this machine; the mailbox is then ours and sealed."""
    status, out, _ = linked.run("link", "gmail", ADA, "--no-browser")

    assert status == 0
    assert f"Linked {ADA} (Gmail)" in out
    (asked,) = linked.providers.asked
    assert asked["redirect_uri"].startswith("http://127.0.0.1:")
    assert asked["redirect_uri"].endswith("/")
    assert asked["login_hint"] == ADA
    assert linked.about()["way"] == "consent"
    assert stat.S_IMODE((linked.folder / "acme.duckdb.key").stat().st_mode) == 0o600
    assert b"refresh-token-xyz" not in (linked.folder / "acme.duckdb").read_bytes()


def test_browser_is_opened_where_there_is_one(linked, monkeypatch):
    """Without --no-browser the person's own browser opens the provider's page; its address is not printed."""

    class Person(webbrowser.BaseBrowser):
        def open(self, url, new=0, autoraise=True):
            threading.Thread(target=agree, args=(url,)).start()
            return True

    linked.providers.is_agreeing = False
    monkeypatch.setattr(webbrowser, "_tryorder", [])
    monkeypatch.setattr(webbrowser, "_browsers", {})
    webbrowser.register("person", None, Person("person"), preferred=True)

    status, out, err = linked.run("link", "microsoft")

    assert status == 0
    assert "provider.example" not in out + err
    assert linked.providers.asked[0]["redirect_uri"].startswith("http://localhost:")


def test_other_account_than_asked_is_told(linked):
    """Who signs in with another account is told which one was linked, and how to undo it."""
    linked.providers.person = BEN
    status, out, err = linked.run("link", "gmail", ADA, "--no-browser")

    assert status == 0
    assert f"Linked {BEN}" in out
    assert f"emailresponse link remove {BEN} --erase" in err


def test_door_lets_in_the_attempt_alone():
    """A visit without the state of the attempt ends nothing, and gets no answer but 404."""
    with loopback.door() as door:
        back = f"https://provider.example/consent?state=s1&back={door.address('127.0.0.1')}"
        door.expect(back)
        assert agree(back, state="other") == 404
        assert agree(back) == 200
        assert "code=c1" in door.visit(1)
        with pytest.raises(ConsentRefused) as refused:
            door.visit(0.3)
    assert refused.value.kind == "stale"


def test_pasted_address_counts_as_a_visit(monkeypatch):
    """Where the browser runs elsewhere, the address of its last page is pasted."""
    pasted = "nonsense\n\nhttp://127.0.0.1:1/?state=s1&code=c1\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(pasted))
    with loopback.door() as door:
        door.expect("https://provider.example/consent?state=s1")
        door.read_pasted()

        assert "code=c1" in door.visit(5)


def test_taken_port_is_said(linked):
    """A port that is taken is named with what to do."""
    with loopback.door() as door:
        status, _, err = linked.run("link", "gmail", "--port", str(door.server_address[1]))

    assert status == 2
    assert "give another" in err


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConsentRefused("denied", "access_denied"), "agree on the provider's page"),
        (ConsentRefused("unticked", "no right"), "leave every box ticked"),
        (ConsentRefused("admin", "AADSTS90094"), "An administrator has to allow it first; docs/gmail.md"),
        (ConsentRefused("stale", "invalid_grant"), "newest window within ten minutes"),
        (ConsentRefused("wrong", "failedPrecondition"), "Check what was typed"),
        (RateLimited("quota", 30), "Wait a minute"),
        (ProviderDown("503"), "network"),
        (ProviderWrong("no refresh token"), "Check the settings against docs/gmail.md"),
        (SettingsError("is not set", "gmail.client_file"), "under [gmail], as docs/gmail.md"),
    ],
)
def test_every_refusal_says_what_to_do(linked, error, said):
    """Whatever keeps a mailbox from being linked is one sentence with its remedy, and status 2."""
    linked.providers.refusal = error
    status, _, err = linked.run("link", "gmail", "--no-browser")

    assert status == 2
    assert said in err
    assert "Traceback" not in err
    assert linked.ask("link", "list") == []


def test_device_code_is_shown(linked):
    """Where no browser can come back, a code is typed on any device."""
    status, out, _ = linked.run("link", "microsoft", "--device")

    assert status == 0
    assert "https://provider.example/device" in out
    assert "ABCD-EFGH" in out
    assert linked.about()["provider"] == "graph"


def test_team_is_linked_address_by_address(linked):
    """One that is refused keeps none of the others, and the exit status tells."""
    status, out, err = linked.run("link", "gmail", "--delegated", ADA, "eve@other.example", BEN)

    assert status == 1
    assert f"Linked {ADA}" in out
    assert f"Linked {BEN}" in out
    assert "eve@other.example is not linked" in err
    assert linked.run("link", "gmail", "--delegated", "eve@other.example")[0] == 2
    assert linked.run("link", "microsoft", "--application", ADA)[0] == 0
    assert linked.about()["way"] == "application"


def test_imap_password_comes_from_standard_input(linked):
    """A password is never an argument; a wrong one is said with what to check."""
    words = ("link", "imap", ADA, "--host", "imap.acme.com")
    status, _, err = linked.run(*words, typed="wrong\n")
    assert status == 2
    assert "app password" in err
    assert "wrong user or password" in err

    status, out, err = linked.run(*words, "--user", "ada", typed=f"{GOOD}\n")

    assert status == 0
    assert "no folder of sent mail" in " ".join(err.split())
    assert GOOD not in out + err
    assert linked.about()["mailbox"] == ADA
    assert linked.run(*words)[0] == 2


def test_list_says_state_progress_and_remedy(linked):
    """What is up to date, what waits and what has to be linked again is told, each in a few short lines."""
    assert "emailresponse link gmail" in linked.run("link", "list")[1]
    linked.providers.mail = {ADA: 3, BEN: 2}
    linked.run("link", "gmail", "--delegated", ADA, BEN)
    assert "not read yet" in linked.run("link", "list")[1]
    linked.providers.faults[BEN] = AuthorizationLost(BEN, "invalid_grant")
    assert linked.run("sync", "--once")[0] == 1

    _, out, _ = linked.run("link", "list")

    assert "up to date; last sync" in out
    assert "has to be linked again" in out
    assert f"emailresponse link gmail --delegated {BEN}" in out
    assert "first read: 2 of about 2 (100%)" in out
    assert max(map(len, out.splitlines())) <= 80
    found = linked.about(BEN)
    assert (found["state"], found["reason"], found["first_done"]) == ("reconnect", "invalid_grant", 2)
    assert linked.run("link", "list", "--format", "csv")[1].count("\n") == 3


def test_pace_of_a_first_read_is_honest(linked):
    """Rate and time left come from what was done since it began; an unknown total is not guessed."""
    from dataclasses import replace
    from datetime import datetime, timedelta

    from emailresponse import links
    from emailresponse.store import Store

    linked.run("link", "gmail", "--delegated", ADA)
    store = Store.open(linked.folder / "acme.duckdb")
    link = links.link(store, ADA)
    store.close()
    began = datetime(2026, 3, 2, 8)
    reading = replace(link, begun_at=began, first_begun_at=began, first_done=3_000, first_total=50_000)

    assert telling.progress(reading, began + timedelta(minutes=10)) == (
        "3,000 of about 50,000 (6%), 300 a minute, about 2 h 37 min left"
    )
    unknown = replace(reading, first_total=None)
    assert telling.progress(unknown, began + timedelta(minutes=10)) == "3,000 so far, 300 a minute"


def test_paused_mailbox_is_not_read(linked):
    """Paused, it is passed over without being trouble; resumed, it is read from where it stopped."""
    linked.providers.mail = {ADA: 3}
    linked.run("link", "gmail", "--delegated", ADA)
    assert linked.run("link", "pause", ADA)[0] == 0
    status, out, _ = linked.run("sync", "--once")
    assert (status, linked.about()["state"], linked.about()["stored_count"]) == (0, "paused", 0)
    assert "paused" in out

    linked.run("link", "resume", ADA)
    linked.run("sync", "--once")

    assert linked.about()["stored_count"] == 3


@pytest.mark.parametrize(("fate", "left"), [("--keep", 3), ("--erase", 0)])
def test_remove_keeps_or_erases_and_gives_the_grant_back(linked, fate, left):
    """Unlinked, the messages stay or go, and what became of the grant is said."""
    linked.providers.mail = {ADA: 3}
    linked.run("link", "gmail", "--no-browser")
    linked.run("sync", "--once")
    status, out, _ = linked.run("link", "remove", ADA, fate)

    assert status == 0
    assert "Google was told" in out
    assert linked.providers.revoked == [ADA]
    assert linked.ask("link", "list") == []
    linked.run("export", "tables", "--format", "csv")
    assert (linked.folder / "tables" / "copies.csv").read_text("utf-8").count("\n") - 1 == left


def test_remove_says_what_could_not_be_given_back(linked):
    """A provider that could not be told is named, with where a person ends the grant."""
    linked.providers.faults["revoke"] = ProviderDown("503")
    linked.run("link", "gmail", "--no-browser")
    _, out, _ = linked.run("link", "remove", ADA, "--keep")

    assert "could not be told (503)" in out
    assert "https://myaccount.google.com/connections" in out


def test_remove_asks_what_becomes_of_the_messages(linked):
    """Without --keep or --erase, and nobody to ask, nothing is done."""
    linked.run("link", "gmail", "--no-browser")
    status, _, err = linked.run("link", "remove", ADA)

    assert status == 2
    assert "--keep or --erase" in err
    assert linked.about()["mailbox"] == ADA
    assert linked.run("link", "remove", "eve@acme.com", "--keep")[0] == 2


def test_every_way_of_linking_has_its_word_at_the_end():
    """Whatever way a mailbox was linked, unlinking it says what became of the grant."""
    assert {way for _, way in telling.GIVEN_BACK} == telling.WAYS.keys()
    assert {provider for provider, _ in telling.GIVEN_BACK} == telling.UNTOLD.keys()


def test_rotated_key_opens_what_was_sealed(linked):
    """A new key takes the old one's place, and the mailbox is read as before."""
    linked.providers.mail = {ADA: 1}
    linked.run("link", "gmail", "--no-browser")
    path = linked.folder / "acme.duckdb.key"
    before = path.read_text("ascii")
    status, out, _ = linked.run("link", "rotate-key")

    assert status == 0
    assert "Sealed again with the new key: 1." in out
    assert before not in path.read_text("ascii")
    assert linked.run("sync", "--once")[0] == 0


def test_rotation_keeps_old_keys_while_a_secret_is_lost(linked):
    """What no key opens is named with how to link it again, and no key is thrown away."""
    linked.run("link", "gmail", "--no-browser")
    path = linked.folder / "acme.duckdb.key"
    path.unlink()
    status, _, err = linked.run("link", "rotate-key")

    assert status == 1
    assert f"emailresponse link gmail {ADA}" in err


def test_keys_of_the_environment_are_rotated_by_hand(linked, monkeypatch):
    """With one key in the environment it says how to put the new one first; with two it seals again."""
    from emailresponse.vault import new_key

    old = new_key()
    monkeypatch.setenv("EMAILRESPONSE_KEY", old)
    linked.run("link", "gmail", "--no-browser")
    status, _, err = linked.run("link", "rotate-key")
    assert status == 2
    assert "EMAILRESPONSE_KEY=" in err

    new = new_key()
    monkeypatch.setenv("EMAILRESPONSE_KEY", f"{new},{old}")
    assert linked.run("link", "rotate-key")[0] == 0
    monkeypatch.setenv("EMAILRESPONSE_KEY", new)
    assert linked.run("sync", "--once")[0] == 0


def test_audit_names_no_secret(linked):
    """What was done with links is logged, without tokens."""
    linked.run("link", "gmail", "--no-browser")
    linked.run("link", "rotate-key")
    log = json.dumps(linked.ask("config", "log"))

    assert "mailbox linked" in log
    assert "key rotated" in log
    assert "refresh-token" not in log
