"""A stand-in for Gmail's IMAP server, for what no other server has: labels, and ids of messages and threads.

It speaks as much IMAP as a reader needs, answers as Google documents its extensions
(developers.google.com/workspace/gmail/imap/imap-extensions), and can be told to fail. A request for a body,
or for opening a folder to change it, is kept as a violation, which a test fails on.
"""

from __future__ import annotations

import base64
import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

CAPABILITIES = (
    "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE "
    "MOVE CONDSTORE ESEARCH UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584 "
    "AUTH=XOAUTH2 AUTH=PLAIN"
)
ALL, SENT, TRASH, SPAM = "[Gmail]/All Mail", "[Gmail]/Sent Mail", "[Gmail]/Trash", "[Gmail]/Spam"
_FLAGS = {
    "INBOX": "\\HasNoChildren",
    "[Gmail]": "\\HasChildren \\Noselect",
    ALL: "\\All \\HasNoChildren",
    "[Gmail]/Drafts": "\\Drafts \\HasNoChildren",
    "[Gmail]/Important": "\\HasNoChildren \\Important",
    SENT: "\\HasNoChildren \\Sent",
    SPAM: "\\HasNoChildren \\Junk",
    "[Gmail]/Starred": "\\Flagged \\HasNoChildren",
    TRASH: "\\HasNoChildren \\Trash",
    "Bin": "\\HasNoChildren",
}
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


@dataclass
class Mail:
    """A message as Gmail keeps it: one, with labels, in All Mail or in the trash or in spam."""

    number: int
    thread: int
    head: bytes
    at: datetime
    labels: list[str]
    uid: int = 0
    modseq: int = 0


@dataclass
class GmailImap:
    """The server's mail, and what it was asked.

    Attributes:
        folders: messages by the folder that holds them.
        faults: for a command, what happens in place of its next answers: `drop` ends the connection,
            `silence` says nothing, a text is the answer.
        poison: UIDs on which the connection always breaks.
        commands: every command that came, without its tag.
        violations: requests that nobody may make who reads header fields alone.
        token: the access token that XOAUTH2 takes; passwords are always taken.
    """

    folders: dict[str, list[Mail]] = field(default_factory=lambda: {name: [] for name in _FLAGS})
    validity: int = 1
    faults: dict[str, list[str]] = field(default_factory=dict)
    poison: set[int] = field(default_factory=set)
    commands: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    token: str = "token"
    port: int = 0
    _next_uid: dict[str, int] = field(default_factory=dict)
    _modseq: int = 100

    def put(
        self, number: int, at: datetime, *labels: str, folder: str = ALL, thread: int | None = None
    ) -> Mail:
        """Lay a message down with labels as Gmail writes them."""
        head = (
            f"From: Lee <lee@client.example>\r\nTo: rep@acme.test\r\nSubject: Question\r\n"
            f"Date: {at:%a, %d %b %Y %H:%M:%S} +0000\r\nMessage-ID: <{number}@client.example>\r\n"
            "X-Gmail-Labels: Trash\r\n\r\n"
        ).encode()
        mail = Mail(number, thread or number, head, at, list(labels))
        self._lay(mail, folder)
        return mail

    def _lay(self, mail: Mail, folder: str) -> None:
        mail.uid = self._next_uid.get(folder, 1)
        self._next_uid[folder] = mail.uid + 1
        self._touch(mail)
        self.folders[folder].append(mail)

    def _touch(self, mail: Mail) -> None:
        self._modseq += 1
        mail.modseq = self._modseq

    def label(self, mail: Mail, *labels: str) -> None:
        """Label a message otherwise."""
        mail.labels = list(labels)
        self._touch(mail)

    def move(self, mail: Mail, source: str, target: str) -> None:
        """Move a message between All Mail, the trash and spam."""
        self.folders[source].remove(mail)
        self._modseq += 1
        self._lay(mail, target)

    def status(self, folder: str) -> str:
        """Return how a folder stands."""
        return (
            f"UIDVALIDITY {self.validity} UIDNEXT {self._next_uid.get(folder, 1)} "
            f"MESSAGES {len(self.folders[folder])} HIGHESTMODSEQ {self._modseq}"
        )


