"""Linked mailboxes on the pages: linking, their state, what can be done, and what is never said."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from emailresponse import links, mailboxes, settings
from emailresponse.audit import Change
from emailresponse.errors import AuthorizationLost, ProviderDown, RateLimited
from emailresponse.holdings import StoredCopies
from emailresponse.links import Link
from emailresponse.reports.standing import Standing
from emailresponse.store import Store
from tests.provider_in_memory import PASSWORD, Provider, live_pages, now
from web import notices
from web.reading import card, first_read, key_of

ADA, BOB = "ada@acme.com", "bob@acme.com"
PATIENCE_SECONDS = 20


class Office:
    """The pages of a workspace whose provider lies in memory."""

    def __init__(self, folder) -> None:
        self.provider = Provider()
        self.store = Store.open(folder / "live.duckdb")
        self.app = live_pages(self.store, folder, self.provider)
        self.shared = self.app.extensions["workspace"]
        self.live = self.shared.live
        self.client = self.app.test_client()
        with self.shared.writing() as store, store.transaction():
            for name, value in (
                ("gmail.client_file", "client.json"),
                ("gmail.service_account_file", "key.json"),
                ("gmail.delegated", ["@acme.com"]),
            ):
                settings.change(store, Change(now(), "x"), name, value)

    def consent(self, account: str = ADA, *, error: str | None = None, again: str | None = None):
        """Go to the provider, answer there, and come back; return the callback's answer."""
        return self.client.get(self.answered(account, error=error, again=again))

    def answered(self, account: str, *, error: str | None = None, again: str | None = None) -> str:
        """Return the address with which a person comes back."""
        asked = f"/mailboxes/link/gmail{f'?again={key_of(again)}' if again else ''}"
        sent = self.client.get(asked)
        assert sent.status_code == 302
        said = parse_qs(urlsplit(sent.location).query)
        back = urlsplit(said["redirect_uri"][0]).path
        answer = f"error={error}" if error else f"code={account}"
        return f"{back}?{answer}&state={said['state'][0]}"

    def post(self, address: str, /, **fields: str):
        """Send a form as the page would."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/mailboxes/link/team").text)
        return self.client.post(address, data={"csrf_token": found[1], **fields})

    def act(self, action: str, mailbox: str = ADA, /, **fields: str):
        """Press a button of a mailbox."""
        return self.post(f"/mailboxes/{key_of(mailbox)}/{action}", **fields)

    def about(self, mailbox: str = ADA) -> Link:
        """Return a link as it is stored."""
        cursor = self.store.cursor()
        try:
            return links.link(cursor, mailbox)
        finally:
            cursor.close()

    def read(self, mailbox: str = ADA) -> None:
        """Read a mailbox once, now."""
        self.live.reader.read(self.about(mailbox))

    def stored(self, mailbox: str = ADA) -> int:
        """Return how many copies of a mailbox are stored."""
        return len(StoredCopies(self.store, mailbox, "memory").since(None))

    def shown(self) -> str:
        """Return the page of mailboxes."""
        return self.client.get("/mailboxes").text


@pytest.fixture
def office(tmp_path):
    """Return an office that is closed in the end."""
    place = Office(tmp_path)
    yield place
    place.live.rota.stop()
    place.store.close()


def wait_for(is_so: Callable[[], bool]) -> None:
    """Return when it is so; fail when it is not after a while."""
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < ends_at, "it never came to it"
        time.sleep(0.02)


def plain(text: str) -> str:
    """Return a page's words without its tags and hard blanks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text).replace("\u00a0", " "))


def test_empty_page_says_what_to_do_first(office):
    """Before any mailbox is known the page leads to linking one, and to importing files."""
    page = office.shown()

    assert "No mailboxes yet" in page
    assert 'href="/mailboxes/link"' in page and 'href="/import"' in page


