"""The options of every command that asks something, and the workspace it asks."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from cli import workspace
from emailresponse.errors import SettingsError
from emailresponse.filter import (
    CLASSES,
    CLOCKS,
    LEAD_CLASSES,
    Filter,
    day_after,
    midnight,
    parse_day,
    parse_seconds,
)
from emailresponse.store import Store

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--since", metavar="DAY", help="First local day of arrival: 2026-03-01, 30d or today."),
    click.option("--until", metavar="DAY", help="Last local day of arrival, inclusive."),
    click.option(
        "--as-of",
        metavar="MOMENT",
        help="Answer as one would have then: a day (its end) or 2026-03-01T12:00Z.",
    ),
    click.option("--team", "teams", multiple=True, help="Only this team; may be repeated, as those below."),
    click.option("--person", "people", multiple=True, help="Only this person's waits: address or name."),
    click.option("--mailbox", "mailboxes", multiple=True, help="Only waits addressed to this mailbox."),
    click.option("--company", "companies", multiple=True, help="Only waits of this company (a domain)."),
    click.option("--contact", "contacts", multiple=True, help="Only waits of this address."),
    click.option(
        "--class",
        "classes",
        multiple=True,
        type=click.Choice(["lead", "all", *CLASSES]),
        help="Only this class of wait.  [default: lead]",
    ),
    click.option("--clock", type=click.Choice(CLOCKS), default="business", show_default=True),
    click.option("--goal", metavar="TIME", help="Judge by this goal, e.g. 1h or 90m, not the workspace's."),
)


@dataclass(frozen=True, slots=True)
class Asking:
    """A store to ask, what is asked, and as of when (None: as far as the mailboxes are known)."""

    store: Store
    asked: Filter
    as_of: datetime | None
    zone: ZoneInfo


def options(command: Command) -> Command:
    """Give a command the options of a filter."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def everything(as_of: str | None) -> dict[str, Any]:
    """Return the options of a filter that were not given, but for the as-of."""
    return {
        **dict.fromkeys(("since", "until", "goal")),
        **dict.fromkeys(("teams", "people", "mailboxes", "companies", "contacts", "classes"), ()),
        "clock": "business",
        "as_of": as_of,
    }


@contextmanager
def asking(obj: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[Asking]:
    """Open the workspace, bring its derivations up to date, and make the filter of a command's options.

    Raises:
        SettingsError: an option cannot be.
        NotFound: there is no such team, person or mailbox.
    """
    from emailresponse import derive, reports

    with workspace.opened(obj) as store:
        derive.refresh(store)
        zone = ZoneInfo(reports.zone(store))
        moment = parse_moment(given["as_of"], zone) if given.get("as_of") else None
        asked = filter_of(store, given, zone)
        if moment is None:
            yield Asking(store, asked, None, zone)
            return
        past = derive.as_of(store, moment)
        try:
            yield Asking(past, asked, moment, zone)
        finally:
            past.close()


def filter_of(store: Store, given: Mapping[str, Any], zone: ZoneInfo) -> Filter:
    """Return the filter that a command's options mean.

    Raises:
        SettingsError: an option cannot be.
        NotFound: there is no such team, person or mailbox.
    """
    from emailresponse import addresses, mailboxes, people, teams

    today = workspace.now().replace(tzinfo=UTC).astimezone(zone).date()
    return Filter(
        since=parse_day(given["since"], today) if given["since"] else None,
        until=parse_day(given["until"], today) if given["until"] else None,
        teams=tuple(teams.team(store, word).team_id for word in given["teams"]),
        people=tuple(people.person(store, word).person_id for word in given["people"]),
        mailboxes=tuple(mailboxes.mailbox(store, word).mailbox for word in given["mailboxes"]),
        companies=tuple(addresses.compared(word) or word.strip().lower() for word in given["companies"]),
        contacts=tuple(addresses.compared(word) or word.strip().lower() for word in given["contacts"]),
        classes=_classes(given["classes"]),
        clock=given["clock"],
        goal_seconds=parse_seconds(given["goal"]) if given["goal"] else None,
    )


def parse_moment(text: str, zone: ZoneInfo) -> datetime:
    """Return the UTC moment of a local day's end, or of an ISO moment (without an offset: local).

    Raises:
        SettingsError: it is neither.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        pass
    else:
        return midnight(day_after(day), str(zone))
    try:
        moment = datetime.fromisoformat(text.strip())
        placed = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return placed.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise SettingsError(
            f"{text!r} is no moment; write 2026-03-01 or 2026-03-01T12:00Z", "as-of"
        ) from error


def local(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return a UTC moment as people of the workspace read it; empty where there is none."""
    return "" if moment is None else moment.replace(tzinfo=UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def plain(value: Any) -> Any:
    """Return records, moments and tuples as JSON has them: absent is null, moments are ISO 8601 UTC."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name.rstrip("_"): plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, datetime):
        return f"{value.isoformat()}Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def show_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False))


def _classes(words: tuple[str, ...]) -> tuple[str, ...]:
    if not words:
        return LEAD_CLASSES
    groups = {"lead": LEAD_CLASSES, "all": CLASSES}
    wanted = {name for word in words for name in groups.get(word, (word,))}
    return tuple(name for name in CLASSES if name in wanted)
