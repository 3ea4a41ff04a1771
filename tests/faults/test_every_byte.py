"""A request and its reply broken at every byte: at most one list, the right belief, and the truth in the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from otoco_desktop.domain.transport import Transport
from otoco_desktop.exchange.clock import ServerTime, Stamps
from tests.faults import exit_boundaries
from tests.faults.actions import Cut, End, Way
from tests.faults.boundaries import ends_at, sail, sizes
from tests.faults.desks import Sea, SharedClock, at_sea, impatient
from tests.faults.evidence import Evidence
from tests.faults.exit_boundaries import MOVE, REMOVE, Change

__all__ = ["impatient"]

pytestmark = pytest.mark.usefixtures("impatient")
SHARES = 32
"""The long tests break every byte, each of them every so many."""

STEP = 149
"""The short ones break every so many, and the edges."""

TRANSPORTS = pytest.mark.parametrize("transport", [Transport.REST, Transport.WEBSOCKET])
WAYS = pytest.mark.parametrize("way", Way)


@pytest.fixture
def sea(tmp_path: Path) -> Iterator[Sea]:
    with at_sea(tmp_path) as sea:
        yield sea


def test_desks_of_one_key_stamp_no_two_requests_alike(sea: Sea) -> None:
    still = SharedClock()
    still.wall_ms = lambda: 1_800_000_000_000  # type: ignore[method-assign]  # within one millisecond
    desks = [Stamps(ServerTime(still)) for _ in range(3)]
    made = [stamps.next() for _ in range(5) for stamps in desks]
    assert len({stamp.nonce for stamp in made}) == len({stamp.request_id for stamp in made}) == len(made)
    assert max(stamp.nonce for stamp in made) < still.wall_ms() + len(made)


@pytest.mark.fault(5)
@TRANSPORTS
@WAYS
async def test_a_share_of_all_bytes(sea: Sea, transport: Transport, way: Way, evidence: Evidence) -> None:
    size = (await sizes(sea, transport))[way]
    places = sorted({0, 1, size // 2, size - 1, size, *range(STEP // 2, size, STEP)})
    ends = list(End)
    cuts = [Cut(way, at, ends[index % len(ends)]) for index, at in enumerate(places)]
    figures = await sail(sea, transport, cuts)
    assert figures.boundaries == len(cuts)
    injected = f"reset, half-close or silence at {len(cuts)} places of the {size} bytes of the {way} over {transport}"
    evidence.note(5, injected=injected, shown=str(dict(figures.outcomes)), ledger=str(figures))


@pytest.mark.long
@pytest.mark.fault(5)
@TRANSPORTS
@WAYS
@pytest.mark.parametrize("share", range(SHARES))
async def test_every_byte(share: int, sea: Sea, transport: Transport, way: Way, evidence: Evidence) -> None:
    size = (await sizes(sea, transport))[way]
    places = range(share, size + 1, SHARES)
    cuts = [Cut(way, at, how) for at in places for how in ends_at(at)]
    figures = await sail(sea, transport, cuts)
    assert figures.boundaries == len(cuts)
    injected = f"every {SHARES}th byte from {share} on of the {size} of the {way} over {transport}"
    evidence.note(5, injected=injected, shown=str(dict(figures.outcomes)), ledger=str(figures))


EXIT_SHARES, EXIT_STEP = 4, 3
"""Of the requests about an exit every third byte."""

CHANGES = pytest.mark.parametrize("change", [REMOVE, MOVE], ids=["remove", "move"])


def exit_cuts(change: Change, way: Way, places: Iterable[int]) -> list[Cut]:
    """At each of these bytes, one way of breaking after the other."""
    ends = list(End)
    return [Cut(way, at, ends[index % len(ends)], change.method) for index, at in enumerate(places)]


def places_of(share: int, size: int) -> range:
    return range(share * EXIT_STEP, size + 1, EXIT_SHARES * EXIT_STEP)


async def broken_exits(sea: Sea, transport: Transport, change: Change, cuts: list[Cut], evidence: Evidence) -> None:
    figures = await exit_boundaries.sail(sea, transport, change, cuts)
    assert figures.boundaries == len(cuts)
    injected = f"reset, half-close or silence at {len(cuts)} places of {change.method.decode()} over {transport}"
    evidence.note(5, injected=injected, shown=str(dict(figures.outcomes)), ledger=str(figures))


@pytest.mark.fault(5)
@pytest.mark.parametrize(
    ("transport", "change"),
    [
        pytest.param(Transport.REST, MOVE, id="move-rest"),
        pytest.param(Transport.WEBSOCKET, REMOVE, id="remove-websocket"),
    ],
)
async def test_a_share_of_the_bytes_about_an_exit(
    sea: Sea, transport: Transport, change: Change, evidence: Evidence
) -> None:
    size = await exit_boundaries.sizes(sea, transport, change)
    cuts = [cut for way in Way for cut in exit_cuts(change, way, (0, size[way] // 2, size[way] - 1, size[way]))]
    await broken_exits(sea, transport, change, cuts, evidence)


@pytest.mark.long
@pytest.mark.fault(5)
@TRANSPORTS
@CHANGES
@pytest.mark.parametrize("share", range(EXIT_SHARES))
async def test_every_third_byte_about_an_exit(
    share: int, sea: Sea, transport: Transport, change: Change, evidence: Evidence
) -> None:
    size = await exit_boundaries.sizes(sea, transport, change)
    cuts = [cut for way in Way for cut in exit_cuts(change, way, places_of(share, size[way]))]
    await broken_exits(sea, transport, change, cuts, evidence)
