"""Stands in for the person in front of GNOME's keyring: ``silent`` never answers a question, ``cancel`` closes it.

Runs in a process of its own on the private bus, and prints ``ready`` and then ``asked`` for each question.
"""

from __future__ import annotations

import sys
import time

from jeepney import DBusAddress, HeaderFields, Message, MessageType, message_bus, new_method_call, new_method_return
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NAME = "org.gnome.keyring.SystemPrompter"
CALLBACK = "org.gnome.keyring.internal.Prompter.Callback"
SECONDS_TO_CANCEL = 0.8  # a person takes a moment


def answer(bus: DBusConnection, asked: Message, reply: str) -> None:
    """Tell the keyring what the person said; empty means "ask away"."""
    keyring = DBusAddress(asked.body[0], asked.header.fields[HeaderFields.sender], CALLBACK)
    bus.send(new_method_call(keyring, "PromptReady", "sa{sv}s", (reply, {}, "")))


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def main(cancels: bool) -> None:
    bus = open_dbus_connection("SESSION")
    assert bus.send_and_get_reply(message_bus.RequestName(NAME)).body == (1,)
    say("ready")
    while True:
        asked = bus.receive()
        if asked.header.message_type is not MessageType.method_call:
            continue
        member = asked.header.fields[HeaderFields.member]
        bus.send(new_method_return(asked))
        if member == "BeginPrompting":
            answer(bus, asked, "")
        elif member == "PerformPrompt":
            say("asked")
            if cancels:
                time.sleep(SECONDS_TO_CANCEL)
                answer(bus, asked, "no")


if __name__ == "__main__":
    main(sys.argv[1] == "cancel")
