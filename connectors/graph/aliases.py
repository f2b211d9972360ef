"""Whom an X.500 address means: Exchange writes colleagues so where it does not know how mail calls them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connectors.graph.rows import Recipient, is_x500


class Aliases:
    """The addresses behind X.500 names: those that settings name, and those that the mailbox's rows show.

    A name is learnt where one display name stands for one X.500 address and, elsewhere in the mailbox, for
    one address of the mailbox's own domain, and for no other. What is not known stays as it is.

    Args:
        domain: the domain of colleagues' addresses.
        told: addresses by X.500 name, as somebody wrote them down.
        learnt: addresses by X.500 name, learnt before; more are put into it.
    """

    def __init__(self, domain: str, told: Mapping[str, str], learnt: dict[str, str]) -> None:
        self._domain = domain.lower()
        self._told = {name.lower(): address for name, address in told.items()}
        self._learnt = learnt
        self._addresses: dict[str, set[str]] = {}
        self._names: dict[str, set[str]] = {}

    def learn(self, named: Iterable[Recipient]) -> None:
        """Take in people whom messages name."""
        for one in named:
            if one.email is None or not one.email.name or not one.email.address:
                continue
            name, address = one.email.name.strip().lower(), one.email.address.strip().lower()
            if is_x500(address):
                self._names.setdefault(name, set()).add(address)
            elif name != address and address.endswith(f"@{self._domain}"):
                self._addresses.setdefault(name, set()).add(address)
        for name, spelled in self._names.items():
            known = self._addresses.get(name, set())
            if len(spelled) == len(known) == 1:
                self._learnt.setdefault(next(iter(spelled)), next(iter(known)))

    def resolved(self, address: str) -> str:
        """Return the address behind an X.500 name if it is known, else the text itself."""
        if not is_x500(address):
            return address
        name = address.strip().lower()
        return self._told.get(name) or self._learnt.get(name) or address
