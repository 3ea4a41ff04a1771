"""What every vault must do; each implementation only says how to open itself, empty, for the environment "live"."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import AbstractAsyncContextManager

import pytest

from otoco_desktop.app.ports import Vault
from otoco_desktop.domain.credentials import Credentials, VaultState
from otoco_desktop.domain.errors import BadAccountName, EntryMissing, VaultClosed, WayOn

SECRET = "made-up-secret"


def made_up(ending: str = "1234", secret: str = SECRET) -> Credentials:
    return Credentials(f"MadeUpApiKey{ending}", secret)


class VaultContract:
    """Inherit, and give ``opened``."""

    @abstractmethod
    def opened(self) -> AbstractAsyncContextManager[Vault]:
        """An empty vault, let go of afterwards."""

    async def test_what_was_saved_is_loaded(self) -> None:
        async with self.opened() as vault:
            await vault.save("", made_up())
            assert (await vault.load("")).same_as(made_up())
            assert not (await vault.load("")).same_as(made_up(secret="another"))

    async def test_saving_again_replaces(self) -> None:
        async with self.opened() as vault:
            await vault.save("main", made_up("1111"))
            await vault.save("main", made_up("2222"))
            assert (await vault.load("main")).same_as(made_up("2222"))
            assert [(key.name, key.last_four) for key in await vault.accounts()] == [("main", "2222")]

    async def test_accounts_are_listed_by_name_with_four_characters_of_the_key(self) -> None:
        async with self.opened() as vault:
            assert await vault.accounts() == ()
            for name, ending in (("swing", "2222"), ("", "1111"), ("day", "3333")):
                await vault.save(name, made_up(ending))
            listed = await vault.accounts()
            assert [(key.name, key.last_four) for key in listed] == [("", "1111"), ("day", "3333"), ("swing", "2222")]
            assert listed[0] == made_up("1111").known_as("")
            assert (await vault.load("swing")).same_as(made_up("2222"))

    async def test_forgetting_removes_entry_and_name_and_no_other(self) -> None:
        async with self.opened() as vault:
            await vault.save("", made_up("1111"))
            await vault.save("main", made_up("2222"))
            await vault.forget("")
            assert [key.name for key in await vault.accounts()] == ["main"]
            with pytest.raises(EntryMissing):
                await vault.load("")
            assert (await vault.load("main")).same_as(made_up("2222"))

    async def test_forgetting_what_is_not_there_is_no_trouble(self) -> None:
        async with self.opened() as vault:
            await vault.forget("never")
            assert await vault.accounts() == ()

    @pytest.mark.parametrize(("name", "entry"), [("", "“live”"), ("main", "“live/main”")])
    async def test_a_missing_entry_is_named(self, name: str, entry: str) -> None:
        async with self.opened() as vault:
            with pytest.raises(EntryMissing, match=entry) as caught:
                await vault.load(name)
            assert caught.value.ways_on == (WayOn.ENTER_AGAIN, WayOn.FORGET)

    async def test_each_load_gives_an_object_of_its_own(self) -> None:
        async with self.opened() as vault:
            given = made_up()
            await vault.save("", given)
            (await vault.load("")).hand_over(lambda *_: None)
            assert (await vault.load("")).same_as(given)

    async def test_an_unchanged_entry_may_be_taken_as_it_is(self) -> None:
        async with self.opened() as vault:
            await vault.save("", made_up())
            assert (await vault.take_changed("")).same_as(made_up())

    async def test_any_text_is_kept_exactly(self) -> None:
        odd = Credentials('cdx"\\ é€😀 key', "x" * 1_500 + "\\\"'\t ü")
        async with self.opened() as vault:
            await vault.save("Zweites Konto ü", odd)
            assert (await vault.load("Zweites Konto ü")).same_as(odd)

    async def test_names_are_trimmed_or_refused(self) -> None:
        async with self.opened() as vault:
            await vault.save("  main ", made_up())
            assert [key.name for key in await vault.accounts()] == ["main"]
            for name in ("a/b", "a\nb", "x" * 41):
                with pytest.raises(BadAccountName):
                    await vault.save(name, made_up())
            assert len(await vault.accounts()) == 1

    async def test_nothing_is_waited_for_when_nothing_is_asked(self) -> None:
        async with self.opened() as vault:
            await vault.save("", made_up())
            assert vault.state is VaultState.IDLE
            assert vault.notice == ""

    async def test_a_closed_vault_refuses(self) -> None:
        async with self.opened() as vault:
            await vault.save("", made_up())
            await vault.close()
            await vault.close()
            with pytest.raises(VaultClosed):
                await vault.load("")
            with pytest.raises(VaultClosed):
                await vault.save("", made_up())
            with pytest.raises(VaultClosed):
                await vault.accounts()
