"""Which package reads which provider; each is loaded when first needed, for their libraries are large."""

from __future__ import annotations

import importlib
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


def provider(name: str) -> Provider:
    """Return the package of gmail, graph or imap."""
    return cast("Provider", _package(name))


def consent(name: str) -> Any:
    """Return the package of a provider whose people consent in a browser: `begin` and `finish`."""
    return _package(name)


def whole_team(name: str, providers: Any, address: str) -> Granted:
    """Return the grant on one mailbox of a team that was granted as a whole.

    Gmail does so by domain-wide delegation, Microsoft by application permission.

    Raises:
        ConsentRefused: the mailbox is not on the list of those that may be read, or the provider refuses.
        SettingsError: the credentials of the whole team are not configured.
    """
    package = _package(name)
    grant = package.delegated if name == "gmail" else package.application
    return cast("Granted", grant(providers, address))


def _package(name: str) -> Any:
    return importlib.import_module(f"connectors.{name}")
