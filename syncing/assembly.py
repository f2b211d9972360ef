"""Connectors for links: what each is given comes from the database, the vault and the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from connectors import opening
from connectors.linked import Linked
from connectors.opening import Packages, package
from connectors.pacing import Paces
from emailresponse import links, settings
from emailresponse.copies import Connector
from emailresponse.errors import AuthorizationLost
from emailresponse.holdings import StoredCopies
from emailresponse.links import Link
from emailresponse.passes import Writing
from emailresponse.providers import Providers
from emailresponse.store import Store
from emailresponse.vault import Vault

NEEDING_A_SECRET = ("consent", "password")


class Assembly:
    """Makes connectors for links; they share the token buckets of this process.

    Args:
        store: the workspace; connectors ask it what is stored from threads of their own.
        vault: opens and seals secrets.
        writing: gives the store to one writer at a time.
        now: the moment in naive UTC.
        paces: token buckets; absent: new ones.
        packages: returns the package of a provider.
    """

    def __init__(
        self,
        store: Store,
        vault: Vault,
        writing: Writing,
        now: Callable[[], datetime],
        paces: Paces | None = None,
        packages: Packages = package,
    ) -> None:
        self._store = store
        self._vault = vault
        self._writing = writing
        self._now = now
        self.paces = paces or Paces()
        self.packages = packages

    def connect(self, link: Link) -> Connector:
        """Return a connector on a linked mailbox.

        Raises:
            AuthorizationLost: its secret is not there, or no key at hand opens it.
        """
        return opening.provider(link.provider, self.packages).connect(self.linked(link))

    def revoke(self, link: Link) -> None:
        """Give the grant of a mailbox back to its provider."""
        opening.provider(link.provider, self.packages).revoke(self.linked(link))

    def providers(self) -> Providers:
        """Return the settings of how providers are reached, without waiting for whoever writes."""
        with self._reading() as cursor:
            return settings.providers(cursor)

    def link(self, mailbox: str) -> Link:
        """Return the link of a mailbox, without waiting for whoever writes.

        Raises:
            NotFound: it is not linked.
        """
        with self._reading() as cursor:
            return links.link(cursor, mailbox)

    def linked(self, link: Link) -> Linked:
        """Return what a connector is given of a link.

        Raises:
            AuthorizationLost: its secret is not there, or no key at hand opens it.
        """
        with self._reading() as cursor:
            secret = links.secret(cursor, self._vault, link.mailbox)
        if secret is None and link.way in NEEDING_A_SECRET:
            raise AuthorizationLost(link.mailbox, "the key that sealed its token is not here")
        return Linked(
            mailbox=link.mailbox,
            account=link.account,
            way=link.way,
            options=link.options,
            horizon_at=link.horizon_at,
            secret=secret,
            save_secret=lambda changed: self._save(link.mailbox, changed),
            holdings=StoredCopies(self._store, link.mailbox, link.provider),
            providers=self.providers(),
            paces=self.paces,
            now=self._now,
        )

    @contextmanager
    def _reading(self) -> Iterator[Store]:
        cursor = self._store.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def _save(self, mailbox: str, secret: str) -> None:
        with self._writing() as store, store.transaction():
            # A mailbox that was unlinked meanwhile must not get its token back.
            if any(one.mailbox == mailbox for one in links.listed(store)):
                links.keep_secret(store, self._vault, mailbox, secret, self._now())
