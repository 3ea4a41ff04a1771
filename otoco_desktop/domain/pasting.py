"""A plan written as a line of chat, read into what the ticket would hold if it were typed.

``BUY ETH_USD 3000 SL 2900 TP 3300 risk 1%`` and its common spellings. Nothing is guessed: what can be read in two ways,
or not at all, is named with the reason and is not taken. Of several targets the first is taken, because an OTOCO has
one (exchange docs, create-otoco). Every number that is taken stands in the text.
"""

from __future__ import annotations

from collections.abc import Iterable

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.grammar import code_point
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.money import plain
from otoco_desktop.domain.pasted_plan import Pasted
from otoco_desktop.domain.plan_reader import Reader
from otoco_desktop.domain.plan_settling import Settled
from otoco_desktop.domain.plan_words import Names, words_of
from otoco_desktop.domain.sizing import Size, parse_quantity

LONGEST = 4_000
EMPTY = "There is no text."
TOO_LONG = "The text has {count:,} characters. A plan has {most:,} at most."
TURNED = "The text has an invisible mark that turns its direction ({mark}), so it may not say what it shows."
NO_PAIRS = "The list of pairs has not come yet. Try again in a moment."

_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def format_plan(draft: OtocoDraft, symbol: str) -> str:
    """The draft as a line that ``read_plan`` reads back into the same fields; tag and options stay out."""
    size = {QuantityMode.QUANTITY: "qty", QuantityMode.SPEND: "spend", QuantityMode.RISK: "risk"}
    parts = [draft.side.value, symbol]
    parts += ["entry", draft.entry] if draft.entry else []
    parts += _exit_words("SL", draft.stop, draft.stop_limit, market=draft.stop_market)
    parts += _exit_words("TP", draft.target, draft.target_limit, market=draft.target_market)
    parts += [size[draft.quantity_mode], _with_unit(draft)] if draft.quantity else []
    return " ".join(part for part in parts if part)


def _with_unit(draft: OtocoDraft) -> str:
    """The size as typed; a risk always with what it is in."""
    size = parse_quantity(draft.quantity_mode, draft.quantity)
    if draft.quantity_mode is not QuantityMode.RISK or not isinstance(size, Size):
        return draft.quantity
    return f"{plain(size.amount)} {size.coin}" if size.coin else f"{plain(size.amount)}%"


def _exit_words(name: str, trigger: str, limit: str, *, market: bool) -> list[str]:
    if not trigger:
        return []
    if market:
        return [name, "market", trigger]
    return [name, "limit", trigger, *(["limit", limit] if limit else [])]


def read_plan(text: str, instruments: Iterable[Instrument], standing: str = "") -> Pasted:
    """Read a text. ``standing`` is the symbol in the ticket, which a coin that several pairs trade stands for."""
    refusal = _unreadable(text)
    if refusal:
        return Pasted(refused=refusal)
    names = Names.of(instruments, standing)
    if not names.pairs:
        return Pasted(refused=NO_PAIRS)
    words = words_of(text.removeprefix("\ufeff"), names)
    reader = Reader(words)
    reader.read()
    return Settled(reader, names, standing).plan()


def _unreadable(text: str) -> str:
    """Why a text is not looked at any closer, if it is not."""
    if len(text) > LONGEST:
        return TOO_LONG.format(count=len(text), most=LONGEST)
    turn = next((mark for mark in text if mark in _TURNS), "")
    if turn:
        return TURNED.format(mark=code_point(turn))
    return "" if text.strip() else EMPTY
