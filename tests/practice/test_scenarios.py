"""The table of scenarios, and how the exchange on its own takes their names."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from otoco_desktop.practice.faults import EventFaults, Fault, Faults
from otoco_desktop.practice.scenarios import SCENARIOS, Scenario, scenario, waiting
from tests.practice.test_alone import alone

ALL = pytest.mark.parametrize("one", SCENARIOS, ids=lambda one: one.name)


class Hand:
    """Remembers what a scenario does."""

    def __init__(self) -> None:
        self.done: list[Any] = []

    def arm(self, fault: Fault, value: Any = True) -> None:
        self.done.append((fault, value))

    def clear(self, fault: Fault | None = None) -> None:
        self.done.append(fault)

    def drop_connections(self) -> None:
        self.done.append("drop")

    def disconnect_users(self, code: int | None = None) -> None:
        self.done.append(("disconnect", code))


def test_names_titles_and_sentences_differ() -> None:
    assert len(SCENARIOS) == 22
    for texts in zip(*((one.name, one.title, one.watch) for one in SCENARIOS), strict=True):
        assert len(set(texts)) == len(SCENARIOS)


@ALL
def test_a_name_can_be_typed_and_a_sentence_ends(one: Scenario) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", one.name)
    assert not one.title.endswith(".")
    assert one.watch.endswith(".")
    assert scenario(one.name) is one


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("gap-through-stop", 2.0, "Two seconds after"),
        ("late-events", 8.0, "Events come 8 s late"),
        ("move-late", 8.0, "Exit moves 8 s late"),
        ("repeated-events", 3, "three times"),
        ("reordered-events", 4, "The next four events"),
        ("clock-ahead", -90, "Your clock is 90 s ahead"),
    ],
)
def test_the_words_say_the_number(name: str, value: float, says: str) -> None:
    found = scenario(name)
    assert found.value == value
    assert says in f"{found.title}. {found.watch}"


def test_a_name_nobody_knows() -> None:
    with pytest.raises(KeyError):
        scenario("gap")


@ALL
def test_it_starts_and_ends_its_own_fault(one: Scenario) -> None:
    hand = Hand()
    one.start(hand)
    assert hand.done == [(one.fault, one.value), *(["drop"] if one.breaks else [])]
    hand.done.clear()
    one.end(hand)
    assert hand.done == [one.fault, *([("disconnect", None)] if one.breaks else [])]


@ALL
def test_what_waits_for_nothing_lasts(one: Scenario) -> None:
    faults = Faults()
    faults.arm(one.fault, one.value)
    assert waiting(faults.armed()) == {one.name}
    if one.waits_for:
        assert faults.take(one.fault) == one.value
        assert waiting(faults.armed()) == frozenset()
        assert not one.breaks, "what waits for its moment begins by breaking nothing"


def test_of_two_about_one_fault_only_the_one_that_is_on_waits() -> None:
    faults = Faults()
    faults.arm(Fault.ORDER_CHANNELS, ())
    assert waiting(faults.armed()) == {"no-channel"}
    faults.arm(Fault.ORDER_CHANNELS, ("user.advanced.order",))
    assert waiting(faults.armed()) == {"other-channel"}
    faults.arm(Fault.ORDER_CHANNELS, ("somebody else's",))
    assert waiting(faults.armed()) == frozenset()


def test_all_at_once_are_told_apart() -> None:
    faults = Faults()
    for one in SCENARIOS:
        faults.arm(one.fault, one.value)
    assert waiting(faults.armed()) == {one.name for one in SCENARIOS} - {"other-channel"}


# Events held back


def held_back(faults: Faults) -> tuple[EventFaults, list[tuple[float, Any]]]:
    later: list[tuple[float, Any]] = []
    return EventFaults(faults, lambda seconds, call: later.append((seconds, call))), later


def test_events_that_do_not_fill_up_their_number_come_all_the_same() -> None:
    faults, came = Faults(), []
    scenario("reordered-events").start(_arming(faults))
    events, later = held_back(faults)
    for number in range(3):
        events.pass_on(lambda number=number: came.append(number))  # type: ignore[misc]  # bound at once
    assert came == []
    ((seconds, let_go),) = later
    assert seconds == 5.0
    let_go()
    assert came == [2, 1, 0]
    events.pass_on(lambda: came.append(3))
    assert came == [2, 1, 0, 3], "it is over"


def test_letting_go_of_nothing_is_harmless() -> None:
    faults, came = Faults(), []
    scenario("reordered-events").start(_arming(faults))
    events, later = held_back(faults)
    for number in range(4):
        events.pass_on(lambda number=number: came.append(number))  # type: ignore[misc]  # bound at once
    later[0][1]()
    assert came == [3, 2, 1, 0]


def _arming(faults: Faults) -> Hand:
    hand = Hand()
    hand.arm = faults.arm  # type: ignore[method-assign]
    return hand


# The exchange on its own


def test_alone_it_takes_the_same_names(tmp_path: Path) -> None:
    with alone(tmp_path, "--scenario", "maintenance", "--scenario", "half-fill-stay") as process:
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        reply = httpx.get(f"{line['rest_url']}/public/get-instruments", trust_env=False)
    assert reply.status_code == 503
    assert reply.headers["content-type"].startswith("text/html")


def test_alone_it_answers_without_a_scenario(tmp_path: Path) -> None:
    with alone(tmp_path) as process:
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        reply = httpx.get(f"{line['rest_url']}/public/get-instruments", trust_env=False)
    assert reply.json()["code"] == 0


def test_alone_a_wrong_name_is_told_with_the_right_ones(tmp_path: Path) -> None:
    with alone(tmp_path, "--scenario", "gap") as process:
        out, errors = process.communicate(timeout=20)
    assert (process.returncode, out) == (2, "")
    assert "argument --scenario: invalid choice: 'gap'" in errors
    assert all(one.name in errors for one in SCENARIOS)
