"""A small spreadsheet in fractions: formulas over named cells. It knows nothing of the program whose figures it checks.

Numbers are exact; what is shown is rounded half to even, and only then.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

Cell = Fraction | None
Levels = Sequence[tuple[Fraction, Fraction]]

_SUMS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_TESTS: dict[type[ast.cmpop], Callable[[Fraction, Fraction], bool]] = {ast.GtE: operator.ge, ast.LtE: operator.le}


class NoValueError(Exception):
    """A part of the formula has no value."""


class Sheet:
    """One row: its own cells, and formulas that are worked out when they are asked for."""

    def __init__(self, cells: Mapping[str, Cell], formulas: Mapping[str, str], book: Levels) -> None:
        self._cells = dict(cells)
        self._formulas = formulas
        self._book = book

    def value(self, name: str) -> Cell:
        """The cell of this name; ``None`` where it or a part of it has no value. Raises ``KeyError``."""
        if name not in self._cells:
            try:
                self._cells[name] = self._work_out(ast.parse(self._formulas[name], mode="eval").body)
            except NoValueError:
                self._cells[name] = None
        return self._cells[name]

    def _work_out(self, node: ast.expr) -> Fraction:
        match node:
            case ast.Constant(value=int(number)):
                return Fraction(number)
            case ast.Name(id=name):
                return self._known(name)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return -self._work_out(inner)
            case ast.BinOp(left=left, op=sign, right=right):
                return _SUMS[type(sign)](self._work_out(left), self._work_out(right))
            case ast.Compare(left=left, ops=[test], comparators=[right]):
                return Fraction(_TESTS[type(test)](self._work_out(left), self._work_out(right)))
            case ast.Call(func=ast.Name(id=name), args=parts):
                return self._call(name, parts)
        raise ValueError(f"not a formula: {ast.unparse(node)}")

    def _known(self, name: str) -> Fraction:
        found = self.value(name)
        if found is None:
            raise NoValueError
        return found

    def _call(self, name: str, parts: list[ast.expr]) -> Fraction:
        if name == "IF":
            return self._work_out(parts[1] if self._work_out(parts[0]) else parts[2])
        numbers = [self._work_out(part) for part in parts]
        match name:
            case "MIN" | "MAX":
                return min(numbers) if name == "MIN" else max(numbers)
            case "UP" | "DOWN":
                whole = numbers[0] / numbers[1]
                return (math.ceil(whole) if name == "UP" else math.floor(whole)) * numbers[1]
            case "WALK":
                return walk(self._book, numbers[0])
        raise ValueError(f"not a function: {name}")


def walk(book: Levels, coins: Fraction) -> Fraction:
    """What so many coins bring or cost, from the best level on. Raises ``NoValueError`` where there are fewer."""
    total = Fraction(0)
    for price, size in book:
        taken = min(coins, size)
        total += taken * price
        coins -= taken
    if coins:
        raise NoValueError
    return total


def shown(value: Cell, places: int, *, sign: bool = False, percent: bool = False) -> str:
    """As people read it: ``9,146.38``, ``−249.99``, ``+383.51``, ``39.5%``, ``–``."""
    if value is None:
        return "–"
    units = round(value * (100 if percent else 1) * 10**places)
    digits = f"{abs(units):0{places + 1}d}"
    whole, rest = digits[: len(digits) - places], digits[len(digits) - places :]
    lead = "−" if units < 0 else "+" if sign and units else ""
    return f"{lead}{int(whole):,}{'.' if places else ''}{rest}{'%' if percent else ''}"


def is_finite_decimal(value: Fraction) -> bool:
    """Whether the number can be written in decimal digits to its end."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1
