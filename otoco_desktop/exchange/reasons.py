"""Error codes of the exchange in plain words (names: exchange docs, Response and Reason Codes)."""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """A code's name in the exchange's documents and our own sentence for people."""

    name: str
    sentence: str


REASONS: dict[int, Reason] = {
    201: Reason("NO_POSITION", "there is no such position"),
    202: Reason("ACCOUNT_IS_SUSPENDED", "the account is suspended"),
    203: Reason("ACCOUNTS_DO_NOT_MATCH", "the key belongs to another account"),
    204: Reason("DUPLICATE_CLORDID", "an order with this client id already exists"),
    205: Reason("DUPLICATE_ORDERID", "an order with this id already exists"),
    206: Reason("INSTRUMENT_EXPIRED", "this instrument has expired"),
    207: Reason("NO_MARK_PRICE", "there is no mark price to watch the triggers with"),
    208: Reason("INSTRUMENT_NOT_TRADABLE", "this instrument cannot be traded now"),
    209: Reason("INVALID_INSTRUMENT", "the exchange does not know this instrument"),
    210: Reason("INVALID_ACCOUNT", "the account is not valid"),
    211: Reason("INVALID_CURRENCY", "a coin in the order is not valid"),
    212: Reason("INVALID_ORDERID", "the exchange does not know this order id"),
    213: Reason("INVALID_ORDERQTY", "the quantity is not valid for this instrument"),
    214: Reason("INVALID_SETTLE_CURRENCY", "the settlement coin is not valid"),
    215: Reason("INVALID_FEE_CURRENCY", "the fee cannot be paid in that coin"),
    216: Reason("INVALID_POSITION_QTY", "the position quantity is not valid"),
    217: Reason("INVALID_OPEN_QTY", "the open quantity is not valid"),
    218: Reason("INVALID_ORDTYPE", "the order type is not allowed here"),
    219: Reason("INVALID_EXECINST", "an execution instruction is not allowed here"),
    220: Reason("INVALID_SIDE", "a side is not valid"),
    221: Reason("INVALID_TIF", "the time in force is not allowed here"),
    222: Reason("STALE_MARK_PRICE", "the exchange's mark price is out of date"),
    223: Reason("NO_CLORDID", "the client order id is missing"),
    224: Reason("REJ_BY_MATCHING_ENGINE", "the matching engine turned it down"),
    225: Reason("EXCEED_MAXIMUM_ENTRY_LEVERAGE", "it exceeds the entry leverage allowed"),
    226: Reason("INVALID_LEVERAGE", "the leverage is not valid"),
    227: Reason("INVALID_SLIPPAGE", "the slippage is not valid"),
    228: Reason("INVALID_FLOOR_PRICE", "the floor price is not valid"),
    229: Reason("INVALID_REF_PRICE", "a trigger price is on the wrong side of the market or not valid"),
    230: Reason("INVALID_REF_PRICE_TYPE", "the trigger's reference price is not allowed here"),
    301: Reason("ACCOUNT_IS_IN_MARGIN_CALL", "the account is in a margin call"),
    302: Reason("EXCEEDS_ACCOUNT_RISK_LIMIT", "it exceeds the account's risk limit"),
    303: Reason("EXCEEDS_POSITION_RISK_LIMIT", "it exceeds the position's risk limit"),
    304: Reason("ORDER_WILL_LEAD_TO_IMMEDIATE_LIQUIDATION", "it would be liquidated at once"),
    305: Reason("ORDER_WILL_TRIGGER_MARGIN_CALL", "it would bring about a margin call"),
    306: Reason("INSUFFICIENT_AVAILABLE_BALANCE", "insufficient balance"),
    307: Reason("INVALID_ORDSTATUS", "the order is in a state that does not allow this"),
    308: Reason("INVALID_PRICE", "a price is not valid for this instrument"),
    309: Reason("MARKET_IS_NOT_OPEN", "the market is not open"),
    310: Reason("ORDER_PRICE_BEYOND_LIQUIDATION_PRICE", "the price lies beyond the liquidation price"),
    311: Reason("POSITION_IS_IN_LIQUIDATION", "the position is being liquidated"),
    312: Reason("ORDER_PRICE_GREATER_THAN_LIMITUPPRICE", "a price is above the upper price limit"),
    313: Reason("ORDER_PRICE_LESS_THAN_LIMITDOWNPRICE", "a price is below the lower price limit"),
    314: Reason("EXCEEDS_MAX_ORDER_SIZE", "the order is larger than allowed"),
    315: Reason("FAR_AWAY_LIMIT_PRICE", "a limit price is too far from the market"),
    316: Reason("NO_ACTIVE_ORDER", "there is no such active order"),
    317: Reason("POSITION_NO_EXIST", "there is no such position"),
    318: Reason("EXCEEDS_MAX_ALLOWED_ORDERS", "there are too many open orders"),
    319: Reason("EXCEEDS_MAX_POSITION_SIZE", "the position would be larger than allowed"),
    320: Reason("EXCEEDS_INITIAL_MARGIN", "it needs more initial margin than there is"),
    321: Reason("EXCEEDS_MAX_AVAILABLE_BALANCE", "it needs more than the available balance"),
    322: Reason("EXCEEDS_MAX_EXPOSURE_LIMIT", "it exceeds the exposure allowed"),
    325: Reason("EXCEED_DAILY_VOL_LIMIT", "the daily volume limit is used up"),
    401: Reason("ACCOUNT_DOES_NOT_EXIST", "the account does not exist"),
    406: Reason("ACCOUNT_IS_NOT_ACTIVE", "the account is not active"),
    407: Reason("MARGIN_UNIT_DOES_NOT_EXIST", "the margin unit does not exist"),
    408: Reason("MARGIN_UNIT_IS_SUSPENDED", "the margin unit is suspended"),
    409: Reason("INVALID_USER", "the user is not valid"),
    410: Reason("USER_IS_NOT_ACTIVE", "the user is not active"),
    411: Reason("USER_NO_DERIV_ACCESS", "the user may not trade derivatives"),
    412: Reason("ACCOUNT_NO_DERIV_ACCESS", "the account may not trade derivatives"),
    415: Reason("BELOW_MIN_ORDER_SIZE", "an order is below the minimum size"),
    416: Reason("USER_NO_MARGIN_ACCESS", "the user may not trade on margin"),
    501: Reason("EXCEED_MAXIMUM_EFFECTIVE_LEVERAGE", "it exceeds the effective leverage allowed"),
    604: Reason("INVALID_COLLATERAL_PRICE", "the collateral price is not valid"),
    605: Reason("INVALID_MARGIN_CALC", "the margin could not be worked out"),
    606: Reason("EXCEED_ALLOWED_SLIPPAGE", "it would slip further than allowed"),
    613: Reason("INVALID_ISOLATION_ID", "the isolation id is not valid"),
    614: Reason("EXCEEDS_ISOLATED_POSITION_LIMIT", "there are too many isolated positions"),
    615: Reason("ACCOUNT_DOES_NOT_SUPPORT_ISOLATED_POSITION", "the account has no isolated positions"),
    616: Reason("CREATE_ISOLATED_POSITION_FAILED", "the isolated position could not be made"),
    617: Reason("DUPLICATED_INSTRUMENT_ORDER_FOR_ISOLATED_MARGIN", "this isolated position already exists"),
    618: Reason("TOO_MANY_PENDING_ISOLATED_MARGIN_REQUESTS", "too many isolated margin requests are pending"),
    619: Reason("UNSUPPORTED_OPERATION_ON_ISOLATED_POSITION", "isolated positions do not allow this"),
    620: Reason("CREATE_ISOLATED_POSITION_TIMEOUT", "making the isolated position took too long"),
    1110: Reason("REDUCE_ONLY_REJECTED", "a reduce-only order was turned down"),
    40001: Reason("BAD_REQUEST", "the request was malformed"),
    40002: Reason("METHOD_NOT_FOUND", "the exchange does not know this request"),
    40003: Reason("INVALID_REQUEST", "the request is not valid"),
    40004: Reason("MISSING_OR_INVALID_ARGUMENT", "part of the request is missing or not valid"),
    40005: Reason("INVALID_DATE", "a date in the request is not valid"),
    40006: Reason("DUPLICATE_REQUEST", "the same request was received before"),
    40101: Reason("UNAUTHORIZED", "the key or its signature was not accepted"),
    40102: Reason("INVALID_NONCE", "this computer's clock differs from the exchange's by more than 60 s"),
    40103: Reason("IP_ILLEGAL", "this internet address is not on the key's list"),
    40104: Reason("USER_TIER_INVALID", "the account's tier does not allow this"),
    40107: Reason("EXCEED_MAX_SUBSCRIPTIONS", "there are too many subscriptions"),
    40401: Reason("NOT_FOUND", "not found"),
    40801: Reason("REQUEST_TIMEOUT", "the exchange ran out of time"),
    42901: Reason("TOO_MANY_REQUESTS", "too many requests in a short time"),
    43003: Reason("FILL_OR_KILL", "it could not be filled whole at once"),
    43004: Reason("IMMEDIATE_OR_CANCEL", "it could not be filled at once"),
    43005: Reason("POST_ONLY_REJ", "it would have taken from the book although post-only"),
    43012: Reason("SELF_TRADE_PREVENTION", "it would have traded with an order of the same account"),
    50001: Reason("ERR_INTERNAL", "the exchange had an internal error"),
    120009: Reason("REJECTED", "a service behind the exchange turned it down"),
    130008: Reason("NON_APPLICABLE", "the present state does not allow this"),
    140001: Reason("API_DISABLED", "the exchange has switched this request off"),
    9010001: Reason("SYSTEM_MAINTENANCE", "the exchange is under maintenance"),
}


def name_of(code: int) -> str:
    """The code's documented name, or ``code N`` where the documents have none."""
    known = REASONS.get(code)
    return known.name if known else f"code {code}"


def cause_of(code: int) -> str:
    """Why, in words for people without the code; empty where the documents do not list it."""
    known = REASONS.get(code)
    return known.sentence if known else ""


def sentence_for(code: int) -> str:
    """Why, in words for people: ``insufficient balance (code 306)``; unknown codes give ``code N``."""
    known = REASONS.get(code)
    return f"{known.sentence} (code {code})" if known else f"code {code}"
