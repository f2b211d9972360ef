"""What servers, the way to them and odd mail do: each ends in what the server holds, or in a clear word."""

from __future__ import annotations

from datetime import timedelta

import pytest
import stamina
from imapclient import SocketTimeout

from connectors.imap import check, connect, password
from connectors.imap.connector import ImapConnector
from connectors.imap.servers import server
from connectors.imap.sessions import Session
from connectors.pacing import Pace
from emailresponse.errors import (
    AuthorizationLost,
    ConsentRefused,
    CursorExpired,
    EmailResponseError,
    ProviderDown,
    ProviderWrong,
    RateLimited,
    SettingsError,
)
from tests.connectors.imap_mailbox import NOW, Mailbox, letter
from tests.providers.dovecot import PASSWORD, running
from tests.providers.gmail_imap import serving


@pytest.fixture(autouse=True)
def _impatient():
    """Ask again as often as ever, without waiting in between."""
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture(scope="module")
def dovecot():
    """A server with TLS that does not insist on it."""
    with running(ssl="yes") as one:
        yield one


@pytest.fixture
def mailbox(dovecot):
    """A new mailbox."""
    box = Mailbox(dovecot)
    yield box
    box.leave()


@pytest.fixture
def filled(mailbox):
    """A mailbox with twenty messages."""
    for number in range(20, 0, -1):
        mailbox.put(number, days=number)
    return mailbox


@pytest.fixture
def stand_in():
    """A server that fails as it is told, with six messages."""
    with serving() as one:
        for number in range(1, 7):
            one.put(number, NOW - timedelta(days=number), "\\Inbox")
        yield one
        assert one.violations == []


def everything(stand_in):
    """Return the numbers of all its messages."""
    return {str(number) for number in range(1, 7)}


SECRET = password(PASSWORD)


def refused(options, user="rep@acme.test", secret=SECRET):
    """Return why a mailbox is not linked."""
    with pytest.raises(ConsentRefused) as caught:
        check(options, user, secret, NOW)
    assert caught.value.kind == "wrong"
    assert user not in str(caught.value)
    assert PASSWORD not in str(caught.value)
    return caught.value.reason


# Signing in and TLS


def test_a_checked_mailbox_says_all_that_is_to_be_kept(mailbox):
    """Host, port, security and user in full; no warning where sent mail has a folder."""
    granted = check(
        {"host": "127.0.0.1", "port": mailbox.server.port, "security": "none"},
        mailbox.user,
        mailbox.secret,
        NOW,
    )

    assert (granted.account, granted.way, granted.secret) == (mailbox.user, "password", mailbox.secret)
    assert granted.options["user"] == mailbox.user
    assert granted.options["warnings"] == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_both_kinds_of_tls_are_spoken_and_checked(filled, security):
    """With the authority known all is read; without it nothing is, and the password is not sent."""
    box = filled.server
    port = box.tls_port if security == "tls" else box.port
    trusted = {
        "host": "localhost",
        "port": port,
        "security": security,
        "ca_file": str(box.folder / "cert.pem"),
    }
    filled.options = trusted
    before = box.log.count("Login")
    strange = refused({"host": "localhost", "port": port, "security": security})
    other = refused(trusted | {"host": "127.0.0.1"})
    logins = box.log.count("Login")

    filled.sync()

    assert check(trusted, filled.user, filled.secret, NOW).options["port"] == port
    assert strange == "the server's certificate is not trusted"
    assert "certificate" in other
    assert logins == before
    assert filled.seen() == filled.truth()


def test_a_certificate_for_another_host_is_refused():
    """A trusted certificate that names another host is no proof of this one."""
    with running(ssl="yes", host="mail.other.example") as one:
        options = {"host": "localhost", "port": one.tls_port, "ca_file": str(one.folder / "cert.pem")}

        assert refused(options) == "the server's certificate is for another host"


