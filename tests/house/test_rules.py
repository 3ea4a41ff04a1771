"""The rules of the house hold in the package, and each of them bites."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.house import rules
from tests.house.sources import Place, Source, functions, package_sources, source_of

Rule = Callable[[Source], Iterator[Place]]
FORBIDDEN: tuple[Rule, ...] = (
    rules.bare_labels,
    rules.loose_painters,
    rules.nested_loops,
    rules.floats,
    rules.implicit_clients,
)
LONGEST_FUNCTION, USUAL_FUNCTION, USUAL_SHARE, LONGEST_FILE = 50, 30, 0.95, 400


def told(places: list[Place]) -> str:
    return "\n" + "\n".join(str(place) for place in places)


@pytest.mark.parametrize("rule", FORBIDDEN, ids=lambda rule: rule.__name__)
def test_the_package_obeys(rule: Rule) -> None:
    broken = [place for source in package_sources() for place in rule(source)]
    assert not broken, told(broken)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (rules.bare_labels, "from PySide6.QtWidgets import QLabel\nlabel = QLabel('x')"),
        (rules.bare_labels, "from PySide6 import QtWidgets\nlabel = QtWidgets.QLabel()"),
        (rules.loose_painters, "painter = QPainter(self)\npainter.end()"),
        (rules.nested_loops, "dialog.exec()"),
        (rules.nested_loops, "app.processEvents()"),
        (rules.nested_loops, "@asyncSlot()\ndef clicked(self): ..."),
        (rules.nested_loops, "@qasync.asyncClose\ndef closeEvent(self, event): ..."),
        (rules.floats, "price = float('1.10')"),
        (rules.floats, "def size(price: float) -> None: ..."),
        (rules.floats, "def price() -> float | None: ..."),
        (rules.floats, "class Row:\n    prices: list[float]"),
        (rules.implicit_clients, "client = httpx.AsyncClient()"),
        (rules.implicit_clients, "client = httpx.AsyncClient(timeout=3, verify=context, trust_env=False)"),
    ],
)
def test_a_rule_finds_what_it_forbids(rule: Rule, text: str) -> None:
    assert list(rule(source_of(text)))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (rules.loose_painters, "with QPainter(self) as painter: ..."),
        (rules.nested_loops, "dialog.open()"),
        (rules.floats, "def wait(timeout_s: float) -> None: ..."),
        (rules.floats, "class Clock:\n    def monotonic(self) -> float: ..."),
        (
            rules.implicit_clients,
            "httpx.AsyncClient(timeout=t, verify=c, trust_env=False, follow_redirects=False)",
        ),
    ],
)
def test_a_rule_leaves_the_rest_alone(rule: Rule, text: str) -> None:
    assert not list(rule(source_of(text)))


def test_labels_are_made_in_one_place() -> None:
    assert not list(rules.bare_labels(source_of("QLabel('x')", rules.LABEL_FACTORY)))


def test_floats_are_pixels_in_views_but_not_in_states() -> None:
    text = "def scaled(ratio: float) -> float: ..."
    assert not list(rules.floats(source_of(text, "ui/shell/icons.py")))
    assert list(rules.floats(source_of(text, "ui/ticket/presenter.py")))
    assert list(rules.floats(source_of(text, "ui/formats.py")))


def test_every_exception_for_floats_is_still_needed() -> None:
    sources = {source.name: source for source in package_sources()}
    for name, (allowed, reason) in rules.FLOATS_ALLOWED.items():
        used = {who for who, annotation in rules.annotated(sources[name]) if rules.says_float(annotation)}
        assert reason
        assert allowed <= used


def test_the_create_method_is_spelled_out_once() -> None:
    places = [place for source in package_sources() for place in rules.create_methods(source)]
    assert len(places) == 1, told(places)


@pytest.mark.parametrize("layer", ["exchange/", "app/"])
def test_a_strategy_is_sent_from_one_place(layer: str) -> None:
    places = [place for source in package_sources() for place in rules.create_sends(source)]
    assert len([place for place in places if place.name.startswith(layer)]) <= 1, told(places)
    assert {place.name.split("/")[0] for place in places} <= {"exchange", "app"}, told(places)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("exchange/any.py", "await self._rest.command(Method.CREATE_OTOCO, params)"),
        ("app/any.py", "await self._gateway.create(order)"),
    ],
)
def test_a_send_is_recognised(name: str, line: str) -> None:
    assert list(rules.create_sends(source_of(f"async def send(self):\n    {line}", name)))


def test_no_function_is_too_long() -> None:
    broken = [place for source in package_sources() for place in rules.long_functions(source, LONGEST_FUNCTION)]
    assert not broken, told(broken)


def test_most_functions_are_short() -> None:
    lengths = [rules.length(function) for source in package_sources() for function in functions(source)]
    short = sum(lines < USUAL_FUNCTION for lines in lengths)
    longest = [place for source in package_sources() for place in rules.long_functions(source, USUAL_FUNCTION - 1)]
    assert short >= USUAL_SHARE * len(lengths), told(longest)


def test_no_file_is_too_long() -> None:
    lengths = {source.name: source.text.count("\n") for source in package_sources()}
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}


def test_length_does_not_count_documentation() -> None:
    source = source_of('def f():\n    """One.\n\n    Two.\n    """\n    return 1\n')
    assert [rules.length(function) for function in functions(source)] == [2]
