"""Faults that wait for their moment: the jump behind a stop, and the stream that breaks before it tells of a fill."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from otoco_desktop.practice.faults import Fault
from otoco_desktop.practice.model import NewList, Side, Status
from otoco_desktop.practice.plots import Plots
from otoco_desktop.practice.venue import Venue
from tests.practice.desk import bracket
from tests.practice.test_venue import made, venue_in

__all__ = ["made"]

PRICES = {Side.BUY: ("92400.00", "91000.00", "95500.00"), Side.SELL: ("94000.00", "95500.00", "90000.00")}
LIMITS = {Side.BUY: ("90900.00", "95400.00"), Side.SELL: ("95600.00", "90100.00")}
TO_ENTRY = {Side.BUY: "92300.00", Side.SELL: "94100.00"}


@dataclass
class Scene:
    """A venue with its plots, on no loop: time passes by hand."""

    venue: Venue
    cuts: list[str] = field(default_factory=list)
    later: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.told: list[str] = []
        self.venue.listeners.append(lambda changes: self.told.extend(leg.status for leg in changes.reports))
        Plots(self.venue, self, lambda seconds, call: self.later.append((seconds, call)))

    def disconnect_users(self, code: int | None = None) -> None:
        self.cuts.append(f"{code} after {len(self.told)} reports")

    def place(self, wanted: NewList) -> str:
        list_id = self.venue.engine.create(wanted, self.venue.now_ns)
        self.venue.settle()
        return list_id

    def move(self, price: str, beats: int = 4) -> None:
        self.venue.prices["BTC_USD"].put(Decimal(price))
        for _ in range(beats):
            self.venue.apply_prices()


@pytest.fixture
def scene(tmp_path: Path, made: list) -> Scene:  # type: ignore[type-arg]  # the stores of the other module's fixture
    venue, _ = venue_in(tmp_path, made)
    here = Scene(venue)
    here.move("93120.00")
    return here


@pytest.mark.parametrize("limited", [False, True], ids=["market", "limit"])
@pytest.mark.parametrize("side", Side)
def test_the_price_jumps_behind_the_stop(scene: Scene, side: Side, limited: bool) -> None:
    limits = LIMITS[side] if limited else (None, None)
    scene.venue.faults.arm(Fault.GAP_THROUGH_STOP, 2.0)
    list_id = scene.place(bracket(side=side, prices=PRICES[side], limits=limits))
    assert not scene.later, "the exits are not active yet"
    scene.move(TO_ENTRY[side])
    ((seconds, jump),) = scene.later
    assert seconds == 2.0
    assert scene.venue.prices["BTC_USD"].mark == Decimal(TO_ENTRY[side]), "it jumps at once"
    jump()
    behind = Decimal(limits[0] or PRICES[side][1]) * (Decimal("0.98") if side is Side.BUY else Decimal("1.02"))
    mark = scene.venue.prices["BTC_USD"].mark
    assert abs(mark - behind) <= Decimal("0.01")
    _, stop, target = scene.venue.book.family(list_id)
    if limited:
        assert (stop.status, stop.filled, bool(stop.exchange_order_id)) == (Status.ACTIVE, Decimal(0), True)
    else:
        assert (stop.status, target.status) == (Status.FILLED, Status.CANCELED)


def test_it_jumps_for_one_strategy_only(scene: Scene) -> None:
    scene.venue.faults.arm(Fault.GAP_THROUGH_STOP, 2.0)
    scene.place(bracket("a"))
    scene.place(bracket("b"))
    scene.move("92300.00")
    assert len(scene.later) == 1
    assert scene.venue.faults.armed() == {}


def test_the_stream_breaks_before_the_first_piece_is_told(scene: Scene) -> None:
    scene.venue.faults.arm(Fault.CUT_AT_FILL)
    list_id = scene.place(bracket())
    before = len(scene.told)
    assert not scene.cuts, "nothing has filled yet"
    scene.move("92300.00")
    assert scene.cuts == [f"None after {before} reports"]
    assert scene.venue.book.family(list_id)[0].status is Status.FILLED, "the rest has not filled meanwhile"


def test_without_a_fault_nothing_happens(scene: Scene) -> None:
    scene.place(bracket())
    scene.move("92300.00")
    scene.move("90000.00")
    assert (scene.cuts, scene.later) == ([], [])
