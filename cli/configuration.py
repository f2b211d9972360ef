"""`emailresponse config`: settings, internal domains, groups and senders; `config.toml` applied."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cli import listing
from cli.workspace import change, opened, said
from emailresponse import audit, configuration, domains, senders, settings
from emailresponse.errors import SettingsError
from emailresponse.store import Store

KINDS = ("domain", "group", "form-sender", "dismissed-sender")
COLUMNS = ("kind", "name", "value", "meaning")
LOG_COLUMNS = ("at", "by", "action", "of", "detail")


@click.group(name="config")
def command() -> None:
    """Show or apply config.toml; list and change settings and what is ours.

    \b
    Example:
      emailresponse config add domain "*.acme.com"
      emailresponse config change zone Europe/Berlin
      emailresponse config list
    """


@command.command("apply")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@click.pass_obj
def apply(obj: dict[str, Any], path: Path | None) -> None:
    """Store what a file says, by default --config, even if it has not changed since.

    Entries are added, or changed under their natural key; none is ever removed.

    \b
    Example:
      emailresponse config apply config.toml
    """
    with opened(obj, is_applying=False) as store:
        applied = configuration.apply(store, path or Path(obj["config"]), change())
    click.echo(f"Applied {path or obj['config']}: {said(applied)}")


@command.command("list")
@listing.format_option
@click.pass_obj
def list_(obj: dict[str, Any], form: str) -> None:
    """List every setting in force, and which domains, groups and senders are listed.

    \b
    Example:
      emailresponse config list --format json
    """
    with opened(obj) as store:
        meanings = settings.meanings()
        rows: list[tuple[Any, ...]] = [
            ("setting", name, value, meanings[name]) for name, value in settings.values(store).items()
        ]
        rows += [("domain", one.pattern, None, "internal") for one in domains.listed(store)]
        rows += [("group", one.address, one.name, "internal") for one in domains.groups(store)]
        rows += [("form-sender", one.address, None, "carries leads") for one in senders.forms(store)]
        rows += [
            ("dismissed-sender", one.pattern, one.reason, "needs no reply")
            for one in senders.dismissed(store)
        ]
    listing.show(COLUMNS, rows, form)


@command.command("add")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("value", required=False)
@click.option("--name", help="What a group is called.")
@click.option("--reason", default="", help="Why a sender's messages need no reply.")
@listing.csv_option
@click.pass_obj
def add(
    obj: dict[str, Any], kind: str, value: str | None, name: str | None, reason: str, csv_path: Path | None
) -> None:
    """List a domain or group as ours, or a sender as one with a rule of its own; many by --csv.

    The CSV file has the columns value, name, reason.

    \b
    Example:
      emailresponse config add domain "*.acme.com"
      emailresponse config add dismissed-sender news.example --reason "newsletter"
    """
    listing.check_given(csv_path, value=value)
    with opened(obj) as store:
        if csv_path:
            rows = listing.read(csv_path, ("value",), ("value", "name", "reason"))
            count = listing.apply(
                store,
                csv_path,
                rows,
                lambda row: _add(store, kind, row.get("value", ""), row.get("name"), row.get("reason", "")),
            )
            click.echo(f"Stored {count} lines.")
            return
        with store.transaction():
            is_new = _add(store, kind, value or "", name, reason)
    click.echo(f"Listed {value}." if is_new else "It was so already.")


@command.command("change")
@click.argument("name")
@click.argument("value")
@click.pass_obj
def change_(obj: dict[str, Any], name: str, value: str) -> None:
    """Give the setting NAME another VALUE; `config list` shows them all.

    Turning privacy.subjects off erases every stored subject.

    \b
    Example:
      emailresponse config change lapse_days 10
    """
    with opened(obj) as store, store.transaction():
        is_changed = settings.change(store, change(), name, value)
    click.echo(f"{name} is {value} now." if is_changed else "It was so already.")


@command.command("end")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("value")
@click.pass_obj
def end(obj: dict[str, Any], kind: str, value: str) -> None:
    """Take a domain, group or sender off its list.

    \b
    Example:
      emailresponse config end domain acme.de
    """
    ends: dict[str, Callable[[Store, audit.Change, str], None]] = {
        "domain": domains.end,
        "group": domains.end_group,
        "form-sender": senders.end_form,
        "dismissed-sender": senders.end_dismissed,
    }
    with opened(obj) as store, store.transaction():
        ends[kind](store, change(), value)
    click.echo(f"{value} is no longer listed.")


@command.command("log")
@click.option("--at-most", default=100, show_default=True, help="So many changes, the newest first.")
@listing.format_option
@click.pass_obj
def log(obj: dict[str, Any], at_most: int, form: str) -> None:
    """List who changed what, and when.

    \b
    Example:
      emailresponse config log --at-most 20
    """
    with opened(obj) as store:
        rows = [
            (f"{one.changed_at:%Y-%m-%dT%H:%M:%SZ}", one.changed_by, one.action, one.subject_of, one.detail)
            for one in audit.listed(store, at_most)
        ]
    listing.show(LOG_COLUMNS, rows, form)


def _add(store: Store, kind: str, value: str, name: str | None, reason: str) -> bool:
    if not value:
        raise SettingsError("there is no value in this line")
    if kind == "domain":
        return domains.add(store, change(), value)
    if kind == "group":
        return domains.add_group(store, change(), value, name)
    if kind == "form-sender":
        return senders.add_form(store, change(), value)
    return senders.add_dismissed(store, change(), value, reason)
