"""Linking in a person's browser: over to the provider and back, progress, pause, and unlinking."""

from __future__ import annotations

import threading

import flask
import pytest
import waitress
from playwright.sync_api import sync_playwright

from tests.browser.test_browser import ARGUMENTS, LOOKS, Watch
from tests.conftest import chromium
from tests.test_pages_links import ADA, BOB, Office, key_of, wait_for

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    """Return Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield opened
        opened.close()


def sign_in() -> flask.Flask:
    """Return a provider's page of another site that asks consent and sends people back."""
    app = flask.Flask("sign_in")

    @app.get("/ask")
    def ask() -> str:
        back, state = flask.request.args["redirect_uri"], flask.request.args["state"]
        return (
            "<!doctype html><title>Consent</title><link rel=icon href='data:,'>"
            f"<a href='{back}?state={state}&code={ADA}'>Allow</a>"
            f"<a href='{back}?state={state}&error=unticked'>Leave the box empty</a>"
        )

    return app


@pytest.fixture
def served(tmp_path):
    """Return an office that is served and reads, and its address; people consent on another site."""
    office = Office(tmp_path)
    provider = waitress.create_server(sign_in(), host="127.0.0.1", port=0)
    pages = waitress.create_server(office.app, host="127.0.0.1", port=0, threads=8)
    for server in (provider, pages):
        threading.Thread(target=server.run, daemon=True).start()
    # Another name is another site: the way back is one that a strict cookie would not go.
    office.provider.sign_in = f"http://localhost:{provider.effective_port}/ask"
    office.live.rota.start()
    yield office, f"http://127.0.0.1:{pages.effective_port}"
    office.live.rota.stop()
    for server in (pages, provider):
        server.close()
    office.store.close()


def test_linking_progress_pause_and_unlinking(browser, served):
    """A person links Gmail, sees the first read go on without reloading, pauses it, and unlinks it."""
    office, address = served
    office.provider.mail[ADA] = 2000
    office.provider.slow = 0.02
    with Watch(browser) as tab:
        tab.page.goto(address + "/mailboxes")
        tab.page.get_by_role("link", name="Link your mailbox").click()
        tab.page.get_by_role("link", name="Go to Google").click()
        tab.page.get_by_role("link", name="Allow").click()

        assert tab.page.url == address + "/mailboxes"
        assert "is linked" in tab.page.get_by_role("status").first.inner_text()
        card = tab.page.locator("[data-mailbox]")
        card.locator("progress").wait_for(timeout=20_000)
        before = card.locator("progress").get_attribute("value")
        card.get_by_role("button", name="Pause").focus()
        tab.page.wait_for_function(
            "before => document.querySelector('[data-mailbox] progress').getAttribute('value') !== before",
            arg=before,
            timeout=20_000,
        )
        assert "of 2\u202f000\u00a0messages" in card.inner_text()
        assert tab.page.evaluate("document.activeElement.dataset.action") == "pause"

        tab.page.keyboard.press("Enter")
        card.get_by_role("button", name="Resume").wait_for()
        assert card.locator(".state").inner_text() == "Paused"

        card.get_by_role("link", name="Unlink").click()
        tab.page.get_by_text("Erase them.").click()
        tab.page.get_by_role("button", name="Unlink").click()
        assert "its messages are erased" in tab.page.get_by_role("status").first.inner_text()
        wait_for(lambda: office.stored() == 0)
        assert tab.complaints == []


def test_state_changes_without_a_button_pressed(browser, served):
    """What befalls a mailbox shows by itself, its buttons too."""
    office, address = served
    office.consent(BOB)
    wait_for(lambda: office.about(BOB).synced_at is not None)
    with Watch(browser) as tab:
        tab.page.goto(address + "/mailboxes")
        tab.page.get_by_role("button", name="Sync now").wait_for()
        office.provider.grants.clear()
        office.live.rota.read_now(BOB)

        tab.page.get_by_text("Has to be linked again").wait_for(timeout=20_000)
        tab.page.get_by_role("button", name="Sync now").wait_for(state="detached")
        assert tab.complaints == []


def test_half_ticked_consent_says_what_to_do(browser, served):
    """Whoever left the box empty is back on the page that links, and reads what to do."""
    _, address = served
    with Watch(browser, 390, has_scripts=False) as tab:
        tab.page.goto(address + "/mailboxes/link")
        tab.page.get_by_role("link", name="Go to Google").click()
        tab.page.get_by_role("link", name="Leave the box empty").click()

        assert tab.page.url == address + "/mailboxes/link"
        assert "tick it" in tab.page.get_by_role("status").inner_text()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_of_mailboxes_fit(browser, served, width, scheme):
    """None scrolls sideways, breaks the policy or logs an error, with long names and every state."""
    office, address = served
    long = "zoe.with-a-very-long-name-of-hers@mailboxes.acme-holding.example"
    office.provider.mail[ADA] = 3000
    office.provider.slow = 0.05
    for mailbox in (ADA, BOB, long):
        office.consent(mailbox)
    office.act("pause", long)
    wait_for(lambda: office.about(BOB).synced_at is not None)
    office.provider.grants.remove(BOB)
    office.live.rota.read_now(BOB)
    wait_for(lambda: office.about(BOB).is_lost)
    with Watch(browser, width, scheme) as tab:
        for page in (
            "/mailboxes",
            "/mailboxes/link",
            "/mailboxes/link/imap",
            "/mailboxes/link/team",
            f"/mailboxes/{key_of(long)}/unlink",
            "/methodology",
        ):
            tab.page.goto(address + page)
            tab.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            wide = tab.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide == 0, page
            assert tab.complaints == [], page
