"""Where fonts, icons and the style sheet lie: inside the installed package, or beside it in the source tree."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def resources() -> Path:
    """The resources folder. Raises ``FileNotFoundError`` when the installation is incomplete."""
    package = Path(__file__).resolve().parents[2]
    for folder in (package / "resources", package.parent / "resources"):
        if (folder / "icons").is_dir():
            return folder
    raise FileNotFoundError(f"the program's resources are missing beside {package}; install it again")
