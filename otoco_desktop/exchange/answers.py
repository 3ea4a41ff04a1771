"""What whole answers say in the domain's words, and in a sentence where there is none."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal

from otoco_desktop.domain.errors import ExchangeTrouble
from otoco_desktop.domain.instrument import Instrument
from otoco_desktop.exchange.errors import DecodeError, ExchangeError, LockedError, RefusedQueryError, TransportError
from otoco_desktop.exchange.inquiry import words_for
from otoco_desktop.exchange.replies import Reply, result_rows
from otoco_desktop.exchange.rows import instrument_row, ticker_row
from otoco_desktop.exchange.scalars import rows

logger = logging.getLogger(__name__)


def readable_instruments(reply: Reply) -> Iterator[Instrument]:
    """Those whose row can be read; the others are left out and counted in the log."""
    unreadable = 0
    for row in rows(result_rows(reply)):
        try:
            yield instrument_row(row)
        except DecodeError:
            unreadable += 1
    if unreadable:
        logger.warning("%d instruments could not be read", unreadable)


def readable_changes(reply: Reply) -> Iterator[tuple[str, Decimal]]:
    """Those that are told; a row that cannot be read is one that is not."""
    for row in rows(result_rows(reply)):
        with suppress(DecodeError):
            ticker = ticker_row(row)
            if ticker.change is not None:
                yield ticker.instrument, ticker.change


def as_trouble(error: ExchangeError) -> ExchangeTrouble:
    """The error in a sentence for people."""
    if isinstance(error, LockedError):
        return ExchangeTrouble("The key is locked. Unlock to ask about your account.")
    if isinstance(error, TransportError):
        return ExchangeTrouble(f"The exchange cannot be reached: {error.words}.")
    if isinstance(error, RefusedQueryError):
        return ExchangeTrouble(f"The exchange refused to answer: {error.words}.")
    return ExchangeTrouble(f"No usable answer from the exchange: {words_for(error)}.")
