"""A round of questions: what counts as found, as not found, and as no answer at all."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from otoco_desktop.domain.evidence import Evidence, EvidenceQuery, EvidenceSource
from otoco_desktop.exchange.errors import DecodeError, RateLimitError
from otoco_desktop.exchange.inquiry import PAGE, Inquiry, words_for
from otoco_desktop.exchange.rest import RestClient
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.exchange.tls import bare_context
from otoco_desktop.exchange.transport import build_client
from tests.exchange.manual_clock import ManualClock
from tests.exchange.samples import KEY, SECRET
from tests.faults.evidence import Evidence as Notes

OIDS = ("od1-x-e", "od1-x-s", "od1-x-t")
SINCE, UNTIL = 1_700_000_000_000, 1_700_000_180_000


def leg(oid: str, list_id: str = "77", **extra: Any) -> dict[str, Any]:
    return {"client_oid": oid, "list_id": list_id, "order_id": oid, "status": "ACTIVE", **extra}


class Venue:
    """An exchange that answers each method with what the test put there: rows, a code, or an error."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        sent = json.loads(request.content)
        method = sent["method"].rsplit("/", 1)[1]
        self.asked.append((method, sent["params"]))
        answer = self.answers.get(method, 40401 if method == "get-order-detail" else [])
        if callable(answer):
            answer = answer(sent["params"])
        if isinstance(answer, Exception):
            raise answer
        reply: dict[str, Any] = {"id": sent["id"], "method": sent["method"], "code": 0}
        if isinstance(answer, int):
            reply["code"] = answer
        else:
            reply["result"] = answer if isinstance(answer, dict) else {"data": answer}
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps(reply).encode()))

    def methods(self) -> list[str]:
        return [method for method, _ in self.asked]


class TestClock(ManualClock):
    """Each look at the clock is a second later, so that no rate limit has to be waited for."""

    __test__ = False

    def monotonic_ms(self) -> int:
        self.pass_ms(1_000)
        return super().monotonic_ms()


async def ask(venue: Venue, list_id: str | None = None) -> Evidence:
    clock = TestClock()
    rest = RestClient("http://127.0.0.1:1/", Signer(KEY, SECRET), clock)
    rest.open(build_client(bare_context(), httpx.MockTransport(venue)))
    query = EvidenceQuery("x", "BTC_USD", OIDS, SINCE, UNTIL, list_id)
    try:
        return await Inquiry(rest, clock, query).ask()
    finally:
        await rest.close()


@pytest.fixture
def venue() -> Venue:
    return Venue()


async def test_nothing_anywhere_is_a_complete_round(venue: Venue) -> None:
    evidence = await ask(venue)
    assert evidence.complete
    assert evidence.reports == ()
    assert [answer.source for answer in evidence.answers] == [
        EvidenceSource.DETAIL,
        EvidenceSource.OPEN_ORDERS,
        EvidenceSource.HISTORY,
    ]
    assert {answer.words for answer in evidence.answers} == {"not found"}
    assert [p["client_oid"] for method, p in venue.asked if method == "get-order-detail"] == list(OIDS)


async def test_a_leg_found_by_its_client_id_leads_to_its_list(venue: Venue) -> None:
    venue.answers["get-order-detail"] = lambda p: leg(OIDS[0]) if p["client_oid"] == OIDS[0] else 40401
    venue.answers["get-order-list-detail"] = [leg(OIDS[0]), leg("renamed"), leg(OIDS[2])]
    evidence = await ask(venue)
    assert evidence.complete
    assert venue.asked[-1] == ("get-order-list-detail", {"list_id_list": ["77"]})
    assert {report.client_oid for report in evidence.reports} == {OIDS[0], "renamed", OIDS[2]}
    assert evidence.answers[0].words == "1 found"


async def test_a_known_list_is_asked_for(venue: Venue) -> None:
    await ask(venue, list_id="4611686018427705309")
    assert venue.asked[-1] == ("get-order-list-detail", {"list_id_list": ["4611686018427705309"]})


