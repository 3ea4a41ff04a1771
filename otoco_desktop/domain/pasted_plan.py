"""What a pasted text says of a plan, and what it does not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from otoco_desktop.domain.draft import OtocoDraft, QuantityMode
from otoco_desktop.domain.finding import Field
from otoco_desktop.domain.order import Side


@dataclass(frozen=True, slots=True)
class Missed:
    """A part of the text that was not taken, as it stands there, and why."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a text says. ``refused`` is why nothing at all was taken; ``symbol`` is empty where no pair is named."""

    symbol: str = ""
    side: Side | None = None
    texts: tuple[tuple[Field, str], ...] = ()
    mode: QuantityMode | None = None
    stop_market: bool | None = None
    target_market: bool | None = None
    missed: tuple[Missed, ...] = ()
    refused: str = ""

    def onto(self, draft: OtocoDraft) -> OtocoDraft:
        """The draft with everything named here typed in."""
        return replace(
            draft.typed_in(dict(self.texts), self.mode),
            side=self.side or draft.side,
            stop_market=draft.stop_market if self.stop_market is None else self.stop_market,
            target_market=draft.target_market if self.target_market is None else self.target_market,
        )
