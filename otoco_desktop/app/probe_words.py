"""What a connection test says: one line for each step, and for each failure what to change."""

from __future__ import annotations

from decimal import Decimal

from otoco_desktop.domain.market import AccountSnapshot, Fees
from otoco_desktop.domain.money import grouped, money_places, percent
from otoco_desktop.domain.probing import ProbeKind, ProbeReason, ProbeState, ProbeStep, ProbeTrouble
from otoco_desktop.domain.verdict import PlanSettings
from otoco_desktop.settings import Environment

CLOCK_LIMITS = PlanSettings()
_DOLLARS = ("USD", "USDT", "USDC")
_FAILED = {
    ProbeKind.REACH: "Not reached.",
    ProbeKind.SIGNATURE: "Signature not accepted.",
    ProbeKind.USER_STREAM: "User stream not signed in.",
    ProbeKind.ORDER_CHANNEL: "Order channel not confirmed.",
    ProbeKind.MARK_PRICE: "Mark price not seen.",
    ProbeKind.BALANCE: "Balance not read.",
}
_RUNNING = {
    ProbeKind.REACH: "Reaching the exchange…",
    ProbeKind.SIGNATURE: "Checking the signature…",
    ProbeKind.CLOCK: "Comparing the clock…",
    ProbeKind.USER_STREAM: "Signing in to the user stream…",
    ProbeKind.ORDER_CHANNEL: "Confirming the order channel…",
    ProbeKind.MARK_PRICE: "Looking for a mark price…",
    ProbeKind.BALANCE: "Reading the balance…",
    ProbeKind.PERMISSIONS: "Permissions.",
}
_PENDING = {
    ProbeKind.REACH: "Reach the exchange",
    ProbeKind.SIGNATURE: "Signature",
    ProbeKind.CLOCK: "Clock",
    ProbeKind.USER_STREAM: "User stream",
    ProbeKind.ORDER_CHANNEL: "Order channel",
    ProbeKind.MARK_PRICE: "Mark price",
    ProbeKind.BALANCE: "Balance",
    ProbeKind.PERMISSIONS: "Permissions",
}
ELSEWHERE = "Something in this network answers in its place. Sign in to the network in a browser, or use another one."
POLLED = "Trading works: the program asks every 2 s instead, so states come a little later."
LISTENING = (
    "Check this computer's date. A program that opens encrypted traffic must leave this host alone. "
    "If neither helps, somebody in this network may be listening: use another one."
)
_EXPLAINED = {
    ProbeReason.HOST_NOT_FOUND: ("{host} was not found.", "Check the internet connection and its DNS."),
    ProbeReason.NOT_TRUSTED: ("The certificate of {host} is not trusted, so nothing was sent.", LISTENING),
    ProbeReason.REDIRECTED: ("{host} points elsewhere, which is never followed.", ELSEWHERE),
    ProbeReason.NOT_THE_EXCHANGE: ("What answered is not the exchange.", ELSEWHERE),
    ProbeReason.MAINTENANCE: ("The exchange is under maintenance.", "Wait for its end, then test again."),
    ProbeReason.ADDRESS_NOT_ALLOWED: (
        "This computer's public internet address is not on the key's list.",
        "Add the address to the key on the exchange website, or test from the network that is on the list.",
    ),
    ProbeReason.CLOCK_REFUSED: (
        "This computer's clock differs from the exchange's by more than 60 s.",
        "Set this computer's clock, then test again.",
    ),
    ProbeReason.TOO_MANY_REQUESTS: ("Too many requests in a short time.", "Wait a minute, then test again."),
}
_COPY_AGAIN = "Copy both again, each as one piece."
_OTHER_KEYS = {
    Environment.LIVE: "A SANDBOX key does not work on LIVE.",
    Environment.SANDBOX: "A LIVE key does not work on SANDBOX: the exchange gives sandbox keys on request.",
    Environment.LOCAL: "A key of the exchange does not work here: the server on this computer has its own.",
}


def pending(kind: ProbeKind) -> ProbeStep:
    return ProbeStep(kind, title=_PENDING[kind])


def running(kind: ProbeKind) -> ProbeStep:
    return ProbeStep(kind, ProbeState.RUNNING, _RUNNING[kind])


def skipped(kind: ProbeKind) -> ProbeStep:
    return ProbeStep(kind, ProbeState.SKIPPED, f"{_PENDING[kind]}.", "Not tested.")


def reached(host: str, took_ms: int) -> ProbeStep:
    return ProbeStep(ProbeKind.REACH, ProbeState.PASS, "Reached the exchange.", f"{host} answered.", took_ms)


def signed(took_ms: int) -> ProbeStep:
    return ProbeStep(
        ProbeKind.SIGNATURE, ProbeState.PASS, "Signature accepted.", "Key and secret belong together.", took_ms
    )