async def test_orders_of_others_are_left_out(venue: Venue) -> None:
    venue.answers["get-open-orders"] = [leg("somebody-else", "5"), leg(OIDS[1])]
    evidence = await ask(venue)
    assert [report.client_oid for report in evidence.reports] == [OIDS[1]]
    assert venue.asked[3] == ("get-open-orders", {"instrument_name": "BTC_USD"})


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (40101, "the key or its signature was not accepted (code 40101)"),
        (42901, "too many requests in a short time (code 42901)"),
        (50001, "the exchange had an internal error (code 50001)"),
        (httpx.ConnectError("x"), "no connection to the exchange"),
        (httpx.ReadTimeout("x"), "no answer in time"),
        ({"data": "nonsense"}, "the answer could not be read"),
    ],
)
@pytest.mark.parametrize("method", ["get-order-detail", "get-open-orders", "get-order-history"])
async def test_a_source_that_fails_never_counts_as_not_found(
    venue: Venue, method: str, answer: Any, words: str
) -> None:
    venue.answers[method] = answer
    evidence = await ask(venue)
    assert not evidence.complete
    (failed,) = [answer for answer in evidence.answers if not answer.answered]
    assert (failed.words, failed.found) == (words, 0)


async def test_a_row_that_cannot_be_read_leaves_the_round_incomplete_but_hides_nothing(venue: Venue) -> None:
    venue.answers["get-open-orders"] = [{"client_oid": OIDS[0]}, leg(OIDS[1])]
    evidence = await ask(venue)
    assert not evidence.complete
    assert [report.client_oid for report in evidence.reports] == [OIDS[1]]
    assert evidence.answers[1].words == "1 found, 1 rows could not be read"


class Past:
    """A history of rows, newest first, each created at its own nanosecond or several at the same."""

    def __init__(self, created: list[int]) -> None:
        self.created = sorted(created, reverse=True)

    def __call__(self, params: dict[str, str]) -> list[dict[str, Any]]:
        start, end = int(params["start_time"]), int(params["end_time"])
        inside = [ns for ns in self.created if start <= ns < end]
        return [leg(f"other-{ns}", "1", create_time_ns=str(ns)) for ns in inside[: int(params["limit"])]]


@pytest.mark.fault(23)
async def test_the_history_is_read_to_its_last_page(venue: Venue, evidence: Notes) -> None:
    base = SINCE * 1_000_000
    past = Past([base + 1_000 * n for n in range(250)])
    ours = leg(OIDS[0], create_time_ns=str(base + 7))

    def answer(params: dict[str, str]) -> list[dict[str, Any]]:
        rows = past(params)
        return rows if len(rows) == PAGE else [*rows, ours]

    venue.answers["get-order-history"] = answer
    found = await ask(venue)
    assert found.complete
    assert [report.client_oid for report in found.reports] == [OIDS[0]]
    pages = [params for method, params in venue.asked if method == "get-order-history"]
    assert len(pages) == 3
    assert pages[0]["start_time"] == str(base)
    assert pages[0]["end_time"] == str(UNTIL * 1_000_000)
    assert int(pages[1]["end_time"]) == base + 150_000 + 1
    evidence.note(
        23,
        injected="250 orders of others, ours on the third page",
        shown=f"found {found.reports[0].client_oid} after {len(pages)} pages",
        ledger="one order of ours",
    )


async def test_a_history_that_does_not_move_is_no_answer(venue: Venue) -> None:
    venue.answers["get-order-history"] = Past([SINCE * 1_000_000] * 150)
    evidence = await ask(venue)
    assert not evidence.complete
    undated = [leg(f"o{n}") for n in range(PAGE)]
    venue.answers["get-order-history"] = undated
    assert not (await ask(venue)).complete


async def test_a_history_without_an_end_is_no_answer(venue: Venue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otoco_desktop.exchange.inquiry.MAX_PAGES", 2)
    venue.answers["get-order-history"] = Past([SINCE * 1_000_000 + n for n in range(300)])
    assert not (await ask(venue)).complete


def test_words_for_people() -> None:
    assert words_for(RateLimitError("x")) == "too many requests are waiting"
    assert words_for(DecodeError("x")) == "the answer could not be read"
