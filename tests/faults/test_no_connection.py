"""A create for which there is no connection: nothing was sent, it says why, and the plan may be sent again."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from otoco_desktop.domain.strategy import Phase
from tests.e2e.stage import BUY, Stage
from tests.faults.evidence import Evidence
from tests.faults.proxy import FaultProxy
from tests.faults.seen import held, shown
from tests.faults.wired import REST, impatient, wired

if TYPE_CHECKING:
    import qasync

__all__ = ["impatient"]

pytestmark = pytest.mark.usefixtures("impatient")


NOTICED = "The exchange cannot be reached. Planning works; Submit opens when it answers."
"""Said where the program has noticed the broken lines before the send reached them."""


async def not_sent(stage: Stage, why: str) -> None:
    """The words are on screen, the exchange has seen nothing, and the same plan may be reviewed again."""
    await stage.reaches(Phase.NOT_SENT)
    reasons = (why, NOTICED)
    await stage.see(lambda: any(stage.hands.says(f"Nothing was sent: {each}") for each in reasons), why)
    assert stage.chip() == "Not sent"
    assert not stage.banner()
    ledger = await stage.ledger()
    assert (ledger.creates, ledger.lists) == ((), ())


async def again(stage: Stage) -> None:
    """Sent by hand once more, it works."""
    stage.hands.press(Qt.Key.Key_F5)
    await stage.ready()
    await stage.send(BUY)
    await stage.reaches(Phase.WORKING)
    assert len((await stage.ledger()).creates) == 1


@pytest.mark.fault(1)
async def test_a_host_that_is_not_found(
    tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch, evidence: Evidence
) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    bent = {REST: "http://localhost:PORT/exchange/v1/"}
    async with wired(tmp_path, REST, bent=bent) as here:
        here.stage.plan(BUY)
        await here.stage.review()
        with monkeypatch.context() as patched:
            patched.setattr(socket, "getaddrinfo", nobody)
            here.proxy.reset_all()
            await here.stage.confirm()
            await not_sent(here.stage, "the exchange's host was not found.")
            evidence.note(1, injected="resolver: no such host", shown=shown(here.stage), ledger=await held(here.stage))
        await again(here.stage)


@pytest.mark.parametrize(
    ("break_it", "why"),
    [
        pytest.param(FaultProxy.refuse, "the exchange refused the connection.", marks=pytest.mark.fault(2)),
        pytest.param(FaultProxy.hang, "the exchange did not take the connection in time.", marks=pytest.mark.fault(4)),
    ],
)
async def test_a_connection_that_is_refused_or_hangs(
    break_it: Callable[[FaultProxy], None],
    why: str,
    tmp_path: Path,
    qloop: qasync.QEventLoop,
    evidence: Evidence,
) -> None:
    async with wired(tmp_path, REST) as here:
        here.stage.plan(BUY)
        await here.stage.review()
        break_it(here.proxy)
        here.proxy.reset_all()
        await here.stage.confirm()
        await not_sent(here.stage, why)
        row = 2 if break_it is FaultProxy.refuse else 4
        injected = {2: "listening port closed", 4: "listening queue full, handshake never ends"}[row]
        evidence.note(row, injected=injected, shown=shown(here.stage), ledger=await held(here.stage))
        here.proxy.heal()
        await again(here.stage)


@pytest.mark.fault(4)
async def test_encryption_spoken_to_a_plain_port(tmp_path: Path, qloop: qasync.QEventLoop, evidence: Evidence) -> None:
    bent = {REST: "https://127.0.0.1:PORT/exchange/v1/"}
    async with wired(tmp_path, REST, bent=bent, ready=False) as here:
        stage, why = here.stage, "The exchange cannot be reached: the connection is not trusted."
        await stage.see(lambda: why in stage.notice(), why)
        stage.hands.write("Quantity", "0.1")
        assert stage.hands.read("Quantity") == "0.1"
        assert not stage.hands.is_open("Review and submit")
        evidence.note(4, injected="TLS spoken to a plain port", shown=shown(stage), ledger=await held(stage))
