"""What standing strategies bind is read anew only when one of them is another than it was."""

from __future__ import annotations

from otoco_desktop.app.standing import StandingPlans
from otoco_desktop.domain.lifecycle import evolve
from otoco_desktop.domain.strategy import Strategy
from tests.domain.truth.builders import E_ as ENTRY
from tests.domain.truth.builders import ID, QUANTITY, acked, full, placed, strategy, told


class Book:
    """Holds what the test puts there."""

    def __init__(self, *strategies: Strategy) -> None:
        self.open_ones = strategies


def test_it_is_worked_out_once_for_the_same_strategies() -> None:
    book = Book(strategy(acked(), *placed()))
    plans = StandingPlans(book)  # type: ignore[arg-type]  # all it asks a book for
    first = plans.without("")
    assert plans.without("") is first
    assert first.promised[0].waiting == QUANTITY
    book.open_ones = (evolve(book.open_ones[0], told(full(ENTRY, "93000.00", 100))),)
    second = plans.without("")
    assert (second.promised[0].amount, second.open_risk.count) == (QUANTITY, 1)


def test_a_strategy_is_not_weighed_against_itself() -> None:
    plans = StandingPlans(Book(strategy(acked(), *placed())))  # type: ignore[arg-type]  # all it asks a book for
    assert plans.without(ID).promised == ()
    assert len(plans.without("").promised) == 1
