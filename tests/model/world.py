"""A desk on its journal and its exchange, which a model may break in every way it likes."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import shutil
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from otoco_desktop.app.desk import Desk, DeskOptions
from otoco_desktop.app.state import Confirmed, DeskState
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.errors import JournalTrouble
from otoco_desktop.domain.events import ExitAsked, Intended, LegCancelAsked, LegReport, MoveAsked
from otoco_desktop.domain.lifecycle import may_cancel, may_change_exit, phase
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.order import LegRole, client_oid
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.domain.transport import Transport
from otoco_desktop.practice.faults import Fault
from otoco_desktop.practice.model import Leg
from tests.model.exchange import Exchange, Line, VenueGateway
from tests.model.journal import MortalJournal
from tests.model.virtual import VirtualClock, VirtualLoop

RESTART_S = 1.0
QUICK = Path("/dev/shm")  # noqa: S108 - a folder in memory, where there is one, so that syncing costs nothing
KEYS = ("first", "second")


@dataclass(frozen=True, slots=True)
class Way:
    """What becomes of one command: a fault of the exchange, of the way there, of the way back, and how long it takes.

    ``stuck`` on either way ends with the program being killed, and so does ``dies``, right after the intent is stored.
    """

    fault: Fault | None = None
    value: Any = True
    request: str = ""
    reply: str = ""
    delay_s: float = 0.0
    dies: bool = False

    @property
    def kills(self) -> bool:
        return self.dies or "stuck" in (self.request, self.reply)


class World:
    """``wrong`` collects what must not have happened at the moment it did."""

    def __init__(self) -> None:
        self.loop = VirtualLoop()
        self.clock = VirtualClock(self.loop)
        self.line = Line()
        self.wrong: list[str] = []
        self.shown: dict[str, Any] = {}
        self.received: dict[str, int] = {}
        self.exits_sent: dict[tuple[int, int], int] = {}
        self.intents: dict[str, Intended] = {}
        self.is_told_all = False
        self.holds_back = False
        self.transport = Transport.AUTO
        self.told: list[LegReport] = []
        self.key = KEYS[0]
        self._folder = Path(tempfile.mkdtemp(prefix="otoco-model-", dir=QUICK if QUICK.is_dir() else None))
        self._numbers = itertools.count()
        self._exchanges: dict[str, Exchange] = {}
        self._clicks: set[asyncio.Task[None]] = set()
        self.start()

    # The program begins and ends

    @property
    def exchange(self) -> Exchange:
        return self.exchange_of(self.key)

    def exchange_of(self, key: str) -> Exchange:
        """Each key has an account of its own."""
        if key not in self._exchanges:
            self._exchanges[key] = Exchange(self.clock)
        return self._exchanges[key]

    def start(self) -> None:
        self.gateway = VenueGateway(self.exchange, self.clock, self.line)
        self.gateway.wire.on_create = self._on_create
        self.gateway.wire.on_exit = self._on_exit
        self.journal = MortalJournal(self._folder / "journal.sqlite3")
        self.journal._open()
        options = DeskOptions(account=self.key, new_id=self._new_id, transport=lambda: self.transport)
        self.desk = Desk(self.gateway, self.journal, self.clock, "practice", options)
        self.desk.listen(Window(self))
        self.loop.finish(self.desk.open())
        self.loop.settle()
        self.connect()

    def kill(self) -> None:
        """What is on disk stays; everything else of the program is gone. The exchange goes on."""
        self.told.clear()
        self.journal.die()
        self.gateway.listeners.clear()
        self._end_tasks()
        self.loop.advance(RESTART_S)
        self._forget_the_line()
        self.start()

    def change_key(self) -> None:
        self.told.clear()
        self._leave()
        self.key = next(key for key in KEYS if key != self.key)
        self._forget_the_line()
        self.start()

    def _leave(self) -> None:
        self.loop.finish(self.desk.close())
        self._end_tasks()
        self.loop.finish(self.journal.close())
        self.loop.advance(RESTART_S)

    def close(self) -> None:
        self._leave()
        self.loop.settle()
        self.loop.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    # The line

    def connect(self) -> None:
        """The stream is back: a snapshot is told, and the desk asks for what it may have missed."""
        self.line.rest = self.line.stream = True
        self.exchange.ear.reports.clear()
        self.loop.do(self._greet)
        self.is_told_all = not self.exchange.venue.faults.value(Fault.HIDE_ORDERS)

    def _greet(self) -> None:
        self.gateway.tell_connection()
        self.gateway.tell_subscribed()
        self.gateway.tell(self.exchange.snapshot())

    def disconnect(self, *, wholly: bool) -> None:
        """What was on its way on the stream is lost; ``wholly`` also takes the way for questions."""
        self.line.stream, self.line.rest = False, not wholly
        self.exchange.ear.reports.clear()
        self.is_told_all = False
        self.loop.do(self.gateway.tell_connection)

    def move(self, price: str) -> None:
        self.loop.do(lambda: self.exchange.move(price))

    def deliver_all(self) -> None:
        """What the stream has brought by now, as it should be."""
        if self.line.stream and not self.holds_back and self.exchange.ear.reports:
            self.deliver(list(self.exchange.ear.reports))

    def deliver(self, reports: Sequence[LegReport], rest: Sequence[LegReport] = ()) -> None:
        """Tell these of what the stream brought; of the others the ``rest`` still comes."""
        self.exchange.ear.reports[:] = rest
        self.told += reports
        self.loop.do(lambda: self._tell(reports))

    def _tell(self, reports: Sequence[LegReport]) -> None:
        """One message each, as the stream does."""
        for report in reports:
            self.gateway.tell([report])

    def _forget_the_line(self) -> None:
        self.line.request = self.line.reply = ""
        self.line.delay_s = 0.0

    # What the trader does

    def submit(self, draft: OtocoDraft, way: Way) -> None:
        """Wait until Submit is open, then click three times; the way is what becomes of the request."""
        if not self.desk.gate().open:
            self.connect()
        confirmed = self._prepared(draft)
        if confirmed is None:
            return
        self._take(way)
        self.journal.die_after = (Intended,) if way.dies else ()
        self.loop.do(lambda: self._click(partial(self.desk.submit, confirmed)))
        self.journal.die_after = ()
        if way.kills:
            self.kill()

    def cancel(self, number: int, way: Way) -> None:
        live = [item.strategy_id for item in self.ours if may_cancel(item)]
        if not live:
            return
        self._take(way)
        self.loop.do(lambda: self._begin(self.desk.cancel(live[number % len(live)])))
        if way.kills:
            self.kill()

    def remove(self, number: int, role: LegRole, way: Way) -> None:
        """Three clicks, of which one counts."""
        self._about_exit(number, role, way, lambda item: self.desk.cancel_leg(item.strategy_id, role))

    def move_exit(self, number: int, role: LegRole, trigger: Decimal, way: Way) -> None:
        """The same; a limit goes along where the exit has one."""

        def ask(item: Strategy) -> Coroutine[Any, Any, None]:
            price = None if item.intent.order.leg(role).price is None else trigger
            return self.desk.move(item.strategy_id, role, trigger, price)

        self._about_exit(number, role, way, ask)

    def _about_exit(
        self, number: int, role: LegRole, way: Way, ask: Callable[[Strategy], Coroutine[Any, Any, None]]
    ) -> None:
        able = [item for item in self.ours if may_change_exit(item, role)]
        if not able:
            return
        chosen = able[number % len(able)]
        self._take(way)
        self.journal.die_after = (LegCancelAsked, MoveAsked) if way.dies else ()
        self.loop.do(lambda: self._click(partial(ask, chosen)))
        self.journal.die_after = ()
        if way.kills:
            self.kill()

    def settle_by_hand(self) -> None:
        """The trader decides that what was not found is not there; rightly or not."""
        for strategy in self.ours:
            if phase(strategy) is Phase.UNRESOLVED:
                self.loop.finish(self.desk.settle(strategy.strategy_id, "NOT PLACED"))

    def cancel_elsewhere(self, number: int) -> None:
        """With another program, one leg or the whole list."""
        open_legs = [leg for leg in self.exchange.venue.book.legs.values() if leg.is_open]
        if not open_legs:
            return
        self._cancel_there(open_legs[number % len(open_legs)])

    def lose_elsewhere(self, role: LegRole) -> None:
        """The newest order of this kind that is open."""
        number = list(LegRole).index(role) + 1
        legs = [leg for leg in self.exchange.venue.book.legs.values() if leg.is_open and leg.leg_id == number]
        if legs:
            self._cancel_there(legs[-1])

    def _cancel_there(self, leg: Leg) -> None:
        self.loop.do(lambda: self.exchange.venue.cancel(leg.order_id, ""))
        self.pass_time(0.05)

    def pass_time(self, seconds: float) -> None:
        self.loop.advance(seconds)

    def _click(self, ask: Callable[[], Coroutine[Any, Any, object]]) -> None:
        for _ in range(3):
            self._begin(ask())

    def _begin(self, work: Coroutine[Any, Any, object]) -> None:
        """A click whose failure the window would show."""
        task = self.loop.create_task(_ended(work))
        self._clicks.add(task)
        task.add_done_callback(self._clicks.discard)

    def _prepared(self, draft: OtocoDraft) -> Confirmed | None:
        if self.line.rest:
            account = self.loop.finish(self.gateway.account("BTC_USD"))
            self.loop.do(lambda: self.gateway.tell_market(account))
        confirmed = self.desk.prepare(draft)
        if confirmed is None:
            return None
        confirmed = replace(confirmed, typed=confirmed.verdict.override)
        params = json.loads(confirmed.order_preview)["params"]
        self.shown[params["order_list"][0]["client_oid"]] = params
        return confirmed

    def _take(self, way: Way) -> None:
        self.line.request, self.line.reply, self.line.delay_s = way.request, way.reply, way.delay_s
        if way.fault is not None:
            self.exchange.venue.faults.arm(way.fault, way.value)

    # What is seen

    @property
    def ours(self) -> list[Strategy]:
        return [item for item in self.desk.state.strategies if item.intent.account == self.key]

    def truth(self, strategy: Strategy) -> tuple[Leg, Leg, Leg] | None:
        return self.exchange_of(strategy.intent.account).legs(strategy.intent.order)

    @property
    def is_caught_up(self) -> bool:
        """Nothing was lost since the desk last asked about everything, and nothing is on its way."""
        return self.is_told_all and self.line.stream and not self.exchange.ear.reports

    def _on_create(self, body: bytes) -> None:
        params = json.loads(body)["params"]
        oid = params["order_list"][0]["client_oid"]
        self.received[oid] = self.received.get(oid, 0) + 1
        self.intents |= {client_oid(name, LegRole.ENTRY): fact for name, fact in self.journal.intents.items()}
        if self.received[oid] > 1:
            self.wrong.append(f"sent twice: {oid}")
        if oid not in self.intents:
            self.wrong.append(f"sent before it was stored: {oid}")
        if params != self.shown.get(oid):
            self.wrong.append(f"sent {params}, shown {self.shown.get(oid)}")

    def _on_exit(self, body: bytes) -> None:
        """One request for each that is recorded, and it says what is recorded."""
        request = json.loads(body)
        key, params = (request["id"], request["nonce"]), request["params"]
        self.exits_sent[key] = self.exits_sent.get(key, 0) + 1
        asked = self.journal.asked.get(key)
        if asked is None or self.exits_sent[key] > 1:
            self.wrong.append(f"sent {self.exits_sent[key]} times, recorded as {asked}: {request}")
        elif params != _params_of(asked, self._quantity(asked)):
            self.wrong.append(f"sent {params}, recorded {asked}")

    def _quantity(self, asked: ExitAsked) -> Decimal:
        strategy = next(item for item in self.desk.state.strategies if item.strategy_id == asked.strategy_id)
        return strategy.intent.order.leg(asked.role).quantity

    def _new_id(self) -> str:
        return f"{next(self._numbers):0>26}".translate(str.maketrans("0123456789", "abcdefghij"))

    def _end_tasks(self) -> None:
        while tasks := asyncio.all_tasks(self.loop):
            for task in tasks:
                task.cancel()
            self.loop.settle()


class Window:
    """Looks at every state that a person could have seen."""

    def __init__(self, world: World) -> None:
        self._world = world

    def desk_changed(self, state: DeskState) -> None:
        """The strategies in it are told one by one."""

    def quote_changed(self, quote: Quote) -> None:
        """Not about strategies."""

    def strategy_changed(self, strategy: Strategy) -> None:
        truth, now = self._world.truth(strategy), phase(strategy)
        if now is Phase.PROTECTED:
            guarded = self._world.exchange_of(strategy.intent.account).guarded
            if truth is None or truth[0].list_id not in guarded:
                self._world.wrong.append(f"shown as protected, and never was: {strategy.strategy_id}")
        if now in (Phase.NOT_SENT, Phase.REJECTED) and truth is not None and truth[0].status != "REJECTED":
            self._world.wrong.append(f"shown as {now}, and is {truth[0].status}: {strategy.strategy_id}")


def _params_of(asked: ExitAsked, quantity: Decimal) -> dict[str, str]:
    """What the request has to say."""
    if not isinstance(asked, MoveAsked):
        return {"order_id": asked.order_id}
    return {
        "order_id": asked.order_id,
        "new_quantity": f"{quantity:f}",
        "new_price": "0" if asked.price is None else f"{asked.price:f}",
        "new_ref_price": f"{asked.trigger:f}",
    }


async def _ended(work: Coroutine[Any, Any, object]) -> None:
    with contextlib.suppress(JournalTrouble):
        await work
