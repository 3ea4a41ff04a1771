"""What is drawn over the candles, as plain shapes in pixels. Two boards differ by exactly what has to be repainted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from math import floor

from otoco_desktop.domain.candles import Candle
from otoco_desktop.domain.finding import Field
from otoco_desktop.ui.chart.geometry import Frame
from otoco_desktop.ui.chart.spread import spread
from otoco_desktop.ui.chart.state import LOOKS, ChartState, Level, Zone
from otoco_desktop.ui.shell.tokens import Token

AXIS = 76.0
"""Least width of the price axis; longer prices have more."""

FOOT = 23.0
TAG = 20.0
APART = 24.0
LABEL = 22.0
NAME = 16.0
TICK = 10.0
"""How high a name beside a line and the digits of a price on the axis are."""

TAG_EDGE = 3.0
WIDEST_TAG = 220.0
BODY_SHARE = 0.7

Bounds = tuple[float, float, float, float]


class Dash(StrEnum):
    """How a line is drawn, so that no line is told by its colour alone."""

    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"
    FINE = "fine"


DASHES = {Field.ENTRY: Dash.SOLID, Field.STOP: Dash.DOTTED, Field.TARGET: Dash.DASHED}


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line across, or down where ``y`` differs from ``to_y``."""

    x: float
    y: float
    to_x: float
    to_y: float
    token: Token
    dash: Dash

    @property
    def bounds(self) -> Bounds:
        return self.x - 2, self.y - 2, self.to_x - self.x + 4, self.to_y - self.y + 4


@dataclass(frozen=True, slots=True)
class Band:
    """A zone with its name."""

    rect: Bounds
    token: Token
    words: str

    @property
    def bounds(self) -> Bounds:
        return self.rect


@dataclass(frozen=True, slots=True)
class Tag:
    """A price on the axis, or a time at the foot."""

    rect: Bounds
    words: str
    fill: Token
    ink: Token
    border: Token | None = None

    @property
    def bounds(self) -> Bounds:
        return self.rect


@dataclass(frozen=True, slots=True)
class Leader:
    """From the end of a line to its label that stands elsewhere."""

    x: float
    y: float
    to_x: float
    to_y: float
    token: Token

    @property
    def bounds(self) -> Bounds:
        top, bottom = sorted((self.y, self.to_y))
        return self.x - 2, top - 2, self.to_x - self.x + 4, bottom - top + 4


@dataclass(frozen=True, slots=True)
class Note:
    """A few words, with the room they may take."""

    rect: Bounds
    words: str
    token: Token
    to_right: bool = False

    @property
    def bounds(self) -> Bounds:
        return self.rect


@dataclass(frozen=True, slots=True)
class Body:
    """The newest candle, which changes with every price."""

    x: float
    width: float
    open: float
    high: float
    low: float
    close: float

    @property
    def bounds(self) -> Bounds:
        return self.x - 2, self.high - 2, self.width + 4, self.low - self.high + 4


Shape = Stroke | Band | Tag | Leader | Note | Body


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the mouse is, with the price and the time there."""

    x: float
    y: float
    price: str
    time: str
    readout: str


@dataclass(frozen=True, slots=True)
class Board:
    """Shapes in the order they are painted, the middle of each label, and what its tag takes of its room."""

    shapes: tuple[Shape, ...] = ()
    labels: Mapping[Field, int] = field(default_factory=dict)
    overhangs: Mapping[Field, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a board is made of besides the plan: the newest candle with its length, the mouse, words in the middle."""

    frame: Frame
    newest: Candle | None = None
    candle_ms: int = 0
    pointer: Pointer | None = None
    standing: str = ""
    width_of: Callable[[str], float] = lambda words: 6.0 * len(words)
    axis: float = AXIS
    ticks: tuple[float, ...] = ()
    """Width of the price axis, and the middles of the prices written on it."""


def board(state: ChartState, scene: Scene) -> Board:
    """Everything in its place."""
    frame = scene.frame
    wanted = {line.field: frame.y_of(line.price) for line in state.lines}
    mark_y = None if state.mark is None else _inside(frame, state.mark.price)
    places = _places(wanted, mark_y, frame.height)
    shapes = (
        *_zones(state, scene),
        *_others(state, frame),
        *_newest(scene),
        *_levels(state, scene, places),
        *_plan(state, scene, places),
        *_names(state, scene),
        *_words(scene),
        *_crosshair(scene),
    )
    labels = {name: place for name, place in places.items() if isinstance(name, Field)}
    return Board(
        (*_covers(scene, shapes), *shapes), labels, {line.field: overhang(line.tag, scene) for line in state.lines}
    )


