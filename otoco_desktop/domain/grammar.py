"""The grammar of a typed number, and a sentence for everything outside it.

``Decimal`` alone is far too willing: it reads underscores, exponents, NaN, surrounding blanks and the digits of
every script. So a text must match a strict ASCII pattern first; what does not match is refused by name and
never repaired. A suggestion is offered only where the text can mean one number.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

MAX_DIGITS = 18
NUMBER = rf"(?:0|[1-9][0-9]{{0,{MAX_DIGITS - 1}}})(?:\.[0-9]{{1,{MAX_DIGITS}}})?"

_NUMBER = re.compile(NUMBER)
_DIGITS_AND_POINTS = re.compile(r"[0-9.]*")
_GROUPED = re.compile(r"([1-9][0-9]{0,2})((?:([,. _'])[0-9]{3})(?:\3[0-9]{3})*)(?:([.,])([0-9]+))?")
_DECIMAL_COMMA = re.compile(r"([0-9]+),([0-9]+)")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MINUS_SIGNS = "-\u2212\u2010\u2011\u2012\u2013\u2014"
_MARKS = {",": "a comma", "_": "an underscore", "'": "an apostrophe"}
_QUOTE_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a text is not a number, in a sentence; ``wrong`` is the offending part in plain words.

    ``suggestion`` is plain ASCII and set only where the text can mean one thing. ``unfinished`` marks a text that
    is the beginning of a right one (``92400.``): not wrong yet.
    """

    reason: str
    wrong: str
    suggestion: str = ""
    unfinished: bool = False


def parse_number(text: str) -> Decimal | Refusal:
    """An unsigned decimal in ASCII digits with a point, at most 18 digits either side; anything else is refused."""
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    return explain(text)


def explain(text: str) -> Refusal:
    """Say what keeps a text from being a number; the text must be outside the grammar."""
    for position, character in enumerate(text):
        if character not in "0123456789.":
            return _character(text, position, character)
    return _shape(text)


def quoted(text: str) -> str:
    """A typed text for a sentence: short, and with every invisible character spelt out."""
    cut = text if len(text) <= _QUOTE_LENGTH else text[:_QUOTE_LENGTH] + "…"
    return "".join(f"[{code_point(char)}]" if not char.isprintable() else char for char in cut)


def is_unseen(character: str) -> bool:
    """True for a character that takes no visible place: controls, format marks, zero-width ones."""
    return unicodedata.category(character) in _UNSEEN_CATEGORIES


def code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


def suggest(text: str) -> str:
    """The one number a text can mean, as ASCII; empty where there are two readings or none."""
    if any(character in _BIDI for character in text):
        return ""
    cleaned = "".join(_ascii(character) for character in text if not is_unseen(character)).strip()
    candidate = _ungrouped(cleaned.removeprefix("+").removesuffix("."))
    return candidate if _NUMBER.fullmatch(candidate) else ""


def _character(text: str, position: int, character: str) -> Refusal:
    """Name the first character that does not belong."""
    shown, suggestion = quoted(text), suggest(text)
    if is_unseen(character):
        wrong = code_point(character)
        return Refusal(f"There is an invisible character ({wrong}) in {shown}. Type it again.", wrong, suggestion)
    if character.isspace():
        return Refusal(_space(text, position), "space", suggestion)
    if character in _MARKS:
        return Refusal(f"{shown} has {_MARKS[character]}.{_readings(text, suggestion)}", character, suggestion)
    if character.isdecimal():
        named = f"{character} ({code_point(character)})"
        return Refusal(f"{named} is not one of the digits 0 to 9.", character, suggestion)
    if position == 0 and character == "+":
        return Refusal("A plain number has no + sign.", character, suggestion)
    if position == 0 and character in _MINUS_SIGNS:
        return Refusal(f"{shown} is negative. Enter a number above zero.", character)
    if character.isalpha():
        return Refusal(f'"{shown}" has the letter {character}. Write it in digits, such as 92400.00.', character)
    return Refusal(f"{character} ({code_point(character)}) does not belong in a number.", character)


def _space(text: str, position: int) -> str:
    bare = quoted(text.strip())
    if not bare:
        return "There is only a space. Enter a number."
    if position == 0:
        return f"There is a space before {bare}."
    return (
        f"{quoted(text.rstrip())} has a space."
        if text.rstrip() != bare or " " in bare
        else f"{bare} has a space after it."
    )


def _readings(text: str, suggestion: str) -> str:
    """Both readings of a lone comma before three digits; which one is meant only the trader knows."""
    comma = _DECIMAL_COMMA.fullmatch(text)
    if comma and not suggestion:
        return f" Type {comma[1]}{comma[2]} or {comma[1]}.{comma[2]}"
    return "" if suggestion else " Use digits and one point."


def _shape(text: str) -> Refusal:
    """Digits and points only, yet not a number."""
    shown, points = quoted(text), text.count(".")
    if text in ("", "."):
        return Refusal("Enter a number.", text, unfinished=True)
    if points > 1:
        return Refusal(f"{shown} has {points} points. Use one at most.", ".", suggest(text))
    whole, _, decimals = text.partition(".")
    if len(whole) > MAX_DIGITS:
        return Refusal(f"{shown} has {len(whole)} digits before the point, {MAX_DIGITS} is the most.", shown)
    if len(decimals) > MAX_DIGITS:
        return Refusal(f"{shown} has {len(decimals)} decimals, {MAX_DIGITS} is the most.", shown)
    bare = (whole.lstrip("0") or "0") + (f".{decimals}" if decimals else "")
    if not whole:
        return Refusal(f"{shown} has no digit before the point.", shown, bare)
    if len(whole) > 1 and whole.startswith("0"):
        return Refusal(f"{shown} begins with a zero too many.", shown, bare)
    return Refusal(f"{shown} ends with a point. Type its decimals.", shown, bare, unfinished=True)


def _ascii(character: str) -> str:
    """A digit or a space of any script as its ASCII twin; everything else as it is."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return " " if character.isspace() else character


def _ungrouped(text: str) -> str:
    """The text without grouping marks and with a decimal point, where that has one reading; else unchanged."""
    comma = _DECIMAL_COMMA.fullmatch(text)
    if comma and (len(comma[2]) != 3 or comma[1] == "0"):
        return f"{comma[1]}.{comma[2]}"
    grouped = _GROUPED.fullmatch(text)
    if not grouped:
        return text
    first, groups, mark, point, decimals = grouped.groups()
    lone_mark = len(groups) == 4 and mark in ",." and not point
    if lone_mark or mark == point:
        return text
    return first + groups.replace(mark, "") + (f".{decimals}" if point else "")
