"""Linking: from a person's consent, a team's grant or a password to a mailbox that is read.

A consent under way lives on the server only, for ten minutes and for one use; the browser holds a name of it
that says nothing.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connectors import opening
from connectors.granting import Begun, Granted
from emailresponse import links
from emailresponse.audit import Change
from emailresponse.errors import AuthorizationLost, ConsentRefused, ProviderDown, ProviderWrong, RateLimited
from emailresponse.links import Link
from emailresponse.passes import Writing
from emailresponse.providers import Providers
from emailresponse.vault import Vault
from syncing.assembly import Assembly

MINUTES = 10
MOST_UNDER_WAY = 1_000


@dataclass(frozen=True, slots=True)
class _UnderWay:
    provider: str
    begun: Begun
    ends_at: datetime


class Linking:
    """Links mailboxes, and unlinks them.

    Args:
        assembly: makes connectors, which also revoke.
        vault: seals what is granted.
        writing: gives the store to one writer at a time.
        now: the moment in naive UTC.
    """

    def __init__(
        self, assembly: Assembly, vault: Vault, writing: Writing, now: Callable[[], datetime]
    ) -> None:
        self._assembly = assembly
        self._vault = vault
        self._writing = writing
        self._now = now
        self._under_way: dict[str, _UnderWay] = {}
        self._changing = threading.Lock()

    def providers(self) -> Providers:
        """Return the settings of how providers are reached."""
        return self._assembly.providers()

    def begin(self, provider: str, redirect_uri: str, *, account: str | None = None) -> tuple[str, Begun]:
        """Ask a person's consent: return a name under which it is finished, and where the person goes.

        Raises:
            SettingsError: the provider's client is not configured; the reason says what to do.
        """
        begun = opening.consent(provider, self._assembly.packages).begin(
            self.providers(), redirect_uri, account
        )
        return self._keep(provider, begun), begun

    def begin_device(self) -> tuple[str, Begun]:
        """Ask consent by a code that the person types on another device (Microsoft alone)."""
        begun = opening.consent("graph", self._assembly.packages).begin_device(self.providers())
        return self._keep("graph", begun), begun

    def finish(self, name: str, response_url: str, by: str) -> Link:
        """Link the mailbox of a person who came back from the provider.

        Raises:
            ConsentRefused: something needed was not granted, or the attempt is too old or was used before.
            ProviderDown, ProviderWrong, RateLimited: the provider could not be asked.
        """
        under_way = self._take(name)
        granted = opening.consent(under_way.provider, self._assembly.packages).finish(
            self.providers(), under_way.begun.kept, response_url
        )
        return self.keep(under_way.provider, granted, by)

    def finish_device(self, name: str, by: str) -> Link:
        """Wait until the person typed the code, and link the mailbox.

        Raises:
            ConsentRefused: as `finish`.
        """
        under_way = self._take(name)
        granted = opening.consent("graph", self._assembly.packages).finish_device(
            self.providers(), under_way.begun.kept
        )
        return self.keep("graph", granted, by)

    def whole_team(self, provider: str, address: str, by: str) -> Link:
        """Link one mailbox of a team that was granted as a whole.

        Raises:
            ConsentRefused: the mailbox is not on our list, or the provider refuses.
            SettingsError: the team's credentials are not configured.
        """
        return self.keep(
            provider, opening.whole_team(provider, self.providers(), address, self._assembly.packages), by
        )

    def password(
        self, address: str, options: Mapping[str, Any], password: str, by: str, *, name: str | None = None
    ) -> Link:
        """Link an IMAP mailbox after it has been opened once.

        Raises:
            ConsentRefused: the server or the password is not right; the reason says which.
        """
        imap = opening.consent("imap", self._assembly.packages)
        user = str(options.get("user") or address)
        granted = imap.check(dict(options), user, imap.password(password), self._now())
        return self.keep("imap", granted, by, mailbox=address, name=name)

    def keep(
        self, provider: str, granted: Granted, by: str, *, mailbox: str | None = None, name: str | None = None
    ) -> Link:
        """Store a grant sealed, with its link."""
        with self._writing() as store, store.transaction():
            return links.add(
                store,
                self._vault,
                Change(self._now(), by),
                provider=provider,
                account=granted.account,
                way=granted.way,
                secret=granted.secret,
                options=granted.options,
                mailbox=mailbox,
                name=name,
            )

    def unlink(self, mailbox: str, by: str, *, is_erasing: bool) -> str | None:
        """Give the grant back, link the mailbox no more, and keep or erase its messages.

        Returns:
            Why the provider could not be told, in its words; None where it was.

        Raises:
            NotFound: the mailbox is not linked.
        """
        link = self._assembly.link(mailbox)
        untold = None
        try:
            self._assembly.revoke(link)
        except (AuthorizationLost, ProviderDown, ProviderWrong, RateLimited) as error:
            untold = error.reason
        with self._writing() as store, store.transaction():
            links.remove(store, Change(self._now(), by), link.mailbox, is_erasing=is_erasing)
        return untold

    def _keep(self, provider: str, begun: Begun) -> str:
        name = secrets.token_urlsafe(24)
        now = self._now()
        with self._changing:
            for old in [key for key, held in self._under_way.items() if held.ends_at < now]:
                del self._under_way[old]
            if len(self._under_way) >= MOST_UNDER_WAY:
                del self._under_way[next(iter(self._under_way))]
            self._under_way[name] = _UnderWay(provider, begun, now + timedelta(minutes=MINUTES))
        return name

    def _take(self, name: str) -> _UnderWay:
        """Return a consent under way; it cannot be used a second time."""
        with self._changing:
            found = self._under_way.pop(name, None)
        if found is None or found.ends_at < self._now():
            raise ConsentRefused("stale", "this attempt is too old or was used before")
        return found
