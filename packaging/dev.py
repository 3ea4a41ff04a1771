"""Run, test and check OTOCO Desktop from a source checkout, with nothing but Python installed.

    python3 packaging/dev.py run [arguments of the program]
    python3 packaging/dev.py test [arguments of pytest]
    python3 packaging/dev.py bench
    python3 packaging/dev.py check [--long]
    python3 packaging/dev.py mutate [arguments of tests.mutation]
    python3 packaging/dev.py bundle
    python3 packaging/dev.py lock

The first start makes `.venv` and installs the locked requirements into it; a stamp lets later starts skip
that. Standard library only, and readable by an older Python, which is told in one sentence what is wanted.

Exit codes of its own: 2 wrong use, 3 unsuitable Python, 4 system packages missing, 5 installation failed.
Everything else is the exit code of what was started.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
RUN_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "packaging" / "requirements-test.lock"

MUTATIONS = "mutmut==3.8.1"
"""Makes the changes; kept out of the locks, since nothing else needs it."""

WRONG_USE, UNSUITABLE_PYTHON, PACKAGES_MISSING, INSTALLATION_FAILED = 2, 3, 4, 5
OLDEST, TOO_NEW = (3, 11), (3, 14)
ON_WINDOWS, ON_LINUX = os.name == "nt", sys.platform.startswith("linux")

# Debian package -> the shared library of it that Qt loads.
QT_LIBRARIES = {
    "libgl1": "libGL.so.1",
    "libegl1": "libEGL.so.1",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libbrotli1": "libbrotlidec.so.1",
}
X11_LIBRARIES = {
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-randr0": "libxcb-randr.so.0",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "libx11-xcb1": "libX11-xcb.so.1",
}
# These alone reach every branch of the domain and of signing; measuring slows the others for nothing.
COVERING = ("tests/domain", "tests/app", "tests/ui/ticket", "tests/exchange/test_signing.py")
# Debian package -> the program of it that the tests start.
TEST_PROGRAMS = {
    "xvfb": "Xvfb",
    "xauth": "xauth",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "dbus": "dbus-daemon",
    "gnome-keyring": "gnome-keyring-daemon",
    "tesseract-ocr": "tesseract",
    "strace": "strace",
}
# Debian package -> a file of it that the tests need and that stands in no PATH.
TEST_FILES = {
    "at-spi2-core": "/usr/libexec/at-spi-bus-launcher",
    "python3-pyatspi": "/usr/lib/python3/dist-packages/pyatspi/__init__.py",
}


class StopError(Exception):
    """The reason why it cannot go on, in a sentence, and the exit code that goes with it."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


# The machine


def require_suitable_python() -> None:
    suitable = platform.python_implementation() == "CPython" and OLDEST <= sys.version_info[:2] < TOO_NEW
    if not suitable:
        raise StopError(
            f"OTOCO Desktop needs CPython 3.11, 3.12 or 3.13; this is {platform.python_implementation()} "
            f"{platform.python_version()} ({sys.executable}). "
            "Start it with one of those, for example: python3.12 packaging/dev.py run",
            UNSUITABLE_PYTHON,
        )


def has_display() -> bool:
    return not ON_LINUX or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def is_there(file: str) -> bool:
    return Path(file).exists()


def venv_packages() -> list[str]:
    """The Debian package that brings `ensurepip`, where it is missing."""
    importlib.invalidate_caches()
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return []
    default = Path("/usr/bin/python3").resolve() == Path(sys.executable).resolve()
    return ["python3-venv" if default else f"python3.{sys.version_info[1]}-venv"]


def missing_packages(for_tests: bool) -> list[str]:
    """Debian names of what this machine lacks; empty on macOS and Windows, whose wheels bring everything."""
    if not ON_LINUX:
        return []
    libraries = dict(QT_LIBRARIES)
    if for_tests or os.environ.get("DISPLAY"):
        libraries.update(X11_LIBRARIES)
    missing = venv_packages()
    missing += [package for package, library in libraries.items() if not loads(library)]
    if for_tests:
        missing += [package for package, program in TEST_PROGRAMS.items() if not shutil.which(program)]
        missing += [package for package, file in TEST_FILES.items() if not is_there(file)]
    return missing


def is_debian_like() -> bool:
    try:
        text = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return False
    fields = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    names = (fields.get("ID", "") + " " + fields.get("ID_LIKE", "")).replace('"', "").split()
    return bool({"debian", "ubuntu"} & set(names)) and bool(shutil.which("apt-get"))


