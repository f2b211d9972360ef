"""One error class per reaction; sentences for people are made in cli and web.

EmailResponseError
├── SettingsError        settings are wrong: show, exit 2
├── StoreInUse           another process holds the database: say which
├── MigrationFailed      nothing of the migration was kept
├── DatabaseTooNew       a newer version made this file
├── StoreFull            there is no room on the disk: make some, nothing was half stored
├── StoreDamaged         the file cannot be read as it is: import again, or restore it
├── SourceUnreadable     nothing of a source could be read
├── CursorExpired        read the source again from the start and upsert
├── MailboxEmptied       a mailbox came back suddenly empty: refuse
├── AuthorizationLost    the provider no longer lets us read a mailbox: link it again
├── ConsentRefused       a mailbox was not linked: say what to do differently
├── RateLimited          the provider asks for patience: wait `retry_after` seconds
├── ProviderDown         the provider does not answer, or not now: next time
├── ProviderWrong        the provider answers what it should not: show its answer
└── NotFound             what was asked for is not there
"""

from __future__ import annotations

from pathlib import Path


class EmailResponseError(Exception):
    """Root of every error that a person can do something about."""


class SettingsError(EmailResponseError):
    """A setting, person, schedule or goal that cannot be; the reason says what to change."""

    def __init__(self, reason: str, where: str | None = None) -> None:
        self.reason = reason
        self.where = where
        super().__init__(f"{where}: {reason}" if where else reason)


class StoreInUse(EmailResponseError):  # noqa: N818 - the reaction's name, as design.md lists it
    """Another process holds the database file."""

    def __init__(self, path: Path, holder: str | None) -> None:
        self.path = path
        self.holder = holder
        super().__init__(f"{path} is in use by {holder or 'another process'}")


class MigrationFailed(EmailResponseError):  # noqa: N818
    """A migration could not be applied; nothing of it was kept."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(f"migration {name}: {reason}")


class DatabaseTooNew(EmailResponseError):  # noqa: N818
    """The database was made by a newer version of this program."""

    def __init__(self, path: Path, unknown: str) -> None:
        self.path = path
        self.unknown = unknown
        super().__init__(f"{path} was made by a newer version (it knows migration {unknown})")


class StoreDamaged(EmailResponseError):  # noqa: N818
    """The database file is cut off or altered, or was never one."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path} is damaged or no database: {reason}")


class StoreFull(EmailResponseError):  # noqa: N818
    """The disk has no room for what was to be stored; what was stored before is whole."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"no room on the disk for {path}")


class SourceUnreadable(EmailResponseError):  # noqa: N818
    """Nothing of a source could be read."""

    def __init__(self, source: str, reason: str) -> None:
        self.source = source
        self.reason = reason
        super().__init__(f"{source}: {reason}")


class CursorExpired(EmailResponseError):  # noqa: N818
    """The provider no longer knows the cursor: read again from the start and upsert."""


class MailboxEmptied(EmailResponseError):  # noqa: N818
    """A mailbox that held messages came back empty; nothing was changed."""

    def __init__(self, mailbox: str) -> None:
        self.mailbox = mailbox
        super().__init__(f"{mailbox} came back empty")


class AuthorizationLost(EmailResponseError):  # noqa: N818
    """A mailbox may no longer be read, or never might; waiting mends nothing, linking it again does.

    Attributes:
        mailbox: whose grant it is.
        reason: what the provider says, in its own word, e.g. `invalid_grant`.
    """

    def __init__(self, mailbox: str, reason: str) -> None:
        self.mailbox = mailbox
        self.reason = reason
        super().__init__(f"{mailbox} may not be read: {reason}")


class ConsentRefused(EmailResponseError):  # noqa: N818
    """A person came back from the provider without what is needed to read the mailbox.

    Attributes:
        kind: denied, unticked (the box for mail was left empty), admin (an administrator has to agree first),
            stale (the attempt is too old, was used before, or was begun elsewhere) or wrong (credentials).
        reason: what the provider says, in its own words, without addresses and tokens.
    """

    def __init__(self, kind: str, reason: str) -> None:
        self.kind = kind
        self.reason = reason
        super().__init__(f"not linked: {reason}")


class RateLimited(EmailResponseError):  # noqa: N818
    """The provider asks for patience.

    Attributes:
        retry_after: seconds to wait before the next request; absent where the provider does not say.
    """

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        self.reason = reason
        self.retry_after = retry_after
        super().__init__(f"asked to wait{f' {retry_after:.0f} s' if retry_after else ''}: {reason}")


class ProviderDown(EmailResponseError):  # noqa: N818
    """The provider cannot be reached, or says that it cannot answer now; the next attempt may do."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"no answer: {reason}")


class ProviderWrong(EmailResponseError):  # noqa: N818
    """The provider refused or answered what cannot be worked with, and will again.

    Attributes:
        reason: its answer, without addresses, subjects and tokens.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"unexpected answer: {reason}")


class NotFound(EmailResponseError):  # noqa: N818
    """What was asked for is not in the data."""

    def __init__(self, kind: str, name: str) -> None:
        self.kind = kind
        self.name = name
        super().__init__(f"no {kind} {name}")
