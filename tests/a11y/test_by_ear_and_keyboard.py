"""The shipped program through AT-SPI and the keyboard alone: every control has a name, and one whole trade."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.a11y.eyes import Eyes, Node, eyes

MAIN, SCENARIOS = "OTOCO Desktop", "Practice scenarios"
BETWEEN_TICKS = "92,400.005 is between ticks of 0.01. Use 92,400.00"
ENTRY, QUANTITY, STOP, TARGET = "Entry price in USD", "Quantity", "Stop trigger", "Target trigger"
EXITS = (("alt+q", QUANTITY, "0.1"), ("alt+o", STOP, "2%"), ("alt+g", TARGET, "2.5R"))
CHANGE_KEYS, TAKEN = "Change keys", "Ctrl+D is Duplicate as new plan. Take it from there?"
SUBMIT, CONFIRM = "Review and submit", "Submit practice strategy"


@pytest.fixture(scope="module")
def seen(x11: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Eyes]:
    """The program with its chart, its price standing still at the one that the plans here are made for."""
    with eyes(tmp_path_factory.mktemp("a11y"), x11) as started:
        started.there("Price chart")
        move_price(started, "93118.42")
        yield started


@dataclass(frozen=True)
class Trade:
    """What was read on the way, from the mistake to the target."""

    mistaken: list[Node]
    planned: list[Node]
    reviewed: list[Node]
    working: list[str]
    protected: list[str]
    closed: list[str]


@pytest.fixture(scope="module")
def trade(seen: Eyes) -> Trade:
    """One bracket: typed with a slip that is repaired, reviewed, submitted, and followed to its target."""
    for key, name, text in (("alt+e", ENTRY, "92400.005"), *EXITS):
        seen.fill(key, name, text)
    seen.hears("Can't submit: 1 error. First: the entry price is between ticks.")
    mistaken = seen.tree(MAIN)
    seen.fill("alt+e", ENTRY, "92400.00")
    seen.hears("Ready. ")
    planned = seen.tree(MAIN)
    seen.keys("ctrl+Return")
    seen.until(lambda: seen.there(CONFIRM).is_enabled, "a review that may be confirmed")
    reviewed = seen.tree(MAIN)
    seen.until(lambda: confirmed(seen), "the plan on its way")
    working = cells(seen, "S-0001, Entry working")
    seen.keys("Escape")
    move_price(seen, "92390.00")
    seen.hears("Stop 90,552.00 and target 97,020.00 are active.")
    protected = cells(seen, "S-0001, Exits active")
    move_price(seen, "97400.00")
    seen.hears("S-0001: Target filled at ")
    closed = cells(seen, "S-0001, Target filled")
    return Trade(mistaken, planned, reviewed, working, protected, closed)


def move_price(seen: Eyes, price: str) -> None:
    """By the panel that the practice exchange offers for it, with keys."""
    seen.keys("ctrl+shift+p")
    seen.write("Practice price", price, SCENARIOS)
    seen.press("Move price", SCENARIOS)
    close_scenarios(seen)


def close_scenarios(seen: Eyes) -> None:
    seen.keys("Escape")
    seen.until(lambda: all(not window.name.startswith(SCENARIOS) for window in seen.windows()), "the panel closed")


def confirmed(seen: Eyes) -> bool:
    """Confirm; in its first half second the review takes no key."""
    seen.keys("ctrl+Return")
    button = seen.find(CONFIRM)
    return button is None or not button.is_enabled


def named(tree: list[Node], name: str) -> Node:
    """The control of this name; the label beside a field is none."""
    found = [node for node in tree if node.name == name and node.role != "label"]
    assert found, f"nothing is called {name!r}"
    return found[0]


def cells(seen: Eyes, state: str) -> list[str]:
    """The row of the strategies table as it is read out, once it begins so."""

    def read() -> list[str]:
        found = [node.name for node in seen.tree(MAIN, "Strategies table") if node.role == "table cell"]
        return found if found[:1] == [state] else []

    return seen.until(read, state)


def names(tree: list[Node]) -> set[str]:
    return {node.spoken for node in tree}


# One trade


@pytest.mark.xvfb
def test_a_mistake_is_read_out_at_its_field_and_at_submit(trade: Trade) -> None:
    assert named(trade.mistaken, ENTRY).description == BETWEEN_TICKS
    submit = named(trade.mistaken, SUBMIT)
    assert not submit.is_enabled
    assert submit.description == "Can't submit: 1 error. First: the entry price is between ticks."
    assert "Checks: 1 fail" in names(trade.mistaken)


@pytest.mark.xvfb
def test_what_was_typed_reads_as_typed(trade: Trade) -> None:
    typed = {name: named(trade.planned, name).text for name in (ENTRY, QUANTITY, STOP, TARGET)}
    assert typed == {ENTRY: "92400.00", QUANTITY: "0.1", STOP: "2%", TARGET: "2.5R"}
    assert named(trade.planned, SUBMIT).is_enabled
    assert named(trade.planned, SUBMIT).description == ""


@pytest.mark.xvfb
def test_every_field_says_the_verdict_that_stands_below_it(trade: Trade) -> None:
    for tree in (trade.mistaken, trade.planned):
        shown = {node.spoken for node in tree if node.role == "filler"}
        for name in (ENTRY, QUANTITY, STOP, TARGET):
            verdict = named(tree, name).description
            assert verdict
            assert verdict in shown


@pytest.mark.xvfb
def test_the_review_reads_each_leg_as_it_will_be_sent(trade: Trade) -> None:
    legs = sorted(name for name in names(trade.reviewed) if name.startswith("Leg "))
    assert [leg.split(". ")[0] for leg in legs] == [
        "Leg 1, Entry, LIMIT",
        "Leg 2, Stop, STOP_LOSS",
        "Leg 3, Target, TAKE_PROFIT",
    ]
    assert "Buy 0.10000 BTC at 92,400.00 or lower." in legs[0]
    assert {"Summary", "Request JSON", "Back to plan", CONFIRM} <= names(trade.reviewed)


@pytest.mark.xvfb
def test_the_table_reads_each_leg_to_the_end(trade: Trade) -> None:
    assert trade.working == [
        "S-0001, Entry working",
        "Buy 0.10000 BTC_USD",
        "Entry leg, active, 92,400.00",
        "Stop leg, waiting, 90,552.00",
        "Target leg, waiting, 97,020.00",
        "Result: not open",
    ]
    assert trade.protected[2:5] == [
        "Entry leg, filled, 92,400.00",
        "Stop leg, active, 90,552.00",
        "Target leg, active, 97,020.00",
    ]
    assert trade.closed[2:5] == [
        "Entry leg, filled, 92,400.00",
        "Stop leg, cancelled, 90,552.00",
        "Target leg, filled, 97,020.00",
    ]
    assert trade.closed[5].startswith("Result: +")


@pytest.mark.xvfb
def test_news_are_announced_and_no_more_than_one_a_second(seen: Eyes, trade: Trade) -> None:
    heard = seen.listen()
    assert any(each.words.startswith("Can't submit: ") for each in heard)
    assert any(each.words.startswith("S-0001: Target filled at ") for each in heard)
    assert len(heard) - 1 <= heard[-1].at - heard[0].at + 1, heard
    assert not [each.words for each in heard if "\u00a0" in each.words]


# Every control


PRESSED = {"push button", "radio button", "check box", "combo box", "text", "table", "table cell"}


def nameless(tree: list[Node]) -> list[str]:
    """Whatever the keyboard or a press can come to and that has no name."""
    return [str(node) for node in tree if (node.is_control or node.role in PRESSED) and not node.spoken]


@pytest.mark.xvfb
def test_the_whole_plan_page_has_the_design_s_names(seen: Eyes, trade: Trade) -> None:
    seen.go("ctrl+n", ENTRY)
    for key, name, limit in (("alt+o", STOP, "Stop limit price"), ("alt+g", TARGET, "Target limit price")):
        seen.go(key, name)
        seen.keys("ctrl+m")
        seen.there(limit)
    tree = seen.tree(MAIN)
    assert nameless(tree) == []
    assert names(tree) >= {
        "Environment: PRACTICE, simulated",
        *("Side", "Side: Buy", "Side: Sell", ENTRY, "Quantity mode", QUANTITY),
        *("Stop type", STOP, "Stop limit price", "Target type", TARGET, "Target limit price"),
        *("Post-only entry", "Tag and note", "Outcome", SUBMIT, "Strategies table"),
    }
    beginnings = ("REST connection: good, ", "User stream: good", "Market stream: ", "Clock skew: ", "Checks: ")
    assert [each for each in beginnings if not any(name.startswith(each) for name in names(tree))] == []
    assert named(tree, "BTC_USD").description == "Instrument"
    assert named(tree, SUBMIT).description.startswith("Not ready. Fill in ")


@pytest.mark.xvfb
def test_the_chart_reads_its_lines(trade: Trade) -> None:
    assert nameless(trade.planned) == []
    assert names(trade.planned) >= {
        "Entry line, 92,400.00, Buy 0.10000 BTC",
        "Stop line, 90,552.00, minus 2.00 percent",
        "Target line, 97,020.00, plus 5.00 percent",
    }
    assert named(trade.planned, "Price chart").description.startswith("BTC_USD, 15m, ")


@pytest.mark.xvfb
def test_the_review_names_all_of_it(trade: Trade) -> None:
    assert nameless(trade.reviewed) == []
    assert "Review strategy" in names(trade.reviewed)


@pytest.mark.xvfb
def test_the_strategies_page_names_all_of_it(seen: Eyes, trade: Trade) -> None:
    seen.keys("ctrl+2")
    seen.there("Search strategies")
    seen.until(lambda: seen.find("S-0001, Target filled", "table cell"), "the strategy")
    tree = seen.tree(MAIN)
    seen.keys("ctrl+1")
    assert nameless(tree) == []
    assert {"Strategies table", "Event timeline", "States listed", "Duplicate as new plan"} <= names(tree)
    assert named(tree, "Cancel strategy").description == "Nothing is left to cancel."
    lists = {node.description for node in tree if node.role == "combo box"}
    assert {"Instrument", "Instrument listed: All instruments"} <= lists
    assert any(each.startswith("Period listed: ") for each in lists)


@pytest.mark.xvfb
def test_the_scenarios_say_what_to_watch(seen: Eyes) -> None:
    seen.keys("ctrl+shift+p")
    seen.there("Practice price", "text", SCENARIOS)
    tree = seen.tree(SCENARIOS)
    close_scenarios(seen)
    assert nameless(tree) == []
    scenarios = [node for node in tree if node.role == "check box"]
    assert len(scenarios) > 10
    assert [str(node) for node in scenarios if not node.description] == []


@pytest.mark.xvfb
@pytest.mark.parametrize(
    ("key", "known"),
    [
        ("ctrl+comma", ("Send orders over: Automatic", "Risk per trade in percent of the account")),
        ("ctrl+shift+a", ("Balances", "Maker fee: 0.25%")),
    ],
    ids=["settings", "account"],
)
def test_a_sheet_names_all_of_it(seen: Eyes, key: str, known: tuple[str, ...]) -> None:
    seen.keys(key)
    seen.there(known[0])
    tree = seen.tree(MAIN)
    seen.keys("Escape")
    assert nameless(tree) == []
    assert set(known) <= names(tree)


@pytest.mark.xvfb
def test_the_list_of_keys_is_read_out(seen: Eyes) -> None:
    seen.keys("ctrl+question")
    listed = seen.there("Keys", "text", "Keys").text
    seen.keys("Escape")
    assert "\n  Ctrl+Shift+P    Practice scenarios\n" in listed
    assert "\n  Alt+E           Entry price in USD\n" in listed


@pytest.mark.xvfb
def test_keys_are_chosen_by_ear(seen: Eyes) -> None:
    """From the list of keys, with the keyboard alone: a key that another command has is named."""
    seen.keys("ctrl+question")
    seen.there("Keys", "text", "Keys")
    seen.press("Change keys…", "Keys")
    seen.there("Commands and their keys", "table", CHANGE_KEYS)
    tree = seen.tree(CHANGE_KEYS)
    seen.go("F2", "New keys")
    seen.keys("ctrl+d")
    seen.until(lambda: (here := seen.focused()) and here.name == "Use" and here.description == TAKEN, TAKEN)
    seen.keys("Escape")
    seen.until(lambda: all(not window.name.startswith(CHANGE_KEYS) for window in seen.windows()), "the sheet closed")
    assert nameless(tree) == []
    assert "File, New plan, Ctrl+N" in names(tree)


@pytest.mark.xvfb
def test_help_on_a_field_is_read_out(seen: Eyes) -> None:
    seen.go("alt+o", STOP)
    seen.keys("F1")
    said = seen.there("Where the mark price ends the trade at a loss.", window=STOP)
    seen.keys("Escape")
    assert said.role == "label"


@pytest.mark.xvfb
def test_the_environment_page_names_all_of_it(seen: Eyes) -> None:
    seen.press("Environment: PRACTICE, simulated")
    seen.there("Stay in PRACTICE")
    tree = seen.tree(MAIN)
    seen.keys("Escape")
    assert nameless(tree) == []
    assert {"Environment: LIVE, real money", "LIVE. Real orders with real money."} <= names(tree)


# One exit


@pytest.fixture(scope="module")
def second(seen: Eyes, trade: Trade) -> str:
    """After the first bracket another one, whose exits are active; how its row begins."""
    assert trade.closed
    move_price(seen, "93118.42")
    seen.go("ctrl+n", ENTRY)
    for key, name, text in (("alt+e", ENTRY, "92300.00"), *EXITS):
        seen.fill(key, name, text)
    seen.until(lambda: seen.there(SUBMIT).is_enabled, "a plan that may be sent")
    seen.keys("ctrl+Return")
    seen.until(lambda: seen.there(CONFIRM).is_enabled, "a review that may be confirmed")
    seen.until(lambda: confirmed(seen), "the plan on its way")
    seen.keys("Escape")
    move_price(seen, "92290.00")
    seen.hears("Stop 90,454.00 and target 96,915.00 are active.")
    return "S-0002, Exits active"


def move_button(seen: Eyes) -> Node:
    return seen.there("Move stop", "push button")


@pytest.mark.xvfb
def test_an_exit_is_moved_by_ear(seen: Eyes, second: str) -> None:
    seen.keys("ctrl+shift+m")
    seen.press("Move stop")
    box = seen.there("New stop trigger", "text")
    seen.until(lambda: (here := seen.focused()) and here.name == box.name, "the keyboard in it")
    assert box.text == "90454.00"
    seen.keys("ctrl+a", "Delete")
    seen.fill("alt+n", "New stop trigger", "92400.00")
    seen.until(lambda: "trigger at once" in move_button(seen).description, "the reason")
    assert not move_button(seen).is_enabled
    seen.keys("ctrl+a", "Delete")
    seen.fill("alt+n", "New stop trigger", "91000")
    seen.until(lambda: move_button(seen).is_enabled, "the move to be allowed")
    tree = seen.tree(MAIN, "Move stop")
    assert nameless(tree) == []
    assert {"Trigger: 90,454.00 now, 91,000.00 after", "Keep stop"} <= names(tree)
    seen.keys("ctrl+Return")
    seen.hears("Stop moved to 91,000.00.")
    seen.keys("Escape")
    assert cells(seen, second)[3] == "Stop leg, active, 91,000.00"


@pytest.mark.xvfb
def test_an_exit_is_removed_by_ear(seen: Eyes, second: str) -> None:
    """On the page of strategies, where Del asks which one."""
    seen.go("ctrl+2", "Strategies table")
    seen.keys("ctrl+Home")  # the newest; a test before may have chosen another one
    seen.until(lambda: seen.there("Move target", "push button").is_enabled, "the strategy it is about")
    seen.keys("Delete")
    seen.until(lambda: (here := seen.focused()) and here.name == "Keep both", "what changes nothing")
    seen.press("Remove target")
    sentence = "This removes your target. Only the stop will close this position."
    seen.until(lambda: (here := seen.focused()) and here.description == sentence and here.name == "Keep target", "why")
    seen.keys("Tab", "Return")
    seen.hears("Target leg, cancelled, 96,915.00")
    seen.keys("ctrl+1")
    assert cells(seen, "S-0002, Stop active")[3:5] == [
        "Stop leg, active, 91,000.00",
        "Target leg, cancelled, 96,915.00",
    ]