def test_consent_links_the_mailbox_and_reading_begins(office):
    """A person who consents comes back to a page that has the mailbox, and its mail comes in by itself."""
    office.provider.mail[ADA] = 3
    office.live.rota.start()

    back = office.consent()

    assert back.status_code == 303 and back.location == "/mailboxes"
    assert "ada@acme.com is linked." in office.shown()
    wait_for(lambda: office.stored() == 3)
    wait_for(lambda: "Up to date" in office.shown())


def test_code_leaves_the_address_bar_without_a_trace(office):
    """The callback redirects at once and tells no other page where it came from."""
    back = office.consent()

    assert "code" not in back.location
    assert back.headers["Referrer-Policy"] == "no-referrer"
    assert back.headers["Cache-Control"] == "no-store"
    refused = office.client.get("/mailboxes/callback/gmail?code=x&state=y")
    assert refused.headers["Referrer-Policy"] == "no-referrer"


def test_callback_is_good_for_one_use(office):
    """The same answer a second time links nothing and says to begin again."""
    address = office.answered(ADA)
    office.client.get(address)
    office.act("unlink", messages="keep")
    office.client.get("/mailboxes")

    office.client.get(address)

    assert "was used already" in office.client.get("/mailboxes/link").text
    assert "Not linked" not in office.shown() and "From files" in office.shown()


def test_callback_of_another_browser_links_nothing(office):
    """An answer that was not asked for by this browser is refused, so nobody can slip a mailbox in."""
    address = office.answered(ADA)

    office.app.test_client().get(address)

    assert links.listed(office.store.cursor()) == []


def test_answer_of_another_provider_links_nothing(office):
    """What was begun at Google cannot be ended at Microsoft's address."""
    office.client.get(office.answered(ADA).replace("/gmail", "/graph"))

    assert links.listed(office.store.cursor()) == []


def test_session_survives_the_way_back_and_forms_are_protected(office):
    """The cookie comes along from the provider's redirect (Lax); a form without its token changes nothing."""
    office.consent()
    cookie = office.client.get("/mailboxes/link/gmail").headers["Set-Cookie"]

    assert "SameSite=Lax" in cookie and "HttpOnly" in cookie
    for action in ("sync", "pause", "resume", "relink", "unlink"):
        assert office.client.post(f"/mailboxes/{key_of(ADA)}/{action}").status_code == 400
    for address in ("/mailboxes/link/imap", "/mailboxes/link/team", "/notices/hide"):
        assert office.client.post(address).status_code == 400
    assert not office.about().is_paused


def test_consent_begins_on_our_own_pages_only(office):
    """A page of elsewhere cannot begin it for the person who looks at it."""
    answer = office.client.get("/mailboxes/link/gmail", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert office.provider.hints == []


@pytest.mark.parametrize("host", ["localhost:8123", "127.0.0.1:8123"])
def test_people_come_back_to_the_host_they_came_by(office, host):
    """The redirect address is this machine under the name and port in use, for the session hangs on it."""
    sent = office.client.get("/mailboxes/link/gmail", headers={"Host": host})

    said = parse_qs(urlsplit(sent.location).query)
    assert said["redirect_uri"] == [f"http://{host}/mailboxes/callback/gmail"]


@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        ("denied", "choose Allow"),
        ("unticked", "tick it"),
        ("admin", "an administrator of your organisation has to agree first"),
        ("stale", "Begin again here"),
        ("wrong", "as the provider says"),
    ],
)
def test_refusal_says_what_to_do(office, kind, advice):
    """Whatever a person comes back with, one sentence says what to do differently."""
    back = office.consent(error=kind)

    assert back.location == "/mailboxes/link"
    assert advice in office.client.get(back.location).text
    assert links.listed(office.store.cursor()) == []


def test_missing_setting_is_named(office):
    """What is not set up says which setting of config.toml is missing, and points to the README."""
    page = plain(office.client.get("/mailboxes/link").text)

    assert "config.toml lacks microsoft.tenant and microsoft.client_id" in page
    assert "README" in page
    assert "gmail.client_file" not in page
    assert "http://localhost/mailboxes/callback/graph" in page


