"""Arithmetic in a field: ``mark-0.5%``, ``entry-2*tick``, ``(bid+ask)/2``; for a size ``0.5*free``, ``25% of free``.

    sum     = product { ("+" | "-") (product | NUMBER "%") }
    product = value { "*" value | "/" NUMBER }
    value   = NUMBER | WORD | "(" sum ")" | NUMBER "%" "of" value     (the last for a size alone)
    risk    = sum [ COIN ]

A percentage after a sign is of what stands left of it. In a price nothing is ``of`` anything: whoever writes
``2% of entry`` there means the distance. Everything is counted in fractions, so nothing is lost before the result is
rounded to the grid. Written by hand, because the libraries for this count in floats and read far more than this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from otoco_desktop.domain.draft import QuantityMode
from otoco_desktop.domain.grammar import Refusal, code_point, is_unseen, parse_number, quoted
from otoco_desktop.domain.vocabulary import LEGS, PLACES, TAKEN, WORDS, Where

LONGEST = 40
OF = "of"

_CALCULATES = re.compile(rf"\b(?:{'|'.join(WORDS)})\b|[0-9)] *[-+*/]|[A-Za-z]{{2}} *[-+*/]|^ *\(", re.IGNORECASE)
_SHARES = re.compile(r"[0-9] *%")
_SHARES_OF = re.compile(r"[0-9] *% *[-+*/A-Za-z]")
_PART = re.compile(r" *(?:([0-9.,_']+)|([A-Za-z]+)|([-+*/()%]))")
_LOOKALIKES = str.maketrans({"\u2212": "-", "\u2013": "-", "\u00d7": "*", "\u00f7": "/"})
_NOTHING_BEFORE = "{sign} has nothing before it. Say what it is counted from, such as {begin}."

Step = Decimal | str
_COUNTS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "+%": lambda left, right: left + left * right / 100,
    "-%": lambda left, right: left - left * right / 100,
    "%of": lambda left, right: left * right / 100,
}


@dataclass(frozen=True, slots=True)
class Calculation:
    """A calculation as read: numbers, words and signs in the order in which they are counted, a sign after its two.

    ``words`` are those it names, each once; ``taken`` those of them that are taken when it is typed. ``coin`` is the
    one that a risk was typed in, in capitals.
    """

    steps: tuple[Step, ...]
    words: tuple[str, ...]
    taken: tuple[str, ...]
    coin: str = ""

    @classmethod
    def of(cls, steps: Iterable[Step], coin: str) -> Calculation:
        kept = tuple(steps)
        words = tuple(dict.fromkeys(step for step in kept if isinstance(step, str) and step in WORDS))
        return cls(kept, words, tuple(word for word in words if word in TAKEN), coin)

    def value(self, known: Mapping[str, Decimal]) -> Fraction:
        """What it comes to, exactly; every word must be known."""
        stack: list[Fraction] = []
        for step in self.steps:
            if isinstance(step, Decimal):
                stack.append(Fraction(step))
            elif step in _COUNTS:
                right = stack.pop()
                stack.append(_COUNTS[step](stack.pop(), right))
            else:
                stack.append(Fraction(known[step]))
        return stack.pop()


def is_calculation(text: str, where: Where) -> bool:
    """Whether a text that is nothing plainer is meant to be counted: it names a word, or a sign follows a number."""
    if _CALCULATES.search(text) is not None or (text.isascii() and _begun(text, where)):
        return True
    shares = _SHARES_OF if where is QuantityMode.RISK else _SHARES
    return PLACES[where].is_size and shares.search(text) is not None


def parse_calculation(text: str, where: Where) -> Calculation | Refusal:
    """Read a calculation for this field, which may only name what is not counted from it in its turn. Never raises."""
    if len(text) > LONGEST:
        return Refusal(f"The calculation has {len(text)} characters, {LONGEST} is the most.", quoted(text))
    try:
        return _Parser(text, where).read()
    except _Wrong as wrong:
        return _sure(wrong.refusal, where)


def _sure(refusal: Refusal, where: Where) -> Refusal:
    """With its suggestion only where that is no refusal in its turn."""
    if refusal.suggestion and isinstance(parse_calculation(refusal.suggestion, where), Refusal):
        return replace(refusal, suggestion="")
    return refusal


def _begun(text: str, where: Where) -> bool:
    """Whether the text is the beginning of a word."""
    words = PLACES[where].words if PLACES[where].is_size else WORDS
    return bool(text) and any(word.startswith(text.lower()) for word in words)


class _Wrong(Exception):
    """Carries the refusal from the place where the text stops making sense."""

    def __init__(self, reason: str, wrong: str, *, unfinished: bool = False, suggestion: str = "") -> None:
        super().__init__(reason)
        self.refusal = Refusal(reason, wrong, suggestion, unfinished)


def _parts_of(text: str) -> list[str]:
    found, at, end = [], 0, len(text.rstrip(" "))
    while at < end:
        part = _PART.match(text, at)
        if part is None:
            raise _odd(text, text[at:].lstrip(" ")[0])
        found.append(part[0].lstrip(" "))
        at = part.end()
    return found


def _odd(text: str, character: str) -> _Wrong:
    """A character that no calculation has."""
    named = code_point(character)
    if is_unseen(character):
        return _Wrong(f"There is an invisible character ({named}) in {quoted(text)}. Type it again.", named)
    alike = character.translate(_LOOKALIKES)
    if alike != character:
        reason = f"{character} ({named}) is not the keyboard's {alike} sign."
        return _Wrong(reason, character, suggestion=text.translate(_LOOKALIKES))
    return _Wrong(f"{character} ({named}) does not belong in a calculation.", character)


class _Parser:
    """Reads one text from left to right. Raises ``_Wrong`` at the first part that does not fit."""

    def __init__(self, text: str, where: Where) -> None:
        self._text = text
        self._place = PLACES[where]
        self._names_coin = where is QuantityMode.RISK
        self._parts = _parts_of(text)
        self._at = 0
        self._steps: list[Step] = []

    def read(self) -> Calculation:
        self._sum()
        last = self._at == len(self._parts) - 1
        coin = self._take() if self._names_coin and last and self._next.isalpha() else ""
        if self._next:
            raise self._misplaced(self._next)
        return Calculation.of(self._steps, coin.upper())

    @property
    def _next(self) -> str:
        """The part that comes, empty at the end."""
        return self._parts[self._at] if self._at < len(self._parts) else ""

    def _take(self) -> str:
        self._at += 1
        return self._parts[self._at - 1]

    def _sum(self) -> None:
        self._product()
        while self._next in ("+", "-"):
            sign = self._take()
            if self._percent_follows():
                self._number()
                sign += self._take()
            else:
                self._product()
            self._steps.append(sign)

    def _percent_follows(self) -> bool:
        if not self._next[:1].isdigit() or self._parts[self._at + 1 : self._at + 2] != ["%"]:
            return False
        return not (self._place.is_size and "".join(self._parts[self._at + 2 :])[:1].isalpha())

    def _product(self) -> None:
        self._value()
        while self._next in ("*", "/"):
            sign = self._take()
            if sign == "/":
                self._divisor()
            else:
                self._value()
            self._steps.append(sign)

    def _divisor(self) -> None:
        part = self._next
        if part and not part[0].isdigit():
            raise _Wrong(f"Only a number can stand after /, not {part}.", part)
        self._value()
        if not self._steps[-1]:
            raise _Wrong(f"{quoted(self._text)} divides by zero.", f"/{part}")

    def _value(self) -> None:
        part = self._next
        if not part:
            raise self._unfinished()
        if part == "(":
            self._take()
            self._sum()
            self._close()
        elif part[0].isalpha():
            self._word()
        elif part in "+-*/%)":
            raise self._misplaced(part)
        else:
            self._number()
            if self._next == "%" and self._place.is_size:
                self._share()

    def _share(self) -> None:
        """What stands after a number: ``% of`` something."""
        self._take()
        word, last = self._next.lower(), self._at >= len(self._parts) - 1
        if not word or (last and word != OF and OF.startswith(word)):
            whole = f"{self._text.rstrip()} of free" if not word else ""
            raise _Wrong(self._place.percent, "%", unfinished=True, suggestion=whole)
        if word != OF:
            raise _Wrong(self._place.percent, "%")
        self._take()
        self._value()
        self._steps.append("%of")

    def _close(self) -> None:
        if not self._next:
            raise _Wrong(f"{quoted(self._text)} has a ( without its ).", "(", unfinished=True)
        if self._take() != ")":
            raise self._misplaced(self._parts[self._at - 1])

    def _number(self) -> None:
        part = self._take()
        number = parse_number(part)
        if isinstance(number, Refusal):
            ends = self._at == len(self._parts)
            raise _Wrong(number.reason, number.wrong, unfinished=number.unfinished and ends)
        self._steps.append(number)

    def _word(self) -> None:
        typed = self._take()
        word = typed.lower()
        allowed = self._place.words
        if word in allowed:
            self._steps.append(word)
            return
        if word in LEGS and not self._place.is_size:
            raise _Wrong(self._place.circular(word), typed)
        begun = [one for one in allowed if one.startswith(word)]
        if begun and self._at == len(self._parts) and not self._text.endswith(" "):
            raise _Wrong(f"Type the word out: {_or(begun)}.", typed, unfinished=True)
        raise _Wrong(f'"{quoted(typed)}" is not a word here. Use {_or([*allowed, "a number"])}.', typed)

    def _unfinished(self) -> _Wrong:
        last = self._parts[-1] if self._parts else ""
        return _Wrong(f"A number or a word is missing after {last}.", last, unfinished=True)

    def _misplaced(self, part: str) -> _Wrong:
        if part == "%":
            return _Wrong(self._place.percent, part)
        if part == ")":
            return _Wrong(f"{quoted(self._text)} has a ) that closes nothing.", part)
        if part in "+-*/" and self._at:
            return _Wrong(f"{part} can't stand after {self._parts[self._at - 1]}.", part)
        if part in "+-*/":
            return _Wrong(_NOTHING_BEFORE.format(sign=part, begin=self._place.begin), part)
        if part in ("r", "R") and not self._place.is_size:
            return _Wrong("R is no part of a calculation. Write it alone, such as 2.5R.", part)
        return _Wrong(f"A sign is missing before {quoted(part)}: + - * or /.", part)


def _or(words: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
