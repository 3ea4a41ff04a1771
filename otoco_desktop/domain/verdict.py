"""The finished answer to "is this plan right": findings, exact values, figures, and the gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.finding import Field, Finding, Severity
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import AccountSnapshot, Quote
from otoco_desktop.domain.order import Side


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """What the trader has chosen once: limits, the fee coin, the unit of R for a stop.

    ``risk_limit`` is a ratio of the account; ``risk_unit`` and the other limits are in US dollars, ``None`` where
    there is none.
    """

    risk_limit: Decimal = Decimal("0.01")
    risk_unit: Decimal | None = None
    fee_in_quote: bool = True
    clock_warn_ms: int = 5_000
    clock_fail_ms: int = 30_000
    stale_ms: int = 8_000
    trade_limit: Decimal | None = None
    open_risk_limit: Decimal | None = None
    hard_cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RecentPlan:
    """A strategy sent earlier, as far as the duplicate and lock rules need it; ``age_ms`` since it was sent."""

    label: str
    instrument: str
    side: Side
    quantity: Decimal
    entry: Decimal
    stop: Decimal
    target: Decimal
    age_ms: int
    unresolved: bool


@dataclass(frozen=True, slots=True)
class OpenRisk:
    """Planned losses of ``count`` live strategies together, in US dollars, as a positive ``amount``.

    ``uncounted`` live strategies are left out, because their loss or its value in dollars is not known.
    """

    amount: Decimal = Decimal(0)
    count: int = 0
    uncounted: int = 0


@dataclass(frozen=True, slots=True)
class Promise:
    """``amount`` of ``coin`` is at hand and needed by exits; ``waiting`` more follows when open entries fill.

    ``count`` strategies have a part in it. ``claim`` is what their exits may take at worst of what is free now.
    """

    coin: str
    amount: Decimal = Decimal(0)
    waiting: Decimal = Decimal(0)
    count: int = 0
    claim: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything a verdict depends on besides the draft. ``now_ms`` is monotonic.

    ``post_only_usable``: a post-only entry could leave now, which needs the websocket. ``promised`` is what the exits
    of live strategies count on, by coin.
    """

    instrument: Instrument | None
    quote: Quote | None
    account: AccountSnapshot | None
    now_ms: int
    settings: PlanSettings = PlanSettings()
    clock_offset_ms: int | None = None
    usd_per_quote: Decimal | None = None
    recent: tuple[RecentPlan, ...] = ()
    open_risk: OpenRisk = OpenRisk()
    post_only_usable: bool = False
    promised: tuple[Promise, ...] = ()

    def promise_of(self, coin: str) -> Promise | None:
        """What the exits of live strategies count on of this coin; ``None`` where they count on nothing."""
        return next((one for one in self.promised if one.coin == coin), None)

    def chosen_by(self, draft: OtocoDraft) -> Surroundings:
        """With what the draft decides for itself in place of what Settings say."""
        if draft.fee_in_quote is None or draft.fee_in_quote is self.settings.fee_in_quote:
            return self
        return replace(self, settings=replace(self.settings, fee_in_quote=draft.fee_in_quote))


@dataclass(frozen=True, slots=True)
class FieldValue:
    """What a field's text came to. ``value`` is exact and on the grid when ``exact``; ``typed`` is before rounding.

    ``computed`` is true when the text was not a plain number (``2%``, ``-500``, ``1.5R``): the ticket then
    shows the result beside it. Distances are signed, from the entry.
    """

    typed: Decimal | None = None
    value: Decimal | None = None
    computed: bool = False
    distance: Decimal | None = None
    distance_ratio: Decimal | None = None
    ticks: int | None = None


@dataclass(frozen=True, slots=True)
class PricedPlan:
    """The draft as numbers; a field that is empty or refused has a ``FieldValue`` without a value.

    ``exit_quantity`` is what each exit covers where less than the entry was chosen.
    """

    fields: Mapping[Field, FieldValue]
    exit_quantity: Decimal | None = None

    def value(self, field: Field) -> Decimal | None:
        found = self.fields.get(field)
        return found.value if found else None


@dataclass(frozen=True, slots=True)
class LegFigures:
    """One leg in money: what it is worth at its price, its fee in quote, and the result if it ends the trade there."""

    value: Decimal
    fee: Decimal
    result: Decimal | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The plan in money, in quote coin, fees included where said. Loss is negative, gain is signed.

    ``net_rr`` is gain over loss, both net; ``break_even_rate`` the share of wins at which such trades pay nothing;
    ``at_risk`` the loss as a ratio of the account's value, ``None`` where that is not known. ``slip_step`` is what
    each 0.10 % of slippage of a market stop adds to the loss. ``held`` is the base coin held after the entry (BUY).
    """

    cost: Decimal
    loss: Decimal
    gain: Decimal
    gross_loss: Decimal
    gross_gain: Decimal
    net_rr: Decimal | None
    break_even_rate: Decimal | None
    break_even_price: Decimal | None
    at_risk: Decimal | None
    entry: LegFigures
    stop: LegFigures
    target: LegFigures
    entry_rate: Decimal
    stop_rate: Decimal
    target_rate: Decimal
    slip_step: Decimal | None
    held: Decimal


@dataclass(frozen=True, slots=True)
class Verdict:
    """Findings in the order of Checks (fails first, then by reading order) and what follows from them."""

    draft: OtocoDraft
    plan: PricedPlan
    findings: tuple[Finding, ...]
    figures: Figures | None

    @property
    def submittable(self) -> bool:
        return self.figures is not None and not any(finding.severity.blocks for finding in self.findings)

    @property
    def override(self) -> str:
        """The words that lift everything that blocks, for one submission; empty where nothing blocks or lifts it."""
        blocking = [finding for finding in self.findings if finding.severity.blocks]
        if self.figures is None or not all(finding.override for finding in blocking):
            return ""
        return " ".join(finding.override for finding in blocking)

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is severity)

    def worst(self, field: Field) -> Finding | None:
        """The finding a field shows: its worst, passes included."""
        order = list(Severity)
        own = [finding for finding in self.findings if finding.field is field]
        return min(own, key=lambda finding: order.index(finding.severity), default=None)
