"""A verdict as the list of checks, the words above the submit button, and the order of F8."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from otoco_desktop.app.state import Gate
from otoco_desktop.domain.finding import Field, Finding, Fix, Severity
from otoco_desktop.domain.verdict import Verdict
from otoco_desktop.ui.checks.words import first_error
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.outcome.state import missing_words
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.spans import Span, link, plain, strong, text_of


class Look(StrEnum):
    """How a check weighs on screen, in the order of the list."""

    FAIL = "fail"
    WARNING = "warning"
    NOTE = "note"
    MISSING = "missing"
    WAIT = "wait"
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    IDLE = "idle"


LOOKS = {
    Severity.FAIL: Look.FAIL,
    Severity.WARNING: Look.WARNING,
    Severity.NOTE: Look.NOTE,
    Severity.INCOMPLETE: Look.MISSING,
    Severity.WAIT: Look.WAIT,
    Severity.PASS: Look.PASS,
    Severity.IDLE: Look.IDLE,
}
GLYPHS = {
    Look.FAIL: Glyph.FAIL,
    Look.WARNING: Glyph.WARNING,
    Look.NOTE: Glyph.NOTE,
    Look.MISSING: Glyph.WAITING,
    Look.WAIT: Glyph.EXPIRED,
    Look.PASS: Glyph.PASS,
    Look.IDLE: Glyph.WAITING,
}
LOOK_ORDER = tuple(Look)
TONES = {
    Look.FAIL: Token.NEG,
    Look.WARNING: Token.WARN,
    Look.NOTE: Token.ACCENT,
    Look.MISSING: Token.TEXT3,
    Look.WAIT: Token.TEXT3,
    Look.PASS: Token.POS,
    Look.IDLE: Token.TEXT3,
}
WORDS = {
    Look.FAIL: "Fail",
    Look.WARNING: "Warning",
    Look.NOTE: "Note",
    Look.MISSING: "Missing",
    Look.WAIT: "Not checked",
    Look.PASS: "Pass",
    Look.IDLE: "Not judged",
}
FIRST_ERROR_LINK = "first-error"
FIX_KEY = "Shift+Enter"


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check. ``soft`` rows take two lines on a soft fill; the others one line.

    ``unproven`` says what nobody has verified about the rule; such a row carries a mark, and its tooltip says it.
    ``explained`` is how the text came about, in the tooltip too.
    ``source`` is what the rule rests on, ``fix`` a link that fills a field, ``more`` are links to other ways out.
    """

    code: str
    look: Look
    title: str
    text: str
    field: Field | None
    unproven: str = ""
    source: str = ""
    fix: Fix | None = None
    more: tuple[Fix, ...] = ()
    explained: str = ""

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """Every link, the best first."""
        return (self.fix, *self.more) if self.fix is not None else ()

    @property
    def soft(self) -> bool:
        look = self.look
        return look is Look.FAIL or look is Look.WARNING or look is Look.NOTE

    @property
    def tone(self) -> Token:
        return TONES[self.look]

    @property
    def glyph(self) -> Glyph:
        return GLYPHS[self.look]

    @property
    def word(self) -> str:
        return WORDS[self.look]

    @property
    def spoken(self) -> str:
        """The row for someone who cannot see it."""
        return f"{self.title}, {self.word}: {self.whole}"

    @property
    def whole(self) -> str:
        """The text together with how it came about and what is not proven."""
        unproven = f"Not proven: {self.unproven}" if self.unproven else ""
        return " ".join(filter(None, (self.text, self.explained, unproven)))

    @property
    def told(self) -> str:
        """Everything there is to know of it, for a tooltip and for help."""
        return f"{self.whole}\n{self.origin}" if self.origin else self.whole

    @property
    def origin(self) -> str:
        """What the rule rests on, and the way to take each of its fixes by key."""
        parts = [f"Rests on: {self.source}."] if self.source else []
        parts += [f"{FIX_KEY if at == 1 else at}: {fix.label}." for at, fix in enumerate(self.fixes, 1)]
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class CountChip:
    """A count in the header: "12 pass"."""

    look: Look
    text: str

    @property
    def glyph(self) -> Glyph:
        return GLYPHS[self.look]

    @property
    def tone(self) -> Token:
        return TONES[self.look]


@dataclass(frozen=True, slots=True)
class ChecksState:
    """Everything the checks panel shows."""

    rows: tuple[CheckRow, ...]
    chips: tuple[CountChip, ...]

    @property
    def summary(self) -> str:
        """The accessible name: "Checks: 12 pass, 1 note"."""
        return f"Checks: {', '.join(chip.text for chip in self.chips)}" if self.chips else "Checks"


@dataclass(frozen=True, slots=True)
class SubmitState:
    """The sentence over the submit button, and whether the button is open."""

    look: Look
    sentence: tuple[Span, ...]
    enabled: bool

    @property
    def reason(self) -> str:
        """Why the button is closed, in plain words; empty when it is open."""
        return "" if self.enabled else text_of(span for span in self.sentence if not span.link).rstrip()

    @property
    def offers_first_error(self) -> bool:
        return any(span.link for span in self.sentence)


def build(verdict: Verdict) -> ChecksState:
    """Fails, warnings, notes, what is missing or not checked, then what is calm; each in the verdict's own order.

    What has nothing to judge keeps its place among the passes, so that rows do not jump.
    """
    loud, calm = list[CheckRow](), list[CheckRow]()
    for row in map(_row, verdict.findings):
        (calm if row.look is Look.PASS or row.look is Look.IDLE else loud).append(row)
    loud.sort(key=lambda row: LOOK_ORDER.index(row.look))
    return ChecksState((*loud, *calm), _chips(loud, len(calm) - sum(row.look is Look.IDLE for row in calm)))


