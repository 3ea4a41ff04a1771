"""The words that lift the lock of an unknown outcome for one submission, decided without Qt."""

from __future__ import annotations

from dataclasses import dataclass

from otoco_desktop.domain.finding import says
from otoco_desktop.domain.verdict import Verdict
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.review.retype import Answer
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token

IF_IT_EXISTS = " If it was placed, this makes two. To send this one plan all the same, type "
RECORDED = ". Your words are recorded with it."
NOT_YET = Answer(False, Glyph.LOCK, Token.TEXT2, "Waiting for the words. Submit stays off.")


@dataclass(frozen=True, slots=True)
class Override:
    """``message`` says what is locked, ``wanted`` are the words."""

    message: str
    wanted: str

    def judge(self, text: str) -> Answer:
        """Whether the words stand there."""
        if says(text, self.wanted):
            return Answer(True, Glyph.WARNING, Token.WARN, "Locked no more for this plan alone.")
        return NOT_YET


def of(verdict: Verdict) -> Override | None:
    """What has to be typed before this plan may be sent, if anything."""
    if not verdict.override:
        return None
    message = " ".join(finding.message for finding in verdict.findings if finding.severity.blocks)
    return Override(foreign(message), verdict.override)
