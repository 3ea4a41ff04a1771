"""What comes in: every sample message, and values that must be read exactly or refused."""

from __future__ import annotations

import contextlib
import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.exchange.errors import DecodeError
from otoco_desktop.exchange.replies import (
    MAX_INSTRUMENTS,
    MAX_REPLY,
    channel_data,
    list_id_of,
    parse_reply,
    result_rows,
)
from otoco_desktop.exchange.rows import (
    account_rows,
    book_row,
    changes_book,
    fee_row,
    instrument_row,
    order_row,
    ticker_row,
    value_row,
)
from otoco_desktop.exchange.scalars import amount, flag, ident, integer, rows, word
from tests.exchange.samples import WIRE, encoded, golden, replies_in

FILES = sorted(path.stem for path in WIRE.glob("*.json"))
ADVANCED_ORDERS = ("get-open-orders", "get-order-detail", "get-order-history", "get-order-list-detail")
READERS = (order_row, instrument_row, account_rows, fee_row, ticker_row, book_row, changes_book, value_row)


def raw(text: str) -> msgspec.Raw:
    return msgspec.Raw(text.encode())


@pytest.mark.parametrize("name", FILES)
def test_every_sample_message_is_read(name: str) -> None:
    for sample in replies_in(golden(name)):
        reply = parse_reply(encoded(sample))
        assert str(reply.code) == str(sample["code"])
        assert reply.id == str(sample.get("id", ""))
        channel_data(reply)
        list_id_of(reply)
        if "same rows as above" not in str(sample):
            assert isinstance(rows(result_rows(reply)), list)


@pytest.mark.parametrize("name", [n for n in FILES if n.startswith("private.advanced.get-")])
def test_every_sample_order_row_is_read_exactly(name: str) -> None:
    seen = 0
    for sample in replies_in(golden(name)):
        data = sample["result"].get("data", [sample["result"]])
        for row, source in zip(rows(result_rows(parse_reply(encoded(sample)))), data, strict=True):
            report = order_row(row).report
            assert report.list_id == str(source["list_id"])
            assert report.leg_id == str(source["leg_id"])
            assert format(report.quantity, "f") == source["quantity"]
            assert report.fee >= 0
            assert report.update_ms == int(source["update_time"])
            assert order_row(row).created_ns == int(source["create_time_ns"])
            seen += 1
    assert seen


def test_the_constructed_lifecycles_are_read() -> None:
    for events in golden("constructed.lifecycles")["scenarios"].values():
        for sample in replies_in(events):
            channel = channel_data(parse_reply(encoded(sample)))
            if channel is not None:
                assert all(order_row(row).report.status for row in rows(channel.data))


def test_number_typed_ids_stay_exact() -> None:
    report = order_row(raw('{"status":"NEW","list_id":6498090546073120100,"order_id":"0017","leg_id":2}')).report
    assert (report.list_id, report.order_id, report.leg_id) == ("6498090546073120100", "0017", "2")


@pytest.mark.parametrize("none", ["0", '"0"', "null", '""'])
def test_zero_is_no_list_so_that_orders_without_one_never_meet(none: str) -> None:
    assert order_row(raw(f'{{"status":"NEW","list_id":{none}}}')).report.list_id == ""


def test_an_unknown_status_word_is_kept() -> None:
    assert order_row(raw('{"status":"SUSPENDED_BY_MARS"}')).report.status == "SUSPENDED_BY_MARS"


def test_text_that_could_mislead_is_escaped() -> None:
    report = order_row(raw('{"status":"NEW\\u202e\\n","client_oid":"\\u0000x","side":"BUY"}')).report
    assert (report.status, report.client_oid, report.side) == ("NEW\\u202e\\n", "\\x00x", "BUY")


def test_zero_prices_mean_there_is_none_and_fees_are_absolute() -> None:
    row = '{"status":"PENDING","limit_price":"0.00","avg_price":"0","ref_price":"80000.00","cumulative_fee":"-2.5"}'
    report = order_row(raw(row)).report
    assert (report.limit_price, report.average_price) == (None, None)
    assert (report.trigger, report.fee) == (Decimal("80000.00"), Decimal("2.5"))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ('"reject_reason":"INSUFFICIENT_AVAILABLE_BALANCE"', "INSUFFICIENT_AVAILABLE_BALANCE"),
        ('"reason":306', "306"),
        ('"reason":9999', "9999"),
        ('"reject_reason":"<b>caf\\u00e9\\u202e</b>"', "<b>caf\\xe9\\u202e</b>"),
        ('"reason":"0"', ""),
        ('"reject_reason":"NO_ERROR","reason":"315"', "315"),
        ('"reason":null', ""),
    ],
)
def test_reasons(fields: str, reason: str) -> None:
    assert order_row(raw('{"status":"REJECTED",' + fields + "}")).report.reason == reason


