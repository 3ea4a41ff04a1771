"""The vault on GNOME's real keyring, and on computers that have none or an unsafe one."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from otoco_desktop.domain.credentials import VaultState
from otoco_desktop.domain.errors import (
    EntryChanged,
    EntryDamaged,
    EntryMissing,
    KeyringCancelled,
    KeyringLocked,
    KeyringUnanswered,
    NoKeyring,
    UnsafeKeyring,
    VaultTrouble,
    WayOn,
)
from tests.contracts.vault_contract import SECRET, made_up
from tests.vault.desktop import PrivateDesktop, desktop
from tests.vault.remote import RemoteVault
from tests.waiting import until

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the Secret Service is Linux's")
NULL = "keyring.backends.null.Keyring"
NO_OTHERS = {"HIDDEN_MODULE": "keyrings.alt"}  # the plaintext backends, as if they were not installed
PLAINTEXT = "keyrings.alt.file.PlaintextKeyring"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[PrivateDesktop]:
    with desktop(tmp_path) as private:
        yield private


@pytest.fixture
def bare_place(tmp_path: Path) -> Iterator[PrivateDesktop]:
    """A message bus without a keyring on it."""
    with desktop(tmp_path, keyring=False) as private:
        yield private


@asynccontextmanager
async def running(
    place: PrivateDesktop, environment: str = "live", patience_s: int = 30, extra: Mapping[str, str] | None = None
) -> AsyncIterator[RemoteVault]:
    """The vault in a process of its own, which must end by itself when it is let go."""
    surroundings = place.environment | dict(extra or {})
    account_list = place.folder / f"{environment}.json"
    vault = await RemoteVault.start(surroundings, environment, account_list, patience_s)
    try:
        yield vault
    finally:
        assert await vault.leave() == 0


async def person(place: PrivateDesktop, manner: str) -> asyncio.subprocess.Process:
    """Somebody in front of the keyring's questions, and ready for them."""
    who = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.vault.prompter",
        manner,
        env=place.environment,
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert await heard(who) == "ready"
    return who


async def heard(who: asyncio.subprocess.Process) -> str:
    assert who.stdout
    return (await asyncio.wait_for(who.stdout.readline(), 20)).decode().strip()


async def gone(who: asyncio.subprocess.Process) -> None:
    who.terminate()
    await who.communicate()


