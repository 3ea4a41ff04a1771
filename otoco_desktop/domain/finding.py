"""What a rule found: the words, the number that is wrong, and the text that would be right."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How a finding weighs; only ``FAIL`` and ``WAIT`` close the submit button.

    ``INCOMPLETE`` is an empty field: not wrong, not ready. ``WAIT`` is a check that has no live data to judge by.
    ``IDLE`` is a check that has nothing to judge: it does not concern this plan, or something it needs is not typed.
    """

    FAIL = "fail"
    INCOMPLETE = "incomplete"
    WAIT = "wait"
    WARNING = "warning"
    NOTE = "note"
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    IDLE = "idle"

    @property
    def blocks(self) -> bool:
        return self in (Severity.FAIL, Severity.INCOMPLETE, Severity.WAIT)

    @property
    def is_calm(self) -> bool:
        """Nothing to read or to do: the check passes, or has nothing to judge."""
        return self in (Severity.PASS, Severity.IDLE)


class Field(StrEnum):
    """The fields of the ticket, in tab order."""

    SIDE = "side"
    ENTRY = "entry"
    QUANTITY = "quantity"
    STOP = "stop"
    STOP_LIMIT = "stop_limit"
    TARGET = "target"
    TARGET_LIMIT = "target_limit"


class Choice(StrEnum):
    """What a fix may set besides the text of a field."""

    FEE_IN_QUOTE = "fee in quote"
    EXIT_QUANTITY = "exit quantity"


@dataclass(frozen=True, slots=True)
class Fix:
    """A link that only fills a field: plain ASCII ``text`` into ``field``; ``label`` is what is read.

    With a ``choice`` that is what it sets, and ``field`` is where it belongs.
    """

    field: Field
    text: str
    label: str
    choice: Choice | None = None


class Finding(NamedTuple):
    """One rule's verdict. A named tuple: thirty are made at every key, and a frozen dataclass takes four times as long.

    ``code`` is stable (``entry.tick``), ``title`` names the rule in Checks, ``message`` is the field's
    sentence, ``detail`` the longer one for Checks (empty: same as message), ``wrong`` and ``right`` the
    numbers in plain ASCII, ``source`` the document the rule rests on. ``unproven`` says what nobody has verified.
    ``explained`` is how a short message came about, for whoever asks for more.
    ``more`` are other fixes than ``fix``, in the order in which they are offered.
    ``override`` are the words which, typed by hand, lift a failure for one submission; empty where nothing does.
    """

    code: str
    severity: Severity
    title: str
    message: str
    field: Field | None = None
    detail: str = ""
    wrong: str = ""
    right: str = ""
    fix: Fix | None = None
    source: str = ""
    unproven: str = ""
    override: str = ""
    more: tuple[Fix, ...] = ()
    explained: str = ""

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """Every way out, the best first."""
        return (self.fix, *self.more) if self.fix is not None else self.more


def says(typed: str, wanted: str) -> bool:
    """Whether these are the words wanted, in any case; spaces around them do not matter. Without any, all do."""
    return typed.strip().lower() == wanted.lower() if wanted else True
