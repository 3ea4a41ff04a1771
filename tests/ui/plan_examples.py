"""The example plan of the drawings, as finished verdicts: what the panels show, without the rules behind it."""

from __future__ import annotations

from decimal import Decimal

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field, Finding, Severity
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import AccountSnapshot, Balance, Fees, MarkSource, Quote
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.verdict import FieldValue, Figures, LegFigures, PricedPlan, Surroundings, Verdict

BTC = Instrument("BTC_USD", "BTC", "USD", Decimal("0.01"), Decimal("0.00001"))
FEES = Fees(Decimal("0.0025"), Decimal("0.0050"))
QUOTE = Quote(
    "BTC_USD",
    bid=Decimal("93119.50"),
    ask=Decimal("93120.10"),
    last=Decimal("93120.10"),
    mark=Decimal("93118.42"),
    mark_source=MarkSource.EXCHANGE,
    mark_ms=9_800,
    book_ms=9_800,
)
NOW_MS = 10_000
BUY = OtocoDraft(
    side=Side.BUY,
    entry="92400.00",
    quantity_mode=QuantityMode.RISK,
    quantity="0.5",
    stop="2%",
    target_market=False,
    target="2.5R",
    target_limit="97000.00",
)
SELL = OtocoDraft(
    side=Side.SELL,
    entry="92400.00",
    quantity="0.09874",
    stop_market=False,
    stop="2%",
    stop_limit="94300.00",
    target="2.5R",
)
BROKEN = OtocoDraft(
    side=Side.BUY,
    entry="92400.005",
    quantity="0.50000",
    stop_market=False,
    stop="93000.00",
    stop_limit="92950.00",
    target="0.5%",
)

PARTIAL = Finding(
    "partial.fill",
    Severity.NOTE,
    "Partial fill",
    "If the entry fills only in part, neither exit is active. The filled part has no stop until the rest fills.",
)
PASSES = (
    ("structure.legs", "Legs", "1 entry, 1 stop, 1 target", None),
    ("market.spot", "Market", "BTC_USD is spot and open", None),
    ("price.order", "Price order", "90,552 < 92,400 < 97,020", Field.STOP),
    ("price.tick", "Tick 0.01", "4 of 4 prices are exact", Field.ENTRY),
    ("quantity.step", "Step 0.00001", "0.09874 is exact, min 0.00001", Field.QUANTITY),
    ("balance", "Balance", "uses 9,146.38 of 24,310.22", Field.QUANTITY),
    ("target.fees", "Fees", "limit +4.98% clears 0.75%", Field.TARGET),
    ("risk.limit", "Risk limit", "0.50%, your limit 1.00%", Field.QUANTITY),
    ("fee.coin", "Fee currency", "USD, so all BTC can be sold", None),
    ("data.age", "Data age", "mark 0.2 s, book 0.2 s", None),
    ("clock", "Clock", "+42 ms, limit 1,000 ms", None),
)
FAILS = (
    Finding(
        "price.order",
        Severity.FAIL,
        "Price order",
        "Stop must be below entry for a buy. It is 600.00 above 92,400.00.",
        Field.STOP,
        "Buy needs stop < entry < target. Now: stop 93,000.00, entry 92,400.00, target 92,862.00.",
    ),
    Finding(
        "entry.tick",
        Severity.FAIL,
        "Tick 0.01",
        "92,400.005 is between ticks of 0.01.",
        Field.ENTRY,
        "Entry 92,400.005 is not a multiple of 0.01. Nearest: 92,400.00 or 92,400.01.",
    ),
    Finding(
        "balance",
        Severity.FAIL,
        "Balance",
        "Needs 46,315.50 USD with fee, you have 24,310.22.",
        Field.QUANTITY,
        "Needs 46,315.50 USD. Available 24,310.22. Short by 22,005.28.",
    ),
)
FEE_WARNING = Finding(
    "target.fees",
    Severity.WARNING,
    "Fees",
    "+0.50% is less than fees of 0.75%. Hitting it loses money.",
    Field.TARGET,
    "Target +0.50%, fees 0.75% (0.25% in, 0.50% out). Result if hit: −116.66 USD.",
)


