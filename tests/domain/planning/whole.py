"""Many plans in many surroundings, and every finding about them, whole: code, weight, title, words, numbers, source.

python -m tests.domain.planning.whole     writes samples/findings.json anew; read what changed before keeping it
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Finding, Fix
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import MarkSource
from otoco_desktop.domain.rules import evaluate
from otoco_desktop.domain.verdict import OpenRisk, Surroundings
from tests.domain.planning.plans import AROUND, BUY, EXAMPLE, OFFLINE, SELL, WRONG_EXAMPLE, D, around, holding

SAMPLE = Path(__file__).with_name("samples") / "findings.json"
ETH_BTC = Instrument("ETH_BTC", "ETH", "BTC", D("0.00001"), D("0.0001"))
HALTED = Instrument("BTC_USD", "BTC", "USD", D("0.01"), D("0.00001"), tradable=False)
MARGIN = Instrument("BTC_USD", "BTC", "USD", D("0.01"), D("0.00001"), margin_buy=True)
PERPETUAL = Instrument("BTCUSD-PERP", "BTC", "USD", D("0.1"), D("0.0001"), kind="PERPETUAL_SWAP")
LIMITS = {"hard_cap": D(9_000), "trade_limit": D(5_000), "open_risk_limit": D(200)}
KEPT = {"hard_cap": D("9263.10"), "trade_limit": D("9263.10"), "open_risk_limit": D("253.176")}

DRAFTS: dict[str, OtocoDraft] = {
    "buy": BUY,
    "sell": SELL,
    "the example": EXAMPLE,
    "the wrong example": WRONG_EXAMPLE,
    "nothing typed": OtocoDraft(),
    "an entry alone": OtocoDraft(entry="92400"),
    "off tick and step": replace(BUY, entry="92400.005", quantity="0.000012345"),
    "below the least step": replace(BUY, quantity="0.000001"),
    "too small": replace(BUY, quantity="0.00001", entry="92400"),
    "stop on the wrong side": replace(BUY, stop="93000", target="91000"),
    "sell with exits on the wrong side": replace(
        SELL, stop="93000", stop_limit="93000", target="96000", target_limit="96000"
    ),
    "stop at the entry": replace(BUY, stop="92400"),
    "a stop limit above its trigger": replace(BUY, stop_market=False, stop_limit="91000"),
    "limits at their triggers": replace(
        BUY, stop_market=False, stop_limit="90552", target_market=False, target_limit="97020"
    ),
    "a target limit far below": replace(BUY, target_market=False, target_limit="70000"),
    "an entry that takes": replace(BUY, entry="93200"),
    "an entry far away": replace(BUY, entry="9000"),
    "an entry above the band": replace(BUY, entry="110000", stop="100000", target="120000"),
    "a target beyond twice the mark": replace(BUY, target="200000"),
    "a stop at one tick": replace(BUY, stop="0.01"),
    "little reward": replace(BUY, target="0.1%"),
    "more than there is": replace(BUY, quantity="0.5"),
    "more coins than there are": replace(SELL, quantity="0.5"),
    "by risk": replace(BUY, quantity_mode=QuantityMode.RISK, quantity="1%"),
    "words for numbers": replace(BUY, entry="1,000", quantity="a bit", stop="-1,5%", target="+"),
    "post-only": replace(BUY, post_only=True),
    "post-only that takes": replace(BUY, entry="93200", post_only=True),
    "fee in quote": replace(BUY, fee_in_quote=True),
}
PLACES: dict[str, Surroundings] = {
    "quiet": AROUND,
    "offline": OFFLINE,
    "no instrument": around(instrument=None),
    "limits broken": around(**LIMITS),
    "limits just kept": around(**KEPT),
    "limits beside open risk": replace(around(**LIMITS), open_risk=OpenRisk(D(150), 2, 1)),
    "value in USD unknown": around(instrument=ETH_BTC, **LIMITS),
    "no coins": around(account=holding()),
    "no fees": around(fees=None),
    "old prices": around(now_ms=60_000),
    "midpoint": around(mark_source=MarkSource.MIDPOINT),
    "no mark": around(mark=None, mark_source=MarkSource.NONE),
    "no book": around(bid=None, ask=None),
    "clock ahead": around(clock_offset_ms=-9_000),
    "clock far behind": around(clock_offset_ms=73_000),
    "clock unknown": around(clock_offset_ms=None),
    "halted": around(instrument=HALTED),
    "margin": around(instrument=MARGIN),
    "not spot": around(instrument=PERPETUAL),
    "websocket ready": replace(AROUND, post_only_usable=True),
}
LEAD = ("buy", "sell")
POST_ONLY = ("post-only", "post-only that takes")


def _case_names() -> Iterator[tuple[str, str]]:
    """Every draft on the quiet market, the leading ones everywhere, and post-only where it could go."""
    for name in DRAFTS:
        for where in PLACES:
            if where == "quiet" or name in LEAD or (where == "websocket ready" and name in POST_ONLY):
                yield name, where


CASES = {f"{name}, {where}": (name, where) for name, where in _case_names()}


def findings(case: str) -> list[dict[str, Any]]:
    """What is found, with what is empty left out."""
    name, where = CASES[case]
    found = evaluate(DRAFTS[name], PLACES[where]).findings
    return [{field: value for field, value in _plain(one).items() if value not in ("", None, ())} for one in found]


def _plain(found: Finding) -> dict[str, Any]:
    """By name, the fixes too."""
    named = found._asdict() | {"more": [_link(fix) for fix in found.more] or ()}
    return named if found.fix is None else {**named, "fix": _link(found.fix)}


def _link(fix: Fix) -> dict[str, Any]:
    return {name: value for name, value in asdict(fix).items() if value is not None}


def _write() -> None:
    """One finding a line."""
    plans = []
    for case in CASES:
        lines = ",\n  ".join(json.dumps(one, ensure_ascii=False) for one in findings(case))
        plans.append(f" {json.dumps(case)}: [\n  {lines}\n ]")
    SAMPLE.write_text("{\n" + ",\n".join(plans) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    _write()
