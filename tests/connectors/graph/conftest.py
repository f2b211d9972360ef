"""Fixtures of the tests that read the stand-in Graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

from connectors.graph import tokens
from tests.connectors.graph.reading import Reading, providers
from tests.providers.graph import Graph


@pytest.fixture
def server() -> Iterator[Graph]:
    """Return a stand-in Graph; whatever the client did wrong fails the test."""
    graph = Graph()
    with stamina.set_testing(True, attempts=6, cap=True):
        yield graph
    tokens.forget()
    assert graph.wrongs == []


@pytest.fixture
def base(server: Graph) -> Iterator[str]:
    """Return the address of the stand-in."""
    with server.serving() as address:
        yield address


@pytest.fixture
def reading(server: Graph, base: str, tmp_path: Path) -> Reading:
    """Return a linked mailbox, of which nothing was read; its pages are short."""
    return Reading(server, providers(base, tmp_path, page_messages=4))
