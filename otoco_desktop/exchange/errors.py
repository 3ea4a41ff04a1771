"""What can go wrong at the border with the exchange.

None of these carries a request, a header or a body: the signed body must never reach a log or a report.
"""

from __future__ import annotations


class ExchangeError(Exception):
    """Base of every error this adapter raises."""


class DecodeError(ExchangeError):
    """Bytes from the exchange that are not the message they should be."""


class TransportError(ExchangeError):
    """A request that brought no HTTP reply.

    ``left`` is False only where it is proven that no byte of the request left this program.
    """

    def __init__(self, words: str, *, left: bool) -> None:
        super().__init__(words)
        self.words = words
        self.left = left


class LockedError(TransportError):
    """The key is locked away, so the request could not be signed; nothing left."""

    def __init__(self) -> None:
        super().__init__("the key is locked", left=False)


class RefusedQueryError(ExchangeError):
    """The exchange answered a query with an error code; ``words`` is for people."""

    def __init__(self, code: int | None, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


class RateLimitError(ExchangeError):
    """Our own rate limit leaves no room for the request now."""