def overhang(words: str, scene: Scene) -> float:
    """How far a price that is longer than the axis is wide stands out to the left, pixels: no digit is cut off."""
    return max(0.0, min(WIDEST_TAG, scene.width_of(words) * 1.06 + 2 * TAG_EDGE) - scene.axis)


def _price_tag(scene: Scene, middle: float, words: str) -> Bounds:
    out = overhang(words, scene)
    return scene.frame.width - out, middle - TAG / 2, scene.axis + out, TAG


def _covers(scene: Scene, shapes: tuple[Shape, ...]) -> Iterator[Shape]:
    """A price of the axis that a tag or the upper edge would cut in half is not shown."""
    frame = scene.frame
    tags = [
        shape.rect[1] + shape.rect[3] / 2
        for shape in shapes
        if isinstance(shape, Tag) and shape.rect[0] + shape.rect[2] > frame.width + 1
    ]
    for tick in scene.ticks:
        if tick < TICK / 2 or any(abs(tick - tag) < (TAG + TICK) / 2 for tag in tags):
            yield Tag((frame.width + 4, floor(tick - NAME / 2), scene.axis - 4, NAME + 1), "", Token.BG1, Token.BG1)


def _inside(frame: Frame, price: Decimal) -> float | None:
    y = frame.y_of(price)
    return y if 0 <= y <= frame.height else None


def _places(wanted: Mapping[Field, float], mark_y: float | None, height: float) -> dict[Field | str, int]:
    """Middles of the labels and of the mark's tag; whole pixels keep the distance, as all are rounded down."""
    names: list[Field | str] = [*wanted]
    middles = [*wanted.values()]
    if mark_y is not None:
        names.append("mark")
        middles.append(mark_y)
    half = LABEL / 2
    kept = [min(max(middle, -1e6), 1e6) for middle in middles]
    return {name: floor(y) for name, y in zip(names, spread(kept, APART, half, height - half), strict=True)}


def _start_of_future(scene: Scene) -> float:
    """Where nothing has happened yet, pixels."""
    if scene.newest is None:
        return scene.frame.width * 0.61
    return max(0.0, scene.frame.x_of(scene.newest.start_ms + scene.candle_ms))


def _zones(state: ChartState, scene: Scene) -> Iterator[Shape]:
    frame, left = scene.frame, floor(_start_of_future(scene)) + 1.0
    if left >= frame.width - 8:
        return
    for zone in state.zones:
        top, bottom = max(0.0, frame.y_of(zone.upper)), min(frame.height, frame.y_of(zone.lower))
        if bottom > top:
            rect = (left, top, frame.width - left, bottom - top)
            yield Band(rect, LOOKS[zone.field].ink, "")
            if bottom - top >= 60:
                yield _zone_name(zone, rect)


def _zone_name(zone: Zone, rect: Bounds) -> Note:
    left, top, wide, high = rect
    is_target = zone.field is Field.TARGET
    middle = top + high * (0.36 if is_target else 0.55)
    words, token = ("Reward", Token.POS) if is_target else ("Risk", Token.NEG)
    return Note((left + 10, floor(middle) - 9.0, min(60.0, wide - 10), 18), words, token)


def _seen(state: ChartState, frame: Frame) -> list[tuple[int, str]]:
    """Heights and names of the lines of open strategies that are in sight."""
    return [(floor(y), other.words) for other in state.others if (y := _inside(frame, other.price)) is not None]


def _others(state: ChartState, frame: Frame) -> Iterator[Shape]:
    for y, _name in _seen(state, frame):
        yield Stroke(0, y + 0.5, frame.width, y + 0.5, Token.TEXT3, Dash.FINE)


def _names(state: ChartState, scene: Scene) -> Iterator[Shape]:
    """On their lines, or as near as they can be without covering one another; over whatever else is there."""
    frame = scene.frame
    seen = _seen(state, frame)
    middles = spread([float(y) for y, _name in seen], NAME + 1, NAME / 2, frame.height - NAME / 2)
    for (_y, name), middle in zip(seen, middles, strict=True):
        rect = (6.0, float(floor(middle - NAME / 2)), scene.width_of(name) + 10, NAME)
        yield Tag(rect, name, Token.BG1, Token.TEXT2, Token.LINE)


