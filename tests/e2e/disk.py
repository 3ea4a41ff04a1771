"""Disks that run full under a program, and journals that another process holds."""

from __future__ import annotations

import asyncio
import errno
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

SIZE = 1_000_000


class SmallDisk:
    """A file system in memory with room for little."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    async def fill(self) -> None:
        await asyncio.to_thread(self._write)

    async def empty(self) -> None:
        self._ballast.unlink()

    def _write(self) -> None:
        """Bytes until there is room for none."""
        with self._ballast.open("wb", buffering=0) as ballast:
            try:
                while ballast.write(b"x" * 4_096):
                    continue
            except OSError as full:
                if full.errno != errno.ENOSPC:
                    raise


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """Skips where this user may not mount."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "none", str(folder)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a file system")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@asynccontextmanager
async def hold(path: Path) -> AsyncIterator[None]:
    """A process of its own that holds this journal."""
    script = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom otoco_desktop.journal.store import SqliteJournal\n"
        "async def hold():\n    journal = await SqliteJournal.open(Path(sys.argv[1]))\n    print('held', flush=True)\n"
        "    sys.stdin.readline()\n    await journal.close()\nasyncio.run(hold())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(path), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout
    try:
        assert await process.stdout.readline() == b"held\n"
        yield
    finally:
        await process.communicate(b"done\n")
