"""Requests of ours under way on one websocket, each waiting for the reply that names its id and its method. Pure."""

from __future__ import annotations

from otoco_desktop.exchange.errors import DecodeError
from otoco_desktop.exchange.replies import Reply, addressee


class Calls:
    """Forgets a request when its reply came, when nobody waits any more, and when its connection is gone."""

    def __init__(self) -> None:
        self._waiting: dict[int, str] = {}

    def expect(self, request_id: int, method: str) -> None:
        """From now on the reply to this request is ours to hand over."""
        self._waiting[request_id] = method

    def forget(self, request_id: int) -> None:
        """Nobody waits for it any more; a later reply is nobody's."""
        self._waiting.pop(request_id, None)

    def take(self, reply: Reply) -> int | None:
        """Whose reply this is; None when it is no reply to a waiting request. The first one ends the wait."""
        return self._matching(reply.id, reply.method)

    def take_unreadable(self, data: bytes) -> int | None:
        """Whose reply this is, where no more than its id and method can be read."""
        if not self._waiting:
            return None
        try:
            return self._matching(*addressee(data))
        except DecodeError:
            return None

    def lose(self) -> tuple[int, ...]:
        """The connection is gone: the requests whose replies can not come any more."""
        lost = tuple(self._waiting)
        self._waiting.clear()
        return lost

    def _matching(self, written_id: str, written_method: str) -> int | None:
        for request_id, method in self._waiting.items():
            if (str(request_id), method) == (written_id, written_method):
                del self._waiting[request_id]
                return request_id
        return None
