"""The list of checks: every rule in the order of the sheet, and what its line says while it has nothing to judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from otoco_desktop.domain.finding import Finding
from otoco_desktop.domain.rules import (
    account,
    bands,
    cover,
    exits,
    grid,
    idle,
    limits,
    live,
    order,
    post_only,
    prices,
    reward,
)
from otoco_desktop.domain.rules.case import TITLE_ORDER, Case

Words = Callable[[Case], str]


@dataclass(frozen=True, slots=True)
class Listed:
    """One rule: it takes the case, and with ``by_figures`` the figures too. ``why`` says why it has found nothing."""

    rule: Callable[..., Iterator[Finding]]
    code: str
    title: str | Words
    why: Words
    source: str
    by_figures: bool = False

    def idle(self, case: Case) -> Finding:
        """Its line while it finds nothing, so that the sheet always lists the rule."""
        title = self.title if isinstance(self.title, str) else self.title(case)
        return idle.row(self.code, title, self.why(case), self.source)


SHEET: tuple[Listed, ...] = (
    Listed(order.partial_fill, "partial.fill", "Partial fill", idle.whole_plan, order.PARTIAL_SOURCE, by_figures=True),
    Listed(order.legs, "legs", "Legs", idle.whole_plan, order.OTOCO_SOURCE),
    Listed(order.market, "market", "Market", idle.market_data, order.INSTRUMENTS_SOURCE),
    Listed(prices.price_order, "price.order", TITLE_ORDER, idle.legs, prices.ORDER_SOURCE),
    Listed(grid.tick, "tick", idle.tick_title, idle.prices, grid.GRID_SOURCE),
    Listed(grid.step, "step", idle.step_title, idle.sized, grid.GRID_SOURCE),
    Listed(account.balance, "balance", "Balance", idle.sized, account.BALANCE_SOURCE),
    Listed(post_only.post_only, "entry.post_only", post_only.TITLE, idle.post_only, post_only.SOURCE),
    Listed(reward.fees, "fees", reward.FEES, idle.target, reward.FEES_SOURCE),
    Listed(account.risk_limit, "risk.limit", "Risk limit", idle.risk, account.OWN_SOURCE),
    Listed(account.fee_currency, "fee.currency", "Fee currency", idle.fee, account.FEE_SOURCE),
    Listed(live.data_age, "data.age", "Data age", idle.market_data, live.OWN_SOURCE),
    Listed(live.clock, "clock", "Clock", idle.market_data, live.CLOCK_SOURCE),
    # From here on in the order in which the drawings do not have them.
    Listed(cover.exit_coverage, "exit.coverage", cover.COVERAGE, cover.unweighed, cover.SOURCE, by_figures=True),
    Listed(cover.other_exits, "exits.others", cover.OTHERS, cover.no_other_exits, cover.SOURCE, by_figures=True),
    Listed(exits.exit_quantity, "exits.quantity", exits.TITLE, exits.same, exits.SOURCE),
    Listed(prices.stop_limit, "stop_limit", prices.STOP_LIMIT, idle.stop_limit, prices.LIMIT_SOURCE),
    Listed(prices.target_limit, "target_limit", prices.TARGET_LIMIT, idle.target_limit, prices.LIMIT_SOURCE),
    Listed(prices.stop_near, "stop.distance", prices.STOP_DISTANCE, idle.stop, prices.OWN_SOURCE),
    Listed(order.market_exits, "exits.market", order.MARKET_EXITS, idle.market_exits, order.EXITS_SOURCE),
    Listed(grid.minimum_value, "minimum", grid.MINIMUM, idle.sized, grid.MINIMUM_SOURCE),
    Listed(live.entry_crosses, "entry.rests", live.ENTRY_TITLE, idle.taking, live.OWN_SOURCE),
    Listed(live.entry_far, "entry.distance", live.FAR_TITLE, idle.entry, live.OWN_SOURCE),
    Listed(live.beyond_mark, "triggers", live.TRIGGER_TITLE, idle.legs, live.TRIGGER_SOURCE),
    Listed(bands.bands, bands.CODE, bands.TITLE, idle.entry, bands.SOURCE),
    Listed(reward.reward, "reward.ratio", reward.REWARD, idle.whole_plan, reward.OWN_SOURCE, by_figures=True),
    Listed(limits.hard_cap, "limit.cap", limits.CAP, idle.cap, limits.OWN_SOURCE),
    Listed(limits.trade_limit, "limit.trade", limits.TRADE, idle.trade_limit, limits.OWN_SOURCE),
    Listed(limits.open_risk, "limit.open_risk", limits.OPEN_RISK, idle.open_risk, limits.OWN_SOURCE),
    Listed(order.duplicate, "plan.new", order.DUPLICATE, idle.whole_plan, order.OWN_SOURCE),
    Listed(order.lock, "plan.free", order.LOCK, idle.whole_plan, order.OWN_SOURCE),
    Listed(order.margin, "market.margin", order.MARGIN, idle.margin, order.INSTRUMENTS_SOURCE),
)
