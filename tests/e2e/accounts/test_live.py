"""The LIVE code path, with the real hosts replaced by an encrypted peer on loopback. No real host is ever named."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from otoco_desktop import wiring
from otoco_desktop.domain.strategy import Phase
from otoco_desktop.exchange import gateway, probe
from otoco_desktop.exchange.endpoints import LIVE as REAL
from otoco_desktop.practice.thread import PracticeServer
from otoco_desktop.rehearsal.hands import CTRL
from otoco_desktop.settings import Environment
from otoco_desktop.ui.review.retype import PASTE_REFUSED
from otoco_desktop.ui.shell.live_band import LiveBand
from tests.e2e.accounts.loopback_tls import Front, certificate, fronted, trusting
from tests.e2e.accounts.visit import Key, Visit, exchange, visiting
from tests.e2e.stage import BUY, CALM_MS
from tests.leaks import Places, leaks
from tests.vault.desktop import PrivateDesktop

if TYPE_CHECKING:
    import qasync

LIVE = Environment.LIVE
RETYPE = "Retype entry value to confirm"
NOT_TRUSTED = "not trusted"


@dataclass
class Peer:
    """The exchange behind the encrypted port, and what was said to it."""

    front: Front
    server: PracticeServer
    key: Key


@asynccontextmanager
async def live_peer(folder: Path, patch: pytest.MonkeyPatch, *, trust: bool = True, **bad: Any) -> AsyncIterator[Peer]:
    """An encrypted exchange on loopback that the program takes for LIVE; ``bad`` is what its certificate is."""
    certified = certificate(folder.with_suffix(".pem"), **bad)
    async with exchange(folder / "exchange") as (server, found):
        with fronted(certified, found.port) as front:
            patch.setattr(wiring, "endpoints", lambda *_: front.endpoints)
            if trust:
                for module in (gateway, probe):
                    patch.setattr(module, "trusting_context", lambda: trusting(certified))
            yield Peer(front, server, Key.read(found.key_file))


async def with_key(visit: Visit, key: Key) -> None:
    await visit.asked()
    await visit.enter_key(LIVE, key)
    await visit.keep_key(LIVE)
    visit.hands.click("Continue with LIVE")
    await visit.opened(LIVE, 2)
    await visit.ready()


async def open_review(visit: Visit) -> None:
    visit.plan(BUY)
    await visit.see(lambda: visit.hands.says("Ready."), "a plan that passes")
    visit.hands.press(Qt.Key.Key_Return, CTRL)
    await visit.see(lambda: visit.program.window.review.sheet.is_open, "the review")
    for box in visit.tick_boxes():
        visit.hands.click_on(box)
    visit.clock.skip(CALM_MS)


async def sends_nothing(visit: Visit) -> None:
    assert not visit.hands.is_open(visit.submit)
    visit.hands.press(Qt.Key.Key_Return, CTRL)
    assert visit.strategies == ()
    assert (await visit.ledger()).creates == ()


def test_the_real_hosts_are_what_live_means() -> None:
    assert wiring.endpoints(LIVE, None) is REAL
    assert REAL.is_encrypted


async def test_a_live_plan_is_sent_once_the_value_was_typed(
    place: PrivateDesktop, tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_log = tmp_path / "tls-keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(key_log))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    data = tmp_path / "data"
    async with (
        live_peer(tmp_path / "peer", monkeypatch) as peer,
        visiting(data, "--environment", "live", server=peer.server) as visit,
    ):
        await with_key(visit, peer.key)
        band = visit.program.window.findChild(LiveBand)
        assert band is not None
        assert (band.isVisible(), band.height()) == (True, 22)
        assert visit.title() == "OTOCO Desktop – LIVE – Main account"
        assert "LIVE" in visit.badge()
        await open_review(visit)
        await sends_nothing(visit)
        await refuses_wrong_values(visit)
        visit.hands.write(RETYPE, "9240")
        await visit.see(lambda: visit.hands.is_open(visit.submit), "a review that may be confirmed")
        visit.hands.press(Qt.Key.Key_Return, CTRL)
        visit.hands.press(Qt.Key.Key_Return, CTRL)
        await visit.reaches(Phase.WORKING)
        assert len((await visit.ledger()).creates) == 1
        visit.close_review()
    assert not key_log.exists()
    assert peer.key.secret.encode() not in peer.front.heard
    assert leaks([peer.key.secret], Places(folders=[data, place.folder])) == []


async def refuses_wrong_values(visit: Visit) -> None:
    visit.hands.write(RETYPE, "92400")
    await sends_nothing(visit)
    assert visit.hands.says("92400 is not the entry value. Type 9240.")
    visit.hands.write(RETYPE, "")
    QGuiApplication.clipboard().setText("9240")
    visit.hands.press(Qt.Key.Key_V, CTRL)
    assert visit.hands.read(RETYPE) == ""
    assert visit.hands.says(PASTE_REFUSED)
    await sends_nothing(visit)


@pytest.mark.parametrize(
    ("trust", "bad"),
    [(False, {}), (True, {"host": "127.0.0.2"}), (True, {"expired": True})],
    ids=["self-signed", "another host", "expired"],
)
async def test_a_bad_certificate_is_refused_with_a_sentence(
    trust: bool,
    bad: dict[str, Any],
    place: PrivateDesktop,
    tmp_path: Path,
    qloop: qasync.QEventLoop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with (
        live_peer(tmp_path / "peer", monkeypatch, trust=trust, **bad) as peer,
        visiting(tmp_path / "data", "--environment", "live") as visit,
    ):
        await visit.asked()
        await visit.enter_key(LIVE, peer.key)
        form = visit.room.flow.key_sheet.form
        report = visit.room.flow.key_sheet._presenter.report  # type: ignore[union-attr]
        assert report is not None
        told = " ".join(f"{step.title} {step.detail} {step.remedy}" for step in report.steps)
        assert NOT_TRUSTED in told, told
        assert not report.passed
        assert not form.save.isEnabled()
        assert peer.front.heard == b""


async def test_a_redirect_is_not_followed(
    place: PrivateDesktop,
    tmp_path: Path,
    qloop: qasync.QEventLoop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with (
        live_peer(tmp_path / "peer", monkeypatch) as peer,
        live_elsewhere() as (port, heard),
        visiting(tmp_path / "data", "--environment", "live") as visit,
    ):
        peer.front.redirect = f"http://127.0.0.1:{port}/exchange/v1/private/user-balance"
        await visit.asked()
        await visit.enter_key(LIVE, peer.key)
        assert b"POST " in peer.front.heard
        assert heard == []
        assert not visit.room.flow.key_sheet.form.save.isEnabled()


@asynccontextmanager
async def live_elsewhere() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A port that nobody should speak to."""
    heard: list[bytes] = []

    async def handle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(b"connected")
        writer.close()

    listening = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1], heard
    finally:
        listening.close()
