"""Change the program a little, thousands of times, and count which changes the tests notice.

    python -m tests.mutation [area ...] [--sample N] [--seed N] [--jobs N] [--json FILE]

``survivors.toml`` lists the changes that no test can notice, each with its reason. The command fails where fewer
than 90 % of the other changes are noticed in an area.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.mutation.areas import AREAS
from tests.mutation.mutants import mutants_of
from tests.mutation.trial import KILLED, SURVIVED, TIMED_OUT, Trial

WANTED = 0.9
KNOWN = Path(__file__).with_name("survivors.toml")
_Change = tuple[str, str, str, str]


def main() -> int:
    wanted = _arguments()
    reports = {name: _measure(name, wanted) for name in wanted.areas or AREAS}
    if wanted.json:
        wanted.json.write_text(json.dumps(reports, indent=1), encoding="utf-8")
    return int(any(report["share"] < WANTED for report in reports.values()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("areas", nargs="*", choices=[*AREAS, []], metavar="area", help=", ".join(AREAS))
    parser.add_argument("--sample", type=int, default=0, help="so many of each area, drawn at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--module", action="append", help="of these areas only these modules")
    return parser.parse_args()


def _measure(name: str, wanted: argparse.Namespace) -> dict[str, Any]:
    area, began = AREAS[name], time.monotonic()
    made = [mutant for module in wanted.module or area.modules for mutant in mutants_of(module)]
    drawn = random.Random(wanted.seed).sample(made, min(wanted.sample or len(made), len(made)))  # noqa: S311 - a sample
    trial = Trial(area.tests, drawn, wanted.jobs)
    arguments = ["-q", "--assert=plain", "--capture=no", "-p", "no:cacheprovider", "--no-summary", *area.tests]
    code = pytest.main(arguments, plugins=[trial])
    if code != 0 or len(trial.results) != len(drawn):
        raise SystemExit(f"{name}: pytest ended with {code}, {len(trial.results)} of {len(drawn)} tried")
    return _report(name, trial.results, len(made), time.monotonic() - began)


def _report(name: str, results: list[dict[str, str]], made: int, seconds: float) -> dict[str, Any]:
    verdicts = Counter(result["verdict"] for result in results)
    left = [result for result in results if result["verdict"] == SURVIVED]
    known = _known()
    unknown = [result for result in left if _key(result) not in known]
    equivalent = len(left) - len(unknown)
    noticed = verdicts[KILLED] + verdicts[TIMED_OUT]
    share = noticed / max(1, len(results) - equivalent)
    print(
        f"{name}: {len(results)} of {made} mutants, {verdicts[KILLED]} killed, {verdicts[TIMED_OUT]} timed out, "
        f"{equivalent} equivalent, {len(unknown)} survived: {share:.1%} in {seconds:.0f} s",
        flush=True,
    )
    for entry in unknown:
        print(f"  {entry['module']} {entry['function']}\n    - {entry['before']}\n    + {entry['after']}", flush=True)
    counts = {"made": made, "tried": len(results), **verdicts, "equivalent": equivalent, "unlisted": len(unknown)}
    return {**counts, "share": share, "seconds": round(seconds), "survivors": unknown}


def _known() -> dict[_Change, str]:
    """Changes that alter nothing a test could see, and why."""
    listed = tomllib.loads(KNOWN.read_text(encoding="utf-8"))["survivor"]
    return {_key(entry): entry["reason"] for entry in listed}


def _key(entry: dict[str, str]) -> _Change:
    return (entry["module"], entry["function"], entry["before"], entry["after"])


if __name__ == "__main__":
    sys.exit(main())
