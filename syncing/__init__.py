"""Linked mailboxes read by themselves: connectors are made for links, passes are planned, grants are kept.

Here the core, which knows no provider, and the connectors, which know no database, come together. The server
and the commands use it; it knows neither.
"""
