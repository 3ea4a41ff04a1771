"""Every text of every main page fits where it stands, dark and light, in both sizes, from 100 to 200 percent."""

from __future__ import annotations

import pytest

from tests.ui.fitting import unfitting

LONG = ("1", "1.5", "1.75")


@pytest.mark.parametrize("scale", ["1.25", "2", *(pytest.param(scale, marks=pytest.mark.long) for scale in LONG)])
def test_nothing_is_cut(scale: str) -> None:
    assert unfitting(scale) == []
