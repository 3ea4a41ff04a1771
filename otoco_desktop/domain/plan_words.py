"""The words of a plan as traders write them in chats, and the way from a text to a row of known words.

A number is taken only as ``grammar`` takes it, or where its grouping has one reading; every other piece that holds a
digit becomes an odd word with the reason. No character is dropped from inside a word, and none is added.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from otoco_desktop.domain.grammar import NUMBER, code_point, explain, is_unseen, suggest
from otoco_desktop.domain.instrument import Instrument


class Kind(StrEnum):
    """What a word of a plan is."""

    SIDE = "side"
    KEY = "key"
    PAIR = "pair"
    COIN = "coin"
    NUMBER = "number"
    FILLER = "filler"
    ODD = "odd"


class Key(StrEnum):
    """What a number can be said to be. The words before ``AT``, ``LIMIT`` and ``MARKET`` settle what those mean."""

    ENTRY = "entry"
    STOP = "stop"
    STOP_LIMIT = "stop limit"
    TARGET = "target"
    TARGET_LIMIT = "target limit"
    QUANTITY = "quantity"
    SPEND = "spend"
    RISK = "risk"
    AT = "at"
    LIMIT = "limit"
    MARKET = "market"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the text. ``value`` is a number in plain ASCII, a side or a key; ``unit`` is %, R, $ or a coin.

    ``why`` tells of an odd word what is wrong with it; it is empty for a word that is merely unknown. ``aside`` where
    it stands alone in brackets.
    """

    kind: Kind
    text: str
    line: int = 0
    value: str = ""
    sign: str = ""
    unit: str = ""
    why: str = ""
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """The pairs and coins that are known here; pairs by their name without separators.

    ``own`` is the coin of the pair in the ticket, the only one that small letters stand for: many a coin is a word.
    """

    pairs: dict[str, Instrument]
    coins: frozenset[str]
    quotes: frozenset[str]
    own: str = ""

    @classmethod
    def of(cls, instruments: Iterable[Instrument], standing: str) -> Names:
        spot = [item for item in instruments if item.is_spot]
        quotes = frozenset(item.quote for item in spot)
        coins = quotes | {item.base for item in spot}
        own = next((item.base for item in spot if item.symbol == standing), "")
        return cls({bare(item.symbol): item for item in spot}, coins, quotes, own)

    def coin(self, text: str) -> str:
        """The coin that is written like this; empty where it is none."""
        if text in self.coins:
            return text
        return self.own if text and text.upper() == self.own else ""


SIDES = {"buy": "BUY", "long": "BUY", "buying": "BUY", "sell": "SELL", "short": "SELL", "selling": "SELL"}
KEYS = {
    "entry": Key.ENTRY,
    "entries": Key.ENTRY,
    "enter": Key.ENTRY,
    "ep": Key.ENTRY,
    "@": Key.AT,
    "at": Key.AT,
    "price": Key.AT,
    "limit": Key.LIMIT,
    "lmt": Key.LIMIT,
    "market": Key.MARKET,
    "mkt": Key.MARKET,
    "sl": Key.STOP,
    "s/l": Key.STOP,
    "stp": Key.STOP,
    "stop": Key.STOP,
    "stoploss": Key.STOP,
    "stop-loss": Key.STOP,
    "stop_loss": Key.STOP,
    "tp": Key.TARGET,
    "t/p": Key.TARGET,
    "tgt": Key.TARGET,
    "target": Key.TARGET,
    "targets": Key.TARGET,
    "takeprofit": Key.TARGET,
    "take-profit": Key.TARGET,
    "take_profit": Key.TARGET,
    "qty": Key.QUANTITY,
    "quantity": Key.QUANTITY,
    "size": Key.QUANTITY,
    "amount": Key.QUANTITY,
    "spend": Key.SPEND,
    "cost": Key.SPEND,
    "risk": Key.RISK,
    "risking": Key.RISK,
}
PHRASES = {
    ("stop", "loss"): Key.STOP,
    ("take", "profit"): Key.TARGET,
    ("position", "size"): Key.QUANTITY,
}
FILLERS = frozenset(
    {
        "a", "account", "an", "and", "balance", "coin", "direction", "equity", "instrument", "is", "level", "levels",
        "my", "of", "order", "orders", "pair", "plan", "portfolio", "setup", "side", "spot", "symbol", "the", "ticker",
        "to", "trade", "with", "zone", "&", "-", "–", "—", "/", "|", "•", "·", "→", "➡", "=>", "->",
    }
)  # fmt: skip
LEVERAGE = "A spot plan has no leverage."
IN_DIGITS = "Write the number in digits, such as 92400.00."
SEVERAL_NUMBERS = "It may be a range or two prices. Write one number."
POINT = "Other numbers have a decimal comma, so it may mean {other}. Write it without a point."
DASH = "The dash may be a minus sign. Write a blank or a colon before the number."

