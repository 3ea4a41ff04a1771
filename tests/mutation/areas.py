"""What is mutated, and which tests have to notice."""

from __future__ import annotations

from dataclasses import dataclass

_PLANNING, _TRUTH = "tests/domain/planning", "tests/domain/truth"
_REPLIES = ("outcome", "replies", "reasons", "commands", "rest", "inquiry")
_DESK = ("recover", "rounds", "audit", "submit", "cancel", "settle")


@dataclass(frozen=True, slots=True)
class Area:
    """Modules (paths below ``otoco_desktop``) and the tests that judge them."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


def _domain(*names: str) -> tuple[str, ...]:
    return tuple(f"domain/{name}.py" for name in names)


_RULES = ("account", "case", "grid", "limits", "live", "order", "post_only", "prices", "reward", "__init__")

AREAS: dict[str, Area] = {
    "rules": Area(
        (*_domain(*(f"rules/{name}" for name in _RULES)), *_domain("pricing", "risk", "sizing", "grammar", "parse")),
        (_PLANNING,),
    ),
    "weighing": Area(
        _domain("coverage", "depth", "outlook", "rules/cover", "rules/exits", "rules/bands"),
        (_PLANNING, "tests/domain/outcome_sheet", "tests/domain/test_depth.py"),
    ),
    "typing": Area(
        _domain("calculation", "vocabulary", "reading", "reading_size", "taking", "written_out", "distance", "again")
        + _domain("draft", "presets", "pasting", "pasted_plan", "plan_reader", "plan_settling", "plan_words"),
        (_PLANNING,),
    ),
    "lifecycle": Area(_domain("lifecycle", "legs", "phases", "strategy", "differences", "timeline"), (_TRUTH,)),
    "exits": Area(
        (*_domain("exits", "changing", "moving"), "app/change_exit.py"),
        (_TRUTH, f"{_PLANNING}/test_moving.py", "tests/app/test_change_exit.py"),
    ),
    "classification": Area(
        ("exchange/outcome.py", "exchange/replies.py", "exchange/reasons.py"),
        tuple(f"tests/exchange/test_{name}.py" for name in _REPLIES),
    ),
    "reconciliation": Area(
        (*_domain("reconcile", "looks", "evidence"), "app/recover.py"),
        (f"{_TRUTH}/test_reconcile.py", f"{_TRUTH}/test_phases.py", *(f"tests/app/test_{name}.py" for name in _DESK)),
    ),
}
