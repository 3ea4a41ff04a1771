"""Build + sign + serialise one create-otoco, against a bare hmac and json of the same bytes."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable

from otoco_desktop.exchange.requests import Method, otoco_params, signed_body
from otoco_desktop.exchange.signing import Signer, param_string
from tests.benchmarks.measure import Row, Samples
from tests.benchmarks.order import example_intent

ROUNDS = 2_000
BUDGET = "ratio <= 2"
KEY, SECRET = "bench-key", "bench-secret"


def rows() -> list[Row]:
    intent = example_intent()
    signer = Signer(KEY, SECRET)
    params = otoco_params(intent.order)
    payload = f"{Method.CREATE_OTOCO}{intent.stamp.request_id}{KEY}{param_string(params)}{intent.stamp.nonce}".encode()
    message = json.loads(signed_body(Method.CREATE_OTOCO, params, intent.stamp, signer))

    def ours() -> bytes:
        return signed_body(Method.CREATE_OTOCO, otoco_params(intent.order), intent.stamp, signer)

    def bare() -> bytes:
        message["sig"] = hmac.new(SECRET.encode(), payload, hashlib.sha256).hexdigest()
        return json.dumps(message, separators=(",", ":")).encode()

    if json.loads(ours()) != json.loads(bare()):
        raise RuntimeError("both sides must make the same bytes")
    floor, own = _alternating(bare, ours)
    return [Row("create: build + sign + serialise", own, floor, BUDGET)]


def _alternating(first: Callable[[], bytes], second: Callable[[], bytes]) -> tuple[Samples, Samples]:
    """Time both in turn, so that noise meets both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for call, kept in ((first, times[0]), (second, times[1])):
            began = time.perf_counter_ns()
            call()
            kept.append((time.perf_counter_ns() - began) / 1e6)
    return Samples(tuple(times[0])), Samples(tuple(times[1]))
