"""The invented team's config.toml: people, teams, mailboxes, schedules, goals."""

from __future__ import annotations

from datetime import date


def config(until: date) -> str:
    """Return the settings that belong to mail that ends on a day."""
    return f"# {until}\n"
