"""Tests that are collected once and then judge mutants, each in a forked process of its own.

A change inside a function is put into that function's code, and only tests that ran its line before are run again,
quick ones first. A change outside of every function takes everything of the program out of memory and imports it anew.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import coverage
import pytest
from hypothesis import Phase, settings

from tests.mutation.mutants import PACKAGE, Mutant

KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "timed out"
CONTROLS = 6
_SLACK_S = 10


@dataclass
class Trial:
    """A pytest plugin: records which test runs which function, then tries the mutants."""

    tests: Sequence[str]
    mutants: Sequence[Callable[[], Mutant]]
    jobs: int
    results: list[dict[str, str]] = field(default_factory=list)
    _items: dict[str, pytest.Item] = field(default_factory=dict)
    _runs: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    _seconds: dict[str, float] = field(default_factory=dict)
    _failed: bool = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """A falsified property need not be made small."""
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutation", settings.get_profile("ci"), phases=phases, max_examples=30)
        settings.load_profile("mutation")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed = self._failed or report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._record(session.items)
        if self._failed:
            raise pytest.UsageError("the tests fail already without any change")
        gc.collect()
        gc.freeze()
        self._check_the_trial()
        self._share_out()
        return True

    def _record(self, items: Sequence[pytest.Item]) -> None:
        """Run every test once, and keep which one ran which line."""
        recorder = coverage.Coverage(data_file=None, config_file=False, include=[f"{PACKAGE}/*"])
        recorder.start()
        for item in items:
            self._items[item.nodeid] = item
            recorder.switch_context(item.nodeid)
            began = time.perf_counter()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            self._seconds[item.nodeid] = time.perf_counter() - began
        recorder.stop()
        data = recorder.get_data()
        self._runs = {file: data.contexts_by_lineno(file) for file in data.measured_files()}

    def _check_the_trial(self) -> None:
        """Modules that are not changed at all have to survive, put in place as well as imported anew.

        One of them has to survive every test, which shows that each passes a second time: one that does not would
        notice whatever it is given.
        """
        mutants = [make() for make in self.mutants[:CONTROLS]]
        same = [replace(item, source=(PACKAGE / item.module).read_text(encoding="utf-8")) for item in mutants]
        judged = [(item, self._judges(item)) for item in same]
        judged += [(item, list(self._items.values())) for item in same if item.function][:1]
        for mutant, items in judged:
            if self._try(mutant, items) != SURVIVED:
                raise pytest.UsageError(f"a test fails without any change: {mutant.module} {mutant.function}")

    def _share_out(self) -> None:
        """One worker for each job; what they find comes back in files, which never make them wait."""
        with tempfile.TemporaryDirectory(prefix="otoco-mutation-") as folder:
            files = [Path(folder, str(number)) for number in range(self.jobs)]
            for number, file in enumerate(files):
                if os.fork() == 0:
                    self._work(self.mutants[number :: self.jobs], file)
                    os._exit(0)
            for _ in files:
                os.wait()
            for file in files:
                self.results += [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]

    def _work(self, mutants: Sequence[Callable[[], Mutant]], file: Path) -> None:
        with file.open("w", encoding="utf-8") as found:
            for make in mutants:
                mutant = make()
                before, after = mutant.before, mutant.after
                told = {"module": mutant.module, "function": mutant.function, "before": before, "after": after}
                found.write(json.dumps({**told, "verdict": self._try(mutant, self._judges(mutant))}) + "\n")
                found.flush()

    def _try(self, mutant: Mutant, items: Sequence[pytest.Item]) -> str:
        child = os.fork()
        if child == 0:
            self._judge(mutant, items)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
            return TIMED_OUT
        return SURVIVED if status == 0 else KILLED

    def _judges(self, mutant: Mutant) -> list[pytest.Item]:
        """The tests that ran the line; of a line inside a statement those of the nearest one above that was run."""
        lines = self._runs.get(str(PACKAGE / mutant.module), {})
        above = (number for number in range(mutant.line, 0, -1) if number in lines)
        names = set(lines.get(next(above, 0), [])) & self._items.keys()
        return [self._items[name] for name in sorted(names, key=lambda name: self._seconds[name])]

    def _judge(self, mutant: Mutant, items: Sequence[pytest.Item]) -> None:
        """In a process of its own, which ends here: with 0 where no test has noticed."""
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        taken = [self._seconds[item.nodeid] for item in items] if mutant.function else self._seconds.values()
        signal.alarm(_SLACK_S + int(5 * sum(taken)))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        noticed = True
        with contextlib.suppress(BaseException):
            noticed = self._anew(mutant) if not mutant.function else self._in_place(mutant, items)
        os._exit(int(noticed))

    def _in_place(self, mutant: Mutant, items: Sequence[pytest.Item]) -> bool:
        _put_in(mutant)
        self._failed = False
        for item in items:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            if self._failed:
                return True
        return False

    def _anew(self, mutant: Mutant) -> bool:
        for name in [name for name in sys.modules if name.split(".")[0] in ("otoco_desktop", "tests", "conftest")]:
            del sys.modules[name]
        sys.meta_path.insert(0, _Changed(mutant))
        return pytest.main(["-q", "-x", "-p", "no:cacheprovider", "--capture=no", "--assert=plain", *self.tests]) != 0


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module, with its change."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, name: str, path: object, target: object = None) -> importlib.machinery.ModuleSpec | None:
        if name != self._mutant.dotted:
            return None
        origin = PACKAGE / self._mutant.module
        inside = [str(origin.parent)] if origin.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(name, origin, loader=self, submodule_search_locations=inside)

    def create_module(self, spec: object) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._mutant.source, str(PACKAGE / self._mutant.module), "exec"), module.__dict__)  # noqa: S102 - our own source, changed


def _put_in(mutant: Mutant) -> None:
    """Give the function in memory its changed code, which all who imported it then run."""
    function = _function(sys.modules[mutant.dotted], mutant.function.split("."))
    code = compile(mutant.source, str(PACKAGE / mutant.module), "exec", dont_inherit=True)
    function.__code__ = next(found for found in _codes(code) if found.co_qualname == mutant.function)


def _function(module: ModuleType, path: Sequence[str]) -> FunctionType:
    owner: Any = module
    for name in path:
        owner = vars(owner)[name]
    for inner in ("fget", "__func__", "__wrapped__"):
        owner = getattr(owner, inner, owner) or owner
    return owner  # type: ignore[no-any-return]


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)
