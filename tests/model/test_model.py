"""The desk on the real fold, the real journal and the practice exchange's own ledger: nothing makes it believe wrongly."""

from __future__ import annotations

import pytest
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.machine import DeskModel


def test_desk_believes_nothing_that_is_not_so() -> None:
    run_state_machine_as_test(DeskModel, settings=settings(max_examples=200, stateful_step_count=25, deadline=None))


@pytest.mark.long
@pytest.mark.parametrize("shard", range(4))
def test_desk_believes_nothing_that_is_not_so_at_length(shard: int) -> None:
    model = seed(shard)(type("SeededModel", (DeskModel,), {}))
    at_length = settings(max_examples=2_500, stateful_step_count=40, deadline=None, derandomize=False)
    run_state_machine_as_test(model, settings=at_length)
