"""Find the files of a ledger, in the installed package `proofs` or in a folder of the user, and read them."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from precise.claims.checking import one_line
from precise.claims.statement import Entry, Statement
from precise.claims.suspect import Suspect
from precise.errors import DomainError

PACKAGE = "proofs"
INSTALLED = f"installed package {PACKAGE}"
"""What a run says of its source where that is the installed ledger."""
MARKER = "precise-pbit ledger"
"""What `proofs/__init__.py` says in `LEDGER`, to tell it from a foreign package of that name."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The statements of a folder with the catalogue of labels; `broken` files are (label, what is wrong)."""

    source: str
    folder: Path
    statements: dict[str, Statement]
    files: dict[str, str]
    catalogue: dict[str, Entry]
    broken: tuple[tuple[str, str], ...]
    installed: bool
    sections: Mapping[str, str] = field(default_factory=dict)
    suspects: tuple[Suspect, ...] = ()

    @property
    def lock_path(self) -> Path:
        """Where the lock of this ledger lies."""
        return self.folder / "ledger.lock"


def read_ledger(source: str | Path | None = None) -> Ledger:
    """Return the ledger of the installed package (None) or of a folder; files that fail to load are broken.

    Raises `DomainError` where there is no such ledger.
    """
    folder = package_folder() if source is None else Path(source)
    if not folder.is_dir():
        raise DomainError(f"verify: the ledger must be a folder of Python files; got {str(source)!r}")
    installed = source is None
    statements: dict[str, Statement] = {}
    files: dict[str, str] = {}
    catalogue: dict[str, Entry] = {}
    sections: dict[str, str] = {}
    suspects: tuple[Suspect, ...] = ()
    broken: list[tuple[str, str]] = []
    paths = sorted(p for p in folder.glob("*.py") if not p.name.startswith("_"))
    for path in sorted(paths, key=lambda p: p.stem != "catalogue"):
        if path.stem == "recheck":
            continue
        try:
            module = load(path, installed)
            if path.stem == "catalogue":
                catalogue = {entry.label: entry for entry in module.CATALOGUE}
                sections = sections_of(catalogue, dict(getattr(module, "SECTIONS", {})))
                suspects = tuple(getattr(module, "SUSPECTS", ()))
                continue
            for statement in statements_of(module, path):
                if statement.label in statements:
                    raise DomainError(f"{statement.label} is also in {files[statement.label]}")
                statements[statement.label] = statement
                files[statement.label] = path.name
        except (Exception, SystemExit) as error:
            named = {file_stem(label): label for label in catalogue}
            broken.append((named.get(path.stem, path.stem), f"{path.name}: {type(error).__name__}: {one_line(error)}"))
    name = INSTALLED if installed else folder.name
    return Ledger(name, folder, statements, files, catalogue, tuple(broken), installed, sections, suspects)


def sections_of(labels: Iterable[str], first: Mapping[str, str]) -> dict[str, str]:
    """Return the section of each label, from the first label of each section."""
    section = ""
    found = {}
    for label in labels:
        section = first.get(label, section)
        found[label] = section
    return found


def package_folder() -> Path:
    """Return the folder of the installed package `proofs`, checked to be ours."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise DomainError("verify: the package proofs must be installed beside precise; got none")
    if getattr(importlib.import_module(PACKAGE), "LEDGER", None) != MARKER:
        raise DomainError(f"verify: the package proofs must be the ledger of precise; got {spec.origin}")
    return Path(spec.origin).parent


def load(path: Path, installed: bool) -> ModuleType:
    """Return the module of one file of the ledger."""
    if installed:
        return importlib.import_module(f"{PACKAGE}.{path.stem}")
    spec = importlib.util.spec_from_file_location(f"ledger_file_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise DomainError(f"{path.name} must be a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def statements_of(module: ModuleType, path: Path) -> Iterator[Statement]:
    """Yield the statements of one module, all of the label that the file is named after."""
    declared = [getattr(module, name) for name in ("STATEMENT", "STATEMENTS") if hasattr(module, name)]
    if len(declared) != 1:
        raise DomainError("a file of the ledger must define STATEMENT or STATEMENTS, one of them")
    found = (declared[0],) if isinstance(declared[0], Statement) else tuple(declared[0])
    if not found or not all(isinstance(s, Statement) for s in found):
        raise DomainError("STATEMENTS must be statements, at least one")
    for statement in found:
        if file_stem(statement.base) != path.stem:
            raise DomainError(f"{statement.label} must be in {file_stem(statement.base)}.py")
        yield statement


def file_stem(label: str) -> str:
    """Return the name of the file that a label belongs in: ``lem:iterated-sum`` in ``lem_iterated_sum``."""
    return label.replace(":", "_").replace("-", "_")
