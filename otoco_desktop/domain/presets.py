"""Presets: how a trader plans one instrument again and again. A size, distances and exit types, never a price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from otoco_desktop.domain.distance import distance_text
from otoco_desktop.domain.draft import Exits, OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.grammar import Refusal, is_unseen
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.money import grouped
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.pricing import PriceText, parse_price, read_price
from otoco_desktop.domain.sizing import read_size
from otoco_desktop.domain.verdict import PricedPlan

LONGEST_NAME = 40
MOST = 20
EXITS = {
    Field.STOP: "stop",
    Field.STOP_LIMIT: "stop limit",
    Field.TARGET: "target",
    Field.TARGET_LIMIT: "target limit",
}
NOTHING = "There is nothing to keep yet. Type a size, a stop or a target first."
NO_DISTANCE = "The {name} {text} is a price, and without an entry its distance is not known. Enter the entry first."
KEPT_AS = "{name} {price} is kept as {text}"
_MIRRORED = str.maketrans("+-", "-+")


@dataclass(frozen=True, slots=True)
class Preset(Exits):
    """One way to plan. Raises ``ValueError`` with a sentence.

    ``size`` and the exits are texts as a trader types them, empty where the preset leaves the field alone; exits are
    distances from the entry. Signs in them are meant for ``side`` and turn over for the other.
    """

    name: str
    side: Side = Side.BUY
    mode: QuantityMode = QuantityMode.RISK
    size: str = ""

    def __post_init__(self) -> None:
        problem = _name_problem(self.name) or _size_problem(self.mode, self.size)
        for where in EXITS:
            problem = problem or _exit_problem(where, self.text(where))
        if problem:
            raise ValueError(problem)

    def onto(self, draft: OtocoDraft) -> OtocoDraft:
        """The draft with everything this preset holds typed in; side, entry, tag and options stay."""
        if self.stop:
            draft = replace(draft, stop_market=self.stop_market)
        if self.target:
            draft = replace(draft, target_market=self.target_market)
        texts = {where: text for where in EXITS if (text := self.text(where))}
        if draft.side is not self.side:
            texts = {where: _mirrored(text) for where, text in texts.items()}
        if self.size:
            texts[Field.QUANTITY] = self.size
        return draft.typed_in(texts, self.mode if self.size else None)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The presets of one instrument, in the order they were made; ``first`` is the one a new plan begins with.

    Raises ``ValueError`` with a sentence.
    """

    presets: tuple[Preset, ...] = ()
    first: str = ""

    def __post_init__(self) -> None:
        names = [preset.name.casefold() for preset in self.presets]
        if len(names) > MOST:
            raise ValueError(f"There are {MOST} presets already. Delete one first.")
        twice = next((preset.name for preset in self.presets if names.count(preset.name.casefold()) > 1), "")
        if twice:
            raise ValueError(f"{twice} is the name of another preset.")
        if self.first and self.find(self.first) is None:
            raise ValueError(f"{self.first} is no preset.")

    def find(self, name: str) -> Preset | None:
        """The preset of this name, whatever its case."""
        return next((preset for preset in self.presets if preset.name.casefold() == name.casefold()), None)

    def put(self, preset: Preset) -> Shelf:
        """With this preset; one of the same name gives way."""
        if self.find(preset.name) is None:
            return replace(self, presets=(*self.presets, preset))
        same = preset.name.casefold()
        kept = tuple(preset if one.name.casefold() == same else one for one in self.presets)
        first = preset.name if self.first.casefold() == same else self.first
        return Shelf(kept, first)

    def renamed(self, preset: Preset, name: str) -> Shelf:
        """With another name for this preset."""
        anew = replace(preset, name=name)
        kept = tuple(anew if one is preset else one for one in self.presets)
        return Shelf(kept, name if self.first == preset.name else self.first)

    def without(self, preset: Preset) -> Shelf:
        """Without this preset."""
        kept = tuple(one for one in self.presets if one is not preset)
        return Shelf(kept, "" if self.first == preset.name else self.first)

    def beginning_with(self, preset: Preset | None) -> Shelf:
        """With this preset, or none, for new plans."""
        return replace(self, first=preset.name if preset else "")


@dataclass(frozen=True, slots=True)
class Presets:
    """Every instrument's presets, by its symbol."""

    shelves: Mapping[str, Shelf] = field(default_factory=dict)

    def of(self, symbol: str) -> Shelf:
        return self.shelves.get(symbol, Shelf())

    def first(self, symbol: str) -> Preset | None:
        """What a new plan of this instrument begins with."""
        shelf = self.of(symbol)
        return shelf.find(shelf.first) if shelf.first else None

    def placing(self, symbol: str, shelf: Shelf) -> Presets:
        """With this shelf for the instrument; an empty one is not kept."""
        others = {name: kept for name, kept in self.shelves.items() if name != symbol}
        return Presets({**others, symbol: shelf} if shelf.presets else others)


@dataclass(frozen=True, slots=True)
class Captured:
    """A preset made from a draft, and a sentence for each price that became a distance."""

    preset: Preset
    notes: tuple[str, ...] = ()


def capture(name: str, draft: OtocoDraft, plan: PricedPlan, instrument: Instrument) -> Captured:
    """What of this draft is worth keeping. Raises ``ValueError`` with a sentence where it cannot be kept."""
    texts: dict[str, str] = {}
    notes = []
    for where, called in EXITS.items():
        text = "" if _is_left_out(where, draft) else draft.text(where)
        if text and not _is_distance(text):
            refusal = read_price(where, text)
            if isinstance(refusal, Refusal):
                raise ValueError(refusal.reason)
            price, entry = plan.value(where), plan.value(Field.ENTRY)
            if price is None or not entry:
                raise ValueError(NO_DISTANCE.format(name=called, text=text))
            text = distance_text(price, where, draft.side, instrument, entry)
            notes.append(KEPT_AS.format(name=called, price=grouped(price, instrument.price_places), text=text))
        if text:
            texts[where.value] = text
    if not texts and not draft.quantity:
        raise ValueError(NOTHING)
    preset = Preset(
        name=name.strip(),
        side=draft.side,
        mode=draft.quantity_mode,
        size=draft.quantity,
        stop_market=draft.stop_market,
        target_market=draft.target_market,
        **texts,
    )
    return Captured(preset, tuple(notes))


def _is_left_out(where: Field, draft: OtocoDraft) -> bool:
    """A limit that is not in use."""
    return (where is Field.STOP_LIMIT and draft.stop_market) or (where is Field.TARGET_LIMIT and draft.target_market)


def _is_distance(text: str) -> bool:
    parsed = parse_price(text)
    return isinstance(parsed, PriceText) and parsed.is_relative


def _mirrored(text: str) -> str:
    return text[:1].translate(_MIRRORED) + text[1:]


def _name_problem(name: str) -> str:
    if not name.strip():
        return "Give the preset a name."
    if name != name.strip() or any(is_unseen(character) for character in name):
        return "A preset's name has no space at its ends and no invisible characters."
    if len(name) > LONGEST_NAME:
        return f"The name has {len(name)} characters, {LONGEST_NAME} is the most."
    return ""


def _size_problem(mode: QuantityMode, size: str) -> str:
    parsed = read_size(mode, size) if size else None
    return parsed.reason if isinstance(parsed, Refusal) else ""


def _exit_problem(where: Field, text: str) -> str:
    if not text or _is_distance(text):
        return ""
    return f"A preset's {EXITS[where]} is a distance from the entry such as 2%, not {text}."
