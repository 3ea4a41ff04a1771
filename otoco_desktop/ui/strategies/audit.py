"""The protection audit as finished texts: the line over the table, the strip above it, and the list."""

from __future__ import annotations

from dataclasses import dataclass

from otoco_desktop.app.state import DeskState
from otoco_desktop.domain.audit import AuditEntry, AuditKind
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.tones import Tone

NOT_YET = "Protection not checked yet."
LOOKS = {
    AuditKind.UNPROTECTED: (Glyph.FAIL, Tone.NEG, "NOT protected"),
    AuditKind.PARTIAL: (Glyph.WARNING, Tone.NEG, "Partly filled, NOT protected"),
    AuditKind.WITHOUT_COIN: (Glyph.FAIL, Tone.NEG, "Exits without coin"),
    AuditKind.UNKNOWN: (Glyph.UNKNOWN, Tone.WARN, "Unknown"),
    AuditKind.WORKING: (Glyph.ACTIVE, Tone.ACCENT, "Working"),
    AuditKind.PROTECTED: (Glyph.STOP, Tone.POS, "Protected"),
    AuditKind.ELSEWHERE: (Glyph.NOTE, Tone.MUTED, "Placed elsewhere"),
}


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One line of the list. Without a ``strategy_id`` there is nothing to jump to."""

    strategy_id: str
    glyph: Glyph
    tone: Tone
    kind: str
    label: str
    words: str

    @property
    def key(self) -> str:
        return f"{self.strategy_id} {self.label}"

    @property
    def spoken(self) -> str:
        return f"{self.label}, {self.kind}. {self.words}"


@dataclass(frozen=True, slots=True)
class AuditView:
    """What is shown. ``loud`` is red and on top; ``doubtful`` could not be checked; otherwise it is quiet."""

    sentence: str
    glyph: Glyph
    tone: Token
    rows: tuple[AuditRow, ...] = ()
    loud: bool = False
    doubtful: bool = False
    checking: bool = False

    @property
    def is_on_top(self) -> bool:
        """Whether it is said on top of the window, and not under the table."""
        return self.loud or (self.doubtful and bool(self.rows))


def build(desk: DeskState) -> AuditView:
    """The audit of this desk; no sentence while there is nothing to check."""
    audit = desk.audit
    entries = audit.result.entries if audit.result else ()
    sentence = foreign(audit.sentence) or (NOT_YET if desk.strategies else "")
    glyph, tone = _look(desk)
    return AuditView(
        sentence,
        glyph,
        tone,
        tuple(_row(entry) for entry in entries),
        loud=audit.is_loud,
        doubtful=bool(audit.trouble),
        checking=audit.checking,
    )


def _look(desk: DeskState) -> tuple[Glyph, Token]:
    audit = desk.audit
    if audit.is_loud:
        return Glyph.FAIL, Token.NEG
    if audit.trouble:
        return Glyph.WARNING, Token.WARN
    if audit.checking:
        return Glyph.REFRESH, Token.ACCENT
    if audit.result is None or not desk.live or any(entry.kind is AuditKind.UNKNOWN for entry in audit.result.entries):
        return Glyph.UNKNOWN, Token.WARN
    return Glyph.PASS, Token.POS


def _row(entry: AuditEntry) -> AuditRow:
    glyph, tone, kind = LOOKS[entry.kind]
    return AuditRow(entry.strategy_id, glyph, tone, kind, foreign(entry.label), foreign(entry.words))
