"""Pasted keys: what clings is named and removed, what is inside is refused, and no words repeat the key."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otoco_desktop.domain.key_text import clean

KEYS = st.text(string.ascii_letters + string.digits + "_-+/=.", min_size=1, max_size=60)
NOISE = st.text(" \t\r\n\u00a0\u2028\ufeff\u200b\u200d\u2060\"'`“”„’«", max_size=6)


@pytest.mark.parametrize(
    ("pasted", "removed"),
    [
        ("key", ()),
        ("key\n", ("line breaks",)),
        ("\r\nkey\u2028", ("line breaks",)),
        ("  key\t", ("spaces",)),
        ("\u00a0key", ("spaces",)),
        ("\ufeffkey", ("a byte-order mark",)),
        ('"key"', ("quotation marks",)),
        ("“key”", ("quotation marks",)),
        ("k\u200bey", ("invisible characters",)),
        ("\u202akey\u202c", ("invisible characters",)),
        ("\ufeff 'key' \n", ("a byte-order mark", "line breaks", "quotation marks", "spaces")),
    ],
)
def test_what_clings_is_removed_and_named(pasted: str, removed: tuple[str, ...]) -> None:
    cleaned = clean(pasted)
    assert (cleaned.text, cleaned.removed, cleaned.refused) == ("key", removed, "")


def test_what_was_removed_is_a_sentence() -> None:
    assert clean("key").sentence == ""
    assert clean(' "key"').sentence == "Removed from what you pasted: quotation marks, spaces."


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("ke y", "There is a space inside, at character 3."),
        ("key\nsecret", "There is a line break inside, at character 4."),
        ('ke"y', "Character 3 is not one that keys are made of."),
        ("kеy", "Character 2 is not one that keys are made of."),  # a Cyrillic letter
        ("k\x00ey", "Character 2 is not one that keys are made of."),
        ("\u200bkéy", "Character 2 is not one that keys are made of."),
    ],
)
def test_what_is_inside_is_refused(pasted: str, words: str) -> None:
    assert clean(pasted).refused.startswith(words)


@pytest.mark.parametrize("pasted", ["", " \n", '""', "\ufeff"])
def test_nothing_is_nothing(pasted: str) -> None:
    assert (clean(pasted).text, clean(pasted).refused) == ("", "")


@given(KEYS, NOISE, NOISE)
def test_the_key_comes_out_of_any_noise_around_it(key: str, before: str, after: str) -> None:
    cleaned = clean(before + key + after)
    assert (cleaned.text, cleaned.refused) == (key, "")
    assert bool(cleaned.removed) == bool(before + after)


@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing_more(pasted: str) -> None:
    once = clean(pasted)
    again = clean(once.text)
    assert (again.text, again.removed, again.refused) == (once.text, (), once.refused)


@given(KEYS.map(lambda key: f"Zq9{key}"), NOISE)
def test_no_words_repeat_the_key(key: str, noise: str) -> None:
    cleaned = clean(f"{noise}{key} {key}")
    assert cleaned.refused
    assert key not in cleaned.refused + cleaned.sentence
