"""Runs every benchmark and prints its figures: ``python3 packaging/dev.py bench [NAME ...] [--json FILE]``.

Each benchmark runs in a process of its own, so that none meets the caches, timers or threads of another.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from otoco_desktop.__main__ import skip_source_scan
from tests.benchmarks.measure import Fact, Row, machine

NAMES = (
    "create", "keystroke", "chart", "send", "transports", "start", "facts", "history", "idle", "vault", "big_journal",
    "burst", "picker", "frozen",
)  # fmt: skip


def main() -> int:
    asked = _parser().parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if asked.into is not None:
        skip_source_scan()  # as the program does: the sources that PySide reads stay in memory
        records = [row.record() for row in _rows(asked.names[0])]
        asked.into.write_text(json.dumps(records), encoding="utf-8")
        return 0
    print(machine(), flush=True)
    found = [record for name in asked.names or NAMES for record in _apart(name)]
    if asked.against is not None:
        print("\n".join(compared(json.loads(asked.against.read_text(encoding="utf-8"))["rows"], found)))
    if asked.json is not None:
        asked.json.write_text(json.dumps({"machine": machine(), "rows": found}, indent=1), encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python3 packaging/dev.py bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which of {', '.join(NAMES)}; all without", metavar="NAME")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures")
    parser.add_argument("--against", type=Path, metavar="FILE", help="compare with figures kept earlier")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    return parser


def compared(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[str]:
    """A line for each figure that both runs have: earlier, now, and now over earlier.

    Ratios to a floor are compared where there are any, as they depend least on the machine.
    """
    earlier = {record["name"]: record for record in before}
    lines = ["", "compared with the figures kept earlier:"]
    for record in now:
        old = earlier.get(record["name"])
        key = next((each for each in ("ratio", "median_ms", "value") if record.get(each)), None)
        if old is not None and key is not None and old.get(key):
            then, here = old[key], record[key]
            lines.append(f"{record['name']:<46} {key:<10}{then:9.3f} {here:9.3f}  x {here / then:.2f}")
    return lines


def _rows(name: str) -> list[Row | Fact]:
    found: list[Row | Fact] = importlib.import_module(f"tests.benchmarks.{name}").rows()
    return found


def _apart(name: str) -> list[dict[str, Any]]:
    """Run one benchmark as a process, and print its lines. Raises ``CalledProcessError`` when it failed."""
    with TemporaryDirectory() as folder:
        into = Path(folder) / "rows.json"
        subprocess.run([sys.executable, "-m", "tests.benchmarks", name, "--into", str(into)], check=True)
        records: list[dict[str, Any]] = json.loads(into.read_text(encoding="utf-8"))
    for record in records:
        print(record["line"], flush=True)
    return records


if __name__ == "__main__":
    sys.exit(main())