def require_system_packages(for_tests: bool) -> None:
    missing = missing_packages(for_tests)
    if not missing:
        return
    if not is_debian_like():
        known = {**QT_LIBRARIES, **X11_LIBRARIES, **TEST_PROGRAMS, **TEST_FILES}
        wanted = ", ".join(known.get(package, package) for package in missing)
        raise StopError(f"Missing on this system: {wanted}. Please install what provides them.", PACKAGES_MISSING)
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        raise StopError(
            f"Some system packages are missing. Paste this, then start again:\n\n    sudo {' '.join(install)}",
            PACKAGES_MISSING,
        )
    say(f"Installing system packages: {' '.join(missing)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run_quietly(["apt-get", "update"], "apt-get update failed", environment)
    run_quietly(install, "apt-get install failed", environment)
    still_missing = missing_packages(for_tests)
    if still_missing:
        raise StopError(f"Still missing after installing: {', '.join(still_missing)}.", PACKAGES_MISSING)


# The virtual environment


def run_quietly(command: list[str], complaint: str, environment: dict[str, str] | None = None) -> None:
    """Run a command that speaks only when it fails."""
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
    )
    if done.returncode != 0:
        say(done.stdout.decode(errors="replace").rstrip())
        sentence = f"{complaint} (exit code {done.returncode}); its own words stand above."
        raise StopError(sentence, INSTALLATION_FAILED)


def venv_python() -> Path:
    return VENV / "Scripts" / "python.exe" if ON_WINDOWS else VENV / "bin" / "python"


def site_packages() -> Path:
    if ON_WINDOWS:
        return VENV / "Lib" / "site-packages"
    return VENV / "lib" / f"python3.{sys.version_info[1]}" / "site-packages"


def fingerprint(locks: list[Path]) -> str:
    """Changes with the locks, the Python and the place of the checkout."""
    digest = hashlib.sha256(repr((sys.version, sys.base_prefix, str(ROOT))).encode())
    for lock in locks:
        digest.update(lock.read_bytes())
    return digest.hexdigest()


def stamped(stamp: Path, expected: str) -> bool:
    try:
        return stamp.read_text(encoding="ascii") == expected and venv_python().exists()
    except OSError:
        return False


