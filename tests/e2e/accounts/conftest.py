"""Keyrings for the stories: GNOME's real one on a private desktop, which this process sees as its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.vault.desktop import PrivateDesktop, desktop

NEEDED = ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")


def live_on(place: PrivateDesktop, patch: pytest.MonkeyPatch) -> None:
    for name in NEEDED:
        patch.setenv(name, place.environment[name])


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateDesktop]:
    """A desktop with GNOME's keyring, unlocked."""
    if not sys.platform.startswith("linux"):
        pytest.skip("the Secret Service is Linux's")
    with desktop(tmp_path_factory.mktemp("desk")) as private:
        live_on(private, monkeypatch)
        yield private


@pytest.fixture
def bare_place(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateDesktop]:
    """A desktop without any keyring."""
    if not sys.platform.startswith("linux"):
        pytest.skip("the Secret Service is Linux's")
    with desktop(tmp_path_factory.mktemp("desk"), keyring=False) as private:
        live_on(private, monkeypatch)
        yield private
