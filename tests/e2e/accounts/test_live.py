"""The LIVE code path, with the real hosts replaced by an encrypted peer on loopback. No real host is ever named."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
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
from otoco_desktop.ui.accounts.choices import SPOKEN, Limit
from otoco_desktop.ui.review.retype import PASTE_REFUSED
from otoco_desktop.ui.shell.indicators import IndicatorView
from otoco_desktop.ui.shell.live_band import LiveBand
from tests.e2e.accounts.loopback_tls import Front, certificate, fronted, trusting
from tests.e2e.accounts.visit import Key, Visit, exchange, visiting
from tests.e2e.stage import BRISK, BUY, CALM_MS
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
    certified: Path


@asynccontextmanager
async def live_peer(
    folder: Path, patch: pytest.MonkeyPatch, *, trust: bool = True, also: Sequence[Path] = (), **bad: Any
) -> AsyncIterator[Peer]:
    """An encrypted exchange on loopback that the program takes for the real one; ``bad`` is what its certificate is.

    The program trusts that certificate and ``also`` these.
    """
    certified = certificate(folder.with_suffix(".pem"), **bad)
    async with exchange(folder / "exchange") as (server, found):
        with fronted(certified, found.port) as front:
            patch.setattr(wiring, "endpoints", lambda *_: front.endpoints)
            if trust:
                for module in (gateway, probe):
                    patch.setattr(module, "trusting_context", lambda: trusting(certified, *also))
            yield Peer(front, server, Key.read(found.key_file), certified)


async def with_key(visit: Visit, key: Key, environment: Environment = LIVE) -> None:
    await visit.asked()
    await visit.enter_key(environment, key)
    await visit.keep_key(environment)
    visit.hands.click(f"Continue with {environment.label}")
    await visit.opened(environment, 2)
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


@pytest.mark.fault(3)
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


# An open desk


async def choose(visit: Visit, limits: Mapping[Limit, str], transport: str = "") -> None:
    """Change the settings by keys, each applied when its field is left."""
    visit.hands.press(Qt.Key.Key_Comma, CTRL)
    await visit.see(visit.room.settings.isVisible, "the settings")
    for limit, text in limits.items():
        visit.hands.write(SPOKEN[limit], text)
        visit.hands.press(Qt.Key.Key_Tab)
    if transport:
        visit.hands.click(f"Send orders over: {transport}")
    visit.hands.press(Qt.Key.Key_Escape)
    assert not visit.room.settings.is_open


def asks(visit: Visit) -> list[str]:
    """What the review wants to have accepted."""
    return [box.accessibleName() for box in visit.tick_boxes()]


async def keeps_to_the_limits(visit: Visit) -> None:
    """Above a limit the review asks again with the number; above the cap there is no review."""
    await choose(visit, {Limit.TRADE: "500", Limit.OPEN_RISK: "20"}, "REST")
    visit.plan(BUY)
    await visit.see(lambda: not visit.why_closed(), "a plan that may be reviewed")
    visit.hands.press(Qt.Key.Key_Return, CTRL)
    await visit.see(lambda: visit.program.window.review.sheet.is_open, "the review")
    boxes = visit.tick_boxes()
    asked = " ".join(asks(visit))
    assert "your limit per trade is 500.00" in asked, asked
    assert "USD are at risk, your limit is 20.00" in asked, asked
    visit.clock.skip(CALM_MS)
    visit.hands.write(RETYPE, "9240")
    visit.hands.click_on(boxes[0])
    await sends_nothing(visit)
    visit.close_review()
    await choose(visit, {Limit.CAP: "5000"})
    await visit.see(visit.why_closed, "a closed gate")
    visit.hands.press(Qt.Key.Key_Return, CTRL)
    assert not visit.program.window.review.sheet.is_open
    findings = visit.program.window.presenter.verdict.findings
    assert any("your hard cap is 5,000.00" in found.message for found in findings)
    assert (await visit.ledger()).creates == ()
    await choose(visit, {Limit.CAP: "", Limit.TRADE: "", Limit.OPEN_RISK: ""})


async def follows_no_redirect(visit: Visit, peer: Peer, port: int) -> None:
    """A create that is answered with another address: nobody knows what became of it, and nothing goes there."""
    peer.front.redirects = b"create-otoco"
    peer.front.redirect = f"http://127.0.0.1:{port}/exchange/v1/private/advanced/create-otoco"
    await open_review(visit)
    visit.hands.write(RETYPE, "9240")
    await visit.see(lambda: visit.hands.is_open(visit.submit), "a review that may be confirmed")
    visit.hands.press(Qt.Key.Key_Return, CTRL)
    await visit.reaches(Phase.UNKNOWN)
    visit.close_review()
    await visit.see(visit.banner, "the banner")
    assert (await visit.ledger()).creates == ()


def is_met(visit: Visit, peer: Peer, certified: Path) -> bool:
    """Whether the stream has met this certificate; shown again until then.

    A handshake that was under way when the connections broke may still have succeeded.
    """
    if NOT_TRUSTED in visit.program.desk.state.connection.user_words:
        return True
    peer.front.present(certified)
    return False


async def trusts_no_other(visit: Visit, peer: Peer, bad: Sequence[Path]) -> None:
    """The exchange comes back with another certificate: said, nothing told to it, and open again with the right one."""
    desk = visit.program.desk
    for certified in bad:
        await visit.see(partial(is_met, visit, peer, certified), certified.name)
        visit.program.window.check_now()
        while NOT_TRUSTED not in desk.state.connection.rest_words:
            peer.front.present(certified)
            await desk.check()
        indicators = [each.accessibleName() for each in visit.program.window.top_bar.findChildren(IndicatorView)]
        assert [each for each in indicators if NOT_TRUSTED in each], indicators
        assert not desk.state.gate.open
        while await desk.check():
            peer.front.present(certified)
        heard = len(peer.front.heard)
        assert not await desk.check()
        assert NOT_TRUSTED in desk.state.connection.rest_words
        assert len(peer.front.heard) == heard, certified.name
        peer.front.present(peer.certified)
        await visit.see(lambda: desk.state.gate.open, "an open gate")


@pytest.mark.fault(3)
async def test_an_open_desk_keeps_to_limits_redirects_and_certificates(
    place: PrivateDesktop, tmp_path: Path, qloop: qasync.QEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = certificate(tmp_path / "other-host.pem", host="127.0.0.2")
    expired = certificate(tmp_path / "expired.pem", expired=True)
    unknown = certificate(tmp_path / "self-signed.pem")
    data = tmp_path / "data"
    async with (
        live_peer(tmp_path / "peer", monkeypatch, also=(other, expired)) as peer,
        live_elsewhere() as (port, heard),
        visiting(data, "--environment", "live", server=peer.server, options=BRISK) as visit,
    ):
        await with_key(visit, peer.key)
        await keeps_to_the_limits(visit)
        await trusts_no_other(visit, peer, (unknown, other, expired))
        await follows_no_redirect(visit, peer, port)
        assert heard == []
    assert leaks([peer.key.secret], Places(folders=[data])) == []