def _newest(scene: Scene) -> Iterator[Shape]:
    """The newest candle."""
    candle, frame = scene.newest, scene.frame
    if candle is None:
        return
    left, right = frame.x_of(candle.start_ms), frame.x_of(candle.start_ms + scene.candle_ms)
    if right < 0 or left > frame.width:
        return
    wide = (right - left) * BODY_SHARE
    prices = (candle.open, candle.high, candle.low, candle.close)
    yield Body((left + right - wide) / 2, wide, *(frame.y_of(price) for price in prices))


def _levels(state: ChartState, scene: Scene, places: Mapping[Field | str, int]) -> Iterator[Shape]:
    frame, left = scene.frame, min(_start_of_future(scene), scene.frame.width)
    mark_y = None if state.mark is None else _inside(frame, state.mark.price)
    if state.mark is not None and mark_y is not None:
        yield from _level(state.mark, mark_y, frame, left, is_named=_is_free(places, mark_y - 9))
        tag = _price_tag(scene, places["mark"], state.mark.tag)
        yield Tag(tag, state.mark.tag, Token.BG3, Token.TEXT, Token.EDGE)
    last_y = None if state.last is None else _inside(frame, state.last.price)
    if state.last is None or last_y is None or (mark_y is not None and abs(last_y - mark_y) < 3):
        return
    is_free = all(abs(place - last_y) >= APART for place in places.values())
    yield from _level(state.last, last_y, frame, left, is_named=is_free)
    if is_free:
        tag = _price_tag(scene, floor(last_y), state.last.tag)
        yield Tag(tag, state.last.tag, Token.BG1, Token.TEXT2, Token.LINE)


def _is_free(places: Mapping[Field | str, int], y: float) -> bool:
    return all(abs(place - y) > LABEL for name, place in places.items() if name != "mark")


def _level(level: Level, y: float, frame: Frame, left: float, *, is_named: bool) -> Iterator[Shape]:
    line = floor(y) + 0.5
    yield Stroke(left, line, frame.width, line, Token.TEXT3, Dash.FINE)
    if is_named:
        yield Note((frame.width - 46, line - 18, 40, 16), level.name, Token.TEXT2, to_right=True)


def _plan(state: ChartState, scene: Scene, places: Mapping[Field | str, int]) -> Iterator[Shape]:
    frame = scene.frame
    for line in state.lines:
        look, place = LOOKS[line.field], places[line.field]
        y = _inside(frame, line.price)
        if y is not None:
            at = floor(y) + 0.5
            yield Stroke(0, at, frame.width, at, look.ink, DASHES[line.field])
            if abs(at - place) >= 2:
                yield Leader(frame.width - 7, at, frame.width, place + 0.5, look.ink)
        yield Tag(_price_tag(scene, place, line.tag), line.tag, look.fill, Token.ON_FILL)


def _words(scene: Scene) -> Iterator[Shape]:
    """What stands in the middle where no candles are."""
    if scene.standing:
        frame = scene.frame
        wide = min(frame.width - 16, scene.width_of(scene.standing) * 1.2 + 8)
        yield Note(((frame.width - wide) / 2, floor(frame.height / 2) - 9.0, wide, 18), scene.standing, Token.TEXT2)


def _crosshair(scene: Scene) -> Iterator[Shape]:
    pointer, frame = scene.pointer, scene.frame
    if pointer is None:
        return
    x, y = floor(pointer.x) + 0.5, floor(pointer.y) + 0.5
    yield Stroke(0, y, frame.width, y, Token.TEXT3, Dash.FINE)
    yield Stroke(x, 0, x, frame.height, Token.TEXT3, Dash.FINE)
    yield Tag(_price_tag(scene, y - 0.5, pointer.price), pointer.price, Token.BG2, Token.TEXT, Token.EDGE)
    wide = scene.width_of(pointer.time) + 16
    left = min(max(0.0, x - wide / 2), frame.width - wide)
    yield Tag((left, frame.height + 1, wide, FOOT - 2), pointer.time, Token.BG2, Token.TEXT, Token.EDGE)
    if pointer.readout:
        yield Note((8, 6, min(frame.width - 16, scene.width_of(pointer.readout) + 4), 16), pointer.readout, Token.TEXT2)