def make_venv() -> None:
    """Make `.venv` anew unless a working one of this very Python is there."""
    question = "import pip, sys; raise SystemExit(sys.version != sys.argv[1])"
    if venv_python().exists():
        answer = subprocess.run(
            [str(venv_python()), "-c", question, sys.version],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if answer.returncode == 0:
            return
    base = getattr(sys, "_base_executable", None) or sys.executable
    run_quietly([base, "-m", "venv", "--clear", str(VENV)], "Making .venv failed")


def install(lock: Path) -> None:
    pip = [str(venv_python()), "-m", "pip", "install", "--quiet", "--no-input", "--require-hashes"]
    run_quietly([*pip, "--requirement", str(lock)], "pip could not install the locked requirements")
    (site_packages() / "otoco_desktop_source.pth").write_text(f"{ROOT}\n", encoding="locale")


def prepare(for_tests: bool) -> None:
    """See to it that `.venv` holds what is asked for; quick when it does already."""
    run_stamp, test_stamp = VENV / ".otoco-run", VENV / ".otoco-test"
    run_print, test_print = fingerprint([RUN_LOCK]), fingerprint([RUN_LOCK, TEST_LOCK])
    if stamped(test_stamp, test_print) or (not for_tests and stamped(run_stamp, run_print)):
        return
    say("Preparing .venv; the first time this takes a minute or two.")
    make_venv()
    run_stamp.unlink(missing_ok=True)
    test_stamp.unlink(missing_ok=True)
    install(TEST_LOCK if for_tests else RUN_LOCK)
    run_stamp.write_text(run_print, encoding="ascii")
    if for_tests:
        test_stamp.write_text(test_print, encoding="ascii")


# The commands


def in_venv(*arguments: str) -> int:
    """Run a module of `.venv` in the checkout; returns its exit code."""
    sys.stdout.flush()
    return subprocess.run([str(venv_python()), "-m", *arguments], check=False, cwd=ROOT).returncode


def become(arguments: list[str], environment: dict[str, str]) -> int:
    """Let the program take this process's place, so that signals and exit codes are its own."""
    command = [str(venv_python()), *arguments]
    if not ON_WINDOWS:
        os.execve(command[0], command, environment)  # noqa: S606 - no shell is wanted
    return subprocess.run(command, check=False, env=environment).returncode


def run(arguments: list[str]) -> int:
    require_system_packages(for_tests=False)
    prepare(for_tests=False)
    environment = dict(os.environ)
    if not has_display() and "QT_QPA_PLATFORM" not in environment:
        environment["QT_QPA_PLATFORM"] = "offscreen"
        if not {"--rehearsal", "--help", "-h", "--version"} & set(arguments):
            say("No display here: playing the rehearsal off screen.")
            arguments = ["--rehearsal", *arguments]
    return become(["-m", "otoco_desktop", *arguments], environment)


def test(arguments: list[str]) -> int:
    """Everything, or just pytest where arguments for it are given."""
    require_system_packages(for_tests=True)
    prepare(for_tests=True)
    if arguments:
        return in_venv("pytest", *arguments)
    failed = [name for name, code in lint_results() if code != 0]
    if failed:
        say(f"Failed: {', '.join(failed)} (see above). The tests run all the same.")
    workers = ("--numprocesses=2", "--dist=loadfile")
    covered = in_venv("pytest", *workers, "--cov", "--cov-report=term-missing:skip-covered", *COVERING)
    rest = in_venv("pytest", *workers, *(f"--ignore={place}" for place in COVERING))
    return covered or rest or int(bool(failed))


def lint_results() -> list[tuple[str, int]]:
    return [
        ("ruff", in_venv("ruff", "check", "--quiet", ".")),
        ("mypy", in_venv("mypy", "--no-error-summary")),
    ]


def bench(arguments: list[str]) -> int:
    require_system_packages(for_tests=True)
    prepare(for_tests=True)
    return in_venv("tests.benchmarks", *arguments)


def check(arguments: list[str]) -> int:
    """The lints and the tests of the house; with --long also long tests, and properties with many more examples."""
    if arguments not in ([], ["--long"]):
        raise StopError("check takes one option: --long", WRONG_USE)
    require_system_packages(for_tests=True)
    prepare(for_tests=True)
    results = [*lint_results(), ("house", in_venv("pytest", "-q", "tests/house"))]
    if arguments:
        results.append(("long", in_venv("pytest", "-m", "long or hypothesis", "--hypothesis-profile=long")))
    failed = [name for name, code in results if code != 0]
    say(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return int(bool(failed))


def mutate(arguments: list[str]) -> int:
    """Change the program a little, thousands of times, and count which changes the tests notice; takes hours whole."""
    require_system_packages(for_tests=True)
    prepare(for_tests=True)
    layered = ["--no-project", "--python", str(venv_python()), "--with", MUTATIONS]
    return in_venv("uv", "run", "--quiet", *layered, "python", "-m", "tests.mutation", *arguments)


def bundle(arguments: list[str]) -> int:
    """Make `dist/otoco-desktop`, a folder that runs without Python, and let its program show that it does."""
    if arguments:
        raise StopError("bundle takes no options", WRONG_USE)
    require_system_packages(for_tests=True)
    prepare(for_tests=True)
    places = ("--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build"))
    spec = str(ROOT / "packaging" / "otoco-desktop.spec")
    code = in_venv("PyInstaller", "--noconfirm", "--log-level=ERROR", *places, spec)
    return code or show_that_it_runs(ROOT / "dist" / "otoco-desktop" / "otoco-desktop")


def show_that_it_runs(program: Path) -> int:
    """The rehearsal by the bundled program, with a home of its own; then what it finds on this computer."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home, "LC_ALL": "C.UTF-8"}
        if not has_display():
            environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        rehearsal = subprocess.run([str(program), "--rehearsal"], check=False, env=environment)
    if rehearsal.returncode == 0:
        say(f"The bundle passes its rehearsal: {program.parent}")
        subprocess.run([str(program), "--checkup"], check=False)
    return rehearsal.returncode


def lock(arguments: list[str]) -> int:
    """Write both locks anew from pyproject.toml; `lock --upgrade` moves to the newest versions allowed."""
    prepare(for_tests=True)
    compile_ = ["uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-emit-index-url"]
    compile_ += ["--no-header", "--python-version", "3.11", *arguments, "pyproject.toml"]
    shown = TEST_LOCK.relative_to(ROOT).as_posix()
    # The tests narrow more than the program does, so theirs comes first and the program's follows it.
    return in_venv(*compile_, "--extra", "test", "--output-file", shown) or in_venv(
        *compile_, "--constraint", shown, "--output-file", RUN_LOCK.name
    )


COMMANDS = {"run": run, "test": test, "bench": bench, "check": check, "mutate": mutate, "bundle": bundle, "lock": lock}


def main(arguments: list[str]) -> int:
    try:
        require_suitable_python()
        if not arguments or arguments[0] not in COMMANDS:
            raise StopError(f"Usage: python3 packaging/dev.py {'|'.join(COMMANDS)} [arguments]", WRONG_USE)
        return COMMANDS[arguments[0]](arguments[1:])
    except StopError as stop:
        say(str(stop))
        return stop.code
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
