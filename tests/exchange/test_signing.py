"""Signatures against published vectors and against ccxt's own."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import ccxt
import pytest

from otoco_desktop.exchange.signing import Signer, param_string

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "wire" / "signature-vectors.json").read_text("utf-8")
)["vectors"]
AGREED = [vector for vector in VECTORS if vector["ccxt"]["match"]]
SECRET = "fake-secret-for-tests-only"


def names(vector: dict[str, Any]) -> str:
    return str(vector["name"])


def test_ccxt_agrees_with_eleven_vectors() -> None:
    assert len(AGREED) == 11


@pytest.mark.parametrize("vector", VECTORS, ids=names)
def test_vector(vector: dict[str, Any]) -> None:
    signer = Signer(vector["api_key"], vector["secret"])
    if vector["params"] is not None:
        assert param_string(vector["params"]) == vector["param_string"]
    signature = signer.sign(vector["method"], int(vector["id"]), int(vector["nonce"]), vector["params"])
    assert signature == vector["sig"]


@pytest.mark.parametrize("vector", [v for v in AGREED if v["params"] is not None], ids=names)
def test_same_as_ccxt(vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    client = ccxt.cryptocom({"apiKey": vector["api_key"], "secret": vector["secret"]})
    nonce = int(vector["nonce"])
    monkeypatch.setattr(client, "nonce", lambda: nonce)
    request = client.sign(vector["method"], ["v1", "private"], "POST", vector["params"])
    ours = Signer(vector["api_key"], vector["secret"]).sign(vector["method"], nonce, nonce, vector["params"])
    assert json.loads(request["body"])["sig"] == ours


def test_numbers_and_tuples_contribute_their_digits() -> None:
    assert param_string({"b": 7, "a": ("x", "y")}) == "axyb7"


@pytest.mark.parametrize("value", [1.5, b"1", object()])
def test_a_value_that_cannot_be_signed_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="cannot be signed"):
        param_string({"price": value})


def test_nothing_shows_the_secret() -> None:
    signer = Signer("FAKEKEY", SECRET)
    assert SECRET not in repr(signer)
    assert "FAKEKEY" not in repr(signer)
    assert not hasattr(signer, "__dict__")
    for slot in Signer.__slots__:
        assert SECRET not in repr(getattr(signer, slot))
    with pytest.raises(TypeError):
        pickle.dumps(signer)


def test_signing_twice_gives_the_same_signature() -> None:
    signer = Signer("FAKEKEY", SECRET)
    assert signer.sign("private/x", 1, 2, {}) == signer.sign("private/x", 1, 2)


def test_the_account_fingerprint_tells_keys_apart_without_showing_them() -> None:
    one, two = Signer("FAKEKEY-ONE", SECRET), Signer("FAKEKEY-TWO", SECRET)
    assert one.account != two.account
    assert "FAKEKEY" not in one.account
    assert one.api_key == "FAKEKEY-ONE"