class _Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    mail: GmailImap
    folder: str

    def handle(self) -> None:
        """Answer one client until it leaves."""
        self._say("* OK Gimap ready for requests from 127.0.0.1")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().rstrip("\r\n").partition(" ")
            self.mail.commands.append(rest)
            words = rest.split(" ")
            name = " ".join(words[:2]) if words[0] == "UID" else words[0]
            if not self._failed(tag, name) and not self._answer(tag, name, rest[len(name) + 1 :]):
                return

    def _failed(self, tag: str, name: str) -> bool:
        waiting = self.mail.faults.get(name, [])
        if not waiting:
            return False
        fault = waiting.pop(0)
        if fault == "drop":
            raise ConnectionAbortedError
        if fault.startswith("*"):
            self._say(fault)
            if fault.startswith("* BYE"):
                raise ConnectionAbortedError
            self._say(f"{tag} OK Success")
        elif fault != "silence":
            self._say(f"{tag} {fault}")
        return True

    def _answer(self, tag: str, name: str, rest: str) -> bool:
        answers: dict[str, Callable[[str], str]] = {
            "CAPABILITY": lambda _: f"* CAPABILITY {CAPABILITIES}",
            "LOGIN": lambda _: "",
            "NAMESPACE": lambda _: '* NAMESPACE (("" "/")) NIL NIL',
            "LIST": lambda _: "\r\n".join(f'* LIST ({flags}) "/" "{one}"' for one, flags in _FLAGS.items()),
            "STATUS": lambda asked: f"* STATUS {asked.split(' (')[0]} ({self.mail.status(_name(asked))})",
            "EXAMINE": self._examine,
            "CLOSE": lambda _: "",
            "UID SEARCH": self._search,
            "LOGOUT": lambda _: "* BYE LOGOUT Requested",
        }
        if name == "AUTHENTICATE":
            return self._authenticate(tag)
        if name == "UID FETCH":
            self._fetch(rest)
        elif name in answers:
            said = answers[name](rest)
            if said:
                self._say(said)
        else:
            self.mail.violations.append(f"{name} {rest}")
            self._say(f"{tag} BAD Unknown command")
            return True
        self._say(f"{tag} OK Success")
        return name != "LOGOUT"

    def _authenticate(self, tag: str) -> bool:
        self._say("+ ")
        said = base64.b64decode(self.rfile.readline())
        if f"auth=Bearer {self.mail.token}\1".encode() in said:
            self._say(f"{tag} OK Success")
        else:
            self._say(f"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)")
        return True

    def _examine(self, rest: str) -> str:
        self.folder = _name(rest)
        lines = [
            "* FLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen)",
            f"* OK [UIDVALIDITY {self.mail.validity}] UIDs valid.",
            f"* {len(self.mail.folders[self.folder])} EXISTS",
            "* 0 RECENT",
            f"* OK [UIDNEXT {self.mail._next_uid.get(self.folder, 1)}] Predicted next UID.",
        ]
        return "\r\n".join(lines)

    def _search(self, rest: str) -> str:
        words = rest.split(" ")
        found = list(enumerate(self.mail.folders[self.folder], 1))
        last = found[-1][1].uid if found else 0
        while words:
            word = words.pop(0)
            if word == "UID":
                low, high = _range(words.pop(0), last)
                found = [(seq, one) for seq, one in found if low <= one.uid <= high]
            elif word == "MODSEQ":
                least = int(words.pop(0))
                found = [(seq, one) for seq, one in found if one.modseq >= least]
            elif word == "SINCE":
                day = datetime.strptime(words.pop(0).strip('"'), "%d-%b-%Y")  # noqa: DTZ007
                found = [(seq, one) for seq, one in found if one.at >= day]
            else:
                low, high = _range(word, len(found))
                found = [(seq, one) for seq, one in found if low <= seq <= high]
        return f"* SEARCH {' '.join(str(one.uid) for _, one in found)}"

    def _fetch(self, rest: str) -> None:
        uids, _, items = rest.partition(" ")
        wanted = {int(uid) for uid in uids.split(",")}
        if re.search(r"BODY(?!\.PEEK\[HEADER\.FIELDS)|RFC822(?!\.SIZE)|TEXT|SNIPPET|PREVIEW|ENVELOPE", items):
            self.mail.violations.append(items)
        for seq, one in enumerate(self.mail.folders[self.folder], 1):
            if one.uid not in wanted:
                continue
            if one.uid in self.mail.poison:
                raise ConnectionAbortedError
            labels = " ".join(_spelled(label) for label in one.labels)
            flags = "\\Draft" if "\\Draft" in one.labels else ""
            said = (
                f"* {seq} FETCH (UID {one.uid} X-GM-MSGID {one.number} X-GM-THRID {one.thread} "
                f"X-GM-LABELS ({labels}) FLAGS ({flags}) RFC822.SIZE {len(one.head) + 40} "
                f'INTERNALDATE "{one.at + timedelta(hours=2):%d-%b-%Y %H:%M:%S} +0200"'
            )
            if "HEADER.FIELDS" in items:
                asked = re.search(r"HEADER\.FIELDS \(([^)]*)\)", items)
                assert asked is not None
                names = {name.lower() for name in asked[1].split()}
                head = b"".join(
                    line + b"\r\n"
                    for line in one.head.split(b"\r\n")
                    if line.partition(b":")[0].decode().lower() in names
                )
                self._write(f"{said} BODY[HEADER.FIELDS ({asked[1]})]<0> {{{len(head) + 2}}}\r\n".encode())
                self._write(head + b"\r\n)\r\n")
            else:
                self._say(said + ")")

    def _say(self, text: str) -> None:
        self._write(text.encode() + b"\r\n")

    def _write(self, data: bytes) -> None:
        self.wfile.write(data)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a dropped connection is what was asked for."""


def _name(rest: str) -> str:
    found = _QUOTED.match(rest)
    assert found is not None
    return found[1] if found[1] is not None else found[2]


def _range(word: str, last: int) -> tuple[int, int]:
    low, _, high = word.partition(":")
    ends = [last if end == "*" else int(end) for end in (low, high or low)]
    return min(ends), max(ends)


def _spelled(label: str) -> str:
    escaped = label.replace("\\", "\\\\")
    return f'"{escaped}"' if "\\" in label or " " in label else label


@contextmanager
def serving() -> Iterator[GmailImap]:
    """Give a running stand-in."""
    mail = GmailImap()
    handler = type("Handler", (_Handler,), {"mail": mail})
    with _Server(("127.0.0.1", 0), handler) as server:
        mail.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield mail
        finally:
            server.shutdown()
            thread.join()
