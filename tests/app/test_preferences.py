"""Preferences: applied at once, written behind, and a file that cannot be used is set aside and told."""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.app.preferences import ChosenPreferences
from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.preferences import Preferences, plan_settings, starting_draft
from otoco_desktop.domain.transport import Transport
from otoco_desktop.domain.verdict import PlanSettings
from otoco_desktop.preferences_file import PreferencesFile

CHOSEN = Preferences(
    transport=Transport.REST,
    fee_in_quote=False,
    trade_limit=Decimal("2500.50"),
    risk_limit=Decimal("0.005"),
    open_risk_limit=Decimal(400),
    hard_cap=Decimal("10000"),
    auto_lock_minutes=0,
    post_only=True,
    risk_unit=Decimal("125.50"),
    stop_market=False,
    target_market=False,
    stop_start="1.5%",
    target_start="2.5R",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "live" / "preferences.json"


def test_without_a_file_the_program_s_own_hold(path: Path) -> None:
    file = PreferencesFile(path)
    assert (file.load(), file.notice) == (Preferences(), "")


def test_what_was_saved_is_read_back_exactly(path: Path) -> None:
    PreferencesFile(path).save(CHOSEN)
    assert PreferencesFile(path).load() == CHOSEN
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]


amounts = st.none() | st.decimals("0.01", "1000000", places=2)


@given(limit=amounts, risk=amounts, minutes=st.integers(0, 1440), transport=st.sampled_from(Transport))
def test_every_choice_survives(
    tmp_path_factory: pytest.TempPathFactory,
    limit: Decimal | None,
    risk: Decimal | None,
    minutes: int,
    transport: Transport,
) -> None:
    chosen = Preferences(transport, trade_limit=limit, open_risk_limit=risk, auto_lock_minutes=minutes)
    file = PreferencesFile(tmp_path_factory.mktemp("any") / "preferences.json")
    file.save(chosen)
    assert file.load() == chosen


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "were damaged"),
        (b"{", "were damaged"),
        (b"\xff\xfe{}", "were damaged"),
        (b'{"version": 1, "preferences": {"trade_limit": "-5"}}', "were damaged"),
        (b'{"version": 1, "preferences": {"hard_cap": "NaN"}}', "were damaged"),
        (b'{"version": 1, "preferences": {"transport": "pigeon"}}', "were damaged"),
        (b'{"version": 1, "preferences": {"auto_lock_minutes": true}}', "were damaged"),
        (b'{"version": 1, "preferences": {"stop_start": "90552.00"}}', "were damaged"),
        (b'{"version": 1, "preferences": {"risk_unit": "0"}}', "were damaged"),
        (b'{"version": 2, "preferences": {"limits": []}}', "are of another version of this program"),
    ],
)
def test_a_file_that_cannot_be_used_is_set_aside(path: Path, content: bytes, reason: str) -> None:
    for number in (1, 2):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        file = PreferencesFile(path)
        assert file.load() == Preferences()
        aside = path.with_name(f"preferences.damaged-{number}.json")
        assert file.notice == (
            f"The settings {reason} and are kept as {aside.name}. "
            "The program's own are used: check your limits before you trade."
        )
        assert aside.read_bytes() == content
        assert not path.exists()


def test_a_file_of_an_earlier_time_lacks_what_came_later(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'{"version": 1, "preferences": {"hard_cap": "900", "colour_of_the_past": "red"}}')
    assert PreferencesFile(path).load() == Preferences(hard_cap=Decimal(900))


def test_a_file_that_cannot_be_read_is_told(path: Path) -> None:
    path.mkdir(parents=True)
    file = PreferencesFile(path)
    assert file.load() == Preferences()
    assert file.notice.startswith("The settings cannot be read (")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"trade_limit": Decimal(0)}, "The limit per trade must be above 0. Leave it empty for no limit."),
        ({"open_risk_limit": Decimal(-1)}, "The limit for open risk must be above 0. Leave it empty for no limit."),
        ({"hard_cap": Decimal("Infinity")}, "The hard cap must be above 0. Leave it empty for no limit."),
        ({"risk_limit": Decimal(0)}, "The risk limit must be above 0% and at most 100%."),
        ({"risk_limit": Decimal("1.01")}, "The risk limit must be above 0% and at most 100%."),
        ({"risk_unit": Decimal(0)}, "The unit of R must be above 0. Leave it empty for none."),
        ({"stop_start": "0%"}, "0% would put the stop on the entry. Enter more than 0."),
        ({"stop_start": "100%"}, "100% is the whole entry price or more. Enter less than 100%."),
        (
            {"target_start": "-5%"},
            "A new plan's target starts with a percentage or R such as 5% or 2.5R, counted from the entry.",
        ),
        ({"auto_lock_minutes": -1}, "Auto-lock takes 0 (never) to 1440 minutes."),
        (
            {"trade_limit": Decimal(200), "hard_cap": Decimal(100)},
            "The limit per trade 200 is above the hard cap 100. Lower it.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(wrong: dict[str, Decimal], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        Preferences(**wrong)  # type: ignore[arg-type]


def test_the_rules_judge_by_what_was_chosen() -> None:
    settings = plan_settings(CHOSEN, PlanSettings(stale_ms=5))
    assert (settings.risk_limit, settings.fee_in_quote, settings.stale_ms) == (CHOSEN.risk_limit, False, 5)
    assert (settings.trade_limit, settings.open_risk_limit, settings.hard_cap) == (
        CHOSEN.trade_limit,
        CHOSEN.open_risk_limit,
        CHOSEN.hard_cap,
    )


def test_a_new_plan_starts_as_was_chosen_with_texts_and_never_prices() -> None:
    assert plan_settings(CHOSEN, PlanSettings()).risk_unit == Decimal("125.50")
    expected = OtocoDraft(stop_market=False, target_market=False, stop="1.5%", target="2.5R")
    assert starting_draft(CHOSEN, post_only_usable=False) == expected
    assert starting_draft(CHOSEN, post_only_usable=True) == replace(expected, post_only=True)
    assert starting_draft(Preferences(), post_only_usable=True) == OtocoDraft()


async def test_a_change_holds_at_once_and_is_written_behind(path: Path) -> None:
    chosen = ChosenPreferences(PreferencesFile(path))
    told: list[Preferences] = []
    chosen.listen(told.append)
    await chosen.load()
    chosen.change(CHOSEN)
    assert (chosen.current, told[-1]) == (CHOSEN, CHOSEN)
    chosen.change(CHOSEN)
    last = Preferences(hard_cap=Decimal(7))
    chosen.change(last)
    await chosen.close()
    assert (told, chosen.trouble) == ([Preferences(), CHOSEN, last], "")
    assert PreferencesFile(path).load() == last


async def test_what_cannot_be_written_is_told_and_still_holds(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")

    chosen = ChosenPreferences(PreferencesFile(blocked / "preferences.json"))
    told: list[str] = []
    chosen.listen(lambda _chosen: told.append(chosen.trouble))
    chosen.change(CHOSEN)
    await chosen.close()
    assert chosen.current == CHOSEN
    assert told[-1].startswith("The settings apply until the program closes; they cannot be written (")
    blocked.unlink()
    chosen.change(Preferences())
    await chosen.close()
    assert told[-1] == ""


def test_a_start_that_is_not_understood_is_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match="not understood"):
        Preferences(stop_start="2 percent")
