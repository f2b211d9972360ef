"""Which package reads which provider; each is loaded when first needed, for their libraries are large."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, Protocol, cast

from connectors.granting import Granted
from connectors.linked import Linked
from emailresponse.copies import Connector


class Provider(Protocol):
    """What every connector package of a live mailbox offers."""

    def connect(self, linked: Linked) -> Connector:
        """Return a connector on a linked mailbox."""
        ...

    def revoke(self, linked: Linked) -> None:
        """Give the grant back to the provider; one that it no longer knows is no error."""
        ...


Packages = Callable[[str], Any]
"""Returns the package of gmail, graph or imap; another one is given where mailboxes lie elsewhere."""


def package(name: str) -> Any:
    """Return the package of gmail, graph or imap, loaded."""
    return importlib.import_module(f"connectors.{name}")


def provider(name: str, packages: Packages = package) -> Provider:
    """Return the package of gmail, graph or imap."""
    return cast("Provider", packages(name))


def consent(name: str, packages: Packages = package) -> Any:
    """Return the package of a provider whose people consent in a browser: `begin` and `finish`."""
    return packages(name)


def whole_team(name: str, providers: Any, address: str, packages: Packages = package) -> Granted:
    """Return the grant on one mailbox of a team that was granted as a whole.

    Gmail does so by domain-wide delegation, Microsoft by application permission.

    Raises:
        ConsentRefused: the mailbox is not on the list of those that may be read, or the provider refuses.
        SettingsError: the credentials of the whole team are not configured.
    """
    of_team = packages(name)
    grant = of_team.delegated if name == "gmail" else of_team.application
    return cast("Granted", grant(providers, address))