def test_what_is_wrong_is_said_in_words(mailbox):
    """Host, port, TLS, password: each has its own sentence."""
    plain = {"host": "127.0.0.1", "port": mailbox.server.port, "security": "none"}

    assert refused(plain, secret=password("wrong")) == "wrong user or password"
    assert refused(plain, secret=password("fälsch")) == "wrong user or password"
    assert refused(plain | {"port": 1}) == "nothing answers at this host and port"
    assert refused({"host": "mail.nowhere.invalid"}) == "there is no host of this name"
    assert refused(plain | {"security": "tls"}) == "the server does not speak TLS there"
    assert "host is missing" in refused({})
    assert "without TLS" in refused({"host": "mail.acme.example", "security": "none"})
    assert refused(plain, secret="no json") == "there is no password"


def test_starttls_that_is_not_offered_is_no_reason_to_go_on_in_the_clear(stand_in):
    """A server, or somebody in between, that hides STARTTLS gets no password."""
    reason = refused({"host": "127.0.0.1", "port": stand_in.port, "security": "starttls"})

    assert reason == "the server offers no STARTTLS"
    assert not [command for command in stand_in.commands if command.startswith(("LOGIN", "AUTHENTICATE"))]


def test_plain_text_beyond_this_machine_has_to_be_wished():
    """Only an explicit word sends a password in the clear."""
    wish = {"host": "mail.acme.example", "security": "none", "is_plain_allowed": True}

    assert server(wish, "rep").port == 143
    with pytest.raises(SettingsError):
        server(wish | {"is_plain_allowed": "yes"}, "rep")
    assert server({"host": "mail.acme.example"}, "rep").port == 993


def test_a_changed_password_ends_the_link(filled):
    """Waiting mends nothing: the mailbox has to be linked again."""
    filled.secret = password("changed")

    with pytest.raises(AuthorizationLost) as caught:
        filled.sync()

    assert caught.value.mailbox == filled.user


def test_a_revoked_grant_in_the_middle_keeps_what_was_read(filled):
    """What was stored stays; with the new password the read goes on."""
    filled.sync(stop_after=2)
    filled.secret = password("changed")
    with pytest.raises(AuthorizationLost):
        filled.sync()
    filled.secret = password(PASSWORD)

    filled.sync()

    assert filled.seen() == filled.truth()


def test_too_many_connections_are_waited_for():
    """A server that is crowded is asked later, not taken for one that refuses the password."""
    with running(connections=1) as one:
        box = Mailbox(one)
        box.put(1)

        with pytest.raises(RateLimited):
            box.sync()

        box.leave()
        box.sync()
        assert box.held().keys() == {"1"}


# The server goes away


def test_a_server_killed_in_the_middle_of_the_first_read(filled):
    """A power cut: the pass ends with `down`, and the next one goes on where it stopped."""

    def cut(batch):
        if batch == 2:
            filled.leave()
            filled.server.kill()

    try:
        with pytest.raises(ProviderDown):
            filled.sync(between=cut)
        half = len(filled.held())
    finally:
        filled.server.start()
    batches = filled.sync()

    assert half == 8
    assert sum(len(batch.added) for batch in batches) == 12
    assert filled.seen() == filled.truth()


def test_a_server_that_restarts_between_batches_is_not_noticed(filled):
    """A new connection is made, the folder opened again, and the pass goes on."""

    def restart(batch):
        if batch == 2:
            filled.leave()
            filled.server.kill()
            filled.server.start()

    filled.sync(between=restart)

    assert filled.seen() == filled.truth()


def test_a_folder_made_anew_between_batches_is_not_mixed_up(filled):
    """UIDs of the old folder are never asked of the new one."""
    for number in range(30, 42):
        filled.put(number, "Projects", days=number)

    def remake(batch):
        if batch == 6:
            filled.owner.delete_folder("Projects")
            for number in range(36, 50):
                filled.put(number, "Projects", days=number)
            filled.server.kill()
            filled.leave()
            filled.server.start()

    with pytest.raises(ProviderDown):
        filled.sync(between=remake)
    filled.sync()

    assert filled.seen() == filled.truth()


