"""Keeps the memory of this process to itself: no core dumps, and no other program of this user may attach to it.

Python cannot wipe memory, so what must not leave is kept from being written out (prctl(2), PR_SET_DUMPABLE;
getrlimit(2), RLIMIT_CORE). Programs started from here inherit the limit.
"""

from __future__ import annotations

import ctypes
import logging
import sys

PR_GET_DUMPABLE = 3
PR_SET_DUMPABLE = 4
logger = logging.getLogger(__name__)


def keep_memory_private() -> bool:
    """Call it once, before a key is loaded. Whether the system took it; where it has no such switch, nothing is done.

    A crash then leaves no dump; the log and the journal tell what happened.
    """
    if sys.platform == "win32":
        return False
    import resource  # noqa: PLC0415 - not there on Windows

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        return not sys.platform.startswith("linux") or _set_undumpable()
    except (OSError, ValueError) as error:
        logger.warning("core dumps could not be switched off: %s", error)
        return False


def is_memory_private() -> bool:
    """Read back: no core dump can be written, and on Linux nobody of this user can attach."""
    if sys.platform == "win32":
        return False
    import resource  # noqa: PLC0415 - not there on Windows

    limited = resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
    return limited and (not sys.platform.startswith("linux") or _prctl(PR_GET_DUMPABLE, 0) == 0)


def _set_undumpable() -> bool:
    return _prctl(PR_SET_DUMPABLE, 0) == 0


def _prctl(option: int, value: int) -> int:
    result: int = ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
    return result
