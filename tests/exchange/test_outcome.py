"""Only proof makes Refused or NotSent: every row of the table and every documented code."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otoco_desktop.domain.events import Acknowledged, NotSent, Outcome, Refused, Unknown
from otoco_desktop.exchange.errors import TransportError
from otoco_desktop.exchange.outcome import REFUSALS, classify_cancel, classify_create, classify_exit, classify_failure
from otoco_desktop.exchange.reasons import REASONS, cause_of, name_of, sentence_for
from otoco_desktop.exchange.requests import Method
from tests.exchange.samples import golden

CREATE = "private/advanced/create-otoco"
CODES: list[dict[str, Any]] = golden("error-codes")["codes"]
PROOF = {40001, 40002, 40003, 40004, 40005, 40101, 40102, 40103, 40104, 42901, 415, 501, 606, 1110} | set(
    range(613, 620)
)


def reply(code: Any, result: Any = None, request_id: Any = 7, method: str = CREATE) -> bytes:
    message = {"id": request_id, "method": method, "code": code}
    if result is not None:
        message["result"] = result
    return json.dumps(message).encode()


def expected(code: int) -> type[Outcome]:
    named = any(entry["code"] == code and entry["name"] for entry in CODES)
    three_digits = 200 <= code <= 499 and code not in (204, 205)
    return Refused if named and (three_digits or code in PROOF) else Unknown


@pytest.mark.parametrize("entry", [c for c in CODES if c["code"]], ids=lambda c: str(c["code"]))
@pytest.mark.parametrize("as_text", [False, True])
def test_every_documented_code(entry: dict[str, Any], as_text: bool) -> None:
    code = entry["code"]
    outcome = classify_create(7, reply(str(code) if as_text else code))
    assert type(outcome) is expected(code)
    if isinstance(outcome, Refused):
        assert outcome.code == str(code)
        assert outcome.name == entry["name"]
        assert outcome.reason
    if entry["create_outcome"] in ("unknown", "earlier_attempt_may_exist", "placed_then_ended"):
        assert isinstance(outcome, Unknown)


@pytest.mark.parametrize("code", [0, "0"])
@pytest.mark.parametrize("list_id", [6498090546073120100, "6498090546073120100"])
@pytest.mark.parametrize("request_id", [7, "7"])
def test_acknowledged(code: Any, list_id: Any, request_id: Any) -> None:
    outcome = classify_create(7, reply(code, {"list_id": list_id}, request_id))
    assert outcome == Acknowledged("6498090546073120100")


def test_a_refusal_that_names_a_list_is_acknowledged_with_a_warning() -> None:
    outcome = classify_create(7, reply(315, {"list_id": "12"}))
    assert outcome == Acknowledged("12", "a limit price is too far from the market (code 315)")


@pytest.mark.parametrize("code", ["00", None, True, 0.0, "", "0.0", False, [], {}, " 0"])
def test_only_zero_itself_is_zero(code: Any) -> None:
    assert isinstance(classify_create(7, reply(code, {"list_id": "12"})), Unknown)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(reply(0), id="no result"),
        pytest.param(reply(0, {}), id="no list id"),
        pytest.param(reply(0, {"list_id": ""}), id="empty list id"),
        pytest.param(reply(0, {"list_id": None}), id="null list id"),
        pytest.param(reply(0, {"list_id": 1.5}), id="list id of the wrong type"),
        pytest.param(reply(0, {"list_id": "12"}, request_id=8), id="another id"),
        pytest.param(reply(306, request_id=8), id="refusal for another id"),
        pytest.param(reply(0, {"list_id": "12"}, method="private/create-order"), id="another method"),
        pytest.param(b'{"code":306}', id="no echo"),
        pytest.param(b'{"id":7,"method":"private/advanced/create-otoco"}', id="no code"),
        pytest.param(reply(299), id="unlisted three-digit code"),
        pytest.param(reply(777), id="unlisted code"),
        pytest.param(reply(-1), id="negative code"),
        pytest.param(b"<html>502 Bad Gateway</html>", id="html"),
        pytest.param(b'{"id":7,"method":"private/adv', id="truncated"),
        pytest.param(b"", id="empty"),
        pytest.param(b"[" * 200_000, id="deep"),
        pytest.param(b'{"a":"' + b"x" * (2 * 1024 * 1024) + b'"}', id="oversized"),
    ],
)
def test_everything_else_is_unknown(body: bytes) -> None:
    assert isinstance(classify_create(7, body), Unknown)


@pytest.mark.parametrize("code", [204, 205, 40006])
def test_a_duplicate_may_exist(code: int) -> None:
    outcome = classify_create(7, reply(code))
    assert isinstance(outcome, Unknown)
    assert "may already exist" in outcome.reason


def test_failures() -> None:
    assert classify_failure(TransportError("host not found", left=False)) == NotSent("host not found")
    assert classify_failure(TransportError("no answer", left=True)) == Unknown("no answer")


def test_cancel() -> None:
    method = "private/advanced/cancel-otoco"
    assert classify_cancel(7, "12", reply(0, method=method)) == Acknowledged("12")
    assert isinstance(classify_cancel(7, "12", reply(316, method=method)), Refused)
    assert isinstance(classify_cancel(7, "12", reply(40401, method=method)), Unknown)
    assert isinstance(classify_cancel(7, "12", reply(0)), Unknown)
    assert isinstance(classify_cancel(7, "12", b"nonsense"), Unknown)
    assert isinstance(classify_cancel(7, "12", b'{"id":7}'), Unknown)


REMOVE, AMEND = Method.CANCEL_ORDER, Method.AMEND_ORDER


@pytest.mark.parametrize("method", [REMOVE, AMEND])
@pytest.mark.parametrize(
    ("code", "result", "outcome"),
    [
        (0, {"order_id": "12", "client_oid": "a"}, Acknowledged("12")),
        ("0", {"order_id": 12}, Acknowledged("12")),
        (0, {"client_oid": "a"}, Unknown("accepted, but the reply names no order")),
        (0, {"order_id": 0}, Unknown("accepted, but the reply names no order")),
        (0, None, Unknown("accepted, but the reply names no order")),
        (0, {"order_id": {}}, Unknown("the reply could not be read")),
        (316, {"order_id": "12"}, Refused("316", "NO_ACTIVE_ORDER", cause_of(316))),
        (229, None, Refused("229", "INVALID_REF_PRICE", cause_of(229))),
        (204, None, Unknown(f"it may already exist: {sentence_for(204)}")),
        (50001, None, Unknown(f"the exchange answered {sentence_for(50001)}")),
        (777, {"order_id": "12"}, Unknown("the exchange answered code 777")),
    ],
)
def test_one_exit(method: Method, code: Any, result: Any, outcome: Outcome) -> None:
    assert classify_exit(7, method, "12", reply(code, result, method=method)) == outcome


def test_an_amended_order_may_come_back_under_another_id_and_a_cancelled_one_may_not() -> None:
    other = {"order_id": "13"}
    assert classify_exit(7, AMEND, "12", reply(0, other, method=AMEND)) == Acknowledged("13")
    assert classify_exit(7, REMOVE, "12", reply(0, other, method=REMOVE)) == Unknown(
        "accepted, but the reply names another order"
    )


@pytest.mark.parametrize(
    "body",
    [
        reply(0, {"order_id": "12"}, request_id=8, method=AMEND),
        reply(0, {"order_id": "12"}, method=REMOVE),
        reply(229, method=CREATE),
        b'{"id":7,"method":"private/advanced/amend-order","result":{"order_id":"12"}}',
        b"<html>",
    ],
)
def test_a_reply_that_is_not_to_the_request_about_an_exit_proves_nothing(body: bytes) -> None:
    assert isinstance(classify_exit(7, AMEND, "12", body), Unknown)


def test_the_published_replies_about_one_order_are_acceptances() -> None:
    for method, name in ((REMOVE, "private.advanced.cancel-order"), (AMEND, "private.advanced.amend-order")):
        sample = golden(name)["documented_new"]["response"]
        body = json.dumps(sample).encode()
        order_id = sample["result"]["order_id"]
        assert classify_exit(int(sample["id"]), method, order_id, body) == Acknowledged(order_id)


def test_names_are_those_of_the_documents() -> None:
    documented = {c["code"]: c["name"] for c in CODES if c["name"]}
    for code, reason in REASONS.items():
        assert reason.name == documented[code]
    assert documented.keys() >= REFUSALS


def test_reasons_for_people() -> None:
    assert sentence_for(306) == "insufficient balance (code 306)"
    assert sentence_for(77) == name_of(77) == "code 77"
    assert (cause_of(306), cause_of(77)) == ("insufficient balance", "")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (reply(0, {"list_id": "12"}, request_id=8), "the reply belongs to another request"),
        (b'{"id":7,"method":"private/advanced/create-otoco"}', "the reply carries no code"),
        (b"<html>", "the reply could not be read"),
        (reply(0), "accepted, but the reply names no list"),
        (reply(0, {"list_id": "0"}), "accepted, but the reply names no list"),
        (reply(0, {"list_id": 0}), "accepted, but the reply names no list"),
        (reply(777), "the exchange answered code 777"),
        (reply(204), "it may already exist: an order with this client id already exists (code 204)"),
    ],
)
def test_why_an_outcome_is_unknown_is_told(body: bytes, words: str) -> None:
    assert classify_create(7, body) == Unknown(words)