_BRACKETED = re.compile(r"[(\[][^()\[\]]+[)\]][.,;:!]?")
_BEFORE_BRACKET = re.compile(r"(?<=[0-9%])(?=[(\[])")
_COMMA = re.compile(r"(?<=[0-9]),([0-9]+)(?![0-9.,'_])")
THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
"""What may be a whole number with a point between its thousands."""

_VARIATION = "\ufe0f"
_EDGES = "*`\"'()[]{}|,;!?“”‘’"
_GLUE = re.compile(r"(@)|(?<![0-9])[:=]|(?<=[A-Za-z][0-9])[:=]")
_NUMBER_WORD = re.compile(r"([+\-\u2212]?)([$€£]?)([0-9][0-9.,'_]*)(%|[A-Za-z]+|[$€£])?")
_GLUED = re.compile(r"([a-z/_]+)([0-9$+].*)")
_DASHED = re.compile(r"([a-z/_]+)[-\u2012-\u2014\u2212]([0-9].*)")
_RANGE = re.compile(r"[$€£]?[0-9][0-9.,]*[-\u2012-\u2014\u2212~][$€£]?[0-9].*")
_PAIR = re.compile(r"[A-Za-z][A-Za-z0-9]{1,11}[_/-][A-Za-z]{2,8}(?:[-.][A-Za-z]{1,4})?")
_JOINED = re.compile(r"[A-Z0-9]{2,}(?:USD|USDT|USDC|EUR|GBP)(?:\.P|PERP)?")
_TAG = re.compile(r"[$#]([A-Za-z][A-Za-z0-9]{1,20})")
_MONEY = ("USD", "USDT", "USDC", "EUR", "GBP")


def bare(symbol: str) -> str:
    """A pair's name without separators, to compare by."""
    return re.sub(r"[_/-]", "", symbol).upper()


def words_of(text: str, names: Names) -> list[Word]:
    """Every word of the text in its order."""
    found: list[Word] = []
    for line, content in enumerate(text.splitlines()):
        for chunk in _BEFORE_BRACKET.sub(" ", content).split():
            aside = _BRACKETED.fullmatch(chunk) is not None
            found += [replace(word, line=line, aside=aside) for word in _pieces(chunk, names)]
    return _doubted(_merged(found, names))


def _doubted(words: list[Word]) -> list[Word]:
    """Without numbers whose point may be a comma's: ``92.400`` beside ``97.100,50``."""
    if not any(word.kind is Kind.NUMBER and _has_decimal_comma(word) for word in words):
        return words
    return [_in_doubt(word) if THOUSANDS.fullmatch(word.value) and word.value in word.text else word for word in words]


def _has_decimal_comma(word: Word) -> bool:
    comma = _COMMA.search(word.text)
    return comma is not None and word.value.endswith(f".{comma[1]}")


def _in_doubt(word: Word) -> Word:
    return replace(word, kind=Kind.ODD, why=POINT.format(other=word.value.replace(".", "")))


def _pieces(chunk: str, names: Names) -> list[Word]:
    """The words of a piece of text without blanks in it."""
    unseen = next((mark for mark in chunk if is_unseen(mark)), "")
    if unseen:
        return [Word(Kind.ODD, chunk, why=f"It has an invisible character ({code_point(unseen)}).")]
    core = _unadorned(chunk).strip(_EDGES).rstrip(".:=" + _EDGES)
    parts = [part for part in _GLUE.split(core) if part]
    return [word for part in parts for word in _read(part, names)]


def _unadorned(chunk: str) -> str:
    """Without the pictures at its ends, unless it is nothing else."""
    first, last = 0, len(chunk)
    while first < last and _is_picture(chunk[first]):
        first += 1
    while last > first and _is_picture(chunk[last - 1]):
        last -= 1
    return chunk[first:last] or chunk


def _is_picture(character: str) -> bool:
    return character == _VARIATION or unicodedata.category(character) == "So"


