"""Facts, the phase they amount to, and the sentence that says so."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from otoco_desktop.domain.events import (
    CancelAnswered,
    CancelAsked,
    Decided,
    Decision,
    NotSent,
    Outcome,
    Refused,
    RequestStamp,
    Unknown,
)
from otoco_desktop.domain.strategy import Phase
from tests.domain.truth.builders import (
    E_,
    ID,
    LIST,
    S_,
    START,
    T_,
    acked,
    answered,
    checked,
    entered,
    full,
    looked,
    part,
    placed,
    protected,
    report,
)

ASKED = CancelAsked(ID, START + 500, LIST, RequestStamp(8, START + 540, 40))
SILENCE = answered(Unknown("No reply in 10 s."))
REFUSAL = Refused("306", "INSUFFICIENT_AVAILABLE_BALANCE", "insufficient balance")
AFTER_FENCE = 121_000
LOST = (SILENCE, *(looked(1_000 * n) for n in range(1, 5)), looked(AFTER_FENCE))
DEAD_EXITS = (report(S_, "CANCELED", 300), report(T_, "CANCELED", 300))


def reply(outcome: Outcome) -> CancelAnswered:
    return CancelAnswered(ID, START + 600, outcome)


STOP_REFUSED = (
    "Entry is on the book at 93,000.00. The stop was rejected (insufficient balance): "
    "a fill would not be protected there."
)

CASES: list[tuple[str, tuple[Any, ...], Phase, str]] = [
    ("only the intent", (), Phase.INTENT, "Saved. Sending to the exchange…"),
    (
        "proven unsent",
        (answered(NotSent("The host was not found.")),),
        Phase.NOT_SENT,
        "Nothing was sent: The host was not found.",
    ),
    (
        "refused",
        (answered(REFUSAL),),
        Phase.REJECTED,
        "The exchange refused it: insufficient balance (code 306). Nothing was placed.",
    ),
    (
        "refused without words",
        (answered(Refused("999", "", "")),),
        Phase.REJECTED,
        "The exchange refused it: code 999 (code 999). Nothing was placed.",
    ),
    (
        "no answer",
        (SILENCE,),
        Phase.UNKNOWN,
        "Outcome unknown. Checking with the exchange. Do not resubmit.",
    ),
    ("looked for long enough", LOST, Phase.UNRESOLVED, "Not found after 5 checks in 121 s. It may still appear."),
    (
        "settled by the trader",
        (*LOST, Decided(ID, START + 200_000, Decision.NOT_PLACED, "not there")),
        Phase.RESOLVED_NOT_PLACED,
        "Resolved: not placed. You checked it on the exchange.",
    ),
    (
        "accepted, nothing seen",
        (acked(),),
        Phase.ACKED,
        f"Accepted by the exchange as list {LIST}. Waiting for the entry to become active.",
    ),
    (
        "only an exit seen",
        (report(S_, "PENDING"),),
        Phase.ACKED,
        f"Accepted by the exchange as list {LIST}. Waiting for the entry to become active.",
    ),
    (
        "entry accepted, not on the book",
        (report(E_, "NEW"),),
        Phase.WORKING,
        f"Accepted by the exchange as list {LIST}. Waiting for the entry to become active.",
    ),
    (
        "entry with a word nobody documented",
        (report(E_, "SOMETHING_NEW"),),
        Phase.ACKED,
        "The exchange lists the entry as SOMETHING_NEW, a status this program does not know.",
    ),
    ("entry on the book", placed(), Phase.WORKING, "Entry is on the book at 93,000.00."),
    (
        "entry on the book, stop refused",
        (*placed(), report(S_, "REJECTED", 20, reason="306")),
        Phase.WORKING,
        STOP_REFUSED,
    ),
    (
        "partly filled",
        (*placed(), part(E_, "ACTIVE", 20)),
        Phase.PARTIAL,
        "40% of the entry has filled. No stop is active yet.",
    ),
    (
        "almost filled is never shown as all",
        (*placed(), part(E_, "ACTIVE", 20, "0.00999")),
        Phase.PARTIAL,
        "99% of the entry has filled. No stop is active yet.",
    ),
    (
        "exits armed",
        protected(),
        Phase.PROTECTED,
        "Entry filled at 93,000.00. Stop 80,000.00 and target 108,000.00 are active.",
    ),
    (
        "filled, exits not heard of since",
        entered(),
        Phase.WORKING,
        "Entry filled at 93,000.00. Confirming that both exits are active.",
    ),
    (
        "filled, target not heard of since",
        (*entered(), report(S_, "ACTIVE", 110)),
        Phase.WORKING,
        "Entry filled at 93,000.00. Confirming that both exits are active.",
    ),
    (
        "filled, exits said to be active before it",
        (report(S_, "ACTIVE", 20), report(T_, "ACTIVE", 20), *entered()),
        Phase.WORKING,
        "Entry filled at 93,000.00. Confirming that both exits are active.",
    ),
    (
        "filled, exits found as before by a later check",
        (*entered(), checked(report(S_, "PENDING", 10), 200), checked(report(T_, "PENDING", 10), 200)),
        Phase.PROTECTED,
        "Entry filled at 93,000.00. Stop 80,000.00 and target 108,000.00 are active.",
    ),
    (
        "filled, exits found as before by a check asked before it",
        (*entered(), checked(report(S_, "PENDING", 10), 199), checked(report(T_, "PENDING", 10), 199)),
        Phase.WORKING,
        "Entry filled at 93,000.00. Confirming that both exits are active.",
    ),
    (
        "filled, at a time that the exchange does not state",
        (*placed(), full(E_, "93000.00", update_ms=0)),
        Phase.WORKING,
        "Entry filled at 93,000.00. Confirming that both exits are active.",
    ),
    (
        "filled, stop never seen",
        (full(E_, "93000.00", 100), report(T_, "ACTIVE", 100)),
        Phase.UNPROTECTED,
        "0.01000 BTC is unprotected. The stop has not been seen yet.",
    ),
    (
        "filled, stop in an unknown state",
        (*protected(), report(S_, "SOMETHING_NEW", 200)),
        Phase.UNPROTECTED,
        "0.01000 BTC is unprotected. The stop has an unrecognised status, SOMETHING_NEW.",
    ),
    (
        "filled, stop refused",
        (*protected(), report(S_, "REJECTED", 200, reason="INSUFFICIENT_AVAILABLE_BALANCE")),
        Phase.UNPROTECTED,
        "0.01000 BTC is unprotected. The stop was rejected (insufficient balance).",
    ),
    (
        "filled, stop expired",
        (*protected(), report(S_, "EXPIRED", 200)),
        Phase.UNPROTECTED,
        "0.01000 BTC is unprotected. The stop expired.",
    ),
    (
        "filled, target cancelled, stop stands",
        (*protected(), report(T_, "CANCELED", 200)),
        Phase.UNPROTECTED,
        "The target was cancelled. The stop at 80,000.00 is still active.",
    ),
    (
        "filled, both exits cancelled",
        (*protected(), *DEAD_EXITS),
        Phase.UNPROTECTED,
        "0.01000 BTC is unprotected. The stop was cancelled. The target was cancelled.",
    ),
    (
        "partly filled, then cancelled",
        (*placed(), part(E_, "CANCELED", 200), *DEAD_EXITS),
        Phase.UNPROTECTED,
        "0.00400 BTC is unprotected. The entry was cancelled after a partial fill.",
    ),
    (
        "stop triggered, not filled",
        (*protected(), report(S_, "ACTIVE", 200, exchange_order_id="57")),
        Phase.TRIGGERED,
        "Stop triggered, not yet filled.",
    ),
    (
        "target triggered, partly filled, stop gone",
        (*protected(), report(S_, "CANCELED", 210), part(T_, "ACTIVE", 200, exchange_order_id="57")),
        Phase.TRIGGERED,
        "Target triggered, 0.00400 of 0.01000 filled.",
    ),
    (
        "target filled, stop not yet gone",
        (*protected(), full(T_, "108010.00", 200)),
        Phase.TRIGGERED,
        "Target filled at 108,010.00. Waiting until the exchange confirms that the stop is cancelled.",
    ),
    (
        "all of the entry has filled, its last word still to come",
        (*placed(), part(E_, "ACTIVE", 20, "0.01000"), report(S_, "PENDING", 20), report(T_, "ACTIVE", 30)),
        Phase.PROTECTED,
        "Entry filled at 93,000.00. Stop 80,000.00 and target 108,000.00 are active.",
    ),
    (
        "refused, and an exit is there all the same",
        (answered(REFUSAL), report(E_, "REJECTED", 20), report(S_, "PENDING", 20)),
        Phase.DIVERGED,
        "This order was thought not to be placed, yet the exchange reports it. Look at it there now.",
    ),
    (
        "one exit took more than planned",
        (*protected(), part(S_, "ACTIVE", 200, "0.02000")),
        Phase.DIVERGED,
        "Differs from plan: stop filled is 0.02000, planned 0.01000.",
    ),
    (
        "entry cancelled, one exit not yet gone",
        (*placed(), report(E_, "CANCELED", 200), report(S_, "CANCELED", 200)),
        Phase.CANCELLING,
        "The entry was cancelled. Waiting until the exchange confirms that the exits are gone.",
    ),
    (
        "target filled before anything else was told",
        (full(T_, "108010.00", 200),),
        Phase.TRIGGERED,
        "Target filled at 108,010.00. Waiting until the exchange confirms that the stop is cancelled.",
    ),
    (
        "target filled",
        (*protected(), full(T_, "108010.00", 200), report(S_, "CANCELED", 210)),
        Phase.CLOSED,
        "Target filled at 108,010.00: +149.10 USD, +1.11 R. Stop cancelled.",
    ),
    (
        "stopped",
        (*protected(), full(S_, "79990.00", 200), report(T_, "EXPIRED", 210)),
        Phase.CLOSED,
        "Stopped at 79,990.00: −131.10 USD, −0.98 R. Target ended.",
    ),
    (
        "target filled, its value not told",
        (
            *protected(),
            full(T_, "1", 200, filled_value=Decimal(0), average_price=None),
            report(S_, "CANCELED", 210),
        ),
        Phase.CLOSED,
        "Target filled at 108,000.00. Stop cancelled.",
    ),
    (
        "sold in two parts by both exits",
        (
            *protected(),
            part(S_, "CANCELED", 200, "0.00400"),
            part(T_, "CANCELED", 210, "0.00600"),
        ),
        Phase.CLOSED,
        "Target filled at 93,000.00: −0.90 USD, −0.01 R. Stop cancelled.",
    ),
    (
        "cancel asked",
        (acked(), *placed(), ASKED),
        Phase.CANCELLING,
        "Cancel requested, not confirmed yet.",
    ),
    ("cancel asked before a leg was seen", (acked(), ASKED), Phase.CANCELLING, "Cancel requested, not confirmed yet."),
    (
        "cancel of armed exits asked",
        (*protected(), ASKED),
        Phase.CANCELLING,
        "Cancel requested, not confirmed yet.",
    ),
    (
        "cancel of a triggered exit asked",
        (*protected(), report(S_, "ACTIVE", 200, exchange_order_id="57"), ASKED),
        Phase.CANCELLING,
        "Cancel requested, not confirmed yet.",
    ),
    (
        "cancel of a partly filled entry asked",
        (acked(), *placed(), part(E_, "ACTIVE", 20), ASKED),
        Phase.CANCELLING,
        "Cancel requested, not confirmed yet. 0.00400 BTC is unprotected.",
    ),
    (
        "cancel answered with silence",
        (acked(), *placed(), ASKED, reply(Unknown("No reply in 10 s."))),
        Phase.CANCELLING,
        "Cancel requested, not confirmed yet.",
    ),
    (
        "cancel refused",
        (acked(), *placed(), ASKED, reply(REFUSAL)),
        Phase.WORKING,
        "Entry is on the book at 93,000.00.",
    ),
    (
        "entry cancelled, exits not yet gone",
        (*placed(), report(E_, "CANCELED", 200)),
        Phase.CANCELLING,
        "The entry was cancelled. Waiting until the exchange confirms that the exits are gone.",
    ),
    (
        "cancelled by you",
        (acked(), *placed(), ASKED, report(E_, "CANCELED", 3_000), *DEAD_EXITS),
        Phase.CLOSED,
        "Cancelled at 00:00:03. 0.00000 filled.",
    ),
    (
        "cancelled by the exchange",
        (*placed(), report(E_, "CANCELED", 3_000, reason="43012"), *DEAD_EXITS),
        Phase.CLOSED,
        "Cancelled by the exchange at 00:00:03: self-trade prevention. 0.00000 filled.",
    ),
    (
        "expired",
        (*placed(), report(E_, "EXPIRED", 3_000), *DEAD_EXITS),
        Phase.CLOSED,
        "Expired at 00:00:03. 0.00000 filled.",
    ),
    (
        "refused late, on the stream",
        (acked(), report(E_, "REJECTED", 20, reason="306"), *DEAD_EXITS),
        Phase.REJECTED,
        "The exchange refused it: insufficient balance. Nothing was bought or sold.",
    ),
    (
        "refused late, no reason",
        (acked(), report(E_, "REJECTED", 20)),
        Phase.REJECTED,
        "The exchange refused it. Nothing was bought or sold.",
    ),
    (
        "refused, and the record of the refusal",
        (answered(REFUSAL), report(E_, "REJECTED", 20, reason="306")),
        Phase.REJECTED,
        "The exchange refused it: insufficient balance. Nothing was bought or sold.",
    ),
    (
        "refused, and yet there",
        (answered(REFUSAL), *placed()),
        Phase.DIVERGED,
        "This order was thought not to be placed, yet the exchange reports it. Look at it there now.",
    ),
    (
        "both exits filled",
        (*protected(), full(S_, "79990.00", 200), full(T_, "108010.00", 210)),
        Phase.DIVERGED,
        "Stop and target both filled. Check your balance on the exchange now.",
    ),
    (
        "exits together took too much",
        (*protected(), part(S_, "CANCELED", 200, "0.00500"), full(T_, "108010.00", 210)),
        Phase.DIVERGED,
        "Stop and target both filled. Check your balance on the exchange now.",
    ),
    (
        "two ends at once",
        (*placed(), report(E_, "CANCELED", 20), full(E_, "93000.00", 30)),
        Phase.DIVERGED,
        "The exchange reports the entry as CANCELED and FILLED. Look at it there now.",
    ),
    (
        "another trigger than planned",
        (*placed(), report(S_, "PENDING", 20, trigger=Decimal("81000.00"))),
        Phase.DIVERGED,
        "Differs from plan: stop trigger is 81000.00, planned 80000.00.",
    ),
    (
        "two lists with our ids",
        (acked(), *placed(), report(E_, "ACTIVE", 20, list_id="999")),
        Phase.DIVERGED,
        f"Differs from plan: list is 999, planned {LIST}.",
    ),
]
