"""One environment to choose: its badge, what it means, and in the chosen one its accounts."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QWidget

from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts.controls import Radio
from otoco_desktop.ui.accounts.state import AccountRow, CardState
from otoco_desktop.ui.accounts.words import Bullet
from otoco_desktop.ui.shell.badge import Badge
from otoco_desktop.ui.shell.theme import Role
from otoco_desktop.ui.shell.tokens import Token
from otoco_desktop.ui.widgets import paint
from otoco_desktop.ui.widgets.buttons import Button, Kind
from otoco_desktop.ui.widgets.labels import label
from otoco_desktop.ui.widgets.paint import Box
from otoco_desktop.ui.widgets.panel import column, row
from otoco_desktop.ui.widgets.sentence import Sentence
from otoco_desktop.ui.widgets.spans import plain

INDENT = 27
RADIUS = 6
FILLS = {
    Environment.PRACTICE: Token.ACCENT_FILL,
    Environment.LOCAL: Token.ACCENT_FILL,
    Environment.SANDBOX: Token.SAND,
    Environment.LIVE: Token.LIVE_FILL,
}


class AccountLine(QWidget):
    """One kept account: pick it, test it, forget it."""

    chosen = Signal(str)
    test_clicked = Signal(str)
    forget_clicked = Signal(str)

    def __init__(self, account: AccountRow, ink: Token) -> None:
        super().__init__()
        name, label_text = account.name, account.label
        self.radio = Radio(f"Use {label_text}", label_text, ink)
        self.radio.setChecked(account.chosen)
        self.radio.clicked.connect(lambda: self.chosen.emit(name))
        self.test = Button("Test", Kind.SMALL)
        self.test.setAccessibleName(f"Test {label_text}")
        self.test.clicked.connect(lambda: self.test_clicked.emit(name))
        self.forget = Button("Forget…", Kind.SMALL)
        self.forget.setAccessibleName(f"Forget {label_text}")
        self.forget.clicked.connect(lambda: self.forget_clicked.emit(name))
        box = row(8)
        box.addWidget(self.radio)
        box.addWidget(label(account.remark, Role.SECONDARY, Token.TEXT3), 1)
        box.addWidget(self.test)
        box.addWidget(self.forget)
        self.setLayout(box)


class ChoiceCard(QWidget):
    """``picked`` when it is chosen; the other signals carry an account's name."""

    picked = Signal()
    account_picked = Signal(str)
    test_requested = Signal(str)
    forget_requested = Signal(str)
    add_requested = Signal()

    def __init__(self, environment: Environment) -> None:
        super().__init__()
        self.environment = environment
        self._shown: CardState | None = None
        self.radio = Radio(environment.label, ink=FILLS[environment])
        self.radio.clicked.connect(self.picked)
        self.badge = Badge(environment.label)
        self.badge.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.headline = label("", Role.STRONG)
        self.lines: tuple[AccountLine, ...] = ()
        self.add = Button("Add another key…", Kind.SMALL)
        self.add.clicked.connect(self.add_requested)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._build()

    def _build(self) -> None:
        box = column(self, 8, (14, 14, 16, 14))
        head = row(9)
        head.addWidget(self.radio)
        head.addWidget(self.badge)
        head.addWidget(self.headline, 1)
        box.addLayout(head)
        self._bullets = QWidget()
        self._bullet_column = column(self._bullets, 2, (INDENT, 0, 0, 0))
        box.addWidget(self._bullets)
        self._accounts = QWidget()
        self._account_column = column(self._accounts, 4, (INDENT, 2, 0, 0))
        box.addWidget(self._accounts)
        self._group = QButtonGroup(self)

    def show_card(self, card: CardState) -> None:
        """Show this; nothing is rebuilt that stands there already."""
        before, self._shown = self._shown, card
        if card == before:
            return
        self.radio.setChecked(card.chosen)
        self.radio.setAccessibleName(card.spoken)
        self.headline.show_text(card.headline)
        if before is None or before.bullets != card.bullets:
            self._show_bullets(card.bullets)
        if before is None or before.accounts != card.accounts:
            self._show_accounts(card.accounts)
        self.update()

    def _show_bullets(self, bullets: tuple[Bullet, ...]) -> None:
        while (item := self._bullet_column.takeAt(0)) is not None:
            _discard(item.widget())
        for bullet in bullets:
            line = Sentence(Role.BODY, Token.TEXT2)
            line.set_spans((plain(bullet.text),), bullet.glyph, bullet.token)
            self._bullet_column.addWidget(line)

    def _show_accounts(self, accounts: tuple[AccountRow, ...]) -> None:
        self._account_column.removeWidget(self.add)
        for line in self.lines:
            self._group.removeButton(line.radio)
            self._account_column.removeWidget(line)
            _discard(line)
        self.lines = tuple(AccountLine(account, FILLS[self.environment]) for account in accounts)
        for line in self.lines:
            self._group.addButton(line.radio)
            self._connect(line)
            self._account_column.addWidget(line)
        self._account_column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self._accounts.setVisible(bool(accounts))

    def _connect(self, line: AccountLine) -> None:
        line.chosen.connect(self.account_picked)
        line.test_clicked.connect(self.test_requested)
        line.forget_clicked.connect(self.forget_requested)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        if event.button() == Qt.MouseButton.LeftButton:
            self.radio.setFocus(Qt.FocusReason.MouseFocusReason)
            self.picked.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        chosen = self._shown is not None and self._shown.chosen
        border = FILLS[self.environment] if chosen else Token.EDGE
        with QPainter(self) as painter:
            look = Box(Token.BG1, border, width=2.0 if chosen else 1.0, radius=RADIUS)
            paint.box(painter, QRectF(self.rect()), look)


def _discard(widget: QWidget | None) -> None:
    if widget is not None:
        widget.hide()
        widget.deleteLater()