@pytest.mark.parametrize(
    "fault", ["drop", "NO [UNAVAILABLE] rep@acme.test: try later", "NO [INUSE] x", "* BYE gone"]
)
@pytest.mark.parametrize("command", ["STATUS", "EXAMINE", "UID SEARCH", "UID FETCH", "LIST"])
def test_what_passes_is_asked_again(stand_in, command, fault):
    """Twice it fails, the third time it answers: the pass has everything."""
    box = Mailbox(stand_in)
    stand_in.faults[command] = [fault, fault]

    box.sync()

    assert box.held().keys() == everything(stand_in)


@pytest.mark.parametrize("command", ["LOGIN", "STATUS", "EXAMINE", "UID SEARCH", "LIST"])
def test_what_does_not_pass_leaves_it_to_the_next_time(stand_in, command):
    """The reason names the command, and nobody's address."""
    box = Mailbox(stand_in)
    stand_in.faults[command] = ["NO [UNAVAILABLE] rep@acme.test: try later"] * 9

    with pytest.raises(ProviderDown) as caught:
        box.sync()

    assert "UNAVAILABLE" in caught.value.reason
    assert "acme" not in caught.value.reason


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("NO [ALERT] Too many simultaneous connections. (Failure)", RateLimited),
        ("NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)", RateLimited),
        ("NO [UNAVAILABLE] Temporary authentication failure.", ProviderDown),
        ("NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", AuthorizationLost),
        ("NO [ALERT] Application-specific password required (Failure)", AuthorizationLost),
        ("drop", ProviderDown),
    ],
)
def test_a_refused_sign_in_is_told_apart(stand_in, said, error):
    """A wrong password ends the link; a crowded, busy or broken server does not."""
    box = Mailbox(stand_in)
    stand_in.faults["LOGIN"] = [said] * 9

    with pytest.raises(error):
        box.sync()


@pytest.mark.parametrize("command", ["STATUS", "UID SEARCH", "UID FETCH", "LIST"])
def test_a_broken_answer_is_asked_for_on_a_new_connection(stand_in, command):
    """One answer that is no IMAP may be the connection's fault."""
    box = Mailbox(stand_in)
    broken = {"UID SEARCH": "* SEARCH one two", "LIST": "* LIST (one", "STATUS": "* STATUS INBOX"}
    stand_in.faults[command] = [broken.get(command, "* 1 FETCH (UID 1 FLAGS")]

    box.sync()

    assert box.held().keys() == everything(stand_in)


def test_an_answer_that_stays_broken_is_the_servers_fault(stand_in):
    """It is shown as that, without what it said."""
    box = Mailbox(stand_in)
    stand_in.faults["UID SEARCH"] = ["NO no"] * 9

    with pytest.raises(ProviderWrong) as caught:
        box.sync()

    assert caught.value.reason == "SEARCH refused"


def test_a_server_that_falls_silent_is_down(stand_in):
    """Nobody waits for ever."""
    box = Mailbox(stand_in)
    linked = box.linked()
    stand_in.faults["UID SEARCH"] = ["silence"] * 9
    session = Session(
        server(linked.options, "rep"), "rep", box.secret, Pace(100, 100), timeout=SocketTimeout(1, 0.05)
    )

    with pytest.raises(ProviderDown) as caught:
        list(ImapConnector(linked, session).changes(None))

    assert caught.value.reason == "the server did not answer in time"


# Messages that cannot be had, and odd ones


def test_a_message_on_which_the_connection_breaks_is_named_and_passed_over(stand_in):
    """One bad message costs itself: all others come, and the mailbox does not fail for ever."""
    box = Mailbox(stand_in)
    stand_in.poison = {3}

    batches = box.sync()

    assert box.held().keys() == everything(stand_in) - {"3"}
    (refusal,) = [one for batch in batches for one in batch.refused]
    assert (refusal.position, refusal.reason) == (3, "the connection breaks on it")
    assert not [batch for batch in box.sync() if batch.added or batch.refused]


def test_a_server_on_which_every_fetch_breaks_is_down(stand_in):
    """That is no matter of single messages."""
    box = Mailbox(stand_in)
    stand_in.poison = {1, 2, 3, 4, 5, 6}

    with pytest.raises(ProviderDown):
        box.sync()

    assert box.held() == {}


