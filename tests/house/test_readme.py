"""The README tells the truth: its example runs, its commands exist, its links lead somewhere."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import precise

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
MODULES = sorted(m.name for m in pkgutil.walk_packages(precise.__path__, "precise."))


def test_the_example_prints_what_it_says() -> None:
    results = doctest.testfile(str(ROOT / "README.md"), module_relative=False, optionflags=doctest.FAIL_FAST)
    assert results.attempted >= 10
    assert results.failed == 0


def test_two_commands_set_everything_up() -> None:
    commands = [line for line in README.splitlines() if line.startswith("$ python3 -m venv")]
    assert len(commands) == 2
    assert "precise verify" in commands[0]
    assert "precise compare" in commands[0]
    assert commands[1].endswith("pytest -q")


def test_no_number_is_missing() -> None:
    assert not re.search(r"[A-Z]+_(TIME|MEMORY)", README)


def test_users_are_not_sent_to_the_foreign_distribution() -> None:
    assert "pip install precise" not in README
    assert "precise-pbit" in README


def test_links_lead_to_files() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links
    for link in links:
        assert (ROOT / link).exists(), link


@pytest.mark.parametrize("name", MODULES)
def test_every_module_imports_and_its_examples_run(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, f"{name} says nothing of itself"
    results = doctest.testmod(module, extraglobs=_globals())
    assert results.failed == 0


def _globals() -> dict[str, object]:
    """Names that examples use without importing them: those of the package itself."""
    return {name: getattr(precise, name) for name in precise.__all__}
