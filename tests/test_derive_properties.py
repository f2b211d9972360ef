"""The derivation equals the slow walk over metrics.md, and the same facts in any order give the same rows.

EMAILRESPONSE_EXAMPLES sets how many workspaces each property sees (default few: a run takes seconds).
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import oracle
from tests.story import Derivation, from_oracle, has_product
from tests.workspaces import workspaces

FEW = 10
EXAMPLES = int(os.environ.get("EMAILRESPONSE_EXAMPLES", FEW))


def seeing(examples: int) -> settings:
    """Return settings for so many workspaces; the default run, and CI's, is the same each time.

    The default run does not shrink.
    """
    phases = [Phase.explicit, Phase.generate, *([Phase.reuse, Phase.shrink] if EXAMPLES > FEW else [])]
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=EXAMPLES == FEW or settings.default.derandomize,
        suppress_health_check=list(HealthCheck),
        phases=phases,
    )


needs_product = pytest.mark.skipif(not has_product(), reason="there is no derivation yet")


def differences(found: Derivation, expected: Derivation) -> dict[str, object]:
    """Return only what differs, so that a failure can be read."""
    left: dict[str, object] = {}
    for part in ("messages", "verdicts", "conversations", "roles", "volumes"):
        one, other = getattr(found, part), getattr(expected, part)
        for key in sorted(one.keys() | other.keys(), key=str):
            if one.get(key) != other.get(key):
                left[f"{part} {key}"] = (one.get(key), other.get(key))
    ours = {(wait.opened_by, wait.lane): wait for wait in found.waits}
    theirs = {(wait.opened_by, wait.lane): wait for wait in expected.waits}
    for key in sorted(ours.keys() | theirs.keys()):
        one, other = ours.get(key), theirs.get(key)
        if one is None or other is None:
            left[f"wait {key}"] = (one, other)
        elif one != other:
            names = [name for name in one.__dataclass_fields__ if getattr(one, name) != getattr(other, name)]
            left[f"wait {key}"] = {name: (getattr(one, name), getattr(other, name)) for name in names}
    return left


@needs_product
@seeing(EXAMPLES)
@given(workspaces(most=25))
def test_full_derivation_equals_the_walk(workspace: oracle.Workspace):
    """Messages, verdicts, conversations and waits are those that the text of metrics.md says."""
    from tests import product

    assert differences(product.derive(workspace), from_oracle(workspace)) == {}


@needs_product
def test_any_order_in_any_batches_gives_the_same_rows():
    """Facts that came shuffled, a few at a time, derive to what all of them at once derive to.

    Copies, later labels and decisions by hand come in turn; most refreshes are incremental ones.
    """
    from tests import product

    counted = product.Refreshes()

    @seeing(max(4, EXAMPLES // 2))
    @given(workspaces(most=10), st.integers(0, 2**16))
    def holds(workspace: oracle.Workspace, seed: int) -> None:
        found = product.derive_piecemeal(workspace, seed, counted)
        assert differences(found, product.derive(workspace)) == {}

    holds()
    assert counted.incremental > counted.all / 2


@seeing(EXAMPLES * 2)
@given(workspaces(), st.randoms(use_true_random=False))
def test_walk_does_not_depend_on_the_order_of_copies(workspace: oracle.Workspace, chance):
    """The oracle itself gives the same rows for the same copies in any order."""
    expected = from_oracle(workspace)
    chance.shuffle(workspace.copies)

    assert differences(from_oracle(workspace), expected) == {}


@needs_product
@seeing(max(2, EXAMPLES // 2))
@given(workspaces(most=15), st.integers(1, 400))
def test_as_of_equals_the_walk(workspace: oracle.Workspace, hours: int):
    """With an as-of in the past the rows are those of a workspace that knew no more."""
    from datetime import timedelta

    from tests import product
    from tests.workspaces import START

    workspace.as_of = START + timedelta(hours=hours, seconds=1)

    assert differences(product.derive(workspace), from_oracle(workspace)) == {}
