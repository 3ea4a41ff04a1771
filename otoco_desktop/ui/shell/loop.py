"""The one loop for Qt and asyncio."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator
from typing import Any

import qasync


class Loop(qasync.QEventLoop):  # type: ignore[misc]  # qasync has no types
    """qasync's loop, which also finishes asynchronous generators that were left before their end.

    asyncio's own loops do that while they run; without it a reply that is not read to its end keeps its connection,
    and Python complains when it collects what is left.
    """

    def run_forever(self) -> Any:
        """Run until stopped."""
        before = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(finalizer=self._finish)
        try:
            return super().run_forever()
        finally:
            sys.set_asyncgen_hooks(*before)

    def _finish(self, left: AsyncGenerator[Any, Any]) -> None:
        if not self.is_closed():
            self.call_soon_threadsafe(lambda: self.create_task(left.aclose()))
