"""What brings real prices to PRACTICE cannot sign, cannot ask a private question, and reaches two hosts alone."""

from __future__ import annotations

import ast
from urllib.parse import urlsplit

import pytest

from otoco_desktop import outside_prices
from otoco_desktop.exchange.endpoints import PUBLIC
from otoco_desktop.exchange.public_client import PublicClient
from otoco_desktop.exchange.public_market import PublicMarket
from otoco_desktop.exchange.requests import PublicMethod
from tests.house.sources import PACKAGE

MODULES = (
    "exchange/public_client.py",
    "exchange/public_market.py",
    "exchange/tape.py",
    "exchange/live_quote.py",
    "outside_prices.py",
    "app/real_prices.py",
)
SECRETIVE = {"Signer", "Method", "Credentials", "RestClient", "UserSession", "CryptoComGateway", "sign", "signed_body"}


def names(text: str) -> set[str]:
    """Every name that a module imports or uses."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom | ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found


@pytest.mark.parametrize("module", MODULES)
def test_nothing_in_it_knows_a_key_or_a_private_method(module: str) -> None:
    text = (PACKAGE / module).read_text()
    assert not names(text) & SECRETIVE
    assert "private/" not in text


def test_the_search_finds_what_it_looks_for() -> None:
    found = names((PACKAGE / "exchange/rest.py").read_text())
    assert found & SECRETIVE == {"Signer", "Method", "signed_body"}


def test_there_is_no_way_to_ask_for_anything_else() -> None:
    assert all(method.value.startswith("public/") for method in PublicMethod)
    for kind in (PublicClient, PublicMarket):
        assert not {"command", "query", "create", "cancel", "take_key", "account"} & set(dir(kind))


def test_the_hosts_are_fixed_and_encrypted() -> None:
    assert outside_prices.endpoints() is PUBLIC
    found = {(urlsplit(url).scheme, urlsplit(url).hostname) for url in (PUBLIC.rest, PUBLIC.market)}
    assert found == {("https", "api.crypto.com"), ("wss", "stream.crypto.com")}
    assert urlsplit(PUBLIC.market).path == "/exchange/v1/market"
