"""One program per data directory: the second start raises the first one's window and ends.

Two programs that sign for one key and write one journal are a trading hazard, not clutter. The lock is a
``QLockFile`` (it recognises a dead owner); the local socket carries one word, "raise", and nothing else.
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_RAISE = b"raise\n"
_PATIENCE_MS = 1_000
_LOOK_S = 0.05
"""Between looks for a program that has begun, and does not answer yet."""

BEGUN_S = 10.0
"""A lock file younger than this may be one that another start is just writing."""


class Instance(QObject):
    """The claim on one data directory; ``raise_asked`` fires when a second start knocks."""

    raise_asked = Signal()

    def __init__(self, directory: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = "otoco-" + hashlib.sha256(str(directory.resolve()).encode()).hexdigest()[:24]
        self._path = directory / "instance.lock"
        self._lock = QLockFile(str(self._path))
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None
        self._peers: list[QLocalSocket] = []

    @property
    def held(self) -> bool:
        """Whether this program holds the directory."""
        return self._lock.isLocked()

    def claim(self) -> bool:
        """Take the directory; ``False`` when a living program holds it. Raises ``OSError`` if it cannot be written."""
        if not self._lock.tryLock(0) and not self._take_damaged():
            if self._lock.error() is QLockFile.LockError.LockFailedError:
                return False
            raise OSError("the data directory cannot be written")
        return True

    def listen(self) -> None:
        """Answer other starts from now on; after the first paint, which does not wait for Qt's network module."""
        from PySide6.QtNetwork import QLocalServer  # noqa: PLC0415 - see above

        QLocalServer.removeServer(self._name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        self._server.listen(self._name)

    @property
    def holder(self) -> str:
        """Who holds the directory, by its lock file: ``process 4711 on desk-2``; empty where nothing can be read."""
        pid, host, _ = self._read_lock()
        return f"process {pid} on {host}" if pid else ""

    def _take_damaged(self) -> bool:
        """Take over a lock that names nobody: a computer that lost power leaves an empty file behind.

        One that was only just begun is left alone, and so is one that a living process has locked by the system.
        """
        try:
            age_s = time.time() - self._path.stat().st_mtime
        except OSError:
            return False
        if self._read_lock()[0] or age_s < BEGUN_S:
            return False
        return self._lock.removeStaleLockFile() and self._lock.tryLock(0)

    def _read_lock(self) -> tuple[int, str, str]:
        """Process, computer and program that the lock file names; 0 for the process where it names none."""
        pid, host, name = self._lock.getLockInfo()
        return int(pid), str(host), str(name)

    def raise_other(self) -> bool:
        """Ask the program that holds the directory to show its window; ``False`` when it does not answer."""
        from PySide6.QtNetwork import QLocalSocket  # noqa: PLC0415 - only a second start needs it

        socket, patience = QLocalSocket(), time.monotonic() + _PATIENCE_MS / 1_000
        socket.connectToServer(self._name)
        while not socket.waitForConnected(_PATIENCE_MS):
            if time.monotonic() > patience:
                return False
            time.sleep(_LOOK_S)
            socket.connectToServer(self._name)
        socket.write(_RAISE)
        socket.waitForBytesWritten(_PATIENCE_MS)
        socket.disconnectFromServer()
        return True

    def release(self) -> None:
        """Give the directory back."""
        if self._server is not None:
            self._server.close()
        while self._peers:
            self._drop(self._peers[-1])
        self._lock.unlock()

    def _answer(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            self._peers.append(socket)
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(self._read)
        self._read()

    def _read(self) -> None:
        """Take the one word of whoever has said it, and let go of who has said it or has gone."""
        for socket in list(self._peers):
            word = bytes(socket.peek(len(_RAISE)).data())
            gone = socket.state() is socket.LocalSocketState.UnconnectedState
            if len(word) == len(_RAISE) or gone:
                self._drop(socket)
            if word == _RAISE:
                self.raise_asked.emit()

    def _drop(self, socket: QLocalSocket) -> None:
        self._peers.remove(socket)
        socket.readyRead.disconnect(self._read)
        socket.disconnected.disconnect(self._read)
        socket.abort()
        socket.deleteLater()