def test_setting_that_turns_out_wrong_is_said(office):
    """A file that is not there is named when somebody wants to begin."""
    office.provider.is_set_up = False

    office.client.get("/mailboxes/link/gmail")

    assert "gmail.client_file: the file is not there" in office.client.get("/mailboxes/link").text


def test_password_links_and_is_never_said(office, caplog):
    """An IMAP mailbox is linked with a warning of what will be missing; its password stands nowhere."""
    caplog.set_level(logging.DEBUG)
    fields = {"address": BOB, "name": "Bob", "host": "imap.acme.com", "security": "tls"}

    wrong = office.post("/mailboxes/link/imap", **fields, password="swordfish")
    right = office.post("/mailboxes/link/imap", **fields, password=PASSWORD)

    assert wrong.status_code == 400
    assert "wrong user or password" in wrong.text
    assert "swordfish" not in wrong.text
    assert 'value="imap.acme.com"' in wrong.text
    assert re.search(r'type="password"[^>]*autocomplete="off"', wrong.text)
    assert right.status_code == 303
    page = office.shown()
    assert "No folder for sent mail" in page and "IMAP, by password" in page
    assert office.about(BOB).options == {
        "host": "imap.acme.com",
        "security": "tls",
        "user": BOB,
        "warnings": ["no_sent_folder"],
    }
    assert PASSWORD not in page + caplog.text and "swordfish" not in caplog.text
    again = office.client.get(f"/mailboxes/link/imap?again={key_of(BOB)}").text
    assert 'value="imap.acme.com"' in again and PASSWORD not in again


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"address": "ada", "host": "h", "password": "p"}, "ada"),
        ({"address": ADA, "host": "", "password": "p"}, "name of the server"),
        ({"address": ADA, "host": "h", "password": ""}, "type the password"),
        ({"address": ADA, "host": "h", "password": "p", "port": "imaps"}, "should be a number"),
    ],
)
def test_form_that_cannot_be_says_why(office, fields, words):
    """What was typed wrongly is said before any server is asked."""
    answer = office.post("/mailboxes/link/imap", **fields)

    assert answer.status_code == 400
    assert words in answer.text


def test_each_mailbox_of_a_team_has_its_own_outcome(office):
    """Of a list some are linked, others are refused with why, and the refused ones stay to be typed again."""
    office.provider.listed = {ADA, BOB}

    page = office.post(
        "/mailboxes/link/team", provider="gmail", addresses=f"{ADA}, {BOB}\nEve <eve@acme.com>\n{ADA}"
    ).text

    assert "2 of 3 mailboxes linked" in plain(page)
    assert "not listed" in page
    assert re.search(r"<textarea[^>]*>eve@acme.com\s*</textarea>", page)
    assert {one.mailbox: one.way for one in links.listed(office.store.cursor())} == {
        ADA: "delegation",
        BOB: "delegation",
    }


@pytest.mark.parametrize(
    ("provider", "addresses", "words"),
    [("yahoo", ADA, "Choose Gmail"), ("gmail", "nobody", "one a line"), ("gmail", "", "one a line")],
)
def test_team_that_cannot_be_says_why(office, provider, addresses, words):
    """Without a provider or an address nothing is asked of anybody."""
    answer = office.post("/mailboxes/link/team", provider=provider, addresses=addresses)

    assert answer.status_code == 400
    assert words in answer.text


def test_pausing_and_resuming(office):
    """A paused mailbox says so and is read no more; resumed, its buttons are back."""
    office.consent()

    office.act("pause")
    paused = office.shown()
    office.act("resume")

    assert "Paused" in paused and "Sync now" not in paused and ">Resume" in paused
    assert not office.about().is_paused
    assert "Sync now" in office.shown()


def test_sync_now_reads_at_once(office):
    """New mail comes in when somebody asks; a paused mailbox says why it cannot."""
    office.live.rota.start()
    office.consent()
    wait_for(lambda: office.about().synced_at is not None)
    office.provider.mail[ADA] = 2

    office.act("sync")

    wait_for(lambda: office.stored() == 2)
    office.act("pause")
    office.act("sync")
    assert "cannot be read now" in office.shown()


