"""The table's state, the question before a cancel, the banner."""

from __future__ import annotations

from decimal import Decimal

import pytest

from otoco_desktop.domain.events import Acknowledged, Refused, Unknown
from otoco_desktop.domain.order import LegRole, Side
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.ui.strategies.rows import Show
from otoco_desktop.ui.strategies.state import (
    NO_STRATEGIES,
    TableBuilder,
    banner,
    cancel_question,
    why_no_cancel,
)
from tests.ui.strategy_examples import MARKS, NOON, Prices, Story, as_drawn, in_phase

# The table


def test_only_rows_with_news_are_made_again() -> None:
    builder = TableBuilder()
    first = builder.build(as_drawn(), MARKS, Show.ALL, NOON)
    drawn = as_drawn()
    again = builder.build((drawn[0], *drawn[1:]), MARKS, Show.ALL, NOON)
    moved = builder.build(drawn, {**MARKS, "BTC_USD": Decimal("95000")}, Show.ALL, NOON)
    assert again.rows == first.rows
    assert [new is old for new, old in zip(moved.rows, again.rows, strict=True)] == [True, False, True, True]


def test_a_row_in_use_stays_listed() -> None:
    drawn = as_drawn()
    held = frozenset({drawn[3].strategy_id})
    state = TableBuilder().build(drawn, MARKS, Show.OPEN, NOON, held)
    assert [row.label for row in state.rows] == ["S-0415", "S-0414", "S-0413", "S-0412"]
    assert state.counts.open == 3


@pytest.mark.parametrize(
    ("strategies", "show", "words", "offers"),
    [
        ((), Show.TODAY, NO_STRATEGIES, True),
        ((in_phase(Phase.REJECTED),), Show.OPEN, "No strategy is open.", False),
        ((in_phase(Phase.REJECTED),), Show.ALL, "", False),
    ],
)
def test_an_empty_table_says_why(strategies: tuple[Strategy, ...], show: Show, words: str, offers: bool) -> None:
    state = TableBuilder().build(strategies, {}, show, NOON)
    assert (state.empty, state.offers_new_plan) == (words, offers)


# Cancel


@pytest.mark.parametrize(
    ("strategy", "reason"),
    [
        (None, "Select a strategy first."),
        (in_phase(Phase.WORKING), ""),
        (in_phase(Phase.PROTECTED), ""),
        (in_phase(Phase.PARTIAL), ""),
        (in_phase(Phase.CANCELLING), "Cancel requested, not confirmed yet."),
        (Story().resting().cancel_asked().cancel_answered(Refused("212", "X", "no")).fold(), ""),
        (in_phase(Phase.CLOSED), "Nothing is left to cancel."),
        (in_phase(Phase.REJECTED), "Nothing is left to cancel."),
        (in_phase(Phase.UNKNOWN), "It is not known whether this order exists. Nothing can be cancelled yet."),
        (in_phase(Phase.INTENT), "It is not known whether this order exists. Nothing can be cancelled yet."),
    ],
)
def test_why_a_strategy_cannot_be_cancelled(strategy: Strategy | None, reason: str) -> None:
    assert why_no_cancel(strategy) == reason


@pytest.mark.parametrize(
    ("strategy", "words", "keep", "remove"),
    [
        (
            in_phase(Phase.PROTECTED),
            "This removes your stop. 0.08120 BTC will be unprotected.",
            "Keep stop",
            "Remove stop",
        ),
        (
            in_phase(Phase.WORKING),
            "This cancels the entry and both exits of S-0415. Nothing has filled.",
            "Keep strategy",
            "Cancel strategy",
        ),
        (
            in_phase(Phase.PARTIAL),
            "This cancels what is left of S-0415. 0.05070 BTC has filled and has no stop.",
            "Keep strategy",
            "Cancel strategy",
        ),
        (
            in_phase(Phase.UNPROTECTED),
            "This cancels what is left of S-0415. 0.08120 BTC has filled and has no stop.",
            "Keep strategy",
            "Cancel strategy",
        ),
        (
            in_phase(Phase.TRIGGERED),
            "This removes your stop. 0.07120 BTC will be unprotected.",
            "Keep stop",
            "Remove stop",
        ),
    ],
)
def test_what_a_cancel_would_do(strategy: Strategy, words: str, keep: str, remove: str) -> None:
    question = cancel_question(strategy)
    assert (question.words, question.keep, question.remove) == (words, keep, remove)


# The banner


def test_no_banner_while_everything_is_known() -> None:
    known = set(Phase) - {Phase.UNKNOWN, Phase.UNRESOLVED}
    assert banner([in_phase(state) for state in sorted(known)]) is None


def test_the_drawn_banner() -> None:
    state = banner([in_phase(Phase.UNKNOWN), in_phase(Phase.WORKING)])
    assert state is not None
    assert state.title == "Outcome unknown. Checking with the exchange. Do not resubmit."
    assert state.detail == (
        "S-0415, Buy 0.08120 BTC_USD, sent 12:00:00.000. No reply in 10 s. It may or may not be on the exchange. "
        "New BTC_USD orders are locked until this is settled."
    )
    assert state.checked == "First check is under way"


def test_not_found_yet_is_no_all_clear() -> None:
    state = banner([in_phase(Phase.UNRESOLVED)])
    assert state is not None
    assert state.title == "Not found yet. It may still appear. Do not resubmit."
    assert state.checked == "Last check 12:02:30"


def test_several_unknown_outcomes_are_counted_and_locked_by_side() -> None:
    selling = Prices("ETH_USD", side=Side.SELL, stop="93000.00", target="88000.00")
    lost = Unknown("No reply in 10 s.")
    state = banner([Story(selling, 416).answer(lost).fold(), Story(number=415).answer(lost).fold()])
    assert state is not None
    assert state.title == "2 outcomes unknown. Checking with the exchange. Do not resubmit."
    assert state.detail == (
        "S-0416, S-0415. They may or may not be on the exchange. "
        "New BTC_USD and ETH_USD orders are locked until this is settled."
    )


def test_a_reason_from_outside_is_cut() -> None:
    state = banner([Story().answer(Unknown("<html>" + "x" * 500)).fold()])
    assert state is not None
    assert len(state.detail) <= 300


def test_a_cancel_under_way_is_not_asked_twice() -> None:
    story = Story().resting().cancel_asked()
    assert why_no_cancel(story.fold()) == "Cancel requested, not confirmed yet."
    answered = story.cancel_answered(Acknowledged("6498090546073120100")).fold()
    assert why_no_cancel(answered) in ("", "Cancel requested, not confirmed yet.")
    assert LegRole.ENTRY in answered.legs
