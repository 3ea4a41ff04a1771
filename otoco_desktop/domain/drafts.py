"""Plans that were typed and not sent: what stands in the ticket, and those that were put away on purpose.

A draft holds the texts as typed, so what was relative (``2%``, ``2.5R``) is still relative when it comes back; the
price of its time is kept beside it, to be told and never to be used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from otoco_desktop.domain.draft import LATEST_MS, OtocoDraft, is_countable
from otoco_desktop.domain.finding import Field

MOST = 50
"""How many drafts are kept at the most."""

LONGEST_NAME = 80
LONGEST = 200
TYPED = tuple(field for field in Field if field is not Field.SIDE)
FULL = f"{MOST} drafts are kept, which is the most. Delete one to keep another."


class DraftsFull(Exception):
    """There are as many drafts as are kept. The message is a sentence for people."""

    def __init__(self) -> None:
        super().__init__(FULL)


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A plan of a pair as typed at ``at_ms`` (since the epoch), when mark was ``mark``; ``name`` is the trader's own.

    ``number`` tells the drafts of one book apart; what stands in the ticket has none.
    """

    draft: OtocoDraft
    instrument: str
    at_ms: int
    mark: Decimal | None = None
    name: str = ""
    number: int = 0

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for what no ticket holds, as a damaged file may."""
        draft = self.draft
        texts = (draft.tag, draft.exit_quantity, self.name, self.instrument, *map(draft.text, TYPED))
        if any(len(text) > LONGEST or not text.isprintable() for text in texts):
            raise ValueError("a text that cannot be typed")
        if self.mark is not None and not (is_countable(self.mark) and self.mark > 0):
            raise ValueError("a mark price is above zero")
        if not 0 <= self.at_ms <= LATEST_MS:
            raise ValueError("a time that no calendar has")

    def says_the_same(self, other: KeptDraft) -> bool:
        """Whether both are the same plan of the same pair, whenever they were typed."""
        return (self.draft, self.instrument) == (other.draft, other.instrument)


@dataclass(frozen=True, slots=True)
class DraftBook:
    """Everything of one account: what stands in the ticket, what stands there for other pairs, what was put away.

    ``kept`` has the newest first.
    """

    current: KeptDraft | None = None
    others: tuple[KeptDraft, ...] = ()
    kept: tuple[KeptDraft, ...] = ()

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for more than are kept, and for two under one number."""
        if len(self.kept) > MOST or len({kept.number for kept in self.kept}) != len(self.kept):
            raise ValueError("not the drafts of one book")

    def keep(self, draft: KeptDraft) -> DraftBook:
        """With this one put away. Raises ``DraftsFull``."""
        if len(self.kept) >= MOST:
            raise DraftsFull
        number = 1 + max((kept.number for kept in self.kept), default=0)
        return replace(self, kept=_ordered((*self.kept, replace(draft, number=number))))

    def restore(self, draft: KeptDraft) -> DraftBook:
        """With a deleted one back under its own number, or under a new one where that is taken. Raises as ``keep``."""
        if draft.number in {kept.number for kept in self.kept}:
            return self.keep(draft)
        if len(self.kept) >= MOST:
            raise DraftsFull
        return replace(self, kept=_ordered((*self.kept, draft)))

    def delete(self, number: int) -> DraftBook:
        """Without this one."""
        return replace(self, kept=tuple(kept for kept in self.kept if kept.number != number))

    def rename(self, number: int, name: str) -> DraftBook:
        """With another name for this one; one line, without spaces around it."""
        name = " ".join(name.split())[:LONGEST_NAME]
        return replace(
            self, kept=tuple(replace(kept, name=name) if kept.number == number else kept for kept in self.kept)
        )

    def holds(self, draft: KeptDraft) -> bool:
        """Whether the same plan has been put away already."""
        return any(draft.says_the_same(kept) for kept in self.kept)


def _ordered(drafts: tuple[KeptDraft, ...]) -> tuple[KeptDraft, ...]:
    return tuple(sorted(drafts, key=lambda kept: (-kept.at_ms, -kept.number)))
