"""The command line: what may be asked for, and one sentence with exit code 2 for anything else."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from otoco_desktop import __version__
from otoco_desktop.settings import APP_ID, APP_NAME, Environment, LocalEndpoint, Places, default_data_dir

USAGE_EXIT = 2


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for. ``environment_named`` is false when nothing was said about it."""

    places: Places
    environment_named: bool = False
    local: LocalEndpoint | None = None
    rehearsal: bool = False
    checkup: bool = False
    pictures: Path | None = None
    plan: str = ""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage page."""

    def error(self, message: str) -> NoReturn:
        sentence = message[:1].upper() + message[1:].rstrip(".")
        self.exit(USAGE_EXIT, f"{APP_ID}: {sentence}. See {APP_ID} --help.\n")


def parse(arguments: list[str] | None = None) -> Options:
    """Read the command line. Exits with code 2 and one sentence when it makes no sense."""
    parser = _build()
    given = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    if given.pictures is not None and not given.rehearsal:
        parser.error("--pictures goes with --rehearsal")
    if given.plan is not None and (given.rehearsal or given.checkup):
        parser.error("--plan fills the ticket, so it does not go with --rehearsal or --checkup")
    environment = _environment(parser, given.environment or Environment.PRACTICE)
    local = _local(parser, environment, given.local_endpoint)
    directory = given.data_dir if given.data_dir is not None else default_data_dir()
    places = Places(Path(directory).absolute(), environment)
    named = given.environment is not None
    return Options(places, named, local, given.rehearsal, given.checkup, given.pictures, given.plan or "")


def _local(parser: _Parser, environment: Environment, text: str | None) -> LocalEndpoint | None:
    """The server of LOCAL; asked for with that environment and with no other."""
    if (environment is Environment.LOCAL) != (text is not None):
        parser.error("--environment local and --local-endpoint go together")
    try:
        return None if text is None else LocalEndpoint.read(text)
    except ValueError as trouble:
        parser.error(str(trouble))


def _environment(parser: _Parser, name: str) -> Environment:
    try:
        return Environment(name.lower())
    except ValueError:
        known = ", ".join(Environment)
        parser.error(f"there is no environment {name!r:.40}; choose {known}")


def _build() -> _Parser:
    parser = _Parser(
        prog=APP_ID,
        description=f"{APP_NAME}: plan, check, send and follow protected spot trades. Not affiliated with Crypto.com.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{APP_NAME} {__version__}")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="journal, settings, logs and practice book")
    parser.add_argument("--environment", metavar="NAME", help="practice (default), local, sandbox or live")
    parser.add_argument("--local-endpoint", metavar="URL", help="with local: the server, http://127.0.0.1:PORT")
    parser.add_argument("--rehearsal", action="store_true", help="play a whole bracket on a private practice exchange")
    parser.add_argument("--checkup", action="store_true", help="say what this computer offers: Qt, data, keyring")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="with --rehearsal: keep a picture of each step")
    parser.add_argument("--plan", metavar="TEXT", help="fill the ticket with 'BUY ETH_USD 3000 SL 2900'; sends nothing")
    return parser
