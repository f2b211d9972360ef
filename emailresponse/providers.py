"""How the providers are reached and how much is asked of them: settings of live mailboxes.

None of them changes a figure. Secrets are no settings: files named here hold what the provider gave for
download, tokens and passwords are sealed in the vault.
"""

from __future__ import annotations

from dataclasses import dataclass

from emailresponse import entries


@dataclass(frozen=True, slots=True)
class Gmail:
    """Where Gmail is, who we are to it, and what its calls cost in quota units (providers change them)."""

    api_endpoint: str = entries.endpoint(
        "https://gmail.googleapis.com", "where Gmail's API is", "gmail.api_endpoint"
    )
    auth_uri: str = entries.endpoint(
        "https://accounts.google.com/o/oauth2/v2/auth", "where people consent", "gmail.auth_uri"
    )
    token_uri: str = entries.endpoint(
        "https://oauth2.googleapis.com/token", "where tokens come from", "gmail.token_uri"
    )
    revoke_uri: str = entries.endpoint(
        "https://oauth2.googleapis.com/revoke", "where tokens are given back", "gmail.revoke_uri"
    )
    client_file: str = entries.text(
        "", "the OAuth client's JSON file as Google Cloud gives it", "gmail.client_file"
    )
    service_account_file: str = entries.text(
        "", "the service account's JSON key, for domain-wide delegation", "gmail.service_account_file"
    )
    delegated: tuple[str, ...] = entries.texts(
        "mailboxes that the service account may read: addresses, or domains as @acme.com", "gmail.delegated"
    )
    units_per_second: float = entries.number(
        80.0, 1, 10_000, "quota units a second for one mailbox", "gmail.units_per_second"
    )
    project_units_per_second: float = entries.number(
        16_000.0, 1, 1_000_000, "quota units a second for the whole project", "gmail.project_units_per_second"
    )
    units_get: int = entries.number(20, 1, 1000, "units of messages.get", "gmail.units_get")
    units_list: int = entries.number(5, 1, 1000, "units of messages.list", "gmail.units_list")
    units_history: int = entries.number(2, 1, 1000, "units of history.list", "gmail.units_history")
    units_profile: int = entries.number(1, 1, 1000, "units of getProfile", "gmail.units_profile")


@dataclass(frozen=True, slots=True)
class Microsoft:
    """Where Microsoft 365 is and who we are to it."""

    authority: str = entries.endpoint(
        "https://login.microsoftonline.com", "where people sign in (national clouds)", "microsoft.authority"
    )
    graph_url: str = entries.endpoint(
        "https://graph.microsoft.com/v1.0", "where Graph is (national clouds)", "microsoft.graph_url"
    )
    tenant: str = entries.text("", "the directory (tenant) id", "microsoft.tenant")
    client_id: str = entries.text("", "the application (client) id", "microsoft.client_id")
    secret_file: str = entries.text("", "a file that holds the client secret alone", "microsoft.secret_file")
    certificate_file: str = entries.text(
        "", "a PEM file with the certificate and its private key", "microsoft.certificate_file"
    )
    mailboxes: tuple[str, ...] = entries.texts(
        "mailboxes that the application permission may read: addresses, or domains as @acme.com",
        "microsoft.mailboxes",
    )
    concurrent: int = entries.number(
        2, 1, 4, "requests at a time for one mailbox (Exchange refuses more than 4)", "microsoft.concurrent"
    )
    page_messages: int = entries.number(
        200, 1, 1000, "messages a page of changes holds", "microsoft.page_messages"
    )


@dataclass(frozen=True, slots=True)
class Syncing:
    """How often mailboxes are read, how far back, and by how many at a time."""

    every_minutes: int = entries.number(
        5, 1, 1440, "a linked mailbox is read again after so many minutes", "sync.every_minutes"
    )
    workers: int = entries.number(4, 1, 64, "mailboxes read at the same time", "sync.workers")
    backfill_months: int = entries.number(
        24, 1, 600, "months that a mailbox is read back when it is linked", "sync.backfill_months"
    )
    slice_seconds: int = entries.number(
        60, 1, 3600, "a first read gives way to others after so many seconds", "sync.slice_seconds"
    )
    reconcile_days: int = entries.number(
        7, 1, 90, "days whose messages are compared with the provider's again", "sync.reconcile_days"
    )


@dataclass(frozen=True, slots=True)
class Providers:
    """All of them."""

    gmail: Gmail = Gmail()
    microsoft: Microsoft = Microsoft()
    syncing: Syncing = Syncing()
