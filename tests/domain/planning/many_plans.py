"""Random plans on random accounts, most of them wrong in several ways; each number is always the same plan."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from types import MappingProxyType

from otoco_desktop.domain.depth import Depth
from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import AccountSnapshot, Balance, Fees, MarkSource, Quote
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.verdict import OpenRisk, PlanSettings, Promise, Surroundings

D = Decimal

PAIRS = (
    (Instrument("BTC_USD", "BTC", "USD", D("0.01"), D("0.00001")), D("93118")),
    (Instrument("CRO_USD", "CRO", "USD", D("0.00001"), D(1)), D("0.10161")),
    (Instrument("SHIB_USDC", "SHIB", "USDC", D("0.0000000001"), D(1000)), D("0.0000123294")),
    (Instrument("ETH_BTC", "ETH", "BTC", D("0.000001"), D("0.0001")), D("0.0327")),
    (Instrument("COARSE_USD", "COARSE", "USD", D("0.5"), D("0.1")), D("1.0")),
)
FEES = (("0.0025", "0.005"), ("0", "0"), ("0.001", "0.001"), ("0.04", "0.05"))
DISTANCES = ("2%", "4%", "0.1%", "0.01%", "1%", "95%", "-2%", "+1%")
USD_PER_BTC = D(93_000)


class Maker:
    """Draws one plan and what surrounds it."""

    def __init__(self, number: int) -> None:
        self.chance = Random(number)  # noqa: S311 - not for secrets
        self.instrument, self.mark = self.chance.choice(PAIRS)
        self.dollars = USD_PER_BTC if self.instrument.quote == "BTC" else D(1)

    def made(self) -> tuple[OtocoDraft, Surroundings]:
        return self._draft(), self._around()

    def _part(self) -> Decimal:
        return D(self.chance.randint(0, 1000)) / 1000

    def _around(self) -> Surroundings:
        chance, instrument = self.chance, self.instrument
        maker, taker = chance.choice(FEES)
        one_dollar = {instrument.base: 1 / (self.mark * self.dollars), instrument.quote: 1 / self.dollars}
        balances = {coin: Balance(self._coins(3 * unit)) for coin, unit in one_dollar.items()}
        promised = tuple(
            Promise(coin, count=1, claim=self._coins(unit))
            for coin, unit in chance.sample(sorted(one_dollar.items()), chance.choice([0, 1, 2]))
        )
        settings = PlanSettings(
            fee_in_quote=chance.random() < 0.5,
            trade_limit=chance.choice([None, D(100), D("0.5")]),
            hard_cap=chance.choice([None, None, D(1000), D("0.5")]),
            open_risk_limit=chance.choice([None, D(5)]),
        )
        return Surroundings(
            instrument,
            self._quote(),
            AccountSnapshot(
                MappingProxyType(balances), Fees(D(maker), D(taker)), chance.choice([D(10), D(1000), D(50_000), None])
            ),
            1_200,
            settings,
            clock_offset_ms=0,
            usd_per_quote=self.dollars if instrument.quote == "BTC" and chance.random() < 0.8 else None,
            open_risk=OpenRisk(D(chance.choice([0, 4, 7])), 1),
            post_only_usable=True,
            promised=promised,
        )

    def _coins(self, unit: Decimal) -> Decimal:
        return (unit * self.chance.choice([0, 1, 3, 10, 100, 1000, 1001]) * self._part()).quantize(D("1e-8"))

    def _quote(self) -> Quote:
        """Now and then crossed, now and then with a book of a few levels."""
        instrument, tick = self.instrument, self.instrument.price_tick
        half = tick * self.chance.choice([1, 3, -1, 0, 20])
        middle = self._snapped(self.mark)
        bid, ask = max(tick, middle - half), middle + half
        size = self._coins(1 / (self.mark * self.dollars)) + instrument.quantity_step
        depth = None
        if self.chance.random() < 0.5:
            depth = Depth.of([(bid, size)], [(ask + at * 5 * tick, size) for at in range(4)])
        return Quote(
            instrument.symbol, bid, ask, self.mark, self.mark, MarkSource.EXCHANGE, None, 1_000, 1_000, depth, self.mark
        )

    def _draft(self) -> OtocoDraft:
        chance = self.chance
        buys = chance.random() < 0.5
        mode = chance.choice(list(QuantityMode))
        quantity = self._quantity(mode)
        return OtocoDraft(
            side=Side.BUY if buys else Side.SELL,
            entry=self._price(D(1), D("0.02")),
            quantity_mode=mode,
            quantity=quantity,
            stop_market=chance.random() < 0.5,
            stop=self._exit(up=not buys),
            stop_limit=self._price(D("0.96" if buys else "1.04"), D("0.03")),
            target_market=chance.random() < 0.5,
            target=self._exit(up=buys),
            target_limit=self._price(D("1.03" if buys else "0.97"), D("0.03")),
            post_only=chance.random() < 0.3,
            fee_in_quote=chance.choice([None, True, False]),
            exit_quantity=self._exits(quantity) if mode is QuantityMode.QUANTITY and chance.random() < 0.3 else "",
        )

    def _exits(self, quantity: str) -> str:
        return (
            f"{(D(quantity) * D(self.chance.choice(['0.95', '0.5', '1.1']))).quantize(self.instrument.quantity_step):f}"
        )

    def _exit(self, *, up: bool) -> str:
        if self.chance.random() < 0.4:
            return self.chance.choice(DISTANCES)
        return self._price(D("1.03" if up else "0.97"), D("0.03"))

    def _price(self, share: Decimal, spread: Decimal) -> str:
        """Near this share of the mark, now and then off the tick."""
        tick = self.instrument.price_tick
        price = max(tick, self._snapped(self.mark * share * (1 + spread * (2 * self._part() - 1))))
        off = tick / 3 if self.chance.random() < 0.1 else D(0)
        return f"{(price + off).quantize(D('1e-13')):f}"

    def _snapped(self, price: Decimal) -> Decimal:
        return (price / self.instrument.price_tick).to_integral_value() * self.instrument.price_tick

    def _quantity(self, mode: QuantityMode) -> str:
        chance, step = self.chance, self.instrument.quantity_step
        worth = D(10) ** chance.choice([-1, 0, 0, 1, 2, 3]) * (9 * self._part() + D("0.1")) / self.dollars
        if mode is QuantityMode.QUANTITY:
            return f"{(worth / self.mark).quantize(step if chance.random() < 0.8 else D('1e-12')):f}"
        amount = f"{worth.quantize(D('1e-8')):f}"
        if mode is QuantityMode.SPEND:
            return amount
        return chance.choice(["0.5%", "1%", "2", "50%", f"{D(amount) / 20:f} {self.instrument.quote}"])


def plan(number: int) -> tuple[OtocoDraft, Surroundings]:
    """The plan of this number and what surrounds it."""
    return Maker(number).made()
