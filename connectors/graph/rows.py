"""A row that Graph lists, and the copy it makes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from emailresponse.copies import Copy, Refusal
from emailresponse.fields import HEADER_LIMIT, Fields, gathered, storable
from emailresponse.headers import Origin, copy_of

SELECTED = (
    "id,internetMessageId,conversationId,from,sender,replyTo,toRecipients,ccRecipients,bccRecipients,"
    "receivedDateTime,sentDateTime,isDraft,inferenceClassification,parentFolderId,subject"
)
"""What is asked for. Not isRead: then Graph does not tell that somebody has read something."""

HEADERS = "internetMessageHeaders"
_MAKING = ("internetMessageId", "conversationId", "receivedDateTime", "toRecipients", "ccRecipients")
_EVENT = "#microsoft.graph.eventmessage"
_STRUCTURED = frozenset({"from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "subject"})


def _moment(value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _listed(value: Any) -> Any:
    return [] if value is None else value


Resolve = Callable[[str], str]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]


class _Address(BaseModel):
    name: str | None = None
    address: str | None = None


class Recipient(BaseModel):
    """Somebody whom a message names."""

    email: _Address | None = Field(default=None, alias="emailAddress")


class _Header(BaseModel):
    name: str
    value: str | None = None


Recipients = Annotated[list[Recipient], BeforeValidator(_listed)]


class Row(BaseModel):
    """A message as a page lists it; what is not named here is passed over."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(min_length=1)
    type: str | None = Field(default=None, alias="@odata.type")
    message_id: str | None = Field(default=None, alias="internetMessageId")
    conversation: str | None = Field(default=None, alias="conversationId")
    author: Recipient | None = Field(default=None, alias="from")
    sender: Recipient | None = None
    reply_to: Recipients = Field(default_factory=list, alias="replyTo")
    to: Recipients = Field(default_factory=list, alias="toRecipients")
    cc: Recipients = Field(default_factory=list, alias="ccRecipients")
    bcc: Recipients = Field(default_factory=list, alias="bccRecipients")
    received_at: Moment = Field(default=None, alias="receivedDateTime")
    sent_at: Moment = Field(default=None, alias="sentDateTime")
    is_draft: bool | None = Field(default=None, alias="isDraft")
    inference: str | None = Field(default=None, alias="inferenceClassification")
    parent: str | None = Field(default=None, alias="parentFolderId")
    subject: str | None = None
    headers: Annotated[list[_Header], BeforeValidator(_listed)] = Field(
        default_factory=list, alias="internetMessageHeaders"
    )

    @property
    def at(self) -> datetime | None:
        """The moment that Exchange put it into the mailbox; of a sent one else the moment it was sent."""
        return self.received_at or self.sent_at

    def named(self) -> list[Recipient]:
        """Return everybody whom the message names."""
        first = [one for one in (self.author, self.sender) if one]
        return [*first, *self.reply_to, *self.to, *self.cc, *self.bcc]


def row_of(said: Any, mailbox: str, position: int) -> Row | Refusal:
    """Return a listed message, or why it cannot be read.

    Args:
        said: the JSON that Graph gave.
        mailbox: whose it is.
        position: where it stood on its page.
    """
    try:
        return Row.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "row"
        return Refusal(mailbox, position, f"Graph's {where}: {first['msg']}")


def is_whole(said: Any) -> bool:
    """Say whether a row bears what makes a copy; a change may bear only what has changed."""
    return all(name in said for name in _MAKING)


def observed(mailbox: str, provider_id: str, labels: tuple[str, ...]) -> Copy:
    """Return the sighting of a copy that is stored already: only its labels count."""
    return Copy(mailbox=mailbox, provider="graph", provider_id=provider_id, labels=labels)


def copy_from(row: Row, mailbox: str, labels: tuple[str, ...], resolve: Resolve, now: datetime) -> Copy:
    """Return the copy that a whole row makes.

    Args:
        row: what Graph lists.
        mailbox: whose it is, in compared form.
        labels: what its folder is labelled with.
        resolve: returns the address behind an X.500 name, or the text itself.
        now: the moment of the sync, naive UTC.
    """
    is_sent = "SENT" in labels
    fields, problems = _fields(row, resolve)
    origin = Origin(
        mailbox=mailbox,
        provider="graph",
        provider_id=storable(row.id),
        thread=storable(row.conversation) if row.conversation else None,
        labels=labels,
        received_at=row.at,
        # Of what we sent the headers are not there, or not always: nothing may rest on them.
        is_hidden=is_sent or not row.headers,
        is_other=row.inference == "other",
        is_calendar=(row.type or "").lower().startswith(_EVENT),
        problems=problems,
    )
    return copy_of(fields, origin, now)


def _fields(row: Row, resolve: Resolve) -> tuple[Fields, tuple[str, ...]]:
    fields: dict[str, list[str]] = {}
    raw, problems = gathered((header.name, header.value or "") for header in row.headers)
    author = _written(row.author, resolve, raw.get("from"))
    sender = _written(row.sender, resolve, raw.get("sender"))
    structured = {
        "from": author or sender,
        "sender": sender if sender != author else None,
        "reply-to": _list(row.reply_to, resolve),
        "to": _list(row.to, resolve),
        "cc": _list(row.cc, resolve),
        "bcc": _list(row.bcc, resolve),
        "message-id": row.message_id,
        "subject": row.subject,
        "date": format_datetime(row.sent_at) if row.sent_at else None,
    }
    for name, value in structured.items():
        if value:
            fields[name] = [storable(value)[:HEADER_LIMIT]]
    for name, values in raw.items():
        if name not in _STRUCTURED or name not in fields:
            fields[name] = values
    return fields, problems


def _written(one: Recipient | None, resolve: Resolve, raw: list[str] | None = None) -> str | None:
    """Return somebody as a header spells them; the message's own header where Graph knows only X.500."""
    if one is None or one.email is None:
        return None
    address = resolve(one.email.address or "")
    if is_x500(address) and raw and "@" in raw[0]:
        return raw[0]
    address = "".join(character for character in address if character not in '<>,"\r\n\x01')
    name = " ".join((one.email.name or "").replace("\\", "").replace('"', "'").split())
    if not address:
        return None
    return f'"{name}" <{address}>' if name and name != address else f"<{address}>"


def _list(them: list[Recipient], resolve: Resolve) -> str | None:
    return ", ".join(filter(None, (_written(one, resolve) for one in them))) or None


def is_x500(address: str) -> bool:
    """Say whether an address is Exchange's own, of a colleague in the directory."""
    return address.lower().startswith("/o=")
