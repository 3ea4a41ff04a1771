"""What the environment page shows, as one frozen state. Free of Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otoco_desktop.app.accounts import AccountsState, KeptAccount
from otoco_desktop.domain.errors import WayOn
from otoco_desktop.settings import Environment
from otoco_desktop.ui.accounts import words
from otoco_desktop.ui.accounts.words import Bullet
from otoco_desktop.ui.shell.glyphs import Glyph
from otoco_desktop.ui.shell.tokens import Token


@dataclass(frozen=True, slots=True)
class Choice:
    """What is picked on the page: an environment, and the account that should trade there (empty is the unnamed)."""

    environment: Environment
    account: str | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account in a card; ``remark`` says where it is used or how long it is kept."""

    name: str
    label: str
    remark: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class CardState:
    """One environment to choose. ``accounts`` are listed in the chosen card only."""

    environment: Environment
    headline: str
    bullets: tuple[Bullet, ...]
    chosen: bool
    accounts: tuple[AccountRow, ...] = ()

    @property
    def spoken(self) -> str:
        """The radio button's accessible name."""
        return f"{self.environment.label}. {self.headline}"


@dataclass(frozen=True, slots=True)
class PageState:
    """The page. ``reason`` says why it cannot go on; ``add_link`` makes it the way to the key sheet."""

    cards: tuple[CardState, ...]
    choice: Choice
    go_label: str
    can_go: bool
    reason: str
    add_link: bool
    footer: str
    news: str = ""
    ways_on: tuple[WayOn, ...] = ()


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What the page stands in: which environments it offers, the one that runs (``None`` at the first start),
    and the sentence why it may not switch now, if so."""

    offered: tuple[Environment, ...]
    current: Environment | None = None
    refusal: str = ""


def build(choice: Choice, accounts: AccountsState, frame: PageFrame) -> PageState:
    """The page for this choice; an account that is gone is replaced by the one in use or the first."""
    picked = settled(choice, accounts)
    environment = picked.environment
    lacks_key = environment.needs_key and picked.account is None
    reason = f"Add a {environment.label} key first." if lacks_key else ""
    stays = _stays(picked, accounts, frame)
    if not stays and frame.refusal:
        reason = frame.refusal
    return PageState(
        cards=tuple(_card(offered, picked, accounts) for offered in frame.offered),
        choice=picked,
        go_label=f"{'Stay in' if stays else 'Continue with'} {environment.label}",
        can_go=not reason,
        reason=reason,
        add_link=lacks_key and not frame.refusal,
        footer=words.NOTHING_YET if frame.current is None else words.ORDERS_STAY,
        news=accounts.trouble or accounts.busy or accounts.notice,
        ways_on=accounts.ways_on if accounts.trouble else (),
    )


def settled(choice: Choice, accounts: AccountsState) -> Choice:
    """The choice with an account that exists, if there is one."""
    names = [kept.name for kept in accounts.accounts.get(choice.environment, ())]
    if not choice.environment.needs_key or not names:
        return Choice(choice.environment)
    if choice.account in names:
        return choice
    in_use = accounts.in_use
    if in_use is not None and in_use[0] is choice.environment and in_use[1] in names:
        return Choice(choice.environment, in_use[1])
    return Choice(choice.environment, names[0])


def _stays(picked: Choice, accounts: AccountsState, frame: PageFrame) -> bool:
    """Whether the choice is what runs already."""
    if picked.environment is not frame.current:
        return False
    return not picked.environment.needs_key or accounts.in_use == (picked.environment, picked.account)


def _card(environment: Environment, picked: Choice, accounts: AccountsState) -> CardState:
    said = words.CARDS[environment]
    chosen = picked.environment is environment
    kept = accounts.accounts.get(environment, ()) if environment.needs_key else ()
    rows = tuple(_row(account, environment, picked, accounts) for account in kept) if chosen else ()
    bullets = said.bullets if chosen or not kept else (*said.bullets, _kept_bullet(kept))
    return CardState(environment, said.headline, bullets, chosen, rows)


def _kept_bullet(kept: Sequence[KeptAccount]) -> Bullet:
    return Bullet(Glyph.KEY, Token.TEXT2, f"Kept here: {', '.join(account.label for account in kept)}")


def _row(account: KeptAccount, environment: Environment, picked: Choice, accounts: AccountsState) -> AccountRow:
    remarks = []
    if accounts.in_use == (environment, account.name):
        remarks.append("in use")
    if account.session_only:
        remarks.append("until the program closes")
    return AccountRow(account.name, account.label, ", ".join(remarks), picked.account == account.name)
