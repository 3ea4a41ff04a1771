"""The value that must be typed again before real money moves, decided without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from otoco_desktop.domain.grammar import Refusal, parse_number
from otoco_desktop.domain.money import grouped, plain, round_to_step
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token

ONE = Decimal(1)
WHOLE_FROM = Decimal(10)
PASTE_REFUSED = "Pasting is off here. Type the value: that is how a misplaced digit is found."
TYPE_FIRST = "Type the entry value first."
WHY = "Shown in leg 1. Retyping it catches a misplaced digit."


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands beside the field."""

    matches: bool = False
    glyph: Glyph | None = None
    tone: Token = Token.TEXT2
    words: str = ""


@dataclass(frozen=True, slots=True)
class Retype:
    """The entry's value in ``coin``, ``places`` decimals of it shown.

    ``what`` is another value where one is asked for, with its own reason; ``button`` is the one that waits.
    From 10 up, either whole number beside the value is right, and so is the value as shown; below 10 only the value.
    """

    value: Decimal
    places: int
    coin: str
    what: str = "entry value"
    why: str = WHY
    button: str = "Submit"

    @property
    def waiting(self) -> Answer:
        """While nothing wrong is typed, and not all of it."""
        return Answer(False, Glyph.LOCK, Token.TEXT2, f"Waiting for the amount. {self.button} stays off.")

    @property
    def prompt(self) -> str:
        how = f"in whole {self.coin} " if self.value >= WHOLE_FROM else f"in {self.coin}, with its decimals, "
        return f"Type the {self.what} {how}to confirm"

    @property
    def shown(self) -> str:
        return grouped(self.value, self.places)

    @property
    def right(self) -> tuple[Decimal, ...]:
        """Every number that confirms."""
        exact = (self.value, Decimal(self.shown.replace(",", "")))
        if self.value < WHOLE_FROM:
            return exact
        return (*self._whole, *exact)

    @property
    def _whole(self) -> tuple[Decimal, ...]:
        low, high = (round_to_step(self.value, ONE, way) for way in (ROUND_FLOOR, ROUND_CEILING))
        return (low,) if low == high else (low, high)

    def judge(self, text: str) -> Answer:
        """What the text is: right, still the beginning of something right, or wrong."""
        if not text:
            return self.waiting
        number = parse_number(text)
        if isinstance(number, Decimal) and number in self.right:
            return Answer(True, Glyph.PASS, Token.POS, f"Matches the {self.what} of {self.shown} {self.coin}.")
        if any(plain(right).startswith(text) for right in self.right):
            return self.waiting
        if isinstance(number, Refusal):
            return Answer(False, Glyph.FAIL, Token.NEG, number.reason)
        return Answer(False, Glyph.FAIL, Token.NEG, f"{text} is not the {self.what}. {self._ask}")

    @property
    def _ask(self) -> str:
        if self.value < WHOLE_FROM:
            return f"Type {plain(Decimal(self.shown.replace(',', '')))}."
        return f"Type {' or '.join(plain(number) for number in self._whole)}."