def _read(part: str, names: Names) -> list[Word]:
    low = part.lower()
    if low in SIDES:
        return [Word(Kind.SIDE, part, value=SIDES[low])]
    if low in KEYS:
        return [Word(Kind.KEY, part, value=KEYS[low])]
    if low[-1] in "123456789" and low[:-1] in KEYS:
        return [Word(Kind.KEY, part, value=KEYS[low[:-1]])]
    if "/" in low and all(one in SIDES for one in low.split("/")):
        return [Word(Kind.SIDE, one, value=SIDES[one.lower()]) for one in part.split("/")]
    glued = _GLUED.fullmatch(low)
    if glued and glued[1] in KEYS:
        return [Word(Kind.KEY, part[: glued.end(1)], value=KEYS[glued[1]]), *_read(part[glued.end(1) :], names)]
    name = _name(part, names)
    if name is not None:
        return [name]
    if any(character.isdecimal() for character in part):
        return _numbers(part, names)
    return [Word(Kind.FILLER if low in FILLERS else Kind.ODD, part)]


def _name(part: str, names: Names) -> Word | None:
    """A pair or a coin. What is written like a pair and is none here is one without a value."""
    tag = _TAG.fullmatch(part)
    name = tag[1] if tag else part
    if bare(name) in names.pairs and name[-1].isalpha():
        return Word(Kind.PAIR, part, value=names.pairs[bare(name)].symbol)
    coin = names.coin(name.upper() if tag else part)
    if coin:
        return Word(Kind.COIN, part, value=coin)
    if tag or _JOINED.fullmatch(name) or _looks_like_pair(name, names):
        return Word(Kind.PAIR, part)
    return None


def _looks_like_pair(name: str, names: Names) -> bool:
    last = re.split(r"[_/.-]", name)[-1]
    return bool(_PAIR.fullmatch(name)) and name.isupper() and (last in (*_MONEY, "PERP") or last in names.quotes)


def _numbers(part: str, names: Names) -> list[Word]:
    """A number, several with slashes between them, or an odd word."""
    low = part.lower()
    dashed = _DASHED.fullmatch(low)
    if dashed and dashed[1] in KEYS:
        return [Word(Kind.ODD, part, why=DASH)]
    if "/" in part and all(_NUMBER_WORD.fullmatch(one) for one in part.split("/")):
        return [_number(one, names) for one in part.split("/")]
    if _RANGE.fullmatch(part):
        return [Word(Kind.ODD, part, why=SEVERAL_NUMBERS)]
    return [_number(part, names)]


def _number(part: str, names: Names) -> Word:
    found = _NUMBER_WORD.fullmatch(part)
    if not found:
        return Word(Kind.ODD, part, why=IN_DIGITS)
    sign, money, body, unit = found[1], found[2], found[3], found[4] or ""
    if (money and unit) or sign == "\u2212":
        return Word(Kind.ODD, part, why=explain(part).reason)
    value = body if re.fullmatch(NUMBER, body) else suggest(body)
    if not value:
        return Word(Kind.ODD, part, why=explain(body).reason)
    unit = _unit(money or unit, names)
    if unit == "?":
        return Word(Kind.ODD, part, why=LEVERAGE if part[-1] in "xX" else IN_DIGITS)
    return Word(Kind.NUMBER, part, value=value, sign=sign, unit=unit)


def _unit(text: str, names: Names) -> str:
    if text in ("", "%", "$", "€", "£") or text in _MONEY:
        return text
    return names.coin(text) or ("R" if text in ("R", "r") else "?")


def _merged(words: list[Word], names: Names) -> list[Word]:
    """Words that are one: ``take profit``, ``1 %``, ``2 R``, ``0.5 ETH``, ``ETH USD``."""
    merged: list[Word] = []
    for word in words:
        joined = _joined(merged[-1], word, names) if merged and merged[-1].line == word.line else None
        if joined is None:
            merged.append(word)
        else:
            merged[-1] = joined
    return merged


def _joined(first: Word, second: Word, names: Names) -> Word | None:
    text = f"{first.text} {second.text}"
    key = PHRASES.get((first.text.lower(), second.text.lower()))
    if key is not None:
        return replace(first, kind=Kind.KEY, text=text, value=key)
    if first.kind is Kind.NUMBER and not first.unit:
        if second.text in ("%", "R", "r"):
            return replace(first, text=text, unit=second.text.upper())
        if second.kind is Kind.COIN and names.coin(second.text):
            return replace(first, text=text, unit=second.value)
    pair = names.pairs.get(f"{first.value}{second.value}")
    if first.kind is second.kind is Kind.COIN and pair is not None:
        return replace(first, kind=Kind.PAIR, text=text, value=pair.symbol)
    return None
