"""The desk on the real fold, the real journal and the practice exchange: nothing makes it believe wrongly."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.machine import DeskModel

SHARDS = 4
QUIET = settings(stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))


def test_desk_believes_nothing_that_is_not_so() -> None:
    run_state_machine_as_test(DeskModel, settings=settings(QUIET, max_examples=140))


@pytest.mark.long
@pytest.mark.parametrize("shard", range(SHARDS))
def test_desk_believes_nothing_that_is_not_so_at_length(shard: int) -> None:
    """10,000 runs, in shares that can go side by side."""
    model = seed(shard)(type("SeededModel", (DeskModel,), {}))
    runs = settings(QUIET, max_examples=10_000 // SHARDS, derandomize=False)
    run_state_machine_as_test(model, settings=runs)
