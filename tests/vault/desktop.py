"""A desktop session of the tests' own: a message bus, GNOME's keyring on it, and a home that nobody else sees.

Nothing of it reaches the environment of the test process; children get it handed in. The bus knows no services to
start, so what is not started here does not exist.
"""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from jeepney import message_bus
from jeepney.io.blocking import open_dbus_connection

from tests.house.sources import ROOT

_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={socket}</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""
_PASSWORD = b"\n"
_UNLOCK = 1  # the operation of the keyring's control protocol
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "COVERAGE_PROCESS_START")


class PrivateDesktop:
    """Starts and stops the parts; ``environment`` is what a child needs to live in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._runtime = folder / "r"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._keyring: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return kept | {
            "HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.folder / ".local/share"),
            "XDG_CONFIG_HOME": str(self.folder / ".config"),
            "XDG_CACHE_HOME": str(self.folder / ".cache"),
            "XDG_RUNTIME_DIR": str(self._runtime),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self._socket}",
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
        }

    @property
    def _socket(self) -> Path:
        return self._runtime / "bus"

    def start_bus(self) -> None:
        self._runtime.mkdir(mode=0o700)
        for place in (".local/share/keyrings", ".config", ".cache"):
            (self.folder / place).mkdir(parents=True)
        config = self.folder / "bus.conf"
        config.write_text(_BUS.format(socket=self._socket), encoding="utf-8")
        self._start("dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile")
        _wait_for(self._socket.exists, "the message bus")

    def start_keyring(self) -> None:
        """GNOME's keyring, made and unlocked with the password on its standard input."""
        with tempfile.TemporaryFile() as password:
            password.write(_PASSWORD)
            password.seek(0)
            arguments = ("--foreground", "--unlock", "--components=secrets")
            self._keyring = self._start("gnome-keyring-daemon", *arguments, stdin=password)
        _wait_for((self.folder / ".local/share/keyrings/login.keyring").exists, "the login keyring")
        with open_dbus_connection(bus=self.environment["DBUS_SESSION_BUS_ADDRESS"]) as bus:
            owned = message_bus.NameHasOwner("org.freedesktop.secrets")
            _wait_for(lambda: bus.send_and_get_reply(owned).body == (True,), "the Secret Service")

    def unlock(self) -> None:
        """Unlock the running keyring, the way a login does: over its control socket."""
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(self._runtime / "keyring/control"))
            control.sendall(b"\0" + struct.pack(">III", 12 + len(_PASSWORD), _UNLOCK, len(_PASSWORD)) + _PASSWORD)
            length, result = struct.unpack(">II", control.recv(8, socket.MSG_WAITALL))
        assert (length, result) == (8, 0)

    def stop_keyring(self) -> None:
        assert self._keyring
        _end(self._keyring)

    def start_child(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A program of this desktop that is ended with it."""
        child = subprocess.Popen(arguments, env=self.environment, cwd=ROOT, stdout=subprocess.PIPE)
        self._processes.append(child)
        return child

    def stop(self) -> None:
        for process in reversed(self._processes):
            _end(process)

    def _start(self, program: str, *arguments: str, stdin: IO[bytes] | None = None) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [_program(program), *arguments],
            env=self.environment,
            cwd=self.folder,
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._processes.append(process)
        return process


@contextmanager
def desktop(folder: Path, keyring: bool = True) -> Iterator[PrivateDesktop]:
    private = PrivateDesktop(folder)
    try:
        private.start_bus()
        if keyring:
            private.start_keyring()
        yield private
    finally:
        private.stop()


def _program(name: str) -> str:
    found = shutil.which(name)
    assert found, f"{name} is missing; `python3 packaging/dev.py test` names the packages"
    return found


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
    if process.stdout:
        process.stdout.close()


def _wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not start"
        time.sleep(0.01)
