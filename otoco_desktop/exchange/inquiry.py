"""One round of questions about a strategy: what each source of the exchange knows of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from otoco_desktop.domain.events import LegReport
from otoco_desktop.domain.evidence import Evidence, EvidenceQuery, EvidenceSource, SourceAnswer
from otoco_desktop.exchange.clock import Clock
from otoco_desktop.exchange.errors import (
    DecodeError,
    ExchangeError,
    RateLimitError,
    RefusedQueryError,
    TransportError,
)
from otoco_desktop.exchange.replies import Reply, result_rows
from otoco_desktop.exchange.requests import Method
from otoco_desktop.exchange.rest import RestClient
from otoco_desktop.exchange.rows import OrderRow, order_row
from otoco_desktop.exchange.scalars import rows

PAGE = 100
MAX_PAGES = 30
NS_PER_MS = 1_000_000
_NO_SUCH_ORDER = frozenset({212, 316, 40401})


def words_for(error: ExchangeError) -> str:
    """Why a question brought no usable answer, in words for people."""
    if isinstance(error, TransportError | RefusedQueryError):
        return error.words
    if isinstance(error, RateLimitError):
        return "too many requests are waiting"
    return "the answer could not be read"


@dataclass(slots=True)
class Page:
    """The rows of one answer; ``unreadable`` counts those that could not be read."""

    found: list[OrderRow] = field(default_factory=list)
    unreadable: int = 0


def page_of(reply: Reply) -> Page:
    """The order rows of a reply. Raises DecodeError when there is no list of rows at all."""
    page = Page()
    for raw in rows(result_rows(reply)):
        try:
            page.found.append(order_row(raw))
        except DecodeError:
            page.unreadable += 1
    return page


class Inquiry:
    """Asks all sources about one strategy. A source that fails says so; it never counts as *not found*."""

    def __init__(self, rest: RestClient, clock: Clock, query: EvidenceQuery) -> None:
        self._rest = rest
        self._clock = clock
        self._query = query
        self._list_ids = {query.list_id} if query.list_id else set()
        self._reports: dict[LegReport, None] = {}

    async def ask(self) -> Evidence:
        """One round, source by source."""
        answers = [
            await self._source(EvidenceSource.DETAIL, self._details),
            await self._source(EvidenceSource.OPEN_ORDERS, self._open_orders),
            await self._source(EvidenceSource.HISTORY, self._history),
        ]
        if self._list_ids:
            answers.append(await self._source(EvidenceSource.LIST_DETAIL, self._list_detail))
        return Evidence(self._rest.server_time.now_ms(), tuple(answers), tuple(self._reports))

    async def _source(self, source: EvidenceSource, ask: Callable[[], Awaitable[Page]]) -> SourceAnswer:
        asked_ms = self._clock.wall_ms()
        try:
            page = await ask()
        except ExchangeError as error:
            return SourceAnswer(source, asked_ms, answered=False, found=0, words=words_for(error))
        found = self._keep_ours(page.found)
        words = f"{found} found" if found else "not found"
        if page.unreadable:
            words += f", {page.unreadable} rows could not be read"
        return SourceAnswer(source, asked_ms, answered=not page.unreadable, found=found, words=words)

    def _keep_ours(self, found: Sequence[OrderRow]) -> int:
        """Keep the rows that carry one of our client ids, and every row of a list that does."""
        reports = [row.report for row in found]
        ours = {report.list_id for report in reports if report.client_oid in self._query.client_oids}
        self._list_ids |= ours - {""}
        kept = [r for r in reports if r.client_oid in self._query.client_oids or r.list_id in self._list_ids]
        self._reports.update(dict.fromkeys(kept))
        return len(kept)

    async def _details(self) -> Page:
        """Order detail by each client id; a clear *no such order* is an answer."""
        whole = Page()
        for client_oid in self._query.client_oids:
            try:
                reply = await self._rest.query(Method.ORDER_DETAIL, {"client_oid": client_oid})
            except RefusedQueryError as error:
                if error.code not in _NO_SUCH_ORDER:
                    raise
                continue
            page = page_of(reply)
            whole.found += page.found
            whole.unreadable += page.unreadable
        return whole

    async def _open_orders(self) -> Page:
        params = {"instrument_name": self._query.instrument}
        return page_of(await self._rest.query(Method.OPEN_ORDERS, params))

    async def _list_detail(self) -> Page:
        params = {"list_id_list": sorted(self._list_ids)}
        return page_of(await self._rest.query(Method.LIST_DETAIL, params))

    async def _history(self) -> Page:
        """All pages of the window, newest first (exchange docs, advanced/get-order-history).

        The end of a window is exclusive and rows may share a moment, so pages overlap by one nanosecond.
        """
        whole = Page()
        end_ns = self._query.until_ms * NS_PER_MS
        for _ in range(MAX_PAGES):
            page = page_of(await self._rest.query(Method.ORDER_HISTORY, self._window(end_ns)))
            whole.found += page.found
            whole.unreadable += page.unreadable
            if len(page.found) + page.unreadable < PAGE:
                return whole
            end_ns = _next_end(page, end_ns)
        raise DecodeError(f"the history did not end within {MAX_PAGES} pages")

    def _window(self, end_ns: int) -> dict[str, str]:
        return {
            "instrument_name": self._query.instrument,
            "start_time": str(self._query.since_ms * NS_PER_MS),
            "end_time": str(end_ns),
            "limit": str(PAGE),
        }


def _next_end(page: Page, end_ns: int) -> int:
    """Where the page before this one ends. Raises DecodeError where the rows do not tell."""
    created = [row.created_ns for row in page.found if row.created_ns is not None]
    if not created or min(created) + 1 >= end_ns:
        raise DecodeError("the pages of the history do not move back in time")
    return min(created) + 1