def value(price: str, ratio: str | None = None, ticks: int | None = None) -> FieldValue:
    distance = None if ratio is None else Decimal(ratio)
    return FieldValue(Decimal(price), Decimal(price), distance_ratio=distance, ticks=ticks)


def plan(**prices: FieldValue) -> PricedPlan:
    return PricedPlan({Field(name): found for name, found in prices.items()})


BUY_PLAN = plan(
    entry=value("92400.00"),
    quantity=value("0.09874"),
    stop=value("90552.00", "-0.02", -184_800),
    target=value("97020.00", "0.05", 462_000),
    target_limit=value("97000.00", "0.0498", 460_000),
)
SELL_PLAN = plan(
    entry=value("92400.00"),
    quantity=value("0.09874"),
    stop=value("94248.00", "0.02", 184_800),
    stop_limit=value("94300.00", "0.0206", 190_000),
    target=value("87780.00", "-0.05", -462_000),
)
BROKEN_PLAN = plan(
    entry=FieldValue(Decimal("92400.005")),
    quantity=value("0.50000"),
    stop=value("93000.00", "0.0065", 60_000),
    stop_limit=value("92950.00"),
    target=value("92862.00", "0.005", 46_200),
)
FIGURES = Figures(
    cost=Decimal("9146.38"),
    loss=Decimal("-249.99"),
    gain=Decimal("383.51"),
    gross_loss=Decimal("-182.47"),
    gross_gain=Decimal("454.20"),
    net_rr=Decimal("1.534"),
    break_even_rate=Decimal("0.3946"),
    break_even_price=Decimal("92400.00"),
    at_risk=Decimal("0.005"),
    entry=LegFigures(Decimal("9123.58"), Decimal("22.81"), None),
    stop=LegFigures(Decimal("8941.10"), Decimal("44.71"), Decimal("-249.99")),
    target=LegFigures(Decimal("9577.78"), Decimal("47.89"), Decimal("383.51")),
    entry_rate=Decimal("0.0025"),
    stop_rate=Decimal("0.0050"),
    target_rate=Decimal("0.0050"),
    slip_step=Decimal("8.94"),
    held=Decimal("0.09874"),
)


def passes(*, without: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    return tuple(
        Finding(code, Severity.PASS, title, text, field) for code, title, text, field in PASSES if code not in without
    )


def ready(*warnings: Finding) -> Verdict:
    """The buy of the drawings; each warning replaces the pass of its code."""
    codes = tuple(warning.code for warning in warnings)
    return Verdict(BUY, BUY_PLAN, (*warnings, PARTIAL, *passes(without=codes)), FIGURES)


def selling() -> Verdict:
    return Verdict(SELL, SELL_PLAN, (PARTIAL, *passes()), FIGURES)


def broken() -> Verdict:
    """Three fails and a warning, as in the light drawing."""
    found = (*FAILS, FEE_WARNING)
    rest = passes(without=(*(finding.code for finding in found), "price.tick", "risk.limit"))
    return Verdict(BROKEN, BROKEN_PLAN, (*found, *rest), None)


def empty() -> Verdict:
    missing = tuple(
        Finding(f"{field}.empty", Severity.INCOMPLETE, title, words, field)
        for field, title, words in (
            (Field.ENTRY, "Entry", "Enter the price to buy at."),
            (Field.QUANTITY, "Quantity", "Enter how much to buy."),
            (Field.STOP, "Stop", "Enter where to get out."),
        )
    )
    return Verdict(OtocoDraft(), PricedPlan({}), (*missing, *passes(without=("price.order",))), None)


REQUEST_JSON = """{
  "id": "1795361219172",
  "method": "private/advanced/create-otoco",
  "params": {
    "order_list": [
      {
        "instrument_name": "BTC_USD",
        "side": "BUY",
        "type": "LIMIT",
        "price": "92400.00",
        "quantity": "0.09874",
        "fee_instrument_name": "USD"
      }
    ]
  }
}"""


def around(**balances: str) -> Surroundings:
    """The market and the account of the drawings."""
    held = {coin: Balance(Decimal(amount)) for coin, amount in (balances or {"USD": "24310.22", "BTC": "0.41"}).items()}
    account = AccountSnapshot(held, FEES, Decimal("50000.00"))
    return Surroundings(BTC, QUOTE, account, NOW_MS, clock_offset_ms=-42)
