"""What a stage shows and what its exchange holds, in one line each, for the table of the fault catalogue."""

from __future__ import annotations

from otoco_desktop.domain.headline import headline
from otoco_desktop.practice.controls import Ledger
from tests.e2e.stage import Stage


def shown(stage: Stage) -> str:
    """The newest strategy's chip, its sentence where it can be read, the banner, and the notice."""
    said = []
    if stage.strategies:
        sentence = headline(stage.strategy)
        said = [stage.chip(), sentence if stage.hands.says(sentence) else ""]
    return " / ".join(filter(None, [*said, stage.banner(), stage.notice()]))


async def held(stage: Stage) -> str:
    """What the exchange received and what it has."""
    return in_words(await stage.ledger())


def in_words(ledger: Ledger) -> str:
    """``1 create, 1 list (ACTIVE, PENDING, PENDING)``."""
    lists = "; ".join(", ".join(leg.status for leg in family) for family in ledger.lists)
    creates, families = len(ledger.creates), len(ledger.lists)
    counted = f"{creates} create{'s' * (creates != 1)}, {families} list{'s' * (families != 1)}"
    return counted + (f" ({lists})" if lists else "")
