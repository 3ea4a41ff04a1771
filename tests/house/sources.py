"""The package's source files, parsed once, for the tests that read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "otoco_desktop"


@dataclass(frozen=True, slots=True)
class Source:
    """One module: ``name`` is its path below the package, with forward slashes."""

    name: str
    text: str
    tree: ast.Module


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, printed so that an editor can jump to it."""

    name: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"otoco_desktop/{self.name}:{self.line}: {self.what}"


def source_of(text: str, name: str = "some/module.py") -> Source:
    """A source of the given text, for trying a rule on."""
    return Source(name, text, ast.parse(text))


@cache
def package_sources() -> tuple[Source, ...]:
    return tuple(
        source_of(path.read_text(encoding="utf-8"), path.relative_to(PACKAGE).as_posix())
        for path in sorted(PACKAGE.rglob("*.py"))
    )


def calls(source: Source) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last part of the called name: ``a.b.exec(1)`` gives ``exec``."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute):
                yield called.attr, node
            elif isinstance(called, ast.Name):
                yield called.id, node


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def docstrings(source: Source) -> set[int]:
    """The ids of the constants that are documentation."""
    owners = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return {
        id(node.body[0].value)
        for node in ast.walk(source.tree)
        if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)
    }
