"""A create that is answered, oddly: what proves a refusal is told as one, and everything else as unknown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from otoco_desktop.domain.strategy import Phase
from otoco_desktop.practice.faults import Fault, RawReply, Spelling
from tests.e2e.stage import BUY, Stage
from tests.faults.actions import Mutate
from tests.faults.evidence import Evidence
from tests.faults.seen import held, shown
from tests.faults.wired import REST, wired

if TYPE_CHECKING:
    import qasync

CREATE = "private/advanced/create-otoco"
HTML = "<html><head><title>Oops</title></head><body><h1>{}</h1></body></html>"


@dataclass(frozen=True)
class Refusal:
    """A code that proves that nothing was placed, and what is said of it."""

    row: int
    code: int
    said: str


REFUSALS = (
    Refusal(10, 42901, "too many requests"),
    Refusal(12, 306, "insufficient balance"),
    Refusal(21, 40102, "clock"),
)


@pytest.mark.parametrize(
    "refusal", [pytest.param(each, marks=pytest.mark.fault(each.row), id=str(each.code)) for each in REFUSALS]
)
async def test_a_refusal_with_a_reason(
    refusal: Refusal, tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with wired(tmp_path, REST) as here:
        here.stage.arm(Fault.REFUSE_CREATE, refusal.code)
        here.proxy.watch()
        await here.stage.send(BUY)
        await here.stage.reaches(Phase.REJECTED)
        said = re.compile(f"The exchange refused it: .*{refusal.said}.*{refusal.code}.*Nothing was placed", re.I)
        await here.stage.see(lambda: said.search(shown(here.stage)), said.pattern)
        assert here.stage.chip() == "Rejected"
        status = here.proxy.traffic.passed["reply"].split(b"\r\n")[0].decode()  # type: ignore[index]
        evidence.note(
            refusal.row,
            injected=f"{status}, code {refusal.code}",
            shown=shown(here.stage),
            ledger=await held(here.stage),
        )
        assert not (await here.stage.ledger()).lists


@dataclass(frozen=True)
class Raw:
    """A reply that proves nothing."""

    row: int
    name: str
    reply: RawReply
    because: str
    long: bool = False


def marks(odd: Raw | Changed) -> list[pytest.MarkDecorator]:
    """A share of the variants runs always, the others with the long check."""
    return [pytest.mark.fault(odd.row), *([pytest.mark.long] if odd.long else [])]


UNREADABLE = "the reply could not be read"
RAW = (
    Raw(11, "429 as a page", RawReply(HTML.format("429").encode(), 429, "text/html"), UNREADABLE),
    Raw(11, "403 as a page", RawReply(HTML.format("403").encode(), 403, "text/html"), UNREADABLE, long=True),
    Raw(14, "502 as a page", RawReply(HTML.format("502").encode(), 502, "text/html"), UNREADABLE),
    Raw(14, "503 as a page", RawReply(HTML.format("503").encode(), 503, "text/html"), UNREADABLE, long=True),
    Raw(14, "504 as a page", RawReply(HTML.format("504").encode(), 504, "text/html"), UNREADABLE, long=True),
    Raw(15, "cut off", RawReply(b'{"id":1,"code":0', declared=400), "the connection was closed before the answer"),
    Raw(15, "empty", RawReply(b""), UNREADABLE),
    Raw(15, "10 MB", RawReply(b'{"x":"' + b"x" * 10_000_000 + b'"}'), "the answer is larger than", long=True),
    Raw(15, "nested 100,000 deep", RawReply(b"[" * 100_000 + b"]" * 100_000), UNREADABLE),
)


@pytest.mark.parametrize("raw", [pytest.param(each, marks=marks(each), id=each.name) for each in RAW])
async def test_what_cannot_be_read_proves_nothing(
    raw: Raw, tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with wired(tmp_path, REST) as here:
        here.stage.controls.arm_raw(CREATE, raw.reply)
        await here.stage.send(BUY)
        await unknown(here.stage, raw.because)
        assert "<" not in shown(here.stage)
        evidence.note(raw.row, injected=raw.name, shown=shown(here.stage), ledger=await held(here.stage))


async def unknown(stage: Stage, because: str) -> None:
    """The banner says it with the reason, the chip says it, and nobody claims a refusal."""
    await stage.see(lambda: because.lower() in stage.banner().lower(), f"{because} in {stage.banner()!r}")
    assert stage.phase() is Phase.UNKNOWN
    assert stage.chip() == "Outcome unknown"
    assert not stage.hands.says("refused it")


def status(line: bytes) -> Callable[[bytes], bytes]:
    """The same reply under another HTTP status."""
    return lambda data: re.sub(rb"^HTTP/1.1 [^\r]*", b"HTTP/1.1 " + line, data)


def as_it_is(data: bytes) -> bytes:
    return data


@pytest.mark.parametrize(
    ("row", "code", "how", "because"),
    [
        pytest.param(13, 50001, as_it_is, "code 50001", marks=pytest.mark.fault(13), id="50001 under 500"),
        pytest.param(13, 50001, status(b"400 Bad"), "code 50001", marks=pytest.mark.fault(13), id="50001 under 400"),
        pytest.param(13, 40801, as_it_is, "code 40801", marks=pytest.mark.fault(13), id="40801 under 408"),
        pytest.param(20, 204, as_it_is, "it may already exist", marks=pytest.mark.fault(20), id="204"),
        pytest.param(20, 40006, as_it_is, "it may already exist", marks=pytest.mark.fault(20), id="40006"),
    ],
)
async def test_a_code_that_proves_nothing(
    row: int,
    code: int,
    how: Callable[[bytes], bytes],
    because: str,
    tmp_path: Path,
    qloop: qasync.QEventLoop,
    evidence: Evidence,
) -> None:
    async with wired(tmp_path, REST) as here:
        here.stage.arm(Fault.REFUSE_CREATE, code)
        here.proxy.mutate(Mutate(how))
        await here.stage.send(BUY)
        await unknown(here.stage, because)
        line = here.proxy.traffic.passed["reply"].split(b"\r\n")[0].decode()  # type: ignore[index]
        evidence.note(row, injected=f"{line}, code {code}", shown=shown(here.stage), ledger=await held(here.stage))


def swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Other text of the same meaning to HTTP: padded to the same length, as JSON allows."""

    def change(data: bytes) -> bytes:
        head, _, body = data.partition(b"\r\n\r\n")
        changed = re.sub(old, new, body)
        head = re.sub(rb"content-length: \d+", b"content-length: %d" % len(changed), head, flags=re.I)
        return data if not body else head + b"\r\n\r\n" + changed

    return change


