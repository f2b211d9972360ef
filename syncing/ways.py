"""The ways in which a mailbox can be linked, and which settings each of them still lacks."""

from __future__ import annotations

from emailresponse.providers import Gmail, Microsoft, Providers

TEAM_WAYS = {"gmail": "delegation", "graph": "application"}
"""How a whole team is granted, by provider."""


def lacking(providers: Providers, provider: str, way: str) -> tuple[str, ...]:
    """Return the names of the settings without which nobody can link a mailbox so; empty: all are there."""
    wanted = _gmail(providers.gmail, way) if provider == "gmail" else _microsoft(providers.microsoft, way)
    return tuple(name for name, held in wanted.items() if not held)


def _gmail(held: Gmail, way: str) -> dict[str, object]:
    if way == "consent":
        return {"gmail.client_file": held.client_file}
    return {"gmail.service_account_file": held.service_account_file, "gmail.delegated": held.delegated}


def _microsoft(held: Microsoft, way: str) -> dict[str, object]:
    wanted: dict[str, object] = {"microsoft.tenant": held.tenant, "microsoft.client_id": held.client_id}
    if way == "consent":  # without a secret it asks as a public client
        return wanted
    credential = held.secret_file or held.certificate_file
    return {**wanted, "microsoft.certificate_file": credential, "microsoft.mailboxes": held.mailboxes}
