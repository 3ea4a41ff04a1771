"""A report says what failed and what the desk believes, and nothing that must stay with the trader."""

from __future__ import annotations

import gc
import threading
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from otoco_desktop import logs
from otoco_desktop.app.defects import MOST, REASON, Defects
from otoco_desktop.app.report import Reporter, ReportNeeds, private
from otoco_desktop.app.state import DeskState
from tests.leaks import Places, leaks
from tests.ui.fakes import ACCOUNT, FakeDesk, four_strategies, unknown_strategy

SECRET = "sentinel-secret-0f3b2a9c71"
API_KEY = "sentinelkey00112233445"
SIGNATURE = "9f" * 32


def fail(words: str) -> Exception:
    """An error with a frame whose variables hold a secret."""
    held = SECRET
    try:
        raise ValueError(words, len(held))
    except ValueError as error:
        return error


def reporter(defects: Defects, state: DeskState | None = None, log: tuple[str, ...] = ()) -> Reporter:
    redactor = logs.Redactor()
    redactor.hide(API_KEY, SECRET)
    shown = state or FakeDesk([unknown_strategy(), *four_strategies()]).state
    return Reporter(
        ReportNeeds(
            state=lambda: shown,
            defects=defects,
            now_ms=lambda: 1_795_361_219_214,
            system=lambda: {"Thread": threading.current_thread().name, "Data": str(Path.home() / "data")},
            log=lambda: log,
            clean=redactor.clean,
        )
    )


@pytest.mark.fault(70)
async def test_it_says_what_failed_and_what_the_desk_believes() -> None:
    defects = Defects(lambda: 1_795_361_219_000)
    defects.note("a slot failed", fail("no such row"))
    text = await reporter(defects, log=("first line", "last line")).text()
    assert "2026-11-22 15:26:59 UTC: a slot failed" in text
    assert "ValueError: ('no such row', 26)" in text
    assert "in fail" in text
    assert "raise ValueError(words, len(held))" in text
    assert "Strategies: 5, 1 closed, 1 partial, 1 protected, 1 unknown, 1 working" in text
    assert "S-0416 unknown: entry unknown, stop unknown, target unknown" in text
    assert "Submit: open" in text
    assert text.endswith("first line\nlast line\n")
    assert "Thread: MainThread" not in text, "built off the loop's thread"
    assert "Data: ~" in text


async def test_it_holds_no_secret_no_signature_and_no_balance() -> None:
    defects = Defects()
    request = httpx.Request("POST", "https://127.0.0.1/", json={"api_key": API_KEY, "sig": SIGNATURE})
    defects.note("a task failed", httpx.ConnectTimeout(f"{SECRET} {SIGNATURE}", request=request))
    defects.note("a slot failed", fail(f"near {API_KEY}"))
    log = (f'"sig": "{SIGNATURE}"', f"loose {SIGNATURE}", f"key {API_KEY}")
    text = await reporter(defects, log=log).text()
    assert leaks([API_KEY, SECRET, SIGNATURE], Places(texts={"report": text})) == []
    assert text.count("[hidden]") >= 5
    state = replace(FakeDesk(four_strategies()).state, account=ACCOUNT)
    text = await reporter(Defects(), state).text()
    amounts = [balance.available for balance in ACCOUNT.balances.values()]
    amounts += [found.intent.order.quantity for found in state.strategies]
    assert not [amount for amount in amounts if f"{amount:f}" in text]
    assert f"{ACCOUNT.value_usd or Decimal(0):f}" not in text


def test_neither_the_exception_nor_what_it_holds_is_kept() -> None:
    class Held:
        """What an exception may carry: a request."""

    defects = Defects()
    error = fail("with a request")
    error.request = Held()  # type: ignore[attr-defined]
    defects.note("a task failed", error)
    del error
    gc.collect()
    assert not [each for each in gc.get_objects() if isinstance(each, Held)]


def test_the_same_failure_stands_once_and_too_many_are_counted() -> None:
    now = [1_000]
    defects = Defects(lambda: now[0])
    for now[0] in (1_000, 2_000, 3_000):
        defects.note("a slot failed", fail("again"))
    (found,) = defects.seen
    assert (found.times, found.first_ms, found.last_ms) == (3, 1_000, 3_000)
    for at in range(MOST + 5):
        defects.note(f"part {at} failed")
    assert len(defects.seen) == MOST
    assert defects.count == 3 + MOST + 5


def test_the_pause_ends_with_a_check_that_began_after_the_last_failure() -> None:
    defects = Defects()
    told: list[str] = []
    defects.listen(lambda: told.append(defects.reason))
    defects.note("one")
    before = defects.count
    defects.note("another, while the exchange was asked")
    defects.settle(before)
    assert defects.reason == REASON
    defects.settle(defects.count)
    assert defects.reason == ""
    assert told == [REASON, REASON, REASON, ""]


def test_a_listener_that_fails_again_and_again_is_not_told_of_itself() -> None:
    defects = Defects()
    calls: list[int] = []

    def broken() -> None:
        calls.append(1)
        defects.note("telling failed")

    defects.listen(broken)
    defects.note("a slot failed")
    assert (calls, defects.count) == ([1], 2)


def test_the_home_directory_and_signatures_are_left_out() -> None:
    assert private(f"{Path.home()}/x {SIGNATURE} {'a' * 63}") == f"~/x [hidden] {'a' * 63}"


def test_the_logs_last_lines(tmp_path: Path) -> None:
    assert logs.tail(tmp_path) == []
    (tmp_path / "otoco.log").write_text("".join(f"line {at}\n" for at in range(20_000)), "utf-8")
    assert logs.tail(tmp_path, 3) == ["line 19997", "line 19998", "line 19999"]
    assert len(logs.tail(tmp_path)) == logs.TAIL_LINES
