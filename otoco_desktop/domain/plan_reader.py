"""Which number of a plan belongs to which word, read from left to right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from otoco_desktop.domain.plan_words import DASH, LEVERAGE, Key, Kind, Word

NO_NUMBER = "No number follows."
NO_NAME = "Nothing says what it is."
REMARK = "It stands in brackets after a price, so it is read as a remark."
SHARE = "Each exit closes the whole position, so a share of it is not taken."
NO_MARKET_ENTRY = "The entry is a limit order. Write its price."
LIMITS = {Key.STOP: Key.STOP_LIMIT, Key.TARGET: Key.TARGET_LIMIT}


@dataclass(slots=True)
class Reader:
    """Gives every number to the word that names it. All sets and lists hold places in ``words``."""

    words: Sequence[Word]
    given: dict[Key, list[tuple[int, ...]]] = field(default_factory=dict)
    sides: list[int] = field(default_factory=list)
    pairs: list[int] = field(default_factory=list)
    markets: dict[Key, bool] = field(default_factory=dict)
    missed: dict[int, str] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    current: Key | None = None
    waiting: int | None = None
    typed: bool = False
    after_name: bool = False

    def read(self) -> None:
        steps = {
            Kind.SIDE: self._side,
            Kind.PAIR: self._pair,
            Kind.COIN: self._pair,
            Kind.KEY: self._key,
            Kind.NUMBER: self._number,
            Kind.ODD: self._odd,
        }
        for at, word in enumerate(self.words):
            if at not in self.used and word.kind in steps:
                steps[word.kind](at, word)
        self._give_up_waiting()

    def _side(self, at: int, _word: Word) -> None:
        self.sides.append(at)
        self._name_came()

    def _pair(self, at: int, _word: Word) -> None:
        self.pairs.append(at)
        self._name_came()

    def _name_came(self) -> None:
        if self.waiting is None:
            self.current, self.after_name = None, True

    def _key(self, at: int, word: Word) -> None:
        key = Key(word.value)
        if key is Key.AT:
            shared = self._shared_before(at)
            if shared is not None:
                self._drop_share(shared, at)
            elif self.waiting is None:
                self._await(Key.ENTRY, at)
        elif key is Key.LIMIT:
            self._limit(at)
        elif key is Key.MARKET:
            self._market(at)
        else:
            self._await(key, at)

    def _shared_before(self, at: int) -> Key | None:
        """The exit of ``50% at 3300``: so much of the position at that price."""
        places = self.given.get(self.current, []) if self.current in LIMITS else []
        shares = bool(places) and places[-1][-1] == at - 1 and self.words[at - 1].unit == "%"
        return self.current if shares else None

    def _drop_share(self, key: Key, at: int) -> None:
        self.missed[self.given[key].pop()[-1]] = SHARE
        self._await(key, at)

    def _await(self, key: Key, at: int) -> None:
        self._give_up_waiting()
        self.current, self.waiting, self.typed, self.after_name = key, at, False, False

    def _give_up_waiting(self) -> None:
        if self.waiting is not None and not self.typed:
            self.missed[self.waiting] = NO_NUMBER
        self.waiting = None

    def _limit(self, at: int) -> None:
        if self.waiting is not None:
            if self.current in LIMITS:
                self.markets[self.current], self.typed = False, True
        elif self.current in LIMITS:
            self._await(LIMITS[self.current], at)
        else:
            self._await(Key.ENTRY, at)

    def _market(self, at: int) -> None:
        if self.current in LIMITS:
            self.markets[self.current], self.typed = True, True
        else:
            self.missed[at] = NO_MARKET_ENTRY

    def _number(self, at: int, word: Word) -> None:
        key = self._key_behind(at, word)
        if key is not None:
            self._give_up_waiting()
            self.given.setdefault(key, []).append((at,))
            self.current, self.after_name = None, key is Key.QUANTITY
        elif self._is_remark(at, word):
            self.missed[at] = REMARK
        elif self.current is not None:
            self._give(self.current, at)
        elif self.after_name:
            self.current, self.after_name = Key.ENTRY, False
            self._give(Key.ENTRY, at)
        else:
            self.missed[at] = NO_NAME

    def _is_remark(self, at: int, word: Word) -> bool:
        """``2900 (-3.3%)``: the same price said again as its distance."""
        if not word.aside or word.unit not in ("%", "R") or self.waiting is not None:
            return False
        return any(place[-1] == at - 1 for places in self.given.values() for place in places)

    def _key_behind(self, at: int, word: Word) -> Key | None:
        """What the words after a number make of it, where nothing before it waits for one."""
        if self.waiting is not None:
            return None
        rest = [one for one in self.words[at + 1 : at + 4] if one.kind is not Kind.FILLER]
        following, next_one = (*rest, None, None)[:2]
        if following is None:
            return None
        leads_on = next_one is not None and next_one.kind in (Kind.NUMBER, Kind.ODD)
        if word.unit == "%" and following.value == Key.RISK and not leads_on:
            self.used.add(self.words.index(following, at))
            return Key.RISK
        named = following.kind in (Kind.PAIR, Kind.COIN) or following.value == Key.AT
        return Key.QUANTITY if named and self.after_name else None

    def _give(self, key: Key, at: int) -> None:
        places = (at,) if self.waiting is None else (self.waiting, at)
        self.given.setdefault(key, []).append(places)
        if key in LIMITS.values():
            self.markets[next(trigger for trigger, limit in LIMITS.items() if limit is key)] = False
        self.waiting = None

    def _odd(self, at: int, word: Word) -> None:
        if word.why and self.current is not None and word.why not in (DASH, LEVERAGE):
            self._give(self.current, at)
            return
        self.missed[at] = word.why
        if self.waiting is not None:
            self._give_up_waiting()
            self.missed[at] = word.why
        self.current, self.after_name = None, False
