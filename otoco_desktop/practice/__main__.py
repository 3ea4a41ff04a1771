"""The practice exchange on its own: `python -m otoco_desktop.practice --port N`."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from otoco_desktop.practice.scenarios import SCENARIOS, scenario
from otoco_desktop.practice.thread import Endpoints, PracticeError, PracticeServer
from otoco_desktop.practice.venue import PracticeConfig

_POLL_S = 0.5


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl+C. Returns the exit code."""
    asked = _parser().parse_args(arguments)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    config = PracticeConfig(data_dir=asked.data_dir, port=asked.port, seed=asked.seed)
    server = PracticeServer(config)
    try:
        started = server.start().result()
        for name in asked.scenario:
            scenario(name).start(server.controls)
        print(json.dumps(_line(started)), flush=True)
    except PracticeError as error:
        print(error, file=sys.stderr)
        server.stop()
        return 2
    # A wait without end would keep Windows from delivering Ctrl+C.
    while not stopped.wait(_POLL_S):
        pass
    server.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m otoco_desktop.practice", description=__doc__)
    parser.add_argument("--port", type=_port, default=0, help="loopback port; 0, the default, takes a free one")
    parser.add_argument("--data-dir", type=Path, default=_default_folder(), help="where book and key are kept")
    parser.add_argument("--seed", type=int, default=None, help="price path; a new one at each start without")
    parser.add_argument(
        "--scenario",
        action="append",
        default=[],
        choices=[each.name for each in SCENARIOS],
        help="what goes wrong from the start; may be given several times",
    )
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; use 0 to 65535")
    return int(text)


def _default_folder() -> Path:
    return Path.home() / ".otoco-desktop-practice"


def _line(endpoints: Endpoints) -> dict[str, str]:
    return {
        "rest_url": endpoints.rest_url,
        "user_url": endpoints.user_url,
        "market_url": endpoints.market_url,
        "key_file": str(endpoints.key_file),
        "notice": endpoints.notice,
    }


if __name__ == "__main__":
    sys.exit(main())
