"""A connection test and an account as rows of finished words. Free of Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from otoco_desktop.domain.market import AccountSnapshot, Balance, Fees
from otoco_desktop.domain.money import grouped, money_places, percent, places_of
from otoco_desktop.domain.probing import ProbeReport, ProbeState, ProbeStep, VenueKnowledge
from otoco_desktop.domain.promised import Promise
from otoco_desktop.ui import formats
from otoco_desktop.ui.accounts.words import STEPS
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token

SECOND_MS = 1_000
DASH = "–"
_MARKS = {
    ProbeState.PENDING: (Glyph.RING, Token.TEXT3),
    ProbeState.RUNNING: (Glyph.WAITING, Token.ACCENT),
    ProbeState.PASS: (Glyph.PASS, Token.POS),
    ProbeState.WARN: (Glyph.WARNING, Token.WARN),
    ProbeState.FAIL: (Glyph.FAIL, Token.NEG),
    ProbeState.SKIPPED: (Glyph.CANCELLED, Token.TEXT3),
}
_SPOKEN = {
    ProbeState.PENDING: "Not started",
    ProbeState.RUNNING: "Running",
    ProbeState.PASS: "Pass",
    ProbeState.WARN: "Warning",
    ProbeState.FAIL: "Fail",
    ProbeState.SKIPPED: "Skipped",
}


@dataclass(frozen=True, slots=True)
class ProbeRow:
    """One step: bold title, detail, what to change, and how long it took."""

    glyph: Glyph
    token: Token
    title: str
    detail: str
    remedy: str
    took: str
    spoken: str
    quiet: bool


@dataclass(frozen=True, slots=True)
class ProbeCardState:
    """The test card: its heading, when the test was, its colours, its rows."""

    headline: str
    tested: str
    glyph: Glyph
    ink: Token
    ground: Token
    border: Token
    done: bool
    rows: tuple[ProbeRow, ...]

    @property
    def news(self) -> str:
        """What is announced at the end: the heading, and each step that did not pass."""
        wrong = [row.spoken for row in self.rows if row.token in (Token.NEG, Token.WARN)]
        return ". ".join((self.headline, *wrong))


def probe_card(report: ProbeReport) -> ProbeCardState:
    """The card for a test, under way or done."""
    glyph, ink, ground = _tone(report)
    border = ink if report.is_done else Token.EDGE
    rows = tuple(_probe_row(step) for step in report.steps)
    return ProbeCardState(report.headline, _tested(report), glyph, ink, ground, border, report.is_done, rows)


def _tone(report: ProbeReport) -> tuple[Glyph, Token, Token]:
    if not report.is_done:
        return Glyph.WAITING, Token.ACCENT, Token.BG2
    if report.failed is not None:
        return Glyph.FAIL, Token.NEG, Token.NEG_SOFT
    if report.warnings:
        return Glyph.WARNING, Token.WARN, Token.WARN_SOFT
    return Glyph.PASS, Token.POS, Token.POS_SOFT


def _tested(report: ProbeReport) -> str:
    if not report.is_done or report.tested_ms is None:
        return "no order is sent"
    at = datetime.fromtimestamp(report.tested_ms // SECOND_MS, UTC)
    return f"tested {at:%H:%M:%S} UTC, no order sent"


def _probe_row(step: ProbeStep) -> ProbeRow:
    glyph, token = _MARKS[step.state]
    title = foreign(step.title) or STEPS[step.kind]
    detail, remedy = foreign(step.detail), foreign(step.remedy)
    took = "" if step.took_ms is None else formats.latency(step.took_ms)
    spoken = ". ".join(part.rstrip(".") for part in (_SPOKEN[step.state], title, detail, remedy, took) if part)
    quiet = step.state in (ProbeState.PENDING, ProbeState.SKIPPED)
    return ProbeRow(glyph, token, title, detail, remedy, took, spoken, quiet)


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One coin. ``short`` says that exits need more than is available, or is empty."""

    coin: str
    total: str
    reserved: str
    available: str
    promised: str
    waiting: str
    short: str

    @property
    def text(self) -> str:
        return (
            f"{self.coin}: total {self.total}, reserved {self.reserved}, available {self.available}, "
            f"promised to exits {self.promised}, when entries fill {self.waiting}"
        )