@lru_cache(maxsize=512)
def _row(finding: Finding) -> CheckRow:
    """The same row for the same finding: most of them stay as they are from one key to the next."""
    text = foreign(finding.detail or finding.message)
    look, title = LOOKS[finding.severity], foreign(finding.title)
    unproven, source = foreign(finding.unproven), foreign(finding.source)
    ways = (finding.fix, finding.more)
    return CheckRow(finding.code, look, title, text, finding.field, unproven, source, *ways, finding.explained)


def _chips(loud: list[CheckRow], passes: int) -> tuple[CountChip, ...]:
    """Counts that matter now: with a fail the passes are left out."""
    counts = Counter(row.look for row in loud)
    counts[Look.PASS] = passes
    words = {
        Look.FAIL: "fail",
        Look.WARNING: "warning" if counts[Look.WARNING] == 1 else "warnings",
        Look.NOTE: "note" if counts[Look.NOTE] == 1 else "notes",
        Look.MISSING: "missing",
        Look.WAIT: "not checked",
        Look.PASS: "pass",
    }
    calm = (Look.PASS, Look.MISSING, Look.WAIT, Look.WARNING, Look.NOTE)
    shown = (Look.FAIL, Look.WARNING) if counts[Look.FAIL] else calm
    return tuple(CountChip(look, f"{counts[look]} {words[look]}") for look in shown if counts[look])


# The submit bar


def submit(verdict: Verdict, gate: Gate) -> SubmitState:
    """What stands over the button: the trader's own errors first, then the desk's reason, then what has no data."""
    fails = failing(verdict)
    if fails and verdict.override and gate.open:
        return SubmitState(Look.WARNING, _locked_sentence(fails), enabled=True)
    if fails:
        return _blocked_by_errors(fails)
    missing = verdict.of(Severity.INCOMPLETE)
    if missing:
        return SubmitState(Look.MISSING, _missing_sentence(missing), enabled=False)
    if not gate.open:
        reason = plain(f" {foreign(gate.reason)}", Token.TEXT2)
        return SubmitState(Look.WAIT, (strong("Can't submit."), reason), enabled=False)
    if not verdict.submittable:
        return SubmitState(Look.WAIT, _wait_sentence(verdict), enabled=False)
    return SubmitState(Look.PASS, _ready_sentence(verdict), enabled=True)


def _blocked_by_errors(fails: tuple[Finding, ...]) -> SubmitState:
    count = "1 error" if len(fails) == 1 else f"{len(fails)} errors"
    sentence = (
        strong(f"Can't submit: {count}.", Token.NEG),
        plain(f" First: {first_error(fails[0])} ", Token.NEG),
        link("Go to first error", FIRST_ERROR_LINK),
    )
    return SubmitState(Look.FAIL, sentence, enabled=False)


def _locked_sentence(fails: tuple[Finding, ...]) -> tuple[Span, ...]:
    """What is locked, and that there is a way on which takes words."""
    locked = " ".join(foreign(found.detail or found.message) for found in fails)
    return (strong("Locked."), plain(f" {locked} Review asks for your words to send it all the same.", Token.TEXT2))


def _missing_sentence(missing: tuple[Finding, ...]) -> tuple[Span, ...]:
    words = missing_words(missing)
    rest = f" Fill in the {words}." if words else f" {foreign(missing[0].message)}"
    return (strong("Not ready."), plain(rest, Token.TEXT2))


def _wait_sentence(verdict: Verdict) -> tuple[Span, ...]:
    waits = verdict.of(Severity.WAIT)
    reason = foreign(waits[0].detail or waits[0].message) if waits else "Prices have not arrived yet."
    return (strong("Can't submit."), plain(f" {reason}", Token.TEXT2))


def _ready_sentence(verdict: Verdict) -> tuple[Span, ...]:
    passes, warnings, notes = (len(verdict.of(kind)) for kind in (Severity.PASS, Severity.WARNING, Severity.NOTE))
    parts = [f"{passes} {'check passes' if passes == 1 else 'checks pass'}"]
    if warnings:
        parts.append(f"{warnings} {'warning' if warnings == 1 else 'warnings'} to confirm")
    if notes:
        parts.append(f"{notes} {'note' if notes == 1 else 'notes'} to read")
    return (strong("Ready."), plain(f" {', '.join(parts)}.", Token.TEXT2))


# The order of F8


def failing(verdict: Verdict) -> tuple[Finding, ...]:
    """Every failing finding, in the tab order of its field; those without a field last."""
    order = list(Field)
    fails = verdict.of(Severity.FAIL)
    return tuple(sorted(fails, key=lambda found: len(order) if found.field is None else order.index(found.field)))


def failing_fields(verdict: Verdict) -> tuple[Field, ...]:
    """The fields that F8 walks, in tab order: the failing ones, else the empty ones, else those with a warning."""
    findings = failing(verdict) or verdict.of(Severity.INCOMPLETE) or verdict.of(Severity.WARNING)
    wanted = {finding.field for finding in findings}
    return tuple(field for field in Field if field in wanted)


def next_failing(verdict: Verdict, current: Field | None, step: int = 1) -> Field | None:
    """The failing field after ``current`` (before it with ``step`` -1), around the end; ``None`` if nothing fails."""
    fields = failing_fields(verdict)
    if not fields:
        return None
    if current is None:
        return fields[0 if step > 0 else -1]
    order = list(Field)
    here = order.index(current)
    ahead = [field for field in fields if (order.index(field) - here) * step > 0]
    if ahead:
        return ahead[0 if step > 0 else -1]
    return fields[0 if step > 0 else -1]
