"""`emailresponse doctor`: what is wrong, and the command that mends it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import re
import shutil
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import TZPATH

import click

from cli import troubles, workspace
from cli.ailments import LINK_SENTENCES, OPENING
from emailresponse import configuration, settings
from emailresponse.errors import SettingsError
from emailresponse.store import Store

WIDTH = 100
PACKAGES = ("emailresponse", "duckdb", "holidays", "tzdata")

#: What each finding says, and the command that mends it. {first} is the first of those named.
SENTENCES: dict[str, tuple[str, str | None]] = {
    "no_database": (
        "There is no database yet.",
        "emailresponse import PATH --mailbox YOU@YOUR-DOMAIN",
    ),
    "no_configuration": (
        "There is no config.toml, and nobody is listed by commands either.",
        "cp config.example.toml config.toml, and say in it who you are",
    ),
    "configuration": (
        "The configuration has an error, so nothing new in it holds: {names}",
        "emailresponse config apply, once it is corrected",
    ),
    "no_mailbox": (
        "There is no mailbox yet, so there is nothing to measure.",
        "emailresponse link gmail, link microsoft, or import PATH --mailbox YOU@YOUR-DOMAIN",
    ),
    **LINK_SENTENCES,
    "domain_not_internal": (
        "Our own mail comes from domains that are not internal, nor are colleagues there: {names}",
        "emailresponse config add domain {first}",
    ),
    "free_mail_mailbox": (
        "Mailboxes at free-mail providers ({count}), where only listed addresses are ours: {names}",
        "emailresponse people change PERSON --add-address ADDRESS",
    ),
    "no_people": (
        "Nobody is listed, so answers are credited to mailboxes and addresses.",
        'emailresponse people add "NAME" ADDRESS --team TEAM',
    ),
    "no_team": ("Nobody is in a team.", "emailresponse teams add NAME --person PERSON"),
    "person_without_team": (
        "People in no team ({count}): {names}",
        "emailresponse teams change TEAM --person {first}",
    ),
    "person_without_mailbox": (
        "People without a mailbox ({count}), whose answers only show where others have a copy: {names}",
        "emailresponse import PATH --mailbox {first}",
    ),
    "mailbox_without_owner": (
        "Personal mailboxes that are nobody's ({count}): {names}",
        "emailresponse mailboxes change {first} --owner PERSON",
    ),
    "shared_mailbox_without_members": (
        "Shared mailboxes that nobody works ({count}): {names}",
        "emailresponse mailboxes change {first} --team TEAM",
    ),
    "mailbox_without_team": (
        "Mailboxes in no team ({count}), so a team's report leaves them out: {names}",
        "emailresponse mailboxes change {first} --team TEAM",
    ),
    "mailbox_without_schedule": (
        "Mailboxes without a schedule ({count}), taken to be open Monday to Friday 09:00-17:00: {names}",
        'emailresponse schedules add --hours "mon-fri 09:00-17:00" --zone ZONE --country COUNTRY',
    ),
    "no_goal": (
        "No goal is set; 90 % within 1 business hour is assumed.",
        "emailresponse goals add --class lead --within 1h --share 0.9",
    ),
    "schedule_without_holidays": (
        "Schedules that know no public holidays ({count}): {names}",
        "emailresponse schedules change --country COUNTRY --rewrite, with --team or --mailbox",
    ),
    "refused": (
        "Parts of imported sources that could not be kept ({count}): {names}",
        "emailresponse import PATH again, once the source is mended; export names all (refusals)",
    ),
    "unfinished_import": (
        "Imports that were stopped before their end ({count}): {names}",
        "emailresponse import {first}, with the same options (or send it again to the page)",
    ),
    "without_time": (
        "Messages without a credible time ({count}), which start and stop no clock: {names}",
        None,
    ),
    "problem": ("Faults of headers with which messages were kept ({count}): {names}", None),
    "not_derived": (
        "Nothing is derived yet, or it was by another version; the next report does it.",
        "emailresponse rebuild",
    ),
    "stale": (
        "Changes that are not in the figures yet ({count}); the next report works them in.",
        "emailresponse rebuild",
    ),
    "unlisted_author": (
        "Addresses that write to the outside as one of us and are nobody's ({count}): {names}",
        "emailresponse people change PERSON --add-address {first}, or config add group {first}",
    ),
    "unknown_author": (
        "Messages over lists that hide their author ({count}, {share:.1%}); nobody is guessed.",
        None,
    ),
    "likely_form": (
        "Senders that look like web forms with leads in Reply-To ({count}): {names}",
        "emailresponse config add form-sender {first}",
    ),
    "behind": (
        "Mailboxes known less far than the others ({count}): {names}",
        "emailresponse import PATH --mailbox {first}",
    ),
    "hidden": (
        "Leads dismissed or closed by hand ({count}, {share:.0%}); most of them of: {names}",
        "emailresponse waits --figure hidden",
    ),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A finding in words."""

    kind: str
    is_fault: bool
    count: int
    what: str
    mend: str | None
    names: tuple[str, ...] = ()


