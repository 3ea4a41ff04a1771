"""Rules of the house that no general linter knows. Each takes a source and yields what breaks it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.sources import Place, Source, calls, docstrings, functions

LABEL_FACTORY = "ui/widgets/labels.py"
NESTED_LOOPS = {"exec", "exec_", "processEvents", "asyncSlot", "asyncClose"}
CREATE_METHOD = "private/advanced/create-otoco"

# Floats measure time, told by the unit in the name; pixels live in views. Anything else needs a line and a reason.
TIME_NAME = re.compile(r"(_s|_ms|_us|seconds|monotonic|elapsed)$|^speed$")
QT_FREE_UI = re.compile(r"ui/((.*/)?(state|presenter|rows)|formats|words)\.py$")
FLOATS_ALLOWED = {
    "exchange/stream.py": ({"first", "longest", "patient", "settled", "pause"}, "pauses between connections, seconds"),
    "practice/faults.py": ({"later"}, "delays of events, seconds"),
    "practice/plots.py": ({"later"}, "seconds, as call_later takes them"),
    "practice/controls.py": ({"points"}, "seconds since the market's start"),
    "practice/venue.py": ({"script"}, "seconds since the market's start"),
}

CLIENT_SETTINGS = {"timeout", "trust_env", "follow_redirects"}
TLS_SETTINGS = {"verify", "transport"}


def bare_labels(source: Source) -> Iterator[Place]:
    """A QLabel guesses rich text from its content, so labels come from the factory that forbids that."""
    if source.name != LABEL_FACTORY:
        for name, call in calls(source):
            if name == "QLabel":
                yield Place(source.name, call.lineno, "QLabel( outside ui/widgets/labels.py")


def loose_painters(source: Source) -> Iterator[Place]:
    """A painter that outlives an exception leaves its widget in the act of painting."""
    withs = (node for node in ast.walk(source.tree) if isinstance(node, ast.With))
    held = {id(item.context_expr) for node in withs for item in node.items}
    for name, call in calls(source):
        if name == "QPainter" and id(call) not in held:
            yield Place(source.name, call.lineno, "QPainter( outside of with")


def nested_loops(source: Source) -> Iterator[Place]:
    """A nested event loop under a running coroutine kills the wake-ups of other tasks."""
    for node in ast.walk(source.tree):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if name in NESTED_LOOPS:
            yield Place(source.name, getattr(node, "lineno", 0), name)


def floats(source: Source) -> Iterator[Place]:
    """Money is exact; a float may only be a duration, a moment of a monotonic clock, or pixels in a view.

    The unit in the name tells a duration (``timeout_s``); other names stand in FLOATS_ALLOWED with their reason.
    """
    is_view = source.name.startswith("ui/") and not QT_FREE_UI.match(source.name)
    if is_view:
        return
    allowed, _reason = FLOATS_ALLOWED.get(source.name, (set(), ""))
    for name, call in calls(source):
        if name == "float":
            yield Place(source.name, call.lineno, "float(")
    for name, annotation in annotated(source):
        if says_float(annotation) and name not in allowed and not TIME_NAME.search(name):
            yield Place(source.name, annotation.lineno, f"{name}: {ast.unparse(annotation)}")


def annotated(source: Source) -> Iterator[tuple[str, ast.expr]]:
    """Every annotation with the name it belongs to; a function's result belongs to the function's name."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.arg) and node.annotation:
            yield node.arg, node.annotation
        elif isinstance(node, ast.AnnAssign):
            yield ast.unparse(node.target), node.annotation
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
            yield node.name, node.returns


def says_float(annotation: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "float" for node in ast.walk(annotation))


def implicit_clients(source: Source) -> Iterator[Place]:
    """Defaults of an HTTP client read the environment and differ between versions; ours are written down."""
    for name, call in calls(source):
        if name in {"AsyncClient", "Client"}:
            given = {keyword.arg for keyword in call.keywords}
            missing = CLIENT_SETTINGS - given | (set() if TLS_SETTINGS & given else {"verify or transport"})
            if missing:
                yield Place(source.name, call.lineno, f"{name}( without {', '.join(sorted(missing))}")


def create_methods(source: Source) -> Iterator[Place]:
    """Each place where the create method is spelled out in the adapter."""
    if source.name.startswith("exchange/"):
        documentation = docstrings(source)
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and node.value == CREATE_METHOD and id(node) not in documentation:
                yield Place(source.name, node.lineno, CREATE_METHOD)


def create_sends(source: Source) -> Iterator[Place]:
    """Each awaited call that creates a strategy: in the adapter by the method, in a use case through the gateway."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Await) and isinstance(node.value, ast.Call):
            call = node.value
            names = [ast.unparse(part).rsplit(".", 1)[-1] for part in (call.func, *call.args)]
            if "CREATE_OTOCO" in names[1:] or (source.name.startswith("app/") and names[0] == "create"):
                yield Place(source.name, node.lineno, ast.unparse(call.func))


def long_functions(source: Source, limit: int) -> Iterator[Place]:
    for function in functions(source):
        lines = length(function)
        if lines > limit:
            yield Place(source.name, function.lineno, f"{function.name} has {lines} lines")


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of code and comment of a function without its documentation."""
    first = function.body[0]
    end = function.end_lineno or function.lineno
    is_documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    documentation = (first.end_lineno or first.lineno) - first.lineno + 1 if is_documented else 0
    return end - function.lineno + 1 - documentation
