"""The look: tokens as colours, fonts by role, and following the system's light or dark.

There is one theme per program, as there is one palette per ``QApplication``. Widgets that paint themselves ask
``color`` and ``font`` while painting and therefore need nothing to follow a switch.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

from otoco_desktop.ui.shell.resources import resources
from otoco_desktop.ui.shell.tokens import TABLES, Scheme, Token

UI_FAMILY = "Inter"
MONO_FAMILY = "JetBrains Mono"


class Role(StrEnum):
    """What a text is, which decides its size and weight."""

    PAGE_TITLE = "page title"
    SHEET_TITLE = "sheet title"
    RESULT = "result"
    KEY_FIGURE = "key figure"
    TITLE = "title"
    BODY = "body"
    FIELD = "field"
    STRONG = "strong"
    SECONDARY = "secondary"
    SECONDARY_STRONG = "secondary strong"
    CAPTION = "caption"
    HEADER = "header"
    MONO = "mono"
    MONO_SMALL = "mono small"


# Size and line height in logical pixels, then the weight.
_TYPE: dict[Role, tuple[int, int, int]] = {
    Role.PAGE_TITLE: (24, 32, 600),
    Role.SHEET_TITLE: (18, 24, 600),
    Role.RESULT: (22, 28, 600),
    Role.KEY_FIGURE: (15, 20, 600),
    Role.TITLE: (13, 18, 600),
    Role.BODY: (13, 18, 400),
    Role.FIELD: (13, 18, 500),
    Role.STRONG: (13, 18, 600),
    Role.SECONDARY: (12, 16, 400),
    Role.SECONDARY_STRONG: (12, 16, 600),
    Role.CAPTION: (11, 14, 400),
    Role.HEADER: (11, 14, 500),
    Role.MONO: (12, 16, 400),
    Role.MONO_SMALL: (11, 14, 400),
}


@cache
def font(role: Role, *, strong: bool = False) -> QFont:
    """The font of a role, with figures of one width; treat it as read-only."""
    size, _, weight = _TYPE[role]
    made = QFont([MONO_FAMILY if role in (Role.MONO, Role.MONO_SMALL) else UI_FAMILY])
    made.setPixelSize(size)
    made.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if role not in (Role.MONO, Role.MONO_SMALL):
        made.setFeature(QFont.Tag("tnum"), 1)
        made.setFeature(QFont.Tag("cv11"), 1)
    return made


def line_height(role: Role) -> int:
    """The height a line of this role takes, logical pixels."""
    return _TYPE[role][1]


class Theme(QObject):
    """Holds the scheme in use and puts it on the application; ``changed`` follows every switch."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice: Scheme | None = None
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def choice(self) -> Scheme | None:
        """What was chosen; ``None`` follows the system."""
        return self._choice

    def choose(self, choice: Scheme | None) -> None:
        """Use this scheme from now on, or follow the system."""
        self._choice = choice
        self._use(choice or self._system())

    def _system(self) -> Scheme:
        scheme = self._app.styleHints().colorScheme()
        return Scheme.LIGHT if scheme is Qt.ColorScheme.Light else Scheme.DARK

    def _system_changed(self) -> None:
        if self._choice is None:
            self._use(self._system())

    def _use(self, scheme: Scheme) -> None:
        _State.scheme = scheme
        self._app.setPalette(_palette())
        QToolTip.setPalette(_palette())
        self.changed.emit()


class _State:
    """The one scheme in use; written by ``Theme`` alone."""

    scheme: Scheme = Scheme.DARK
    theme: Theme | None = None


def scheme() -> Scheme:
    """The scheme in use now."""
    return _State.scheme


def color(token: Token) -> QColor:
    """The token's colour in the scheme in use; treat it as read-only."""
    return _color(_State.scheme, token)


@cache
def _color(scheme: Scheme, token: Token) -> QColor:
    return QColor(TABLES[scheme][token])


def install(app: QApplication, choice: Scheme | None = None) -> Theme:
    """Give the application its style, fonts and colours; call once, before the first window."""
    if _State.theme is None:
        app.setStyle("Fusion")
        _load_fonts()
        app.setFont(font(Role.BODY))
        _State.theme = Theme(app)
    _State.theme.choose(choice)
    return _State.theme


def _load_fonts() -> None:
    """Register the bundled fonts; a system without them falls back to its own installed ones."""
    for path in sorted((resources() / "fonts").glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(path))


def menu_style() -> str:
    """The style sheet of the menu bar and its menus, the one part that does not paint itself.

    It is set on the menu bar alone: a sheet on the application makes every widget slower to build and to paint.
    """
    template = (resources() / "menu.qss").read_text(encoding="utf-8")
    return Template(template).substitute({token.value: value for token, value in TABLES[scheme()].items()})


_ROLES = {
    QPalette.ColorRole.Window: Token.BG1,
    QPalette.ColorRole.WindowText: Token.TEXT,
    QPalette.ColorRole.Base: Token.BG2,
    QPalette.ColorRole.AlternateBase: Token.BG3,
    QPalette.ColorRole.Text: Token.TEXT,
    QPalette.ColorRole.PlaceholderText: Token.TEXT3,
    QPalette.ColorRole.Button: Token.BG3,
    QPalette.ColorRole.ButtonText: Token.TEXT,
    QPalette.ColorRole.BrightText: Token.ON_FILL,
    QPalette.ColorRole.Highlight: Token.ACCENT_FILL,
    QPalette.ColorRole.HighlightedText: Token.ON_FILL,
    QPalette.ColorRole.ToolTipBase: Token.BG3,
    QPalette.ColorRole.ToolTipText: Token.TEXT,
    QPalette.ColorRole.Link: Token.ACCENT,
    QPalette.ColorRole.Light: Token.BG3,
    QPalette.ColorRole.Midlight: Token.BG3,
    QPalette.ColorRole.Mid: Token.LINE,
    QPalette.ColorRole.Dark: Token.LINE,
    QPalette.ColorRole.Shadow: Token.LINE,
    QPalette.ColorRole.Accent: Token.ACCENT,
}
_DISABLED = (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText)


def _palette() -> QPalette:
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, color(token))
    for role in _DISABLED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, color(Token.DIS_TEXT))
    return palette
