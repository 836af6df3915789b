"""Terms of the proof scripts, computed by the Coq kernel and compared with values from outside."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from hashlib import sha256

import pytest

from precise.claims.proof_scripts import call, compiled, scripts_of
from proofs._kernel import FOLDER

needs_coq = pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is not installed: the kernel is not asked")
Claim = tuple[str, str]
"""A term and the value that it must compute to."""


def written(value: object) -> str:
    """Return nested lists of integers and truth values in Coq's notation."""
    if isinstance(value, list | tuple):
        return "[" + "; ".join(map(written, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f"({int(value)})"  # type: ignore[call-overload]


def computed(module: str, setting: str, claims: Iterable[Claim]) -> bool:
    """Return whether each term computes to its value, in a file that requires the module."""
    goals = "".join(f"Goal {term} = {value}. Proof. vm_compute. reflexivity. Qed.\n" for term, value in claims)
    assert goals, "no claims"
    text = f"From Precise Require Import {module}.\n{setting}{goals}"
    folder = compiled(scripts_of(FOLDER, module))
    name = f"values_{sha256(text.encode()).hexdigest()[:16]}.v"
    (folder / name).write_text(text, encoding="utf-8")
    done = call(folder, name)
    assert not done.returncode or "Unable to unify" in done.stderr, done.stderr
    return not done.returncode
