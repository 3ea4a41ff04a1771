"""The stream protocol without sockets: sign-in, subscriptions, heartbeats, silence, and what can go wrong."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.candles import Timeframe
from otoco_desktop.domain.depth import Depth
from otoco_desktop.domain.market import MarkSource
from otoco_desktop.exchange.clock import ServerTime, Stamps
from otoco_desktop.exchange.market_session import MarketSession
from otoco_desktop.exchange.session import (
    AccountRows,
    CandlesMoved,
    Event,
    HangUp,
    OrderRows,
    Phase,
    QuoteMoved,
    Send,
    Settled,
    Timing,
)
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.exchange.subscriptions import Stage
from otoco_desktop.exchange.user_session import UserSession
from tests.exchange.manual_clock import ManualClock
from tests.exchange.samples import KEY, SECRET, golden
from tests.faults.evidence import Evidence

ADVANCED, ADVANCE = "user.advanced.order", "user.advance.order"


class Wire:
    """Drives a session by hand, as a stream would."""

    def __init__(self, session: UserSession | MarketSession, clock: ManualClock) -> None:
        self.session = session
        self.protocol = session.protocol
        self.clock = clock
        self.events: list[Event] = []

    def connect(self) -> None:
        self.events += self.protocol.connected(self.clock.monotonic)

    def wait(self, duration_ms: int) -> None:
        self.clock.pass_ms(duration_ms)
        self.events += self.protocol.tick(self.clock.monotonic)

    def say(self, message: Any) -> None:
        text = message if isinstance(message, str | bytes) else json.dumps(message)
        self.events += self.protocol.receive(text, self.clock.monotonic)

    def sent(self) -> list[dict[str, Any]]:
        return [json.loads(event.text) for event in self.events if isinstance(event, Send)]

    def last(self) -> dict[str, Any]:
        return self.sent()[-1]

    def acknowledge(self, code: int = 0) -> None:
        asked = self.last()
        self.say({"id": asked["id"], "method": asked["method"], "code": code})

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def channels(message: dict[str, Any]) -> list[str]:
    found: list[str] = message["params"]["channels"]
    return found


def order_channel(user: Wire) -> str | None:
    assert isinstance(user.session, UserSession)
    return user.session.order_channel


def is_polling(user: Wire) -> bool:
    assert isinstance(user.session, UserSession)
    return user.session.is_polling


def order_frame(channel: str, subscription: str | None = None, **row: Any) -> dict[str, Any]:
    data = {"status": "ACTIVE", "client_oid": "od1-x-e", **row}
    result = {"channel": channel, "subscription": subscription or channel, "data": [data]}
    return {"id": -1, "method": "subscribe", "code": 0, "result": result}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def user(clock: ManualClock) -> Wire:
    return Wire(UserSession(Signer(KEY, SECRET), Stamps(ServerTime(clock)).next, Timing()), clock)


@pytest.fixture
def market(clock: ManualClock) -> Wire:
    return Wire(MarketSession(Stamps(ServerTime(clock)).next, Timing()), clock)


def signed_in(user: Wire) -> None:
    user.connect()
    user.wait(1_000)
    user.acknowledge()


@pytest.mark.fault(38)
def test_nothing_is_sent_in_the_first_second(user: Wire, evidence: Evidence) -> None:
    user.connect()
    user.wait(999)
    assert not user.sent()
    user.wait(1)
    assert user.last()["method"] == "public/auth"
    assert set(user.last()) == {"id", "method", "api_key", "sig", "nonce"}
    evidence.note(
        38,
        injected="a connection that has just opened",
        shown=f"after 1,000 ms first {user.last()['method']}",
        ledger="no message in the first second",
    )


def test_subscriptions_are_asked_for_one_at_a_time(user: Wire) -> None:
    signed_in(user)
    assert channels(user.last()) == [ADVANCED]
    user.wait(4_000)
    assert len(user.sent()) == 2
    user.acknowledge()
    assert channels(user.last()) == ["user.balance"]
    user.acknowledge()
    assert [event.stage for event in user.of(Settled)] == [Stage.CONFIRMED, Stage.CONFIRMED]
    assert order_channel(user) == ADVANCED


def test_the_second_name_is_tried_when_the_first_is_refused(user: Wire) -> None:
    signed_in(user)
    refusal = {"id": 0, "code": 10004, "method": "subscribe", "message": "invalid channel"}
    user.say(refusal)
    assert channels(user.last()) == [ADVANCE]
    user.acknowledge()
    assert order_channel(user) == ADVANCE


def test_the_confirmed_name_is_tried_first_after_a_reconnect(user: Wire) -> None:
    test_the_second_name_is_tried_when_the_first_is_refused(user)
    user.protocol.disconnected()
    assert order_channel(user) is None
    signed_in(user)
    assert channels(user.last()) == [ADVANCE]


def test_silence_counts_as_a_refusal_and_both_refused_means_polling(user: Wire) -> None:
    signed_in(user)
    user.wait(5_000)
    assert channels(user.last()) == [ADVANCE]
    assert not is_polling(user)
    user.acknowledge(10004)
    assert is_polling(user)
    assert channels(user.last()) == ["user.balance"]
    assert user.of(Settled)[0].stage is Stage.REFUSED


def test_a_refused_channel_is_asked_for_again_after_a_minute(user: Wire) -> None:
    test_silence_counts_as_a_refusal_and_both_refused_means_polling(user)
    user.acknowledge()
    for _ in range(2):
        user.wait(30_000)
        user.say({"id": 5, "method": "public/heartbeat", "code": 0})
    asked = [channels(message)[0] for message in user.sent() if message["method"] == "subscribe"]
    assert asked == [ADVANCED, ADVANCE, "user.balance", ADVANCED]


def test_a_first_data_frame_is_a_late_confirmation(user: Wire) -> None:
    signed_in(user)
    user.say(order_frame(ADVANCED))
    assert order_channel(user) == ADVANCED
    assert user.of(OrderRows)[0].reports[0].client_oid == "od1-x-e"
    assert [type(event) for event in user.events[2:4]] == [Settled, OrderRows]


def test_a_late_acknowledgement_of_the_first_name_counts(user: Wire) -> None:
    signed_in(user)
    first = user.last()["id"]
    user.wait(5_000)
    user.say({"id": first, "method": "subscribe", "code": 0})
    assert order_channel(user) == ADVANCED
    assert channels(user.last()) == ["user.balance"]


def test_a_late_refusal_of_the_first_name_does_not_refuse_the_second(user: Wire) -> None:
    signed_in(user)
    first = user.last()["id"]
    user.wait(5_000)
    user.say({"id": first, "method": "subscribe", "code": 10004})
    user.acknowledge()
    assert order_channel(user) == ADVANCE


@pytest.mark.parametrize("channel", [ADVANCED, ADVANCE])
@pytest.mark.parametrize("subscription", [ADVANCED, ADVANCE, ADVANCE + ".BTC_USD"])
def test_messages_are_matched_under_both_names(user: Wire, channel: str, subscription: str) -> None:
    signed_in(user)
    user.acknowledge()
    user.say(order_frame(channel, subscription))
    assert len(user.of(OrderRows)) == 1


def test_the_sample_frame_of_the_order_channel(user: Wire) -> None:
    signed_in(user)
    user.say(golden("ws.user.advance.order")["documented_older"]["event"])
    (rows,) = user.of(OrderRows)
    assert [report.leg_id for report in rows.reports] == ["1", "2", "3"]


def test_the_sample_frame_of_the_balance_channel(user: Wire) -> None:
    signed_in(user)
    user.say(golden("ws.user.balance")["documented"]["event"])
    (rows,) = user.of(AccountRows)
    assert rows.account.available("USD") == Decimal("3113.50747209")


@pytest.mark.parametrize("heartbeat_id", [1587523073344, "1587523073344"])
def test_heartbeats_are_answered_with_the_same_id(user: Wire, heartbeat_id: Any) -> None:
    user.connect()
    user.say({"id": heartbeat_id, "method": "public/heartbeat", "code": 0})
    assert user.sent() == [{"id": heartbeat_id, "method": "public/respond-heartbeat"}]


def test_silence_for_45_seconds_ends_the_connection(user: Wire) -> None:
    signed_in(user)
    user.acknowledge()
    user.acknowledge()
    user.wait(44_999)
    assert not user.of(HangUp)
    user.wait(1)
    assert user.of(HangUp) == [HangUp("nothing heard for 45 s")]


def test_anything_heard_keeps_the_connection(user: Wire) -> None:
    signed_in(user)
    user.wait(44_000)
    user.say("nonsense")
    user.wait(44_000)
    assert not user.of(HangUp)


def test_a_refused_sign_in_hangs_up_with_patience(user: Wire) -> None:
    user.connect()
    user.wait(1_000)
    user.acknowledge(40101)
    (end,) = user.of(HangUp)
    assert end.patient
    assert end.words == "sign-in refused: the key or its signature was not accepted (code 40101)"


def test_no_answer_to_the_sign_in(user: Wire) -> None:
    user.connect()
    user.wait(1_000)
    user.wait(5_000)
    assert user.of(HangUp) == [HangUp("no answer to the sign-in")]


def test_an_answer_to_something_else_is_no_sign_in(user: Wire) -> None:
    user.connect()
    user.wait(1_000)
    user.say({"id": 1, "method": "public/auth", "code": 0})
    assert user.protocol.phase is Phase.SIGNING_IN


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "null",
        "[]",
        "<html>",
        b"\xff\xfe\x00",
        '{"id":',
        '{"method":{}}',
        '{"result":7,"method":"subscribe"}',
        "\ud800",
    ],
)
def test_a_malformed_frame_is_counted_and_never_fatal(user: Wire, frame: str | bytes) -> None:
    signed_in(user)
    user.say(frame)
    assert user.protocol.unreadable == 1
    user.acknowledge()
    assert order_channel(user) == ADVANCED


def test_one_bad_row_hides_no_other(user: Wire) -> None:
    signed_in(user)
    frame = order_frame(ADVANCED)
    frame["result"]["data"].append({"status": {}})
    frame["result"]["data"].append({"status": "FROZEN", "client_oid": "od1-x-s"})
    user.say(frame)
    (rows,) = user.of(OrderRows)
    assert [report.status for report in rows.reports] == ["ACTIVE", "FROZEN"]
    assert user.protocol.unreadable == 1


def test_unknown_messages_are_ignored(user: Wire) -> None:
    signed_in(user)
    before = len(user.events)
    user.say({"id": 9, "method": "public/news", "code": 0})
    user.say(order_frame("user.something.new"))
    assert len(user.events) == before
    assert user.protocol.unreadable == 0


words = st.sampled_from(
    ["subscribe", "public/auth", "public/heartbeat", "ERROR", "unsubscribe", ADVANCED, ADVANCE, "user.balance"]
)
ids = st.one_of(st.integers(-2, 3), st.sampled_from(["0", "-1", "", None]), st.floats(), words)
rows_of_anything = st.lists(
    st.dictionaries(st.sampled_from(["status", "quantity", "position_balances"]), ids | words, max_size=3), max_size=3
)
frames = st.one_of(
    st.text(max_size=40),
    st.binary(max_size=40),
    st.fixed_dictionaries(
        {},
        optional={
            "id": ids,
            "method": words | ids,
            "code": ids,
            "result": st.fixed_dictionaries({}, optional={"channel": words | ids, "data": rows_of_anything | ids}),
        },
    ),
)


@given(st.lists(frames, max_size=8), st.booleans())
def test_no_sequence_of_frames_ends_in_an_exception(said: list[Any], is_signed_in: bool) -> None:
    clock = ManualClock()
    for session in (
        UserSession(Signer(KEY, SECRET), Stamps(ServerTime(clock)).next, Timing()),
        MarketSession(Stamps(ServerTime(clock)).next, Timing()),
    ):
        wire = Wire(session, clock)
        wire.connect()
        wire.wait(1_000)
        if is_signed_in and wire.sent():
            wire.acknowledge()
        for frame in said:
            wire.say(frame)
            wire.wait(500)
        assert all(isinstance(event, Event) for event in wire.events)


def test_deadlines_name_the_next_thing_due(user: Wire) -> None:
    assert user.protocol.deadline_ms() is None
    user.connect()
    assert user.protocol.deadline_ms() == 1_000
    user.wait(1_000)
    assert user.protocol.deadline_ms() == 6_000
    user.acknowledge()
    assert user.protocol.deadline_ms() == 6_000
    user.acknowledge()
    user.acknowledge()
    assert user.protocol.deadline_ms() == 46_000


# The market stream


def watching(market: Wire) -> MarketSession:
    session = market.session
    assert isinstance(session, MarketSession)
    market.connect()
    market.wait(1_000)
    market.events += session.watch("BTC_USD", market.clock.monotonic)
    return session


def price_frame(channel: str, subscription: str, data: dict[str, Any]) -> dict[str, Any]:
    result = {"channel": channel, "subscription": subscription, "instrument_name": "BTC_USD", "data": [data]}
    return {"id": -1, "method": "subscribe", "code": 0, "result": result}


BOOK = price_frame("book", "book.BTC_USD.50", {"bids": [["93000.00", "1", "1"]], "asks": [["93010.00", "1", "1"]]})
MARK = price_frame("mark", "mark.BTC_USD", {"v": "93004.77", "t": 1_700_000_000_000})
TICKER = price_frame(
    "ticker", "ticker.BTC_USD", {"i": "BTC_USD", "a": "93001.00", "b": "92999.00", "k": "93011.00", "c": "0.01"}
)


def test_the_market_stream_needs_no_sign_in_and_asks_for_three_channels(market: Wire) -> None:
    session = watching(market)
    asked = []
    for _ in range(3):
        asked.append(channels(market.last())[0])
        market.acknowledge()
    assert asked == ["mark.BTC_USD", "book.BTC_USD.50", "ticker.BTC_USD"]
    assert market.sent()[1]["params"]["book_subscription_type"] == "SNAPSHOT"
    assert session.is_live


def test_a_quote_is_built_from_all_three(market: Wire) -> None:
    session = watching(market)
    for frame in (MARK, BOOK, TICKER):
        market.say(frame)
    quote = session.quote
    assert quote is not None
    assert (quote.mark, quote.mark_source) == (Decimal("93004.77"), MarkSource.EXCHANGE)
    assert (quote.bid, quote.ask, quote.last) == (Decimal("93000.00"), Decimal("93010.00"), Decimal("93001.00"))
    assert quote.mark_ms == quote.book_ms == 1_000
    assert market.of(QuoteMoved)[-1].quote == quote


def test_the_ticker_gives_bid_and_ask_only_while_there_is_no_book(market: Wire) -> None:
    session = watching(market)
    market.say(TICKER)
    assert session.quote is not None
    assert session.quote.bid == Decimal("92999.00")
    market.say(BOOK)
    market.say(TICKER)
    assert session.quote.bid == Decimal("93000.00")


def test_the_midpoint_stands_in_where_no_mark_price_is_published(market: Wire) -> None:
    session = watching(market)
    market.acknowledge(10004)
    market.say(BOOK)
    assert session.quote is not None
    assert (session.quote.mark, session.quote.mark_source) == (Decimal("93005.00"), MarkSource.MIDPOINT)
    assert session.quote.depth_mark == Decimal("93005.00")
    assert session.lacks_mark
    market.say(MARK)
    assert session.quote.mark_source is MarkSource.EXCHANGE
    market.say(BOOK)
    assert session.quote.mark == Decimal("93004.77")


def test_a_confirmed_mark_channel_that_says_nothing_is_no_mark_price(market: Wire) -> None:
    session = watching(market)
    market.acknowledge()
    market.say(BOOK)
    assert session.quote is not None
    assert session.quote.mark is None
    market.wait(3_000)
    market.say(BOOK)
    assert session.quote.mark_source is MarkSource.MIDPOINT


def test_an_empty_book_update_proves_that_the_feed_lives(market: Wire) -> None:
    session = watching(market)
    market.say(BOOK)
    market.wait(5_000)
    market.say(price_frame("book.update", "book.BTC_USD.50", {"update": {"asks": [], "bids": []}, "u": 1, "pu": 0}))
    assert session.quote is not None
    assert session.quote.book_ms == 6_000
    assert session.quote.bid == Decimal("93000.00")
    assert session.quote.depth == Depth.of([(Decimal(93_000), Decimal(1))], [(Decimal(93_010), Decimal(1))])


def test_a_book_stands_beside_the_mark_price_of_its_moment(market: Wire) -> None:
    session = watching(market)
    beside = []
    later = price_frame("mark", "mark.BTC_USD", {"v": "93020.00", "t": 1_700_000_000_100})
    alive = price_frame("book.update", "book.BTC_USD.50", {"update": {"asks": [], "bids": []}, "u": 1, "pu": 0})
    for frame in (BOOK, MARK, later, BOOK, MARK, alive):
        market.say(frame)
        assert session.quote is not None
        beside.append(session.quote.depth_mark)
    first, second = Decimal("93004.77"), Decimal("93020.00")
    assert beside == [None, first, first, second, second, first]


def test_a_book_that_changed_without_a_snapshot_has_no_depth(market: Wire) -> None:
    session = watching(market)
    market.say(BOOK)
    change = {"update": {"asks": [["93010.00", "0", "0"]], "bids": []}, "u": 2, "pu": 1}
    market.say(price_frame("book.update", "book.BTC_USD.50", change))
    assert session.quote is not None
    assert session.quote.depth is None
    market.say(BOOK)
    assert session.quote.depth is not None


def test_ten_levels_do_where_the_exchange_grants_no_more(market: Wire) -> None:
    session = watching(market)
    market.acknowledge()
    market.acknowledge(10004)
    assert channels(market.last()) == ["book.BTC_USD.10"]
    market.acknowledge()
    assert session.is_live
    market.say(price_frame("book", "book.BTC_USD.10", BOOK["result"]["data"][0]))
    assert session.quote is not None
    assert session.quote.depth is not None


def test_prices_of_the_ticker_are_no_depth(market: Wire) -> None:
    session = watching(market)
    market.say(BOOK)
    market.events += market.protocol.disconnected()
    market.connect()
    market.wait(1_000)
    market.say(TICKER)
    assert session.quote is not None
    assert (session.quote.bid, session.quote.depth) == (Decimal("92999.00"), None)


def test_another_instrument_ends_the_old_subscriptions(market: Wire) -> None:
    session = watching(market)
    market.acknowledge()
    market.events += session.watch("ETH_USD", market.clock.monotonic)
    methods = [(m["method"], m["params"]["channels"][0]) for m in market.sent()[-3:]]
    assert methods == [
        ("unsubscribe", "mark.BTC_USD"),
        ("unsubscribe", "book.BTC_USD.50"),
        ("subscribe", "mark.ETH_USD"),
    ]
    market.say({"id": market.sent()[-3]["id"], "method": "unsubscribe", "code": 0})
    market.say(BOOK)
    assert session.quote is not None
    assert session.quote.bid is None
    assert session.watch("ETH_USD", market.clock.monotonic) == []


def test_the_watched_instrument_is_asked_for_again_after_a_reconnect(market: Wire) -> None:
    session = watching(market)
    market.acknowledge()
    market.protocol.disconnected()
    assert not session.is_live
    market.connect()
    market.wait(1_000)
    assert channels(market.last()) == ["mark.BTC_USD"]


def test_an_instrument_named_before_the_connection_is_asked_for_once_it_stands(market: Wire) -> None:
    assert isinstance(market.session, MarketSession)
    assert market.session.watch("BTC_USD", 0) == []
    market.connect()
    market.wait(1_000)
    assert channels(market.last()) == ["mark.BTC_USD"]


# Candles


def test_candles_are_followed_beside_the_prices_and_the_older_name_is_tried(market: Wire) -> None:
    session = watching(market)
    market.events += session.watch_candles("BTC_USD", Timeframe.D1, market.clock.monotonic)
    for _ in range(3):
        market.acknowledge()
    assert channels(market.last()) == ["candlestick.1D.BTC_USD"]
    market.acknowledge(40003)
    assert channels(market.last()) == ["candlestick.D1.BTC_USD"]
    event = golden("ws.candlestick")["event"]
    event["result"]["subscription"] = "candlestick.1D.BTC_USD"
    market.say(event)
    moved = [found.news for found in market.events if isinstance(found, CandlesMoved)]
    assert [(news.instrument, news.timeframe, len(news.candles)) for news in moved] == [("BTC_USD", Timeframe.D1, 1)]
    assert moved[0].candles[0].close == Decimal("51313.500000")


def test_candles_left_behind_are_unsubscribed_and_no_longer_heard(market: Wire) -> None:
    session = watching(market)
    market.events += session.watch_candles("BTC_USD", Timeframe.M15, market.clock.monotonic)
    for _ in range(4):
        market.acknowledge()
    market.events += session.watch_candles("BTC_USD", Timeframe.M15, market.clock.monotonic)
    market.events += session.watch_candles("BTC_USD", Timeframe.H1, market.clock.monotonic)
    assert [channels(sent) for sent in market.sent()[-2:]] == [
        ["candlestick.15m.BTC_USD"],
        ["candlestick.1h.BTC_USD"],
    ]
    event = golden("ws.candlestick")["event"]
    event["result"]["subscription"] = "candlestick.15m.BTC_USD"
    market.say(event)
    assert not [found for found in market.events if isinstance(found, CandlesMoved)]


def test_another_instrument_leaves_the_candles_to_those_who_asked_for_them(market: Wire) -> None:
    session = watching(market)
    market.events += session.watch_candles("BTC_USD", Timeframe.M15, market.clock.monotonic)
    market.events += session.watch("ETH_USD", market.clock.monotonic)
    wanted = [subscription.name for subscription in market.protocol.line.wanted]
    assert "candlestick.15m.BTC_USD" in wanted


def test_a_candle_that_cannot_be_drawn_is_left_out_and_nothing_stands_in_for_it(market: Wire) -> None:
    session = watching(market)
    market.events += session.watch_candles("BTC_USD", Timeframe.M1, market.clock.monotonic)
    good = {"o": "2", "h": "3", "l": "1", "c": "2", "t": 60_000}
    bad: list[dict[str, Any]] = [{**good, "t": None}, {**good, "h": "1"}, {**good, "o": "x"}, {**good, "c": None}]
    data = [good, *bad, {**good, "t": 180_000}]
    result = {"channel": "candlestick", "subscription": "candlestick.1m.BTC_USD", "data": data}
    market.say({"id": -1, "method": "subscribe", "code": 0, "result": result})
    moved = market.of(CandlesMoved)[-1].news
    assert [candle.start_ms for candle in moved.candles] == [60_000, 180_000]