def test_lost_mailbox_is_linked_again_by_its_button(office):
    """After a revoked grant the card and every page say it; the button leads back with the same account."""
    office.provider.mail[ADA] = 2
    office.consent()
    office.read()
    office.provider.grants.clear()
    office.read()

    card_words = plain(office.shown())
    assert "Has to be linked again" in card_words and "invalid_grant" in card_words
    assert "ada@acme.com has to be linked again" in office.client.get("/methodology").text
    office.consent(again=ADA)

    assert office.provider.hints == [None, ADA]
    assert not office.about().is_lost
    assert office.about().stored_count == 2
    assert "has to be linked again" not in office.client.get("/methodology").text


def test_other_account_than_the_lost_one_is_said(office):
    """Whoever chooses another account at the provider is told that the first one is still lost."""
    office.consent()

    office.consent(BOB, again=ADA)

    assert "another mailbox than the one to be linked again" in office.shown()


def test_team_mailbox_is_linked_again_by_a_form(office):
    """A delegated mailbox needs nobody's consent: one button asks for it again, and says what came of it."""
    office.provider.listed = {ADA}
    office.post("/mailboxes/link/team", provider="gmail", addresses=ADA)
    linked_at = office.about().linked_at

    office.act("relink")
    assert office.about().linked_at > linked_at
    office.provider.listed.clear()
    office.act("relink")

    assert "administrator" in office.shown()


@pytest.mark.parametrize(("messages", "left"), [("keep", 2), ("erase", 0)])
def test_unlinking_asks_what_becomes_of_the_messages(office, messages, left):
    """The page says what is revoked; messages stay or go as chosen, and the grant is given back."""
    office.provider.mail[ADA] = 2
    office.consent()
    office.read()
    asked = office.client.get(f"/mailboxes/{key_of(ADA)}/unlink").text
    assert "given back to Google" in asked and "2 messages stored" in plain(asked)
    assert office.act("unlink").status_code == 400

    office.act("unlink", messages=messages)

    assert "no longer linked" in office.shown()
    assert office.stored() == left
    assert office.provider.grants == set()
    assert links.listed(office.store.cursor()) == []


def test_grant_that_could_not_be_given_back_is_said(office):
    """Where the provider cannot be told, it is unlinked all the same, and the page says where to go."""
    office.consent()
    office.provider.untold[ADA] = ProviderDown("503")

    office.act("unlink", messages="keep")

    assert "could not be told (503)" in office.shown()
    assert links.listed(office.store.cursor()) == []


def test_unknown_mailbox_is_not_found(office):
    """A key of no linked mailbox gives 404 everywhere; so does a mailbox that is not linked."""
    with office.shared.writing() as store, store.transaction():
        mailboxes.add(store, Change(now(), "x"), BOB)
    for key in ("0" * 16, key_of(BOB), BOB):
        assert office.client.get(f"/mailboxes/{key}/unlink").status_code == 404
        for action in ("sync", "pause", "resume", "relink", "unlink"):
            assert office.post(f"/mailboxes/{key}/{action}", messages="keep").status_code == 404
    assert office.client.get("/mailboxes/link/gmail?again=x").status_code == 404
    assert office.client.get("/mailboxes/link/yahoo").status_code == 404


def test_cards_say_what_is_stored_refused_and_used(office):
    """Copies stored, messages refused, the horizon and what was spent at the provider stand on the card."""
    office.provider.mail[ADA] = 5
    office.provider.refusals[ADA] = 2
    office.consent()
    office.read()

    words = plain(office.shown())

    assert "Stored 3 Refused 2 Reads back to" in words
    assert "Quota units 100 since the start" in words
    assert "Last sync just now" in words


def test_state_is_sent_without_the_page(office):
    """The fragment is what the page shows, and says whether to look again soon."""
    office.consent()
    first = office.client.get("/mailboxes/state.json").json
    office.read()
    second = office.client.get("/mailboxes/state.json").json

    assert first["is_under_way"] and not second["is_under_way"]
    assert "Up to date" in second["words"] and "<html" not in second["words"]


