"""What is wrong with linked mailboxes: not read, without a key, without credentials."""

from __future__ import annotations

import itertools
import json
import stat
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from emailresponse import links, settings
from emailresponse.doctor import MOST, Finding, Named
from emailresponse.errors import SettingsError
from emailresponse.links import Link
from emailresponse.providers import Providers
from emailresponse.store import Store
from emailresponse.vault import Vault

INTERVALS = 6
"""A mailbox that has missed so many of its turns is not being read."""

LEAST_SILENCE = timedelta(hours=1)
TROUBLED = timedelta(hours=1)
"""Trouble that lasts longer is worth a look; shorter ones end by themselves."""


def examine(store: Store, now: datetime, db: Path, environment: Mapping[str, str]) -> list[Finding]:
    """Return what is wrong with linked mailboxes and what opens them.

    Args:
        store: the workspace; it stays as it is.
        now: the moment in naive UTC.
        db: the database's file; the key file lies beside it.
        environment: where EMAILRESPONSE_KEY may stand.
    """
    held, asked = links.listed(store), settings.providers(store)
    checks = [_links(held, asked, now), _keys(store, db, environment), _credentials(held, asked)]
    return list(itertools.chain(*checks))


def _links(held: list[Link], asked: Providers, now: datetime) -> Iterator[Finding]:
    """Find links that are not read as they should be."""
    lost = [one for one in held if one.is_lost]
    read = [one for one in held if not one.is_lost and not one.is_paused]
    silence = max(INTERVALS * timedelta(minutes=asked.syncing.every_minutes), LEAST_SILENCE)
    troubled = [one for one in read if one.trouble and now - (one.synced_at or one.linked_at) > TROUBLED]
    silent = [one for one in read if not one.trouble and now - _last_seen(one) > silence]
    first = [one for one in read if one.is_first_read and one.first_begun_at and one not in silent + troubled]
    # Each is mended by a command of its own, so each is a finding of its own.
    for one in lost:
        yield Finding("link_lost", 1, (Named(one.mailbox),))
    for one in troubled:
        yield Finding(f"link_{one.trouble}", 1, (Named(one.mailbox),))
    if silent:
        yield _of("link_silent", [one.mailbox for one in silent])
    if first:
        yield _of("first_read", [one.mailbox for one in first], is_fault=False)


def _last_seen(link: Link) -> datetime:
    """Return when a mailbox was last at work on, or else linked."""
    return max(moment for moment in (link.linked_at, link.begun_at, link.ended_at) if moment)


def _keys(store: Store, db: Path, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Find keys that strangers may read, and secrets that no key at hand opens."""
    sealed = store.tuples("store/secrets")
    path = db.with_name(f"{db.name}.key")
    try:
        vault = Vault.of(db, environment)
    except SettingsError as error:
        kind = "key_open" if _is_open(path) else "key_wrong"
        yield Finding(kind, 1, (Named(str(path) if kind == "key_open" else str(error)),))
        return
    for mailbox, secret in sealed:
        if vault.unseal(secret) is None:
            yield Finding("key_lost", 1, (Named(mailbox),))


def _credentials(held: list[Link], asked: Providers) -> Iterator[Finding]:
    """Find files that the settings name and that are not there or something else, and lists left empty."""
    gmail, microsoft = asked.gmail, asked.microsoft
    files = (
        ("gmail.client_file", gmail.client_file, _is_client),
        ("gmail.service_account_file", gmail.service_account_file, _is_service_account),
        ("microsoft.secret_file", microsoft.secret_file, lambda text: bool(text.strip())),
        ("microsoft.certificate_file", microsoft.certificate_file, _is_certificate),
    )
    for name, path, is_right in files:
        if not path:
            continue
        file = Path(path).expanduser()
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            yield Finding("credential_missing", 1, (Named(f"{name} ({path})"),))
            continue
        if not is_right(text):
            yield Finding("credential_wrong", 1, (Named(f"{name} ({path})"),))
        elif _is_open(file):
            yield Finding("credential_open", 1, (Named(path),), is_fault=False)
    if gmail.service_account_file and not gmail.delegated:
        yield Finding("delegated_empty", 1)
    ways = {one.way for one in held}
    if "application" in ways and not microsoft.mailboxes:
        yield Finding("application_empty", 1)
    is_unnamed = not (microsoft.tenant and microsoft.client_id)
    if is_unnamed and any(one.provider == "graph" for one in held):
        yield Finding("microsoft_unnamed", 1)


def _is_open(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    except OSError:
        return False


def _is_client(text: str) -> bool:
    said = _object(text)
    kinds = [said[kind] for kind in ("web", "installed") if isinstance(said.get(kind), dict)]
    return any(bool(kind.get("client_id")) for kind in kinds)


def _is_service_account(text: str) -> bool:
    said = _object(text)
    return said.get("type") == "service_account" and "PRIVATE KEY" in str(said.get("private_key"))


def _is_certificate(text: str) -> bool:
    return "BEGIN CERTIFICATE" in text and "PRIVATE KEY-----" in text


def _object(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _of(kind: str, names: list[str], *, is_fault: bool = True) -> Finding:
    return Finding(kind, len(names), tuple(Named(name) for name in names[:MOST]), is_fault=is_fault)
