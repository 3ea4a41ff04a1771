"""What a calculation names of the market and the account is taken once: a plan never moves under the trader's hands."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from otoco_desktop.domain.draft import FREE, OtocoDraft, Taken, is_countable
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.grammar import Refusal
from otoco_desktop.domain.pricing import PriceText, read_price
from otoco_desktop.domain.reading import fresh_quote
from otoco_desktop.domain.sizing import Size, read_size
from otoco_desktop.domain.verdict import Surroundings

PRICES = (Field.ENTRY, Field.STOP, Field.STOP_LIMIT, Field.TARGET, Field.TARGET_LIMIT)
ZERO = Decimal(0)

Found = tuple[tuple[str, Decimal], ...]


def take_market(draft: OtocoDraft, around: Surroundings, now_ms: int) -> OtocoDraft:
    """The draft with what there is now for each text that names something of it and has none taken yet.

    A text that names several prices takes all of them at one moment, or waits; it also waits while the prices are
    stale. ``now_ms`` is the wall clock (UTC).
    """
    fresh = [taken for field in (*PRICES, Field.QUANTITY) if (taken := _taken(draft, field, around, now_ms))]
    if not fresh:
        return draft
    anew = {taken.field for taken in fresh}
    return replace(draft, taken=(*(kept for kept in draft.taken if kept.field not in anew), *fresh))


def _taken(draft: OtocoDraft, field: Field, around: Surroundings, now_ms: int) -> Taken | None:
    text, sizes = draft.text(field), field is Field.QUANTITY
    parsed = read_size(draft.quantity_mode, text) if sizes else read_price(field, text)
    if isinstance(parsed, PriceText | Size | Refusal) or not parsed.taken or draft.taken_for(field) is not None:
        return None
    found = _free(around) if sizes else _prices(parsed.taken, around)
    return Taken(field, text, now_ms, found) if found else None


def _prices(words: tuple[str, ...], around: Surroundings) -> Found:
    quote = fresh_quote(around)
    found: dict[str, Decimal | None] = {word: getattr(quote, word, None) for word in words}
    prices = tuple((word, price) for word, price in found.items() if price and is_countable(price) and price > 0)
    return prices if len(prices) == len(found) else ()


def _free(around: Surroundings) -> Found:
    """What is free of both coins beside what the exits of other strategies count on."""
    account, instrument = around.account, around.instrument
    if account is None or instrument is None:
        return ()
    coins = zip(FREE, (instrument.base, instrument.quote), strict=True)
    claims = {promise.coin: promise.claim for promise in around.promised}
    free = tuple((word, max(ZERO, account.available(coin) - claims.get(coin, ZERO))) for word, coin in coins)
    return free if all(is_countable(amount) for _word, amount in free) else ()
