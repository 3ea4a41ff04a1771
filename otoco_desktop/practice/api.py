"""The method table: who may call what, and what becomes of a call. No sockets here."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from otoco_desktop.practice import codes
from otoco_desktop.practice.dialect import (
    NONCE_WINDOW_MS,
    Key,
    Request,
    authenticate,
    check_params,
    parse,
    refusal,
    reply,
)
from otoco_desktop.practice.faults import Fault, Loss
from otoco_desktop.practice.intake import read_list
from otoco_desktop.practice.limits import Limits
from otoco_desktop.practice.model import Halt, NewList, Refused
from otoco_desktop.practice.printing import Printer
from otoco_desktop.practice.queries import Queries, one_order
from otoco_desktop.practice.venue import CreateSeen, ExitSeen, Venue

CREATE = "private/advanced/create-otoco"
CANCEL_ORDER = "private/advanced/cancel-order"
AMEND_ORDER = "private/advanced/amend-order"
# One documented sample of success carries a message.
_MESSAGES = {CANCEL_ORDER: "NO_ERROR"}
_COMMANDS = frozenset({CREATE, "private/advanced/cancel-otoco", CANCEL_ORDER, AMEND_ORDER})
# For each request about one order: the reply lost with nothing done, refused, the reply lost though it is done.
_EXIT_FAULTS = {
    CANCEL_ORDER: (Fault.LOSE_CANCEL_UNDONE, Fault.REFUSE_CANCEL, Fault.LOSE_CANCEL_DONE),
    AMEND_ORDER: (Fault.LOSE_AMEND_UNDONE, Fault.REFUSE_AMEND, Fault.LOSE_AMEND_DONE),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: HTTP status and JSON text, or a reply that is lost on the way."""

    status: int
    body: bytes
    lost: Loss | None = None


