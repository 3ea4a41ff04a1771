"""What is typed and not sent: it comes back at the next start, and can be put away and opened again. It is never sent.

Bound to the disk by ``DraftsPort``; nothing here waits for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from otoco_desktop.domain.draft import OtocoDraft
from otoco_desktop.domain.drafts import DraftsFull, KeptDraft
from otoco_desktop.ui.drafts import words
from otoco_desktop.ui.foreign import foreign
from otoco_desktop.ui.shell.menus import add_to_plan
from otoco_desktop.ui.shell.pages import Name
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets.tips import tip

if TYPE_CHECKING:
    from otoco_desktop.app.drafts import DraftsPort
    from otoco_desktop.domain.verdict import Verdict
    from otoco_desktop.ui.drafts.sheet import DraftsSheet
    from otoco_desktop.ui.shell.window import MainWindow

KEEP_KEY, LIST_KEY = "Ctrl+S", "Ctrl+Shift+D"


class Drafting(QObject):
    """Belongs to one window; idle until it is given what keeps the drafts."""

    def __init__(self, window: MainWindow, port: DraftsPort) -> None:
        super().__init__(window)
        self._window = window
        self._port = port
        self._seen = window.presenter.draft
        self._sent: OtocoDraft | None = None
        self._shown: KeptDraft | None = None
        self._complained = ""
        self._waiting: KeptDraft | None = None
        self._has_begun = False
        self.sheet: DraftsSheet | None = None
        bar = window.menus.bar
        self.keep_action = add_to_plan(bar, "&Keep as draft", self.keep, KEEP_KEY)
        self.list_action = add_to_plan(bar, "&Drafts…", self.open_list, LIST_KEY)
        port.follow(self._ticket)
        port.listen(self._show)
        self._bring_back()
        window.presenter.listen(lambda _state, verdict: self._follow(verdict))
        window.review.sent.connect(lambda _id: self._forget_sent())
        self._show()

    # What stands in the ticket

    def _standing(self) -> KeptDraft | None:
        """The ticket as a draft; nothing while nothing is typed, or what is typed has been sent."""
        presenter, state = self._window.presenter, self._window.desk.state
        if presenter.is_untouched or presenter.draft == self._sent or state.instrument is None:
            return None
        mark = state.quote.mark if state.quote is not None else None
        return KeptDraft(presenter.draft, state.instrument.symbol, self._window.desk.now_ms(), mark or None)

    def _ticket(self) -> tuple[KeptDraft | None, tuple[KeptDraft, ...]]:
        current = self._standing()
        if current is not None and self._shown is not None and current.says_the_same(self._shown):
            current = self._shown
        return current or self._waiting, self._others()

    def _others(self) -> tuple[KeptDraft, ...]:
        """What stands there for the pairs that are not shown."""
        now, presenter = self._now, self._window.presenter
        typed = ((draft, symbol) for symbol, draft in presenter.others.items() if not presenter.is_as_begun(draft))
        return tuple(KeptDraft(draft, symbol, now) for draft, symbol in typed)

    def _follow(self, verdict: Verdict) -> None:
        """Called for every price; a plan that was not touched is the same object."""
        if verdict.draft is self._seen:
            return
        same = verdict.draft == self._seen
        self._seen = verdict.draft
        if same:
            return
        self._port.touch()
        if self._shown is not None and verdict.draft != self._shown.draft:
            self._shown = None
            self._show()

    def _forget_sent(self) -> None:
        """What has been sent is no draft any more; what was typed while it was on its way is one."""
        self._sent = self._window.review.spent
        if self._shown is not None and self._shown.draft == self._sent:
            self._shown = None
        self._port.touch()

    # The line beside the title

    def _show(self) -> None:
        line, trouble = self._window.page.ticket.kept, self._port.trouble
        line.show_text(self._words(trouble))
        failed = bool(trouble) and not self._port.is_saved
        line.set_token(Token.WARN if failed else Token.TEXT3)
        line.setToolTip(tip(trouble if failed else words.opened(self._shown, self._now) if self._shown else ""))
        if trouble and trouble != self._complained:
            self._window.toasts.complain(foreign(trouble))
        self._complained = trouble
        if self.sheet is not None:
            self.sheet.show_drafts(self._port.book.kept)

    def _words(self, trouble: str) -> str:
        if trouble and not self._port.is_saved:
            return words.NOT_SAVED
        if self._shown is not None:
            return words.header(self._shown, self._now)
        return words.SAVED if self._port.is_saved and self._port.book.current is not None else ""

    @property
    def _now(self) -> int:
        return self._window.desk.now_ms()

    # At the start

    def _bring_back(self) -> None:
        """What stood in the ticket last stands there again, as soon as it is known which pairs there are."""
        for other in self._port.book.others:
            self._window.presenter.put_aside(other.instrument, other.draft)
        self._waiting = self._port.book.current
        self._window.bridge.state.connect(lambda _desk: self._begin())
        self._begin()

    def _begin(self) -> None:
        """Once, when there are pairs. What was typed before anybody kept it is kept from here on."""
        if self._has_begun or not self._window.desk.state.instruments:
            return
        self._has_begun = True
        waiting, self._waiting = self._waiting, None
        if not self._window.presenter.is_untouched:
            self._port.touch()
        if waiting is not None:
            self._place(waiting)

    def _place(self, waiting: KeptDraft) -> None:
        """Into the ticket, or into the list where the ticket is taken or its pair is gone."""
        if not self._window.presenter.is_untouched or self._window.pages.pasting.is_holding:
            self._put_away(waiting, words.NEWER)
        elif not self._is_listed(waiting):
            self._put_away(waiting, words.NOT_LISTED)
        else:
            self._load(waiting)

    def _put_away(self, kept: KeptDraft, sentence: str) -> None:
        """Into the list, where it can be opened later; a full list is told, and the oldest way on is its file."""
        if not self._port.book.holds(kept):
            try:
                self._port.change(lambda book: book.keep(kept))
            except DraftsFull as full:
                self._window.toasts.complain(str(full))
        when = words.when(kept.at_ms, self._now)
        self._window.toasts.complain(sentence.format(symbol=foreign(kept.instrument), when=when))

    def _is_listed(self, kept: KeptDraft) -> bool:
        return kept.instrument in {known.symbol for known in self._window.desk.state.instruments}

    def _load(self, kept: KeptDraft) -> None:
        """Show this plan for its pair, as typed; its verdict is of now."""
        window = self._window
        instrument = window.desk.state.instrument
        if instrument is None or instrument.symbol != kept.instrument:
            window.choose_instrument(kept.instrument)
        self._shown = kept
        window.presenter.load(kept.draft)
        self._shown, self._seen = kept, window.presenter.draft
        self._port.touch()
        self._show()
        window.toasts.say(words.opened(kept, self._now))

    # Asked for by keys and presses

    def keep(self) -> None:
        """Put away what stands in the ticket; the ticket stays as it is."""
        standing = self._standing()
        if standing is None:
            self._window.toasts.say(words.NOTHING_TYPED)
        elif self._port.book.holds(standing):
            self._window.toasts.say(words.KEPT_ALREADY)
        else:
            self._keep(standing)

    def _keep(self, standing: KeptDraft) -> bool:
        try:
            self._port.change(lambda book: book.keep(standing))
        except DraftsFull as full:
            self._window.toasts.complain(str(full))
            return False
        self._window.toasts.say(words.put_away(standing))
        return True

    def open_list(self) -> None:
        """Every draft that was put away."""
        from otoco_desktop.ui.drafts.sheet import DraftsSheet  # noqa: PLC0415 - its import is not for the start

        if self.sheet is not None:
            self.sheet.activateWindow()
            return
        self.sheet = sheet = DraftsSheet(self._window, self._window.desk.now_ms)
        sheet.opened.connect(self.open_draft)
        sheet.deleted.connect(lambda kept: self._port.change(lambda book: book.delete(kept.number)))
        sheet.named.connect(lambda number, name: self._port.change(lambda book: book.rename(number, name)))
        sheet.undone.connect(self._restore)
        sheet.finished.connect(self._forget_sheet)
        sheet.show_drafts(self._port.book.kept)
        sheet.open()

    def open_draft(self, kept: KeptDraft) -> None:
        """Show it in the ticket. What stood there is put away first, so that nothing typed is lost."""
        if not self._is_listed(kept):
            when = words.when(kept.at_ms, self._now)
            sentence = words.NOT_LISTED.format(symbol=foreign(kept.instrument), when=when)
            (self.sheet.tell if self.sheet is not None else self._window.toasts.complain)(sentence)
            return
        there = (each for each in self._others() if each.instrument == kept.instrument)
        for standing in (self._standing(), *there):
            if standing is not None and not self._port.book.holds(standing) and not self._keep(standing):
                return
        if self.sheet is not None:
            self.sheet.accept()
        self._window.pages.show(Name.PLAN)
        self._load(kept)

    def _restore(self, kept: KeptDraft) -> None:
        try:
            self._port.change(lambda book: book.restore(kept))
        except DraftsFull as full:
            self._window.toasts.complain(str(full))

    def _forget_sheet(self) -> None:
        self.sheet = None
