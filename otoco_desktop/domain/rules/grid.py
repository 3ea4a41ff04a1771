"""Rules about the instrument's grid: price tick, quantity step, and the least value of a leg."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from otoco_desktop.domain.draft import QuantityMode
from otoco_desktop.domain.finding import Field, Finding, Fix, Severity
from otoco_desktop.domain.money import grouped, is_multiple, percent, places_of, plain, round_to_step, trimmed
from otoco_desktop.domain.pricing import neighbours
from otoco_desktop.domain.risk import ONE, usd_rate
from otoco_desktop.domain.rules.case import NAMES, Case
from otoco_desktop.domain.sizing import quantity_text

GRID_SOURCE = "exchange docs, public/get-instruments"
MINIMUM_SOURCE = "help centre: minimum order value; exchange docs, public/get-risk-parameters"
MINIMUM = "Minimum"
LEG_BY_LEG = "That the exchange counts an exit at its own price; it would be refused when it triggers at the latest."
LEAST_USD = ONE
CENT = Decimal("0.01")
SHARE_PLACES = 2
MORE_PLACES = 2


def tick(case: Case) -> Iterator[Finding]:
    """Every price lies on the tick; a typed price is never moved onto it."""
    step = case.instrument.price_tick
    off = [field for field, value in case.prices.items() if not is_multiple(value, step)]
    for field in off:
        yield _off_tick(case, field, step)
    if off or not case.prices:
        return
    total, known = 3 + (not case.draft.stop_market) + (not case.draft.target_market), len(case.prices)
    count = f"{known} of {total} prices are exact" if known == total else _some(known)
    has_entry = case.entry is not None
    message = _rests(case, case.entry) if case.entry is not None else count
    yield Finding(
        "tick",
        Severity.PASS,
        f"Tick {trimmed(step)}",
        message,
        Field.ENTRY if has_entry else None,
        detail=count,
        source=GRID_SOURCE,
    )


def step(case: Case) -> Iterator[Finding]:
    """The quantity is a multiple of the step and at least one step."""
    quantity, size = case.quantity, case.instrument.quantity_step
    if quantity is None:
        return
    if not is_multiple(quantity, size):
        yield _off_step(case, quantity, size)
        return
    exact = f"{grouped(quantity)}, {_steps_above(quantity, size)}"
    yield Finding(
        "step",
        Severity.PASS,
        f"Step {trimmed(size)}",
        _size_in_money(case, quantity) or exact,
        Field.QUANTITY,
        detail=exact,
        source=GRID_SOURCE,
    )


def minimum_value(case: Case) -> Iterator[Finding]:
    """Each leg is worth a dollar or more at its own price."""
    known = _leg_prices(case)
    if case.quantity is None or not known:
        return
    rate = usd_rate(case.around)
    if not rate:
        message = f"What {case.instrument.quote} is worth in USD is not known, so the minimum of 1 USD is not checked."
        yield Finding("minimum.value", Severity.NOTE, MINIMUM, message, source=MINIMUM_SOURCE)
        return
    field, price = min(known.items(), key=lambda item: item[1])
    worth = case.quantity * price * rate
    shown = grouped(worth.quantize(CENT, ROUND_FLOOR))
    if worth < LEAST_USD:
        found = _too_small(case, f"{NAMES[field]} is worth {shown} USD", case.quantity, price * rate)
        yield found if field is Field.ENTRY else found._replace(unproven=LEG_BY_LEG)
    else:
        room = grouped((worth - LEAST_USD).quantize(CENT, ROUND_FLOOR))
        message = f"{shown} USD, {room} above minimum"
        yield Finding("minimum", Severity.PASS, MINIMUM, message, Field.QUANTITY, source=MINIMUM_SOURCE)


def is_worth_sending(case: Case, quantity: Decimal) -> bool:
    """Whether each leg of this quantity is worth what the exchange takes at least, as far as that is known."""
    rate = usd_rate(case.around)
    return not rate or all(quantity * price * rate >= LEAST_USD for price in _leg_prices(case).values())


def _leg_prices(case: Case) -> dict[Field, Decimal]:
    """What values each leg, of those that are known."""
    legs = {Field.ENTRY: case.entry, Field.STOP: case.stop_valued, Field.TARGET: case.target_valued}
    return {field: price for field, price in legs.items() if price is not None}


def _steps_above(quantity: Decimal, size: Decimal) -> str:
    """How far the quantity is from the least there is, which is one step."""
    above = int(quantity / size) - 1
    if not above:
        return "the minimum"
    return f"{above:,} {'step' if above == 1 else 'steps'} over min"


def _off_tick(case: Case, field: Field, size: Decimal) -> Finding:
    value = case.prices[field]
    low, high = neighbours(value, size)
    nearest = _nearest(case, field, low, high)
    return Finding(
        f"{field}.tick",
        Severity.FAIL,
        f"Tick {trimmed(size)}",
        f"{grouped(value)} is between ticks of {plain(size)}.",
        field,
        detail=f"{NAMES[field]} {grouped(value)} is not a multiple of {plain(size)}. "
        f"Nearest: {grouped(low)} or {grouped(high)}.",
        wrong=plain(value),
        right=plain(nearest),
        fix=Fix(field, plain(nearest), f"Use {grouped(nearest)}"),
        source=GRID_SOURCE,
    )


def _nearest(case: Case, field: Field, low: Decimal, high: Decimal) -> Decimal:
    """The nearer of the two ticks that keeps a stop or a target on the side of the entry where it lies."""
    value, entry = case.prices[field], case.entry
    if not low:
        return high
    if field in (Field.STOP, Field.TARGET) and entry is not None and low <= entry <= high and value != entry:
        return low if value < entry else high
    return round_to_step(value, case.instrument.price_tick, ROUND_HALF_EVEN)


def _off_step(case: Case, quantity: Decimal, size: Decimal) -> Finding:
    lower = round_to_step(quantity, size, ROUND_FLOOR)
    below = not lower
    right = lower or size
    if below:
        message = f"{grouped(quantity)} is below the minimum of {plain(size)}."
    else:
        message = f"{grouped(quantity)} is not a multiple of {plain(size)}."
    return Finding(
        "quantity.minimum" if below else "quantity.step",
        Severity.FAIL,
        f"Step {trimmed(size)}",
        message,
        Field.QUANTITY,
        wrong=plain(quantity),
        right=plain(right),
        fix=Fix(Field.QUANTITY, plain(right), f"Use {case.amount(right)}"),
        source=GRID_SOURCE,
    )


def _too_small(case: Case, what: str, quantity: Decimal, unit_usd: Decimal) -> Finding:
    size = case.instrument.quantity_step
    enough = round_to_step(LEAST_USD / unit_usd, size, ROUND_CEILING)
    return Finding(
        "minimum.value",
        Severity.FAIL,
        MINIMUM,
        f"{what}, the exchange takes 1.00 or more.",
        Field.QUANTITY,
        wrong=plain(quantity),
        right=plain(enough),
        fix=quantity_fix(case, enough),
        source=MINIMUM_SOURCE,
    )


def quantity_fix(case: Case, quantity: Decimal) -> Fix | None:
    """A link that leads to this quantity in the mode the trader chose; none where that is refused as well."""
    if quantity <= 0 or not is_worth_sending(case, quantity):
        return None
    if case.quantity is not None and quantity > case.quantity and not _is_affordable(case, quantity):
        return None
    mode = case.draft.quantity_mode
    if mode is QuantityMode.QUANTITY:
        return Fix(Field.QUANTITY, plain(quantity), f"Use {case.amount(quantity)}")
    asked = case.priced.asked
    text = quantity_text(mode, quantity, case.sizing, asked.coin if asked else "")
    return Fix(Field.QUANTITY, text, f"Use {text}") if text else None


def unit_cost(case: Case) -> Decimal | None:
    """Quote that one coin takes up, with its fee where the rate is known; for a sell its bare value."""
    return case.entry if case.sizing is None else case.sizing.unit_cost


def _is_affordable(case: Case, quantity: Decimal) -> bool:
    """Whether so much is free, below the hard cap, and not more than the account to lose; as far as that is known."""
    unit, account, cap = unit_cost(case), case.account, case.around.settings.hard_cap
    cost = None if unit is None else quantity * unit
    if account is not None:
        needed, coin = (cost, case.instrument.quote) if case.buys else (quantity, case.instrument.base)
        if needed is not None and needed > account.available(coin):
            return False
    rate = usd_rate(case.around)
    if cap is not None and rate and cost is not None and cost * rate > cap:
        return False
    result = case.result_at(case.stop_valued)
    return result is None or case.value is None or -result * quantity < case.value


def _some(known: int) -> str:
    return "1 price is exact" if known == 1 else f"{known} prices are exact"


def _rests(case: Case, entry: Decimal) -> str:
    """Where the entry rests against its own side of the book."""
    quote = case.quote
    own = None if quote is None else (quote.bid if case.buys else quote.ask)
    if not own:
        return "On tick."
    book, distance = case.words.own_book, own - entry if case.buys else entry - own
    if distance == 0:
        return f"On tick. Rests at the best {book}."
    if distance < 0:
        return "On tick. Rests inside the spread."
    return f"On tick. Rests {percent(distance / own, 2)} {case.words.stop_side} the best {book}."


def _size_in_money(case: Case, quantity: Decimal) -> str:
    if case.entry is None:
        return ""
    quote, worth = case.instrument.quote, case.money(quantity * case.entry)
    text = f"Costs {worth} {quote}." if case.buys else f"Brings {worth} {quote}."
    if case.loss is None:
        return text
    return f"{text} {_asked(case, -case.loss) or _risks(case, -case.loss)}"


def _risks(case: Case, loss: Decimal) -> str:
    of_account = f" of {case.money(case.value)}" if case.value else f" {case.instrument.quote}"
    return f"Risks {case.money(loss)}{of_account}."


def _asked(case: Case, loss: Decimal) -> str:
    """What rounding down to the step has left of the risk that was asked for; empty where it does not show."""
    size = case.priced.asked
    if size is None or case.draft.quantity_mode is not QuantityMode.RISK:
        return ""
    if size.coin:
        return _compared(size.amount, loss, case.money_places, ("", f" {size.coin}"))
    return _compared(size.amount, (loss / case.value).scaleb(2), SHARE_PLACES, ("%", "%")) if case.value else ""


def _compared(asked: Decimal, actual: Decimal, least: int, units: tuple[str, str]) -> str:
    places = min(max(least, places_of(asked)), least + MORE_PLACES)
    first, second = grouped(asked, places), grouped(actual, places)
    return "" if first == second else f"Asked {first}{units[0]}, actual {second}{units[1]} incl. fees."
