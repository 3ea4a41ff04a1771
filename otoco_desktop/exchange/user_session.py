"""The user stream: our orders and our balances. Pure."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from otoco_desktop.domain.events import LegReport, RequestStamp
from otoco_desktop.exchange.errors import DecodeError
from otoco_desktop.exchange.replies import ChannelData
from otoco_desktop.exchange.requests import auth_text
from otoco_desktop.exchange.rows import account_rows, order_row
from otoco_desktop.exchange.scalars import rows
from otoco_desktop.exchange.session import AccountRows, Event, OrderRows, Session, Timing
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.exchange.subscriptions import Stage, Subscription

ORDER_CHANNELS = ("user.advanced.order", "user.advance.order")
BALANCE_CHANNELS = ("user.balance",)


class UserSession:
    """Signs in, then subscribes to the order channel under whichever name the exchange confirms."""

    def __init__(
        self, signer: Signer, stamps: Callable[[], RequestStamp], timing: Timing, known_channel: str | None = None
    ) -> None:
        """``known_channel`` is the order channel's name that was confirmed before; it is asked for first."""
        self.orders = Subscription(tuple(sorted(ORDER_CHANNELS, key=lambda name: name != known_channel)))
        self.balances = Subscription(BALANCE_CHANNELS)
        self.protocol = Session(stamps, timing, self._read, partial(auth_text, signer=signer))
        self.protocol.line.want(self.orders)
        self.protocol.line.want(self.balances)

    @property
    def order_channel(self) -> str | None:
        """The confirmed name of the order channel, or None."""
        return self.orders.confirmed

    @property
    def is_polling(self) -> bool:
        """Whether the exchange takes the sign-in but neither name of the order channel."""
        return self.orders.stage is Stage.REFUSED

    def _read(self, subscription: Subscription, data: ChannelData, _now_ms: int) -> list[Event]:
        if subscription is self.balances:
            return [AccountRows(account_rows(data.data))]
        reports = self._reports(data)
        return [OrderRows(tuple(reports))] if reports else []

    def _reports(self, data: ChannelData) -> list[LegReport]:
        """The rows that can be read; the others are counted, so that one bad row hides no other."""
        reports = []
        for raw in rows(data.data):
            try:
                reports.append(order_row(raw).report)
            except DecodeError:
                self.protocol.unreadable += 1
        return reports
