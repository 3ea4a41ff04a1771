"""The connection test: one step after the other, each told as it goes; no order is ever sent by it."""

from __future__ import annotations

from collections.abc import Callable

from otoco_desktop.domain.probing import ProbeReport

ProbeListener = Callable[[ProbeReport], None]
"""Told the whole report after every change, on the loop's own thread."""
