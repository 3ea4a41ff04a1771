"""The connection test against the practice exchange, and each of its failures produced on demand."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from otoco_desktop.app import probe_words
from otoco_desktop.app.clock import SystemClock
from otoco_desktop.app.probe import ConnectionTest
from otoco_desktop.app.probe_report import report_text
from otoco_desktop.app.probe_words import ELSEWHERE, LISTENING, POLLED
from otoco_desktop.domain.credentials import Credentials
from otoco_desktop.domain.probing import (
    ProbeKind,
    ProbeReason,
    ProbeReport,
    ProbeState,
    ProbeStep,
    ProbeTrouble,
    VenueKnowledge,
)
from otoco_desktop.exchange.clock import ServerTime, Stamps
from otoco_desktop.exchange.endpoints import Endpoints, on_this_computer
from otoco_desktop.exchange.probe import ExchangeProber, Waits
from otoco_desktop.exchange.session import Timing
from otoco_desktop.exchange.signing import Signer
from otoco_desktop.knowledge_file import KnowledgeFiles
from otoco_desktop.practice.faults import Fault, RawReply
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.practice.venue import PracticeConfig
from otoco_desktop.settings import Environment
from tests.exchange.http_server import server
from tests.exchange.test_tls import certificate, https, servers_may_be_hung_up_on  # noqa: F401 - two are fixtures
from tests.waiting import until

WAITS = Waits(stream_s=5.0, timing=Timing(pause_ms=0, answer_ms=500))
REACH, SIGNATURE, CLOCK, STREAM = ProbeKind.REACH, ProbeKind.SIGNATURE, ProbeKind.CLOCK, ProbeKind.USER_STREAM
CHANNEL, MARK, BALANCE, PERMISSIONS = (
    ProbeKind.ORDER_CHANNEL,
    ProbeKind.MARK_PRICE,
    ProbeKind.BALANCE,
    ProbeKind.PERMISSIONS,
)
PASS, WARN, FAIL, SKIPPED = ProbeState.PASS, ProbeState.WARN, ProbeState.FAIL, ProbeState.SKIPPED
FEE_RATE = "private/get-fee-rate"


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeServer]:
    folder = tmp_path_factory.mktemp("probe")
    running = PracticeServer(PracticeConfig(data_dir=folder, seed=7, market_interval_s=0.02))
    running.start().result(20)
    running.controls.set_price("BTC_USD", "93120")
    yield running
    running.stop()


@pytest.fixture
def practice(exchange: PracticeServer) -> Iterator[PracticeServer]:
    yield exchange
    exchange.controls.clear()


@dataclass
class Bench:
    """A connection test and where it keeps what it learns."""

    folder: Path
    endpoints: Endpoints
    api_key: str
    secret: str
    environment: Environment = Environment.LOCAL

    @property
    def knowledge(self) -> KnowledgeFiles:
        return KnowledgeFiles(lambda name: self.folder / name)

    async def run(self, told: list[ProbeReport] | None = None) -> ProbeReport:
        test = ConnectionTest(self._prober, SystemClock(), self.knowledge)
        heard: list[ProbeReport] = [] if told is None else told
        report = await test.run(self.environment, Credentials(self.api_key, self.secret), heard.append)
        assert heard[-1] == report
        assert report.is_done
        return report

    def _prober(self, _environment: Environment, credentials: Credentials) -> ExchangeProber:
        return ExchangeProber(self.endpoints, credentials.lend(Signer), SystemClock(), WAITS)


@pytest.fixture
def bench(practice: PracticeServer, tmp_path: Path) -> Bench:
    places = practice.start().result(20)
    key = json.loads(places.key_file.read_text("utf-8"))
    endpoints = on_this_computer(places.rest_url, places.user_url, places.market_url)
    return Bench(tmp_path, endpoints, key["api_key"], key["secret"])


def step(report: ProbeReport, kind: ProbeKind) -> ProbeStep:
    return next(each for each in report.steps if each.kind is kind)


def states(report: ProbeReport) -> list[ProbeState]:
    return [each.state for each in report.steps]


async def test_a_key_that_works(bench: Bench) -> None:
    told: list[ProbeReport] = []
    report = await bench.run(told)
    assert states(report) == [PASS] * 7 + [WARN]
    assert (report.passed, report.headline) == (True, "Connected, with 1 warning")
    assert step(report, REACH).detail == f"{bench.endpoints.rest.split('/')[2]} answered."
    assert step(report, SIGNATURE).detail == "Key and secret belong together."
    assert step(report, CLOCK).detail.endswith(" ms, limit 5,000 ms.")
    assert step(report, CHANNEL).title == "Order channel confirmed."
    words = r"[\d,]+\.\d\d USD available\. Fees 0\.\d\d% maker, 0\.\d\d% taker\."
    assert re.fullmatch(words, step(report, BALANCE).detail)
    assert step(report, PERMISSIONS).title == "Permissions were not reported."
    took = {each.kind for each in report.steps if each.took_ms is not None}
    assert took == {REACH, SIGNATURE, STREAM, CHANNEL, MARK, BALANCE}
    running = [each.kind for shown in told for each in shown.steps if each.state is ProbeState.RUNNING]
    assert list(dict.fromkeys(running)) == [REACH, SIGNATURE, STREAM, CHANNEL, MARK, BALANCE]
    assert told[0].headline == "Testing…"


async def test_no_order_is_ever_sent(bench: Bench, practice: PracticeServer) -> None:
    before = practice.controls.ledger()
    await bench.run()
    after = practice.controls.ledger()
    assert (after.creates, after.lists, after.fills) == (before.creates, before.lists, before.fills)


async def test_its_requests_are_never_taken_for_those_of_a_trading_connection(bench: Bench) -> None:
    """Both with one key, in the same millisecond: a repeated id and nonce would be refused as a duplicate."""
    signer = Signer(bench.api_key, bench.secret)
    trading = Stamps(ServerTime(SystemClock()))
    prober = ExchangeProber(bench.endpoints, signer, SystemClock(), WAITS)
    tested, traded = ({stamps.next().request_id for _ in range(1_000)} for stamps in (prober._stamps, trading))
    assert len(tested) == 1_000
    assert not tested & traded


async def test_what_it_learned_is_kept_and_told_without_a_secret(bench: Bench) -> None:
    report = await bench.run()
    known = bench.knowledge.load("local")
    assert known is not None
    assert known == report.knowledge
    assert known.order_channel is not None
    assert (known.mark_published, known.has_streams, known.pair) == (True, True, "BTC_USD")
    assert set(known.id_types) == {"id", "code"}
    assert known.maker is not None
    text = report_text(report)
    assert bench.secret not in text
    assert bench.api_key not in text
    assert f"Key ending in {bench.api_key[-4:]}" in text
    assert f"Order channel: {known.order_channel}" in text
    assert "[pass] Signature accepted. Key and secret belong together. (" in text
    assert "no order sent" in text
    kept = (bench.folder / "local" / "exchange.json").read_text("utf-8")
    assert bench.secret not in kept
    assert bench.api_key not in kept


def test_what_is_known_of_another_environment_is_not_taken(tmp_path: Path) -> None:
    files = KnowledgeFiles(lambda _name: tmp_path)
    assert files.load("live") is None
    files.save(VenueKnowledge("sandbox", 5, maker=Decimal("0.0025")))
    assert files.load("live") is None
    found = files.load("sandbox")
    assert found is not None
    assert found.maker == Decimal("0.0025")
    (tmp_path / "exchange.json").write_bytes(b"{")
    assert files.load("sandbox") is None


@pytest.mark.parametrize(
    ("environment", "remedy"),
    [
        (Environment.LIVE, "A SANDBOX key does not work on LIVE."),
        (Environment.SANDBOX, "A LIVE key does not work on SANDBOX: the exchange gives sandbox keys on request."),
        (Environment.LOCAL, "A key of the exchange does not work here: the server on this computer has its own."),
    ],
)
@pytest.mark.parametrize("wrong", ["secret", "api_key"])
async def test_a_wrong_key_or_secret(bench: Bench, wrong: str, environment: Environment, remedy: str) -> None:
    setattr(bench, wrong, "wrong-" + getattr(bench, wrong))
    bench.environment = environment
    report = await bench.run()
    assert states(report) == [PASS, FAIL, PASS, SKIPPED, SKIPPED, SKIPPED, SKIPPED, SKIPPED]
    found = step(report, SIGNATURE)
    assert (found.title, found.detail) == (
        "Signature not accepted.",
        "The key is not known here, or the secret is not its own.",
    )
    assert found.remedy == f"Copy both again, each as one piece. {remedy}"
    assert (report.headline, report.knowledge, report.passed) == ("Not connected", None, False)
    assert bench.knowledge.load(environment.value) is None
    assert "wrong-" not in report_text(report)


@pytest.mark.parametrize(
    ("code", "detail", "remedy"),
    [
        (
            40103,
            "This computer's public internet address is not on the key's list.",
            "Add the address to the key on the exchange website, or test from the network that is on the list.",
        ),
        (
            40102,
            "This computer's clock differs from the exchange's by more than 60 s.",
            "Set this computer's clock, then test again.",
        ),
        (9010001, "The exchange is under maintenance.", "Wait for its end, then test again."),
        (42901, "Too many requests in a short time.", "Wait a minute, then test again."),
        (
            202,
            "The exchange refused: the account is suspended (code 202).",
            "Look at the account and the key on the exchange website.",
        ),
    ],
)
async def test_a_refused_signature(bench: Bench, practice: PracticeServer, code: int, detail: str, remedy: str) -> None:
    body = json.dumps({"id": 1, "method": FEE_RATE, "code": code}).encode()
    practice.controls.arm_raw(FEE_RATE, RawReply(body, status=401))
    found = step(await bench.run(), SIGNATURE)
    assert (found.state, found.detail, found.remedy) == (FAIL, detail, remedy)


async def test_fee_rates_that_are_switched_off_do_not_fail_the_key(bench: Bench, practice: PracticeServer) -> None:
    body = json.dumps({"id": 1, "method": FEE_RATE, "code": 140001}).encode()
    practice.controls.arm_raw(FEE_RATE, RawReply(body, status=400))
    report = await bench.run()
    assert report.passed
    assert step(report, BALANCE).detail.endswith("Fees were not told.")
    assert "Fees: not told" in report_text(report)


async def test_a_maintenance_page(bench: Bench, practice: PracticeServer) -> None:
    practice.controls.arm_raw("public/get-tickers", RawReply(b"<html>503</html>", 503, "text/html"))
    report = await bench.run()
    assert states(report) == [FAIL] + [SKIPPED] * 7
    found = step(report, REACH)
    assert (found.title, found.detail) == ("Not reached.", "The exchange is under maintenance.")
    assert found.remedy == "Wait for its end, then test again."


async def test_a_page_of_the_network(bench: Bench, practice: PracticeServer) -> None:
    practice.controls.arm_raw("public/get-tickers", RawReply(b"<html>sign in</html>", 200, "text/html"))
    found = step(await bench.run(), REACH)
    assert (found.detail, found.remedy) == ("What answered is not the exchange.", ELSEWHERE)


async def test_a_redirect_is_not_followed(bench: Bench) -> None:
    async with server(_point_elsewhere) as base:
        bench.endpoints = Endpoints(base, bench.endpoints.user, bench.endpoints.market)
        found = step(await bench.run(), REACH)
    assert (found.state, found.remedy) == (FAIL, ELSEWHERE)
    assert found.detail.endswith(" points elsewhere, which is never followed.")


async def test_nobody_listens(bench: Bench) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        bench.endpoints = Endpoints(f"http://127.0.0.1:{port}/", "ws://127.0.0.1:1/", "ws://127.0.0.1:1/")
        found = step(await bench.run(), REACH)
        bench.environment = Environment.LIVE
        live = step(await bench.run(), REACH)
    assert (found.state, found.detail) == (FAIL, f"127.0.0.1:{port} refused the connection.")
    assert found.remedy == "Start the server on this computer, or correct its port."
    assert live.remedy == "A firewall may stand between. Try another network, then test again."


async def test_a_host_that_is_not_found(bench: Bench) -> None:
    bench.endpoints = Endpoints("https://nowhere.invalid/", bench.endpoints.user, bench.endpoints.market)
    found = step(await bench.run(), REACH)
    assert (found.state, found.detail) == (FAIL, "nowhere.invalid was not found.")
    assert found.remedy == "Check the internet connection and its DNS."


async def test_a_certificate_that_is_not_trusted(
    bench: Bench,
    certificate: Path,  # noqa: F811 - the fixture
    servers_may_be_hung_up_on: Callable[[], None],  # noqa: F811 - the fixture
) -> None:
    servers_may_be_hung_up_on()
    seen: list[bytes] = []
    async with https(certificate, seen) as port:
        bench.endpoints = Endpoints(f"https://127.0.0.1:{port}/", bench.endpoints.user, bench.endpoints.market)
        found = step(await bench.run(), REACH)
    assert found.detail == "The certificate of 127.0.0.1 is not trusted, so nothing was sent."
    assert (found.state, found.remedy, seen) == (FAIL, LISTENING, [])


async def test_a_broken_answer(bench: Bench) -> None:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with server(hang_up) as base:
        bench.endpoints = Endpoints(base, bench.endpoints.user, bench.endpoints.market)
        found = step(await bench.run(), REACH)
    assert found.detail.endswith(" did not answer: the connection was closed before the answer.")
    assert found.remedy == "Check the internet connection, then test again."


@pytest.mark.parametrize(("seconds", "state"), [(12, WARN), (120, FAIL), (-120, FAIL)])
async def test_a_clock_that_is_off(bench: Bench, practice: PracticeServer, seconds: int, state: ProbeState) -> None:
    practice.controls.arm(Fault.CLOCK_AHEAD, seconds)
    report = await bench.run()
    found = step(report, CLOCK)
    way = "behind" if seconds > 0 else "ahead of"
    assert (found.state, found.title) == (state, "Clock is off.")
    assert f" s {way} the exchange, limit 30 s." in found.detail
    assert found.remedy == "Set this computer's clock, best by the network, then test again."
    assert report.passed is (state is WARN)


async def test_both_order_channels_refused(bench: Bench, practice: PracticeServer) -> None:
    practice.controls.arm(Fault.ORDER_CHANNELS, ())
    report = await bench.run()
    found = step(report, CHANNEL)
    assert (found.state, found.title, found.remedy) == (WARN, "Order channel refused.", POLLED)
    assert (report.passed, report.warnings) == (True, 2)
    assert report.headline == "Connected, with 2 warnings"
    assert report.knowledge is not None
    assert report.knowledge.order_channel is None


@pytest.mark.parametrize("name", ["user.advanced.order", "user.advance.order"])
async def test_either_name_of_the_order_channel(bench: Bench, practice: PracticeServer, name: str) -> None:
    practice.controls.arm(Fault.ORDER_CHANNELS, (name,))
    report = await bench.run()
    assert step(report, CHANNEL).detail == f"{name}."
    assert report.knowledge is not None
    assert report.knowledge.order_channel == name


async def test_no_mark_price(bench: Bench, practice: PracticeServer) -> None:
    practice.controls.arm(Fault.NO_MARK_PRICE)
    report = await bench.run()
    found = step(report, MARK)
    assert (found.state, found.title) == (WARN, "No mark price published.")
    assert report.knowledge is not None
    assert report.knowledge.mark_published is False


async def test_without_the_streams_the_key_still_works(bench: Bench) -> None:
    bench.endpoints = Endpoints(bench.endpoints.rest, "ws://127.0.0.1:1/user", "ws://127.0.0.1:1/market")
    report = await bench.run()
    assert [step(report, kind).state for kind in (STREAM, CHANNEL, MARK)] == [WARN, SKIPPED, WARN]
    assert (step(report, STREAM).detail, step(report, STREAM).remedy) == ("No connection.", POLLED)
    assert report.passed
    assert report.knowledge is not None
    assert report.knowledge.has_streams is False


async def test_a_stream_that_says_nothing(bench: Bench, practice: PracticeServer) -> None:
    practice.controls.arm(Fault.MUTE_STREAMS)
    found = step(await bench.run(), STREAM)
    assert (found.state, found.detail) == (WARN, "No answer to the sign-in.")


async def test_a_balance_that_is_refused(bench: Bench, practice: PracticeServer) -> None:
    body = json.dumps({"id": 1, "method": "private/user-balance", "code": 50001}).encode()
    practice.controls.arm_raw("private/user-balance", RawReply(body, status=500))
    report = await bench.run()
    found = step(report, BALANCE)
    assert (found.state, found.title) == (FAIL, "Balance not read.")
    assert found.detail == "The exchange refused: the exchange had an internal error (code 50001)."
    assert step(report, PERMISSIONS).state is WARN


async def test_a_test_that_is_given_up_leaves_nothing_behind(bench: Bench, practice: PracticeServer) -> None:
    practice.controls.arm(Fault.MUTE_STREAMS)
    told: list[ProbeReport] = []
    test = ConnectionTest(bench._prober, SystemClock(), bench.knowledge)
    task = asyncio.create_task(test.run(Environment.LOCAL, Credentials(bench.api_key, bench.secret), told.append))
    await until(lambda: told and step(told[-1], STREAM).state is ProbeState.RUNNING)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("reason", list(ProbeReason))
@pytest.mark.parametrize("environment", list(Environment))
def test_every_failure_says_what_happened_and_what_to_change(reason: ProbeReason, environment: Environment) -> None:
    found = probe_words.failed(SIGNATURE, ProbeTrouble(reason, "some words"), "the.host", environment)
    assert found.state in (FAIL, WARN)
    assert found.detail.endswith(".")
    assert found.remedy.endswith(".")


def test_the_headline_counts_warnings() -> None:
    fine = tuple(ProbeStep(kind, PASS) for kind in ProbeKind)
    assert ProbeReport("live", fine).headline == "Connected"
    assert ProbeReport("live", (*fine, ProbeStep(MARK, WARN))).headline == "Connected, with 1 warning"
    assert ProbeReport("live", (*fine, ProbeStep(MARK, FAIL))).headline == "Not connected"


def test_a_clock_that_could_not_be_compared() -> None:
    assert probe_words.clock(None).state is WARN


@pytest.mark.parametrize(("offset", "skew"), [(-42, "+42"), (42, "−42"), (0, "+0")])
def test_skew_is_this_computer_s(offset: int, skew: str) -> None:
    assert probe_words.clock(offset).detail == f"Skew {skew} ms, limit 5,000 ms."


async def _point_elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()
    writer.close()
