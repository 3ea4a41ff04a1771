"""The plans that the tests start from: one that is right, on a quiet market, with every figure known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Finding, Severity
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import AccountSnapshot, Balance, Fees, MarkSource, Quote
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.verdict import PlanSettings, Surroundings, Verdict

D = Decimal

BTC_USD = Instrument("BTC_USD", "BTC", "USD", D("0.01"), D("0.00001"))
QUOTE = Quote(
    "BTC_USD",
    bid=D("93119.50"),
    ask=D("93120.10"),
    last=D("93120.10"),
    mark=D("93118.42"),
    mark_source=MarkSource.EXCHANGE,
    mark_ms=1_000,
    book_ms=1_000,
)
FEES = Fees(D("0.0025"), D("0.005"))
ACCOUNT = AccountSnapshot(MappingProxyType({"USD": Balance(D("24310.22")), "BTC": Balance(D("0.41"))}), FEES, D(50_000))
AROUND = Surroundings(BTC_USD, QUOTE, ACCOUNT, now_ms=1_200, clock_offset_ms=-42)
OFFLINE = Surroundings(BTC_USD, None, None, now_ms=1_200)

EXAMPLE = OtocoDraft(
    entry="92400.00",
    quantity_mode=QuantityMode.RISK,
    quantity="0.5 %",
    stop="2%",
    target_market=False,
    target="2.5R",
    target_limit="97000.00",
)
WRONG_EXAMPLE = OtocoDraft(
    entry="92400.005",
    quantity="0.50000",
    stop_market=False,
    stop="93000.00",
    stop_limit="92950.00",
    target="0.5%",
)
BUY = OtocoDraft(entry="92400", quantity="0.1", stop="2%", target="5%")
SELL = OtocoDraft(
    side=Side.SELL,
    entry="94000",
    quantity="0.1",
    stop_market=False,
    stop="2%",
    stop_limit="96000",
    target_market=False,
    target="5%",
    target_limit="89300",
)


def around(**changes: Any) -> Surroundings:
    """The usual surroundings with some things changed; names of quote, account and settings work too."""
    parts: dict[str, Any] = {"quote": QUOTE, "account": ACCOUNT, "settings": PlanSettings(), "instrument": BTC_USD}
    own: dict[str, Any] = {}
    for name, value in changes.items():
        for part, whole in parts.items():
            if whole is not None and name in whole.__dataclass_fields__ and name not in parts:
                parts[part] = replace(whole, **{name: value})
                break
        else:
            own[name] = value
    return replace(AROUND, **{**parts, **own})


def holding(**coins: str) -> AccountSnapshot:
    """The usual account with these free amounts and no others."""
    balances = {coin: Balance(D(amount)) for coin, amount in coins.items()}
    return replace(ACCOUNT, balances=MappingProxyType(balances))


def judged(draft: OtocoDraft, surroundings: Surroundings = AROUND, **changes: Any) -> Verdict:
    """The verdict on the draft with these fields changed."""
    return evaluate(replace(draft, **changes), surroundings)


def finding(verdict: Verdict, code: str) -> Finding | None:
    """The one finding with this code, unless it has nothing to judge; two would be a fault."""
    found = [one for one in verdict.findings if one.code == code and one.severity is not Severity.IDLE]
    assert len(found) <= 1, found
    return found[0] if found else None


def expect(verdict: Verdict, code: str) -> Finding:
    found = finding(verdict, code)
    assert found, f"no {code} among {[one.code for one in verdict.findings]}"
    return found
