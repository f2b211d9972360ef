"""The invented team's config.toml: people, teams, mailboxes, schedules, goals."""

from __future__ import annotations

import json
from datetime import date, timedelta

from connectors.demo.people import (
    AMERICAS,
    BERLIN,
    DOMAIN,
    EUROPE,
    FORM_SENDER,
    MEMBERS,
    NEW_YORK,
    SALES,
    SUPPORT,
    SUPPORT_MEMBERS,
    TEAMS,
    Member,
)

_HEAD = f"""\
# The invented team of `emailresponse demo`. For your own team see config.example.toml.

[workspace]
zone = "{BERLIN}"

[internal]
domains = ["{DOMAIN}"]
groups = [{{ address = "{SALES}", name = "Sales" }}]

[senders]
forms = ["{FORM_SENDER}"]
"""


def config(until: date) -> str:
    """Return the settings that belong to mail whose last day is `until`."""
    teams = [f'[[teams]]\nid = "{team}"\nname = "{name}"\n' for team, name in TEAMS.items()]
    people = [_person(member, until) for member in MEMBERS]
    return "\n".join([_HEAD, *teams, *people, _mailboxes(), _schedules(until), _goals()])


def _person(member: Member, until: date) -> str:
    addresses = [member.address, *(f"{alias}@{DOMAIN}" for alias in member.aliases)]
    lines = [
        "[[people]]",
        f'name = "{member.party.name}"',
        f"addresses = {json.dumps(addresses)}",
        f'teams = ["{member.team}"]',
    ]
    if member.joined_before is not None:
        lines.append(f"from = {until - timedelta(days=member.joined_before)}")
    days = [
        (until - timedelta(days=leave.first_before), until - timedelta(days=leave.last_before), leave.name)
        for leave in member.leaves
    ]
    if days:
        said = ", ".join(
            f'{{ from = {first}, until = {last}, name = "{name}" }}' for first, last, name in days
        )
        lines.append(f"leave = [{said}]")
    return "\n".join(lines) + "\n"


def _mailboxes() -> str:
    entries = [
        f'[[mailboxes]]\naddress = "{member.address}"\nowner = "{member.address}"\nteam = "{member.team}"\n'
        for member in MEMBERS
    ]
    workers = ", ".join(f'"{member.address}"' for member in SUPPORT_MEMBERS)
    entries.append(
        f'[[mailboxes]]\naddress = "{SUPPORT}"\nname = "Support"\nkind = "shared"\nmembers = [{workers}]\n'
    )
    return "\n".join(entries)


def _schedules(until: date) -> str:
    later = until - timedelta(days=90)
    return f"""\
[[schedules]]
team = "{EUROPE}"
zone = "{BERLIN}"
hours = "mon-fri 09:00-17:30"
country = "DE"
region = "BE"

# The American office opened an hour later at first.
[[schedules]]
team = "{AMERICAS}"
zone = "{NEW_YORK}"
hours = "mon-fri 10:00-18:00"
country = "US"
region = "NY"
until = {later - timedelta(days=1)}

[[schedules]]
team = "{AMERICAS}"
zone = "{NEW_YORK}"
hours = "mon-fri 09:00-18:00"
country = "US"
region = "NY"
from = {later}
"""


def _goals() -> str:
    return """\
[[goals]]
class = "lead"
within = "2h"
clock = "business"
share = 0.8

[[goals]]
class = "follow_up"
within = "8h"
clock = "business"
share = 0.9
"""
