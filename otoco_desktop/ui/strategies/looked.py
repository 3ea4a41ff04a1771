"""What the exchange answered about an order whose outcome is in doubt, and the trader's own way out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otoco_desktop.domain.events import Looked
from otoco_desktop.domain.evidence import EvidenceSource, SourceAnswer
from otoco_desktop.domain.headline import hms
from otoco_desktop.domain.lifecycle import phase
from otoco_desktop.domain.looks import is_complete
from otoco_desktop.domain.strategy import Phase, Strategy
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.strategies.state import DOUBTFUL, Question, sent_at, side_word

WANTED = "not placed"
TYPE_IT = f"Type {WANTED} to confirm."
FIRST_CHECK = "First check is under way."


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One source's answer in the newest round."""

    glyph: Glyph
    tone: Token
    source: str
    asked: str
    words: str

    @property
    def spoken(self) -> str:
        return f"{self.source}, asked at {self.asked}: {self.words}"


@dataclass(frozen=True, slots=True)
class LookedState:
    """What was looked at, and whether the trader may settle it."""

    words: str
    answers: tuple[AnswerRow, ...]
    question: Question | None


def build(strategy: Strategy) -> LookedState | None:
    """Where the exchange was asked; ``None`` where the outcome is in no doubt."""
    if phase(strategy) not in DOUBTFUL:
        return None
    unresolved = phase(strategy) is Phase.UNRESOLVED
    return LookedState(
        words=_rounds_words(strategy.looks) if unresolved else _newest_words(strategy.looks),
        answers=tuple(_answer(answer) for answer in strategy.looks[-1].answers) if strategy.looks else (),
        question=_question(strategy) if unresolved else None,
    )


def is_wanted(typed: str) -> bool:
    """Whether these are the words that settle it: plain ASCII in any case; spaces around them do not matter."""
    return typed.isascii() and typed.strip().lower() == WANTED


def _question(strategy: Strategy) -> Question:
    words = f"Settle {strategy.label} as not placed? Only if you found none of its order ids on the exchange yourself."
    return Question(strategy.strategy_id, words, "Leave it open", "Settle as not placed")


def unlock_words(strategy: Strategy) -> str:
    """What settling does, and what undoes it."""
    order = strategy.intent.order
    what = f"{foreign(order.instrument)} {side_word(order.side).lower()}s"
    return f"{TYPE_IT} New {what} unlock; a late event reopens it."


def _rounds_words(looks: Sequence[Looked]) -> str:
    """Sources, rounds and times of the rounds that count."""
    complete = [look for look in looks if is_complete(look)]
    asked = {answer.source for look in complete for answer in look.answers}
    *others, last = [str(source) for source in EvidenceSource if source in asked]
    where = f"{', '.join(others)} and {last}"
    times = f"{hms(complete[0].at_ms)} to {hms(complete[-1].at_ms)} UTC"
    return f"Looked in {where}: {len(complete)} complete rounds, {times}."


def _newest_words(looks: Sequence[Looked]) -> str:
    if not looks:
        return FIRST_CHECK
    answers = looks[-1].answers
    answered = sum(answer.answered for answer in answers)
    return f"Round {len(looks)}: {answered} of {len(answers)} sources answered. Not found is not proof yet."


def _answer(answer: SourceAnswer) -> AnswerRow:
    glyph, tone = (Glyph.PASS, Token.POS) if answer.answered else (Glyph.UNKNOWN, Token.WARN)
    name = answer.source.capitalize()
    return AnswerRow(glyph, tone, name, sent_at(answer.asked_ms), foreign(answer.words))
