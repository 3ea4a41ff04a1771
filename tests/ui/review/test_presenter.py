"""When a reviewed plan may be sent: freshness, ticks, single use. Time is a number here."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from otoco_desktop.app.state import Confirmed, Gate
from otoco_desktop.domain.finding import Field, Finding, Severity
from otoco_desktop.domain.market import Quote
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.domain.verdict import Verdict
from otoco_desktop.ui.review.presenter import OPENING_MS, ReviewPresenter
from otoco_desktop.ui.review.state import Notice, Stage
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.spans import text_of
from tests.ui import plan_examples as plans
from tests.ui import strategy_examples as strategies

OPEN = Gate(open=True)
START = plans.NOW_MS
READY = START + OPENING_MS


def confirmed(verdict: Verdict | None = None) -> Confirmed:
    return Confirmed("token", verdict or plans.ready(), plans.REQUEST_JSON)


def presenter(verdict: Verdict | None = None, environment: str = "PRACTICE") -> ReviewPresenter:
    return ReviewPresenter(confirmed(verdict), plans.BTC, environment, plans.QUOTE, START)


def quoted(mark: str, at_ms: int = READY) -> Quote:
    return replace(plans.QUOTE, mark=Decimal(mark), mark_ms=at_ms)


def stage(review: ReviewPresenter) -> Stage:
    return review.stage


def words(notice: Notice | None) -> str:
    assert notice is not None
    return text_of(notice.words)


def test_an_open_plan_is_sent_once() -> None:
    review = presenter()
    first = review.confirm(READY)
    assert first is not None
    assert first.token == "token"
    assert review.stage is Stage.SENDING
    assert review.confirm(READY + 1) is None


@pytest.mark.parametrize("early_ms", [0, 1, OPENING_MS - 1])
def test_the_first_half_second_sends_nothing(early_ms: int) -> None:
    review = presenter()
    assert review.confirm(START + early_ms) is None
    assert review.stage is Stage.REVIEW
    assert review.confirm(READY) is not None


def test_a_repeating_key_sends_nothing() -> None:
    review = presenter()
    assert review.confirm(READY, repeated=True) is None
    assert review.stage is Stage.REVIEW


@pytest.mark.parametrize(
    ("mark", "locked"),
    [
        ("93118.42", False),
        ("93351.20", False),  # +0.24997 %
        ("93351.22", True),  # +0.25000 %
        ("92885.65", False),  # −0.24997 %
        ("92885.62", True),  # −0.25000 %
    ],
)
def test_a_quarter_of_a_percent_locks(mark: str, locked: bool) -> None:
    review = presenter()
    review.observe(plans.ready(), quoted(mark), OPEN)
    status = review.status(READY)
    assert status.submit_enabled is not locked
    assert (review.confirm(READY) is None) is locked
    if locked:
        assert words(status.notice).startswith(f"Prices moved, check again. Mark is {mark[:2]},{mark[2:]}")
        assert status.notice is not None
        assert status.notice.offers_check


def test_the_lock_stays_when_the_price_comes_back() -> None:
    review = presenter()
    review.observe(plans.ready(), quoted("94000.00"), OPEN)
    review.observe(plans.ready(), quoted("93118.42"), OPEN)
    assert not review.status(READY).submit_enabled


def test_checking_again_opens_it_and_starts_the_half_second_anew() -> None:
    review = presenter()
    review.observe(plans.ready(), quoted("94000.00"), OPEN)
    review.renew(confirmed(), quoted("94000.00"), READY)
    assert review.status(READY).submit_enabled
    assert review.confirm(READY + OPENING_MS - 1) is None
    assert review.confirm(READY + OPENING_MS) is not None


@pytest.mark.parametrize(("age_ms", "stale"), [(200, False), (8_000, False), (8_001, True), (12_400, True)])
def test_old_prices_lock_while_they_are_old(age_ms: int, stale: bool) -> None:
    review = presenter()
    now = START + 100_000
    review.observe(plans.ready(), quoted("93118.42", now - age_ms), OPEN)
    status = review.status(now)
    assert status.submit_enabled is not stale
    if stale:
        seconds = f"{age_ms // 1000}.{age_ms % 1000 // 100}"
        assert words(status.notice) == f"Prices are {seconds} s old. Submit opens again when they are live."
        assert status.price_tone is Token.WARN
    review.observe(plans.ready(), quoted("93118.42", now), OPEN)
    assert review.status(now).submit_enabled


def test_without_any_mark_nothing_is_sent() -> None:
    review = ReviewPresenter(confirmed(), plans.BTC, "PRACTICE", None, START)
    assert words(review.status(READY).notice) == "No mark price yet. Submit opens when it is."
    assert review.confirm(READY) is None


def test_a_changed_check_locks_and_is_named() -> None:
    review = presenter()
    review.observe(plans.ready(plans.FEE_WARNING), quoted("93118.42"), OPEN)
    assert words(review.status(READY).notice).startswith("A check changed, check again. Fees: Target +0.50%")
    assert review.confirm(READY) is None


def test_a_check_that_vanished_locks_too() -> None:
    review = presenter()
    verdict = plans.ready()
    review.observe(replace(verdict, findings=verdict.findings[1:]), quoted("93118.42"), OPEN)
    assert words(review.status(READY).notice) == "A check changed, check again."


def test_new_words_of_the_same_verdict_do_not_lock() -> None:
    review = presenter()
    verdict = plans.ready()
    aged = tuple(
        found._replace(message="mark 0.4 s") if found.code == "data.age" else found for found in verdict.findings
    )
    review.observe(replace(verdict, findings=aged), quoted("93118.42"), OPEN)
    assert review.status(READY).submit_enabled


SHORT = Finding("exit.coverage", Severity.WARNING, "Exit coverage", "short", Field.STOP, wrong="0.1", right="0.09975")
TAKES = Finding("exits.others", Severity.WARNING, "Other exits", "takes", Field.QUANTITY, wrong="100", right="0")


@pytest.mark.parametrize(
    ("read", "now", "locked"),
    [
        (SHORT, SHORT._replace(wrong="0.1001", right="0.09984"), False),
        (SHORT, SHORT._replace(right="0.08"), True),
        (SHORT, SHORT._replace(right="0.0999"), False),
        (TAKES, TAKES._replace(wrong="100.2"), False),
        (TAKES, TAKES._replace(wrong="101"), True),
        (TAKES, TAKES._replace(wrong="50"), False),
    ],
)
def test_less_for_an_exit_than_was_read_locks(read: Finding, now: Finding, locked: bool) -> None:
    review = presenter(plans.ready(read))
    review.tick(read.code, on=True)
    review.observe(plans.ready(now), quoted("93118.42"), OPEN)
    status = review.status(READY)
    assert status.submit_enabled is not locked
    if locked:
        assert words(status.notice).startswith(f"A check changed, check again. {read.title}")


def test_a_closed_gate_locks_with_its_reason() -> None:
    review = presenter()
    review.observe(plans.ready(), quoted("93118.42"), Gate(open=False, reason="The order channel is not confirmed."))
    assert words(review.status(READY).notice) == "Can't submit. The order channel is not confirmed."
    assert review.confirm(READY) is None


def test_each_warning_needs_its_own_tick() -> None:
    other = Finding("stop.near", Severity.WARNING, "Stop distance", "Stop is near.")
    review = presenter(plans.ready(plans.FEE_WARNING, other))
    assert review.status(READY).submit_reason == "Tick the 2 warnings under Summary first."
    review.tick("target.fees", on=True)
    assert review.status(READY).submit_reason == "Tick the warning under Summary first."
    assert review.confirm(READY) is None
    review.tick("stop.near", on=True)
    assert review.status(READY).submit_enabled
    review.tick("stop.near", on=False)
    assert review.confirm(READY) is None


def test_a_tick_outlives_checking_again_only_for_the_same_words() -> None:
    review = presenter(plans.ready(plans.FEE_WARNING))
    review.tick("target.fees", on=True)
    review.renew(confirmed(plans.ready(plans.FEE_WARNING)), plans.QUOTE, START)
    assert review.status(READY).submit_enabled
    worse = plans.FEE_WARNING._replace(detail="Result if hit: −200.00 USD.")
    review.renew(confirmed(plans.ready(worse)), plans.QUOTE, START)
    assert not review.status(READY).submit_enabled


@pytest.mark.parametrize("environment", ["live", "", "MAINNET"])
def test_an_environment_without_a_sheet_is_never_sent_to(environment: str) -> None:
    review = presenter(environment=environment)
    assert review.confirm(READY) is None
    assert not review.status(READY).submit_enabled


def test_the_price_line() -> None:
    review = presenter()
    review.observe(plans.ready(), quoted("93128.00", START - 200), OPEN)
    assert review.status(START).price_words == "Mark 93,128.00, 0.2 s old, +0.01% since planned"


def test_sending_then_the_outcome() -> None:
    review = presenter()
    review.confirm(READY)
    assert review.status(READY).submit_label == "Sending…"
    assert words(review.status(READY).notice) == "Saved. Sending to the exchange…"
    assert review.closing_words() == "The sending goes on. Strategies shows what became of it."
    review.follow(strategies.in_phase(Phase.INTENT))
    assert stage(review) is Stage.SENDING
    review.follow(strategies.in_phase(Phase.ACKED))
    assert stage(review) is Stage.DONE
    assert words(review.status(READY).notice).startswith(
        "S-0415: Accepted by the exchange as list 6498090546073120100."
    )
    assert review.status(READY).back_label == "Close"
    assert review.closing_words() == ""


def test_the_outcome_follows_the_strategy_that_was_sent_and_no_other() -> None:
    review = presenter()
    review.confirm(READY)
    review.follow(strategies.in_phase(Phase.UNKNOWN))
    review.follow(strategies.Story(number=9).accepted().fold())
    assert words(review.status(READY).notice).startswith("S-0415: Outcome unknown.")


def test_news_before_the_plan_is_sent_changes_nothing() -> None:
    review = presenter()
    review.follow(strategies.in_phase(Phase.ACKED))
    assert review.stage is Stage.REVIEW


def test_a_journal_that_fails_says_that_nothing_was_sent() -> None:
    review = presenter()
    review.confirm(READY)
    review.failed("The disk is full.")
    assert words(review.status(READY).notice) == "Nothing was sent. The disk is full."
    assert review.confirm(READY) is None


def test_going_back_sends_nothing_and_says_so() -> None:
    assert presenter().closing_words() == "Nothing was sent."