CODE = rb'"code":\s*"?0"?'


@dataclass(frozen=True)
class Changed:
    """The reply to an order that was placed, with another text in one place."""

    row: int
    name: str
    change: Callable[[bytes], bytes]
    because: str
    long: bool = False


CHANGED = (
    Changed(16, "another id", swap(rb'"id":\s*"?(\d+)"?', rb'"id":7'), "another request"),
    Changed(17, 'code "00"', swap(CODE, b'"code":"00"'), "the reply"),
    Changed(17, "code null", swap(CODE, b'"code":null'), "the reply", long=True),
    Changed(17, "code true", swap(CODE, b'"code":true'), "the reply", long=True),
    Changed(17, "code 0.0", swap(CODE, b'"code":0.0'), "the reply", long=True),
    Changed(18, "no list_id", swap(rb'"list_id":\s*"?\d+"?', b'"other":1'), "names no list"),
)


@pytest.mark.parametrize("odd", [pytest.param(each, marks=marks(each), id=each.name) for each in CHANGED])
async def test_an_order_placed_under_an_odd_reply_is_unknown_and_found(
    odd: Changed,
    tmp_path: Path,
    qloop: qasync.QEventLoop,
    evidence: Evidence,
) -> None:
    async with wired(tmp_path, REST) as here:
        here.stage.arm(Fault.HIDE_ORDERS)
        here.stage.arm(Fault.MUTE_STREAMS)
        here.proxy.mutate(Mutate(odd.change))
        await here.stage.send(BUY)
        await unknown(here.stage, odd.because)
        saw = shown(here.stage)
        here.stage.controls.clear()
        here.stage.choose("Check now")
        await here.stage.reaches(Phase.WORKING)
        entry, *_ = await here.stage.legs_there()
        assert here.stage.strategy.list_id == entry.list_id
        assert len((await here.stage.ledger()).creates) == 1
        evidence.note(
            odd.row, injected=odd.name, shown=f"{saw}, then {shown(here.stage)}", ledger=await held(here.stage)
        )


@pytest.mark.fault(17)
@pytest.mark.fault(18)
@pytest.mark.parametrize("spelling", Spelling)
async def test_zero_in_either_spelling_and_a_long_id_exactly(
    spelling: Spelling, tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with wired(tmp_path, REST) as here:
        here.stage.arm(Fault.SPELLING, spelling)
        await here.stage.send(BUY)
        await here.stage.reaches(Phase.WORKING)
        entry, *_ = await here.stage.legs_there()
        assert int(entry.list_id) > 1 << 53
        assert here.stage.strategy.list_id == entry.list_id
        for row in (17, 18):
            evidence.note(
                row,
                injected=f"ids and codes as {spelling}",
                shown=f"{shown(here.stage)} List {here.stage.strategy.list_id}",
                ledger=f"{await held(here.stage)}, list {entry.list_id}",
            )


@pytest.mark.fault(19)
async def test_a_code_beside_a_list_id_is_a_placed_order(
    tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence
) -> None:
    async with wired(tmp_path, REST) as here:
        here.stage.arm(Fault.PLACE_BUT_REFUSE, 315)
        await here.stage.send(BUY)
        await here.stage.reaches(Phase.WORKING)
        await here.stage.see(lambda: any("warned" in item.detail for item in here.stage.timeline()), "the warning")
        told = next(item.detail for item in here.stage.timeline() if item.title == "Accepted")
        assert "The reply warned: " in told
        assert "(code 315)" in told
        assert here.stage.strategy.list_id == (await here.stage.legs_there())[0].list_id
        evidence.note(
            19, injected="code 315 with a list_id", shown=f"{shown(here.stage)} {told}", ledger=await held(here.stage)
        )