def clock(offset_ms: int | None) -> ProbeStep:
    """``offset_ms`` is exchange time minus this computer's; the skew shown is this computer's against it."""
    if offset_ms is None:
        return ProbeStep(
            ProbeKind.CLOCK, ProbeState.WARN, "Clock was not compared.", "The exchange's answers carried no time."
        )
    warn, fail = CLOCK_LIMITS.clock_warn_ms, CLOCK_LIMITS.clock_fail_ms
    if abs(offset_ms) <= warn:
        skew = f"{-offset_ms:+,} ms".replace("-", "\u2212")
        return ProbeStep(ProbeKind.CLOCK, ProbeState.PASS, "Clock is close enough.", f"Skew {skew}, limit {warn:,} ms.")
    seconds = (Decimal(abs(offset_ms)) / 1000).quantize(Decimal("0.1"))
    way = "behind" if offset_ms > 0 else "ahead of"
    state = ProbeState.FAIL if abs(offset_ms) > fail else ProbeState.WARN
    return ProbeStep(
        ProbeKind.CLOCK,
        state,
        "Clock is off.",
        f"This computer is {seconds:,} s {way} the exchange, limit {fail // 1000} s.",
        remedy="Set this computer's clock, best by the network, then test again.",
    )


def streaming(took_ms: int) -> ProbeStep:
    return ProbeStep(
        ProbeKind.USER_STREAM, ProbeState.PASS, "User stream signed in.", "Order events will arrive live.", took_ms
    )


def channel(name: str | None, took_ms: int) -> ProbeStep:
    if name is None:
        return ProbeStep(
            ProbeKind.ORDER_CHANNEL,
            ProbeState.WARN,
            "Order channel refused.",
            "The exchange knows neither of its names.",
            took_ms,
            POLLED,
        )
    return ProbeStep(ProbeKind.ORDER_CHANNEL, ProbeState.PASS, "Order channel confirmed.", f"{name}.", took_ms)


def mark(published: bool, pair: str, took_ms: int) -> ProbeStep:
    if published:
        return ProbeStep(
            ProbeKind.MARK_PRICE, ProbeState.PASS, "Mark price published.", f"For {pair}, seen now.", took_ms
        )
    return ProbeStep(
        ProbeKind.MARK_PRICE,
        ProbeState.WARN,
        "No mark price published.",
        f"For {pair} the midpoint of bid and ask is shown instead.",
        took_ms,
        "Stop and target are triggered by the exchange's own mark price, which may differ from what is shown.",
    )


def balance(account: AccountSnapshot, fees: Fees | None, took_ms: int) -> ProbeStep:
    """``24,310.22 USD available. Fees 0.25% maker, 0.50% taker.``"""
    coin = next((name for name in _DOLLARS if account.available(name)), _DOLLARS[0])
    free = f"{grouped(account.available(coin), money_places(coin))} {coin} available."
    rates = f"Fees {percent(fees.maker, 2)} maker, {percent(fees.taker, 2)} taker." if fees else "Fees were not told."
    return ProbeStep(ProbeKind.BALANCE, ProbeState.PASS, "Balance read.", f"{free} {rates}", took_ms)


def permissions() -> ProbeStep:
    """No method tells what a key may do."""
    return ProbeStep(
        ProbeKind.PERMISSIONS,
        ProbeState.WARN,
        "Permissions were not reported.",
        "Check on the exchange website that withdrawal is off.",
    )


def failed(kind: ProbeKind, trouble: ProbeTrouble, host: str, environment: Environment) -> ProbeStep:
    """A step that failed: what happened, and what to change. Without its streams the program can still trade."""
    if trouble.reason is ProbeReason.STREAM_REFUSED:
        detail = f"{trouble.words[:1].upper()}{trouble.words[1:]}."
        return ProbeStep(kind, ProbeState.WARN, _FAILED[kind], detail, remedy=POLLED)
    detail, remedy = _explained(trouble, host, environment)
    return ProbeStep(kind, ProbeState.FAIL, _FAILED[kind], detail, remedy=remedy)


def _explained(trouble: ProbeTrouble, host: str, environment: Environment) -> tuple[str, str]:
    """What happened and what to change."""
    if trouble.reason is ProbeReason.CONNECTION_REFUSED:
        return f"{host} refused the connection.", _refused(environment)
    if trouble.reason is ProbeReason.NO_ANSWER:
        why = f": {trouble.words}" if trouble.words else ""
        return f"{host} did not answer{why}.", "Check the internet connection, then test again."
    if trouble.reason is ProbeReason.KEY_REFUSED:
        return "The key is not known here, or the secret is not its own.", (
            f"{_COPY_AGAIN} {_OTHER_KEYS.get(environment, '')}".rstrip()
        )
    if trouble.reason in _EXPLAINED:
        happened, remedy = _EXPLAINED[trouble.reason]
        return happened.format(host=host), remedy
    return f"The exchange refused: {trouble.words}.", "Look at the account and the key on the exchange website."


def _refused(environment: Environment) -> str:
    if environment is Environment.LOCAL:
        return "Start the server on this computer, or correct its port."
    return "A firewall may stand between. Try another network, then test again."