def test_a_message_that_dovecot_cannot_read_is_refused(filled):
    """A file that Dovecot may not open, on which it ends the connection each time: the others come."""
    filled.put("broken", days=0)
    filled.put("whole", days=0)
    filled.leave()
    home = filled.server.folder / "mail" / filled.user
    (path,) = [one for one in home.glob("*/*") if one.is_file() and b"<broken@" in one.read_bytes()]
    path.chmod(0)

    batches = filled.sync()

    assert filled.held().keys() == {str(number) for number in range(1, 21)} | {"whole"}
    assert [one.position for batch in batches for one in batch.refused] == [21]
    path.unlink()


ODD = {
    "eight-bit": letter(
        "eight-bit", NOW, more="X-Original-To: Jos\udce9 <jose@acme.test>\r\n", subject="Gr\udcfc\udcdfe"
    ),
    "utf-8": letter("utf-8", NOW, subject="Grüße 中文"),
    "folded": letter("folded", NOW, more="References: <a@b>\r\n\t<c@d>\r\n  <e@f>\r\n"),
    "nul": letter("nul", NOW, subject="a\0b"),
    "bad-line": letter("bad-line", NOW, more="this is no field\r\n"),
    "bare-lf": letter("bare-lf", NOW).replace(b"\r\n", b"\n"),
    "bad-date": letter("bad-date", NOW).replace(b"Date: Mon", b"Date: Sometime"),
}


def test_odd_headers_come_as_they_are(mailbox):
    """8-bit, folded, NUL, no colon, bare line ends: each is a copy, and none stops the others."""
    for name, raw in ODD.items():
        mailbox.put(name, raw=raw)

    batches = mailbox.sync()

    assert mailbox.held().keys() == set(ODD)
    assert not [one for batch in batches for one in batch.refused]
    by_number = {str(copy.message_id).partition("@")[0]: copy for copy in mailbox.holdings.copies.values()}
    assert by_number["eight-bit"].subject == "Grüße"
    assert by_number["utf-8"].subject == "Grüße 中文"
    assert by_number["folded"].reference_ids == ("a@b", "c@d", "e@f")
    assert "\0" not in str(by_number["nul"].subject)


def test_messages_without_an_id_are_told_apart_and_known_again(mailbox):
    """By their headers, receipt and size; read again, none is doubled."""
    bare = b"From: lee@client.example\r\nTo: rep@acme.test\r\n\r\nHello\r\n"
    mailbox.put("a", raw=bare, days=1)
    mailbox.put("b", raw=bare, days=2)
    mailbox.put("c", raw=bare + b"and more\r\n", days=1)
    mailbox.put("d", raw=b"\r\nno header at all\r\n", days=1)

    mailbox.sync()
    mailbox.cursor = None
    mailbox.sync()

    assert len(mailbox.holdings.copies) == 4
    assert not [labels for labels in mailbox.holdings.last.values() if "TRASH" in labels]


def test_a_header_of_a_megabyte_is_read_and_one_beyond_is_cut(mailbox):
    """The copy says that it was cut; its neighbours are whole."""
    many = ",\r\n ".join(f"person{number}@client.example" for number in range(40_000))
    mailbox.put("long", raw=letter("long", NOW, more=f"Cc: {many[:500_000]}\r\n"))
    mailbox.put("endless", raw=letter("endless", NOW, more=f"Cc: {many}\r\n"))
    mailbox.put("short")

    mailbox.sync()

    copies = {str(copy.message_id).partition("@")[0]: copy for copy in mailbox.holdings.copies.values()}
    assert copies.keys() == {"long", "endless", "short"}
    assert len(copies["long"].cc_addresses) > 15_000
    assert "oversized_header" not in copies["long"].problems
    assert "oversized_header" in copies["endless"].problems


def test_a_receipt_that_cannot_be_is_no_time(mailbox):
    """A message from the future is kept, and starts no clock."""
    mailbox.put("future", days=-400)
    mailbox.put("old", days=15_000)

    mailbox.sync()

    assert {copy.copied_at for copy in mailbox.holdings.copies.values()} == {None}


