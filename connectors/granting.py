"""How a person lets us read a mailbox: sent to the provider, coming back, and what is then sealed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Begun:
    """A consent that was asked for.

    Attributes:
        address: where the person's browser goes, or the page on which a device code is typed.
        kept: JSON that must survive on the server until the person comes back and is used once (the state and
            the PKCE verifier are in it); never in a cookie or an address.
        code: what the person types there, where they are asked for a device code.
    """

    address: str
    kept: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """A mailbox that may be read now.

    Attributes:
        account: its address as the provider spells it.
        way: `consent`, `delegation`, `application` or `password`.
        secret: token or password to be sealed; absent where the way needs none of its own.
        options: what a connector must be told beside, e.g. an IMAP server's host and port.
    """

    account: str
    way: str
    secret: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
