"""The file of the trader's keys: kept whole, set aside when it is no use, and written behind the window."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from otoco_desktop.app.chosen_keys import ChosenKeys
from otoco_desktop.keys_file import KeysFile

CHOSEN = {"new-plan": "Ctrl+J", "export-csv": ""}


async def test_what_was_chosen_is_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys = ChosenKeys(KeysFile(path))
    await keys.load()
    assert (keys.current, keys.trouble) == ({}, "")
    heard: list[dict[str, str]] = []
    keys.listen(heard.append)
    keys.change(CHOSEN)
    assert heard == [CHOSEN], "in force before it is written"
    await keys.close()
    assert json.loads(path.read_bytes()) == {"version": 1, "keys": CHOSEN}
    again = ChosenKeys(KeysFile(path))
    await again.load()
    assert again.current == CHOSEN


@pytest.mark.parametrize("text", ['{"version": 1, "keys": {"new-plan": 5}}', "{", '{"version": 2, "keys": {}}', "[]"])
async def test_a_file_that_is_no_use_is_set_aside_and_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    keys = ChosenKeys(KeysFile(path))
    await keys.load()
    assert keys.current == {}
    assert "kept as keys.damaged-1.json" in keys.trouble
    assert "The program's own are used." in keys.trouble
    assert (tmp_path / "keys.damaged-1.json").read_text() == text


async def test_what_cannot_be_written_is_told_and_stays_in_force(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    keys = ChosenKeys(KeysFile(blocked / "keys.json"))
    await keys.load()
    keys.change(CHOSEN)
    await asyncio.wait_for(keys.close(), 20)
    assert keys.current == CHOSEN
    assert keys.trouble.startswith("Your keys last until the program closes; they cannot be written (")
