"""One change at a time to a module's source: mutmut's operators, and two of our own.

Of the three changes mutmut makes to a text, one is enough here: a test that compares a sentence notices each.
Type annotations, decorators, docstrings and the members of enumerations are left alone.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import libcst as cst
from mutmut.mutation.mutators import mutation_operators, operator_string

_Found = tuple[str, cst.CSTNode, cst.CSTNode]
PACKAGE = Path(__file__).resolve().parents[2] / "otoco_desktop"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one change. ``function`` is empty where the change is outside of every function's body.

    ``line`` is where the change begins, counted from 1.
    """

    module: str
    function: str
    line: int
    before: str
    after: str
    source: str

    @property
    def dotted(self) -> str:
        return "otoco_desktop." + self.module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def mutants_of(module: str) -> list[Callable[[], Mutant]]:
    """Every mutant of a module, in the order of its source; each is made when called, which takes a while."""
    tree = cst.parse_module((PACKAGE / module).read_text(encoding="utf-8"))
    return [partial(_mutant, module, tree, found) for found in _found(tree, "", "")]


def _mutant(module: str, tree: cst.Module, found: _Found) -> Mutant:
    function, node, changed = found
    source = tree.deep_replace(node, changed).code
    lines = zip(tree.code.splitlines(), source.splitlines(), strict=False)
    line = next((number for number, (old, new) in enumerate(lines, 1) if old != new), 1)
    return Mutant(module, function, line, *_change(tree.code, source), source)


def _found(node: cst.CSTNode, path: str, function: str) -> Iterator[_Found]:
    """(qualified name of the outermost function, node, changed node) for every change below a node.

    What a parameter is by default is settled outside of the function, once.
    """
    if isinstance(node, cst.Annotation | cst.Decorator | cst.Import | cst.ImportFrom) or _is_mere_name(node):
        return
    if isinstance(node, cst.FunctionDef | cst.ClassDef):
        path = f"{path}.{node.name.value}".lstrip(".")
    if isinstance(node, cst.FunctionDef):
        function = function or path
    for changed in _changes(node):
        yield function, node, changed
    for child in node.children:
        yield from _found(child, path, "" if isinstance(child, cst.Parameters) and path == function else function)


def _changes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            found: Iterable[cst.CSTNode] = operator(node)
            yield from islice(found, 1) if operator is operator_string else found
    if isinstance(node, cst.If | cst.CompIf):
        yield node.with_changes(test=_negated(node.test))
    if isinstance(node, cst.Return) and node.value is not None:
        yield node.with_changes(value=cst.Name("None"), whitespace_after_return=cst.SimpleWhitespace(" "))


def _negated(test: cst.BaseExpression) -> cst.BaseExpression:
    inner = test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return cst.UnaryOperation(cst.Not(), inner, lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _is_mere_name(node: cst.CSTNode) -> bool:
    """A docstring, ``__all__``, or the members of an enumeration, whose values are names for people only."""
    if isinstance(node, cst.ClassDef):
        return any(isinstance(base.value, cst.Name) and base.value.value.endswith("Enum") for base in node.bases)
    if isinstance(node, cst.Assign):
        return any(isinstance(item.target, cst.Name) and item.target.value == "__all__" for item in node.targets)
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString | cst.ConcatenatedString)


def _change(before: str, after: str) -> tuple[str, str]:
    """The lines taken away and put in, without their indentation."""
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))[3:]
    taken = [line[1:].strip() for line in lines if line.startswith("-")]
    put = [line[1:].strip() for line in lines if line.startswith("+")]
    return "\n".join(taken), "\n".join(put)
