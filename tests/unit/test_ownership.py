"""The import name is shared with a foreign distribution: its presence is told, its absence is silent."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from precise.ownership import OURS, warn_of_foreign_owner


def install(folder: Path, name: str, files: str) -> None:
    """Put the metadata of a distribution into a folder."""
    info = folder / f"{name}-1.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.1.0\n")
    (info / "RECORD").write_text(files)


def test_a_foreign_owner_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "precise", "precise/__init__.py,,\nprecise/skaters.py,,\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.warns(UserWarning, match=f"'precise' 1.1.0 also installs the directory precise/.*{OURS}"):
        warn_of_foreign_owner()


def test_a_namesake_elsewhere_is_let_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "precise", "other/__init__.py,,\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_foreign_owner()


def test_here_there_is_none() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_foreign_owner()
