"""What the window's frame shows: quotes and connections as finished words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from otoco_desktop.app.state import DeskState
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.market import Connection, Light, Quote
from otoco_desktop.domain.money import grouped, signed_percent
from otoco_desktop.domain.verdict import PlanSettings
from otoco_desktop.ui import formats
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token

NO_VALUE = "–"
QUOTE_NAMES = ("Last", "Bid", "Ask", "Mark", "24h")

_LIGHT_LOOKS = {
    Light.GOOD: (Glyph.PASS, Token.POS, "good"),
    Light.WAITING: (Glyph.WAITING, Token.TEXT3, "waiting"),
    Light.DOWN: (Glyph.FAIL, Token.NEG, "down"),
}
_WARNING_LOOK = (Glyph.WARNING, Token.WARN, "warning")


@dataclass(frozen=True, slots=True)
class QuoteFigure:
    """One price of the top bar."""

    name: str
    text: str
    token: Token = Token.TEXT
    glyph: Glyph | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One connection: what it is, how it stands in words, and what is read out."""

    name: str
    text: str
    glyph: Glyph
    token: Token
    spoken: str
    weight: int


@dataclass(frozen=True, slots=True)
class FrameState:
    """Top bar and the sentence about the program's own trouble, empty when there is none."""

    environment: str
    quotes: tuple[QuoteFigure, ...]
    indicators: tuple[Indicator, ...]
    trouble: str
    is_behind: bool

    @property
    def folded(self) -> Indicator:
        """All connections as one; the worst wins."""
        worst = max(self.indicators, key=lambda indicator: indicator.weight)
        good = sum(indicator.weight == 0 for indicator in self.indicators)
        text = f"{good} of {len(self.indicators)} OK"
        spoken = ". ".join(indicator.spoken for indicator in self.indicators)
        return Indicator("Connection", text, worst.glyph, worst.token, f"Connection: {text}. {spoken}", worst.weight)


def build(desk: DeskState, quote: Quote | None, now_ms: int, settings: PlanSettings) -> FrameState:
    """The frame now; ``now_ms`` is monotonic, as the quote's times are."""
    return FrameState(
        environment=desk.environment,
        quotes=_quotes(desk.instrument, quote, now_ms, settings.stale_ms),
        indicators=_indicators(desk.connection, quote, now_ms, settings),
        trouble=foreign(desk.trouble),
        is_behind=desk.is_behind,
    )


# Quotes


def _quotes(instrument: Instrument | None, quote: Quote | None, now_ms: int, stale_ms: int) -> tuple[QuoteFigure, ...]:
    if instrument is None or quote is None or quote.instrument != instrument.symbol:
        return tuple(QuoteFigure(name, NO_VALUE, Token.TEXT2) for name in QUOTE_NAMES)
    token = Token.TEXT3 if _is_stale(quote, now_ms, stale_ms) else Token.TEXT
    prices = (quote.last, quote.bid, quote.ask, quote.mark)
    figures = [
        QuoteFigure(name, _price(value, instrument), token if value is not None else Token.TEXT2)
        for name, value in zip(QUOTE_NAMES, prices, strict=False)
    ]
    return (*figures, _change(quote.change_24h, stale=token is Token.TEXT3))


def _is_stale(quote: Quote, now_ms: int, stale_ms: int) -> bool:
    ages = [age for age in (quote.mark_age_ms(now_ms), quote.book_age_ms(now_ms)) if age is not None]
    return not ages or min(ages) > stale_ms


def _price(value: Decimal | None, instrument: Instrument) -> str:
    return NO_VALUE if value is None else grouped(value, instrument.price_places)


def _change(ratio: Decimal | None, *, stale: bool) -> QuoteFigure:
    if ratio is None:
        return QuoteFigure(QUOTE_NAMES[-1], NO_VALUE, Token.TEXT2)
    token, glyph = (Token.POS, Glyph.UP) if ratio > 0 else (Token.NEG, Glyph.DOWN)
    text = signed_percent(ratio, 2)
    if ratio == 0:
        return QuoteFigure(QUOTE_NAMES[-1], text)
    return QuoteFigure(QUOTE_NAMES[-1], text, Token.TEXT3 if stale else token, glyph)


# Connections


def _indicators(
    connection: Connection, quote: Quote | None, now_ms: int, settings: PlanSettings
) -> tuple[Indicator, ...]:
    rest = formats.latency(connection.rest_ms) if connection.rest_ms is not None else connection.rest_words
    good_rest = connection.rest is Light.GOOD
    return (
        _indicator("REST", "REST connection", connection.rest, rest if good_rest else connection.rest_words),
        _indicator("User stream", "User stream", connection.user, connection.user_words),
        _market(connection, quote, now_ms, settings.stale_ms),
        _clock(connection.clock_offset_ms, settings),
    )


Look = tuple[Glyph, Token, str]


def _indicator(name: str, spoken: str, light: Light, text: str, look: Look | None = None) -> Indicator:
    glyph, token, word = look or _LIGHT_LOOKS[light]
    shown = foreign(text)
    weight = {"good": 0, "waiting": 1, "warning": 2, "down": 3}[word]
    return Indicator(name, shown, glyph, token, f"{spoken}: {word}, {_aloud(shown)}", weight)


def _aloud(text: str) -> str:
    return text.replace(" ms", " milliseconds") if text.endswith(" ms") else text


def _market(connection: Connection, quote: Quote | None, now_ms: int, stale_ms: int) -> Indicator:
    """A live stream shows the age of its newest frame; a silent one is a warning."""
    ages = [quote.mark_age_ms(now_ms), quote.book_age_ms(now_ms)] if quote else []
    known = [age for age in ages if age is not None]
    if connection.market is not Light.GOOD or not known:
        return _indicator("Market stream", "Market stream", connection.market, connection.market_words)
    age = min(known)
    if age > stale_ms:
        return _indicator("Market stream", "Market stream", Light.GOOD, f"{formats.age(age)} old", _WARNING_LOOK)
    return _indicator("Market stream", "Market stream", Light.GOOD, formats.age(age))


def _clock(offset_ms: int | None, settings: PlanSettings) -> Indicator:
    """The skew shown is this computer's clock minus the exchange's: the opposite of the applied offset."""
    name = "Clock skew"
    if offset_ms is None:
        return _indicator(name, name, Light.WAITING, "measuring")
    shown = formats.skew(-offset_ms)
    if abs(offset_ms) > settings.clock_fail_ms:
        return _indicator(name, name, Light.DOWN, shown)
    look = _WARNING_LOOK if abs(offset_ms) > settings.clock_warn_ms else None
    return _indicator(name, name, Light.GOOD, shown, look)
