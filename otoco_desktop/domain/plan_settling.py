"""What is taken of the words of a plan, and why the rest is not. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from otoco_desktop.domain.draft import QuantityMode
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.grammar import quoted
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.pasted_plan import Missed, Pasted
from otoco_desktop.domain.plan_reader import Reader
from otoco_desktop.domain.plan_words import THOUSANDS, Key, Kind, Names, Word

NO_SUCH_PAIR = "{name} is not a spot pair here."
SEVERAL_PAIRS = "Several pairs are named: {names}."
SEVERAL_QUOTES = "{name} is traded here as {names}. Write which one."
NOTHING_TAKEN = "No price and no size was found in it."

ONLY_FIRST = "A plan has one target. The first is taken."
SEVERAL = "A plan has one {name}. None of these is taken."
RISK_UNIT = "Write the risk in percent of the account, such as 1%, or in the quote coin, such as 250 USD."
ENTRY_PLAIN = "The entry is a price, such as 92400.00."
WRONG_UNIT = "{unit} does not fit here."
TWO_PLANS = "It has two of several things that a plan has one of, so it may be two plans. Paste one at a time."
CAPITALS = "{name} may be a coin or a word. Write {coin}, or the whole pair."
GROUPED = "{symbol} has no price with three decimals, so it may mean {other}. Write it without a point."
BOTH_SIDES = "It says both buy and sell. The side stays as it is."

_CENTS = 2
_DOLLARS = ("USD", "USDT", "USDC")
_SIZES = (Key.QUANTITY, Key.SPEND, Key.RISK)
_MODES = {Key.QUANTITY: QuantityMode.QUANTITY, Key.SPEND: QuantityMode.SPEND, Key.RISK: QuantityMode.RISK}
_FIELDS = {
    Key.ENTRY: Field.ENTRY,
    Key.STOP: Field.STOP,
    Key.STOP_LIMIT: Field.STOP_LIMIT,
    Key.TARGET: Field.TARGET,
    Key.TARGET_LIMIT: Field.TARGET_LIMIT,
}


class Settled:
    """Decides what is taken of that which was given. Raises nothing; ``plan`` is the answer."""

    def __init__(self, reader: Reader, names: Names, standing: str) -> None:
        self._words = reader.words
        self._reader = reader
        self._missed = dict(reader.missed)
        self._names = names
        self._standing = standing
        self._texts: list[tuple[Field, str]] = []
        self._mode: QuantityMode | None = None
        self._symbol = ""

    def plan(self) -> Pasted:
        """What the text says, whole."""
        refusal = self._choose_pair() or (TWO_PLANS if self._is_two() else "")
        if refusal:
            return Pasted(refused=refusal)
        side = self._side()
        self._single(Key.ENTRY, "entry")
        self._single(Key.STOP, "stop")
        self._single(Key.STOP_LIMIT, "stop limit")
        self._first_target()
        self._single(Key.TARGET_LIMIT, "target limit")
        self._size()
        if not self._texts:
            return Pasted(refused=NOTHING_TAKEN, missed=self._gathered())
        markets, named = self._reader.markets, dict(self._texts)
        return Pasted(
            self._symbol,
            side,
            tuple(self._texts),
            self._mode,
            markets.get(Key.STOP) if Field.STOP in named else None,
            markets.get(Key.TARGET) if Field.TARGET in named else None,
            self._gathered(),
        )

    def _is_two(self) -> bool:
        """Whether more than one thing is said twice that a plan says once."""
        said = [len({self._words[at].value for at in self._reader.sides})]
        said += [len(self._different(key)) for key in (Key.ENTRY, Key.STOP)]
        return sum(count > 1 for count in said) > 1

    def _different(self, key: Key) -> set[str]:
        """The different things that were given for this."""
        return {self._words[place[-1]].text for place in self._reader.given.get(key, [])}

    # The pair

    def _choose_pair(self) -> str:
        """Find the pair that is named; the reason for a refusal where one is named and cannot be found."""
        mentions = [self._words[at] for at in self._reader.pairs]
        strange = self._strange_name(mentions)
        if strange:
            coin = strange.upper() if strange.upper() in self._names.coins and not strange.isupper() else ""
            return (CAPITALS if coin else NO_SUCH_PAIR).format(name=quoted(strange), coin=coin)
        full = list(dict.fromkeys(word.value for word in mentions if word.kind is Kind.PAIR))
        if len(full) > 1:
            return SEVERAL_PAIRS.format(names=", ".join(full))
        if full:
            self._symbol = full[0]
            return ""
        units = [self._words[place[-1]].unit for place in self._reader.given.get(Key.QUANTITY, ())]
        coins = [word.value for word in mentions] or [unit for unit in units if unit in self._names.coins]
        return self._choose_for(coins[0]) if coins else ""

    def _strange_name(self, mentions: Sequence[Word]) -> str:
        """A name that is written as a pair and is none here, or an unknown word where the pair would stand."""
        named = next((word.text for word in mentions if not word.value), "")
        if named or mentions:
            return named
        for at in self._reader.sides:
            for word in self._words[at + 1 : at + 3]:
                if word.kind is Kind.ODD and word.text[:1].isalpha():
                    return word.text
                if word.kind is not Kind.NUMBER or word.unit:
                    break
        return ""

    def _choose_for(self, coin: str) -> str:
        found = sorted(item.symbol for item in self._names.pairs.values() if item.base == coin)
        if self._standing in found:
            self._symbol = self._standing
        elif len(found) == 1:
            self._symbol = found[0]
        else:
            named = ", ".join(found)
            return SEVERAL_QUOTES.format(name=coin, names=named) if found else NO_SUCH_PAIR.format(name=coin)
        return ""

    @property
    def _instrument(self) -> Instrument | None:
        standing = self._symbol or self._standing
        return next((item for item in self._names.pairs.values() if item.symbol == standing), None)

    # Side, prices and size

    def _side(self) -> Side | None:
        said = {self._words[at].value for at in self._reader.sides}
        if len(said) > 1:
            self._missed.update(dict.fromkeys(self._reader.sides, BOTH_SIDES))
        return Side(said.pop()) if len(said) == 1 else None

    def _single(self, key: Key, name: str) -> None:
        """Take the one price that was given for this; several different ones are all left."""
        places = self._reader.given.get(key, [])
        if len(self._different(key)) > 1:
            self._leave(places, SEVERAL.format(name=name))
        elif places:
            self._price(key, places[0])

    def _first_target(self) -> None:
        places = self._reader.given.get(Key.TARGET, [])
        if places:
            self._price(Key.TARGET, places[0])
            self._leave(places[1:], ONLY_FIRST)

    def _leave(self, places: Iterable[tuple[int, ...]], why: str) -> None:
        for place in places:
            for at in place:
                self._missed[at] = self._words[at].why or why

    def _price(self, key: Key, place: tuple[int, ...]) -> None:
        word = self._words[place[-1]]
        text, why = self._price_text(key, word)
        if text:
            self._texts.append((_FIELDS[key], text))
        else:
            self._leave([place], why)

    def _price_text(self, key: Key, word: Word) -> tuple[str, str]:
        if word.kind is Kind.ODD:
            return "", word.why
        if word.unit in ("%", "R"):
            fits = key is not Key.ENTRY and not (word.unit == "R" and word.sign)
            return (f"{word.sign}{word.value}{word.unit}", "") if fits else ("", ENTRY_PLAIN)
        if word.unit and not self._is_quote(word.unit):
            return "", WRONG_UNIT.format(unit=word.unit)
        if word.sign and key is Key.ENTRY:
            return "", ENTRY_PLAIN
        doubt = self._doubt(word)
        return ("", doubt) if doubt else (word.sign + word.value, "")

    def _doubt(self, word: Word) -> str:
        """Why a price such as ``92.400`` is not taken where prices have two decimals."""
        instrument = self._instrument
        if instrument is None or instrument.price_places > _CENTS or not THOUSANDS.fullmatch(word.value):
            return ""
        return GROUPED.format(symbol=instrument.symbol, other=word.value.replace(".", ""))

    def _is_quote(self, unit: str) -> bool:
        instrument = self._instrument
        if instrument is None:
            return False
        return unit == instrument.quote or (unit == "$" and instrument.quote in _DOLLARS)

    def _size(self) -> None:
        """Take the one size there is, in whichever way it is said."""
        given = [(key, place) for key in _SIZES for place in self._reader.given.get(key, [])]
        if len(given) > 1:
            self._leave([place for _key, place in given], SEVERAL.format(name="size"))
        for key, place in given if len(given) == 1 else []:
            word = self._words[place[-1]]
            mode, why = self._size_mode(key, word)
            if mode is None:
                self._leave([place], why)
            else:
                self._mode = mode
                self._texts.append((Field.QUANTITY, word.value + self._risk_unit(mode, word)))

    def _risk_unit(self, mode: QuantityMode, word: Word) -> str:
        """A risk is a share of the account, or an amount of the quote coin."""
        if mode is not QuantityMode.RISK:
            return ""
        return "%" if word.unit == "%" or self._instrument is None else f" {self._instrument.quote}"

    def _size_mode(self, key: Key, word: Word) -> tuple[QuantityMode | None, str]:
        if word.kind is Kind.ODD:
            return None, word.why
        if key is Key.RISK:
            fits = (word.unit == "%" or self._is_quote(word.unit)) and not word.sign
            return (QuantityMode.RISK, "") if fits else (None, RISK_UNIT)
        if word.sign or word.unit in ("%", "R"):
            return None, WRONG_UNIT.format(unit=word.sign or word.unit)
        if not word.unit:
            return _MODES[key], ""
        if self._is_quote(word.unit):
            return QuantityMode.SPEND, ""
        if self._instrument is not None and word.unit == self._instrument.base and key is Key.QUANTITY:
            return QuantityMode.QUANTITY, ""
        return None, WRONG_UNIT.format(unit=word.unit)

    # What was not taken

    def _gathered(self) -> tuple[Missed, ...]:
        """Words that stand together are one part; the first reason among them is its reason."""
        gathered: list[Missed] = []
        last, further = -2, False
        for at, why in sorted(self._missed.items()):
            word, was_further, further = self._words[at], further, why == ONLY_FIRST
            joins = at == last + 1 and self._words[last].line == word.line
            if joins and was_further is further:
                before = gathered.pop()
                gathered.append(Missed(f"{before.text} {word.text}", before.why or why))
            else:
                gathered.append(Missed(word.text, why))
            last = at
        return tuple(gathered)
