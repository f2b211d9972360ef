"""Derivations: conversations, waits and clocks, derived from the facts again at any time."""
