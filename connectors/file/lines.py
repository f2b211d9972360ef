"""One line of a `.jsonl` file: a copy as a source without a connector of its own gives it.

`docs/jsonl.md` shows the schema to people; `schema()` is the same for programs.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from connectors.file.parsing import PieceRefused
from emailresponse.addresses import compared
from emailresponse.copies import Copy
from emailresponse.fields import gathered, storable
from emailresponse.headers import Origin, copy_of

_EVENT = "eventmessage"


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_moment(value: Any) -> datetime | None:
    """Return the naive UTC moment of an ISO 8601 text; one without an offset is UTC."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError("should be an ISO 8601 text")  # noqa: TRY004 - pydantic reports ValueErrors
    try:
        at = datetime.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(f"{value[:40]!r} is no ISO 8601 time") from None
    try:
        return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
    except OverflowError:
        return at.replace(tzinfo=None)


def _as_values(value: Any) -> Any:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


Text = Annotated[str, BeforeValidator(_as_text), Field(min_length=1)]
Values = Annotated[list[Annotated[str, BeforeValidator(_as_text)]], BeforeValidator(_as_values)]


class Line(BaseModel):
    """One copy of a message; fields that are not named here are passed over."""

    model_config = ConfigDict(title="One copy of a message", str_strip_whitespace=False)

    provider: Literal["gmail", "graph", "imap", "file"] = Field(description="Where the copy lies.")
    mailbox: str | None = Field(
        default=None, description="The address of the mailbox; may be left out where --mailbox names it."
    )
    id: Text = Field(description="The provider's id of the copy, unique within the mailbox.")
    thread: Annotated[str | None, BeforeValidator(_as_text)] = Field(
        default=None, description="The provider's id of the thread."
    )
    labels: list[str] = Field(
        default_factory=list,
        description="INBOX, SENT, DRAFT, SPAM, TRASH, CHAT, CATEGORY_… or folders.",
    )
    at: Annotated[datetime | None, BeforeValidator(_as_moment, json_schema_input_type=str | None)] = Field(
        default=None, description="The provider's receipt, ISO 8601; without an offset it is UTC."
    )
    headers: dict[str, Values] = Field(
        description="Header fields by name (of any case): a value or a list, decoded or as in RFC 2047."
    )
    hidden: bool = Field(default=False, description="Whether the provider hides headers of this copy.")
    size: int | None = Field(default=None, ge=0, description="Bytes of the whole message.")
    inference: str | None = Field(default=None, description="Graph's inferenceClassification.")
    type: str | None = Field(
        default=None, description="Graph's @odata.type; an eventMessage is calendar mail."
    )


def schema() -> dict[str, Any]:
    """Return the JSON schema of a line."""
    return Line.model_json_schema(mode="validation")


class LineRefused(PieceRefused):
    """A line that is no copy; the message names the field and what is wrong with it."""


def copy_from(raw: bytes, mailbox: str | None, imported_at: datetime) -> Copy:
    """Return the copy that a line says.

    Args:
        raw: the line's bytes.
        mailbox: the mailbox of lines that name none, in compared form.
        imported_at: the moment of the import, naive UTC.

    Raises:
        LineRefused: the line is no JSON or does not fit the schema.
    """
    problems: tuple[str, ...] = ()
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text, problems = raw.decode("cp1252", "replace"), ("bad_encoding",)
    try:
        line = Line.model_validate(json.loads(text))
    except ValidationError as error:
        raise LineRefused(_reason(error)) from None
    except (ValueError, RecursionError) as error:
        raise LineRefused(f"no JSON: {error}") from None
    named = compared(storable(line.mailbox)) if line.mailbox else mailbox
    if named is None:
        wrong = "is no address" if line.mailbox else "is missing, and no --mailbox says whose it is"
        raise LineRefused(f"mailbox: {wrong}")
    fields, cut = gathered((name, value) for name, values in line.headers.items() for value in values)
    labels = tuple(map(storable, line.labels))
    origin = Origin(
        mailbox=named,
        provider=line.provider,
        provider_id=storable(line.id),
        thread=storable(line.thread) if line.thread else None,
        labels=labels,
        received_at=line.at,
        is_hidden=line.hidden,
        is_other=(line.inference or "").lower() == "other" or "INFERENCE_OTHER" in labels,
        is_calendar=_EVENT in (line.type or "").lower(),
        size_bytes=line.size if line.size is not None and line.size < 1 << 62 else None,
        problems=problems + cut,
    )
    return copy_of(fields, origin, imported_at)


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(step) for step in first["loc"]) or "line"
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{where}: {first['msg'].removeprefix('Value error, ')}{more}"
