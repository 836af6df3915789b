"""Consoles and files of the command line: a file is written whole or not at all."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import Console

from precise.errors import DomainError

WIDEST = 100


def console() -> Console:
    """Return a console for results: at most 100 columns wide, 100 where the output is no terminal."""
    width = min(WIDEST, Console().width) if sys.stdout.isatty() else WIDEST
    return Console(width=width, highlight=False)


class Progress:
    """Lines on the standard error stream that replace each other; nothing where it is no terminal."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()

    def __call__(self, text: str) -> None:
        """Show a line in place of the last one."""
        if self._live:
            sys.stderr.write(f"\r\033[K{text[: WIDEST - 1]}")
            sys.stderr.flush()

    def done(self) -> None:
        """Remove the line."""
        if self._live:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def check_outputs(outputs: Mapping[str, Path | None], inputs: Mapping[str, Path | None] | None = None) -> None:
    """Raise `DomainError` where a file cannot be written or two options name one file, before any work is done."""
    seen = {path.resolve(): option for option, path in (inputs or {}).items() if path is not None}
    for option, path in outputs.items():
        if path is None:
            continue
        other = seen.setdefault(path.resolve(), option)
        if other != option:
            raise DomainError(f"output: {other} and {option} must name different files; got {str(path)!r} for both")
        check_output(path)


def check_output(path: Path) -> None:
    """Raise `DomainError` where a file cannot be written; a file is made beside it and removed, to see."""
    if path.is_dir():
        raise DomainError(f"output: path must be a file; got the directory {str(path)!r}")
    folder = path.parent
    if not folder.is_dir():
        raise DomainError(f"output: folder must exist; got {str(folder)!r}")
    if path.exists() and not path.is_file():
        raise DomainError(f"output: path must be a plain file; got {str(path)!r}")
    if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise DomainError(f"output: path must be writable; got {str(path)!r}")
    try:
        beside(path).unlink()
    except OSError as error:
        raise DomainError(f"output: path must be writable; got {str(path)!r} ({error.strerror})") from None


def beside(path: Path) -> Path:
    """Make an empty file of a new name in the folder of `path`, and return its path."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    os.close(handle)
    return Path(name)


def write_through(path: Path, write: Callable[[Path], object]) -> None:
    """Call `write` on a new file beside `path`, then rename it, so that a failure leaves `path` as it was."""
    check_output(path)
    temporary = beside(path)
    try:
        write(temporary)
        temporary.chmod(_mode(path))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _mode(path: Path) -> int:
    """Return the permissions of a file: those it has, or those of a new one."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def write_text(path: Path | None, text: Callable[[], str]) -> None:
    """Write a text where a path is given."""
    if path is not None:
        write_through(path, lambda temporary: temporary.write_text(text(), encoding="utf-8"))


def write_json(path: Path | None, value: Callable[[], object]) -> None:
    """Write a value as JSON where a path is given."""
    write_text(path, lambda: json.dumps(value(), ensure_ascii=False, indent=1) + "\n")
