"""Arithmetic in a price field: ``mark-0.5%``, ``entry-2*tick``, ``(bid+ask)/2``.

    sum     = product { ("+" | "-") (product | NUMBER "%") }
    product = value { "*" value | "/" NUMBER }
    value   = NUMBER | WORD | "(" sum ")"

A percentage is of what stands left of it. Everything is counted in fractions, so nothing is lost before the result
is rounded to the tick. Written by hand, because the libraries for this count in floats and read far more than this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from otoco_desktop.domain.draft import MARKET
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.grammar import Refusal, code_point, is_unseen, parse_number, quoted

LONGEST = 40
TICK = "tick"
LEGS = {"entry": Field.ENTRY, "stop": Field.STOP, "target": Field.TARGET}
WORDS = (*MARKET, *LEGS, TICK)

_MAY_NAME = {
    Field.ENTRY: (),
    Field.STOP: ("entry",),
    Field.STOP_LIMIT: ("entry", "stop"),
    Field.TARGET: ("entry", "stop"),
    Field.TARGET_LIMIT: ("entry", "stop", "target"),
}
_NAMES = {
    Field.ENTRY: "entry",
    Field.STOP: "stop",
    Field.STOP_LIMIT: "stop limit",
    Field.TARGET: "target",
    Field.TARGET_LIMIT: "target limit",
}
_CALCULATES = re.compile(rf"\b(?:{'|'.join(WORDS)})\b|[0-9)] *[-+*/]|[A-Za-z]{{2}} *[-+*/]|^ *\(", re.IGNORECASE)
_PART = re.compile(r" *(?:([0-9.,_']+)|([A-Za-z]+)|([-+*/()%]))")
_LOOKALIKES = str.maketrans({"\u2212": "-", "\u2013": "-", "\u00d7": "*", "\u00f7": "/"})
_NOTHING_BEFORE = "{sign} has nothing before it. Say what it is counted from, such as {word}-2*tick."
_PERCENT = "% stands after + or - and a number, such as mark-0.5%."

Step = Decimal | str
_COUNTS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "+%": lambda left, right: left + left * right / 100,
    "-%": lambda left, right: left - left * right / 100,
}


@dataclass(frozen=True, slots=True)
class Calculation:
    """A calculation as read: numbers, words and signs in the order in which they are counted, a sign after its two.

    ``words`` are those it names, each once; ``market`` those of them that are prices of the market.
    """

    steps: tuple[Step, ...]
    words: tuple[str, ...]
    market: tuple[str, ...]

    @classmethod
    def of(cls, steps: Iterable[Step]) -> Calculation:
        kept = tuple(steps)
        words = tuple(dict.fromkeys(step for step in kept if isinstance(step, str) and step in WORDS))
        return cls(kept, words, tuple(word for word in words if word in MARKET))

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


def is_calculation(text: str) -> bool:
    """Whether a text that is no plain price is meant to be counted: it names a word, or a sign follows a number."""
    return _CALCULATES.search(text) is not None or (text.isascii() and _begun(text))


def parse_calculation(text: str, field: Field) -> Calculation | Refusal:
    """Read a calculation for this field, which may only name what is not counted from it in its turn. Never raises."""
    if len(text) > LONGEST:
        return Refusal(f"The calculation has {len(text)} characters, {LONGEST} is the most.", quoted(text))
    try:
        return _Parser(text, field).read()
    except _Wrong as wrong:
        return _sure(wrong.refusal, field)


def _sure(refusal: Refusal, field: Field) -> Refusal:
    """With its suggestion only where that is no refusal in its turn."""
    if refusal.suggestion and isinstance(parse_calculation(refusal.suggestion, field), Refusal):
        return replace(refusal, suggestion="")
    return refusal


def _begun(text: str) -> bool:
    """Whether the text is the beginning of a word."""
    return bool(text) and any(word.startswith(text.lower()) for word in WORDS)


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

    def __init__(self, text: str, field: Field) -> None:
        self._text = text
        self._field = field
        self._parts = _parts_of(text)
        self._at = 0
        self._steps: list[Step] = []

    def read(self) -> Calculation:
        self._sum()
        if self._next:
            raise self._misplaced(self._next)
        return Calculation.of(self._steps)

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
        return self._next[:1].isdigit() and self._parts[self._at + 1 : self._at + 2] == ["%"]

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
        allowed = (*MARKET, *_MAY_NAME[self._field], TICK)
        if word in allowed:
            self._steps.append(word)
            return
        if word in LEGS:
            raise _Wrong(_circular(self._field, word), typed)
        begun = [one for one in allowed if one.startswith(word)]
        if begun and self._at == len(self._parts) and not self._text.endswith(" "):
            raise _Wrong(f"Type the word out: {_or(begun)}.", typed, unfinished=True)
        raise _Wrong(f'"{quoted(typed)}" is not a word here. Use {_or([*allowed, "a number"])}.', typed)

    def _unfinished(self) -> _Wrong:
        last = self._parts[-1] if self._parts else ""
        return _Wrong(f"A number or a word is missing after {last}.", last, unfinished=True)

    def _misplaced(self, part: str) -> _Wrong:
        if part == "%":
            return _Wrong(_PERCENT, part)
        if part == ")":
            return _Wrong(f"{quoted(self._text)} has a ) that closes nothing.", part)
        if part in "+-*/" and self._at:
            return _Wrong(f"{part} can't stand after {self._parts[self._at - 1]}.", part)
        if part in "+-*/":
            word = "mark" if self._field is Field.ENTRY else "entry"
            return _Wrong(_NOTHING_BEFORE.format(sign=part, word=word), part)
        if part in ("r", "R"):
            return _Wrong("R is no part of a calculation. Write it alone, such as 2.5R.", part)
        return _Wrong(f"A sign is missing before {quoted(part)}: + - * or /.", part)


def _circular(field: Field, word: str) -> str:
    name = _NAMES[field]
    if LEGS[word] is field:
        return f"The {name} can't be counted from itself."
    return f"The {name} can't be counted from the {word}, which may be counted from the {name}."


def _or(words: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
