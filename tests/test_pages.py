"""What the pages show, link to and refuse, over an invented team's real derived data."""

from __future__ import annotations

import io
import re
from datetime import date
from html.parser import HTMLParser

import pytest

from emailresponse.filter import Filter
from emailresponse.reports.listing import waits
from emailresponse.reports.summary import summary
from tests.pages import MBOX, empty_store, ended, first_wait, pages, team_store, token
from web.wording import share


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """Return the pages over the invented team."""
    folder = tmp_path_factory.mktemp("team")
    store = team_store(folder)
    yield pages(store, folder)
    store.close()


@pytest.fixture
def client(app):
    """Return a browser without scripts."""
    return app.test_client()


@pytest.fixture
def bare(tmp_path):
    """Return a browser on a workspace without a message."""
    store = empty_store(tmp_path / "bare.duckdb")
    app = pages(store, tmp_path, upload_limit=100_000)
    yield app.test_client()
    app.extensions["workspace"].worker.stop()
    store.close()


ADDRESSES = (
    "/",
    "/?period=all&clock=calendar&goal=1h&class=direct",
    "/?since=2026-01-01&until=2026-01-02",
    "/?sort=median&period=all",
    "/waits",
    "/waits?period=all&figure=missed&order=longest",
    "/waits?state=overdue&period=all",
    "/methodology",
    "/import",
    "/charts/trend",
    "/charts/hours/numbers",
)


class Outline(HTMLParser):
    """What a strict policy and a reader's tools look at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note ids, links, and everything inline that the policy forbids."""
        held = dict(attrs)
        self.inline += [name for name in held if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in held) else []
        self.ids += [held["id"]] if held.get("id") else []
        self.links += [held["href"]] if tag == "a" and held.get("href") else []


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_answers_and_has_nothing_inline(client, address):
    """Every page comes without inline styles, scripts or doubled ids, so that the policy can be strict."""
    answer = client.get(address)
    outline = Outline(answer.text)

    assert answer.status_code == 200
    assert outline.inline == []
    assert len(outline.ids) == len(set(outline.ids))
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/?period=all", "/waits?period=all"])
def test_every_link_leads_somewhere(client, address):
    """No kind of link on the team page or the list is dead, and every anchor of the methodology is there."""
    anchors = Outline(client.get("/methodology").text).ids
    links = {
        re.sub(r"person=[^&#]*", "person=x", link): link for link in Outline(client.get(address).text).links
    }
    kinds = {re.sub(r"/w[0-9a-f]{12}", "/w", kind): link for kind, link in links.items()}
    for link in sorted(kinds.values()):
        path, _, anchor = link.partition("#")
        target = address.partition("?")[0] + path if path.startswith("?") else path or address
        assert client.get(target).status_code == 200, link
        if path == "/methodology" and anchor:
            assert anchor in anchors, link


def test_headline_is_the_report(app, client):
    """The page's share is the one `reports.summary` gives to the same filter."""
    days = re.search(
        r'name="since" value="([^"]+)".*?name="until" value="([^"]+)"', client.get("/").text, re.DOTALL
    )
    asked = Filter(since=date.fromisoformat(days[1]), until=date.fromisoformat(days[2]))
    found = summary(app.extensions["workspace"].store.cursor(), asked)

    assert share(found.share) in client.get("/").text
    assert f"{found.judged} judged" in client.get("/").text


def test_number_opens_to_the_waits_behind_it(app, client):
    """The missed waits of the headline are as many as the list behind them says."""
    page = client.get("/?period=all").text
    said = int(re.search(r">(\d+) missed<", page)[1])
    listed = int(re.search(r"(\d+) waits? ·", client.get("/waits?period=all&figure=missed").text)[1])

    assert said == listed > 0


def test_list_turns_pages_without_loss(app, client):
    """Every wait stands on exactly one page of the list."""
    address, found = "/waits?period=all&class=direct", []
    while address:
        text = client.get(address).text
        found += re.findall(r'th scope="row"><a href="/waits/(w[0-9a-f]{12})', text)
        following = re.search(r'rel="next" href="([^"]+)"', text)
        address = "/waits" + following[1].replace("&amp;", "&") if following else ""
    total = waits(
        app.extensions["workspace"].store.cursor(),
        Filter(classes=("lead_new", "lead_known", "prospect_reply", "follow_up")),
        order="newest",
        limit=1,
        after=None,
    ).total

    assert len(found) == len(set(found)) == total > 50


def test_wait_says_why(client):
    """A wait's page says what opened it and shows the conversation."""
    text = client.get(f"/waits/{first_wait(client)}").text

    assert "Opened at" in text
    assert "opens the wait" in text
    assert "Message-ID" in text


def test_message_is_found_by_its_id(client):
    """The search takes a Message-ID, in brackets or not."""
    key = re.search(r"<dt>Message-ID</dt><dd><code>([^<]+)", client.get(f"/waits/{first_wait(client)}").text)[
        1
    ]

    assert (
        client.get("/waits/find", query_string={"name": f"<{key}>"}, follow_redirects=True).status_code == 200
    )
    assert client.get("/waits/find?name=nobody", follow_redirects=True).status_code == 404


def test_dismissal_is_counted_in_sight_and_can_be_undone(client):
    """Dismissing takes a wait out of the figures, says so, and undoing brings it back."""
    address = f"/waits/{first_wait(client, '/waits?period=all&state=unanswered')}"
    key = re.search(r'name="message_key" value="([^"]+)"', client.get(address).text)[1]
    form = {
        "csrf_token": token(client, address),
        "kind": "dismiss",
        "message_key": key,
        "who": "Ada",
        "reason": "ad",
    }

    done = client.post(address, data=form, follow_redirects=True)
    assert "counted in sight" in done.text
    assert 'class="state dismissed"' in done.text
    undone = client.post(address, data=form | {"kind": "withdraw", "reason": ""}, follow_redirects=True)
    assert "Undone" in undone.text
    assert 'class="state dismissed"' not in undone.text


