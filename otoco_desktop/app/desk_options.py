"""What may differ from one desk to another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from otoco_desktop.app.defects import Defects
from otoco_desktop.app.ids import new_strategy_id
from otoco_desktop.app.kit import Sleep
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.domain.preferences import Preferences
from otoco_desktop.domain.transport import Transport
from otoco_desktop.domain.verdict import PlanSettings


@dataclass(frozen=True, slots=True)
class DeskOptions:
    """Given to a desk when it is made.

    ``notice`` is a sentence to show from the start, ``known`` are the instruments as an earlier run has seen them.
    ``transport``, ``preferences`` and ``is_locked`` are asked at each request, so that a change applies to the next
    one; after any change tell the desk with ``look_again``.
    """

    account: str = ""
    notice: str = ""
    settings: PlanSettings = PlanSettings()
    new_id: Callable[[], str] = new_strategy_id
    sleep: Sleep = asyncio.sleep
    transport: Callable[[], Transport] = lambda: Transport.AUTO
    preferences: Callable[[], Preferences] | None = None
    is_locked: Callable[[], bool] = lambda: False
    known: tuple[Instrument, ...] = ()
    defects: Defects = field(default_factory=Defects)
