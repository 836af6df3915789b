"""Proof scripts of Coq: read from a folder, scanned for commands that would open a gap, compiled once in a process."""

from __future__ import annotations

import atexit
import hashlib
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock

from precise.errors import DomainError, MissingToolError, UndecidedError

COMPILER = "coqc"
LIBRARY = "Precise"
"""The logical name under which the scripts of a folder find one another."""
COMPILING = RLock()
"""One compiler at a time in a process, whatever the number of threads: it takes up to 1 GB."""
SECONDS = 180
"""Time after which a call of the compiler is given up."""
FORBIDDEN = re.compile(
    r"\b(Admitted|admit|give_up|Axioms?|Parameters?|Conjectures?|Primitive|Notation|Infix|Coercion|Canonical|Unset|Load"
    r"|Declare|bypass_check|Hint)\b|\""
)
"""Commands that add an axiom, skip a check, or change what a statement says; and quotes, which hide comments."""
MODULE = re.compile(r"[a-z][a-z0-9_]*")
REQUIRED = re.compile(rf"From {LIBRARY} Require (?:Import|Export) ([a-z0-9_ ]+)\.")
COMMENT = re.compile(r"\(\*.*?\*\)", re.DOTALL)
ABSENT = ("Cannot find a physical path", "Cannot find library", "Unable to locate library")


@dataclass(frozen=True, slots=True)
class Script:
    """A proof script as it lies in a folder: name without suffix, text, fingerprint."""

    name: str
    text: str
    sha256: str

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{self.name}.v"


@dataclass(frozen=True, slots=True)
class Shop:
    """A temporary folder and the fingerprints of the scripts compiled in it, by name."""

    folder: Path
    done: dict[str, str]

    def may_hold(self, scripts: tuple[Script, ...]) -> bool:
        """Return whether no other script of one of these names is there."""
        return all(self.done.get(s.name, s.sha256) == s.sha256 for s in scripts)


SHOPS: list[Shop] = []
"""The folders of this process; more than one where two ledgers have scripts of one name."""


def scripts_of(folder: Path, module: str) -> tuple[Script, ...]:
    """Return the script and those it requires from the same folder, each after those that it requires."""
    found: dict[str, Script] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if not MODULE.fullmatch(name) or name in above or name.startswith("ledger"):
            raise DomainError(f"kernel: a script must have a small-letter name and not require itself; got {name!r}")
        path = folder / f"{name}.v"
        if not path.is_file():
            raise DomainError(f"kernel: the proof script must exist; got {path.name}")
        data = path.read_bytes()
        text = data.decode("utf-8")
        bare = COMMENT.sub(" ", text)
        if forbidden := FORBIDDEN.search(bare):
            raise DomainError(f"kernel: {path.name} must not contain {forbidden[0]}")
        for required in REQUIRED.findall(bare):
            for other in required.split():
                if other not in found:
                    visit(other, (*above, name))
        found[name] = Script(name, text, hashlib.sha256(data).hexdigest())

    visit(module, ())
    return tuple(found.values())


def compiled(scripts: tuple[Script, ...]) -> Path:
    """Return a temporary folder in which the scripts are compiled, each once in a process."""
    with COMPILING:
        shop = next((s for s in SHOPS if s.may_hold(scripts)), None) or new_shop()
        for script in scripts:
            if script.name not in shop.done:
                compile_script(shop.folder, script)
                shop.done[script.name] = script.sha256
        return shop.folder


def new_shop() -> Shop:
    """Return one more empty folder, removed at exit."""
    keep = TemporaryDirectory(prefix="precise-kernel-")
    atexit.register(keep.cleanup)
    SHOPS.append(Shop(Path(keep.name), {}))
    return SHOPS[-1]


def compile_script(folder: Path, script: Script) -> None:
    """Compile a script whose requirements are compiled in the folder."""
    (folder / script.file).write_text(script.text, encoding="utf-8")
    done = call(folder, script.file)
    if done.returncode:
        absent = any(words in done.stderr for words in ABSENT)
        what = "must find the libraries of" if absent else "must compile"
        error = MissingToolError if absent else UndecidedError
        raise error(f"kernel: {COMPILER} {what} {script.file}; got {one_line(done.stderr)}")


def call(folder: Path, file: str) -> subprocess.CompletedProcess[str]:
    """Run the compiler on one file of the folder."""
    arguments = [compiler(), "-q", "-w", "none", "-Q", ".", LIBRARY, file]
    return run(arguments, folder)


def run(arguments: Sequence[str], folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, or raise `TimeoutError`."""
    try:
        return subprocess.run(
            arguments,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"kernel: {' '.join(arguments)} must end within {SECONDS} s") from None


def compiler() -> str:
    """Return the path of the compiler."""
    if path := shutil.which(COMPILER):
        return path
    raise MissingToolError(f"kernel: {COMPILER} must be installed; Debian: coq libcoq-flocq libcoq-coquelicot")


@cache
def version_of_compiler(path: str) -> str:
    """Return the version that the compiler prints."""
    found = re.search(r"version (\S+)", run([path, "--version"]).stdout)
    return found[1] if found else "unknown"


def one_line(text: str) -> str:
    """Return the text on one line, at most 300 characters of it."""
    return " ".join(text.split())[:300]