class TestEntries:
    async def test_a_key_outlives_the_program(self, place: PrivateDesktop) -> None:
        async with running(place) as first:
            await first.save("main", made_up())
        async with running(place) as second:
            assert await second.accounts() == (made_up().known_as("main"),)
            assert (await second.load("main")).same_as(made_up())
            await second.forget("main")
        async with running(place) as third:
            assert await third.accounts() == ()
            with pytest.raises(EntryMissing):
                await third.load("main")

    async def test_the_entry_is_one_json_object(self, place: PrivateDesktop) -> None:
        async with running(place) as vault:
            await vault.save("main", made_up())
            text = await vault.ask("read_entry", user="live/main")
            assert text == f'{{"api_key":"MadeUpApiKey1234","secret":"{SECRET}"}}'
            assert await vault.ask("read_entry", user="live") is None

    async def test_no_file_holds_the_key_or_its_secret(self, place: PrivateDesktop) -> None:
        async with running(place) as vault:
            await vault.save("", made_up())
        bodies = {path: path.read_bytes() for path in place.folder.rglob("*") if path.is_file()}
        assert place.folder / "live.json" in bodies
        assert not [path for path, body in bodies.items() if SECRET.encode() in body or b"MadeUpApiKey" in body]

    async def test_environments_do_not_see_each_other(self, place: PrivateDesktop) -> None:
        async with running(place, "live") as live, running(place, "sandbox") as sandbox:
            await live.save("", made_up("1111"))
            await sandbox.save("", made_up("2222"))
            assert (await live.load("")).last_four == "1111"
            await sandbox.forget("")
            assert (await live.load("")).last_four == "1111"
            with pytest.raises(EntryMissing, match="“sandbox”"):
                await sandbox.load("")

    async def test_a_key_changed_outside_is_not_used_unasked(self, place: PrivateDesktop) -> None:
        async with running(place) as vault:
            await vault.save("", made_up("1111"))
            await vault.ask("write_entry", user="live", text='{"api_key":"MadeUpApiKey2222","secret":"other"}')
            with pytest.raises(EntryChanged, match="ended in 1111, now it ends in 2222") as caught:
                await vault.load("")
            assert WayOn.TAKE_CHANGED in caught.value.ways_on
            assert (await vault.take_changed("")).last_four == "2222"
            assert (await vault.load("")).last_four == "2222"
            assert [key.last_four for key in await vault.accounts()] == ["2222"]

    @pytest.mark.parametrize("text", ["", "{}", "no JSON", '{"api_key":"","secret":""}', '{"api_key":1,"secret":"x"}'])
    async def test_a_damaged_entry_is_said_and_can_be_written_anew(self, place: PrivateDesktop, text: str) -> None:
        async with running(place) as vault:
            await vault.save("", made_up())
            await vault.ask("write_entry", user="live", text=text)
            with pytest.raises(EntryDamaged, match="“live”"):
                await vault.load("")
            await vault.save("", made_up())
            assert (await vault.load("")).same_as(made_up())

    async def test_an_entry_deleted_outside_is_missing_and_still_listed(self, place: PrivateDesktop) -> None:
        async with running(place) as vault:
            await vault.save("main", made_up())
            await vault.ask("delete_entry", user="live/main")
            with pytest.raises(EntryMissing, match="“live/main”"):
                await vault.load("main")
            assert [key.name for key in await vault.accounts()] == ["main"]
            await vault.forget("main")
            assert await vault.accounts() == ()

    async def test_a_lost_list_loses_no_key(self, place: PrivateDesktop) -> None:
        async with running(place) as vault:
            await vault.save("main", made_up())
        (place.folder / "live.json").write_bytes(b"\x00 damaged")
        async with running(place) as vault:
            assert await vault.accounts() == ()
            assert "live.damaged-1.json" in vault.notice
            assert (await vault.load("main")).same_as(made_up())
            assert await vault.accounts() == (made_up().known_as("main"),)
        assert (place.folder / "live.damaged-1.json").read_bytes() == b"\x00 damaged"

    async def test_the_keyring_is_not_imported_before_it_is_needed(self, place: PrivateDesktop) -> None:
        async with running(place) as vault:
            await vault.accounts()
            assert await vault.ask("modules") == []
            with pytest.raises(EntryMissing):
                await vault.load("")
            assert "keyring" in await vault.ask("modules")


class TestLocked:
    async def test_a_locked_keyring_is_said_and_opens_later(self, place: PrivateDesktop) -> None:
        async with running(place) as vault:
            await vault.save("", made_up())
            await vault.ask("lock")
            for call in (vault.load(""), vault.save("other", made_up()), vault.forget("")):
                with pytest.raises(KeyringLocked, match=r"OS keyring is locked\. Unlock it") as caught:
                    await call
                assert caught.value.ways_on == (WayOn.UNLOCK, WayOn.SESSION_ONLY)
            assert [key.name for key in await vault.accounts()] == [""]
            place.unlock()
            assert (await vault.load("")).same_as(made_up())

    async def test_a_cancelled_question_is_said(self, place: PrivateDesktop) -> None:
        async with running(place) as vault:
            await vault.save("", made_up())
            await vault.ask("lock")
            someone = await person(place, "cancel")
            with pytest.raises(KeyringCancelled, match="its question was closed"):
                await vault.load("")
            assert await heard(someone) == "asked"
            assert vault.state is VaultState.IDLE
            await gone(someone)
            place.unlock()
            assert (await vault.load("")).same_as(made_up())

    async def test_an_unanswered_question_is_waited_for_and_then_left(self, place: PrivateDesktop) -> None:
        async with running(place, patience_s=4) as vault:
            await vault.save("", made_up())
            await vault.ask("lock")
            nobody = await person(place, "silent")
            loading = asyncio.create_task(vault.load(""))
            assert await heard(nobody) == "asked"
            assert vault.state is VaultState.WAITING
            assert [key.name for key in await vault.accounts()] == [""], "the list does not wait for the keyring"
            with pytest.raises(KeyringUnanswered, match="still waiting for an answer"):
                await loading
            await until(lambda: vault.told[-1] is VaultState.ABANDONED)
            place.unlock()
            assert (await vault.load("")).same_as(made_up()), "the open question blocks nothing else"
            assert vault.told[-1] is VaultState.ABANDONED
            await gone(nobody)
            await until(lambda: vault.state is VaultState.IDLE)

    async def test_the_program_ends_while_a_question_stands_open(self, place: PrivateDesktop) -> None:
        async with running(place, patience_s=1) as vault:
            await vault.ask("lock")
            nobody = await person(place, "silent")
            with pytest.raises(KeyringUnanswered):
                await vault.save("", made_up())
            await vault.close()
        await gone(nobody)