class Api:
    """Answers requests of one account."""

    def __init__(self, venue: Venue, key: Key) -> None:
        self._venue = venue
        self._key = key
        self._print = Printer(venue.faults)
        self.queries = Queries(venue)
        self._limits = Limits()
        self._seen: dict[tuple[str, str], None] = {}
        self._seen_order: deque[tuple[int, tuple[str, str]]] = deque()
        self._public, self._private = self._tables()

    def get(self, method: str, params: dict[str, str]) -> Answer:
        """A public method over HTTP GET."""
        request = Request(id="-1", raw_id=-1, method=method, params=params)
        return self._answer(request, lambda: self._get(request))

    def post(self, method: str, body: bytes) -> Answer:
        """A private method over HTTP POST: signature and nonce are checked first."""
        try:
            request = parse(body)
        except Refused as refused:
            return self._encode(refusal(None, refused.code, body.decode("utf-8", "replace")), refused.code)
        return self._answer(request, lambda: self._post(method, request))

    def socket_command(self, request: Request) -> Answer:
        """A command over the signed-in user websocket, where requests carry no signature."""
        return self._answer(request, lambda: self._socket_command(request))

    def sign_in(self, request: Request) -> Answer:
        """public/auth on the user websocket."""
        return self._answer(request, lambda: self._sign_in(request))

    def _get(self, request: Request) -> dict[str, Any]:
        self._refuse_excess(request)
        return self._run(self._public, request)

    def _post(self, method: str, request: Request) -> dict[str, Any]:
        check_params(request)
        if request.method != method:
            raise Refused(codes.INVALID_REQUEST)
        if method not in self._private:
            raise Refused(codes.METHOD_NOT_FOUND)
        authenticate(self._key, request, self._venue.now_ms)
        self._refuse_excess(request)
        self._refuse_repeat(request)
        return self._carry_out(request, "rest")

    def _socket_command(self, request: Request) -> dict[str, Any]:
        if request.method not in _COMMANDS:
            raise Refused(codes.METHOD_NOT_FOUND)
        self._refuse_excess(request)
        self._refuse_repeat(request)
        return self._carry_out(request, "websocket")

    def _sign_in(self, request: Request) -> dict[str, Any]:
        authenticate(self._key, request, self._venue.now_ms)
        return reply(request)

    def _run(self, table: dict[str, Callable[..., Any]], request: Request) -> dict[str, Any]:
        handler = table.get(request.method)
        if handler is None:
            raise Refused(codes.METHOD_NOT_FOUND)
        return reply(request, handler(request.params), _MESSAGES.get(request.method, ""))

    def _carry_out(self, request: Request, transport: str) -> dict[str, Any]:
        if request.method == CREATE:
            return self._create(request, transport)
        if request.method in _EXIT_FAULTS:
            return self._exit(request, transport)
        return self._run(self._private, request)

    def _exit(self, request: Request, transport: str) -> dict[str, Any]:
        """Cancel or amend one order."""
        faults, method = self._venue.faults, request.method
        self._venue.exits.append(ExitSeen(transport, method, request.id, request.nonce, request.params))
        undone, refuse, done = _EXIT_FAULTS[method]
        loss = faults.take(undone)
        if loss:
            raise _Lost(Loss(loss))
        code = faults.take(refuse)
        if code:
            raise Refused(code)
        answer = self._run(self._private, request)
        loss = faults.take(done)
        if loss:
            raise _Lost(Loss(loss))
        return answer

    def _create(self, request: Request, transport: str) -> dict[str, Any]:
        faults = self._venue.faults
        self._venue.creates.append(_seen(request, transport))
        unplaced = faults.take(Fault.LOSE_REPLY_UNPLACED)
        if unplaced:
            raise _Lost(Loss(unplaced))
        code = faults.take(Fault.REFUSE_CREATE)
        if code:
            raise Refused(code)
        marks = self._venue.prices.marks()
        wanted = self._with_faults(read_list(request, self._venue.instruments, marks))
        late = faults.take(Fault.LATE_CREATE)
        if late:
            self._venue.create_later(late, wanted)
            raise _Lost(Loss.SILENCE)
        result = {"list_id": self._venue.create(wanted)}
        placed = faults.take(Fault.LOSE_REPLY_PLACED)
        if placed:
            raise _Lost(Loss(placed))
        code = faults.take(Fault.PLACE_BUT_REFUSE)
        return {**refusal(request, code), "result": result} if code else reply(request, result)

    def _with_faults(self, wanted: NewList) -> NewList:
        faults = self._venue.faults
        dooms = (Fault.REJECT_ENTRY, Fault.REJECT_STOP, Fault.REJECT_TARGET)
        entry, stop, target = (
            replace(leg, doom=faults.take(fault) or 0) for leg, fault in zip(wanted.legs, dooms, strict=True)
        )
        stop = replace(stop, misfire=faults.take(Fault.REFUSE_STOP_FIRED) or 0)
        if faults.take(Fault.HALF_FILL_STAY):
            entry = replace(entry, halt=Halt.STAY)
        if faults.take(Fault.HALF_FILL_CANCEL):
            entry = replace(entry, halt=Halt.CANCEL)
        return replace(wanted, legs=(entry, stop, target))

    def _answer(self, request: Request, work: Callable[[], dict[str, Any]]) -> Answer:
        try:
            answer = work()
        except Refused as refused:
            return self._encode(refusal(request, refused.code), refused.code)
        except _Lost as lost:
            return Answer(0, b"", lost.how)
        return self._encode(answer, int(answer["code"]))

    def _encode(self, answer: dict[str, Any], code: int) -> Answer:
        return Answer(codes.http_status(code), self._print(answer))

    def _refuse_excess(self, request: Request) -> None:
        venue = self._venue
        if venue.config.enforce_limits and not self._limits.allow(request.method, venue.clock.monotonic_ns()):
            raise Refused(codes.TOO_MANY_REQUESTS)

    def _refuse_repeat(self, request: Request) -> None:
        if not request.nonce:  # allowed on a signed-in websocket
            return
        now_ms = self._venue.now_ms
        while self._seen_order and self._seen_order[0][0] < now_ms - 2 * NONCE_WINDOW_MS:
            self._seen.pop(self._seen_order.popleft()[1], None)
        key = (request.nonce, request.id)
        if key in self._seen:
            raise Refused(codes.DUPLICATE_REQUEST)
        self._seen[key] = None
        self._seen_order.append((now_ms, key))

    def _cancel_list(self, params: dict[str, Any]) -> None:
        list_id = params.get("list_id")
        if not isinstance(list_id, str) or not list_id:
            raise Refused(codes.MISSING_OR_INVALID_ARGUMENT, "list_id")
        self._venue.cancel_list(list_id)

    def _cancel_order(self, params: dict[str, Any]) -> dict[str, str]:
        leg = self._venue.cancel(*one_order(params))
        return {"client_oid": leg.client_oid, "order_id": leg.order_id}

    def _amend_order(self, params: dict[str, Any]) -> dict[str, str]:
        leg = self._venue.amend(*one_order(params), params)
        return {"order_id": leg.order_id, "client_oid": leg.client_oid}

    def _tables(self) -> tuple[dict[str, Callable[..., Any]], dict[str, Callable[..., Any]]]:
        q = self.queries
        public: dict[str, Callable[..., Any]] = {
            "public/get-instruments": q.instruments,
            "public/get-tickers": q.tickers,
            "public/get-book": q.book,
            "public/get-candlestick": q.candlesticks,
            "public/get-valuations": q.valuations,
        }
        private: dict[str, Callable[..., Any]] = {
            CREATE: lambda _: None,
            "private/user-balance": q.balance,
            "private/get-currency-networks": q.currency_networks,
            "private/get-fee-rate": q.fee_rate,
            "private/get-instrument-fee-rate": q.instrument_fee_rate,
            "private/get-trades": q.trades,
            "private/advanced/get-open-orders": q.open_orders,
            "private/advanced/get-order-detail": q.order_detail,
            "private/advanced/get-order-history": q.order_history,
            "private/advanced/get-order-list-detail": q.list_detail,
            "private/advanced/cancel-otoco": self._cancel_list,
            CANCEL_ORDER: self._cancel_order,
            AMEND_ORDER: self._amend_order,
        }
        return public, private


class _Lost(Exception):
    """The reply is to be lost."""

    def __init__(self, how: Loss) -> None:
        super().__init__(how.value)
        self.how = how


def _seen(request: Request, transport: str) -> CreateSeen:
    legs = request.params.get("order_list")
    listed = [leg for leg in legs if isinstance(leg, dict)] if isinstance(legs, list) else []
    oids = tuple(str(leg.get("client_oid", "")) for leg in listed)
    return CreateSeen(transport, request.id, request.nonce, oids)
