"""Presets on disk: what was kept is there after the next start, and a file that is no use is set aside and told."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.app.presets import KeptPresets
from otoco_desktop.domain.draft import QuantityMode
from otoco_desktop.domain.order import Side
from otoco_desktop.domain.presets import Preset, Presets, Shelf
from otoco_desktop.presets_file import PresetsFile

RANGE = Preset("Range", size="250 USD", stop="2%", target_market=False, target="2.5R", target_limit="+4.9%")
KEPT = Presets().placing("BTC_USD", Shelf((RANGE,), "Range"))


def test_what_was_kept_is_there_after_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "home" / "presets.json"

    async def keep() -> None:
        presets = KeptPresets(PresetsFile(path))
        await presets.load()
        presets.change(Presets().placing("ETH_USD", Shelf((RANGE,))))
        presets.change(KEPT)
        await presets.close()
        assert (presets.current, presets.trouble) == (KEPT, "")

    async def begin() -> Presets:
        presets = KeptPresets(PresetsFile(path))
        await presets.load()
        return presets.current

    asyncio.run(keep())
    assert asyncio.run(begin()) == KEPT
    assert path.stat().st_mode & 0o777 == 0o600
    assert "price" not in path.read_text(encoding="utf-8")


DISTANCES = st.decimals("0.01", "99", places=2).map(lambda number: f"{number}%") | st.sampled_from(["-500", "2.5R", ""])
PRESETS = st.builds(
    Preset,
    name=st.text("abcdefgh XYZ", min_size=1, max_size=40).map(str.strip).filter(bool),
    side=st.sampled_from(Side),
    mode=st.just(QuantityMode.RISK),
    size=st.sampled_from(["", "1%", "0.5 %", "250 USD"]),
    stop_market=st.booleans(),
    stop=DISTANCES,
    stop_limit=DISTANCES,
    target_market=st.booleans(),
    target=DISTANCES,
    target_limit=DISTANCES,
)


@given(st.lists(PRESETS, max_size=5, unique_by=lambda preset: preset.name.casefold()), st.booleans())
def test_every_shelf_comes_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, made: list[Preset], begin: bool
) -> None:
    shelf = Shelf(tuple(made), made[0].name if made and begin else "")
    kept = Presets().placing("BTC_USD", shelf)
    file = PresetsFile(tmp_path_factory.getbasetemp() / "every-shelf.json")
    file.save(kept)
    assert (file.load(), file.notice) == (kept, "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "were damaged"),
        ("[]", "were damaged"),
        ("{}", "were damaged"),
        ('{"version": 1}', "were damaged"),
        (
            '{"version": 1, "presets": {"shelves": {"BTC_USD": {"presets": [{"name": "", "stop": "2%"}]}}}}',
            "were damaged",
        ),
        (
            '{"version": 1, "presets": {"shelves": {"X": {"presets": [{"name": "a", "stop": "90552"}]}}}}',
            "were damaged",
        ),
        ('{"version": 2, "presets": 5}', "are of another version of this program"),
        (" " * 1_000_001, "are too many to be read"),
    ],
)
def test_a_file_that_is_no_use_is_set_aside_and_told(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "presets.json"
    path.write_text(text, encoding="utf-8")
    file = PresetsFile(path)
    assert file.load() == Presets()
    assert file.notice == f"Your presets {reason} and are kept as presets.damaged-1.json. The list starts empty."
    assert (tmp_path / "presets.damaged-1.json").read_text(encoding="utf-8") == text
    file.save(KEPT)
    assert json.loads(path.read_text(encoding="utf-8"))["version"] == 1


def test_a_file_that_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "presets.json"
    blocked.mkdir()

    async def change() -> tuple[str, str, Presets]:
        presets = KeptPresets(PresetsFile(blocked))
        await presets.load()
        unread = presets.trouble
        presets.change(KEPT)
        await presets.close()
        return unread, presets.trouble, presets.current

    unread, unwritten, current = asyncio.run(change())
    assert unread == "Your presets cannot be read (Is a directory)."
    assert unwritten.startswith("Your presets last until the program closes; they cannot be written (")
    assert current == KEPT
