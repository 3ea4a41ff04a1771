"""Whatever is said about one order: an answer in JSON with a code, and a ledger that adds up."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from otoco_desktop.practice.model import Leg
from tests.practice.conftest import Practice

METHODS = ("private/advanced/amend-order", "private/advanced/cancel-order")
NAMES = ("order_id", "client_oid", "new_quantity", "new_price", "new_ref_price")
IDS = ("-e", "-s", "-t", "", "0", "9" * 40)
_serial = itertools.count()
NUMBERS = ("0", "0.00", "-1", "1e9", "NaN", "Infinity", " 91000 ", "91000.00", "90500.005", "0.00100", "9" * 40, "١")

plain = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9)
)
values = plain | st.lists(plain, max_size=2) | st.dictionaries(st.text(max_size=3), plain, max_size=2)
params = st.dictionaries(
    st.sampled_from(NAMES) | st.text(max_size=4),
    st.sampled_from(IDS) | st.sampled_from(NUMBERS) | values,
    max_size=6,
)
near = st.fixed_dictionaries(
    {
        "client_oid": st.sampled_from(IDS[:4]),
        "new_quantity": st.sampled_from((*NUMBERS, "0.00050")),
        "new_price": st.sampled_from((*NUMBERS, "90900.00")),
    },
    optional={"new_ref_price": st.sampled_from(NUMBERS)},
)


@given(method=st.sampled_from(METHODS), told=params | near | near)
def test_nonsense_about_an_order_is_answered_and_changes_no_balance(
    shared: Practice, method: str, told: dict[str, Any]
) -> None:
    token = f"n{next(_serial)}"
    shared.client.create(token, quantity="0.00100")
    told = {name: token + value if value in IDS[:3] else value for name, value in told.items()}
    before = shared.controls.ledger()
    reply = shared.client.post(method, told)
    answer = reply.json()
    assert (answer["method"], isinstance(answer["code"], int)) == (method, True)
    assert (answer["code"] == 0) is (reply.status_code == 200)
    assert answer["code"] != 50001, "what is wrong with a request is no internal error"
    event(str(answer["code"]))
    after = shared.controls.ledger()
    assert after.quantities == before.quantities
    assert all(0 <= after.reserved[coin] <= held for coin, held in after.quantities.items())
    if answer["code"]:
        assert [asked(leg) for leg in legs(after.lists)] == [asked(leg) for leg in legs(before.lists)]
    shared.client.post("private/advanced/cancel-otoco", {"list_id": after.lists[-1][0].list_id})


def legs(lists: tuple[tuple[Leg, Leg, Leg], ...]) -> list[Leg]:
    return [leg for family in lists for leg in family]


def asked(leg: Leg) -> tuple[object, ...]:
    """What a request may change; a placing under way may still report itself."""
    return leg.order_id, leg.kind, leg.quantity, leg.price, leg.ref_price, leg.cancel_asked, leg.amend
