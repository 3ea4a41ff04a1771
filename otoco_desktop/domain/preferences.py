"""What the trader has chosen once for an environment: limits, ways of sending, locking, how a plan starts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.grammar import Refusal
from otoco_desktop.domain.pricing import PriceKind, PriceText, parse_price
from otoco_desktop.domain.transport import Transport
from otoco_desktop.domain.verdict import PlanSettings

LONGEST_AUTO_LOCK_MINUTES = 24 * 60
"""The key never stays usable for more than a day without a touch, unless auto-lock is off."""
START_FORMS = {"stop": "a percentage such as 2%", "target": "a percentage or R such as 5% or 2.5R"}
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Preferences:
    """Amounts are in US dollars (USD, USDT and USDC count as one), ``None`` is no limit.

    Raises ``ValueError`` with a sentence.

    ``trade_limit`` is the most a trade may cost and ``open_risk_limit`` the most that may be lost on all live
    strategies together with the new one; breaking either asks again with the number. ``hard_cap`` is the most a
    trade may ever cost; above it nothing is sent. ``risk_limit`` is the ratio of the account that one trade may
    risk without a warning. ``auto_lock_minutes`` 0 is never. ``sound`` lets a position without a stop be heard.
    ``risk_unit`` is what a stop of 1R risks before fees. The exits of a new buy leave at market or by a limit as
    ``stop_market`` and ``target_market`` say; ``stop_start`` and ``target_start`` are the texts a new plan has in
    its stop and its target, distances from the entry and never prices, empty for none. ``real_prices`` is for
    PRACTICE: its prices come from the exchange's public market data.
    """

    transport: Transport = Transport.AUTO
    fee_in_quote: bool = True
    trade_limit: Decimal | None = None
    risk_limit: Decimal = Decimal("0.01")
    open_risk_limit: Decimal | None = None
    hard_cap: Decimal | None = None
    retype_in_live: bool = True
    auto_lock_minutes: int = 15
    post_only: bool = False
    sound: bool = True
    risk_unit: Decimal | None = None
    stop_market: bool = True
    target_market: bool = True
    stop_start: str = ""
    target_start: str = ""
    real_prices: bool = False

    def __post_init__(self) -> None:
        problem = _problem(self)
        if problem:
            raise ValueError(problem)


def plan_settings(chosen: Preferences, base: PlanSettings) -> PlanSettings:
    """What the rules judge by: the trader's choices, and everything else as it was."""
    return replace(
        base,
        risk_limit=chosen.risk_limit,
        fee_in_quote=chosen.fee_in_quote,
        trade_limit=chosen.trade_limit,
        open_risk_limit=chosen.open_risk_limit,
        hard_cap=chosen.hard_cap,
        risk_unit=chosen.risk_unit,
    )


def starting_draft(chosen: Preferences, *, post_only_usable: bool) -> OtocoDraft:
    """A new plan, which is a buy; a post-only entry is proposed only where it could leave now."""
    return OtocoDraft(
        stop_market=chosen.stop_market,
        target_market=chosen.target_market,
        stop=chosen.stop_start,
        target=chosen.target_start,
        post_only=chosen.post_only and post_only_usable,
    )


def _problem(chosen: Preferences) -> str:
    """The first thing that makes no sense, as a sentence; empty when all is well."""
    amounts = {
        "The limit per trade": chosen.trade_limit,
        "The limit for open risk": chosen.open_risk_limit,
        "The hard cap": chosen.hard_cap,
    }
    for name, amount in amounts.items():
        if amount is not None and not (amount.is_finite() and amount > 0):
            return f"{name} must be above 0. Leave it empty for no limit."
    if chosen.risk_unit is not None and not (chosen.risk_unit.is_finite() and chosen.risk_unit > 0):
        return "The unit of R must be above 0. Leave it empty for none."
    if wrong := _start_problem("stop", chosen.stop_start) or _start_problem("target", chosen.target_start):
        return wrong
    if not (chosen.risk_limit.is_finite() and 0 < chosen.risk_limit <= 1):
        return "The risk limit must be above 0% and at most 100%."
    if not 0 <= chosen.auto_lock_minutes <= LONGEST_AUTO_LOCK_MINUTES:
        return f"Auto-lock takes 0 (never) to {LONGEST_AUTO_LOCK_MINUTES} minutes."
    if chosen.trade_limit is not None and chosen.hard_cap is not None and chosen.trade_limit > chosen.hard_cap:
        return f"The limit per trade {chosen.trade_limit:f} is above the hard cap {chosen.hard_cap:f}. Lower it."
    return ""


def _start_problem(leg: str, text: str) -> str:
    """Why a new plan cannot start with this text in its stop or target; empty when it can."""
    if not text:
        return ""
    parsed = parse_price(text)
    if isinstance(parsed, Refusal):
        return parsed.reason
    if not _is_start(leg, parsed):
        return f"A new plan's {leg} starts with {START_FORMS[leg]}, counted from the entry."
    if not parsed.amount:
        return f"{text} would put the {leg} on the entry. Enter more than 0."
    if leg == "stop" and parsed.amount >= HUNDRED:
        return f"{text} is the whole entry price or more. Enter less than 100%."
    return ""


def _is_start(leg: str, parsed: PriceText) -> bool:
    """A distance that means the same for every instrument and either side."""
    kinds = (PriceKind.PERCENT,) if leg == "stop" else (PriceKind.PERCENT, PriceKind.R)
    return parsed.kind in kinds and not parsed.sign
