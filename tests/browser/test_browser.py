"""The pages as a person's browser shows them: in both themes, wide and narrow, with scripts and without."""

from __future__ import annotations

import threading

import pytest
import waitress
from playwright.sync_api import sync_playwright

from tests.conftest import chromium
from tests.pages import MBOX, empty_store, first_wait, pages, team_store

pytestmark = pytest.mark.browser

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
PAGES = [
    "/?period=all",
    "/?person=x",
    "/waits?period=all",
    "WAIT",
    "/methodology",
    "/import",
    "/charts/trend",
    "/none",
]


@pytest.fixture(scope="module")
def browser():
    """Return Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Return the address of the invented team's pages, and of an empty workspace's."""
    folder = tmp_path_factory.mktemp("served")
    apps = [pages(team_store(folder), folder), pages(empty_store(folder / "empty.duckdb"), folder)]
    servers = [waitress.create_server(app, host="127.0.0.1", port=0, threads=8) for app in apps]
    for server in servers:
        threading.Thread(target=server.run, daemon=True).start()
    wait = first_wait(apps[0].test_client(), "/waits?period=all&state=unanswered")
    yield *(f"http://127.0.0.1:{server.effective_port}" for server in servers), f"/waits/{wait}"
    for app, server in zip(apps, servers, strict=True):
        app.extensions["workspace"].worker.stop()
        server.close()
        app.extensions["workspace"].store.close()


class Watch:
    """A tab that notes everything the browser complains of."""

    def __init__(self, browser, width=1280, scheme="light", *, has_scripts=True):
        self.context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=has_scripts
        )
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type != "log" else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_page_fits_and_nothing_complains(browser, served, width, scheme):
    """No page scrolls sideways, breaks the policy or logs an error, wide or narrow, light or dark."""
    team, _, wait = served
    with Watch(browser, width, scheme) as tab:
        for address in PAGES:
            tab.complaints.clear()
            tab.page.goto(team + address.replace("WAIT", wait))
            tab.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            tab.page.wait_for_load_state("networkidle")
            wide = tab.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide == 0, address
            assert [one for one in tab.complaints if "404" not in one] == [], address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_chart_shows_values_under_the_pointer(browser, served, scheme):
    """Where scripts run the browser draws the same chart, and the pointer brings up its values."""
    with Watch(browser, scheme=scheme) as tab:
        tab.page.goto(served[0] + "/?period=all")
        drawn = tab.page.locator("[data-chart*='/charts/trend'] .drawn svg")
        drawn.wait_for(timeout=60_000)
        box = drawn.bounding_box()
        tab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        tab.page.locator(".tip:not([hidden])").wait_for(timeout=5_000)

        assert "Within goal" in tab.page.locator(".tip").inner_text()
        assert tab.complaints == []


def test_page_is_complete_without_scripts(browser, served):
    """Without scripts the server's drawings are there, and the numbers are one link away."""
    with Watch(browser, has_scripts=False) as tab:
        tab.page.goto(served[0] + "/?period=all")
        picture = tab.page.locator("figure.chart img").first
        picture.scroll_into_view_if_needed()
        tab.page.wait_for_load_state("networkidle")

        assert picture.is_visible()
        assert picture.bounding_box()["height"] > 100
        tab.page.locator("details.numbers summary").first.click()
        tab.page.get_by_role("link", name="Open as a table").first.click()
        assert tab.page.locator("table tbody tr").count() > 1


def test_numbers_open_in_place(browser, served):
    """The table behind a chart is fetched when it is opened."""
    with Watch(browser) as tab:
        tab.page.goto(served[0] + "/?period=all")
        tab.page.locator("details.numbers summary").first.click()
        tab.page.locator("details.numbers table").first.wait_for()

        assert tab.page.locator("details.numbers caption").first.inner_text() == "Within goal over time"


def test_keyboard_reaches_the_content_first(browser, served):
    """The first stop of the Tab key leads past the navigation."""
    with Watch(browser) as tab:
        tab.page.goto(served[0] + "/")
        tab.page.keyboard.press("Tab")
        assert tab.page.evaluate("document.activeElement.textContent") == "Skip to the content"
        tab.page.keyboard.press("Enter")
        assert tab.page.evaluate("document.activeElement.id") == "main"


def test_dismissal_and_its_undoing(browser, served):
    """A wait is dismissed with who and why, is counted in sight, and comes back when that is undone."""
    with Watch(browser) as tab:
        tab.page.goto(served[0] + served[2])
        card = tab.page.locator("section.wait").first
        card.get_by_text("Decide by hand").click()
        form = card.locator("form").first
        form.get_by_label("Your name").fill("Ada")
        form.get_by_label("Why").fill("an advertisement")
        form.get_by_role("button", name="Dismiss").click()

        assert "counted in sight" in tab.page.get_by_role("status").first.inner_text()
        assert tab.page.locator("section.wait .state").first.inner_text() == "Dismissed"
        tab.page.get_by_role("button", name="Undo").first.click()
        assert "Undone" in tab.page.get_by_role("status").first.inner_text()
        assert tab.page.locator("section.wait .state").first.inner_text() != "Dismissed"
        assert tab.complaints == []


@pytest.mark.parametrize("has_scripts", [True, False])
def test_upload_ends_on_the_team_page(browser, served, tmp_path, has_scripts):
    """A stranger's mbox goes in, its progress is shown, and its figures are there, scripts or none."""
    path = tmp_path / "ada.mbox"
    path.write_bytes(MBOX.replace(b"<1@", b"<1%d@" % has_scripts).replace(b"<2@", b"<2%d@" % has_scripts))
    with Watch(browser, 390, has_scripts=has_scripts) as tab:
        tab.page.goto(served[1] + "/import")
        tab.page.set_input_files("input[type=file]", path)
        tab.page.get_by_label("Mailbox address").fill("ada@acme.com")
        tab.page.get_by_role("button", name="Import", exact=True).click()
        tab.page.get_by_role("link", name="See the team page").click(timeout=30_000)

        assert "How fast" in tab.page.locator("h1").inner_text()
        tab.page.goto(served[1] + "/waits?period=all")
        assert "A question" in tab.page.locator("table").inner_text()
        assert tab.complaints == []