@pytest.mark.parametrize(
    "row", ["{}", '{"status":""}', '{"status":"NEW","quantity":"1e5"}', '{"status":"NEW","quantity":NaN}', "7"]
)
def test_an_order_row_that_cannot_be_trusted(row: str) -> None:
    with pytest.raises(DecodeError):
        order_row(raw(row))


def test_instruments() -> None:
    spot = golden("public.get-instruments")["third_party_observed"][1]
    read = instrument_row(msgspec.Raw(encoded(spot)))
    assert (read.symbol, read.base, read.quote) == ("BTC_USD", "BTC", "USD")
    assert (read.price_tick, read.quantity_step) == (Decimal("0.01"), Decimal("0.00001"))
    assert read.is_spot
    assert read.tradable
    assert read.margin_buy
    perpetual = golden("public.get-instruments")["documented_new"]["response"]["result"]["data"][0]
    assert not instrument_row(msgspec.Raw(encoded(perpetual))).is_spot


@pytest.mark.parametrize("tick", ['"0"', '"-1"', '""', "null", '"x"'])
def test_an_instrument_without_a_usable_tick_is_refused(tick: str) -> None:
    row = '{"symbol":"A_B","qty_tick_size":"1","price_tick_size":' + tick + "}"
    with pytest.raises(DecodeError):
        instrument_row(raw(row))


def test_balances_and_fees() -> None:
    sample = golden("private.user-balance")["documented_new"]["response"]
    account = account_rows(result_rows(parse_reply(encoded(sample))))
    assert account.available("USD") == Decimal("3113.50747209")
    assert account.value_usd == Decimal("7890.00320721")
    fees = fee_row(result_rows(parse_reply(encoded(golden("private.get-fee-rate")["documented_new"]["response"]))))
    assert (fees.maker, fees.taker) == (Decimal("0.00065"), Decimal("0.00069"))


def test_a_ticker_may_hold_nulls() -> None:
    ticker = ticker_row(raw('{"i":"BTC_USD","a":null,"b":"1.10","k":1.20,"c":null,"t":1613580710768}'))
    assert (ticker.last, ticker.bid, ticker.ask) == (None, Decimal("1.10"), Decimal("1.20"))


def test_the_best_prices_of_a_book() -> None:
    sample = golden("ws.book")["snapshot"]["result"]["data"][0]
    top = book_row(msgspec.Raw(encoded(sample)))
    assert (top.bid, top.ask) == (Decimal("50113.500000"), Decimal("50126.000000"))
    assert book_row(raw('{"asks":[],"bids":[[]]}')).ask is None


def test_the_levels_of_a_book_best_first() -> None:
    book = raw('{"asks":[["11","1","1"],["10.5","2","0"]],"bids":[["9",0.5,1],["10","0.25",1],["8","4"]]}')
    depth = book_row(book).depth
    assert depth is not None
    assert [level[:2] for level in depth.asks] == [(Decimal("10.5"), Decimal(2)), (Decimal(11), Decimal(1))]
    assert [(level.price, level.reach, level.worth) for level in depth.bids] == [
        (Decimal(10), Decimal("0.25"), Decimal("2.50")),
        (Decimal(9), Decimal("0.75"), Decimal("7.0")),
        (Decimal(8), Decimal("4.75"), Decimal(39)),
    ]


def test_the_published_sample_of_a_book_keeps_every_digit() -> None:
    sample = golden("ws.book")["snapshot"]["result"]["data"][0]
    depth = book_row(msgspec.Raw(encoded(sample))).depth
    assert depth is not None
    assert [str(level.price) for level in depth.bids] == [level[0] for level in sample["bids"]]
    assert [str(level.quantity) for level in depth.asks] == [level[1] for level in sample["asks"]]


@pytest.mark.parametrize("level", ["[]", '["10"]', '["10",null]', '["10","0"]', '["10","-1"]', '["0","1"]'])
def test_a_level_that_cannot_be_one_leaves_the_best_prices_alone(level: str) -> None:
    top = book_row(raw(f'{{"asks":[["11","1","1"]],"bids":[["9","1","1"],{level}]}}'))
    assert top.ask == Decimal(11)
    assert top.depth is None


