"""What is sent: the sample request of create-otoco, our own orders, and the signature over the same value."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import msgspec
import pytest

from otoco_desktop.domain.events import RequestStamp
from otoco_desktop.exchange.requests import (
    Method,
    OtocoParams,
    auth_text,
    command_body,
    freeze,
    heartbeat_text,
    otoco_params,
    parameters,
    params_sha256,
    preview_text,
    signed_body,
    subscribe_text,
)
from otoco_desktop.exchange.signing import Signer
from tests.exchange.samples import KEY, SECRET, encoded, golden, otoco

SIGNER = Signer(KEY, SECRET)


@pytest.mark.parametrize("edition", ["documented_older", "documented_new"])
def test_the_sample_request_goes_through_our_codec_unchanged(edition: str) -> None:
    params = golden("private.advanced.create-otoco")[edition]["request"]["params"]
    typed = msgspec.json.decode(encoded(params), type=OtocoParams)
    assert json.loads(msgspec.json.encode(typed)) == params
    assert parameters(typed) == params


def test_the_sample_reply_keeps_its_list_id_exact() -> None:
    from otoco_desktop.exchange.replies import list_id_of, parse_reply

    for edition in ("documented_older", "documented_new"):
        sample = golden("private.advanced.create-otoco")[edition]["response"]
        reply = parse_reply(encoded(sample))
        assert (reply.id, reply.code) == ("1661331443", 0)
        assert reply.method == Method.CREATE_OTOCO
        assert list_id_of(reply) == "6498090546073120100"


def test_an_order_with_market_exits() -> None:
    assert otoco_params(otoco()) == {
        "order_list": [
            {
                "instrument_name": "BTC_USD",
                "quantity": "0.10000",
                "type": "LIMIT",
                "side": "BUY",
                "price": "93000.00",
                "client_oid": "od1-ABCDEFGHIJKLMNOPQRSTUVWXYZ-e",
                "time_in_force": "GOOD_TILL_CANCEL",
                "fee_instrument_name": "USD",
            },
            {
                "instrument_name": "BTC_USD",
                "quantity": "0.10000",
                "type": "STOP_LOSS",
                "side": "SELL",
                "ref_price": "80000.00",
                "ref_price_type": "MARK_PRICE",
                "client_oid": "od1-ABCDEFGHIJKLMNOPQRSTUVWXYZ-s",
            },
            {
                "instrument_name": "BTC_USD",
                "quantity": "0.10000",
                "type": "TAKE_PROFIT",
                "side": "SELL",
                "ref_price": "108000.00",
                "ref_price_type": "MARK_PRICE",
                "client_oid": "od1-ABCDEFGHIJKLMNOPQRSTUVWXYZ-t",
            },
        ]
    }


def test_limit_exits_carry_price_and_trigger_and_no_fee_coin_is_left_out() -> None:
    entry, stop, target = otoco_params(otoco(fee=None, market_exits=False))["order_list"]
    assert "fee_instrument_name" not in entry
    assert (stop["type"], stop["price"], stop["ref_price"]) == ("STOP_LIMIT", "79900.00", "80000.00")
    assert (target["type"], target["price"]) == ("TAKE_PROFIT_LIMIT", "107900.00")
    assert all("exec_inst" not in leg for leg in (entry, stop, target))


def test_post_only_is_said_in_the_entry_alone() -> None:
    order = replace(otoco(), post_only=True)
    entry, stop, target = otoco_params(order)["order_list"]
    assert entry["exec_inst"] == ["POST_ONLY"]
    assert "exec_inst" not in stop | target
    assert params_sha256(order) != params_sha256(otoco())
    assert '"POST_ONLY"' in preview_text(freeze(order).params)


def test_a_request_over_the_websocket_carries_neither_key_nor_signature() -> None:
    params = otoco_params(otoco())
    stamp, expected = RequestStamp(7, 1_700_000_000_002, 0), {"id": 7, "nonce": 1_700_000_000_002, "params": params}
    for written in (params, freeze(otoco()).json):
        body = json.loads(command_body(Method.CREATE_OTOCO, written, stamp))
        assert body == {**expected, "method": Method.CREATE_OTOCO}


def test_the_body_is_the_value_that_was_signed() -> None:
    stamp = RequestStamp(request_id=7, nonce=1_700_000_000_002, offset_ms=0)
    params = otoco_params(otoco())
    body = json.loads(signed_body(Method.CREATE_OTOCO, params, stamp, SIGNER))
    assert body["params"] == params
    assert body["sig"] == SIGNER.sign(Method.CREATE_OTOCO, 7, 1_700_000_000_002, body["params"])
    assert (body["id"], body["nonce"], body["api_key"]) == (7, 1_700_000_000_002, KEY)


def test_the_digest_is_of_the_canonical_parameters() -> None:
    canonical = json.dumps(otoco_params(otoco()), sort_keys=True, separators=(",", ":")).encode()
    assert params_sha256(otoco()) == hashlib.sha256(canonical).hexdigest()


def test_sign_in_is_the_published_vector() -> None:
    sample = golden("ws.public.auth")["request"]
    assert json.loads(auth_text(RequestStamp(1, 1_700_000_000_000, 0), SIGNER)) == sample


def test_subscribe_is_the_published_sample() -> None:
    sample = golden("ws.subscribe")["request"]
    assert json.loads(subscribe_text(RequestStamp(1, 1_587_523_073_344, 0), ["user.order"])) == sample


def test_a_heartbeat_is_answered_with_the_same_digits() -> None:
    sample = golden("ws.heartbeat")["client_to_server"]
    assert json.loads(heartbeat_text(msgspec.Raw(b"1587523073344"))) == sample
    assert heartbeat_text(msgspec.Raw(b'"0017"')) == '{"id":"0017","method":"public/respond-heartbeat"}'