def test_decision_needs_a_token_a_name_and_a_reason(client):
    """A foreign page's form is refused, and so is a decision without who or why."""
    address = f"/waits/{first_wait(client)}"
    form = {"kind": "dismiss", "message_key": "x", "who": "Ada", "reason": "x"}

    assert "too old" in client.post(address, data=form).text
    held = form | {"csrf_token": token(client, address)}
    assert "Say who decides" in client.post(address, data=held | {"who": ""}).text.replace(
        "say who", "Say who"
    )
    assert client.post(address, data=held).status_code == 404


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nothing", 404, "Nothing is here"),
        ("/waits/w000000000000", 404, "no wait or message"),
        ("/?class=x", 400, "is none of"),
        ("/?since=tomorrow", 400, "is no day"),
        ("/?since=2026-02-02&until=2026-01-01", 400, "comes after"),
        ("/?goal=soon", 400, "is no duration"),
        ("/?goal=9999999999999999999999d", 400, "longer than a year"),
        ("/waits?hour=25", 400, "is no whole number"),
        ("/waits?weekday=%C2%B2", 400, "is no whole number"),
        ("/waits?figure=x", 400, "is none of"),
        ("/?since=0001-01-01&until=0001-01-02", 400, "is no day"),
        ("/?since=9999-12-31&until=9999-12-31", 400, "is no day"),
        ("/waits?after=-5", 400, "is no whole number"),
        ("/charts/x.svg", 404, ""),
        ("/charts/trend.svg?theme=x", 404, ""),
    ],
)
def test_odd_address_gets_a_sentence(client, address, status, words):
    """What cannot be asked is answered with what is wrong with it, never with a traceback."""
    answer = client.get(address)

    assert answer.status_code == status
    assert words.lower() in answer.text.replace("&#39;", "'").lower()
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil:8000", "", "10.0.0.1"]
)
def test_foreign_host_name_is_refused(client, host):
    """A name that was bound to this machine from outside sees nothing (DNS rebinding)."""
    assert client.get("/", headers={"Host": host}).status_code in {400, 421}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:80"])
def test_own_host_name_is_served(client, host):
    """This machine's own names are served on any port."""
    assert client.get("/methodology", headers={"Host": host}).status_code == 200


def test_empty_workspace_shows_the_way(bare):
    """Without a message every page says what to do instead of showing 0."""
    assert "Import a mailbox" in bare.get("/").text
    for address in ("/waits", "/methodology", "/import", "/charts/trend", "/charts/hours.svg"):
        assert bare.get(address).status_code == 200, address


def test_upload_ends_in_waits_and_again_in_nothing_new(bare):
    """A sent mbox is read, stored and measured; the same file again is known already."""
    for stored, known in (("2", "0"), ("0", "2")):
        form = {
            "csrf_token": token(bare, "/import"),
            "mailbox": "ada@acme.com",
            "name": "Ada",
            "files": (io.BytesIO(MBOX), "ada.mbox"),
        }
        answer = bare.post("/import", data=form, content_type="multipart/form-data")
        text = ended(bare, answer.headers["Location"])

        assert re.search(rf"Stored</dt><dd>{stored}<", text)
        assert re.search(rf"Already known</dt><dd>{known}<", text)
    assert "A question" in bare.get("/waits?period=all").text


def test_upload_without_address_or_file_says_what_is_missing(bare):
    """The form comes back with a sentence, and nothing is left on disk."""
    form = {"csrf_token": token(bare, "/import"), "files": (io.BytesIO(MBOX), "ada.mbox")}
    assert "type its address" in bare.post("/import", data=form, content_type="multipart/form-data").text
    form = {"csrf_token": token(bare, "/import"), "mailbox": "ada@acme.com"}
    assert "choose a file" in bare.post("/import", data=form, content_type="multipart/form-data").text


def test_unreadable_upload_ends_with_its_reason(bare):
    """A file that is nothing we read ends as not imported, with what to do."""
    form = {
        "csrf_token": token(bare, "/import"),
        "mailbox": "ada@acme.com",
        "files": (io.BytesIO(b"\x89PNG\r\n" + bytes(500)), "holiday.png"),
    }
    answer = bare.post("/import", data=form, content_type="multipart/form-data")
    text = ended(bare, answer.headers["Location"])

    assert "Not imported" in text
    assert "holiday.png" in text


def test_upload_over_the_limit_names_the_command(bare):
    """Too large an upload is refused with the way that has no limit."""
    form = {"csrf_token": token(bare, "/import"), "files": (io.BytesIO(bytes(200_000)), "large.mbox")}
    answer = bare.post("/import", data=form, content_type="multipart/form-data")

    assert answer.status_code == 413
    assert "emailresponse import" in answer.text


def test_name_from_a_message_is_never_markup(bare):
    """A subject that says <script> is shown as it is written."""
    evil = MBOX.replace(b"A question", b"<script>alert(1)</script>").replace(b"Lea Lead", b"<b onclick=x>")
    form = {
        "csrf_token": token(bare, "/import"),
        "mailbox": "ada@acme.com",
        "files": (io.BytesIO(evil), "<img src=x>.mbox"),
    }
    text = ended(
        bare, bare.post("/import", data=form, content_type="multipart/form-data").headers["Location"]
    )
    listed = bare.get("/waits?period=all").text
    shown = bare.get(f"/waits/{first_wait(bare)}").text

    assert "<script>alert" not in listed + shown
    assert "<b onclick" not in listed + shown
    assert "<img src=x>" not in text