class TestNoSafeKeyring:
    async def expect(self, vault: RemoteVault, kind: type[VaultTrouble], words: str) -> None:
        with pytest.raises(kind, match=words):
            await vault.save("", made_up())
        with pytest.raises(kind, match=words) as caught:
            await vault.load("")
        assert WayOn.SESSION_ONLY in caught.value.ways_on
        assert await vault.accounts() == ()

    async def test_no_service_on_the_bus(self, bare_place: PrivateDesktop) -> None:
        async with running(bare_place, extra=NO_OTHERS) as vault:
            await self.expect(vault, NoKeyring, "No keyring service is running")
            bare_place.start_keyring()
            await vault.save("", made_up())
            assert (await vault.load("")).same_as(made_up())

    async def test_no_bus(self, bare_place: PrivateDesktop) -> None:
        nowhere = NO_OTHERS | {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={bare_place.folder}/nowhere"}
        async with running(bare_place, extra=nowhere) as vault:
            await self.expect(vault, NoKeyring, "No keyring service is running")

    async def test_a_service_that_ends_and_starts_again(self, place: PrivateDesktop) -> None:
        async with running(place, extra=NO_OTHERS) as vault:
            await vault.save("", made_up())
            place.stop_keyring()
            for _ in range(2):
                with pytest.raises(NoKeyring):
                    await vault.load("")
            place.start_keyring()
            assert (await vault.load("")).same_as(made_up())

    async def test_plaintext_alone_is_refused_and_writes_no_file(self, bare_place: PrivateDesktop) -> None:
        async with running(bare_place) as vault:
            await self.expect(vault, UnsafeKeyring, PLAINTEXT)
        bodies = [path.read_bytes() for path in bare_place.folder.rglob("*") if path.is_file()]
        assert not [body for body in bodies if SECRET.encode() in body]

    async def test_plaintext_beside_a_real_keyring_is_not_even_loaded(self, place: PrivateDesktop) -> None:
        async with running(place) as vault:
            await vault.save("", made_up())
            assert (await vault.load("")).same_as(made_up())
            assert await vault.ask("modules") == ["keyring", "secretstorage"]

    @pytest.mark.parametrize("name", [NULL, PLAINTEXT, "keyring.backends.chainer.ChainerBackend", "no.such.Backend"])
    async def test_an_unsafe_choice_of_the_computer_is_refused(self, place: PrivateDesktop, name: str) -> None:
        async with running(place, extra={"PYTHON_KEYRING_BACKEND": name}) as vault:
            await self.expect(vault, UnsafeKeyring, name)

    async def test_a_disabled_keyring_is_respected(self, place: PrivateDesktop) -> None:
        settings = place.folder / ".config/python_keyring/keyringrc.cfg"
        settings.parent.mkdir()
        settings.write_text(f"[backend]\ndefault-keyring={NULL}\n", encoding="utf-8")
        async with running(place) as vault:
            await self.expect(vault, UnsafeKeyring, NULL)

    @pytest.mark.parametrize("text", ["not a settings file", "[other]\nx=y\n"])
    async def test_settings_that_name_no_keyring_change_nothing(self, place: PrivateDesktop, text: str) -> None:
        settings = place.folder / ".config/python_keyring/keyringrc.cfg"
        settings.parent.mkdir()
        settings.write_text(text, encoding="utf-8")
        async with running(place) as vault:
            await vault.save("", made_up())
            assert (await vault.load("")).same_as(made_up())

    async def test_a_safe_choice_of_the_computer_is_used(self, place: PrivateDesktop) -> None:
        chosen = {"PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring"}
        async with running(place, extra=chosen) as vault:
            await vault.save("", made_up())
            assert (await vault.load("")).same_as(made_up())
