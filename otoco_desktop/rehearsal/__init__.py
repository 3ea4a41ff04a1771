"""A whole bracket on a private practice exchange, played with keys and mouse on the window that ships."""

from __future__ import annotations

from otoco_desktop.rehearsal.play import play

__all__ = ["play"]