def test_an_update_of_the_book_says_whether_a_level_changes() -> None:
    assert not changes_book(raw('{"update":{"asks":[],"bids":[]},"u":1,"pu":0}'))
    assert not changes_book(raw('{"u":1}'))
    assert changes_book(raw('{"update":{"asks":[["11","0","0"]]}}'))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.10", "1.10"),
        ('"1.10"', "1.10"),
        ("12345678901234567890.123456789", "12345678901234567890.123456789"),
        ('"-2.5"', "-2.5"),
    ],
)
def test_amounts_are_exact(text: str, value: str) -> None:
    assert str(amount(raw(text))) == value


@pytest.mark.parametrize("text", ["null", '""'])
def test_absent_amounts(text: str) -> None:
    assert amount(raw(text)) is None
    assert integer(raw(text)) is None
    assert flag(raw(text)) is None


@pytest.mark.parametrize(
    "text", ['"NaN"', '"Infinity"', "1e5", '"1E5"', '"1_0"', '"+1"', '" 1"', '"٣"', "true", "[]", '"' + "9" * 61 + '"']
)
def test_amounts_that_are_refused(text: str) -> None:
    with pytest.raises(DecodeError):
        amount(raw(text))


@pytest.mark.parametrize("text", ["1.0", '"00"', "true", '"1 "', "{}"])
def test_whole_numbers_that_are_refused(text: str) -> None:
    with pytest.raises(DecodeError):
        integer(raw(text))


def test_words_flags_and_ids() -> None:
    assert word(raw('"abc"')) == "abc"
    assert word(raw("306")) == "306"
    assert flag(raw('"true"'))
    assert flag(raw("false")) is False
    assert ident(raw("null")) == ""
    for reader, text in ((word, '"' + "x" * 2001 + '"'), (ident, '"' + "1" * 65 + '"'), (flag, '"yes"')):
        with pytest.raises(DecodeError):
            reader(raw(text))


def test_every_part_of_an_envelope_that_is_read_is_kept() -> None:
    reply = parse_reply(b'{"id":7,"method":"m","code":"306","message":"Sold out","result":{"a":1},"more":0}')
    assert (reply.id, reply.method, reply.code) == ("7", "m", 306)
    assert (bytes(reply.raw_id), bytes(reply.result)) == (b"7", b'{"a":1}')


def test_every_part_of_a_channel_message_is_kept() -> None:
    result = '{"channel":"book","subscription":"book.BTC_USD.10","instrument_name":"BTC_USD","data":[1]}'
    found = channel_data(parse_reply(f'{{"code":0,"result":{result}}}'.encode()))
    assert found is not None
    assert (found.channel, found.subscription) == ("book", "book.BTC_USD.10")
    assert bytes(found.data) == b"[1]"


@pytest.mark.parametrize("name", ["channel", "subscription"])
def test_one_name_of_a_channel_is_enough(name: str) -> None:
    found = channel_data(parse_reply(f'{{"result":{{"{name}":"book","data":[1]}}}}'.encode()))
    assert found is not None
    assert "book" in (found.channel, found.subscription)


def test_a_message_that_is_too_long_is_refused_with_both_numbers() -> None:
    with pytest.raises(DecodeError, match=r"^a message of 3 bytes where 2 are allowed$"):
        parse_reply(b"{ }", limit=2)
    assert (MAX_REPLY, MAX_INSTRUMENTS) == (2_097_152, 4_194_304)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>maintenance</html>",
        b'{"id":1,',
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b'{"id":"\xff"}',
        b'{"result":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"id":1,"code":' + b"9" * 5000 + b"}",
        b" " * (2 * 1024 * 1024) + b"{}",
    ],
)
def test_bytes_that_are_no_message(data: bytes) -> None:
    with pytest.raises(DecodeError):
        parse_reply(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
field_names = st.sampled_from(
    ["id", "method", "code", "result", "data", "channel", "status", "quantity", "list_id", "asks", "v", "symbol"]
)


def read_everything(data: bytes) -> None:
    reply = parse_reply(data)
    list_id_of(reply)
    channel = channel_data(reply)
    for row in rows(channel.data if channel else result_rows(reply)):
        for reader in READERS:
            with contextlib.suppress(DecodeError):
                reader(row)


@given(st.binary(max_size=200))
def test_only_decode_errors_escape_from_bytes(data: bytes) -> None:
    with contextlib.suppress(DecodeError):
        read_everything(data)


@given(st.dictionaries(field_names, json_values, max_size=6), st.dictionaries(field_names, json_values, max_size=6))
def test_only_decode_errors_escape_from_json(envelope: dict[str, Any], result: dict[str, Any]) -> None:
    for message in (envelope, {**envelope, "result": result}, {"result": {"data": [envelope, result]}}):
        with contextlib.suppress(DecodeError):
            read_everything(json.dumps(message).encode())