@click.command("doctor")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
@click.pass_obj
def command(obj: Mapping[str, Any], form: str) -> None:
    """Say what is wrong, and the command that mends it.

    A changed config.toml is applied first, as every command does; else nothing is changed. The exit status
    is 0 if all is well, 1 if there is something to mend, 2 if the database cannot be opened.

    \b
    Example:
      emailresponse doctor
      emailresponse doctor --format json
    """
    zone, config = None, Path(obj["config"])
    try:
        if Path(obj["db"]).exists():
            with workspace.opened({**obj, "config": workspace.DEFAULT_CONFIG}, is_applying=False) as store:
                said = list(_examined(store, Path(obj["db"]), config))
                zone = settings.load(store).zone
        else:
            said = [_said("no_database")]
        status = int(any(one.is_fault for one in said))
    except tuple(OPENING) as error:
        kind, mend = OPENING[type(error)]
        said = [Said(kind, is_fault=True, count=1, what=f"{error}.", mend=mend)]
        status = 2
    running = _running(zone)
    if form == "json":
        click.echo(_json(said, running, status))
    else:
        _show(said, running)
    sys.exit(status)


def _examined(store: Store, db: Path, config: Path) -> Iterator[Said]:
    """Yield every finding in words; a faulty configuration is one, and the rest is looked at anyhow."""
    from emailresponse import doctor, link_findings, links

    if config.exists() or config != workspace.DEFAULT_CONFIG:
        try:
            configuration.apply_changed(store, config, workspace.change())
        except SettingsError as error:
            yield _said("configuration", 1, (str(error),))
    now = workspace.now()
    found = [
        *doctor.examine(store, now.date()),
        *link_findings.examine(store, now, db, os.environ),
    ]
    found.sort(key=lambda finding: not finding.is_fault)
    again = {one.mailbox: troubles.again(one) for one in links.listed(store)}
    if not config.exists() and any(finding.kind == "no_people" for finding in found):
        yield _said("no_configuration")
    for finding in found:
        named = tuple(
            one.name if one.count is None else f"{one.name} ({one.count:,})" for one in finding.named
        )
        first = finding.named[0].name if finding.named else ""
        yield _said(
            finding.kind,
            finding.count,
            named,
            first,
            share=finding.share,
            is_fault=finding.is_fault,
            again=again.get(first, ""),
        )


def _said(
    kind: str,
    count: int = 0,
    names: tuple[str, ...] = (),
    first: str = "",
    *,
    share: float | None = None,
    is_fault: bool = True,
    again: str = "",
) -> Said:
    what, mend = SENTENCES[kind]
    said = what.format(count=f"{count:,}", names=", ".join(names) or "nobody alone", share=share or 0.0)
    return Said(
        kind,
        is_fault,
        count,
        said,
        mend.format(first=first, again=again.removeprefix("emailresponse link ")) if mend else None,
        names,
    )


def _running(zone: str | None) -> dict[str, str]:
    """Return the versions that figures depend on, and the workspace's zone."""
    found = {name: importlib.metadata.version(name) for name in PACKAGES}
    system = _system_zones()
    if system:
        found["zones of this machine"] = system
    return found | {"python": platform.python_version()} | ({"zone": zone} if zone else {})


def _system_zones() -> str | None:
    """Return the version of the machine's own zone files, which come before the package's."""
    for folder in TZPATH:
        source = Path(folder, "tzdata.zi")
        if source.is_file():
            with source.open(encoding="utf-8") as lines:
                found = re.match(r"# version (\S+)", lines.readline())
            return found[1] if found else "unknown"
    return None


def _json(said: list[Said], running: dict[str, str], status: int) -> str:
    findings = [
        {name: getattr(one, name) for name in ("kind", "is_fault", "count", "what", "mend", "names")}
        for one in said
    ]
    return json.dumps(
        {"status": status, "findings": findings, "running": running}, ensure_ascii=False, indent=2
    )


def _show(said: list[Said], running: dict[str, str]) -> None:
    width = min(shutil.get_terminal_size().columns, WIDTH)
    faults = [one for one in said if one.is_fault]
    for title, part in (("To mend", faults), ("Good to know", [one for one in said if not one.is_fault])):
        if part:
            click.secho(title, bold=True)
        for one in part:
            click.echo(_folded(one.what, width, "  "))
            if one.mend:
                click.secho(f"      {one.mend}", dim=True)  # never folded, so that it can be copied
    if not faults:
        click.secho("Nothing has to be mended.", bold=True)
    versions = ", ".join(f"{name} {version}" for name, version in running.items())
    click.secho(_folded(versions, width, ""), dim=True)


def _folded(text: str, width: int, margin: str) -> str:
    return textwrap.fill(
        text,
        width,
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )
