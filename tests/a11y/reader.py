"""A screen reader's place in the desktop: the system's Python with pyatspi, asked and answering in lines of JSON.

Run by ``/usr/bin/python3``, which owns pyatspi; it knows nothing of the program but what AT-SPI tells. Every answer
is read anew, never from a cache. Announcements are heard from the first line on.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import pyatspi  # type: ignore[import-not-found]  # the system's Python has it
from gi.repository import GLib  # type: ignore[import-not-found]  # the same

TOO_MANY, MOST_ROWS = 100, 20
"""Of a table with more cells than this only the first rows are read."""


class Reader:
    """Answers one question at a time; a node is known by the number it was given when it was last listed."""

    def __init__(self, program: int) -> None:
        self._program = program
        self._nodes: list[Any] = []
        self._heard: list[dict[str, Any]] = []
        self._focused: Any = None
        pyatspi.Registry.registerEventListener(self._announced, "object:announcement")
        pyatspi.Registry.registerEventListener(self._has_moved, "object:state-changed:focused")

    def _announced(self, event: Any) -> None:
        self._heard.append({"at": time.monotonic(), "words": event.any_data, "by": event.source_name})

    def _has_moved(self, event: Any) -> None:
        """The keyboard is somewhere else."""
        if event.detail1:
            self._focused = event.source

    def _application(self) -> Any:
        for found in pyatspi.Registry.getDesktop(0):
            if found is not None and found.get_process_id() == self._program:
                found.set_cache_mask(pyatspi.Atspi.Cache.NONE)
                return found
        return None

    # What may be asked

    def windows(self, _asked: dict[str, Any]) -> list[dict[str, Any]]:
        """The program's windows that show; none while it is not there."""
        application = self._application()
        if application is None:
            return []
        self._nodes = []
        return [self._told(node, -1) for node in _children(application) if _shows(node)]

    def tree(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        """Everything that shows in the window with this title, or in what has the name ``under``; parents first."""
        self._nodes = []
        told: list[dict[str, Any]] = []
        for window in _children(self._application()):
            if window.name.startswith(asked["window"]):
                top = self._sought(window, asked["under"], None) if asked["under"] else window
                self._walk(top, -1, told)
        return told

    def find(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        """The first showing node of this name and role; ``None`` where there is none."""
        self._nodes = []
        for window in _children(self._application()):
            if window.name.startswith(asked["window"]):
                found = self._sought(window, asked["name"], asked["role"])
                if found is not None:
                    return self._told(found, -1)
        return None

    def focused(self, _asked: dict[str, Any]) -> dict[str, Any] | None:
        """What has the keyboard, as its last event said."""
        self._nodes = []
        return None if self._focused is None else self._told(self._focused, -1)

    def act(self, asked: dict[str, Any]) -> bool:
        """Do one of its actions."""
        actions = self._nodes[asked["node"]].queryAction()
        names = [actions.getName(at) for at in range(actions.nActions)]
        return bool(actions.doAction(names.index(asked["action"])))

    def write(self, asked: dict[str, Any]) -> bool:
        """Replace what stands in a field."""
        return bool(self._nodes[asked["node"]].queryEditableText().setTextContents(asked["text"]))

    def heard(self, _asked: dict[str, Any]) -> list[dict[str, Any]]:
        """The announcements since the last time."""
        heard, self._heard = self._heard, []
        return heard

    # Reading

    def _walk(self, node: Any, parent: int, told: list[dict[str, Any]]) -> None:
        at = len(told)
        told.append(self._told(node, parent))
        for child in _children(node):
            if child.getState().contains(pyatspi.STATE_SHOWING):
                self._walk(child, at, told)

    def _sought(self, node: Any, name: str, role: str | None) -> Any:
        """Level by level, as what is looked for seldom lies deep."""
        level = [node]
        while level:
            below = []
            for child in (each for parent in level for each in _children(parent)):
                if child.name == name and role in (None, child.getRoleName()) and _shows(child):
                    return child
                below.append(child)
            level = [each for each in below if _shows(each)]
        return None

    def _told(self, node: Any, parent: int) -> dict[str, Any]:
        """Everything that is read out of one thing; what the keyboard never comes to has no text to edit."""
        self._nodes.append(node)
        states = node.getState()
        return {
            "node": len(self._nodes) - 1,
            "parent": parent,
            "role": node.getRoleName(),
            "name": node.name,
            "description": node.description,
            "states": [pyatspi.stateToString(state) for state in states.getStates()],
            "text": _text(node) if node.getRole() == pyatspi.ROLE_TEXT else "",
        }


def _shows(node: Any) -> bool:
    return bool(node.getState().contains(pyatspi.STATE_SHOWING))


def _children(node: Any) -> list[Any]:
    count = node.childCount
    if count > TOO_MANY and "Table" in node.get_interfaces():
        count = min(count, (MOST_ROWS + 1) * max(node.queryTable().nColumns, 1))
    return [child for child in (node.getChildAtIndex(at) for at in range(count)) if child is not None]


def _text(node: Any) -> str:
    text = node.queryText()
    return str(text.getText(0, text.characterCount))


def main() -> None:
    reader = Reader(int(sys.argv[1]))

    def answer(source: Any, _condition: Any) -> bool:
        line = source.readline()
        if not line:
            pyatspi.Registry.stop()
            return False
        asked = json.loads(line)
        told: dict[str, Any]
        try:
            told = {"answer": getattr(reader, asked["do"])(asked)}
        except Exception as error:  # noqa: BLE001 - the tests are told, and fail with it
            told = {"trouble": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        return True

    GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, answer)
    pyatspi.Registry.start()


if __name__ == "__main__":
    main()