def test_pages_are_shown_while_somebody_writes(office):
    """A derivation that holds the writing lock keeps nobody from seeing the mailboxes, or from beginning."""
    office.consent()
    held, done = threading.Event(), threading.Event()

    def derive_for_long() -> None:
        with office.shared.writing():
            held.set()
            done.wait(PATIENCE_SECONDS)

    writer = threading.Thread(target=derive_for_long)
    writer.start()
    held.wait(PATIENCE_SECONDS)
    begun = time.monotonic()
    try:
        addresses = ("/mailboxes", "/mailboxes/state.json", "/mailboxes/link", "/mailboxes/link/gmail")
        answers = [office.client.get(address).status_code for address in addresses]
    finally:
        took = time.monotonic() - begun
        done.set()
        writer.join()

    assert answers == [200, 200, 200, 302]
    assert took < PATIENCE_SECONDS / 2


def test_pages_without_a_server_show_and_change_nothing(tmp_path):
    """Where nobody reads mailboxes, their page says so and has no buttons."""
    from tests.pages import empty_store, pages

    store = empty_store(tmp_path / "a.duckdb")
    with store.transaction():
        mailboxes.add(store, Change(now(), "x"), BOB)
    client = pages(store, tmp_path).test_client()

    page = client.get("/mailboxes")
    assert "this program reads none" in page.text and BOB in page.text
    assert client.get("/mailboxes/link").status_code == 404
    store.close()


def test_foreign_host_learns_nothing(office):
    """The page that refuses a foreign host name does not name mailboxes in trouble."""
    office.consent()
    office.provider.grants.clear()
    office.read()

    answer = office.client.get("/", headers={"Host": "evil.example"})

    assert answer.status_code == 421
    assert ADA not in answer.text


def test_hidden_line_comes_back_only_when_it_changes(office):
    """Whoever has seen the line hides it; another mailbox in trouble brings it back."""
    for mailbox in (ADA, BOB):
        office.consent(mailbox)
    office.provider.grants.remove(ADA)
    office.read(ADA)
    page = office.client.get("/methodology").text
    mark = re.search(r'name="mark" value="([^"]+)"', page)[1]

    hidden = office.post("/notices/hide", mark=mark, back="/methodology?x=1")
    assert hidden.location == "/methodology?x=1"
    assert "has to be linked" not in office.client.get("/methodology").text
    office.provider.grants.clear()
    office.read(BOB)

    assert "2 mailboxes have to be linked again" in office.client.get("/methodology").text
    for back in ("//evil.example/", "https://evil.example/", "/\\evil.example", "x"):
        assert "evil" not in urlsplit(office.post("/notices/hide", mark=mark, back=back).location).netloc
        assert office.post("/notices/hide", mark=mark, back=back).location.startswith("/")


def test_log_names_nobody(office, caplog, capfd):
    """Linking, reading, failing and unlinking leave no address, password or token in a log line."""
    caplog.set_level(logging.DEBUG)
    office.live.rota.start()
    office.provider.mail[ADA] = 1
    office.consent()
    wait_for(lambda: office.stored() == 1)
    office.provider.faults[ADA] = ZeroDivisionError(f"secret of {ADA}")
    office.act("sync")
    wait_for(lambda: office.about().trouble == "wrong")
    office.act("unlink", messages="erase")

    said = caplog.text + "".join(capfd.readouterr())
    assert "a pass broke" in said
    for secret in (ADA, "secret of", key_of(ADA)):
        assert secret not in said


def link(**changes: object) -> Link:
    """Return a link that is caught up."""
    held = {
        "mailbox": ADA,
        "provider": "gmail",
        "way": "consent",
        "account": ADA,
        "options": {},
        "horizon_at": None,
        "linked_at": NOW - timedelta(days=2),
        "is_paused": False,
        "begun_at": NOW - timedelta(minutes=3),
        "ended_at": NOW - timedelta(minutes=2),
        "trouble": None,
        "reason": None,
        "failures": 0,
        "retry_at": None,
        "first_begun_at": NOW - timedelta(days=2),
        "first_done": 100,
        "first_total": 100,
        "first_ended_at": NOW - timedelta(days=1),
        "stored_count": 100,
        "synced_at": NOW - timedelta(minutes=3),
    }
    return Link(**(held | changes))


