"""Envelopes, signatures and legs, against the documented samples."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.practice import codes
from otoco_desktop.practice.dialect import (
    Key,
    Request,
    authenticate,
    check_params,
    nanoseconds,
    param_string,
    parse,
    plain,
    refusal,
    signature,
)
from otoco_desktop.practice.instruments import catalogue
from otoco_desktop.practice.intake import read_list
from otoco_desktop.practice.model import Kind, NewList, Refused, Side
from tests.practice.client import legs

WIRE = Path(__file__).parents[1] / "wire"
ALL = catalogue()
MARKS = {symbol: row.start for symbol, row in ALL.items()}


def wire(name: str) -> Any:
    return json.loads((WIRE / name).read_text("utf-8"))


VECTORS = wire("signature-vectors.json")["vectors"]


def vector_request(vector: dict[str, Any]) -> tuple[Key, Request]:
    key = Key(vector["api_key"], vector["secret"])
    return key, Request(
        id=vector["id"],
        raw_id=vector["id"],
        method=vector["method"],
        params=vector["params"] or {},
        api_key=vector["api_key"],
        sig=vector["sig"],
        nonce=vector["nonce"],
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_signature_vectors(vector: dict[str, Any]) -> None:
    key, request = vector_request(vector)
    assert param_string(vector["params"] or {}) == vector["param_string"]
    assert signature(key, request) == vector["sig"]


@pytest.mark.parametrize(("off_ms", "code"), [(0, 0), (60_000, 0), (-60_000, 0), (60_001, 40102), (-60_001, 40102)])
def test_the_nonce_may_lie_a_minute_off(off_ms: int, code: int) -> None:
    key, request = vector_request(VECTORS[0])
    assert refused_with(lambda: authenticate(key, request, int(request.nonce) + off_ms)) == code


@pytest.mark.parametrize("change", [{"sig": "0" * 64}, {"api_key": "someone else"}, {"sig": ""}, {"id": "2"}])
def test_a_wrong_key_or_signature_is_refused(change: dict[str, Any]) -> None:
    key, request = vector_request(VECTORS[0])
    changed = replace(request, **change)
    assert refused_with(lambda: authenticate(key, changed, int(request.nonce))) == codes.UNAUTHORIZED


def test_the_key_must_be_ours_even_if_the_signature_fits() -> None:
    key, request = vector_request(VECTORS[0])
    foreign = replace(request, api_key="another key")
    foreign = replace(foreign, sig=signature(key, foreign))
    assert refused_with(lambda: authenticate(key, foreign, int(request.nonce))) == codes.UNAUTHORIZED


def test_secrets_do_not_show() -> None:
    key, request = vector_request(VECTORS[0])
    assert key.secret not in repr(key)
    assert request.sig not in repr(request)


def refused_with(call: Any) -> int:
    try:
        call()
    except Refused as refused:
        return refused.code
    return 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", 40001),
        ("{", 40001),
        ("<html>", 40001),
        ("[" * 5000, 40001),
        ("\xff", 40001),
        ("[]", 40003),
        ('{"foo":1}', 40003),
        ('{"id":1}', 40003),
        ('{"id":1,"method":5}', 40003),
        ('{"id":1.5,"method":"x"}', 40003),
        ('{"id":true,"method":"x"}', 40003),
        ('{"id":-1,"method":"x"}', 40003),
        ('{"id":9223372036854775808,"method":"x"}', 40003),
        ('{"id":1,"method":"x","params":[]}', 40003),
        ('{"id":1,"method":"x","nonce":"soon"}', 40003),
        ('{"id":1,"method":"x","sig":7}', 40003),
        ('{"id":1,"method":"x"}', 0),
        ('{"id":"9223372036854775807","method":"x","params":null,"nonce":"5"}', 0),
    ],
)
def test_envelopes(text: str, code: int) -> None:
    assert refused_with(lambda: parse(text.encode("latin-1"))) == code


def test_ids_keep_type_and_digits() -> None:
    assert parse('{"id":9007199254740993,"method":"x"}').raw_id == 9007199254740993
    assert parse('{"id":"007","method":"x"}').raw_id == "007"


def test_a_request_that_cannot_be_read_is_answered_as_documented() -> None:
    answer = refusal(None, codes.INVALID_REQUEST, '{"foo":1}')
    assert answer == wire("ws.subscribe.json")["malformed_request_constructed"]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"a": 1}, 40004),
        ({"a": True}, 40004),
        ({"a": None}, 40004),
        ({"a": 1.5}, 40004),
        ({"order_list": [{"quantity": 1}]}, 40004),
        ({"limit": 20, "start_time": 1619089031996081486}, 0),
        ({"order_list": [{"quantity": "1"}], "list_id_list": ["1"]}, 0),
    ],
)
def test_values_are_strings(params: dict[str, Any], code: int) -> None:
    request = parse(json.dumps({"id": 1, "method": "x", "params": params}))
    assert refused_with(lambda: check_params(request)) == code


def test_codes_and_statuses_are_the_documented_ones() -> None:
    listed = {row["code"]: row for row in wire("error-codes.json")["codes"]}
    own_choice = {10004, 50001}  # no status documented; documented with two statuses
    for code, (name, status) in codes._TABLE.items():
        if code not in own_choice:
            assert (name, status) == (listed[code]["name"], listed[code]["http"])


def read(order_list: list[dict[str, Any]]) -> NewList:
    request = Request(id="1", raw_id=1, method="x", params={"order_list": order_list}, nonce="123")
    return read_list(request, ALL, MARKS)


def test_the_recommended_request_is_understood() -> None:
    sample = wire("private.advanced.create-otoco.json")["constructed"]["recommended_request"]["params"]["order_list"]
    wanted = read(sample)
    assert wanted.symbol == "BTC_USD"
    assert [leg.kind for leg in wanted.legs] == [Kind.LIMIT, Kind.STOP_LOSS, Kind.TAKE_PROFIT]
    assert [leg.client_oid for leg in wanted.legs] == ["a1b2c3d4-e", "a1b2c3d4-s", "a1b2c3d4-t"]
    assert wanted.legs[0].price == Decimal("93000")


def test_limit_triggers_of_a_sell_are_understood() -> None:
    sample = wire("private.advanced.create-otoco.json")["constructed"]["limit_triggers_sell_entry_request_params"]
    listed = [{**leg, "instrument_name": "ETH_USD"} for leg in sample["order_list"]]
    entry, stop, target = read(listed).legs
    assert (entry.side, stop.side, target.side) == (Side.SELL, Side.BUY, Side.BUY)
    assert (stop.price, target.ref_price) == (Decimal("4210"), Decimal("3600"))


def test_legs_are_told_apart_by_type_not_place() -> None:
    entry, stop, target = legs("a")
    assert [leg.client_oid for leg in read([target, stop, entry]).legs] == ["a-e", "a-s", "a-t"]


def test_a_missing_client_id_becomes_the_nonce() -> None:
    listed = [{k: v for k, v in leg.items() if k != "client_oid"} for leg in legs("a")]
    assert {leg.client_oid for leg in read(listed).legs} == {"123"}


@pytest.mark.parametrize(
    ("leg", "change", "code"),
    [
        (0, {"instrument_name": "BTCUSD"}, 209),
        (1, {"instrument_name": "ETH_USD"}, 209),
        (0, {"price": "92400.005"}, 308),
        (0, {"price": "9.24e4"}, 308),
        (0, {"price": "92,400"}, 308),
        (0, {"price": "-1"}, 308),
        (0, {"price": "NaN"}, 308),
        (0, {"price": None}, 40004),
        (0, {"quantity": "0.000001"}, 213),
        (0, {"quantity": "0"}, 213),
        (0, {"quantity": None}, 40004),
        (0, {"side": "HOLD"}, 220),
        (0, {"side": None}, 40004),
        (1, {"side": "BUY"}, 220),
        (0, {"type": "MARKET"}, 218),
        (1, {"type": "TAKE_PROFIT"}, 218),
        (1, {"type": None}, 40004),
        (1, {"price": "90000.00"}, 40004),
        (1, {"type": "STOP_LIMIT"}, 40004),
        (1, {"ref_price": "91000.001"}, 229),
        (1, {"ref_price": None}, 40004),
        (0, {"ref_price": "91000"}, 40004),
        (1, {"ref_price": "93000"}, 229),
        (2, {"ref_price": "92000"}, 229),
        (2, {"ref_price": "190000"}, 229),
        (1, {"ref_price_type": "LAST_PRICE"}, 230),
        (1, {"trigger_price": "91000"}, 40004),
        (1, {"quantity": "0.2"}, 213),
        (0, {"client_oid": "x" * 37}, 40004),
        (0, {"client_oid": "a b"}, 40004),
        (0, {"time_in_force": "IMMEDIATE_OR_CANCEL"}, 221),
        (1, {"time_in_force": "GOOD_TILL_CANCEL"}, 40004),
        (0, {"exec_inst": ["REDUCE_ONLY"]}, 219),
        (1, {"exec_inst": ["POST_ONLY"]}, 219),
        (0, {"fee_instrument_name": "ETH"}, 215),
        (1, {"fee_instrument_name": "BTC"}, 215),
        (0, {"exec_inst": ["POST_ONLY"]}, 0),
        (0, {"fee_instrument_name": "BTC"}, 0),
        (0, {"fee_instrument_name": "USD"}, 0),
        (1, {"quantity": "0.05"}, 0),
    ],
)
def test_faulty_legs_are_refused(leg: int, change: dict[str, Any], code: int) -> None:
    listed = legs("a")
    for name, value in change.items():
        if value is None:
            del listed[leg][name]
        else:
            listed[leg][name] = value
    assert refused_with(lambda: read(listed)) == code


@pytest.mark.parametrize(("symbol", "code"), [("BTCUSD-PERP", 209), ("DOGE_USD", 208), ("NOPE_USD", 209), ("", 209)])
def test_only_tradable_spot_pairs(symbol: str, code: int) -> None:
    assert refused_with(lambda: read([{**leg, "instrument_name": symbol} for leg in legs("a")])) == code


@pytest.mark.parametrize("listed", [None, [], "x", [{}], legs("a")[:2], [*legs("a"), {}], ["a", "b", "c"]])
def test_a_list_has_three_orders(listed: Any) -> None:
    assert refused_with(lambda: read(listed)) == 40004


def test_an_order_worth_less_than_a_dollar_is_refused() -> None:
    assert refused_with(lambda: read(legs("a", quantity="0.00001"))) == 415


@given(st.decimals(min_value=0, max_value=10**12, places=8))
def test_numbers_are_printed_plainly(number: Decimal) -> None:
    text = plain(number)
    assert Decimal(text) == number
    assert "e" not in text.lower()


def test_moments_in_milli_micro_and_nanoseconds() -> None:
    assert nanoseconds("1610905028000") == 1610905028000000000
    assert nanoseconds("1610905028000081") == 1610905028000081000
    assert nanoseconds(1610905028000081486) == 1610905028000081486
    assert refused_with(lambda: nanoseconds("yesterday")) == codes.INVALID_DATE
