"""A sentence in pieces: what is bold, which token colours it, what is a link. Free of Qt, never markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from otoco_desktop.ui.shell.tokens import Token


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style. ``link`` is what its activation reports; empty is no link.

    ``token`` ``None`` takes the colour of the widget that shows it.
    """

    text: str
    token: Token | None = None
    strong: bool = False
    link: str = ""


def plain(text: str, token: Token | None = None) -> Span:
    """A span of ordinary weight."""
    return Span(text, token)


def strong(text: str, token: Token | None = None) -> Span:
    """A span in semibold."""
    return Span(text, token, strong=True)


def link(text: str, name: str) -> Span:
    """An underlined span in the accent colour; ``name`` is what its activation reports."""
    return Span(text, Token.ACCENT, link=name)


def text_of(spans: Iterable[Span]) -> str:
    """The words alone, as assistive technology reads them."""
    return "".join(span.text for span in spans)
