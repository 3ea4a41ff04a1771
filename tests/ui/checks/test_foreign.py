"""Text from outside is one short line of plain characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.ui.foreign import MAX_CHARACTERS, foreign


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("INSUFFICIENT_BALANCE", "INSUFFICIENT_BALANCE"),
        ("<b>not bold</b>", "<b>not bold</b>"),
        ("two\nlines\tand\r\nmore", "two lines and more"),
        ("abc\u202edef\u200b", "abc def"),
        ("\x00\x1b[31mred", "[31mred"),
        ("x" * MAX_CHARACTERS, "x" * MAX_CHARACTERS),
        ("x" * (MAX_CHARACTERS + 1), "x" * (MAX_CHARACTERS - 1) + "…"),
        ("", ""),
    ],
)
def test_what_is_shown_of_it(given: str, shown: str) -> None:
    assert foreign(given) == shown


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs", "Cc", "Cf"]), max_size=320))
def test_every_text_becomes_one_line_of_what_can_be_seen(given_text: str) -> None:
    line = " ".join("".join(mark if mark.isprintable() else " " for mark in given_text).split())
    cut = line if len(line) <= MAX_CHARACTERS else line[: MAX_CHARACTERS - 1] + "…"
    assert foreign(given_text) == cut