NOW = now()


@pytest.mark.parametrize(
    ("changes", "words", "detail"),
    [
        ({}, "Up to date", "Next read in 4 min."),
        ({"is_paused": True}, "Paused", "until somebody resumes it"),
        ({"trouble": "reconnect", "reason": "invalid_grant"}, "Has to be linked again", "(invalid_grant)"),
        (
            {"trouble": "limited", "retry_at": NOW + timedelta(minutes=12)},
            "Asked to wait",
            "Gmail asked for fewer requests. Next attempt in 12 min.",
        ),
        (
            {"trouble": "down", "reason": "503", "retry_at": NOW},
            "No answer",
            "Gmail does not answer now (503). Next attempt now.",
        ),
        ({"trouble": "emptied"}, "Came back empty", "nothing was changed"),
        ({"trouble": "full"}, "No room on the disk", "make room"),
        ({"begun_at": NOW - timedelta(minutes=1)}, "Reading now", "Begun 1 min ago."),
        ({"first_ended_at": None}, "First read", "New mail comes first"),
        (
            {"first_ended_at": None, "begun_at": None, "first_begun_at": None},
            "Waiting for its turn",
            "Next read in 4 min.",
        ),
    ],
)
def test_state_is_said_in_words(changes, words, detail):
    """Whatever a mailbox waits for stands on its card, with when it goes on."""
    standing = Standing(ADA, None, "personal", link(**changes), None, 0)
    shown = card(standing, now=NOW, next_at=NOW + timedelta(minutes=4), use=None)

    assert shown.words == words
    assert detail in shown.detail.replace("\u00a0", " ")


def test_time_left_is_said_only_where_it_is_known():
    """Rate and time left come from what was dealt with; an unknown or overrun total has no time left."""
    hour_ago = NOW - timedelta(hours=1)
    under_way = {"first_ended_at": None, "first_begun_at": hour_ago, "first_done": 3600}

    known = first_read(link(**under_way, first_total=10_800), NOW)
    assert (known.per_second, known.seconds_left) == (1.0, 7200.0)
    assert first_read(link(**under_way, first_total=None), NOW).seconds_left is None
    assert first_read(link(**under_way, first_total=3000), NOW).total is None
    assert first_read(link(**under_way, first_total=10_800, is_paused=True), NOW).seconds_left is None
    early = first_read(link(**under_way | {"first_begun_at": NOW, "first_done": 5}, first_total=9), NOW)
    assert early.per_second is None


def test_late_mailbox_is_said_with_how_far_it_is_known():
    """A mailbox that should be caught up and is not for hours is named; paused and first reads are not."""
    late = link(synced_at=NOW - timedelta(hours=3))

    words, _ = notices.said([late], NOW, "UTC")
    assert words.replace("\u00a0", " ").startswith(
        "Gmail of ada@acme.com has not synced for 3 h: figures as of "
    )
    assert notices.said([link()], NOW, "UTC") is None
    quiet = [link(synced_at=late.synced_at, is_paused=True), link(synced_at=None, first_ended_at=None)]
    assert notices.said(quiet, NOW, "UTC") is None
    both, _ = notices.said([late, link(mailbox=BOB, synced_at=late.synced_at)], NOW, "UTC")
    assert both.startswith("2 mailboxes have not synced")


def test_troubles_of_the_provider_are_told_apart(office):
    """A mailbox that is asked to wait says until when, one whose grant is lost is not asked again."""
    office.consent()
    office.provider.faults[ADA] = RateLimited("quota", 600)
    office.read()
    assert "Asked to wait" in office.shown() and "in 10\u00a0min" in office.shown()
    office.provider.faults[ADA] = AuthorizationLost(ADA, "invalid_grant")
    office.read()

    assert "Has to be linked again" in office.shown()