@dataclass(frozen=True, slots=True)
class Fact:
    """A caption and what is known."""

    caption: str
    value: str


@dataclass(frozen=True, slots=True)
class AccountState:
    """The account view. ``empty`` is said in place of the balances."""

    balances: tuple[BalanceRow, ...]
    empty: str
    fees: tuple[Fact, ...]
    venue: tuple[Fact, ...]
    warnings: tuple[str, ...]

    @property
    def text(self) -> str:
        """Everything as plain text to copy; holds no key."""
        lines = [row.text for row in self.balances]
        lines += [f"{fact.caption}: {fact.value}" for fact in (*self.fees, *self.venue)]
        return "\n".join((*lines, *self.warnings))


def account_state(
    account: AccountSnapshot | None, promises: Sequence[Promise], knowledge: VenueKnowledge | None
) -> AccountState:
    """Balances by coin, the coins that exits count on included even where none is held."""
    by_coin = {promise.coin: promise for promise in promises}
    held = account.balances if account else {}
    coins = sorted({*held, *by_coin})
    rows = tuple(_balance_row(coin, held.get(coin), by_coin.get(coin)) for coin in coins)
    empty = "Balances have not come yet." if account is None else "This account holds no coins."
    return AccountState(
        balances=rows if account else (),
        empty="" if account and rows else empty,
        fees=_fees(account.fees if account else None),
        venue=_venue(knowledge),
        warnings=tuple(row.short for row in rows if row.short) if account else (),
    )


def _balance_row(coin: str, balance: Balance | None, promise: Promise | None) -> BalanceRow:
    held = balance or Balance(Decimal(0))
    return BalanceRow(
        coin=foreign(coin),
        total=_amount(held.total, coin),
        reserved=_amount(held.reserved, coin),
        available=_amount(held.available, coin),
        promised=_amount(promise.amount, coin) if promise else DASH,
        waiting=_amount(promise.waiting, coin) if promise else DASH,
        short=_short(coin, held, promise),
    )


def _amount(value: Decimal, coin: str) -> str:
    """Exact: at least the coin's usual decimals, and every further digit the exchange told."""
    return grouped(value, max(money_places(coin), places_of(value)) if value else money_places(coin))


def _short(coin: str, held: Balance, promise: Promise | None) -> str:
    """Coins that a stop counts on may have been spent elsewhere; reserved ones may be reserved by that very exit."""
    if promise is None or held.total >= promise.amount:
        return ""
    return (
        f"Exits need {_amount(promise.amount, coin)} {foreign(coin)}, the account holds "
        f"{_amount(held.total, coin)}. The exchange may refuse a stop."
    )


def _fees(fees: Fees | None) -> tuple[Fact, ...]:
    if fees is None:
        return (Fact("Fee rates", "not known yet"),)
    return (
        Fact("Maker fee", _rate(fees.maker)),
        Fact("Taker fee", _rate(fees.taker)),
        Fact("Fee rates come from", foreign(fees.source)),
    )


def _rate(ratio: Decimal) -> str:
    """Two decimals at least, and every further one the rate has."""
    return percent(ratio, max(2, places_of(ratio) - 2)) if ratio else percent(ratio, 2)


def _venue(known: VenueKnowledge | None) -> tuple[Fact, ...]:
    """What the last connection test learned about the exchange."""
    if known is None:
        return ()
    tested = datetime.fromtimestamp(known.tested_ms // SECOND_MS, UTC)
    mark = {True: "published", False: "not published", None: "not seen"}[known.mark_published]
    ids = ", ".join(f"{name} as {kind}" for name, kind in sorted(known.id_types.items()))
    return (
        Fact("Exchange host", foreign(known.host) or DASH),
        Fact("Order events arrive as", foreign(known.order_channel or "nothing: both names were refused")),
        Fact("Ids arrive", foreign(ids) or "not seen"),
        Fact(f"Mark price of {foreign(known.pair)}" if known.pair else "Mark price", mark),
        Fact("Clock", DASH if known.offset_ms is None else f"{formats.skew(known.offset_ms)} to the exchange"),
        Fact("Last test", f"{tested:%Y-%m-%d %H:%M:%S} UTC"),
    )
