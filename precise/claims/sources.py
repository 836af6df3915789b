"""The fingerprint of all that the outcome of a check may depend on: files of the ledger and the package, tools."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from precise.claims.discovery import PACKAGE, Ledger
from precise.claims.versions import tool_versions

IGNORED = frozenset({".pyc", ".lock", ".vo", ".vok", ".vos", ".glob", ".aux"})
"""Endings of files that no check reads: compiled forms of other files, and the lock."""
PROGRAMS = ("coqc", "coqchk", "gappa", "sollya", "cadical", "yices-smt2", "bitwuzla", "cvc5", "gp")
"""Programs that checks may call."""


def files_digest(ledger: Ledger) -> str:
    """Return the fingerprint of the files of the ledger, of the package and of the installed ledger."""
    folders = [Path(__file__).parents[1], ledger.folder]
    spec = find_spec(PACKAGE)
    if spec and spec.origin and not ledger.installed:
        folders.append(Path(spec.origin).parent)
    total = hashlib.sha256()
    for number, folder in enumerate(folders):
        for path in files_in(folder):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{number}:{path.relative_to(folder).as_posix()}:{content}\n".encode())
    return total.hexdigest()


def files_in(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder that checks may read, sorted; hidden ones and compiled ones are left out."""
    for path in sorted(folder.rglob("*")):
        names = path.relative_to(folder).parts
        if any(name.startswith(".") for name in names) or path.suffix in IGNORED:
            continue
        if path.is_file():
            yield path


def sources_digest(ledger: Ledger) -> str:
    """Return the fingerprint of the files together with the versions of tools and the programs on the path."""
    stated = [files_digest(ledger), tool_versions(), {name: program(name) for name in PROGRAMS}]
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()


def program(name: str) -> list[str]:
    """Return where a program lies with its size and time, which change when it is replaced; nothing without it."""
    found = shutil.which(name)
    if found is None:
        return []
    status = Path(found).stat()
    return [found, str(status.st_size), str(status.st_mtime_ns)]
