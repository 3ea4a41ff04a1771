"""The log is complete when it is closed, and never written by whoever has something to say."""

from __future__ import annotations

import logging
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest

from otoco_desktop import logs


def test_another_thread_writes_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writers: list[threading.Thread] = []
    emit = RotatingFileHandler.emit

    def seen(handler: RotatingFileHandler, record: logging.LogRecord) -> None:
        writers.append(threading.current_thread())
        emit(handler, record)

    monkeypatch.setattr(RotatingFileHandler, "emit", seen)
    logs.set_up(tmp_path)
    try:
        logging.getLogger("otoco_desktop.test").warning("%d facts", 3)
    finally:
        logs.shut_down()
    assert [writer is threading.current_thread() for writer in writers] == [False]
    assert (tmp_path / "otoco.log").read_text(encoding="utf-8").endswith("WARNING otoco_desktop.test: 3 facts\n")


def test_a_traceback_is_written_once(tmp_path: Path) -> None:
    logs.set_up(tmp_path)
    try:
        try:
            raise ValueError("odd")
        except ValueError:
            logging.getLogger("otoco_desktop.test").exception("a part failed")
    finally:
        logs.shut_down()
    written = (tmp_path / "otoco.log").read_text(encoding="utf-8")
    assert written.count("ValueError: odd") == 1
    assert written.count("a part failed") == 1
