"""Why the exchange ended a leg, in plain words."""

from __future__ import annotations

from otoco_desktop.domain.events import Refused

_NAMES = {
    "INSUFFICIENT_AVAILABLE_BALANCE": "insufficient balance",
    "EXCEEDS_MAX_AVAILABLE_BALANCE": "more than the available balance",
    "BELOW_MIN_ORDER_SIZE": "below the minimum order size",
    "EXCEEDS_MAX_ORDER_SIZE": "above the maximum order size",
    "INVALID_PRICE": "invalid price",
    "INVALID_REF_PRICE": "invalid trigger price",
    "INVALID_ORDERQTY": "invalid quantity",
    "FAR_AWAY_LIMIT_PRICE": "limit price too far from the market",
    "ORDER_PRICE_GREATER_THAN_LIMITUPPRICE": "price above the allowed band",
    "ORDER_PRICE_LESS_THAN_LIMITDOWNPRICE": "price below the allowed band",
    "MARKET_IS_NOT_OPEN": "the market is not open",
    "INSTRUMENT_NOT_TRADABLE": "the instrument cannot be traded now",
    "REJ_BY_MATCHING_ENGINE": "refused by the matching engine",
    "POST_ONLY_REJ": "post-only, and it would have taken at once",
    "SELF_TRADE_PREVENTION": "self-trade prevention",
}
"""Names of the exchange's reasons (exchange docs, response and reason codes)."""

_CODES = {
    "208": "INSTRUMENT_NOT_TRADABLE",
    "213": "INVALID_ORDERQTY",
    "224": "REJ_BY_MATCHING_ENGINE",
    "229": "INVALID_REF_PRICE",
    "306": "INSUFFICIENT_AVAILABLE_BALANCE",
    "308": "INVALID_PRICE",
    "309": "MARKET_IS_NOT_OPEN",
    "312": "ORDER_PRICE_GREATER_THAN_LIMITUPPRICE",
    "313": "ORDER_PRICE_LESS_THAN_LIMITDOWNPRICE",
    "314": "EXCEEDS_MAX_ORDER_SIZE",
    "315": "FAR_AWAY_LIMIT_PRICE",
    "321": "EXCEEDS_MAX_AVAILABLE_BALANCE",
    "415": "BELOW_MIN_ORDER_SIZE",
    "43005": "POST_ONLY_REJ",
    "43012": "SELF_TRADE_PREVENTION",
}


def reason_words(reason: str) -> str:
    """A reason as the exchange gave it (a code or a name) in plain words; unknown ones are kept and readable."""
    name = _CODES.get(reason, reason)
    if name.isdigit():
        return f"code {name}"
    return _NAMES.get(name, name.replace("_", " ").lower())


def opening(reason: str) -> str:
    """A reason as the opening of a line: a capital first, no full stop."""
    return (reason[:1].upper() + reason[1:]).rstrip(".")


def refusal_words(refused: Refused) -> str:
    """The sentence about a refused request (design: status sentences)."""
    reason = refused.reason.rstrip(".") or reason_words(refused.code)
    return f"The exchange refused it: {reason} (code {refused.code}). Nothing was placed."
