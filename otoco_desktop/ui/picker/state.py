"""Which pairs the picker lists, in which order, and what it says of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.ui.foreign import foreign

NONE_KNOWN = "–"
CLOSED = "not open for trading"
GONE = "not listed any more"
MOST_RECENT = 8
NOTHING_MATCHES = "Nothing matches '{text}' in {count:,} {pairs}."
HINT = "Enter takes it. * keeps it at the top. Esc closes."
REFUSED = "{symbol} cannot be chosen: {reason}."
MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair. ``closed`` says why it cannot be chosen; ``change`` is the 24 h change as a ratio where it is known."""

    symbol: str
    sought: str
    base: str
    favourite: bool = False
    recency: int = MOST_RECENT
    closed: str = ""
    change: Decimal | None = None

    @property
    def shown_change(self) -> str:
        """Percent with its sign, or a dash where it is not known."""
        if self.change is None:
            return NONE_KNOWN
        percent = self.change.scaleb(2).quantize(Decimal("0.01"))
        sign = MINUS if percent < 0 else "+" if percent > 0 else ""
        return f"{sign}{abs(percent)}%"

    @property
    def spoken(self) -> str:
        """The row read aloud."""
        parts = [foreign(self.symbol), "favourite" if self.favourite else "", self.closed]
        parts.append(f"24 h change {self.shown_change}" if self.change is not None else "")
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Liking:
    """What the trader keeps at the top: favourites, and the pairs used last with the latest first."""

    favourites: frozenset[str] = frozenset()
    recent: tuple[str, ...] = ()

    @classmethod
    def read(cls, favourites: str | None, recent: str | None) -> Liking:
        """From the texts that ``kept`` makes; what is missing is nothing."""
        return cls(frozenset((favourites or "").split()), tuple((recent or "").split())[:MOST_RECENT])

    def kept(self) -> tuple[str, str]:
        """Favourites and recent ones as texts."""
        return " ".join(sorted(self.favourites)), " ".join(self.recent)

    def used(self, symbol: str) -> Liking:
        """With this pair as the latest."""
        others = tuple(known for known in self.recent if known != symbol)
        return replace(self, recent=(symbol, *others)[:MOST_RECENT])

    def toggled(self, symbol: str) -> Liking:
        """With this pair as a favourite, or no more."""
        return replace(self, favourites=self.favourites ^ {symbol})


@dataclass(frozen=True, slots=True)
class PairList:
    """Every pair in the order of an empty search."""

    rows: tuple[PairRow, ...] = ()

    def search(self, text: str) -> tuple[PairRow, ...]:
        """The pairs with all these words in their names, in any order; a coin that begins so comes first."""
        words = text.lower().replace("/", " ").replace("-", " ").split()
        if not words:
            return self.rows
        found = list(self.rows)
        for word in words:
            found = [row for row in found if word in row.sought]
        found.sort(key=lambda row: (bool(row.closed), not row.base.startswith(words[0])))
        return tuple(found)

    def answer(self, text: str, found: Sequence[PairRow]) -> str:
        """The line under the list."""
        if found:
            return HINT
        pairs = "pair" if len(self.rows) == 1 else "pairs"
        return NOTHING_MATCHES.format(text=foreign(text)[:40], count=len(self.rows), pairs=pairs)


def build(instruments: Iterable[Instrument], liking: Liking, changes: Mapping[str, Decimal]) -> PairList:
    """Favourites, then those used last, then the rest by name; what cannot be chosen comes last."""
    recency = {symbol: at for at, symbol in enumerate(liking.recent)}

    def row(symbol: str, base: str, closed: str) -> PairRow:
        name, liked, used = symbol.lower(), symbol in liking.favourites, recency.get(symbol, MOST_RECENT)
        return PairRow(
            symbol, f"{name} {name.replace('_', '')}", base.lower(), liked, used, closed, changes.get(symbol)
        )

    rows = [row(item.symbol, item.base, "" if item.tradable else CLOSED) for item in instruments if item.is_spot]
    listed = {known.symbol for known in rows}
    rows += [row(symbol, symbol, GONE) for symbol in liking.favourites - listed]
    rows.sort(key=lambda known: (bool(known.closed), not known.favourite, known.recency, known.symbol))
    return PairList(tuple(rows))
