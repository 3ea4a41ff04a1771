"""How the three connections stand, in lights and words for the top bar."""

from __future__ import annotations

from otoco_desktop.domain.market import Connection, Light
from otoco_desktop.exchange.market_session import MarketSession
from otoco_desktop.exchange.rest import RestClient
from otoco_desktop.exchange.session import Phase, Session
from otoco_desktop.exchange.stream import Stream
from otoco_desktop.exchange.user_session import UserSession

FAILURES_UNTIL_POLLING = 3


def connection(
    rest: RestClient, user: UserSession, user_stream: Stream, market: MarketSession, market_stream: Stream
) -> Connection:
    """The state to show. ``polling`` means: orders are followed by query, the stream does not bring them."""
    rest_light, rest_words = _rest(rest)
    user_light, user_words = _user(user, user_stream)
    market_light, market_words = _market(market, market_stream)
    return Connection(
        rest=rest_light,
        rest_ms=rest.latency_ms,
        rest_words=rest_words,
        user=user_light,
        user_words=user_words + _unreadable(user.protocol),
        market=market_light,
        market_words=market_words + _unreadable(market.protocol),
        order_channel=user.order_channel,
        polling=user.is_polling or _keeps_failing(user, user_stream),
        clock_offset_ms=rest.server_time.offset_ms,
    )


def _rest(rest: RestClient) -> tuple[Light, str]:
    if rest.trouble is not None:
        return Light.DOWN, rest.trouble
    if rest.latency_ms is None:
        return Light.WAITING, "connecting"
    return Light.GOOD, "good"


def _user(user: UserSession, stream: Stream) -> tuple[Light, str]:
    if user.protocol.phase is Phase.OFFLINE:
        return _offline(stream)
    if user.order_channel is not None:
        return Light.GOOD, "live"
    if user.is_polling:
        return Light.WAITING, "live updates off: polling"
    return Light.WAITING, "signing in" if user.protocol.phase is not Phase.READY else "subscribing"


def _market(market: MarketSession, stream: Stream) -> tuple[Light, str]:
    if market.protocol.phase is Phase.OFFLINE:
        return _offline(stream)
    if not market.is_live:
        return Light.WAITING, "subscribing"
    return Light.GOOD, "live, midpoint for mark" if market.lacks_mark else "live"


def _offline(stream: Stream) -> tuple[Light, str]:
    return (Light.WAITING if stream.failures == 0 else Light.DOWN), stream.words


def _keeps_failing(user: UserSession, stream: Stream) -> bool:
    return user.order_channel is None and stream.failures >= FAILURES_UNTIL_POLLING


def _unreadable(session: Session) -> str:
    if session.unreadable == 0:
        return ""
    noun = "message" if session.unreadable == 1 else "messages"
    return f", {session.unreadable} unreadable {noun}"
