"""Words of the help: what a field takes, and the keys that a part of the window answers to by itself.

Every key that a menu or a letter under a name brings is read off the window when it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

from otoco_desktop.domain.finding import Field

PRICES = (
    "Type a price, or a distance from the entry: 2%, -500 or +500 in the quote coin, 2.5R.",
    "1R is the distance from entry to stop. For a stop it is the unit of R in Settings divided by the quantity.",
)
KEPT_PRICES = "What it names of the market (mark, bid, ask, mid, last) stays as it was when you typed it."
ALL_FREE = (
    "free (or max) is the most that can be bought or sold with what is free and no other exit counts on, fees paid. "
    "What was free stays as it was when you typed it."
)
WORKED_OUT = {
    Field.ENTRY: f"Or work it out: mark-0.5%, bid-10*tick, (bid+ask)/2. {KEPT_PRICES}",
    Field.STOP: f"Or work it out: entry-200*tick, mark-2%. {KEPT_PRICES}",
    Field.STOP_LIMIT: "Or work it out: stop-0.1%, stop-20*tick.",
    Field.TARGET: f"Or work it out: entry+2*(entry-stop), mark+5%. {KEPT_PRICES}",
    Field.TARGET_LIMIT: "Or work it out: target-0.1%, target-20*tick.",
}
TICKS = "↑ and ↓ move the price by 1 tick, with Shift by 10, with Ctrl by 100."
FIELD_HELP = {
    Field.ENTRY: (
        "The price of the limit order that opens the trade. Bid, Mid and Ask fill in the market's.",
        WORKED_OUT[Field.ENTRY],
        TICKS,
    ),
    Field.QUANTITY: (
        "How much to trade: Quantity is in the base coin, Spend in the quote coin.",
        "Risk % sizes the trade so that the stop, fees included, costs that share of the account: 0.5%.",
        "250 USD (in the quote coin) risks that amount. All are rounded down to the step.",
        f"Or work it out: max, 0.5*free, 25% of free, free-10%, 0.1+0.05. {ALL_FREE}",
        "Another mode keeps the quantity and rewrites the text.",
    ),
    Field.STOP: ("Where the mark price ends the trade at a loss.", *PRICES, WORKED_OUT[Field.STOP], TICKS),
    Field.STOP_LIMIT: (
        "The worst price the stop may fill at. In a fast market it may not fill.",
        WORKED_OUT[Field.STOP_LIMIT],
        TICKS,
    ),
    Field.TARGET: ("Where the mark price ends the trade at a gain.", *PRICES, WORKED_OUT[Field.TARGET], TICKS),
    Field.TARGET_LIMIT: ("The worst price the target may fill at.", WORKED_OUT[Field.TARGET_LIMIT], TICKS),
}
ELSEWHERE = "Tab goes to the next control, Shift+Tab to the one before."


@dataclass(frozen=True, slots=True)
class Key:
    """What to press, and what it does; ``command`` is the name of one whose keys may be changed."""

    keys: str
    does: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Local:
    """A command that a part of the window answers to by itself, and the key it comes with."""

    name: str
    title: str
    where: str
    keys: str


@dataclass(frozen=True, slots=True)
class Section:
    """Keys that belong together, under the name of where they work."""

    title: str
    keys: tuple[Key, ...]


TOGGLE, CANCEL, REMOVE = "market-or-limit", "cancel-selected-strategy", "remove-stop-or-target"
LOCAL = (
    Local(TOGGLE, "Market or limit", "In a stop or a target", "Ctrl+M"),
    Local(REMOVE, "Remove the stop or the target; asks first", "In the strategies table", "Del"),
    Local(CANCEL, "Cancel the strategy; asks first", "In the strategies table", "Shift+Del"),
)
PARTS = (
    Section(
        "In a price field, and on a chart line",
        (
            Key("↑ ↓", "1 tick up or down"),
            Key("Shift+↑ ↓", "10 ticks up or down"),
            Key("Ctrl+↑ ↓", "100 ticks up or down"),
        ),
    ),
    Section("In a stop or a target", (Key("Ctrl+M", "Market or limit", TOGGLE),)),
    Section("On a chart line", (Key("Enter", "To the line's field"), Key("Esc", "To the line's field"))),
    Section(
        "In the checks",
        (
            Key("↑ ↓", "Next or previous check"),
            Key("Enter", "To the field it is about"),
            Key("Shift+Enter", "Take its fix"),
            Key("1 2 3", "Take the fix of that number"),
        ),
    ),
    Section(
        "In the list of drafts",
        (
            Key("Enter", "Open the draft; nothing is sent"),
            Key("F2", "Name it"),
            Key("Del", "Delete it"),
            Key("Ctrl+Z", "Bring the deleted one back"),
        ),
    ),
    Section(
        "In the list of presets",
        (
            Key("Enter", "Use the preset; nothing is sent"),
            Key("F2", "Name it"),
            Key("Del", "Delete it"),
            Key("Ctrl+Z", "Bring back what was before"),
        ),
    ),
    Section(
        "In the strategies table",
        (
            Key("Ctrl+C", "Copy the selected row"),
            Key("← →", "To the stop or the target of the row"),
            Key("Del", "Remove the stop or the target; asks first", REMOVE),
            Key("Shift+Del", "Cancel the strategy; asks first", CANCEL),
        ),
    ),
    Section(
        "In the review",
        (Key("Ctrl+Enter", "Submit; Enter alone never does"), Key("Esc", "Close; nothing is sent")),
    ),
    Section(
        "While a stop or a target is moved",
        (Key("Ctrl+Enter", "Move; Enter alone never does"), Key("Esc", "Close; nothing is sent")),
    ),
)
WIDTH = 16
"""Room for the keys before what they do."""


def as_text(sections: tuple[Section, ...]) -> str:
    """The sections as lines that stand under each other in letters of one width."""
    blocks = [[section.title, *(f"  {key.keys:<{WIDTH}}{key.does}" for key in section.keys)] for section in sections]
    return "\n\n".join("\n".join(block) for block in blocks)
