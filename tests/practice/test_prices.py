"""Price paths, candles and the noise under them."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from otoco_desktop.practice.candles import HISTORY, TIMEFRAMES, Candles
from otoco_desktop.practice.instruments import Instrument, catalogue
from otoco_desktop.practice.noise import between, draw, wiggle
from otoco_desktop.practice.prices import MAX_STEPS, STEP_MS, PricePath, Prices

ALL = catalogue()
BTC = ALL["BTC_USD"]
NOW_MS = 1_767_225_600_000
HOUR_MS = 3_600_000


def marks(path: PricePath, milliseconds: int) -> list[Decimal]:
    return [quote.mark for quote in path.advance(milliseconds)]


def test_noise_depends_on_seed_and_words_alone() -> None:
    assert draw(1, "a", 2) == draw(1, "a", 2)
    assert draw(1, "a", 2) != draw(2, "a", 2)
    assert draw(1, "a", 12) != draw(1, "a1", 2)
    sample = [wiggle(5, n) for n in range(4000)]
    assert abs(sum(sample) / 4000) < 60
    assert 900 < (sum(x * x for x in sample) / 4000) ** 0.5 < 1100
    assert {between(3, 5, 1, n) for n in range(60)} == {3, 4, 5}


def test_the_same_seed_walks_the_same_way() -> None:
    one, two, other = (PricePath.start(BTC, seed) for seed in (3, 3, 4))
    walked = marks(one, HOUR_MS // 60)
    assert walked == marks(two, HOUR_MS // 60)
    assert walked != marks(other, HOUR_MS // 60)


def test_small_steps_walk_as_far_as_one_large_one() -> None:
    one, many = PricePath.start(BTC, 3), PricePath.start(BTC, 3)
    whole = marks(one, 10_000)
    assert whole == [mark for _ in range(100) for mark in marks(many, 100)]
    assert len(whole) == 10_000 // STEP_MS


@pytest.mark.parametrize("symbol", sorted(ALL))
def test_a_day_of_prices_stays_plausible_and_on_the_grid(symbol: str) -> None:
    instrument = ALL[symbol]
    path = PricePath.start(instrument, 11)
    walked = [mark for _ in range(48) for mark in marks(path, 400_000)]
    assert all(mark % instrument.tick == 0 for mark in walked)
    assert instrument.start * Decimal("0.7") < min(walked) < max(walked) < instrument.start * Decimal("1.4")
    assert len(set(walked)) > 100


def test_the_walk_has_gaps() -> None:
    path = PricePath.start(BTC, 11)
    walked = [mark for _ in range(48) for mark in marks(path, 400_000)]
    jumps = [abs(b - a) / a for a, b in pairwise(walked)]
    assert max(jumps) > Decimal("0.0015")
    assert sum(jump > Decimal("0.0012") for jump in jumps) < 60


def test_bid_and_ask_stand_around_the_mark() -> None:
    quote = PricePath.start(BTC, 1).quote
    assert (quote.bid, quote.mark, quote.ask) == (Decimal("93119.90"), Decimal("93120.00"), Decimal("93120.10"))


def test_a_price_put_by_hand_is_held_until_released() -> None:
    path = PricePath.start(BTC, 1)
    path.put(Decimal("92000.00"))
    assert set(marks(path, 5000)) == {Decimal("92000.00")}
    path.release()
    assert len(set(marks(path, 5000))) > 5


def test_a_script_holds_each_price_from_its_time_on() -> None:
    path = PricePath.start(BTC, 1)
    path.follow([(500, Decimal("92000.00")), (1000, Decimal("95500.00"))])
    start, low, high = Decimal("93120.00"), Decimal("92000.00"), Decimal("95500.00")
    assert marks(path, 1500) == [start, low, low, high, high, high]


def test_a_glide_ends_where_it_should() -> None:
    path = PricePath.start(BTC, 1)
    path.glide(Decimal("92120.00"), 1000)
    assert marks(path, 1500) == [Decimal(n) for n in (92870, 92620, 92370, 92120, 92120, 92120)]


def test_a_long_pause_is_skipped() -> None:
    assert len(PricePath.start(BTC, 1).advance(24 * HOUR_MS)) == MAX_STEPS


def test_prices_go_on_from_those_saved() -> None:
    prices = Prices(ALL, 1, {"BTC_USD": Decimal("91000.00")})
    assert prices.marks()["BTC_USD"] == Decimal("91000.00")
    assert prices.marks()["ETH_USD"] == Decimal("3040.00")


@pytest.mark.parametrize("timeframe", sorted(TIMEFRAMES))
@pytest.mark.parametrize("symbol", ["BTC_USD", "CRO_USD"])
def test_history_is_joined_on_the_grid_and_ends_at_the_price(symbol: str, timeframe: str) -> None:
    instrument, length = ALL[symbol], TIMEFRAMES[timeframe]
    rows = Candles(5).rows(instrument, timeframe, instrument.start, NOW_MS)
    assert len(rows) == HISTORY
    assert [row.start_ms for row in rows] == [NOW_MS - NOW_MS % length - n * length for n in range(HISTORY)][::-1]
    assert rows[-1].close == instrument.start
    for before, after in pairwise(rows):
        assert before.close == after.open
    for row in rows:
        assert row.low <= min(row.open, row.close) <= max(row.open, row.close) <= row.high
        assert all(price % instrument.tick == 0 and price > 0 for price in (row.open, row.high, row.low, row.close))
    assert instrument.start / 3 < min(row.low for row in rows)


def test_the_newest_candle_follows_the_price() -> None:
    candles = Candles(5)
    candles.rows(BTC, "1m", BTC.start, NOW_MS)
    candles.feed("BTC_USD", BTC.start + 900, NOW_MS + 20_000)
    candles.feed("BTC_USD", BTC.start - 900, NOW_MS + 40_000)
    candles.feed("BTC_USD", BTC.start + 5, NOW_MS + 130_000)
    *_, first, second, third = candles.rows(BTC, "1m", BTC.start + 5, NOW_MS + 130_000)
    assert (first.high, first.low, first.close) == (BTC.start + 900, BTC.start - 900, BTC.start - 900)
    assert (second.open, second.close) == (BTC.start - 900, BTC.start - 900)
    assert (third.close, third.start_ms) == (BTC.start + 5, NOW_MS + 120_000)


def test_ticks_and_steps_are_those_of_real_pairs() -> None:
    def grid(row: Instrument) -> tuple[str, str]:
        return str(row.tick), str(row.step)

    assert {s: grid(row) for s, row in ALL.items() if row.kind == "CCY_PAIR" and row.tradable} == {
        "BTC_USD": ("0.01", "0.00001"),
        "ETH_USD": ("0.01", "0.0001"),
        "SOL_USD": ("0.01", "0.01"),
        "XRP_USD": ("0.0001", "0.1"),
        "CRO_USD": ("0.00001", "1"),
    }
