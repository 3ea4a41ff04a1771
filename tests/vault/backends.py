"""Keyrings that go wrong in ways GNOME's does not, shaped like the real ones."""

from __future__ import annotations

import threading


class MemoryBackend:
    """Works. Not one of ``keyring``'s own classes, so nothing but the test can find it."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, user: str) -> str | None:
        return self.held.get((service, user))

    def set_password(self, service: str, user: str, text: str) -> None:
        self.held[service, user] = text

    def delete_password(self, service: str, user: str) -> None:
        from keyring.errors import PasswordDeleteError

        if self.held.pop((service, user), None) is None:
            raise PasswordDeleteError("No such password!")


class Forgetful(MemoryBackend):
    """Says yes and stores nothing."""

    def set_password(self, service: str, user: str, text: str) -> None:
        pass


class Altering(MemoryBackend):
    """Cuts what it is given."""

    def set_password(self, service: str, user: str, text: str) -> None:
        self.held[service, user] = text[:20]


class Clinging(MemoryBackend):
    """Never deletes."""

    def delete_password(self, service: str, user: str) -> None:
        pass


class Failing(MemoryBackend):
    """Raises whatever it was given, whose text holds what must not be passed on."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, user: str) -> str | None:
        raise self.error

    def set_password(self, service: str, user: str, text: str) -> None:
        raise self.error


class Asking(MemoryBackend):
    """Each call is a question that stands open until ``answer``; ``asked`` counts them."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self._answered = threading.Event()

    def answer(self) -> None:
        self._answered.set()

    def get_password(self, service: str, user: str) -> str | None:
        self._ask()
        return super().get_password(service, user)

    def set_password(self, service: str, user: str, text: str) -> None:
        self._ask()
        super().set_password(service, user, text)

    def _ask(self) -> None:
        self.asked += 1
        assert self._answered.wait(30)
