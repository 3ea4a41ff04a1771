"""What a calculation may name in each field, and the words in which a field refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from otoco_desktop.domain.draft import MARKET, QuantityMode
from otoco_desktop.domain.finding import Field

TICK = "tick"
STEP = "step"
LEGS = {"entry": Field.ENTRY, "stop": Field.STOP, "target": Field.TARGET}
ALL_THAT_IS_FREE = ("free", "max")
"""Two words for the most that can be bought or sold with what is free, fees paid."""

TAKEN = (*MARKET, *ALL_THAT_IS_FREE)
"""What is taken when it is typed, and stays as it was."""

WORDS = (*TAKEN, *LEGS, TICK, STEP)

Where = Field | QuantityMode
"""The field of a price, or the mode in which the quantity's is read."""


@dataclass(frozen=True, slots=True)
class Place:
    """One field. ``begin`` is an example with something before its sign, ``percent`` where a % stands.

    ``is_size``: a share can be ``of`` something, and a risk can name its coin.
    """

    name: str
    words: tuple[str, ...]
    begin: str
    percent: str = "% stands after + or - and a number, such as mark-0.5%."
    is_size: bool = False

    def circular(self, word: str) -> str:
        """Why a leg cannot be named here."""
        if word == self.name:
            return f"The {self.name} can't be counted from itself."
        return f"The {self.name} can't be counted from the {word}, which may be counted from the {self.name}."


def _price(name: str, *legs: str) -> Place:
    return Place(name, (*MARKET, *legs, TICK), f"{legs[0] if legs else 'mark'}-2*tick")


def _size(percent: str, *words: str) -> Place:
    return Place("quantity", words, "free-10%", percent, is_size=True)


_SHARE = "Say what it is a share of, such as 25% of free."
PLACES: Mapping[Where, Place] = {
    Field.ENTRY: _price("entry"),
    Field.STOP: _price("stop", "entry"),
    Field.STOP_LIMIT: _price("stop limit", "entry", "stop"),
    Field.TARGET: _price("target", "entry", "stop"),
    Field.TARGET_LIMIT: _price("target limit", "entry", "stop", "target"),
    QuantityMode.QUANTITY: _size(_SHARE, *ALL_THAT_IS_FREE, STEP),
    QuantityMode.SPEND: _size(_SHARE, *ALL_THAT_IS_FREE),
    QuantityMode.RISK: _size("What is worked out is in percent as it is: 0.5+0.25. Or write 1% of free.", "free"),
}
