"""An independent client of the real exchange works against the practice exchange."""

from __future__ import annotations

from typing import Any

import pytest

from tests.practice.conftest import Practice


@pytest.fixture
def exchange(shared: Practice) -> Any:
    """ccxt's client, pointed at the practice exchange."""
    import ccxt

    made = ccxt.cryptocom({"apiKey": shared.client.api_key, "secret": shared.client.secret, "enableRateLimit": False})
    made.session.trust_env = False
    made.urls["api"]["v1"] = shared.client.endpoints.rest_url
    yield made
    made.session.close()


def test_ccxt_reads_instruments(exchange: Any) -> None:
    markets = exchange.load_markets()
    market = markets["BTC/USD"]
    assert (market["id"], market["spot"], market["active"]) == ("BTC_USD", True, True)
    assert (market["precision"]["price"], market["precision"]["amount"]) == (0.01, 0.00001)
    assert markets["BTC/USD:USD"]["swap"]


def test_ccxt_signs_in_and_reads_the_balance(exchange: Any) -> None:
    balance = exchange.fetch_balance()
    assert (balance["USD"]["total"], balance["BTC"]["free"]) == (24310.22, 0.41)


def test_ccxt_is_refused_with_a_wrong_secret(exchange: Any) -> None:
    import ccxt

    exchange.secret = "something else"
    with pytest.raises(ccxt.AuthenticationError):
        exchange.fetch_balance()


def test_ccxt_reads_prices(exchange: Any) -> None:
    assert exchange.fetch_ticker("BTC/USD")["last"] == 93120.0
    assert len(exchange.fetch_ohlcv("BTC/USD", "5m", limit=50)) == 50
    assert exchange.fetch_order_book("BTC/USD")["asks"][0][0] == 93120.1
