"""The house: a room imports only from rooms below it, and files stay small."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "precise"

# From the ground up. A room is a module or a folder of `precise`.
ROOMS = [
    "errors",
    "dyadic",
    "stochastic",
    "balls",
    "formats",
    "modes",
    "rounding",
    "accumulation",
    "accumulation_text",
    "policy",
    "bounds",
    "engines",
    "circuits",
    "semantics",
    "nn",
    "claims",
    "studies",
    "report",
    "commands",
    "cli",
]
# Two rooms know even less: bodies reach a namespace through their arguments, and the ledger reaches operations through
# the proofs that it runs.
ONLY = {"nn": {"errors", "nn"}, "claims": {"errors", "claims"}}
FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names = [f"{node.module}.{a.name}" if node.module == "precise" else str(node.module) for a in node.names]
        elif isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        rooms |= {name.split(".")[1] for name in names if name.startswith("precise.")}
    return rooms


def test_every_module_has_a_room() -> None:
    found = {room_of(p) for p in FILES} - {"__init__", "ownership"}
    assert found <= set(ROOMS), f"rooms without a floor: {sorted(found - set(ROOMS))}"
    assert len(FILES) > 40


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    room = room_of(path)
    if room in ("__init__", "ownership"):
        return
    allowed = ONLY.get(room) or set(ROOMS[: ROOMS.index(room) + 1])
    wrong = {r for r in imported_rooms(path) if r in ROOMS and r not in allowed}
    assert not wrong, f"{room} imports from {sorted(wrong)}, which lies above it"


def test_the_floor_test_sees_a_wrong_import(tmp_path: Path) -> None:
    upward = tmp_path / "m.py"
    upward.write_text("from precise.semantics import rounded\nimport precise.cli\nfrom precise import nn\n")
    assert imported_rooms(upward) == {"semantics", "cli", "nn"}


@pytest.mark.parametrize("folder", ["precise", "proofs", "scripts"])
def test_nothing_above_imports_the_package_from_inside_it(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        text = path.read_text()
        if folder == "precise":
            assert "import proofs" not in text, f"{path} imports the proofs"
            assert "import tests" not in text, f"{path} imports the tests"


@pytest.mark.parametrize("path", [*FILES, *sorted((ROOT / "proofs").rglob("*.py"))], ids=lambda p: p.name)
def test_files_are_small(path: Path) -> None:
    lines = len(path.read_text().splitlines())
    limit = 500 if path.name == "catalogue.py" else 330  # the catalogue is a list, one entry after the other
    assert lines <= limit, f"{path} has {lines} lines"


def test_one_site_drops_bits() -> None:
    """In the reference engine and below, only the rounding site divides with remainder."""
    engine = ("reference", "functions", "exact_sum", "carrier", "comparing")
    paths = [PACKAGE / "engines" / f"{name}.py" for name in engine]
    for path in [*paths, *(PACKAGE / "formats").rglob("*.py"), PACKAGE / "dyadic.py", PACKAGE / "policy.py"]:
        for node in ast.walk(ast.parse(path.read_text())):
            assert not (isinstance(node, ast.Name) and node.id == "divmod"), f"{path}: divmod outside rounding.py"
    assert "divmod" in (PACKAGE / "rounding.py").read_text()


def test_no_binary_float_below_the_boundary() -> None:
    """Exact modules use no float literal and no float function of `math`."""
    for name in ("dyadic", "balls", "rounding", "policy", "formats", "bounds"):
        paths = [PACKAGE / f"{name}.py"] if (PACKAGE / f"{name}.py").exists() else list((PACKAGE / name).rglob("*.py"))
        for path in paths:
            for node in ast.walk(ast.parse(path.read_text())):
                is_float = isinstance(node, ast.Constant) and isinstance(node.value, float)
                assert not is_float or node.value == 0.0, f"{path}: float literal {ast.dump(node)}"
                is_log = isinstance(node, ast.Attribute) and node.attr in ("log2", "log", "pow", "exp", "frexp")
                assert not (is_log and isinstance(node.value, ast.Name) and node.value.id == "math"), f"{path}: math.*"
