"""Failures whose text is written for people: what is wrong and what to do. Never a secret, never exchange text."""

from __future__ import annotations

from enum import StrEnum


class ExchangeTrouble(Exception):
    """A question to the exchange got no usable answer."""


class JournalTrouble(Exception):
    """The journal could not be opened, read or written."""


class JournalNewer(JournalTrouble):
    """The journal was written by a newer version of the program."""


class JournalHeld(JournalTrouble):
    """Another instance holds the journal."""


class KeyLocked(Exception):
    """The key is locked away: nothing can be signed until it is unlocked."""

    sentence = "Locked. Unlock to submit or cancel."

    def __init__(self) -> None:
        super().__init__(self.sentence)


class WayOn(StrEnum):
    """What a trader can do about a failure of the vault; each is one button."""

    UNLOCK = "unlock"
    TRY_AGAIN = "try again"
    SESSION_ONLY = "use it until the program closes"
    ENTER_AGAIN = "enter the key again"
    TAKE_CHANGED = "use the changed key"
    FORGET = "forget it"


class VaultTrouble(Exception):
    """A key could not be kept, read or forgotten. The text is for the trader; ``ways_on`` offers what helps."""

    ways_on: tuple[WayOn, ...] = (WayOn.TRY_AGAIN, WayOn.SESSION_ONLY)
    sentence = "The key could not be kept or read."

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.sentence)


class NoKeyring(VaultTrouble):
    """The system offers no keyring at all."""

    sentence = (
        "No keyring service is running on this computer, so the key cannot be kept. "
        "Start one (GNOME Keyring or KWallet on Linux), or use the key until the program closes."
    )


class UnsafeKeyring(VaultTrouble):
    """Only a keyring that keeps nothing, or keeps it in the open, is there. ``name`` is its class."""

    ways_on = (WayOn.SESSION_ONLY, WayOn.TRY_AGAIN)

    def __init__(self, name: str) -> None:
        super().__init__(
            f"This computer offers the keyring “{name}”, which does not keep a key safely, so it is not used. "
            "Set up the system's own keyring, or use the key until the program closes."
        )
        self.name = name


class KeyringLocked(VaultTrouble):
    """The keyring is locked and nothing asked for its password."""

    ways_on = (WayOn.UNLOCK, WayOn.SESSION_ONLY)
    sentence = "OS keyring is locked. Unlock it, or keep the key for this session only."


class KeyringCancelled(VaultTrouble):
    """The keyring asked, and its question was closed."""

    ways_on = (WayOn.UNLOCK, WayOn.SESSION_ONLY)
    sentence = (
        "The OS keyring stayed locked, because its question was closed. "
        "Unlock it to go on, or keep the key for this session only."
    )


class KeyringUnanswered(VaultTrouble):
    """The keyring's question stands open and is not waited for any longer; it may still be answered."""

    sentence = (
        "The OS keyring is still waiting for an answer. Answer its question, which may be behind this window, "
        "and try again, or use the key until the program closes."
    )


class KeyringFailed(VaultTrouble):
    """The keyring answered with an error of its own; ``kind`` is the error's type, never its text."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"The OS keyring reported an error ({kind}). Try again, or use the key until the program closes."
        )
        self.kind = kind


class EntryMissing(VaultTrouble):
    """The keyring holds no such entry."""

    ways_on = (WayOn.ENTER_AGAIN, WayOn.FORGET)

    def __init__(self, entry: str) -> None:
        super().__init__(f"No key is kept under “{entry}” any more. Enter the key again, or forget it.")


class EntryDamaged(VaultTrouble):
    """The entry is there and is not a key and a secret."""

    ways_on = (WayOn.ENTER_AGAIN, WayOn.FORGET)

    def __init__(self, entry: str) -> None:
        super().__init__(f"The entry “{entry}” in the OS keyring cannot be read as a key. Enter the key again.")


class EntryChanged(VaultTrouble):
    """The entry holds another key than the one that was stored here."""

    ways_on = (WayOn.TAKE_CHANGED, WayOn.ENTER_AGAIN)

    def __init__(self, entry: str, expected: str, found: str) -> None:
        super().__init__(
            f"The entry “{entry}” in the OS keyring was changed outside this program: the key ended in {expected}, "
            f"now it ends in {found}. Use the changed key only if you changed it yourself."
        )


class WriteNotKept(VaultTrouble):
    """What was written came back different, or not at all."""

    sentence = (
        "The OS keyring did not keep the key: what it gives back is not what was written. "
        "Try again, or use the key until the program closes."
    )


class NotForgotten(VaultTrouble):
    """The entry is still there after it was deleted."""

    ways_on = (WayOn.TRY_AGAIN,)

    def __init__(self, entry: str) -> None:
        super().__init__(
            f"The key “{entry}” is still in the OS keyring. Try again, or delete it with the system's own program."
        )


class AccountListFailed(VaultTrouble):
    """The list of account names could not be read or written."""


class BadAccountName(VaultTrouble):
    """No account can be called that."""

    ways_on = ()


class CredentialsSpent(VaultTrouble):
    """The secret was handed over already."""

    ways_on = (WayOn.TRY_AGAIN,)
    sentence = "This key is no longer in memory. Load it again."


class VaultClosed(VaultTrouble):
    """The vault is shut; the program is closing."""

    ways_on = ()
    sentence = "The program is closing; the key is not touched any more."