def test_a_cursor_of_another_version_is_read_from_the_start(filled):
    """It is refused rather than guessed at."""
    for cursor in ("{}", "[]", "no json", '{"version":0,"folders":{},"done":0,"total":0}'):
        filled.cursor = cursor
        with pytest.raises(CursorExpired):
            filled.sync()


def test_the_cursor_grows_with_folders_and_not_with_messages(filled):
    """It is stored with every batch."""
    filled.sync(stop_after=2)

    assert len(filled.cursor) < 150 * 6


# Folders


def test_folders_are_known_by_name_where_no_flag_tells():
    """A German server of old: sent mail, drafts, trash and junk are what they are, also below INBOX."""
    with running(special=(), prefix="INBOX/") as one:
        box = Mailbox(one)
        box.put(1)
        box.put(2, "INBOX/Gesendete Elemente")
        box.put(3, "INBOX/Entwürfe")
        box.put(4, "INBOX/Papierkorb")
        box.put(5, "INBOX/Junk")
        box.put(6, "INBOX/Kunden/Müller & Söhne/2026")

        box.sync()

        assert box.held() == {"1": {"INBOX"}, "2": {"SENT"}, "6": {"INBOX/KUNDEN/MÜLLER & SÖHNE/2026"}}
        box.leave()


def test_names_mean_nothing_where_flags_tell():
    """Somebody's own folder named Sent or Bin is a folder; the flagged ones are what they are."""
    special = (
        ("Postausgang", "Sent"),
        ("Mülleimer", "Trash"),
        ("Unerwünscht", "Junk"),
        ("Ablage", "Archive"),
    )
    with running(special=special) as one:
        box = Mailbox(one)
        for number, folder in enumerate(
            ["INBOX", "Postausgang", "Mülleimer", "Unerwünscht", "Ablage", "Bin", "Sent"]
        ):
            box.put(number, folder)
        box.put(7, "Mülleimer/Projects")

        box.sync()

        assert box.held() == {
            "0": {"INBOX"},
            "1": {"SENT"},
            "4": {"ARCHIVE"},
            "5": {"FOLDER BIN"},
            "6": {"FOLDER SENT"},
        }
        box.leave()


def test_a_mailbox_without_a_sent_folder_is_linked_with_a_warning():
    """Replies that are kept nowhere cannot be seen, and that is said at once."""
    with running(special=()) as one:
        options = {"host": "127.0.0.1", "port": one.port, "security": "none"}

        assert check(options, "rep@acme.test", password(PASSWORD), NOW).options["warnings"] == [
            "no_sent_folder"
        ]


def test_a_folder_that_the_server_does_not_open_is_named_once(filled):
    """The others are read; when it opens again, it is read too."""
    filled.put("inside", "Projects", days=1)
    filled.leave()
    closed = filled.server.folder / "mail" / filled.user / ".Projects"
    closed.chmod(0)
    try:
        batches, later = filled.sync(), filled.sync()
        others = filled.held().keys()
    finally:
        closed.chmod(0o700)
    refusals = [one.reason for batch in batches for one in batch.refused]
    filled.sync()

    assert others == {str(number) for number in range(1, 21)}
    assert refusals == ["the server does not open this folder"]
    assert not [one for batch in later for one in batch.refused]
    assert filled.seen() == filled.truth()


def test_no_error_holds_an_address_or_a_password(filled, caplog):
    """Nor does any log line, at whatever level."""
    caplog.set_level(0)
    filled.sync(stop_after=1)
    filled.secret = password("changed-secret")
    with pytest.raises(EmailResponseError) as caught:
        filled.sync()

    assert "changed-secret" not in str(caught.value)
    for word in ("client.example", PASSWORD, "changed-secret", "Question"):
        assert word not in caplog.text


def test_connecting_needs_a_host(mailbox):
    """Options that cannot be are a matter of settings."""
    mailbox.options = {}

    with pytest.raises(SettingsError):
        connect(mailbox.linked())
