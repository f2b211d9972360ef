"""What the doctor says of linked mailboxes and of a database that does not open, and what mends each."""

from __future__ import annotations

from emailresponse.errors import (
    DatabaseTooNew,
    EmailResponseError,
    MigrationFailed,
    SettingsError,
    StoreDamaged,
    StoreInUse,
)

_ONCE = "emailresponse sync --once --mailbox {first}"

#: {first} is the mailbox, {again} what follows `emailresponse link` to link it again as it was.
LINK_SENTENCES: dict[str, tuple[str, str | None]] = {
    "link_lost": (
        "{names} has to be linked again: its provider no longer lets us read it.",
        "emailresponse link {again}",
    ),
    "link_limited": ("The provider has kept {names} waiting for more than an hour.", _ONCE),
    "link_down": ("The provider of {names} has not answered for more than an hour.", _ONCE),
    "link_wrong": (
        "{names} could not be read for more than an hour; the provider answers what cannot be used.",
        _ONCE,
    ),
    "link_emptied": (
        "{names} came back empty although messages of it are stored; is it the right account?",
        "emailresponse link {again}",
    ),
    "link_full": ("{names} could not be stored: the disk is full; make room first.", _ONCE),
    "link_silent": (
        "Linked mailboxes that nothing reads ({count}): {names}",
        "emailresponse sync --once, from cron, or keep serve running",
    ),
    "first_read": (
        "First reads under way ({count}), until which figures lack older mail: {names}",
        "emailresponse link list",
    ),
    "key_lost": (
        "No key here opens the token or password of {names}; bring the key file back, or link it again.",
        "emailresponse link {again}",
    ),
    "key_open": ("Others may read the key that opens every token and password.", "chmod 600 {first}"),
    "key_wrong": (
        "The key that opens tokens and passwords cannot be used: {names}",
        "put a copy of the key file back, or correct EMAILRESPONSE_KEY",
    ),
    "credential_missing": (
        "A file that config.toml names is not there or cannot be read: {names}",
        "correct the path in config.toml; paths begin in the folder the program runs in",
    ),
    "credential_wrong": (
        "A file that config.toml names is something else than it should be: {names}",
        "download it again as docs/gmail.md or docs/microsoft.md says",
    ),
    "credential_open": ("Others may read a file of credentials: {names}", "chmod 600 {first}"),
    "delegated_empty": (
        "A service account is configured, but no mailbox is listed that it may read.",
        "emailresponse config change gmail.delegated @YOUR-DOMAIN",
    ),
    "application_empty": (
        "Mailboxes are linked by application permission, but none is listed that it may read.",
        "emailresponse config change microsoft.mailboxes @YOUR-DOMAIN",
    ),
    "microsoft_unnamed": (
        "Mailboxes of Microsoft 365 are linked, but config.toml names no tenant and client_id.",
        "emailresponse config change microsoft.client_id ID, and microsoft.tenant",
    ),
}

#: What is said where the database cannot be opened, and what to do.
OPENING: dict[type[EmailResponseError], tuple[str, str]] = {
    StoreInUse: ("database_in_use", "stop that process (Ctrl-C in its terminal), or ask its pages"),
    DatabaseTooNew: ("database_newer", "install the newer version of emailresponse again"),
    StoreDamaged: ("database_damaged", "restore a copy of the file, or move it away and import again"),
    MigrationFailed: ("migration_failed", "install the version that made the file, or import into a new one"),
    SettingsError: ("database_unopened", "check the path and who may write there, or give another --db"),
}
